import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { describeMismatch, type Mismatch } from '../../src/drill/compare.ts'
import { exitCodeOf } from '../../src/result.ts'
import { runDrill } from '../drill/run-drill.ts'
import { type MadeBackup, makeBackup, storeHolding } from '../drill/stored-backup.ts'
import { dumpDatabase } from './dump.ts'
import { binDir, startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
let root: string
let sound: string
let backup: MadeBackup
let owner: string
let guest: string
beforeAll(async () => {
  server = await startServer()
  ;[owner, guest, sound] = [uniqueName('owner'), uniqueName('guest'), uniqueName('sound')]
  await server.query(
    `create role ${owner}; create role ${guest}; grant ${owner} to ${guest} with admin option; grant pg_monitor to ${guest}`,
  )
  await server.createDatabase(sound)
  await server.query(
    `create extension hstore; create schema app; create type app.mood as enum ('sad', 'ok');
     create table app.orders (id serial primary key, note text default 'new', mood app.mood default 'ok', total numeric check (total >= 0));
     insert into app.orders (note, total) select 'needle number ' || i, i from generate_series(1, 200) i;
     create index orders_note on app.orders (note); create function app.noted() returns trigger language plpgsql as 'begin return new; end';
     create trigger noted before update on app.orders for each row execute function app.noted();
     alter table app.orders enable row level security; create policy own on app.orders to ${guest} using (total > 1);
     alter table app.orders owner to ${owner}; grant select on app.orders to ${guest}; grant update (note) on app.orders to ${guest};
     alter default privileges for role ${owner} in schema app grant select on tables to ${guest};
     create view app.short as select id, left(note, 3) as start from app.orders; create materialized view app.totals as select sum(total) from app.orders;
     create sequence app.tickets; select setval('app.tickets', 70); comment on table app.orders is 'all of them'; create publication news for table app.orders;
     select lo_from_bytea(7001, 'one'), lo_from_bytea(7002, 'two'); grant select on large object 7002 to ${guest}; create table "Kept ""empty""" ("Ä b" int)`,
    sound,
  )
  backup = await makeBackup(server, sound)
})
afterAll(() => server.stop())
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'differences-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function drill(changed: Partial<MadeBackup>, amcheck: 'never' | 'auto' = 'never') {
  const { outcome, checks } = await runDrill({ root, store: await storeHolding({ ...backup, ...changed }), inputs: { amcheck } })
  const { verdict, outputs, reason, details } = outcome
  const mismatches = ((details?.mismatches ?? []) as readonly Mismatch[]).map(describeMismatch)
  return { verdict, exitCode: exitCodeOf(verdict), level: outputs?.level, reason, checks, mismatches, failed: idsOf(checks, 'fail') }
}

function idsOf(checks: Readonly<Record<string, string>>, status: string): string[] {
  return Object.keys(checks).filter((id) => checks[id] === status)
}

/** What a dump holds when this has happened before it, while the manifest is of the database as it was. */
async function archiveAfter(sql: string): Promise<Buffer> {
  const damaged = uniqueName('damaged')
  await server.query(`create database ${damaged} template ${sound}`)
  await server.query(sql, damaged)
  await using dump = await dumpDatabase(server, damaged)
  return await readFile(dump.path)
}

test('nothing differs where nothing happened', async () => {
  expect(await drill({ archive: await archiveAfter('select') })).toMatchObject({ verdict: 'pass', level: 'equal', mismatches: [] })
})

describe('a copy is not what was dumped, and the drill fails and says so', () => {
  test.each<[what: string, sql: string, check: string, ...differences: (string | RegExp)[]]>([
    [
      'a row is missing',
      'delete from app.orders where id = 7',
      'row-counts',
      'app.orders: expected 200 rows, found 199 rows',
      /^content of app\.orders: expected row-text-1 -?\d+, found row-text-1 -?\d+$/,
    ],
    [
      'a grant was lost',
      'revoke select on app.orders from <guest>',
      'grants',
      'grants of table app.orders: expected <guest>: SELECT by <owner>, found nothing',
    ],
    [
      'a grant on a column was lost',
      'revoke update (note) on app.orders from <guest>',
      'grants',
      'grants of column app.orders.note: expected <guest>: UPDATE by <owner>, found nothing',
    ],
    [
      'a default privilege was lost',
      'alter default privileges for role <owner> in schema app revoke select on tables from <guest>',
      'grants',
      'default privileges <owner> in app on tables: expected there, not found',
    ],
    [
      'a grant on a large object was lost',
      'revoke select on large object 7002 from <guest>',
      'grants',
      'large objects of postgres (<guest>: SELECT by postgres; postgres: SELECT, UPDATE by postgres): expected there, not found',
      'count of large objects of postgres (postgres: SELECT, UPDATE by postgres): expected 1, found 2',
    ],
    [
      'the owner of a large object is another one',
      'alter large object 7001 owner to <owner>',
      'grants',
      'large objects of <owner> (<owner>: SELECT, UPDATE by <owner>): found there, the manifest does not know it',
    ],
    [
      'the owner is another one',
      'alter table app.orders owner to <guest>',
      'owners',
      'owner of table app.orders: expected <owner>, found <guest>',
    ],
    ['an index is missing', 'drop index app.orders_note', 'schema', 'index app.orders_note: expected there, not found'],
    [
      'a constraint was not validated',
      'alter table app.orders drop constraint orders_total_check, add check (total >= 0) not valid',
      'schema',
      'notValid of constraint app.orders.orders_total_check: expected false, found true',
    ],
    [
      'a constraint is missing',
      'alter table app.orders drop constraint orders_total_check',
      'schema',
      'constraint app.orders.orders_total_check: expected there, not found',
    ],
    [
      'a trigger is disabled',
      'alter table app.orders disable trigger noted',
      'schema',
      'enabled of trigger app.orders.noted: expected yes, found no',
    ],
    ['a policy is missing', 'drop policy own on app.orders', 'schema', 'policy app.orders.own: expected there, not found'],
    [
      'row security is off',
      'alter table app.orders disable row level security',
      'schema',
      'rowSecurity of table app.orders: expected true, found false',
    ],
    [
      'a materialized view is empty',
      'refresh materialized view app.totals with no data',
      'schema',
      'populated of materialized view app.totals: expected true, found false',
    ],
    [
      'a default is another one',
      `alter table app.orders alter note set default 'old'`,
      'schema',
      `default of column app.orders.note: expected 'new'::text, found 'old'::text`,
    ],
    [
      'a column has another type',
      'alter table "Kept ""empty""" alter "Ä b" type bigint',
      'schema',
      'type of column public."Kept ""empty"""."Ä b": expected integer, found bigint',
    ],
    ['a table is missing', 'drop table "Kept ""empty"""', 'row-counts', 'public."Kept ""empty""": expected 0 rows, not found'],
    [
      'a table is there that was not dumped',
      'create table app.later (id int)',
      'row-counts',
      'app.later: found 0 rows, the manifest does not know it',
    ],
    [
      'an enum has another label',
      `alter type app.mood add value 'happy'`,
      'schema',
      'labels of enum app.mood: expected nothing, found happy',
    ],
    ['a comment was lost', 'comment on table app.orders is null', 'schema', 'comment table app.orders: expected there, not found'],
    ['what nobody restores is not even in the dump', 'drop publication news', 'schema', 'publication news: expected there, not found'],
    [
      'a sequence fell back behind its column',
      `select setval('app.orders_id_seq', 150)`,
      'sequences',
      'sequence app.orders_id_seq: expected at least 200, found 150',
    ],
    [
      'a sequence without a column fell back',
      `select setval('app.tickets', 69)`,
      'sequences',
      'sequence app.tickets: expected at least 70, found 69',
    ],
    [
      'a large object was lost',
      'select lo_unlink(7002)',
      'large-objects',
      'number of large objects: expected 2, found 1',
      'bytes of large objects: expected 6, found 3',
    ],
    [
      'a large object has other bytes',
      `select lo_put(7002, 0, 'TWO')`,
      'large-objects',
      /^content of large objects: expected -?\d+, found -?\d+$/,
    ],
  ])('%s', async (_, sql, check, ...differences) => {
    const named = (text: string) => text.replaceAll('<owner>', owner).replaceAll('<guest>', guest)
    const found = await drill({ archive: await archiveAfter(named(sql)) })
    expect(found).toMatchObject({ verdict: 'fail', exitCode: 1, level: 'restored' })
    expect(found.failed).toContain(check)
    for (const difference of differences) {
      const wanted = typeof difference === 'string' ? named(difference) : expect.stringMatching(new RegExp(named(difference.source)))
      expect(found.mismatches).toContainEqual(wanted)
    }
  })

  test('an extension is of another version', async () => {
    const catalog = backup.catalog.map((object) =>
      object.kind === 'extension' && object.name === 'hstore' ? { ...object, facts: { ...object.facts, version: '0.9' } } : object,
    )
    const found = await drill({ catalog })
    expect(found).toMatchObject({ verdict: 'fail', exitCode: 1, level: 'restored', failed: ['extensions'] })
    expect(found.mismatches).toEqual([expect.stringMatching(/^version of extension hstore: expected 0\.9, found 1\.\d+$/)])
  })

  test.each([
    ['a copy gets', (sql: string) => sql.replace(/^GRANT owner_.*\n/m, ''), 'owner', 'there, with admin'],
    ['may be passed on', (sql: string) => sql.replace(/^(GRANT owner_.*) WITH ADMIN OPTION/m, '$1'), 'owner', 'there, with admin', 'there'],
    ['only a text tells', (sql: string) => sql.replace(/^GRANT pg_monitor .*\n/m, ''), 'pg_monitor', 'there'],
  ])('a membership that %s was lost from the roles beside the dump', async (_, lose, role, expected, left = undefined) => {
    const roles = lose(backup.roles ?? '')
    expect(roles).not.toBe(backup.roles)
    const found = await drill({ roles })
    expect(found).toMatchObject({ verdict: 'fail', exitCode: 1, level: 'restored', failed: ['memberships'] })
    const object = `membership of ${guest} in ${role === 'owner' ? owner : role}`
    expect(found.mismatches).toEqual([`${object}: expected ${expected}, ${left === undefined ? 'not found' : `found ${left}`}`])
  })

  test('whose large objects are is not told by an older backup, which is called equal all the same', async () => {
    const catalog = backup.catalog.filter(({ kind }) => kind !== 'large objects')
    expect(await drill({ catalog })).toMatchObject({ verdict: 'pass', level: 'equal', mismatches: [] })
  })

  test('memberships are not told by an older backup, which is called equal all the same', async () => {
    expect(await drill({ memberships: undefined })).toMatchObject({
      ...{ verdict: 'pass', level: 'equal', mismatches: [] },
      checks: { memberships: 'not-checked', grants: 'pass' },
    })
  })

  test('the roles of the source are not all there', async () => {
    const catalog = backup.catalog.map((object) =>
      object.name === 'app.short' ? { ...object, facts: { ...object.facts, owner: 'somebody' } } : object,
    )
    expect(await drill({ catalog })).toMatchObject({
      ...{ verdict: 'fail', failed: ['owners'] },
      mismatches: ['owner of view app.short: expected somebody, found postgres'],
    })
  })
})

describe('one changed character in a dump that is not compressed, whose hash was computed again', () => {
  let altered: Buffer
  beforeAll(async () => {
    await using dump = await dumpDatabase(server, sound, ['-Z0'])
    const bytes = await readFile(dump.path)
    const at = bytes.indexOf('needle number 77')
    expect(at).toBeGreaterThan(0)
    altered = Buffer.from(bytes)
    altered.write('N', at)
  })

  test('is found by the fingerprint, and by nothing weaker', async () => {
    const found = await drill({ archive: altered }, 'auto')
    expect(found).toMatchObject({ verdict: 'fail', exitCode: 1, level: 'restored', failed: ['fingerprints'] })
    expect(found.reason).toContain('rows differ (content of app.orders: expected row-text-1 ')
    expect(found.checks).toMatchObject({ restored: 'pass', 'row-counts': 'pass', schema: 'pass', sequences: 'pass', amcheck: 'pass' })
    expect(found.mismatches).toEqual([expect.stringMatching(/^content of app\.orders: expected row-text-1 -?\d+, found row-text-1 -?\d+$/)])
  })

  test('is not found by decoding all of it', async () => {
    const tools = await findTools({ major: server.major, set: 'client', binDir, install: false, env: process.env, say: () => {} })
    const decoded = await runChild(join(tools.binDir, 'pg_restore'), ['--file=/dev/null'], {
      env: toolEnvironment(process.env),
      input: Readable.from([altered]),
    })
    expect(decoded).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('is not found where rows were only counted, and then the copy is not called equal', async () => {
    const counted = await makeBackup(server, sound, { fingerprint: 'counts' })
    const found = await drill({ ...counted, archive: altered }, 'auto')
    expect(found).toMatchObject({
      verdict: 'pass',
      level: 'restored',
      failed: [],
      checks: { fingerprints: 'not-checked', amcheck: 'pass' },
    })
    expect(JSON.stringify(found)).not.toMatch(/\bequal\b/i)
  })
})
