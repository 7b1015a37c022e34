import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleSchema } from '../../src/lint/example-schema.ts'
import type { Example } from '../../src/lint/rule.ts'
import banConcurrentIndexCreationInTransaction from '../../src/lint/rules/ban-concurrent-index-creation-in-transaction.ts'
import banDuplicateColumnAssignments from '../../src/lint/rules/ban-duplicate-column-assignments.ts'
import banEnumValueInSameTransaction from '../../src/lint/rules/ban-enum-value-in-same-transaction.ts'
import requireBatchedBackfill from '../../src/lint/rules/require-batched-backfill.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { lintExample } from '../lint/lint-example.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
let count = 0
beforeAll(async () => {
  server = await startServer()
  await server.createDatabase('shop')
  await server.query(exampleSchema, 'shop')
  await server.query("insert into users (email, age) select 'u' || n || '@example.org', n from generate_series(1, 50) n", 'shop')
})
afterAll(async () => {
  await server?.stop()
})

/** Runs an example in a database of its own, as a release would; the error's words when it is refused. */
async function refusal(example: Example, then?: string): Promise<string | undefined> {
  const { given = '', files } = typeof example === 'string' ? { files: [{ sql: example, transaction: undefined }] } : example
  const database = `example_${++count}`
  await server.query(`create database ${database} template shop`)
  const client = new pg.Client(server.url(database))
  await client.connect()
  try {
    if (given !== '') await client.query(given)
    for (const { sql, transaction } of files) {
      const parsed = await parseStatements(sql)
      if ('problem' in parsed) throw new Error(parsed.problem.message)
      const statements = parsed.statements.map(({ start, end }) => sql.slice(start, end))
      for (const one of transaction === false ? statements : ['begin', ...statements, 'commit']) await client.query(one)
    }
    if (then !== undefined) expect((await client.query(then)).rows).toEqual([{ left: 0 }])
    return undefined
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.message
    throw error
  } finally {
    await client.end()
  }
}

describe.each([banConcurrentIndexCreationInTransaction, banDuplicateColumnAssignments, banEnumValueInSameTransaction])(
  'what $name says the server refuses',
  (rule) => {
    test.each(rule.examples.bad)('it refuses: %j', async (example) => {
      expect(await refusal(example)).toMatch(
        /cannot (?:run inside|be executed from)|unsafe use of new value|multiple assignments|more than once/,
      )
    })

    test.each(rule.examples.good)('it accepts: %j', async (example) => {
      if (typeof example !== 'string' && (example.postgres ?? 0) > server.major) return
      expect(await refusal(example)).toBeUndefined()
    })
  },
)

test('the batches that are proposed write every row', async () => {
  const sql = 'update users set nickname = email where nickname is null'
  const [found] = await lintExample(sql, [requireBatchedBackfill])
  const batches = { files: [{ sql: found?.instead[0]?.sql ?? '', transaction: false as const }] }
  expect(await refusal(batches, 'select count(*)::int as left from users where nickname is null')).toBeUndefined()
})
