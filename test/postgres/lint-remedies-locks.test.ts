import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleSchema } from '../../src/lint/example-schema.ts'
import type { Finding } from '../../src/lint/finding.ts'
import type { Example, ExampleFile, ExampleRelease, RemedyFile } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from '../lint/lint-example.ts'
import { remediedFiles, textsOf } from '../lint/remedied.ts'
import { exampleRows } from './example-rows.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await server.createDatabase('shop')
  await server.query(`${exampleSchema}; ${exampleRows}`, 'shop')
})
afterAll(() => server?.stop())

/** Whose remedy needs rows that the team fills: the test of phases does. */
const needsRows = ['require-default-on-required-column']
const remedied = rules
  .filter(({ group, name }) => group !== 'style' && !needsRows.includes(name))
  .flatMap((rule) => rule.examples.bad.map((example) => [rule.name, show(example), rule, asRelease(example)] as const))
  .filter(([, text]) => !text.includes('somewhere.'))

describe('what a finding proposes has no such finding itself, and leads on tables with rows to what was wanted', () => {
  test.each(remedied)('%s: %s', async (_, __, rule, release) => {
    const [finding] = await lintExample(release, [rule])
    const remedy = filesOf(finding)
    if (finding === undefined || remedy.length === 0) return
    const files = await remediedFiles(release, finding, remedy)
    expect((await lintExample({ ...release, files }, [rule])).map(({ message }) => message)).toEqual([])
    if ((release.postgres ?? 15) > server.major) return
    const reached = await schemaAfter(release, files)
    if (insteadOfTheSame.includes(rule.name)) return
    const wanted = await schemaAfter(release, release.files).catch(() => undefined)
    if (wanted === undefined) expect(release.fails).toBe(true)
    // what waited to be validated is validated by the remedy
    else expect(reached.map(withoutValidity)).toEqual(wanted.map(withoutValidity))
  })
})

function withoutValidity(line: string): string {
  return line.replace(/( NOT VALID)? valid [tf]$/, '')
}

/** Rules whose remedy is another thing than what was asked for, or leads there in several releases. */
const insteadOfTheSame = [
  'ban-rename-enum-value',
  'ban-stored-generated-column',
  'require-compatible-column-type',
  'require-concurrent-partition-detach', // leaves a check on the partition
  'require-foreign-key-index',
  'require-order-of-phases',
]

function show(example: Example): string {
  return typeof example === 'string' ? example : JSON.stringify(example)
}

function asRelease(example: Example): ExampleRelease {
  return typeof example === 'string' ? { files: [{ sql: example }] } : example
}

function filesOf(finding: Finding | undefined): readonly RemedyFile[] {
  if (finding?.replacement !== undefined) return [{ phase: finding.phase ?? 'pre', transactional: false, sql: `${finding.replacement};` }]
  return finding?.instead ?? []
}

/** What the catalog says of tables, constraints and indexes when the files were run on a copy of the shop. */
async function schemaAfter({ given = '' }: ExampleRelease, files: readonly ExampleFile[]): Promise<readonly string[]> {
  await using database = await copyOfShop()
  await database.run(given, true)
  for (const { sql, transaction } of files) await database.run(sql, transaction !== false)
  const { rows } = await database.client.query<{ line: string }>(catalogLines)
  return rows.map(({ line }) => line)
}

const catalogLines = `
select format('column %s.%s %s not null %s default %s identity %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
  pg_get_expr(adbin, adrelid), attidentity) as line
  from pg_attribute join pg_class on pg_class.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped
union all
select format('constraint %s %s %s valid %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
  from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
union all
select format('index %s valid %s', regexp_replace(pg_get_indexdef(indexrelid), ' INDEX \\S+ ON ', ' INDEX ON '), indisvalid)
  from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = 'public'::regnamespace
order by line`

async function copyOfShop() {
  const name = uniqueName('remedy')
  await server.query(`create database ${name} template shop`)
  const client = new pg.Client(server.url(name))
  await client.connect()
  const run = async (sql: string, transactional: boolean) => {
    if (transactional) return void (await client.query(`begin; ${sql}; commit`))
    for (const text of await textsOf(sql)) await client.query(text)
  }
  const close = async () => {
    await client.end()
    await server.query(`drop database ${name}`)
  }
  return { run, client, [Symbol.asyncDispose]: close }
}
