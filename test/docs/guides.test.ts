import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { binDir as installed, startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, type Project, shiplock } from '../program.ts'
import { refuse } from '../s3/faults.ts'
import { startFaultyS3 } from '../s3/server.ts'
import { pageAt, root } from './pages.ts'
import { actionOf, operations, policyOf } from './policy.ts'
import { scriptOf } from './walk.ts'

const run = promisify(execFile)

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

/** Types a script into a shell that knows `shiplock`, git and psql. */
async function typeIn({ dir }: Project, url: string, script: string): Promise<string> {
  const bin = join(dir, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'shiplock'), `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/cli.js')}" "$@"\n`, { mode: 0o755 })
  const ownDeploy = "git init --quiet && printf '#!/bin/sh\\n' > deploy.sh && chmod +x deploy.sh"
  const PATH = [bin, ...(installed === undefined ? [] : [installed]), process.env.PATH].join(delimiter)
  const person = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'Team'],
      [`GIT_${role}_EMAIL`, 'team@example.org'],
    ]),
  )
  const env = { PATH, HOME: dir, DATABASE_URL: url, GIT_CONFIG_NOSYSTEM: '1', ...person }
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script.replace('git init --quiet', ownDeploy)], { cwd: dir, env })
  return stdout
}

const columns =
  "select string_agg(attname, ',' order by attname) as names from pg_attribute where attrelid = 'orders'::regclass and attnum > 0 and not attisdropped"
const page = 'docs/quickstart.md'

describe('the quick start', () => {
  test.each([
    ['Plain SQL files', 'shiplock.ledger', 2],
    ['goose', 'goose_db_version_post', 1],
    ['golang-migrate', 'schema_migrations_post', 1],
    ['dbmate', 'schema_migrations', 1],
    ['sqlx', '_sqlx_migrations_post', 1],
    ['diesel', '__diesel_schema_migrations', 1],
    ['Prisma', '_prisma_migrations', 1],
    ['Flyway', 'flyway_schema_history_post', 1],
    ['A command of your own', 'shiplock.history', 1],
  ])(
    '%s: goes from an empty folder to a release with both phases',
    async (section, table, backups) => {
      const database = uniqueName('start')
      await using project = await makeProject()
      await typeIn(project, await server.createDatabase(database), scriptOf(page, section))
      expect(await server.query(columns, database)).toEqual([{ names: 'id,note' }])
      expect(await server.query(`select to_regclass('${table}') is not null as made`, database)).toEqual([{ made: true }])
      const stored = await readdir(join(project.dir, 'shop/.shiplock'), { recursive: true })
      expect(stored.filter((name) => name.endsWith('.manifest.json'))).toHaveLength(backups)
    },
    120_000,
  )

  test('in GitHub Actions: writes the check first, then the other workflows, and finds them up to date', async () => {
    await using project = await makeProject()
    const start = 'mkdir shop && cd shop && git init --quiet\nshiplock new create_orders\n'
    const script = scriptOf(page, 'In GitHub Actions').replace(/^GITHUB_TOKEN=.*\n/m, '')
    expect(await typeIn(project, server.url(), start + script)).toContain('Every workflow is up to date.')
    expect(await readdir(join(project.dir, 'shop/.github/workflows'))).toContain('release.yml')
  })
})

describe('the policies for Amazon S3', () => {
  const writer = policyOf('writer')
  const reader = policyOf('reader')

  test('hold what the store can ask for, and no more', () => {
    expect([...writer.actions].sort()).toEqual([...new Set(operations.map(actionOf))].sort())
    expect(writer.actions).toEqual(expect.arrayContaining([...reader.actions]))
  })

  test('are enough for a backup with the writer, and for a check and a drill with the reader', async () => {
    const database = uniqueName('bucket')
    const url = await server.createDatabase(database)
    await server.query('create table orders (id int primary key)', database)
    await using s3 = await startFaultyS3()
    await using project = await makeProject({ 'shiplock.yml': 'project: shop\n' })
    const start = (...args: string[]) =>
      shiplock([...args, '--store', 's3://backups', '--s3-endpoint', s3.endpoint], {
        cwd: project.dir,
        env: { DATABASE_URL: url, AWS_ACCESS_KEY_ID: 'AKIDOFATEST', AWS_SECRET_ACCESS_KEY: 'secretOfATest' },
      })
    expect((await start('backup', '--class', 'trial')).result.verdict).toBe('pass')
    for (const on of operations.filter((one) => !reader.actions.includes(actionOf(one))))
      s3.fail({ on, fault: refuse(403, 'AccessDenied') })
    expect((await start('verify-backup', '--level', 'read-back')).result.verdict).toBe('pass')
    const drill = await start('restore-drill')
    expect(drill.result.verdict).toBe('pass')
    expect(drill.stderr).toContain('the record of this drill was not kept beside the backup')

    for (const { operation } of s3.requests) expect(writer.actions).toContain(actionOf(operation))
    for (const { key, operation, query } of s3.requests)
      expect(key || query.get('prefix'), operation).toMatch(key ? /^shop\// : /^(?:shop\/|$)/)
  })

  test('expiry on Spaces goes by the prefixes that keys have', () => {
    const rules = pageAt('docs/spaces.md').blocks.flatMap(({ lang, text }) =>
      lang === 'json' && text.includes('Rules') ? JSON.parse(text).Rules : [],
    )
    expect(rules.map(({ Filter }: { Filter: { Prefix: string } }) => Filter.Prefix)).toEqual([
      'shop/backups/production/releases/',
      'shop/backups/production/daily/',
      '',
    ])
  })
})
