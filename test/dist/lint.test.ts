import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintDetailsSchema } from '../../src/lint/publish/details.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { runStep, type Step } from '../program.ts'
import { nodesOf, parseGfm, references } from '../report/gfm.ts'
import { commandsIn } from '../report/runner-commands.ts'
import { makeRepository, type Repository } from '../repository.ts'

const index = 'db/migrations/0004_orders_total_idx.sql'
const indexSql = '-- größer 🚢\n  create index orders_total_idx on orders (total); -- for the report\n'

interface PullOptions {
  readonly base?: Readonly<Record<string, string>>
  readonly change?: Readonly<Record<string, string>>
  readonly fork?: boolean
}

interface Pull {
  readonly repository: Repository
  readonly github: FakeGitHub
  readonly head: string
  readonly event: Readonly<Record<string, unknown>>
  run(inputs?: Readonly<Record<string, string>>, more?: { name?: string; event?: object; cwd?: string }): Promise<Step>
  [Symbol.asyncDispose](): Promise<void>
}

/** A pull request as actions/checkout leaves it: the merge commit, with the event in a file. */
async function openPull({ base = {}, change = { [index]: indexSql }, fork = false }: PullOptions = {}): Promise<Pull> {
  const orders = 'create table orders (id bigint primary key, total numeric);\n'
  const repository = await makeRepository({ 'db/migrations/0001_orders.sql': orders, ...base })
  const github = await startGitHub()
  await repository.git('checkout', '--quiet', '-b', 'topic')
  const head = await repository.commit(change)
  await repository.git('checkout', '--quiet', 'main')
  const tip = await repository.commit({ 'db/migrations/0003_other.sql': 'create index orders_id_idx on orders (id);\n' })
  await repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'topic')
  github.head = head
  const event = {
    repository: { full_name: 'acme/shop', default_branch: 'main' },
    pull_request: { number: 7, base: { sha: tip, repo: { id: 1 } }, head: { sha: head, repo: { id: fork ? 2 : 1 } } },
  }
  return {
    repository,
    github,
    head,
    event,
    async run(inputs = {}, more = {}) {
      await repository.write({ '.git/event.json': JSON.stringify(more.event ?? event) })
      const env = {
        GITHUB_EVENT_NAME: more.name ?? 'pull_request',
        GITHUB_EVENT_PATH: join(repository.dir, '.git/event.json'),
        GITHUB_API_URL: github.url,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_WORKSPACE: more.cwd ?? repository.dir,
      }
      // the files of these tests have no way back
      const rules = inputs['lint-rules'] === '' ? '' : ['require-down=off', inputs['lint-rules'] ?? ''].join('\n')
      return runStep({ command: 'lint', project: 'shop', ...inputs, 'lint-rules': rules }, { cwd: more.cwd ?? repository.dir, env })
    },
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      await repository[Symbol.asyncDispose]()
    },
  }
}

const token = { 'github-token': 'ghs_0123456789' }

function marks(step: Step) {
  return commandsIn(step.ended.stdout).filter(({ name }) => ['error', 'warning', 'notice'].includes(name))
}

function detailsOf(step: Step) {
  return lintDetailsSchema.parse(step.result?.commands[0])
}

test('checks what the pull request adds, and says it on the line, in the summary, in a comment, in SARIF and in outputs', async () => {
  await using pull = await openPull()
  const step = await pull.run({ ...token, sarif: 'lint.sarif' })
  expect(step.ended.exitCode).toBe(1)
  expect(Object.fromEntries(step.outputs)).toMatchObject({ verdict: 'fail', 'lint-errors': '1', 'lint-warnings': '0', 'lint-files': '1' })

  const [finding] = detailsOf(step).findings
  expect(finding).toMatchObject({ rule: 'require-concurrent-index-creation', path: index, start: { line: 2, column: 3 } })
  expect(marks(step).map(({ name, properties }) => [name, properties])).toEqual([
    ['error', { title: 'require-concurrent-index-creation', file: index, line: '2', endLine: '2', col: '3', endColumn: '50' }],
    ['error', {}],
  ])

  expect(step.summary).toContain('### ✖ Failed: lint')
  expect(step.summary).toContain(`\`${index}:2:3\``)
  expect(step.summary).toContain('create index concurrently orders_total_idx on orders (total);')
  expect(step.summary).toContain('2 older files were left alone.')

  expect(pull.github.comments).toHaveLength(1)
  const { body } = pull.github.comments[0] as { body: string }
  expect(body).toContain('<!-- shiplock:lint:shop: -->\n### ✖ Migration lint: Failed')
  expect(body).toContain(`https://github.com/acme/shop/blob/${pull.head}/db/migrations/0004_orders_total_idx.sql#L2`)
  expect(nodesOf(parseGfm(body), 'table')).toHaveLength(1)
  expect(references(body)).toEqual([])

  const sarif = JSON.parse(await readFile(step.outputs.get('lint-sarif') as string, 'utf8'))
  expect(sarif.runs[0].results[0]).toMatchObject({
    ruleId: 'require-concurrent-index-creation',
    locations: [{ physicalLocation: { artifactLocation: { uri: index }, region: { startLine: 2, startColumn: 3, endColumn: 50 } } }],
  })
  expect(pull.github.requests.every(({ authorization }) => authorization === 'Bearer ghs_0123456789')).toBe(true)
})

test('edits the same comment on the next push, and makes it one line when all is well', async () => {
  await using pull = await openPull()
  await pull.run(token)
  const [first] = pull.github.comments
  await pull.run(token)
  expect(pull.github.comments).toEqual([first])
  await pull.run({ ...token, 'lint-rules': 'require-concurrent-index-creation=off' })
  expect(pull.github.comments.map(({ id }) => id)).toEqual([first?.id])
  expect(pull.github.comments[0]?.body).toBe(
    `<!-- shiplock:lint:shop: -->\n### ✔ Migration lint: Passed · 1 new migration, no findings. · commit ${pull.head.slice(0, 7)}\n`,
  )
})

test('writes no comment where there is nothing to say, unless it is always wanted', async () => {
  await using pull = await openPull({ change: { 'db/migrations/0004_a.sql': 'create table a (id bigint primary key);' } })
  const step = await pull.run(token)
  expect(step.ended.exitCode).toBe(0)
  expect(pull.github.comments).toEqual([])
  expect(step.summary.trim().split('\n')).toHaveLength(1)
  await pull.run({ ...token, comment: 'always' })
  expect(pull.github.comments).toHaveLength(1)
})

test('does not touch a comment of somebody else who planted the marker', async () => {
  await using pull = await openPull()
  const planted = { id: 1, own: false, body: '<!-- shiplock:lint:shop: -->\nall is well' }
  pull.github.comments.push({ ...planted })
  await pull.run(token)
  expect(pull.github.comments).toHaveLength(2)
  expect(pull.github.comments[0]).toEqual(planted)
})

test.each([403, 404, 422, 429, 500])('keeps its verdict when commenting is answered with %i', async (status) => {
  await using pull = await openPull()
  pull.github.fail({
    when: (method) => method === 'POST',
    status,
    headers: { 429: { 'retry-after': '3600' }, 500: { 'retry-after': '0' } }[status] ?? {},
  })
  const step = await pull.run(token)
  expect(step.ended.exitCode).toBe(1)
  expect(step.outputs.get('verdict')).toBe('fail')
  expect(detailsOf(step).notes.join()).toContain('No comment was written')
  expect(step.ended.stdout.includes('pull-requests: write')).toBe(status === 403 || status === 404)
})

test('writes nothing for a fork, and says all the rest', async () => {
  await using pull = await openPull({ fork: true })
  const step = await pull.run(token)
  expect(step.ended.exitCode).toBe(1)
  expect(marks(step)).toHaveLength(2)
  expect(step.summary).toContain('require-concurrent-index-creation')
  expect(pull.github.requests).toEqual([])
})

test.each(['pull_request_target', 'workflow_run', 'issue_comment'])('refuses %s, which gives foreign code our secrets', async (name) => {
  await using pull = await openPull()
  const step = await pull.run({}, { name, event: { ...pull.event, workflow_run: { event: 'pull_request' }, issue: { pull_request: {} } } })
  expect(step.ended.exitCode).toBe(2)
  expect(step.result?.commands[0]?.error?.code).toBe('unsafe-event')
})

test('judges by the settings of the base, and names those that the pull request would change', async () => {
  await using pull = await openPull({
    base: { 'shiplock.yml': 'lint:\n  fail-on: error\n' },
    change: {
      [index]: indexSql,
      'shiplock.yml': 'lint:\n  fail-on: never\n  rules:\n    require-concurrent-index-creation: "off"\n',
    },
  })
  const step = await pull.run({ ...token, 'lint-rules': '' })
  expect(step.ended.exitCode).toBe(1)
  expect(detailsOf(step).settings).toEqual([
    { name: 'lint.fail-on', base: 'error', proposed: 'never' },
    { name: 'lint.rules', proposed: 'require-concurrent-index-creation=off' },
  ])
  expect(marks(step).filter(({ name }) => name === 'notice')).toMatchObject([
    { properties: { title: 'config-changed', file: 'shiplock.yml' }, data: expect.stringContaining('lint.fail-on, lint.rules') },
  ])
  expect(pull.github.comments[0]?.body).toContain('config-changed')
  expect(step.summary).toContain('config-changed')
})

test('counts by the settings of the workflow before those of any file', async () => {
  await using pull = await openPull({ change: { [index]: indexSql, 'shiplock.yml': 'lint:\n  fail-on: error\n' } })
  const step = await pull.run({ 'fail-on': 'never' })
  expect(step.ended.exitCode).toBe(0)
  expect(detailsOf(step).settings).toEqual([])
})

test('works in a subfolder of the repository, and names files from its root where GitHub reads them', async () => {
  const below = (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`services/shop/${path}`, text]))
  await using pull = await openPull({
    base: below({
      'shiplock.yml': 'lint: { fail-on: error }\n',
      'db/migrations/0001_orders.sql': 'create table orders (id int, total int);',
    }),
    change: below({ [index]: indexSql }),
  })
  const step = await pull.run({ ...token, config: 'services/shop/shiplock.yml' })
  expect(detailsOf(step).findings.map(({ path }) => path)).toEqual([index])
  expect(marks(step)[0]?.properties.file).toBe(`services/shop/${index}`)
  expect(pull.github.comments[0]?.body).toContain(`blob/${pull.head}/services/shop/${index}#L2`)
})

test('shows ten marks of a kind at most, the verdict among them', async () => {
  const many = Array.from({ length: 30 }, (_, number) => `create index i${number} on orders (total);`).join('\n')
  await using pull = await openPull({ change: { [index]: many } })
  const step = await pull.run()
  const shown = marks(step)
  expect(shown).toHaveLength(10)
  expect(shown[8]?.data).toContain('22 more errors')
  expect(shown[9]?.data).toContain('30 errors in 1 file')
  expect(shown[9]?.properties).toEqual({})
})

test('asks GitHub when the checkout is cut off', async () => {
  await using pull = await openPull({ base: { 'shiplock.yml': 'lint: { fail-on: error }\n' } })
  const clone = join(pull.repository.dir, '.git/clone')
  await pull.repository.git('clone', '--quiet', '--depth', '1', `file://${pull.repository.dir}`, clone)
  pull.github.files = [{ filename: index, status: 'added' }]
  const tip = pull.event.pull_request as { base: { sha: string } }
  pull.github.texts = { [`${tip.base.sha}:shiplock.yml`]: 'lint: { fail-on: never }\n' }
  const step = await pull.run(token, { cwd: clone })
  expect(step.ended.exitCode).toBe(0)
  expect(detailsOf(step)).toMatchObject({
    findings: [{ path: index }],
    checked: 1,
    older: 2,
    settings: [{ name: 'lint.fail-on', base: 'never' }],
  })
  expect(detailsOf(step).notes.join()).toContain('GitHub was asked')

  const without = await pull.run({}, { cwd: clone })
  expect(without.ended.exitCode).toBe(2)
  expect(without.result?.commands[0]?.error).toMatchObject({ code: 'unknown-base', hint: expect.stringContaining('fetch-depth: 0') })
})

test.each([
  [403, 2, 'github-refused'],
  [500, 3, 'github-unreachable'],
] as const)('says what to do when GitHub answers %i to the question what changed', async (status, exitCode, code) => {
  await using pull = await openPull()
  const clone = join(pull.repository.dir, '.git/clone')
  await pull.repository.git('clone', '--quiet', '--depth', '1', `file://${pull.repository.dir}`, clone)
  pull.github.fail({ when: (_, path) => path.includes('/compare/'), status, headers: status === 500 ? { 'retry-after': '0' } : {} })
  const step = await pull.run(token, { cwd: clone })
  expect(step.ended.exitCode).toBe(exitCode)
  expect(step.result?.commands[0]?.error).toMatchObject({ code, hint: expect.stringContaining('fetch-depth: 0') })
})

test('obeys no command and shows no HTML that stands in a file name or in SQL', async () => {
  const name = 'db/migrations/0004_%0A::error::x <b>@everyone|`.sql'
  await using pull = await openPull({
    change: { [name]: 'create index "::set-output name=a::b ##[error]x <img src=x>" on orders (total);' },
  })
  const step = await pull.run(token)
  expect(commandsIn(step.ended.stdout).filter(({ name }) => !['add-mask', 'error'].includes(name))).toEqual([])
  expect(marks(step)).toHaveLength(2)
  const { body } = pull.github.comments[0] as { body: string }
  const html = nodesOf(parseGfm(body), 'html').map(({ value }) => value)
  expect(
    html.filter(
      (one) => !/^(<!-- shiplock:lint:[\w:%.-]+ -->|<\/?sub>|<\/details>|<details><summary>[\w (),-]+<\/summary>)$/.test(one ?? ''),
    ),
  ).toEqual([])
  expect(references(body)).toEqual([])
})
