import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareQueries } from '../../src/adapters/postgres/prepare-queries.ts'
import { parseConnection } from '../../src/connection.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import { refusedAtBoot } from '../../src/rollback/boot.ts'
import { decide, lineByRules, type Shape } from '../../src/rollback/decide.ts'
import { withQueries } from '../../src/rollback/evidence.ts'
import { judgeSince } from '../../src/rollback/judge.ts'
import { readQueries } from '../../src/rollback/queries.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { exampleMigration } from '../lint/lint-example.ts'
import { corpus } from '../rollback/corpus/index.ts'
import { type CorpusRelease, shop, shopRows } from '../rollback/corpus/release.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
const counts = { 'code-only': 0, hotfix: 0, undecided: 0, reconnect: 0 }
beforeAll(async () => {
  server = await startServer()
  await server.query('create role app login')
  await server.createDatabase('shop')
  await server.query(shop, 'shop')
  await server.query(shopRows, 'shop')
})
afterAll(async () => {
  process.stdout.write(`${corpus.length} releases, ${corpus.filter(({ trap }) => trap).length} traps: ${JSON.stringify(counts)}\n`)
  await server?.stop()
})

test('the corpus holds at least 60 releases, and half of them are traps', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(60)
  expect(corpus.filter(({ trap }) => trap).length).toBeGreaterThanOrEqual(corpus.length / 2)
  expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length)
})

describe('the shape of each release is right', () => {
  test.each(corpus.map((release, index) => [release.name, release, `shop_${index}`] as const))('%s', async (_, release, database) => {
    await server.query(`create database ${database} template shop`)
    if (release.given !== undefined) await server.query(release.given, database)
    const running = await connect(database)
    try {
      const before = await answers(running, release)
      expect(
        before.filter((one) => one.startsWith('error')),
        'the older code works before',
      ).toEqual([])
      for (const file of release.since) await apply(file, database)
      if (release.after !== undefined) await server.query(release.after, database)
      const fresh = await connect(database)
      const now = await answers(fresh, release)
      await fresh.end()
      const broken = now.flatMap((answer, at) => (agrees(before[at] as string, answer) ? [] : [answer]))
      expect(broken.length === 0, broken.join('\n')).toBe(release.works)
      // a session from before may have to connect again, and meets nothing else
      const kept = await answers(running, release)
      const stale = kept.filter((answer) => answer.includes('cached plan must not change result type'))
      counts.reconnect += stale.length > 0 ? 1 : 0
      if (release.works) expect(kept.filter((answer, at) => !stale.includes(answer) && !agrees(before[at] as string, answer))).toEqual([])

      const { byRules, byQueries } = await shapes(release, database)
      counts[byQueries]++
      expect.soft(byRules, 'by rules').toBe(release.byRules)
      expect.soft(byQueries, 'with queries').toBe(release.byQueries)
      if (!release.works) expect([byRules, byQueries]).not.toContain('code-only')
    } finally {
      await running.end()
    }
  })
})

async function shapes(release: CorpusRelease, database: string): Promise<{ byRules: Shape; byQueries: Shape }> {
  const target = [shop, release.given ?? ''].map((sql, index) => exampleMigration(index + 1, { sql }))
  const since = release.since.map((file, index) =>
    typeof file === 'string'
      ? exampleMigration(index + 101, { sql: file })
      : exampleMigration(index + 101, { sql: file[0], transaction: false }),
  )
  const layout = release.layout ?? plain
  const judged = await judgeSince({ target, since, layout, postgres: server.major })
  const refused = refusedAtBoot(layout, release.boot ?? [])
  const atBoot = refused === undefined ? [] : [refused]
  const text = release.queries.map((one) => (typeof one === 'string' ? one : one.sql)).join(';\n')
  const { queries, unread } = await readQueries({ path: 'queries.sql', name: 'queries.sql', bytes: Buffer.from(text) })
  const target_ = { connection: parseConnection(server.url(database)), tls: { mode: 'off', ca: undefined } as const, role: undefined }
  const prepared = await prepareQueries(
    queries.map(({ sql }) => sql),
    target_,
    'corpus',
  )
  const asked = queries.map((query, index) => ({ query, answer: prepared[index] ?? { state: 'prepared' as const } }))
  return {
    byRules: decide([...judged.statements.map(lineByRules), ...atBoot], 'rules').shape,
    byQueries: decide([...withQueries(judged.statements, asked, unread, judged.schema), ...atBoot], 'queries').shape,
  }
}

async function connect(database: string): Promise<pg.Client> {
  const session = new pg.Client(server.url(database))
  await session.connect()
  await session.query('set role app')
  return session
}

async function apply(file: string | readonly [string], database: string): Promise<void> {
  if (typeof file === 'string') return void (await server.query(file, database))
  const parsed = await parseStatements(file[0])
  for (const { start, end } of 'problem' in parsed ? [] : parsed.statements) await server.query(file[0].slice(start, end), database)
}

/** What each query answers with each list of values; nothing of it stays. */
async function answers(session: pg.Client, { queries }: CorpusRelease): Promise<string[]> {
  const found: string[] = []
  for (const [index, one] of queries.entries()) {
    const { sql, values } = typeof one === 'string' ? { sql: one, values: [[]] } : one
    for (const list of values) {
      await session.query('begin')
      try {
        const { rows, rowCount } = await session.query({ name: `q${index}`, text: sql, values: [...list] })
        found.push(JSON.stringify([rowCount, rows]))
      } catch (error) {
        found.push(`error ${(error as pg.DatabaseError).code}: ${(error as Error).message}`)
      }
      await session.query('rollback')
    }
  }
  return found
}

/** Columns that are new are no difference to code that reads its own. */
function agrees(before: string, now: string): boolean {
  if (before === now) return true
  if (now.startsWith('error')) return false
  const [count, rows] = JSON.parse(before) as [number, Record<string, unknown>[]]
  const [others, found] = JSON.parse(now) as [number, Record<string, unknown>[]]
  return (
    count === others &&
    rows.every((row, at) => Object.entries(row).every(([name, value]) => JSON.stringify(found[at]?.[name]) === JSON.stringify(value)))
  )
}
