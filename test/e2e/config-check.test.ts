import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readCommandLine } from '../../src/command-line.ts'
import { Redactor } from '../../src/redact.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { run } from '../../src/run.ts'
import { runStep } from '../program.ts'
import { makeRepository, type Repository } from '../repository.ts'

const marker = 'pl4nted-m4rker-v4lue'

const template = `# What the shop needs.
SHOP_DATABASE__URL=${marker}
# Where mail goes.
SHOP_MAIL__BACKEND=${marker}
#SHOP_LOG__LEVEL=${marker}
`
const newer = `${template}# From the payment provider.
# shiplock: when=SHOP_MAIL__BACKEND
SHOP_BILLING__KEY="${marker}
${marker}=${marker}"
`
const host = `SHOP_DATABASE__URL=postgres://shop:${marker}@db/shop
SHOP_MAIL_BACKEND='${marker}
SHOP_BILLING__KEY=${marker}'
${marker}X=1
`

const everything: string[] = []
let programs = 0
let repository: Repository
let base: string

beforeAll(async () => {
  repository = await makeRepository({
    'service/.env.example': template,
    'service/shiplock.yml': 'config-contract: { template: .env.example }\n',
  })
  base = await repository.git('rev-parse', 'HEAD')
  await repository.commit({ 'service/.env.example': newer, 'service/host.env': host })
})
afterAll(() => repository[Symbol.asyncDispose]())
afterEach(() => repository.git('checkout', '--quiet', '.'))

/** The real command, and all that anybody sees of it. */
async function check(...args: string[]) {
  const {
    given,
    configPath,
    commands,
    problem: usageProblem,
  } = readCommandLine([...['config-check', '--config', 'service/shiplock.yml', '--environment', 'production'], ...args])
  const say = (text: string) => void everything.push(text)
  const { result, annotations, outputs, bug } = await run({
    edge: 'terminal',
    ...{ commands, given, configPath, usageProblem },
    variables: { PATH: process.env.PATH, HOME: repository.dir },
    cwd: repository.dir,
    program: '',
    signal: new AbortController().signal,
    crash: () => undefined,
    log: { info: say, warn: say, foreign: say, live: ({ text }) => say(text) },
    redactor: new Redactor(),
  })
  everything.push(
    JSON.stringify([result, annotations, ...outputs]),
    renderTerminal(result, { color: false }),
    renderSummary(result),
    String(bug),
  )
  return { exitCode: result.exitCode, command: result.commands[0] as (typeof result.commands)[number] }
}

const both = ['--config-have', 'host.env']

test('a required key that is missing fails, with the name that the host has in its place', async () => {
  const { exitCode, command } = await check(...both)
  expect(exitCode).toBe(1)
  expect(command).toMatchObject({
    verdict: 'fail',
    reason: '1 key that this release requires is missing in production: SHOP_MAIL__BACKEND.',
    error: { code: 'config-key-missing', hint: expect.stringContaining('rename it to SHOP_MAIL__BACKEND') },
    missing: [{ name: 'SHOP_MAIL__BACKEND', path: '.env.example', line: 4, new: true }],
    nearMisses: [{ found: 'SHOP_MAIL_BACKEND', meant: 'SHOP_MAIL__BACKEND', why: 'underscores differ' }],
    paste: '# Where mail goes.\nSHOP_MAIL__BACKEND=',
  })
})

test('one that the live release requires too is shown, and does not stop the release', async () => {
  const { exitCode, command } = await check(...both, '--config-base', base)
  expect(exitCode).toBe(0)
  expect(command).toMatchObject({ base, missing: [{ name: 'SHOP_MAIL__BACKEND', new: false }] })
  expect(command.reason).toBe(
    'No newly required key is missing. 1 key that the live release requires too is missing. 1 name on the host looks misspelt.',
  )
})

test('several places together are what the host has', async () => {
  await repository.write({ 'service/more.txt': 'SHOP_MAIL__BACKEND\nSHOP_BILLING__KEY\n' })
  const { exitCode, command } = await check('--config-have', 'host.env\nmore.txt')
  expect(exitCode).toBe(0)
  expect(command.sources).toEqual([
    { source: 'host.env', count: 3 },
    { source: 'more.txt', count: 2 },
  ])
})

describe('a command', () => {
  /** In a file: the command itself is shown. */
  async function print(text: string) {
    await repository.write({ [`service/program-${++programs}.cjs`]: text })
    return JSON.stringify([process.execPath, `program-${programs}.cjs`])
  }

  test('prints what the host has, and another one what the release needs', async () => {
    const have = await print(`process.stdout.write('A=${marker}\\nB="${marker}\\n"\\n')`)
    const need = await print("process.stdout.write('A\\nB required\\nC optional\\nD when=C\\nE\\n')")
    await repository.write({ 'service/shiplock.yml': '' })
    const { exitCode, command } = await check('--config-command', need, '--config-have-command', have)
    expect(exitCode).toBe(1)
    expect(command.missing).toMatchObject([{ name: 'E' }])
  })

  test.each([
    [
      'that fails is not enough evidence, and nothing of what it said is shown',
      `console.log('A=${marker}'); console.error('${marker}'); process.exit(255)`,
      'config-not-read',
    ],
    ['that prints no name is not enough evidence', `console.log('# ${marker}')`, 'config-not-read'],
    ['that leaves a quote open is not enough evidence', `console.log('A="${marker}')`, 'config-not-read'],
  ])('%s', async (_, text, code) => {
    const { exitCode, command } = await check('--config-have-command', await print(text))
    expect([exitCode, command.error?.code]).toEqual([3, code])
  })

  test.each([
    ['values', `console.log('A=${marker}')`],
    ['sentences', `console.log('A\\n"${marker}')`],
    ['marks that do not exist', `console.log('A ${marker}=${marker}')`],
  ])('that prints %s in place of the keys of the release is refused without them', async (_, text) => {
    expect((await check('--config-command', await print(text), ...both)).exitCode).toBeGreaterThan(1)
  })

  test('that cannot be started is named', async () => {
    const { exitCode, command } = await check('--config-have-command', '["./no-such-program"]')
    expect([exitCode, command.error?.code]).toEqual([2, 'command-not-found'])
  })
})

test.each<[string, readonly string[], string]>([
  ['a file that is not there', ['--config-have', 'none.env'], 'unreadable-file'],
  ['a template that is not there', [...both, '--config-template', 'none.env'], 'unreadable-file'],
  ['a glob that finds none', [...both, '--config-template', 'none/*.j2'], 'unreadable-file'],
  ['a base that git does not know', [...both, '--config-base', 'v0'], 'unknown-config-base'],
  ['no place that says what the host has', [], 'invalid-input'],
  ['names on GitHub without a token', ['--config-have-github'], 'invalid-input'],
  ['an alias of a key that the release does not have', [...both, '--config-aliases', 'A=SHOP_MAIL__BACKENDS'], 'invalid-input'],
  ['an answer that is a value', [...both, '--config-vars', `a=${marker}`], 'invalid-input'],
])('%s is refused', async (_, args, code) => {
  const { exitCode, command } = await check(...args)
  expect([exitCode, command.error?.code]).toEqual([2, code])
})

describe('on GitHub', () => {
  test('the step marks the line of the template, and offers what to paste', async () => {
    const { outputs, summary, ended, result } = await runStep(
      { command: 'config-check', config: 'service/shiplock.yml', environment: 'production', 'config-have': 'host.env' },
      { cwd: repository.dir },
    )
    everything.push(ended.stdout, ended.stderr, summary, JSON.stringify(result), JSON.stringify([...outputs]))
    expect(ended.exitCode).toBe(1)
    expect(Object.fromEntries(outputs)).toMatchObject({
      'config-check-missing': '1',
      'config-check-undecided': '0',
      'config-check-near-misses': '1',
    })
    expect(ended.stdout).toContain(
      '::error title=config-key-missing,file=service/.env.example,line=4,endLine=4::The host does not have SHOP_MAIL__BACKEND.',
    )
    expect(summary).toContain('```sh\n# Where mail goes.\nSHOP_MAIL__BACKEND=\n```')
  })

  test('a list that the token may not read leaves it open whether a key is missing', async () => {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      const list = pathname.endsWith('variables') ? 'variables' : 'secrets'
      const refused = list === 'secrets'
      response.writeHead(refused ? 403 : 200, { 'content-type': 'application/json' })
      const variables = [{ name: 'SHOP_DATABASE__URL', value: marker, created_at: '', updated_at: '' }]
      response.end(JSON.stringify(refused ? { message: 'Resource not accessible by integration' } : { total_count: 1, [list]: variables }))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { summary, ended, result } = await runStep(
      {
        command: 'config-check',
        config: 'service/shiplock.yml',
        environment: 'production',
        'config-have-github': 'true',
        'github-token': 'token',
      },
      { cwd: repository.dir, env: { GITHUB_API_URL: url } },
    )
    server.closeAllConnections()
    server.close()
    everything.push(ended.stdout, ended.stderr, summary, JSON.stringify(result))
    expect(ended.exitCode).toBe(3)
    expect(result?.commands[0]?.reason).toContain('secrets of the environment production')
    expect(summary).toContain('Environments: read')
  })
})

test('a team without a contract of its keys is told that nothing was compared, and no workflow stops', async () => {
  const { result } = await runStep({ command: 'config-check', environment: 'production' }, { cwd: repository.dir })
  expect(result).toMatchObject({
    exitCode: 0,
    commands: [{ reason: expect.stringContaining('No contract of configuration keys is described'), checks: [{ status: 'not-checked' }] }],
  })
})

test('no value of any file, template or command is in anything that was printed or written', () => {
  expect(everything.length).toBeGreaterThan(40)
  expect(everything.join('\n')).toContain('SHOP_MAIL__BACKEND')
  expect(everything.filter((text) => text.includes(marker))).toEqual([])
})

test('where nobody has described a contract nothing is checked, and the release goes on', async () => {
  await repository.write({ 'service/shiplock.yml': 'project: shop\n' })
  const { exitCode, command } = await check()
  expect([exitCode, command.verdict, command.checks]).toMatchObject([0, 'pass', [{ id: 'required-keys', status: 'not-checked' }]])
  expect(everything.join()).toMatch(/Nothing to do {2}config-check production.*config-contract: \{ template: /s)
  expect((await check(...both)).exitCode).toBe(2)
})
