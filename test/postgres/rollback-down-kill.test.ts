import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiplock, startCli } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'
import { type Fault, startProxy, type TestProxy } from './proxy.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
let proxy: TestProxy
let repository: Repository
const database = uniqueName('shop')
let env: Record<string, string>

beforeAll(async () => {
  server = await startServer()
  proxy = await startProxy(server.port)
  env = { DATABASE_URL: proxy.url(await server.createDatabase(database)) }
  repository = await makeRepository({
    'db/migrations/0001_users.sql': 'create table users (id bigint primary key);\ninsert into users values (1), (2);',
  })
  await release('v1')
  await repository.commit({
    'db/migrations/0002_phone.sql': "alter table users add column phone text;\nupdate users set phone = '1';",
    'db/migrations/0002_phone.down.sql': 'alter table users drop column phone;',
  })
  await release('v2')
  await query('create table kept as select * from shiplock.ledger; create table last as select max(id) as id from shiplock.history')
})
afterAll(async () => {
  await rm(`${repository.dir}-store`, { recursive: true, force: true })
  await repository[Symbol.asyncDispose]()
  await proxy[Symbol.asyncDispose]()
  await server.stop()
})

const query = <Row = Record<string, unknown>>(sql: string) => server.query<Row>(sql, database)
const common = () => ['--project', 'shop', '--store', `file://${repository.dir}-store`]

async function release(tag: string): Promise<void> {
  await repository.git('tag', tag)
  for (const args of [
    ['migrate', '--phase', 'pre'],
    ['record', 'deployed'],
  ]) {
    const { exitCode, stderr } = await shiplock([...args, ...common(), '--release', tag], { cwd: repository.dir, env })
    if (exitCode !== 0) throw new Error(stderr)
  }
}

const down = () => [
  ...['rollback', '--to', 'v1', '--shape', 'down-one', '--migration', '0002_phone', '--reason', 'x', '--stall-budget', '30s'],
  ...['--confirm', `take back 0002_phone on ${database}, losing 2`],
  ...common(),
]

/** The column, its version row, and how the attempts ended that the history knows. */
async function stateNow() {
  const [row] = await query<{ column: boolean; row: boolean; attempts: string[] | null }>(`
    select exists (select from pg_attribute where attrelid = 'users'::regclass and attname = 'phone' and not attisdropped) as column,
      exists (select from shiplock.ledger where version = '2') as row,
      (select array_agg(state order by id) from shiplock.history where event = 'reversal') as attempts`)
  return { ...row, attempts: row?.attempts ?? [] }
}

const old = { column: true, row: true }
const fresh = { column: false, row: false }

/** As it was before the first of the rounds. */
async function putBack(): Promise<void> {
  await query(`
    alter table users add column if not exists phone text;
    update users set phone = '1';
    insert into shiplock.ledger select * from kept on conflict do nothing;
    delete from shiplock.history where id > (select id from last)`)
}

async function backendsGone(): Promise<void> {
  const ours = `select 1 from pg_stat_activity where datname = '${database}' and application_name like 'shiplock/%'`
  while ((await server.query(ours)).length > 0) await sleep(50)
}

async function killAt(fault: Omit<Fault, 'what'>): Promise<void> {
  const armed = proxy.arm({ ...fault, what: 'hold' })
  const running = startCli(down(), { cwd: repository.dir, env })
  await Promise.race([armed.happened, running.ended])
  expect(armed.seen()).toBe(fault.occurrence ?? 1)
  running.child.kill('SIGKILL')
  await running.ended
  await backendsGone()
}

/** In the middle of the statement, which waits for an event trigger of ours. */
async function killInStatement(): Promise<void> {
  await query(`
    create function gate() returns event_trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(42); end $$;
    create event trigger gate on sql_drop execute function gate()`)
  const keeper = new pg.Client({ connectionString: server.url(database) })
  await keeper.connect()
  await keeper.query('select pg_advisory_lock(42)')
  const running = startCli(down(), { cwd: repository.dir, env })
  const isInGate = "select 1 from pg_locks where locktype = 'advisory' and objid = 42 and not granted"
  let isOver = false
  void running.ended.then(() => {
    isOver = true
  })
  while (!isOver && (await keeper.query(isInGate)).rowCount === 0) await sleep(20)
  expect(isOver).toBe(false)
  running.child.kill('SIGKILL')
  await running.ended
  await backendsGone()
  await keeper.end()
  await query('drop event trigger gate; drop function gate()')
}

describe('down-one that is killed leaves the old state or the new one, and the next call says which', () => {
  test.each<[string, () => Promise<void>, object, readonly string[], 'reverted' | 'reverted-before', readonly string[]]>([
    ['before it has the lock', () => killAt({ on: /pg_try_advisory_lock/, at: 'request' }), old, [], 'reverted', ['reverted']],
    [
      'when the copy is saved, before anything is written',
      () => killAt({ on: /'reversal', one/, at: 'request' }),
      old,
      [],
      'reverted',
      ['reverted'],
    ],
    [
      'before its message is sent',
      () => killAt({ on: /begin;[\s\S]*drop column phone/, at: 'request' }),
      old,
      ['running'],
      'reverted',
      ['not-reverted', 'reverted'],
    ],
    ['in the middle of its statement', killInStatement, old, ['running'], 'reverted', ['not-reverted', 'reverted']],
    [
      'right after the commit, before it could be noted',
      () => killAt({ on: /begin;[\s\S]*drop column phone/, at: 'commit' }),
      fresh,
      ['running'],
      'reverted-before',
      ['reverted'],
    ],
  ])('%s', async (_, kill, left, attempts, said, ended) => {
    await putBack()
    await kill()
    expect(await stateNow()).toEqual({ ...left, attempts })
    const { exitCode, result } = await shiplock(down(), { cwd: repository.dir, env })
    expect([result.commands[0]?.error, exitCode, result.commands[0]?.state]).toEqual([undefined, 0, said])
    expect(await stateNow()).toEqual({ ...fresh, attempts: ended })
  })
})
