import { randomBytes } from 'node:crypto'
import { chown, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ScratchOptions } from '../../commands/command.ts'
import { unsafeClient } from '../../drill/safe-client.ts'
import type { ScratchCluster } from '../../drill/scratch.ts'
import { type Account, makeWorkspace, sweepWorkspaces, type Workspace } from '../workspace.ts'
import { type Cluster, type Login, startCluster } from './cluster.ts'
import { countRows } from './count-rows.ts'
import { createDrillDatabase, createExtensions, existingObjects, grantReading, openPublicSchema } from './drill-database.ts'
import { findIsolation } from './isolation.ts'
import { provideLocales } from './locales.ts'
import { type PreparedArchive, prepareArchive } from './restore.ts'
import { scratchSettings } from './scratch-settings.ts'
import { serverAccount } from './server-account.ts'
import { runReadOnly } from './smoke-session.ts'
import { readLedgerHeads } from './source-facts.ts'
import { findTools, type Tools, toolEnvironment } from './tools.ts'

interface Surroundings extends ScratchOptions {
  /** Where temporary folders may be made, the best place first. */
  readonly roots: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  /** When it fires the server stops at once, and with it whatever runs there. */
  readonly signal: AbortSignal
}

const database = 'drill'
const port = 5432
/** A socket's path may have 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 100

/** Makes a cluster for one drill: no listener, no superuser for the restore, tuned for throw-away loading. Throws `scratch-failed`. */
export async function makeScratchCluster(options: Surroundings): Promise<ScratchCluster> {
  const { roots, env, say, signal } = options
  for (const path of await sweepWorkspaces([...roots, '/tmp', '/var/tmp'])) say(`removed ${path}, left behind by an earlier run`)
  const tools = await findTools({ ...options, set: 'server' })
  const warning = unsafeClient(tools.version)
  if (warning !== undefined) say(`warning: ${warning}`)
  const account = serverAccount()
  const workspaces = [await makeWorkspace({ roots, owner: account })] as [Workspace, ...Workspace[]]
  try {
    const folder = workspaces[0].path
    const isTooLong = Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) > longestSocketPath
    if (isTooLong) workspaces.push(await makeWorkspace({ roots: ['/tmp'], owner: account }))
    const host = (workspaces.at(-1) as Workspace).path
    const programEnv = toolEnvironment(env)
    const isolation = await findIsolation(account, programEnv)
    const jobs = availableParallelism()
    const superuser = login(`drill_${randomBytes(6).toString('hex')}`)
    const cluster = await startCluster({
      tools,
      folder,
      account,
      superuser: superuser.user,
      password: superuser.password,
      host,
      port,
      settings: await scratchSettings(folder, host, jobs),
      env: { ...programEnv, ...tracking(env), ...(await provideLocales([options.collate, options.ctype], folder, programEnv)) },
      wrapper: isolation.wrapper,
      signal,
    })
    const scratch = new Scratch({
      tools,
      account,
      workspaces,
      host,
      cluster,
      superuser,
      jobs,
      env: programEnv,
      isolation: isolation.description,
      say,
      signal,
    })
    try {
      await scratch.provision(options)
      return scratch
    } catch (error) {
      await scratch[Symbol.asyncDispose]()
      throw error
    }
  } catch (error) {
    for (const workspace of workspaces) await workspace[Symbol.asyncDispose]()
    throw error
  }
}

/** With this variable the runner of GitHub finds what a job left running, and ends it. */
function tracking(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const id = env.RUNNER_TRACKING_ID
  return id === undefined ? {} : { RUNNER_TRACKING_ID: id }
}

function login(user: string): Login {
  return { user, password: randomBytes(24).toString('base64url') }
}

interface Parts extends Pick<Surroundings, 'say' | 'signal'> {
  readonly tools: Tools
  readonly account: Account | undefined
  readonly workspaces: readonly [Workspace, ...Workspace[]]
  readonly host: string
  readonly cluster: Cluster
  readonly superuser: Login
  readonly jobs: number
  readonly env: Readonly<Record<string, string>>
  readonly isolation: string
}

class Scratch implements ScratchCluster {
  readonly directory: string
  readonly version: string
  readonly isolation: string
  readonly #parts: Parts
  readonly #restorer = login('drill_restorer')
  readonly #reader = login('drill_reader')
  readonly #stopNow = () => void this.#parts.cluster.stop('immediate')
  #archive: { readonly path: string; readonly prepared: PreparedArchive } | undefined
  #mayRead = false
  #kept = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.directory = parts.workspaces[0].path
    this.version = parts.tools.version
    this.isolation = parts.isolation
    parts.signal.addEventListener('abort', this.#stopNow, { once: true })
  }

  async provision(options: ScratchOptions): Promise<void> {
    const { cluster, superuser } = this.#parts
    await using maintenance = await cluster.connect({ database: 'postgres', ...superuser })
    await createDrillDatabase(maintenance.client, database, options, { restorer: this.#restorer, reader: this.#reader })
    await using drill = await cluster.connect({ database, ...superuser })
    await openPublicSchema(drill.client, this.#restorer.user)
  }

  async prepareExtensions(extensions: readonly { readonly name: string; readonly schema: string }[]): Promise<readonly string[]> {
    await using drill = await this.#parts.cluster.connect({ database, ...this.#parts.superuser })
    return await createExtensions(drill.client, extensions, this.#restorer.user)
  }

  async notRestored(archive: string): Promise<readonly string[]> {
    return (await this.#prepared(archive)).contents.leftOut
  }

  async restore(archive: string, section: 'pre-data' | 'data' | 'post-data', signal: AbortSignal): Promise<void> {
    await (await this.#prepared(archive)).restore(section, signal)
  }

  async analyze(): Promise<void> {
    await using drill = await this.#connect(this.#restorer)
    await drill.client.query('analyze')
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    await using drill = await this.#connect(this.#restorer)
    return await countRows(drill.client)
  }

  async ledgerHeads(stateSchema: string) {
    await using drill = await this.#connect(this.#restorer)
    return await readLedgerHeads(drill.client, stateSchema)
  }

  async query(sql: string, timeoutMs: number) {
    if (!this.#mayRead) {
      await using owner = await this.#connect(this.#restorer)
      await grantReading(owner.client, this.#reader.user)
      this.#mayRead = true
    }
    await using drill = await this.#connect(this.#reader)
    return await runReadOnly(drill.client, sql, timeoutMs)
  }

  keep(): void {
    this.#kept = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { cluster, workspaces, signal } = this.#parts
    signal.removeEventListener('abort', this.#stopNow)
    if (this.#kept && !signal.aborted) return this.#leaveRunning()
    await cluster.stop()
    for (const workspace of workspaces) await workspace[Symbol.asyncDispose]()
  }

  async #prepared(path: string): Promise<PreparedArchive> {
    if (this.#archive?.path !== path) {
      const { tools, account, jobs, env, host } = this.#parts
      const { user, password } = this.#restorer
      await using drill = await this.#connect(this.#restorer)
      const prepared = await prepareArchive(path, await existingObjects(drill.client), {
        tools,
        account,
        jobs,
        database,
        folder: this.directory,
        env: { ...env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGCONNECT_TIMEOUT: '30' },
      })
      this.#archive = { path, prepared }
    }
    return this.#archive.prepared
  }

  #connect(login: Login) {
    return this.#parts.cluster.connect({ database, ...login })
  }

  async #leaveRunning(): Promise<void> {
    const { workspaces, host, account, say } = this.#parts
    const { user, password } = this.#restorer
    const passwordFile = join(this.directory, 'pgpass')
    await writeFile(passwordFile, `*:*:*:${user}:${password}\n`, { mode: 0o600 })
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
    for (const workspace of workspaces) await workspace.keep()
    say(`the scratch cluster is kept: PGPASSFILE=${passwordFile} psql --host=${host} --username=${user} ${database}`)
    say(`to remove it: kill -INT $(head -1 ${this.directory}/data/postmaster.pid) && rm -r ${workspaces.map(({ path }) => path).join(' ')}`)
  }
}
