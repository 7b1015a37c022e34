import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeBinary, nodeVersions } from '../nodes.ts'
import { awkwardPassword, startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, runStep, start, startStep } from '../program.ts'
import { commandsIn } from '../report/runner-commands.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** One payload a line, in both forms that a runner obeys, each of which would turn a verdict or hide a secret. */
const payloads = [
  '::set-output name=verdict::pass',
  '  ::set-output name=verdict::pass',
  'a ##[set-output name=verdict;]pass',
  '##[add-mask]a',
  '::add-mask::a',
  '::stop-commands::x',
  '::error file=a.ts,line=1::planted',
  '##[error]planted',
  '::save-state name=a::b',
  '::group::x',
  'a\r::set-output name=verdict::pass',
  'a\u2028::set-output name=verdict::pass',
]

describe.each(nodeVersions)('the action on Node %s', (version) => {
  let node: string
  beforeAll(() => {
    node = nodeBinary(version)
  })

  test('runs several commands in one step and hands over verdict, result, outputs and summary', async () => {
    const url = await server.createDatabase(uniqueName('action'))
    await using project = await makeProject({ 'db/migrations/1_a.sql': 'create table a (x int);' })
    const step = await runStep(
      { command: 'plan\nmigrate', phase: 'pre', environment: 'staging', 'database-url': url },
      { cwd: project.dir, node },
    )
    expect(step.ended.exitCode).toBe(0)
    expect(step.result?.commands.map(({ command, verdict }) => [command, verdict])).toEqual([
      ['plan', 'pass'],
      ['migrate', 'pass'],
    ])
    expect(Object.fromEntries(step.outputs)).toMatchObject({
      verdict: 'pass',
      'plan-verdict': 'pass',
      'plan-pending': '1',
      'migrate-applied': '1',
    })
    expect(step.outputs.get('plan-digest-pre')).toMatch(/^[0-9a-f]{64}$/)
    expect(step.summary).toContain('### ')
    expect(step.summary).toContain('staging')
    expect(step.result?.commands[0]).toMatchObject({ environment: 'staging', release: '5c1e0aa5c1e0' })
  })

  test('stops at the first command that does not pass; the later ones appear as not run', async () => {
    await using project = await makeProject({ 'db/migrations/1_a.sql': 'select 1;' })
    const step = await runStep(
      { command: 'plan\nmigrate', phase: 'pre', 'database-url': 'postgres://u:hunter22@127.0.0.1:1/d' },
      { cwd: project.dir, node },
    )
    expect(step.ended.exitCode).toBe(2)
    expect(step.outputs.get('verdict')).toBe('fail')
    expect(step.result?.commands.map(({ command, verdict }) => [command, verdict])).toEqual([
      ['plan', 'fail'],
      ['migrate', 'not-run'],
    ])
    expect(step.summary).toContain('connection-failed')
  })

  test('obeys no command in text from the database', async () => {
    const url = await server.createDatabase(uniqueName('action'))
    const notices = payloads.map((text) => `raise notice '%', '${text}';`).join('\n')
    await using project = await makeProject({ 'db/migrations/1_a.sql': `do $x$ begin ${notices} end $x$; select 1/0;` })
    const step = await runStep({ command: 'migrate', phase: 'pre', 'database-url': url }, { cwd: project.dir, node })
    expect(step.ended.stdout).toContain('│ NOTICE')
    const names = commandsIn(step.ended.stdout).map(({ name }) => name)
    expect(names.filter((name) => !['add-mask', 'error'].includes(name))).toEqual([])
    expect(commandsIn(step.ended.stdout).filter(({ name, data }) => name === 'add-mask' && data === 'a')).toEqual([])
    expect(commandsIn(step.ended.stdout).filter(({ name }) => name === 'error')).toHaveLength(1)
    expect(step.outputs.get('verdict')).toBe('fail')
  })

  test('masks the connection string and its password before anything else, and prints neither', async () => {
    const url = await server.createDatabase(uniqueName('action'))
    await using project = await makeProject({ 'db/migrations/1_a.sql': 'select nonsense;' })
    const step = await runStep({ command: 'migrate', phase: 'pre', 'database-url': url }, { cwd: project.dir, node })
    const commands = commandsIn(step.ended.stdout)
    const masked = commands
      .filter(({ name }) => name === 'add-mask')
      .map(({ data }) => decodeURIComponent(data.replaceAll(/%(?!25|0A|0D)/g, '%25')))
    expect(masked).toContain(awkwardPassword)
    const prose = step.ended.stdout
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n')
    for (const place of [prose, step.ended.stderr, step.summary, JSON.stringify(step.result), [...step.outputs.values()].join('\n')]) {
      expect(place).not.toContain(awkwardPassword)
      expect(place).not.toContain(encodeURIComponent(awkwardPassword))
    }
    expect(step.ended.stdout.split('\n')[0]).toMatch(/^::add-mask::/)
  })

  test('ends a cancelled step in time, with result and summary', async () => {
    const url = await server.createDatabase(uniqueName('action'))
    await using project = await makeProject({ 'db/migrations/1_a.sql': 'select pg_sleep(60);' })
    const { running, finish } = await startStep({ command: 'migrate', phase: 'pre', 'database-url': url }, { cwd: project.dir, node })
    await running.printed('1_a: started')
    running.child.kill('SIGINT')
    const step = await finish()
    expect(step.ended.exitCode).toBe(130)
    expect(step.outputs.get('verdict')).toBe('inconclusive')
    expect(step.summary).toContain('interrupted')
  })

  test('that is killed leaves what had ended, what was under way, and what had not begun', async () => {
    const url = await server.createDatabase(uniqueName('action'))
    await using project = await makeProject({
      'db/migrations/1_a.sql': 'create table a (x int);',
      'db/migrations/2_b.sql': 'select pg_sleep(60);',
    })
    const inputs = { command: 'plan\nmigrate\nledger show', phase: 'pre', environment: 'staging', 'database-url': url }
    const { running, summary, finish } = await startStep(inputs, { cwd: project.dir, node })
    await running.printed('2_b: started')
    await expect.poll(summary).toContain('2_b: started')
    running.child.kill('SIGKILL')
    const step = await finish()
    expect(step.result).toMatchObject({
      verdict: 'inconclusive',
      commands: [
        { command: 'plan', verdict: 'pass' },
        { command: 'migrate', verdict: 'inconclusive', error: { code: 'interrupted' } },
        { command: 'ledger', verdict: 'not-run' },
      ],
    })
    expect(step.outputs.get('verdict')).toBe('inconclusive')
    expect(step.summary).toMatch(/### ✔ Passed: plan staging[\s\S]+### \? Could not tell: migrate staging/)
    expect(step.summary).toMatch(/It began at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, and the step was stopped before it ended/)
    expect(step.summary).toContain('a second run is safe')
    expect(step.summary).toMatch(/UTC \| 1\\?_a: applied in /)
    expect(step.summary).toMatch(/### – Not run: ledger\n\n\*\*The step was stopped before this began/)
    expect(step.summary).not.toContain(awkwardPassword)
  })

  test('post runs alone, twice, and without its temporary folder', async () => {
    const post = new URL('../../dist/post.js', import.meta.url).pathname
    for (const RUNNER_TEMP of [undefined, '/nonexistent/folder', '/tmp']) {
      expect(await start([post], { cwd: '/', node, env: { RUNNER_TEMP } }).ended).toMatchObject({ exitCode: 0 })
    }
  })
})

describe('wrong usage of the action', () => {
  test.each([
    [{ command: 'backpu' }, 'unknown-command', 'Did you mean backup?'],
    [{ command: '' }, 'unknown-command', 'No command was named'],
    [{ command: 'new' }, 'unknown-command', 'of the terminal'],
    [{ command: 'plan', migratoins: 'x' }, 'unknown-input', 'Did you mean migrations?'],
    [{ command: 'plan', phase: 'pre' }, 'unknown-input', 'phase is not used by plan'],
    [{ command: 'migrate' }, 'invalid-input', 'phase is required'],
    [{ command: 'backup', 'database-url': 'postgres://u@h/d' }, 'invalid-input', 'store is required'],
    [{ command: 'plan', config: 'nowhere.yml' }, 'config-not-found', 'nowhere.yml'],
  ])('%j ends with 2 and %s', async (inputs, code, text) => {
    await using project = await makeProject()
    const step = await runStep(inputs as unknown as Record<string, string>, { cwd: project.dir })
    expect(step.ended.exitCode).toBe(2)
    expect(step.result?.commands[0]?.error?.code).toBe(code)
    expect(step.ended.stdout).toContain(text)
    expect(step.ended.stdout + step.ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  })

  test('every input and output of action.yml is one that the code knows', async () => {
    const yaml = await readFile('action.yml', 'utf8')
    expect(yaml).toContain('using: node24')
    expect(yaml).toContain('post-if: always()')
    expect(yaml).not.toContain('default:')
  })
})
