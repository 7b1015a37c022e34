import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { setAsideIndex } from '../../../src/adapters/postgres/set-aside.ts'
import type { FoundIndex, FoundTable } from '../../../src/migration/catalog.ts'
import { startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let server: TestServer
let client: pg.Client
let other: pg.Client
beforeAll(async () => {
  server = await startServer()
  const url = await server.createDatabase('shop')
  client = new pg.Client({ connectionString: url })
  other = new pg.Client({ connectionString: url })
  await client.connect()
  await other.connect()
})
afterAll(async () => {
  await client.end()
  await other.end()
  await server.stop()
})

/** An invalid index, as it was found. */
let found: { index: FoundIndex; table: FoundTable }
beforeEach(async () => {
  const relname = uniqueName('t')
  await client.query(`create table ${relname} (x int); insert into ${relname} values (1), (1)`)
  await client.query(`create unique index concurrently ${relname}_i on ${relname} (x)`).catch(() => {})
  const { rows } = await client.query(`select '${relname}'::regclass::oid::text as t, '${relname}_i'::regclass::oid::text as i`)
  found = {
    table: { oid: rows[0].t, relname, name: `public.${relname}`, schema: 'public', kind: 'table' },
    index: { oid: rows[0].i, relname: `${relname}_i`, name: `public.${relname}_i`, valid: false, bound: false },
  }
})

const setAside = () => setAsideIndex(client, found.index, found.table, 200)
const nameNow = async () => (await client.query('select relname from pg_class where oid = $1', [found.index.oid])).rows[0]?.relname

describe('an invalid index', () => {
  test('that is as it was found gets a name that holds its own number', async () => {
    expect(await setAside()).toEqual({ state: 'done', name: `"public"."shiplock_invalid_${found.index.oid}"` })
    expect(await nameNow()).toBe(`shiplock_invalid_${found.index.oid}`)
  })

  const changes: [what: string, change: (index: FoundIndex, table: FoundTable) => string][] = [
    ['was made whole meanwhile', ({ name }, table) => `delete from ${table.name}; reindex index ${name}`],
    [
      'was replaced by another of its name',
      ({ name, relname }, table) => `drop index ${name}; create index ${relname} on ${table.name} (x)`,
    ],
    ['was renamed', ({ name }) => `alter index ${name} rename to ${uniqueName('else')}`],
    ['was dropped', ({ name }) => `drop index ${name}`],
    [
      'was attached to the index of a partitioned table',
      ({ name }, table) =>
        `create table ${table.relname}_p (x int) partition by list (x); alter table ${table.relname}_p attach partition ${table.name} default;
         create unique index ${table.relname}_pi on only ${table.relname}_p (x); alter index ${table.relname}_pi attach partition ${name}`,
    ],
  ]
  test.each(changes)('that %s keeps its name', async (_, change) => {
    await other.query(change(found.index, found.table))
    const before = await nameNow()
    expect(await setAside()).toEqual({ state: 'changed' })
    expect(await nameNow()).toBe(before)
  })

  test('whose table is locked by somebody who builds an index keeps its name', async () => {
    await other.query(`begin; lock table ${found.table.name} in share update exclusive mode`)
    expect(await setAside()).toEqual({ state: 'busy' })
    await other.query('rollback')
    expect(await nameNow()).toBe(found.index.relname)
  })

  test('of a materialized view, which nobody can lock by hand, keeps its name while somebody works on it', async () => {
    const view = uniqueName('v')
    await client.query(`create materialized view ${view} as select x from ${found.table.name}`)
    await client.query(`create unique index concurrently ${view}_i on ${view} (x)`).catch(() => {})
    const { rows } = await client.query(`select '${view}'::regclass::oid::text as t, '${view}_i'::regclass::oid::text as i`)
    found = {
      table: { oid: rows[0].t, relname: view, name: `public.${view}`, schema: 'public', kind: 'other' },
      index: { oid: rows[0].i, relname: `${view}_i`, name: `public.${view}_i`, valid: false, bound: false },
    }
    await other.query(`begin; create statistics ${view}_s on x, (x + 1) from ${view}`)
    expect(await setAside()).toEqual({ state: 'changed' })
    await other.query('rollback')
    expect(await setAside()).toMatchObject({ state: 'done' })
  })

  test('that belongs to another role is refused with the reason', async () => {
    await client.query(`create role ${found.table.relname}; set role ${found.table.relname}`)
    expect(await setAside()).toMatchObject({ state: 'refused', reason: expect.stringMatching(/permission denied|must be owner/) })
    await client.query('reset role')
    expect(await nameNow()).toBe(found.index.relname)
  })

  test('leaves no transaction open behind the attempt', async () => {
    await other.query(`drop index ${found.index.name}`)
    await setAside()
    expect((await client.query("select current_setting('search_path') as path, now() = statement_timestamp() as fresh")).rows).toEqual([
      { path: '"$user", public', fresh: true },
    ])
  })
})
