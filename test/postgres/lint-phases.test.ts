import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/lint/finding.ts'
import type { Example, ExampleFile, ExampleRelease, Rule } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { lintExample } from '../lint/lint-example.ts'
import { exampleDatabase, grants, OldCode } from './old-code.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ settings: { wal_level: 'logical' } })
  await server.query('create role old_code')
  await server.createDatabase('example')
  await server.query(`${exampleDatabase};\n${grants}`, 'example')
})
afterAll(() => server?.stop())

/** Rules whose bad examples break old code that is running. */
const breaking = [
  'ban-change-default',
  'ban-detach-partition',
  'ban-drop-column',
  'ban-drop-function',
  'ban-drop-schema',
  'ban-drop-sequence',
  'ban-drop-table',
  'ban-drop-type',
  'ban-drop-unique',
  'ban-drop-view',
  'ban-rename-enum-value',
  'ban-rename-object',
  'ban-rename-view',
  'ban-set-schema',
  'ban-truncate',
  'renaming-column',
  'renaming-table',
  'require-compatible-column-type',
  'require-default-on-required-column',
  'require-policy-with-row-security',
  'require-post-for-constraints',
]

/** Bad examples that leave every query of the test's program as it was, and why they are bad all the same. */
const semantic: Readonly<Record<string, string>> = {
  'drop procedure if exists billing.settle(int)': 'no migration has made it: what calls it is not known',
  'drop index orders_open_key; create unique index on orders (user_id, product_id)': 'the old code of these tests orders nothing twice',
  'drop schema billing': 'the server drops only an empty schema: code that creates in it fails',
  'drop view active_users; create view active_users as select id, email from users': 'queries fail between the two statements',
  'alter table users rename to people; create view users as select * from people': 'queries fail between the two statements',
}

/** Bad examples whose remedy takes the place of the whole file, not of one statement. */
const wholeFile: ReadonlySet<string> = new Set([
  'drop view active_users; create view active_users as select id, email from users',
  'drop view active_users; create view active_users as select id from users',
  'alter table users rename to people; create view users as select * from people',
])

/** Bad examples that already fail on the rows that are there. */
const failing: ReadonlySet<string> = new Set(['alter table users add column kind text not null'])

/** Rules whose bad examples the server refuses. */
const refused = ['ban-replace-view-columns', 'ban-replace-function-result', 'require-dependents-first']

const cases = (names: readonly string[]) =>
  rules
    .filter((rule) => names.includes(rule.name))
    .flatMap((rule) => rule.examples.bad.map((example) => [rule.name, textOf(example), rule, example] as const))
    .filter(([, text]) => !text.includes('unknown'))

const textOf = (example: Example) => (typeof example === 'string' ? example : example.files.map(({ sql }) => sql).join('; '))
const releaseOf = (example: Example): ExampleRelease => (typeof example === 'string' ? { files: [{ sql: example }] } : example)

describe('a bad example breaks a program that is running, and what is said to write instead does not', () => {
  test.each(cases(breaking))('%s: %s', async (_, text, rule, example) => {
    const findings = await lintExample(example, [rule])
    expect(findings.length).toBeGreaterThan(0)
    if (failing.has(text)) await expect(brokenBy(example, releaseOf(example).files)).rejects.toMatchObject({ code: '23502' })
    else {
      const broken = await brokenBy(example, releaseOf(example).files)
      if (semantic[text] === undefined) expect(broken, 'the bad example').not.toEqual([])
      else expect(broken, semantic[text]).toEqual([])
    }
    const remaining = (finding: Finding) => (wholeFile.has(text) ? [] : rest(example, finding))
    for (const finding of findings) await expectRemedy(rule, example, finding, await remaining(finding))
  })
})

describe('what is said to fail is refused by the server', () => {
  test.each(cases(refused))('%s: %s', async (_, _text, rule, example) => {
    await expect(brokenBy(example, releaseOf(example).files)).rejects.toThrow(/depend|cannot/)
    for (const { instead } of await lintExample(example, [rule])) {
      const database = await copy(example)
      for (const { sql, transactional } of instead) await run(database, sql, transactional)
    }
  })
})

/** Its pre part breaks nothing, and all of it is accepted, one part after the other. */
async function expectRemedy(rule: Rule, example: Example, { instead }: Finding, remaining: readonly ExampleFile[]) {
  const files = instead.map(({ phase, sql, transactional }) => ({ phase, sql, ...(transactional ? {} : { transaction: false as const }) }))
  const pre = [...remaining, ...files.filter(({ phase }) => phase === 'pre')]
  expect(await brokenBy(example, pre), `the pre part of ${rule.name}`).toEqual([])
  const database = await copy(example)
  for (const { sql, transaction } of pre) await run(database, sql, transaction !== false)
  await server.query(fill, database)
  for (const { sql, transaction } of files.filter(({ phase }) => phase === 'post')) await run(database, sql, transaction !== false)
}

/** What a remedy leaves to the team: the rows that a new column or constraint needs. */
const fill = `do $$ begin
  if exists (select from pg_attribute where attrelid = to_regclass('users') and attname = 'kind') then
    update users set kind = 'a' where kind is null;
  end if;
end $$`

/** What stays of an example without the statement of a finding. */
async function rest(example: Example, { statement }: Finding): Promise<ExampleFile[]> {
  const files: ExampleFile[] = []
  for (const file of releaseOf(example).files) {
    const parsed = await parseStatements(file.sql)
    if ('problem' in parsed) throw new Error(parsed.problem.message)
    const texts = parsed.statements.map(({ start, end }) => file.sql.slice(start, end)).filter((one) => one !== statement)
    files.push({ ...file, sql: texts.join(';\n') })
  }
  return files.filter(({ sql }) => sql !== '')
}

/** Queries of a running program that a release's files break. */
async function brokenBy(example: Example, files: readonly ExampleFile[]): Promise<string[]> {
  const database = await copy(example)
  await using program = await OldCode.start(server.url(database))
  for (const { sql, transaction } of files) await run(database, sql, transaction !== false)
  await server.query(grants, database)
  return await program.broken()
}

/** A database of its own, with what the example builds on. */
async function copy(example: Example): Promise<string> {
  const database = uniqueName('phases')
  await server.query(`create database ${database} template example`)
  await server.query(`${releaseOf(example).given ?? ''};\n${grants}`, database)
  return database
}

/** As a migration runs: in one transaction, or each statement alone. */
async function run(database: string, sql: string, transactional: boolean): Promise<void> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(`${parsed.problem.message}: ${sql}`)
  const texts = transactional ? [sql] : parsed.statements.map(({ start, end }) => sql.slice(start, end))
  const client = new pg.Client(server.url(database))
  await client.connect()
  try {
    for (const text of texts) await client.query(text)
  } finally {
    await client.end()
  }
}
