import { randomBytes } from 'node:crypto'
import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScratchOptions } from '../../commands/command.ts'
import type { Answer } from '../../drill/expectation.ts'
import type { AmcheckResult, ScratchCluster } from '../../drill/scratch.ts'
import { messageOf, ReleaseError, systemCode } from '../../errors.ts'
import type { Account, Workspace } from '../workspace.ts'
import { runAmcheck } from './amcheck.ts'
import type { OpenClient } from './client.ts'
import type { Cluster, Login } from './cluster.ts'
import { countRows } from './count-rows.ts'
import {
  createDrillDatabase,
  createExtensions,
  createRoleStubs,
  existingObjects,
  grantReading,
  openPublicSchema,
} from './drill-database.ts'
import { type PreparedArchive, prepareArchive } from './restore.ts'
import { withoutValue } from './restore-messages.ts'
import { runReadOnly } from './smoke-session.ts'
import { readLedgerHeads } from './source-facts.ts'
import type { Tools } from './tools.ts'

const database = 'drill'

/** A running server that belongs to one drill, and what it takes to work in it. */
export interface DrillParts {
  readonly say: (text: string) => void
  /** When it fires the server stops at once, and with it whatever runs there. */
  readonly signal: AbortSignal
  readonly tools: Tools
  readonly account: Account | undefined
  readonly workspaces: readonly [Workspace, ...Workspace[]]
  /** The folder of its socket. */
  readonly host: string
  readonly port: number
  readonly cluster: Cluster
  readonly superuser: Login
  readonly jobs: number
  readonly env: Readonly<Record<string, string>>
  readonly isolation: string
}

/** The cluster of one drill: a superuser prepares it, a plain role restores, and another one reads. */
export class DrillCluster implements ScratchCluster {
  readonly directory: string
  readonly version: string
  readonly isolation: string
  readonly #parts: DrillParts
  readonly #restorer = newLogin('drill_restorer')
  readonly #reader = newLogin('drill_reader')
  readonly #stopNow = () => void this.#parts.cluster.stop('immediate')
  #archive: { readonly path: string; readonly prepared: PreparedArchive } | undefined
  #mayRead = false
  #hasRoles = false
  #kept = false

  constructor(parts: DrillParts) {
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
    const { cluster, superuser } = this.#parts
    await using drill = await cluster.connect({ database, ...superuser })
    return await explained('scratch-failed', 'An extension could not be made', () =>
      createExtensions(drill.client, extensions, this.#restorer.user),
    )
  }

  /** Makes the source's roles by name alone; what is restored from now on belongs to the roles that it belonged to there. */
  async stubRoles(names: readonly string[]): Promise<void> {
    const { cluster, superuser } = this.#parts
    await using drill = await cluster.connect({ database, ...superuser })
    await explained('scratch-failed', 'The roles of the source could not be made', () =>
      createRoleStubs(drill.client, names, this.#restorer.user),
    )
    this.#hasRoles = true
  }

  /** A session of the plain role that restores. */
  connect(): Promise<OpenClient> {
    return this.#connect(this.#restorer)
  }

  async notRestored(archive: string): Promise<readonly string[]> {
    return (await this.#prepared(archive)).contents.leftOut
  }

  async restore(archive: string, section: 'pre-data' | 'data' | 'post-data', signal: AbortSignal): Promise<void> {
    await (await this.#prepared(archive)).restore(section, signal)
  }

  async analyze(): Promise<void> {
    await using drill = await this.#connect(this.#restorer)
    await explained('restore-failed', 'The restored copy could not be analyzed', () => drill.client.query('analyze'))
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    await using drill = await this.#connect(this.#restorer)
    return await explained('restore-failed', 'The rows of the restored copy could not be counted', () => countRows(drill.client))
  }

  async ledgerHeads(stateSchema: string) {
    await using drill = await this.#connect(this.#restorer)
    return await explained('restore-failed', 'The restored version tables could not be read', () =>
      readLedgerHeads(drill.client, stateSchema),
    )
  }

  async query(sql: string, timeoutMs: number): Promise<Answer> {
    if (!this.#mayRead) {
      await using owner = await this.#connect(this.#restorer)
      await explained('restore-failed', 'The restored copy could not be opened for reading', () =>
        grantReading(owner.client, this.#reader.user),
      )
      this.#mayRead = true
    }
    await using drill = await this.#connect(this.#reader)
    return await runReadOnly(drill.client, sql, timeoutMs)
  }

  async amcheck(): Promise<AmcheckResult> {
    const { tools, account, jobs, signal, cluster, superuser } = this.#parts
    return runAmcheck({
      tools,
      account,
      jobs,
      signal,
      database,
      folder: this.directory,
      env: this.#clientEnvironment(superuser),
      connect: () => cluster.connect({ database, ...superuser }),
    })
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
      const { tools, account, jobs } = this.#parts
      await using drill = await this.#connect(this.#restorer)
      const prepared = await prepareArchive(path, await existingObjects(drill.client), {
        tools,
        account,
        jobs,
        database,
        withOwners: this.#hasRoles,
        folder: this.directory,
        env: this.#clientEnvironment(this.#restorer),
      })
      this.#archive = { path, prepared }
    }
    return this.#archive.prepared
  }

  #clientEnvironment({ user, password }: Login): Record<string, string> {
    const { env, host, port } = this.#parts
    return { ...env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGCONNECT_TIMEOUT: '30' }
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

/** A role with a password that nobody else knows. */
export function newLogin(user: string): Login {
  return { user, password: randomBytes(24).toString('base64url') }
}

/** What the server refuses, or its end, is an error with a code; its values may be personal data. */
async function explained<T>(code: 'scratch-failed' | 'restore-failed', what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const sqlstate = systemCode(cause)
    const message = messageOf(cause)
    if (sqlstate === undefined && !/^Connection terminated/.test(message)) throw cause
    throw new ReleaseError(code, `${what}: ${withoutValue(message)} (${sqlstate ?? 'connection lost'}).`, { cause })
  }
}
