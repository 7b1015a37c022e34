import { describe, expect, test } from 'vitest'
import type { Context } from '../../src/commands/command.ts'
import command from '../../src/commands/lint.ts'
import { publishReview } from '../../src/commands/publish-review.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Conversation, LineComment } from '../../src/lint/conversation.ts'
import { ConversationError } from '../../src/lint/conversation.ts'
import { lintDetailsSchema } from '../../src/lint/publish/details.ts'
import type { Review } from '../../src/lint/review.ts'
import { fakeContext } from '../fakes/context.ts'
import { givenTo } from '../fakes/given.ts'
import { finding } from '../lint/publish/finding.ts'

const head = 'c'.repeat(40)
const pullRequest = { repository: 'acme/shop', number: 7, fork: false }
const files = {
  'db/migrations/0001_orders.sql': 'create table orders (id bigint primary key, total numeric);',
  'db/migrations/0002_idx.sql': 'create index i on orders (total);',
}

function review(given: Partial<Review> = {}): Review {
  return {
    base: 'b'.repeat(40),
    head,
    changes: [{ kind: 'added', path: 'db/migrations/0002_idx.sql' }],
    pullRequest: undefined,
    note: undefined,
    folder: '',
    proposed: false,
    textAtBase: async () => undefined,
    ...given,
  }
}

function project(of: Review, more: Partial<Context> = {}) {
  const source = (path: string, text: string) => ({ path, name: path.split('/').at(-1) as string, bytes: Buffer.from(text) })
  return fakeContext({
    openReview: async () => of,
    readText: async () => undefined,
    readFolder: async (folder) =>
      folder.endsWith('post_migrations') ? undefined : Object.entries(files).map(([path, text]) => source(path, text)),
    ...more,
  })
}

const paths = { migrations: '/srv/app/db/migrations', 'migrations-post': '/srv/app/db/post_migrations' }
const run = (context: Context, given: object = {}) => command.run(givenTo(command, { ...paths, ...given }), context)

describe('which migrations are checked', () => {
  test.each([
    ['those that the review adds', {}, 1],
    ['none that stand at or before start-after', { 'start-after': '2' }, 0],
    ['all, when all are asked for', { all: true }, 2],
    ['those that are named', { paths: ['db/migrations/0001_orders.sql'] }, 1],
    ['those that are named from here', { paths: ['./db/../db/migrations/0001_orders.sql', '/srv/app/db/migrations/0002_idx.sql'] }, 2],
    ['those of a folder that is named', { paths: ['db'] }, 2],
  ])('%s', async (_, given, checked) => {
    const outcome = await run(project(review()).context, given)
    expect(outcome.outputs?.files).toBe(checked)
  })

  test('a name that is no migration is an error, and not a pass', async () => {
    await expect(run(project(review()).context, { paths: ['db/migrations/0009_x.sql'] })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

test.each([
  ['error', 'fail'],
  ['warning', 'fail'],
  ['never', 'pass'],
] as const)('an error with fail-on: %s is a %s', async (failOn, verdict) => {
  expect((await run(project(review()).context, { 'fail-on': failOn })).verdict).toBe(verdict)
})

test('a file of which the parser made nothing is no pass, and is not counted as checked', async () => {
  const { context } = project(review(), {
    readFolder: async (folder) =>
      folder.endsWith('post_migrations')
        ? undefined
        : [{ path: 'db/migrations/0002_idx.sql', name: '0002_idx.sql', bytes: Buffer.from('drop table users; not sql') }],
  })
  const off = { 'lint-rules': new Map([['require-down', 'off']]) }
  expect(await run(context, off)).toMatchObject({
    verdict: 'inconclusive',
    reason: '1 warning in 1 file; 0 new migrations were checked, 1 could not be read.',
  })
  expect((await run(context, { ...off, 'fail-on': 'never' })).verdict).toBe('pass')
})

test('new migrations that start-after leaves out are told of', async () => {
  const { details } = await run(project(review()).context, { 'start-after': '20240131' })
  expect(details?.notes).toEqual(['start-after leaves out 1 new migration, db/migrations/0002_idx.sql first.'])
})

test('a finding weaker than fail-on passes, and is told all the same', async () => {
  const weak = {
    'lint-rules': new Map([
      ['require-concurrent-index-creation', 'warning'],
      ['require-down', 'off'],
    ]),
  }
  const outcome = await run(project(review()).context, weak)
  expect(outcome).toMatchObject({ verdict: 'pass', outputs: { errors: 0, warnings: 1 } })
  expect((await run(project(review()).context, { ...weak, 'fail-on': 'warning' })).verdict).toBe('fail')
})

test('the details have the shape that the schema says, with the line that each finding is about', async () => {
  const { details } = await run(project(review()).context)
  expect(lintDetailsSchema.strict().parse(details).findings[0]?.source).toEqual({
    text: files['db/migrations/0002_idx.sql'],
    from: 0,
    width: 32,
  })
})

test('a fork reaches no database', async () => {
  const fork = review({ pullRequest: { ...pullRequest, fork: true }, proposed: true })
  const given = new Map([['schema-from', 'database']]) as Context['sources']['given']
  const { context } = project(fork, {
    sources: { given, config: new Map(), surroundings: new Map(), baseDir: '/srv/app', configFile: undefined },
  })
  await expect(run(context, { 'schema-from': 'database' })).rejects.toMatchObject({ code: 'unsafe-event', exitCode: 2 })
})

describe('settings of a change that waits to be accepted', () => {
  const proposed = (base: string | undefined, here: string, texts: Readonly<Record<string, string>> = {}) => {
    const of = review({ proposed: true, textAtBase: async (path) => (path === 'shiplock.yml' ? base : texts[path]) })
    const config = loadConfig(here, 'shiplock.yml')
    return project(of, { sources: { given: new Map(), config, surroundings: new Map(), baseDir: '/srv/app', configFile: 'shiplock.yml' } })
      .context
  }

  test('are those of the base, also where it sets nothing', async () => {
    const context = proposed(undefined, 'lint: { fail-on: never, start-after: 99 }\n')
    const outcome = await run(context, { 'fail-on': 'never', 'start-after': '99' })
    expect(outcome.verdict).toBe('fail')
    expect(lintDetailsSchema.parse(outcome.details).settings).toEqual([
      { name: 'lint.fail-on', proposed: 'never' },
      { name: 'lint.start-after', proposed: '99' },
    ])
  })

  test('hold no difference where the files say the same in other words', async () => {
    const outcome = await run(proposed('# old\nlint:\n  fail-on: error\n', 'lint: { fail-on: "error" }\n'))
    expect(lintDetailsSchema.parse(outcome.details).settings).toEqual([])
  })

  test('are the defaults where the file of the base cannot be used, which the change may mend', async () => {
    const outcome = await run(proposed('lint: { nonsense: 1 }\n', 'lint: { fail-on: never }\n'), { 'fail-on': 'never' })
    expect(outcome.verdict).toBe('fail')
    expect(lintDetailsSchema.parse(outcome.details).notes.join()).toContain('cannot be used')
  })

  test("cover squawk's file too", async () => {
    const outcome = await run(proposed(undefined, '', { '.squawk.toml': 'excluded_rules = []\n' }))
    expect(lintDetailsSchema.parse(outcome.details).settings).toEqual([{ name: '.squawk.toml', base: '2 lines' }])
  })
})

describe('the pull request', () => {
  const statement = 'create index i on orders (total)'
  const replaceable = finding({
    path: 'db/migrations/0002_idx.sql',
    statement,
    replacement: 'create index concurrently i on orders (total)',
    end: { offset: statement.length, line: 1, column: statement.length + 1 },
  })
  const details = { head, checked: 1, older: 1, findings: [replaceable], suppressed: [], settings: [], notes: [] }

  function publish(comment: 'on-findings' | 'never', conversation: Partial<Conversation> = {}) {
    const written: string[] = []
    const suggested: LineComment[] = []
    const whole: Conversation = {
      ownComments: async () => ({ head, comments: written.map((body, id) => ({ id, body })) }),
      write: async (body) => void written.push(body),
      rewrite: async () => {},
      remove: async () => {},
      ownLineComments: async () => suggested.map(({ body }) => body),
      commentOnLines: async (_, comments) => void suggested.push(...comments),
      ...conversation,
    }
    const { context, lines } = fakeContext({ openConversation: async () => whole })
    const inputs = { comment, 'github-token': 'x' }
    const publication = {
      inputs,
      review: review({ pullRequest }),
      verdict: 'fail' as const,
      reason: 'r',
      details,
      texts: new Map(Object.entries(files)),
    }
    return { written, suggested, lines, again: () => publishReview(publication, context) }
  }

  test('gets a comment, and a suggestion once', async () => {
    const { written, suggested, again } = publish('on-findings')
    expect(await again()).toEqual([])
    await again()
    expect(written).toHaveLength(1)
    expect(suggested).toMatchObject([{ path: 'db/migrations/0002_idx.sql', startLine: 1, body: expect.stringContaining('concurrently') }])
  })

  test('gets neither when comments are switched off', async () => {
    const { written, suggested, again } = publish('never')
    await again()
    expect([written, suggested]).toEqual([[], []])
  })

  test('that may not be written to is told with the permissions to paste', async () => {
    const { lines, again } = publish('on-findings', {
      write: () => Promise.reject(new ConversationError('HTTP 403', true)),
    })
    expect(await again()).toEqual([expect.stringContaining('pull-requests: write')])
    expect(lines.join('\n')).toContain('  permissions:\n    contents: read\n    pull-requests: write')
  })
})
