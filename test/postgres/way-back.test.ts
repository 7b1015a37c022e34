import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { typeChange } from '../../src/lint/down/type-change.ts'
import requireReplicaIdentity from '../../src/lint/rules/require-replica-identity.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { applyStatement } from '../../src/sql/schema/replay.ts'
import { emptySchema, findTable } from '../../src/sql/schema/schema.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let client: pg.Client
beforeAll(async () => {
  server = await startServer()
  await server.createDatabase('shop')
  client = new pg.Client(server.url('shop'))
  await client.connect()
  await client.query("set time zone 'UTC'")
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

async function columnTypeOf(type: string) {
  const parsed = await parseStatements(`create table t (value ${type})`)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  const schema = emptySchema()
  for (const one of parsed.statements) applyStatement(schema, one, { file: 0, statement: 0 })
  const column = findTable(schema, { schema: undefined, name: 't' })?.columns.get('value')
  if (column === undefined) throw new Error(type)
  return column.type
}

/** What becomes of one value when its column gets another type. */
async function convert(from: string, to: string, value: string): Promise<'kept' | 'changed' | 'failed'> {
  await client.query('begin')
  try {
    await client.query(`create table t (value ${from}); insert into t values ('${value}')`)
    const { rows: before } = await client.query('select value::text as text from t')
    await client.query(`alter table t alter column value type ${to}`)
    const { rows: after } = await client.query(`select value::${from}::text as text from t`)
    return before[0].text === after[0].text ? 'kept' : 'changed'
  } catch {
    return 'failed'
  } finally {
    await client.query('rollback')
  }
}

const long = 'x'.repeat(40)

describe('what a change of type does to values is what the server does', () => {
  test.each<[string, string, readonly string[]]>([
    ['int', 'bigint', ['-2147483648', '2147483647']],
    ['bigint', 'int', ['1', '9223372036854775807']],
    ['bigint', 'numeric', ['-9223372036854775808']],
    ['bigint', 'numeric(6,2)', ['12', '1234567']],
    ['int', 'text', ['-2147483648', '7']],
    ['varchar(10)', 'varchar(50)', ['', 'x'.repeat(10)]],
    ['varchar(50)', 'varchar(10)', ['short', long]],
    ['text', 'varchar(10)', ['short', long]],
    ['varchar(10)', 'text', ['', 'x'.repeat(10)]],
    ['numeric(10,2)', 'numeric(12,2)', ['99999999.99']],
    ['numeric(10,2)', 'numeric(12,4)', ['99999999.99']],
    ['numeric(10,2)', 'numeric(10,4)', ['1.25', '99999999.99']],
    ['numeric(10,2)', 'numeric(10,1)', ['1.25']],
    ['numeric(10,2)', 'numeric', ['99999999.99']],
    ['real', 'double precision', ['0.5', '16777216']],
    ['date', 'timestamp', ['2025-02-03']],
    ['date', 'timestamptz', ['2025-02-03']],
    ['timestamp', 'timestamptz', ['2025-02-03 04:05:06.123456']],
    ['timestamptz', 'timestamp', ['2025-02-03 04:05:06.123456+00']],
    ['timestamp(3)', 'timestamp', ['2025-02-03 04:05:06.123']],
    ['timestamp', 'timestamp(0)', ['2025-02-03 04:05:06.123456']],
    ['timestamptz', 'date', ['2025-02-03 04:05:06+00']],
    ['uuid', 'text', ['6b3c1f5e-0000-4000-8000-000000000000']],
    ['bool', 'text', ['true']],
    ['text', 'char(5)', ['ab', long]],
  ])('%s to %s', async (from, to, values) => {
    const claimed = typeChange(await columnTypeOf(from), await columnTypeOf(to), 'none')
    const seen = new Set<string>()
    for (const value of values) seen.add(await convert(from, to, value))
    if (claimed === 'keeps') expect([...seen]).toEqual(['kept'])
    else if (claimed === 'fits-or-fails') expect([...seen].sort()).toEqual(['failed', 'kept'])
    else expect(seen.has('changed') || seen.has('failed')).toBe(true)
  })
})

test('a cast that is written cuts a text off, where ALTER alone refuses it', async () => {
  expect(typeChange(await columnTypeOf('text'), await columnTypeOf('varchar(10)'), 'cast')).toBe('changes')
  await client.query(`create table cut (value text); insert into cut values ('${long}')`)
  await client.query('alter table cut alter column value type varchar(10) using value::varchar(10)')
  expect((await client.query('select length(value) as length from cut')).rows).toEqual([{ length: 10 }])
})

describe('the server refuses UPDATE on what require-replica-identity flags, and on nothing that it allows', () => {
  const { bad, good } = requireReplicaIdentity.examples
  const cases = [...bad.map((example) => ['flagged', example] as const), ...good.map((example) => ['allowed', example] as const)]

  test.each(cases.map(([verdict, example]) => [verdict, JSON.stringify(example), example] as const))(
    '%s: %s',
    async (verdict, _, example) => {
      const { given = '', files } = typeof example === 'string' ? { files: [{ sql: example }] } : example
      await client.query('begin')
      try {
        await client.query('create table users (id bigint primary key)')
        await client.query([given, ...files.map(({ sql }) => sql)].filter(Boolean).join('; '))
        const { rows } = await client.query("select attname from pg_attribute where attrelid = 'visits'::regclass and attnum = 1")
        const update = client.query(`update visits set ${rows[0].attname} = ${rows[0].attname}`)
        if (verdict === 'flagged') await expect(update).rejects.toMatchObject({ code: '55000' })
        else await update
      } finally {
        await client.query('rollback')
      }
    },
  )
})
