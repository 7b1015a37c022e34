import { expect, test } from 'vitest'
import type { Context } from '../../src/commands/command.ts'
import { describeWayBack, sentenceBefore, wayBackOf } from '../../src/commands/way-back.ts'
import type { HistoryRow } from '../../src/migration/history.ts'
import type { Layout } from '../../src/migration/layout.ts'
import { goose } from '../../src/migration/layouts/goose.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { fakeContext } from '../fakes/context.ts'
import { exampleMigration } from '../lint/lint-example.ts'

const users = { ...exampleMigration(1, { sql: 'create table users (id bigint primary key, phone text);' }), checksum: 'one' }
const city = { ...exampleMigration(2, { sql: 'alter table users add column city text;' }), checksum: 'two' }
const phone = { ...exampleMigration(3, { sql: 'alter table users drop column phone;', phase: 'post' }), checksum: 'three' }

function deployed(release: string, day: number, migrations: readonly Migration[]): HistoryRow {
  return {
    event: 'deployed',
    release,
    commit: `commit of ${release}`,
    at: new Date(Date.UTC(2026, 10, day)),
    migrations: migrations.map(({ id, ...one }) => ({ ...one, name: id })),
  }
}
const rolledBack: HistoryRow = { event: 'rollback', release: 'v2', commit: undefined, at: new Date(Date.UTC(2026, 10, 20)) }

interface Given {
  readonly history: readonly HistoryRow[]
  readonly applied?: readonly Migration[]
  readonly files?: readonly Migration[]
  readonly layout?: Layout
  readonly context?: Partial<Context>
}

async function ahead(
  run: readonly Migration[],
  { history, applied = [users], files = [users, city, phone], layout = goose, context }: Given,
) {
  const entries = applied.map(({ version, phase, checksum }) => ({ version, phase, checksum, appliedAt: undefined }))
  const evidence = {
    migrations: files,
    entries,
    history: { rows: history, former: [] },
    gitVersions: async () => new Set<string>(),
    now: new Date(0),
  }
  const state = { evidence, plans: { applied: entries.length }, ledger: { layout } }
  const folders = { migrations: 'db/migrations', 'migrations-post': 'db/post_migrations' }
  return wayBackOf(run, state as never, 16, folders as never, fakeContext(context).context)
}

test('before a deploy the code that is live is what would come back', async () => {
  const way = await ahead([city, phone], { history: [deployed('v1', 1, [users])] })
  expect(describeWayBack(way)).toMatchObject({
    wayBack: { to: 'v1', steps: [{ shape: 'code-only' }, { shape: 'hotfix' }], pointOfNoReturn: { after: phone.id, phase: 'post' } },
  })
})

test('after it the release before is: the one that is live has what is still to run', async () => {
  const history = [deployed('v1', 1, [users]), deployed('v2', 2, [users, city, phone])]
  const way = await ahead([phone], { history, applied: [users, city] })
  expect(describeWayBack(way)).toMatchObject({ wayBack: { to: 'v1', pointOfNoReturn: { after: phone.id } } })
})

test('without a record, or after a rollback, what has run stands for the older code', async () => {
  for (const history of [[], [deployed('v1', 1, [users]), rolledBack]]) {
    expect(sentenceBefore(await ahead([phone], { history }))).toMatch(
      /^Point of no return: after 0003_example \(post\) older code that fits the schema before this run no longer works/,
    )
  }
})

test('what cannot be read is not known, and nothing is thrown', async () => {
  const context = { readFolder: async () => undefined, gitCommit: async () => undefined, gitPaths: async () => [] }
  const history = [deployed('v1', 1, [users, city])]
  expect(await ahead([phone], { history, files: [users, phone], context })).toEqual({
    notKnown: 'neither this checkout nor git holds 1 migration of v1, such as 0002_example',
  })
  const broken = await ahead([phone], { history, files: [users, phone] })
  expect(sentenceBefore(broken)).toMatch(/^The way back is not known: this test has no \w+\.$/)
})

test('nothing is asked and nothing is parsed when nothing is to run, or no code was here before', async () => {
  const unread = {
    ...phone,
    get up(): never {
      throw new Error('read')
    },
  }
  expect(describeWayBack(await ahead([], { history: [], files: [unread] }))).toEqual({})
  expect(sentenceBefore(await ahead([unread], { history: [], applied: [] }))).toMatch(/^No migration has run here before/)
})

const unit = '[Service]\nExecStartPre=/opt/shop migrate up\n'
const refusing: Layout = { ...goose, toleratesMissing: false }

test('where the tool refuses a newer version table the files of the older commit say whether its code would start', async () => {
  const asked: string[] = []
  const context: Partial<Context> = {
    gitCommit: async (name) => name,
    gitFiles: async (commit, isWanted) => {
      asked.push(commit)
      expect([isWanted('deploy/shop.service'), isWanted('src/shop.go')]).toEqual([true, false])
      return [{ path: 'deploy/shop.service', name: 'shop.service', bytes: Buffer.from(unit) }]
    },
  }
  const way = await ahead([city], { history: [deployed('v1', 1, [users])], layout: refusing, context })
  expect(asked).toEqual(['commit of v1'])
  expect(describeWayBack(way)).toMatchObject({
    wayBack: { steps: [{ shape: 'hotfix' }], pointOfNoReturn: { after: city.id, at: 'deploy/shop.service:2', effect: 'breaks-start' } },
  })
})

test('where git does not know that commit, those of this checkout do', async () => {
  const context: Partial<Context> = {
    gitCommit: async () => undefined,
    trackedPaths: async () => ['deploy/shop.service', 'src/shop.go'],
    readText: async () => unit,
  }
  const way = await ahead([city], { history: [deployed('v1', 1, [users])], layout: refusing, context })
  expect(describeWayBack(way)).toMatchObject({ wayBack: { pointOfNoReturn: { at: 'deploy/shop.service:2' } } })
})
