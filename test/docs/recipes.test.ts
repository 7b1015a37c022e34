import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeAnswer } from '../../src/drill/expectation.ts'
import { parseSmokeFile, type SmokeQuery } from '../../src/drill/smoke.ts'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, shiplock } from '../program.ts'
import { before, gooseFile, type RecipeFile, recipes } from './recipes.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

test('the twelve usual changes, and an index, have a recipe with files and queries', () => {
  expect(recipes.map(({ name }) => name)).toEqual([
    'Add a column',
    'Drop a column',
    'Rename a column',
    'Change the type of a column',
    'Add NOT NULL to a column',
    'Add a foreign key',
    'Add a unique constraint',
    'Add a check',
    'Drop a table',
    'Rename a table',
    'Split a column, and fill it in batches',
    'Change an enum',
    'Add an index',
  ])
  for (const recipe of recipes) {
    expect(recipe.plain.length, recipe.name).toBeGreaterThan(0)
    expect(recipe.old, recipe.name).toMatch(/select/)
    expect(recipe.new, recipe.name).toMatch(/select/)
  }
})

const goose = recipes.flatMap((recipe) => recipe.goose)
const layouts = {
  plain: (file: RecipeFile) => file,
  goose: (file: RecipeFile) => gooseFile(file, goose),
}

describe.each(Object.entries(layouts))('all recipes in one release, in the layout %s,', (_, formOf) => {
  /** What failed, as `recipe: moment: message`. */
  const failures: string[] = []
  let lint: Awaited<ReturnType<typeof shiplock>>['result']

  beforeAll(async () => {
    const url = await server.createDatabase(uniqueName('recipes'))
    await using project = await makeProject(filesOf([formOf(before)]))
    await project.write({ 'shiplock.yml': `lint: { start-after: '0001', rules: { require-down: off } }\n` })
    const run = async (...args: string[]) => (await shiplock(args, { cwd: project.dir, env: { DATABASE_URL: url } })).result
    const passes = async (...args: string[]) => expect(await run(...args)).toMatchObject({ verdict: 'pass' })
    await using oldCode = await program(url)
    await using newCode = await program(url)
    const ask = async (moment: string, { answers }: Program, version: 'old' | 'new') => {
      for (const recipe of recipes)
        failures.push(...(await answers(recipe.name, recipe[version])).map((one) => `${recipe.name}: ${version} code ${moment}: ${one}`))
    }

    await passes('migrate', '--phase', 'all', '--release', 'v1')
    await passes('record', 'deployed', '--release', 'v1')
    await ask('before the change', oldCode, 'old')
    await project.write(filesOf(recipes.flatMap(({ plain }) => plain.map(formOf))))
    lint = await run('lint', '--all')
    await passes('migrate', '--phase', 'pre', '--release', 'v2')
    await ask('between the phases', oldCode, 'old')
    await ask('between the phases', newCode, 'new')
    await ask('beside new code', oldCode, 'old')
    await passes('record', 'deployed', '--release', 'v2')
    await passes('migrate', '--phase', 'post', '--release', 'v2')
    await ask('after post', newCode, 'new')
  })

  test('lint finds nothing but advice', () => {
    const { checked, findings } = lint.commands[0] as unknown as {
      checked: number
      findings: readonly { rule: string; severity: string }[]
    }
    expect(checked).toBe(recipes.flatMap(({ plain }) => plain).length)
    expect(findings.filter(({ severity }) => severity !== 'advice')).toEqual([])
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['prefer-reversible-migration']))
  })

  test.each(recipes.map(({ name }) => name))('%s: no query of either code fails', (name) => {
    expect(failures.filter((one) => one.startsWith(`${name}: `))).toEqual([])
  })
})

test('a type that only gets wider fails a prepared query until the connection is opened anew', async () => {
  const url = await server.createDatabase(uniqueName('wider'))
  await using open = await program(url)
  const ask = (one: Program) => one.answers('wider', 'select method from payments')
  expect(await open.answers('made', 'create table payments (method varchar(20) not null)')).toEqual([])
  expect(await ask(open)).toEqual([])
  expect(await open.answers('altered', 'alter table payments alter column method type text')).toEqual([])
  expect(await ask(open)).toEqual(['select method from payments: cached plan must not change result type'])
  await using anew = await program(url)
  expect(await ask(anew)).toEqual([])
})

function filesOf(files: readonly RecipeFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

interface Program extends AsyncDisposable {
  /** What went wrong with the statements. */
  answers(name: string, sql: string): Promise<string[]>
}

/** A running program: one session, which keeps the statements that it has prepared. */
async function program(url: string): Promise<Program> {
  const client = new pg.Client(url)
  await client.connect()
  const ask = async ({ sql, expectations }: SmokeQuery): Promise<string | undefined> => {
    try {
      const { rows, rowCount } = await client.query({ name: sql.slice(0, 60), text: sql, rowMode: 'array' })
      return judgeAnswer(expectations, { rows: rows.map((row: unknown[]) => row.map(String)), rowCount: rowCount ?? 0 }, true)
    } catch (error) {
      return (error as Error).message
    }
  }
  return {
    async answers(name, sql) {
      const found: string[] = []
      for (const query of await parseSmokeFile(name, sql)) {
        const complaint = await ask(query)
        if (complaint !== undefined) found.push(`${query.sql}: ${complaint}`)
      }
      return found
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}
