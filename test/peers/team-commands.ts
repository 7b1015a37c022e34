import { strict as assert } from 'node:assert'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, type Project, shiplock } from '../program.ts'
import { buildGoProgram } from './go-tool.ts'
import { installRails } from './ruby.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** A program that runs its own migrations: two before the deploy, which make users(name, email), and one after it, which drops the name. */
interface Peer {
  readonly name: string
  /** Its folder, when the command needs one. */
  readonly app?: string
  readonly command: readonly string[]
  /** Versions that its own tables hold, as one query. */
  readonly versions: string
  readonly pre: readonly string[]
  readonly post: string
}

/** Proves that programs of two kinds run under the layout command: a Go service that embeds goose, and a Rails application. */
async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'team-commands-'))
  try {
    const go = await buildGoProgram(join(import.meta.dirname, 'embedded-goose'), folder, say)
    const { ruby, rails } = await installRails(say)
    await findTools({
      major: 13,
      set: 'server',
      binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined,
      install: true,
      env: process.env,
      say,
    })
    await using server = await startServer()
    const peers: Peer[] = [
      {
        name: 'a Go service that embeds goose',
        command: [go],
        versions:
          'select version_id::text as version from (table goose_db_version union all table goose_db_version_post) as both_tables where version_id > 0 order by 1',
        pre: ['1', '3'],
        post: '2',
      },
      {
        name: `Rails ${rails} on Ruby ${ruby}`,
        app: join(import.meta.dirname, 'rails'),
        command: ['rake', 'db:migrate'],
        versions: 'select version from schema_migrations order by 1',
        pre: ['20260101000001', '20260103000003'],
        post: '20260102000002',
      },
    ]
    let failed = 0
    for (const peer of peers)
      for (const [name, check] of Object.entries(cases)) failed += await tell(`${peer.name} ${name}`, peer, check, server)
    console.log(failed === 0 ? 'all passed' : `${failed} failed`)
    return failed
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function tell(name: string, peer: Peer, check: Case, server: TestServer): Promise<number> {
  const database = uniqueName('peer')
  const url = await server.createDatabase(database)
  await using project = await makeProject({ 'shiplock.yml': `project: shop\nmigrations: { command: ${JSON.stringify(peer.command)} }\n` })
  try {
    if (peer.app !== undefined) await cp(peer.app, project.dir, { recursive: true })
    await check(siteOf(peer, project, server, database, url))
    console.log(`ok    ${name}`)
    return 0
  } catch (error) {
    console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

type Site = ReturnType<typeof siteOf>
type Case = (site: Site) => Promise<void>

function siteOf(peer: Peer, { dir }: Project, server: TestServer, database: string, url: string) {
  const query = <Row = Record<string, unknown>>(sql: string) => server.query<Row>(sql, database)
  const columns = async () =>
    (
      await query<{ name: string }>(
        "select column_name::text as name from information_schema.columns where table_name = 'users' order by 1",
      )
    ).map(({ name }) => name)
  const versions = async () => (await query<{ version: string }>(peer.versions)).map(({ version }) => version)
  const run = async (...args: string[]) => {
    const ended = await shiplock([...args, '--release', 'v1', '--database-url', url], {
      cwd: dir,
      env: { RAILS_ENV: 'production', SECRET_KEY_BASE: 'x' },
    })
    const [command] = ended.result.commands
    assert(command)
    return { command, stderr: ended.stderr }
  }
  return { peer, url, query, columns, versions, run }
}

const cases: Record<string, Case> = {
  'runs its pre migrations before the deploy and its post migrations after it': async ({ peer, run, columns, query, versions }) => {
    const pre = await run('migrate', '--phase', 'pre')
    assert.equal(pre.command.verdict, 'pass', pre.stderr)
    assert.deepEqual(await columns(), ['email', 'id', 'name'])
    assert.equal((await run('migrate', '--phase', 'post')).command.error?.code, 'post-not-allowed')
    assert.equal((await run('record', 'deployed')).command.verdict, 'pass')
    const post = await run('migrate', '--phase', 'post')
    assert.equal(post.command.verdict, 'pass', post.stderr)
    assert.deepEqual(await columns(), ['email', 'id'])
    assert.deepEqual(await versions(), [...peer.pre, peer.post].sort())
    assert.equal((await run('migrate', '--phase', 'post')).command.verdict, 'pass')
    assert.deepEqual(await query("select phase, state from shiplock.history where event = 'command' order by id"), [
      { phase: 'pre', state: 'applied' },
      { phase: 'post', state: 'applied' },
      { phase: 'post', state: 'applied' },
    ])
  },

  'runs both phases at once on a fresh database': async ({ peer, run, versions }) => {
    const all = await run('migrate', '--phase', 'all')
    assert.equal(all.command.verdict, 'pass', all.stderr)
    assert.deepEqual(await versions(), [...peer.pre, peer.post].sort())
  },

  'gives up a lock that somebody holds, names the holder, and goes on in the next run': async ({ run, url, columns }) => {
    await run('migrate', '--phase', 'pre')
    await run('record', 'deployed')
    const holder = new pg.Client({ connectionString: url, application_name: 'report' })
    await holder.connect()
    await holder.query('begin; lock table users in access share mode')
    try {
      const { command, stderr } = await run('migrate', '--phase', 'post', '--stall-budget', '500ms')
      assert.equal(command.error?.code, 'migration-failed', stderr)
      assert.match(
        command.error.message,
        /AccessExclusiveLock on public\.users, held by server process \d+ \(user postgres, application report/,
      )
      assert.match(stderr, /lock timeout/i)
      assert(Number(command.guarded) >= 1)
    } finally {
      await holder.end()
    }
    assert.equal((await run('migrate', '--phase', 'post')).command.verdict, 'pass')
    assert.deepEqual(await columns(), ['email', 'id'])
  },
}

process.exitCode = (await main()) === 0 ? 0 : 1
