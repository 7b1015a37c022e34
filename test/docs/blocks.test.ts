import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { describe, expect, test } from 'vitest'
import { readCommandLine } from '../../src/command-line.ts'
import { loadConfig } from '../../src/config/load.ts'
import { type InputName, isInputName } from '../../src/inputs.ts'
import { layouts } from '../../src/migration/layouts/index.ts'
import { nameCommands } from '../../src/name-commands.ts'
import { type InputSources, resolveInputs } from '../../src/resolve-inputs.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { makeProject, startCli } from '../program.ts'
import { outputNames } from '../workflows/outputs.ts'
import { isOurs, type Job } from '../workflows/templates.ts'
import { type Block, pageAt, pagePaths, pages, root } from './pages.ts'
import { filledIn, shiplockCalls } from './shell.ts'
import { snippetOf } from './yaml.ts'

const blocks = pages.flatMap((page) => page.blocks)
const inLanguage = (lang: string) => blocks.filter((block) => block.lang === lang)

test('every block has a language that is checked here, or one that nobody runs', () => {
  const known = ['sh', 'yaml', 'sql', 'json', 'mermaid', 'text', 'env', 'ruby']
  expect(blocks.filter(({ lang }) => !known.includes(lang)).map(({ at }) => at)).toEqual([])
  expect(inLanguage('sh').flatMap(({ text }) => shiplockCalls(text)).length).toBeGreaterThan(30)
})

test('a shell can read the blocks for it', () => {
  const script = inLanguage('sh').map(({ text, at }) => `check_block() { : '${at}'\n${filledIn(text)}\n}`)
  expect(() => execFileSync('bash', ['-n'], { input: script.join('\n'), stdio: 'pipe' })).not.toThrow()
})

test.each(inLanguage('sh').filter(({ text }) => /\bnpm (?:run|test)/.test(text)))('$at: npm has the scripts', ({ text }) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  for (const [, name] of text.matchAll(/\bnpm (?:run )?(demo|test[:\w]*|check|lock|bench|generate|build)\b/g))
    expect(scripts).toHaveProperty(name as string)
})

describe.each(inLanguage('sh').filter(({ text }) => shiplockCalls(text).length > 0))('$at', ({ text }) => {
  test.each(shiplockCalls(text).map((args) => [args.join(' '), args] as const))('shiplock %s', async (_, args) => {
    const { commands, given, problem, help } = readCommandLine(args)
    if (help) return
    await expect(nameCommands({ edge: 'terminal', commands, usageProblem: problem, given })).resolves.toHaveLength(commands.length)
    takesValues(given)
  })
})

const snippets = inLanguage('yaml').map((block) => ({ ...block, snippet: snippetOf(block.text) }))

test.each(snippets.filter(({ snippet }) => snippet === 'settings'))('$at is a shiplock.yml without a mistake', ({ text }) => {
  const config = loadConfig(text, 'shiplock.yml')
  expect(config.size).toBeGreaterThan(0)
  resolve({ config }, [...config.keys()])
})

describe.each(snippets.flatMap(({ at, snippet }) => (snippet === 'settings' ? [] : [{ at, ...snippet }])))('$at', ({ text, jobs }) => {
  test("has no mistake for GitHub's own parser", async () => {
    const { context, value } = parseWorkflow({ name: 'page.yml', content: text }, new NoOperationTraceWriter())
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([])
    expect((await convertWorkflowTemplate(context, value as NonNullable<typeof value>)).errors ?? []).toEqual([])
  })

  test.each(Object.entries(jobs))('the job %s calls commands that exist, with inputs that they use', (_, job) => callsExist(job))
})

async function callsExist(job: Job): Promise<void> {
  const known: string[] = []
  for (const step of job.steps.filter(isOurs)) {
    const { command = '', ...rest } = step.with ?? {}
    const given = new Map(Object.entries(rest).map(([name, value]) => [name, String(value)]))
    const commands = command.trim().split('\n')
    await expect(nameCommands({ edge: 'action', commands, usageProblem: undefined, given })).resolves.toHaveLength(commands.length)
    takesValues(given)
    known.push(...outputNames(command).map((name) => `${step.id}.${name}`))
  }
  for (const [, id, name] of JSON.stringify(job).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) expect(known).toContain(`${id}.${name}`)
}

/** Values that a reader fills in, or GitHub, are not judged. */
function takesValues(given: ReadonlyMap<string, string>): void {
  const judged = [...given].filter(([name, value]) => isInputName(name) && !/…|\$|<\w/.test(value)) as [InputName, string][]
  resolve(
    { given: new Map(judged) },
    judged.map(([name]) => name),
  )
}

function resolve(sources: Partial<InputSources>, names: readonly InputName[]): void {
  resolveInputs(names, { given: new Map(), config: new Map(), surroundings: new Map(), baseDir: '/srv/shop', ...sources }, names)
}

test.each(inLanguage('sql'))('$at: PostgreSQL can parse it', async ({ text }: Block) => {
  expect(await parseStatements(text)).not.toHaveProperty('problem')
})

test.each(inLanguage('json'))('$at is JSON', ({ text }) => {
  expect(() => JSON.parse(text)).not.toThrow()
})

test('the excerpt in the README is what lint prints', async () => {
  await using project = await makeProject({
    'db/migrations/0006_users.sql': 'create table users (id int primary key, email text not null);\n',
    'db/migrations/0007_index_email.sql': 'create index users_email_idx on users (email);\n',
    'shiplock.yml': "lint: { start-after: '0006', rules: { require-down: off } }\n",
  })
  const excerpt = pageAt('README.md').blocks.find(({ lang }) => lang === 'text')?.text
  expect((await startCli(['lint', '--all'], { cwd: project.dir }).ended).stdout).toContain(excerpt)
})

test('diagrams are of kinds that GitHub draws', () => {
  for (const { at, text } of inLanguage('mermaid'))
    expect(text, at).toMatch(/^(?:flowchart|sequenceDiagram|stateDiagram-v2|gantt|timeline)\b/)
})

test('links lead to files and headings that are there', () => {
  const written = pagePaths().filter((path) => !/^docs\/rules\/[a-z]/.test(path)) // a rule's page links only to the list of all
  const broken = written.flatMap((path) => {
    return pageAt(path).links.flatMap(({ url, line }) => (leads(path, url) ? [] : [`${path}:${line}: ${url}`]))
  })
  expect(broken).toEqual([])
})

function leads(from: string, url: string): boolean {
  if (/^[a-z]+:/.test(url)) return true
  const [path = '', anchor] = url.split('#')
  const target = path === '' ? from : normalize(join(dirname(from), decodeURIComponent(path)))
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || (target.endsWith('.md') && pageAt(target).anchors.has(anchor))
}

test.each(['docs/layouts.md', 'docs/architecture.md'])('%s has a row for every layout', (path) => {
  const rows = pageAt(path).text.match(/^\| [\w-]+(?= *\|)/gm)
  expect(rows?.map((row) => row.slice(2))).toEqual(expect.arrayContaining(layouts.map(({ name }) => name)))
})
