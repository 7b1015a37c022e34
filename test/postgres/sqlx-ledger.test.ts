import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqlx } from '../../src/migration/layouts/sqlx.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
let database: string
beforeAll(async () => {
  server = await startServer()
  database = uniqueName('ledger')
  await server.createDatabase(database)
})
afterAll(() => server.stop())

const table = { schema: 'public', table: '_sqlx_migrations' }
const scope = { project: 'shop' }
const { ledger } = sqlx
const migration = (version: string, id: string) => ({ version, id, checksum: 'c0ffee' }) as Migration
const run = <Row>(sql: string) => server.query<Row>(sql, database)

/** Names that stand before the server's own, as a careless or hostile role may have them. */
const hostile = `create schema evil;
  create domain evil.text as varchar(1); create domain evil.bytea as varchar(1); create domain evil.timestamptz as varchar;
  create function evil.now() returns timestamptz language sql as $$ select 'epoch'::timestamptz $$;
  create function evil.decode(text, text) returns pg_catalog.bytea language sql as $$ select ''::pg_catalog.bytea $$;
  create function evil.nothing(bigint, bigint) returns bool language sql as $$ select false $$;
  create operator evil.= (leftarg = bigint, rightarg = bigint, function = evil.nothing);`
const underHostileNames = 'set search_path = evil, pg_catalog;'

test('writes, reads and takes out rows as sqlx does, under hostile names too, and its head tells what stands there', async () => {
  await run(`${hostile} ${underHostileNames} ${ledger.create(table)}; ${ledger.create(table)}`)
  const head = async () =>
    Object.values((await run<Record<string, string>>(`${underHostileNames} ${ledger.head(table, scope)}`))[0] ?? {})[0]
  const empty = await head()
  await run(`${underHostileNames} ${ledger.record(table, migration('7', "0007_it's__here"), scope)}`)
  const one = await head()
  await run(`${underHostileNames} ${ledger.record(table, migration('9223372036854775807', '9223372036854775807_last'), scope)}`)
  expect(
    await run(
      `select version, description, success, encode(checksum, 'hex') as checksum, execution_time, installed_on > now() - interval '1 h' as recent from ${table.table} order by 1`,
    ),
  ).toEqual([
    { version: '7', description: "it's  here", success: true, checksum: 'c0ffee', execution_time: '-1', recent: true },
    { version: '9223372036854775807', description: 'last', success: true, checksum: 'c0ffee', execution_time: '-1', recent: true },
  ])
  expect(await run(`${underHostileNames} ${ledger.select(table, scope)} order by 1`)).toMatchObject([
    { version: '7', phase: null, checksum: 'c0ffee', applied_at: expect.any(Date), dirty: false },
    { version: '9223372036854775807' },
  ])
  await run(`${underHostileNames} ${ledger.erase(table, migration('9223372036854775807', ''), scope)}`)
  expect(await head()).toBe(one)
  expect(one).not.toBe(empty)
})
