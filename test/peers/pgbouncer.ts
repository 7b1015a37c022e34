import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { startDaemon } from '../../src/adapters/daemon.ts'
import { freePort } from '../../src/adapters/free-port.ts'
import { serverAccount } from '../../src/adapters/postgres/server-account.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { installPackages } from '../debian-packages.ts'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, shiplock } from '../program.ts'

const run = promisify(execFile)
const say = (text: string) => process.stderr.write(`${text}\n`)
const program = '/usr/sbin/pgbouncer'

/** Proves with the real PgBouncer that pools which share sessions are refused, and that session mode works. */
async function main(): Promise<number> {
  await installPgBouncer()
  const search = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: true, env: process.env, say }
  await findTools({ ...search, major: 13, set: 'server' })
  await using server = await startServer()
  await findTools({ ...search, major: server.major, set: 'client' })
  await server.query("create role peer superuser login password 'peer'")
  say(`${(await run(program, ['--version'])).stdout.split('\n')[0]} against PostgreSQL ${server.major}`)
  let failed = 0
  for (const [name, check] of Object.entries(cases)) {
    const from = performance.now()
    try {
      await check(server)
      process.stdout.write(`ok    ${name} (${Math.round(performance.now() - from)} ms)\n`)
    } catch (error) {
      failed++
      process.stdout.write(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return failed
}

async function installPgBouncer(): Promise<void> {
  if (await run(program, ['--version']).catch(() => undefined)) return
  await installPackages(['pgbouncer'], say)
  await run(program, ['--version'])
}

interface Pool extends AsyncDisposable {
  /** A database of its own, by way of the pool. */
  readonly url: string
  /** Another client of the pool. */
  client(): Promise<pg.Client & AsyncDisposable>
}

async function startPool(server: TestServer, settings: Readonly<Record<string, string>>): Promise<Pool> {
  const database = uniqueName('pooled')
  await server.createDatabase(database)
  const account = serverAccount()
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'))
  const port = await freePort()
  const options = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(folder, 'users'),
    ...settings,
  }
  const lines = Object.entries(options).map(([name, value]) => `${name} = ${value}`)
  const config = `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\n${lines.join('\n')}\n`
  await writeFile(join(folder, 'users'), '"peer" "peer"\n')
  await writeFile(join(folder, 'pgbouncer.ini'), config)
  if (account !== undefined) for (const path of ['', 'users', 'pgbouncer.ini']) await chown(join(folder, path), account.uid, account.gid)
  const logFile = join(folder, 'log')
  const daemon = await startDaemon(program, [join(folder, 'pgbouncer.ini')], {
    env: toolEnvironment(process.env),
    cwd: folder,
    logFile,
    account,
  })
  const url = `postgres://peer@127.0.0.1:${port}/${database}?sslmode=disable`
  const client = async () => {
    const one = new pg.Client({ connectionString: url })
    await one.connect()
    return Object.assign(one, { [Symbol.asyncDispose]: () => one.end() })
  }
  const stop = async () => {
    daemon.kill('SIGTERM')
    await daemon.ended(3000)
    daemon.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  for (let tries = 0; ; tries++) {
    try {
      await (await client()).end()
      return { url, client, [Symbol.asyncDispose]: stop }
    } catch (error) {
      const log = await readFile(logFile, 'utf8')
      if (tries < 100 && !daemon.hasEnded()) await sleep(50)
      else {
        await stop()
        throw new Error(`pgbouncer does not answer: ${log}`, { cause: error })
      }
    }
  }
}

const files = {
  'db/migrations/1_a.sql': 'create table a (x int);',
  'db/migrations/2_b.sql': 'alter table a add column y int;',
  'db/migrations/3_c.sql': '-- shiplock: no-transaction\ncreate index concurrently a_x on a (x);',
}
const plan = ['plan']
const migrate = ['migrate', '--phase', 'pre']
const backup = ['backup']

async function results({ url }: Pool, commands: readonly (readonly string[])[]) {
  await using project = await makeProject(files)
  const answers = []
  const store = `file://${project.dir}/backups`
  for (const args of commands) {
    const { result, exitCode } = await shiplock([...args, ...(args === backup ? ['--store', store] : []), '--project', 'shop'], {
      cwd: project.dir,
      env: { DATABASE_URL: url },
    })
    answers.push({ exitCode, error: result.commands[0]?.error })
  }
  return answers
}

/** Every command says what stands in between, in good time, and leaves the server processes as they were. */
async function refuses(pool: Pool): Promise<void> {
  const from = performance.now()
  for (const { exitCode, error } of await results(pool, [plan, migrate, backup]))
    assert.deepEqual([exitCode, error?.code], [2, 'pooler-detected'])
  assert.ok(performance.now() - from < 60_000)
  await using client = await pool.client()
  for (let tries = 0; tries < 6; tries++) {
    const { rows } = await client.query(
      "select current_setting('search_path') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('tcp_keepalives_idle') as left",
    )
    assert.match(rows[0].left, /^"\$user", public 0 (?!30$)/)
  }
}

/** As many server processes as the pool may have, so that two clients can see two of them. */
async function warm(pool: Pool, size: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: size }, () => pool.client()))
  await Promise.all(clients.map((client) => client.query('begin')))
  for (const client of clients) await client.query('commit')
  await Promise.all(clients.map((client) => client.end()))
}

const cases: Record<string, (server: TestServer) => Promise<void>> = {
  'transaction mode with one server process is refused': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'transaction', default_pool_size: '1' })
    await refuses(pool)
  },

  'transaction mode with several is refused': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'transaction', default_pool_size: '5' })
    await warm(pool, 5)
    await refuses(pool)
  },

  'transaction mode that hands out each in turn is refused, though two clients see two': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'transaction', default_pool_size: '2', server_round_robin: '1' })
    await warm(pool, 2)
    await using one = await pool.client()
    await using other = await pool.client()
    const pid = async (client: pg.Client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid
    assert.notEqual(await pid(one), await pid(other))
    await refuses(pool)
  },

  'transaction mode is refused while others use the pool': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'transaction', default_pool_size: '3' })
    let isOver = false
    const others = [5, 7, 11, 13].map(async (ms) => {
      await using client = await pool.client()
      while (!isOver) await client.query(`select pg_sleep(${ms / 1000})`)
    })
    try {
      await refuses(pool)
    } finally {
      isOver = true
      await Promise.all(others)
    }
  },

  'statement mode is refused': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'statement', default_pool_size: '3' })
    await refuses(pool)
  },

  'session mode plans, migrates and backs up': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'session', default_pool_size: '5' })
    for (const { exitCode, error } of await results(pool, [plan, migrate, migrate, backup]))
      assert.deepEqual([exitCode, error], [0, undefined])
  },

  'session mode with one server process says that a second is needed': async (server) => {
    await using pool = await startPool(server, { pool_mode: 'session', default_pool_size: '1' })
    const [answer] = await results(pool, [migrate])
    assert.deepEqual([answer?.exitCode, answer?.error?.code], [2, 'pooler-detected'])
  },
}

process.exitCode = (await main()) === 0 ? 0 : 1
