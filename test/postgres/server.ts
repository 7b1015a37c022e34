import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDaemon } from '../../src/adapters/daemon.ts'
import { freePort } from '../../src/adapters/free-port.ts'
import { type Cluster, startCluster } from '../../src/adapters/postgres/cluster.ts'
import { serverAccount } from '../../src/adapters/postgres/server-account.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { makeWorkspace, type Workspace } from '../../src/adapters/workspace.ts'

/** A real server on 127.0.0.1 for one test file. */
export interface TestServer extends AsyncDisposable {
  readonly port: number
  /** Major version. */
  readonly major: number
  readonly socketDir: string
  /** The connection string of the superuser `postgres`, with its awkward password percent-encoded. */
  url(database?: string): string
  /** One query, or several statements, as superuser; the rows of the last that has any. */
  query<Row = Record<string, unknown>>(sql: string, database?: string): Promise<Row[]>
  /** Makes an empty database and returns its connection string. */
  createDatabase(name: string): Promise<string>
  /** Ends every connection, in the middle of whatever it does, and starts again on the same port. */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  stop(): Promise<void>
}

/** Every character has a meaning in a URL, a shell, a connection string or a workflow command. */
export const awkwardPassword = `p@ss%/wörd$:'"\\ #?&`

/** Another version than the oldest installed one is tested by naming its folder here. */
export const binDir = process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined

interface ServerOptions {
  readonly settings?: Record<string, string>
  /** Another installation than the one that tests use. */
  readonly binDir?: string
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const tools = await findTools({
    major: 13,
    set: 'server',
    binDir: options.binDir ?? binDir,
    install: false,
    env: process.env,
    say: () => {},
  })
  for (let tries = 1; ; tries++) {
    const account = serverAccount()
    const workspace = await makeWorkspace({ roots: [tmpdir()], owner: account })
    const port = await freePort()
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: workspace.path,
      fsync: 'off',
      shared_buffers: '32MB',
      ...options.settings,
    }
    const folder = workspace.path
    const env = toolEnvironment(process.env)
    try {
      const cluster = await startCluster({
        tools,
        account,
        folder,
        superuser: 'postgres',
        password: awkwardPassword,
        host: '127.0.0.1',
        port,
        settings,
        env,
      })
      const start = async () => {
        const configured = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
        const args = ['-D', join(folder, 'data'), '-p', String(port), ...configured]
        await startDaemon(join(tools.binDir, 'postgres'), args, { env, cwd: folder, logFile: join(folder, 'server.log'), account })
      }
      return testServer(cluster, workspace, port, tools.major, start)
    } catch (error) {
      await workspace[Symbol.asyncDispose]()
      if (tries === 3) throw error // another process may have taken the port meanwhile
    }
  }
}

function testServer(cluster: Cluster, workspace: Workspace, port: number, major: number, start: () => Promise<void>): TestServer {
  const url = (database = 'postgres') =>
    `postgres://postgres:${encodeURIComponent(awkwardPassword)}@127.0.0.1:${port}/${encodeURIComponent(database)}`
  const stop = async () => {
    await cluster.stop()
    await workspace[Symbol.asyncDispose]()
  }
  async function query<Row>(sql: string, database = 'postgres'): Promise<Row[]> {
    await using open = await cluster.connect({ database, user: 'postgres', password: awkwardPassword })
    const answer = await open.client.query(sql)
    const answers = Array.isArray(answer) ? (answer as (typeof answer)[]) : [answer]
    return (answers.filter((one) => one.fields.length > 0 || one.command === 'SELECT').at(-1)?.rows ?? []) as Row[]
  }
  const createDatabase = async (name: string) => {
    await query(`create database "${name.replaceAll('"', '""')}"`)
    return url(name)
  }
  const restart = async (mode: 'fast' | 'immediate') => {
    await cluster.stop(mode)
    await start()
    for (let tries = 0; ; tries++) {
      try {
        await query('select 1')
        return
      } catch (error) {
        if (tries === 200) throw error
        await sleep(50)
      }
    }
  }
  return { port, major, socketDir: workspace.path, url, query, createDatabase, restart, stop, [Symbol.asyncDispose]: stop }
}

/** A name that no other test uses. */
export function uniqueName(stem: string): string {
  return `${stem}_${randomBytes(4).toString('hex')}`
}
