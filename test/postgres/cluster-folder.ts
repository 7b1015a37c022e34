import { chown, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDaemon } from '../../src/adapters/daemon.ts'
import { freePort } from '../../src/adapters/free-port.ts'
import { openClient } from '../../src/adapters/postgres/client.ts'
import { serverAccount } from '../../src/adapters/postgres/server-account.ts'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { killServersIn } from '../../src/adapters/stray-servers.ts'
import { makeWorkspace } from '../../src/adapters/workspace.ts'
import { binDir } from './server.ts'

const password = 'pw-of-postgres'
const account = serverAccount()
const env = { ...toolEnvironment(process.env), PGPASSWORD: password }

/** A cluster on disk: it can be stopped, started somewhere else, copied file by file and upgraded. */
export interface ClusterFolder extends AsyncDisposable {
  readonly path: string
  readonly data: string
  start(port?: number): Promise<StartedCluster>
}

export interface StartedCluster {
  readonly port: number
  url(database: string): string
  query<Row = Record<string, unknown>>(sql: string, database?: string): Promise<Row[]>
  stop(): Promise<void>
}

/** An empty cluster, not started. */
export async function initCluster(): Promise<ClusterFolder> {
  const folder = await emptyFolder()
  const passwordFile = join(folder.path, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
  const args = [`--pgdata=${folder.data}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8']
  await runTool('initdb', [...args, '--locale=C', '--no-sync'], folder.path)
  return folder
}

/** The files of a running cluster, as a managed service's fork or a replica has them. */
export async function copyCluster(source: StartedCluster, { standby = false } = {}): Promise<ClusterFolder> {
  const folder = await emptyFolder()
  const from = ['--host=127.0.0.1', `--port=${source.port}`, '--username=postgres', '--checkpoint=fast', '--no-sync']
  await runTool('pg_basebackup', [`--pgdata=${folder.data}`, ...from, ...(standby ? ['--write-recovery-conf'] : [])], folder.path)
  return folder
}

/** The databases of a stopped cluster, in a new one. */
export async function upgradeCluster(old: ClusterFolder): Promise<ClusterFolder> {
  const folder = await initCluster()
  const { binDir: bin } = await tools()
  const folders = [`--old-bindir=${bin}`, `--new-bindir=${bin}`, `--old-datadir=${old.data}`, `--new-datadir=${folder.data}`]
  await runTool('pg_upgrade', [...folders, '--username=postgres', `--socketdir=${folder.path}`], folder.path)
  return folder
}

/** The output of one of PostgreSQL's programs. Throws with what it said. */
export async function runTool(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { binDir: bin } = await tools()
  const { exitCode, stdout, stderr } = await runChild(join(bin, program), args, { env, user: account, cwd })
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}:\n${stdout}\n${stderr}`)
}

function tools() {
  return findTools({ major: 13, set: 'server', binDir, install: false, env: process.env, say: () => {} })
}

async function emptyFolder(): Promise<ClusterFolder> {
  const workspace = await makeWorkspace({ roots: [tmpdir()], owner: account })
  const data = join(workspace.path, 'data')
  return {
    path: workspace.path,
    data,
    start: (port) => startCluster(workspace.path, data, port),
    async [Symbol.asyncDispose]() {
      await killServersIn(workspace.path)
      await workspace[Symbol.asyncDispose]()
    },
  }
}

async function startCluster(folder: string, data: string, wanted: number | undefined): Promise<StartedCluster> {
  const port = wanted ?? (await freePort())
  const { binDir: bin } = await tools()
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off', 'shared_buffers=32MB']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const server = await startDaemon(join(bin, 'postgres'), args, { env, cwd: folder, logFile: join(folder, 'server.log'), account })
  const connect = (database: string) =>
    openClient({
      connection: {
        host: '127.0.0.1',
        port,
        user: 'postgres',
        password,
        database,
        sslmode: undefined,
        sslrootcert: undefined,
        sslcert: undefined,
        sslkey: undefined,
        connectTimeoutMs: 15_000,
        settings: [],
      },
      tls: { mode: 'off', ca: undefined },
      applicationName: 'test',
    })
  const started: StartedCluster = {
    port,
    url: (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    async query<Row>(sql: string, database = 'postgres') {
      await using open = await connect(database)
      return (await open.client.query(sql)).rows as Row[]
    },
    async stop() {
      server.kill('SIGINT')
      await server.ended(10_000)
    },
  }
  for (let tries = 0; ; tries++) {
    try {
      await started.query('select 1')
      return started
    } catch (error) {
      if (server.hasEnded() || tries === 200) throw error
      await sleep(50)
    }
  }
}
