import { tmpdir } from 'node:os'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readSchema } from '../../src/adapters/postgres/read-schema.ts'
import { parseConnection } from '../../src/connection.ts'
import { exampleSchema } from '../../src/lint/example-schema.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { copySchema } from '../../src/sql/schema/copy.ts'
import { describeSchema, differences } from '../../src/sql/schema/describe.ts'
import { applyStatement } from '../../src/sql/schema/replay.ts'
import { emptySchema, type Schema } from '../../src/sql/schema/schema.ts'
import { catalogFacts } from './schema-catalog.ts'
import { modelFacts } from './schema-facts.ts'
import { sequences } from './schema-sequences.ts'
import { anyStatement, beginning, statementFrom } from './schema-statements.ts'
import { binDir, startServer, type TestServer } from './server.ts'

let server: TestServer
let client: pg.Client
beforeAll(async () => {
  server = await startServer({ settings: { wal_level: 'logical', jit: 'off', autovacuum: 'off' } })
  await server.createDatabase('model')
  client = new pg.Client(server.url('model'))
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

beforeEach(emptyDatabase)

async function emptyDatabase() {
  const { rows } = await client.query<{ name: string }>('select pubname as name from pg_publication')
  for (const { name } of rows) await client.query(`drop publication ${pg.escapeIdentifier(name)}`)
  await client.query('discard all')
  await client.query('drop schema if exists app cascade')
  await client.query('drop schema if exists other cascade')
  await client.query('drop schema public cascade')
  await client.query('drop schema if exists moved cascade')
  await client.query('create schema public')
}

async function statementsOf(sql: string) {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(`${parsed.problem.message} at ${sql.slice(parsed.problem.offset)}`)
  return parsed.statements.map((statement) => ({ statement, text: sql.slice(statement.start, statement.end) }))
}

/** What one holds and the other does not, as lines to read. */
function apart(model: ReadonlyMap<string, string>, catalog: ReadonlyMap<string, string>): string[] {
  const objects = new Set([...model.keys(), ...catalog.keys()])
  return [...objects]
    .filter((object) => model.get(object) !== catalog.get(object))
    .map((object) => `${object}: model ${model.get(object) ?? 'has none'}; server ${catalog.get(object) ?? 'has none'}`)
}

/** Sends statements to the server, and those that it accepts to the model. */
async function replayBoth(sql: string, schema: Schema, rejected: string[]) {
  for (const [index, { statement, text }] of (await statementsOf(sql)).entries()) {
    try {
      await client.query(text)
    } catch (error) {
      rejected.push(`${text}: ${(error as Error).message}`)
      continue
    }
    applyStatement(schema, statement, { file: 0, statement: index })
    const found = apart(modelFacts(schema), await catalogFacts(client))
    if (found.length > 0) return { after: text, found }
  }
  return { after: 'everything', found: [] }
}

describe('the model is what the server has after each statement', () => {
  test.each(Object.entries(sequences))('%s', async (_, sql) => {
    const rejected: string[] = []
    const { after, found } = await replayBoth(sql, emptySchema(), rejected)
    expect({ after, found }).toEqual({ after: 'everything', found: [] })
    expect(rejected).toEqual([])
  })
})

/** The same each time, so that a failure is always about a change; more, and others, when somebody asks for a number. */
const chosenRuns = process.env.SHIPLOCK_TEST_RUNS ? { numRuns: Number(process.env.SHIPLOCK_TEST_RUNS) } : { numRuns: 30, seed: 7 }

test('the model is what the server has after any statements that it accepts', { timeout: 200_000 }, async () => {
  const runs = fc.array(anyStatement, { minLength: 40, maxLength: 60, size: 'max' })
  await fc.assert(
    fc
      .asyncProperty(runs, async (patterns) => {
        const schema = emptySchema()
        await replayBoth(beginning, schema, [])
        const before = copySchema(schema)
        const described = describeSchema(before)
        const sent: string[] = []
        for (const pattern of patterns) {
          const sql = statementFrom(pattern, schema)
          const rejected: string[] = []
          const { found } = await replayBoth(sql, schema, rejected)
          if (rejected.length === 0) sent.push(sql)
          expect({ sent: found.length === 0 ? [] : sent, found }).toEqual({ sent: [], found: [] })
        }
        expect(differences(describeSchema(before), described)).toEqual([])
      })
      .beforeEach(emptyDatabase),
    { ...chosenRuns, endOnFailure: true },
  )
})

describe('the schema of a live database is that of the statements that made it', () => {
  const all = { 'the schema of the examples': exampleSchema, ...sequences }
  test.each(Object.entries(all))('%s', async (_, sql) => {
    const schema = emptySchema()
    await replayBoth(sql, schema, [])
    const live = describeSchema(await readLive(), { withoutTexts: true })
    expect(differences(live, describeSchema(schema, { withoutTexts: true }))).toEqual([])
  })

  test('indexes that no query may use and constraints that were never checked', async () => {
    await client.query(
      'create table t (a int); insert into t values (1), (1); alter table t add constraint positive check (a > 3) not valid',
    )
    await expect(client.query('create unique index concurrently t_a on t (a)')).rejects.toMatchObject({ code: '23505' })
    const found = describeSchema(await readLive())
    expect(found.get('index public.t_a')).toBe('unique on public.t using btree (a) invalid')
    expect(found.get('constraint public.t.positive')).toBe('check (a > 3) not valid')
  })

  test('a session of it starts with the path and the time zone of the role', async () => {
    await client.query(
      `create schema app; alter database model set search_path = app, "$user", public; alter database model set timezone = 'Asia/Tokyo'`,
    )
    const { searchPath, timeZone } = await readLive()
    await client.query('alter database model reset all')
    expect({ searchPath, timeZone }).toEqual({ searchPath: ['app', 'postgres', 'public'], timeZone: 'Asia/Tokyo' })
  })

  test('a role that may not read a table learns what it lacks', async () => {
    await client.query(`create table secret (a int); drop role if exists reader; create role reader login password 'x'`)
    await expect(readLive('reader')).rejects.toMatchObject({
      code: 'schema-not-read',
      message: expect.stringContaining('permission denied'),
    })
  })
})

function readLive(role?: string) {
  return readSchema({
    database: { connection: { ...parseConnection(server.url()), database: 'model' }, tls: { mode: 'off', ca: undefined }, role },
    applicationName: 'shiplock/test',
    binDir,
    install: false,
    roots: [tmpdir()],
    env: process.env,
    say: () => {},
    signal: new AbortController().signal,
  })
}
