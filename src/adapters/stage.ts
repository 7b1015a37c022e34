import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CommandRun, Session, Stage } from '../demo/stage.ts'
import { resultSchema } from '../result.ts'
import { openClient } from './postgres/client.ts'
import { type Cluster, startCluster } from './postgres/cluster.ts'
import { serverAccount } from './postgres/server-account.ts'
import { findTools, toolEnvironment } from './postgres/tools.ts'
import { startChild } from './process.ts'
import { makeWorkspace, sweepWorkspaces, type Workspace } from './workspace.ts'

interface StageOptions {
  readonly tools: { readonly binDir: string | undefined; readonly install: boolean }
  /** The file that was started: the commands are the same program. */
  readonly program: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly roots: readonly string[]
  readonly signal: AbortSignal
  readonly say: (text: string) => void
}

const oldestMajor = 13
/** Where folders are made as well, when the roots cannot be used. */
const otherRoots = ['/tmp', '/var/tmp']
const port = 5432 // of a socket in a private folder: nothing else can have it
/** A command that was asked to stop gets this long; we have seven seconds ourselves. */
const graceMs = 3000

/** Starts a server that only its own folder's socket reaches, with an empty database `shop` of a plain role. */
export async function makeStage(options: StageOptions): Promise<Stage> {
  const { env, roots, signal, say } = options
  for (const path of await sweepWorkspaces([...roots, ...otherRoots])) say(`removed what an earlier run had to leave behind: ${path}`)
  const server = await findTools({ ...options.tools, major: oldestMajor, set: 'server', env, say })
  await findTools({ ...options.tools, major: server.major, set: 'client', env, say })
  const account = serverAccount()
  const workspace = await makeWorkspace({ roots, owner: account })
  const superuser = { database: 'postgres', user: 'postgres', password: randomBytes(16).toString('hex') }
  const shop = { database: 'shop', user: 'shop', password: randomBytes(16).toString('hex') }
  try {
    const cluster = await startCluster({
      tools: server,
      account,
      folder: workspace.path,
      superuser: superuser.user,
      password: superuser.password,
      host: workspace.path,
      port,
      settings: { listen_addresses: '', unix_socket_directories: JSON.stringify(workspace.path), fsync: 'off', max_connections: '40' },
      env: toolEnvironment(env),
      signal,
    })
    const pid = Number.parseInt(await readFile(join(workspace.path, 'data', 'postmaster.pid'), 'utf8'), 10)
    const project = join(workspace.path, 'project')
    const stage = new LocalStage({ ...options, workspace, cluster, pid, project, shop, serverVersion: server.version })
    try {
      await mkdir(project)
      await using open = await cluster.connect(superuser)
      await open.client.query(`create role shop login password '${shop.password}'`)
      await open.client.query('create database shop owner shop')
      return stage
    } catch (error) {
      await stage[Symbol.asyncDispose]()
      throw error
    }
  } catch (error) {
    await workspace[Symbol.asyncDispose]()
    throw error
  }
}

interface StageParts extends StageOptions {
  readonly workspace: Workspace
  readonly cluster: Cluster
  /** The server's. */
  readonly pid: number
  readonly project: string
  readonly shop: { readonly database: string; readonly user: string; readonly password: string }
  readonly serverVersion: string
}

class LocalStage implements Stage {
  readonly #parts: StageParts
  #killedOne = false

  constructor(parts: StageParts) {
    this.#parts = parts
    process.once('exit', this.#abandon)
  }

  get serverVersion(): string {
    return this.#parts.serverVersion
  }

  async connect(applicationName: string): Promise<Session> {
    const { workspace, shop, signal } = this.#parts
    signal.throwIfAborted()
    const unset = { sslmode: undefined, sslrootcert: undefined, sslcert: undefined, sslkey: undefined, settings: [] }
    const connection = { ...unset, ...shop, host: workspace.path, port, connectTimeoutMs: 15_000 }
    const open = await openClient({ connection, tls: { mode: 'off', ca: undefined }, applicationName })
    const close = () => open[Symbol.asyncDispose]()
    signal.addEventListener('abort', close, { once: true })
    return {
      query: async ({ text, name }, values) => {
        const { rows } = await open.client.query({
          text,
          ...(name === undefined ? {} : { name }),
          ...(values === undefined ? {} : { values: [...values] }),
        })
        return rows ?? []
      },
      async [Symbol.asyncDispose]() {
        signal.removeEventListener('abort', close)
        await close()
      },
    }
  }

  async writeFiles(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) {
      const whole = join(this.#parts.project, path)
      await mkdir(dirname(whole), { recursive: true })
      await writeFile(whole, text)
    }
  }

  async shiplock(args: readonly string[]): Promise<CommandRun> {
    const { program, project, signal } = this.#parts
    signal.throwIfAborted()
    const child = startChild(process.execPath, [...process.execArgv, program, ...args, '--json'], {
      env: this.#environment(),
      cwd: project,
    })
    let forced: NodeJS.Timeout | undefined
    const stop = () => {
      child.kill('SIGTERM')
      forced = setTimeout(() => {
        this.#killedOne = true
        child.kill('SIGKILL')
      }, graceMs)
    }
    signal.addEventListener('abort', stop, { once: true })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    const { exitCode } = await child.ended
    clearTimeout(forced)
    signal.removeEventListener('abort', stop)
    return { exitCode, result: readResult(stdout), said: child.stderr() }
  }

  async remains(): Promise<readonly string[]> {
    const { workspace, pid } = this.#parts
    const folder = existsSync(workspace.path) ? [workspace.path] : []
    return isRunning(pid) ? [...folder, `process ${pid} (postgres)`] : folder
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { cluster, workspace, roots } = this.#parts
    await cluster.stop()
    await workspace[Symbol.asyncDispose]()
    // a command that had to be killed could not remove what it had made itself
    if (this.#killedOne) await sweepWorkspaces([...roots, ...otherRoots])
    process.off('exit', this.#abandon)
  }

  /** For a process that ends at once, as at the second Ctrl-C: nothing can be awaited any more. */
  readonly #abandon = () => {
    const { pid, workspace } = this.#parts
    try {
      process.kill(pid, 'SIGQUIT') // immediate shutdown: nothing here is to be kept
    } catch {
      // it has ended
    }
    rmSync(workspace.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }

  /** Nothing of the surroundings that would make the commands believe in another database, another folder or a pipeline. */
  #environment(): Record<string, string> {
    const { env, workspace, shop } = this.#parts
    const home = env.HOME === undefined ? {} : { HOME: env.HOME }
    return {
      ...toolEnvironment(env),
      ...home,
      DATABASE_URL: `postgres://${shop.user}:${shop.password}@${encodeURIComponent(workspace.path)}/${shop.database}`,
    }
  }
}

function readResult(stdout: string): CommandRun['result'] {
  try {
    return resultSchema.parse(JSON.parse(stdout))
  } catch {
    return undefined // it died before it could write one
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
