import { rm } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { advisoryKey } from '../../src/adapters/postgres/session.ts'
import { shiplock } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const repositories: Repository[] = []
afterEach(async () => {
  for (const one of repositories.splice(0)) {
    await rm(`${one.dir}-store`, { recursive: true, force: true })
    await one[Symbol.asyncDispose]()
  }
})

const users = {
  'db/migrations/0001_users.sql': "create table users (id bigint primary key, email text);\ninsert into users values (1, 'a'), (2, 'b');",
}
const phone = {
  'db/migrations/0002_phone.sql': 'alter table users add column phone text;',
  'db/migrations/0002_phone.down.sql': 'alter table users drop column phone;',
}
const because = ['--reason', 'error rate']
const downTo = ['rollback', '--to', 'v1', '--shape', 'down-one', '--migration', '0002_phone', ...because]
const everything =
  "select * from (select 1 as n, string_agg(h::text, '' order by id) from shiplock.history h union all select 2, string_agg(l::text, '' order by version) from shiplock.ledger l union all select 3, string_agg(attname, ',' order by attname) from pg_attribute where attrelid = 'users'::regclass and attnum > 0 and not attisdropped union all select 4, string_agg(u::text, ',' order by id) from users u) s"

/** v2 with these files is live after v1. */
async function released(files: Readonly<Record<string, string>> = phone, options: readonly string[] = []) {
  const repository = await makeRepository(users)
  repositories.push(repository)
  const database = uniqueName('shop')
  const env = { DATABASE_URL: await server.createDatabase(database) }
  const common = ['--project', 'shop', '--store', `file://${repository.dir}-store`, ...options]
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, ...common], { cwd: repository.dir, env })
    return {
      ...ended,
      command: ended.result.commands[0] as Record<string, unknown> & { reason: string },
      error: ended.result.commands[0]?.error,
    }
  }
  const must = async (...args: string[]) => {
    const ended = await run(...args)
    if (ended.exitCode !== 0) throw new Error(`${args.join(' ')}: ${ended.stderr}`)
    return ended
  }
  const release = async (tag: string) => {
    await repository.git('tag', tag)
    await must('migrate', '--phase', 'pre', '--release', tag)
    await must('record', 'deployed', '--release', tag)
  }
  await release('v1')
  await repository.commit(files)
  await release('v2')
  const query = <Row = Record<string, unknown>>(sql: string) => server.query<Row>(sql, database)
  const phrase = (losing: string, migration = '0002_phone') => `take back ${migration} on ${database}, losing ${losing}`
  return { ...repository, env, database, run, must, release, query, phrase, everything: () => query(everything) }
}

describe('taking one migration back', () => {
  test('shows what would be lost and the phrase to type, and takes nothing back before it is typed', async () => {
    const { run, query, phrase, everything } = await released()
    await query("update users set phone = '1' where id = 1")
    const before = await everything()
    const asked = await run(...downTo)
    expect([asked.error?.code, asked.exitCode]).toEqual(['confirmation-required', 1])
    expect(asked.command).toMatchObject({
      phrase: phrase('1'),
      total: '1',
      losses: [{ what: 'the values of users.phone', count: '1', unit: 'values' }],
      changes: [{ object: 'column public.users.phone', change: 'goes' }],
      after: { shape: 'code-only' },
      statements: [expect.stringContaining('alter table users drop column phone')],
    })
    expect(asked.error?.hint).toContain(phrase('1'))
    const dry = await run(...downTo, '--dry-run')
    expect([dry.exitCode, dry.command.phrase]).toEqual([0, phrase('1')])
    expect(await everything()).toEqual(before)
  })

  test('takes it back with its version row, saves what is lost, and the newer release may run it again', async () => {
    const { run, query, phrase, must } = await released()
    await query("update users set phone = '1' where id = 1")
    const done = await must(...downTo, '--confirm', phrase('1'))
    expect(done.command).toMatchObject({ verdict: 'pass', state: 'reverted', recorded: true, rescue: { kind: 'copy', rows: 2 } })
    expect(done.command.reason).toContain('The code of v2 expects what is taken back')
    expect(await query('select version from shiplock.ledger')).toEqual([{ version: '1' }])
    expect(await query("select 1 from information_schema.columns where column_name = 'phone'")).toEqual([])
    const rows = await query("select event, state, detail from shiplock.history where event in ('reversal', 'rollback') order by id")
    const fact = {
      from: 'v2',
      to: 'v1',
      shape: 'down-one',
      reason: 'error rate',
      takenBack: {
        migration: '0002_phone',
        lost: [{ what: 'the values of users.phone', count: '1', unit: 'values' }],
        savedIn: { kind: 'copy' },
      },
    }
    expect(rows).toMatchObject([
      { event: 'reversal', state: 'reverted', detail: fact },
      { event: 'rollback', state: null, detail: fact },
    ])
    expect((await run('migrate', '--phase', 'pre', '--release', 'v2')).command).toMatchObject({
      verdict: 'pass',
      applied: [{ id: '0002_phone' }],
    })
    expect(await query('select phone from users')).toEqual([{ phone: null }, { phone: null }])
  })
})
