import type { Content, FingerprintPolicy } from '../../backup/content.ts'
import type { RolesDump, RunningDump, SourceDatabase, SourceFacts } from '../../backup/dump.ts'
import { preflightWarnings, refuseObstacles } from '../../backup/preflight.ts'
import type { DatabaseInputs, ToolOptions } from '../../commands/command.ts'
import { describeConnection } from '../../connection.ts'
import { messageOf, ReleaseError, systemCode } from '../../errors.ts'
import type { RunningChild } from '../process.ts'
import { makeWorkspace, type Workspace } from '../workspace.ts'
import type { OpenClient } from './client.ts'
import { readContent } from './content/read-content.ts'
import { dumpRoles } from './dump-roles.ts'
import { libpqEnvironment } from './libpq-environment.ts'
import { startPgDump } from './pg-dump.ts'
import { asLogin, openSession, readIdentity, refusePooler } from './session.ts'
import { openSnapshot } from './snapshot.ts'
import { type KnownTables, readDatabaseFacts, readStampId } from './source-facts.ts'
import { readObstacles, readRecovery } from './source-preflight.ts'
import { findTools, type Tools } from './tools.ts'

interface SourceOptions {
  readonly database: DatabaseInputs
  readonly tools: ToolOptions
  readonly stateSchema: string
  readonly known?: KnownTables
  readonly env: Readonly<Record<string, string | undefined>>
  readonly applicationName: string
  /** Where temporary folders may be made, the best place first. */
  readonly roots: readonly string[]
  readonly say: (text: string) => void
  readonly now: () => Date
  /** How long to wait for a lock on a table; absent where nothing will be dumped. */
  readonly lockWaitTimeoutMs: number | undefined
}

/**
 * Connects and exports a snapshot. The transaction that exports it stays open until disposal: everything read here,
 * and the dump, see the database as it was at this one moment. Throws for what would keep the dump from being whole.
 */
export async function openSource(options: SourceOptions): Promise<SourceDatabase> {
  const { database, stateSchema } = options
  const session = await openSession(database, options.applicationName)
  let reader: OpenClient | undefined
  try {
    const { client, serverVersion, serverMajor } = session
    reader = await openSession(database, options.applicationName)
    // pg_dump's settings would go to one server process and its queries to another
    refusePooler(session, reader)
    const tools = await findTools({ ...options.tools, major: serverMajor, set: 'client', env: options.env, say: options.say })
    const identity = await readIdentity(client, database) // may fail, which would end a transaction
    const recovery = await readRecovery(client)
    const obstacles = await readObstacles(client, recovery.inRecovery)
    refuseObstacles(obstacles, describeConnection(database.connection))
    const moment = await openSnapshot({ ...options, owner: client, reader: reader.client })
    const facts: SourceFacts = {
      ...(await readDatabaseFacts(client)),
      ...recovery,
      serverVersion,
      serverMajor,
      ...identity,
      stamp: await readStampId(client, stateSchema),
    }
    return new PostgresSource(options, { session, reader, tools }, { ...moment, facts, warnings: preflightWarnings(obstacles, facts) })
  } catch (error) {
    await reader?.[Symbol.asyncDispose]()
    await session[Symbol.asyncDispose]()
    throw explainFailure('preparing the dump', error, describeConnection(database.connection))
  }
}

/** A program that is still running, because something else failed, ends here. */
async function stopChild(child: RunningChild): Promise<void> {
  child.kill('SIGTERM')
  child.stdout.destroy() // or it would wait for a reader
  const forced = setTimeout(() => child.kill('SIGKILL'), 2000)
  await child.ended.catch(() => {})
  clearTimeout(forced)
}

interface Parts {
  /** Owns the snapshot, and does nothing else. */
  readonly session: OpenClient
  readonly reader: OpenClient
  readonly tools: Tools
}

class PostgresSource implements SourceDatabase {
  readonly facts: SourceFacts
  readonly snapshot: SourceDatabase['snapshot']
  readonly runnerAt: Date
  readonly warnings: readonly string[]
  readonly #options: SourceOptions
  readonly #parts: Parts
  #workspace: Workspace | undefined
  #env: Promise<Record<string, string>> | undefined
  #reading = false
  #disposed = false
  #stopDump: () => Promise<void> = async () => {}

  constructor(
    options: SourceOptions,
    parts: Parts,
    { facts, snapshot, runnerAt, warnings }: Pick<SourceDatabase, 'facts' | 'snapshot' | 'runnerAt' | 'warnings'>,
  ) {
    this.#options = options
    this.#parts = parts
    this.facts = facts
    this.snapshot = snapshot
    this.runnerAt = runnerAt
    this.warnings = warnings
  }

  async dump({ lockWaitTimeoutMs, signal }: { lockWaitTimeoutMs: number; signal: AbortSignal }): Promise<RunningDump> {
    const { session, reader, tools } = this.#parts
    const { child, ...dump } = await startPgDump({
      tools,
      snapshot: this.snapshot.id,
      role: this.#options.database.role,
      lockWaitTimeoutMs,
      env: await this.#environment(),
      signal,
    })
    child.stdout.on('error', () => {}) // whoever reads it sees the error
    for (const { client } of [session, reader]) {
      client.once('end', () => {
        child.kill('SIGTERM') // the snapshot is gone, or the locks, which pg_dump may not have yet
        child.stdout.destroy(this.#explainLoss('dumping', undefined)) // also when nobody reads on
      })
    }
    this.#stopDump = () => stopChild(child)
    const finished = dump.finished.catch((error) => Promise.reject(this.#explainLoss('dumping', error) ?? error))
    finished.catch(() => {}) // whoever awaits it sees the error
    return { ...dump, finished }
  }

  async readContent(policy: FingerprintPolicy): Promise<Content> {
    const { client } = this.#parts.reader
    const { stateSchema, known } = this.#options
    const { serverMajor, inRecovery } = this.facts
    this.#reading = true
    try {
      return await readContent(client, { stateSchema, known, serverMajor, inRecovery }, policy)
    } catch (error) {
      const what = 'reading beside the dump'
      throw this.#explainLoss(what, error) ?? explainFailure(what, error, this.#description)
    } finally {
      this.#reading = false
    }
  }

  async readRoles(signal: AbortSignal): Promise<RolesDump> {
    const { database, applicationName } = this.#options
    const { connection, role } = database
    const dump = { tools: this.#parts.tools, database: connection.database, role, env: await this.#environment(), signal }
    return dumpRoles({ ...dump, connect: () => openSession(database, applicationName) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { session, reader } = this.#parts
    this.#disposed = true
    await this.#stopDump()
    // a scan of a large table goes on when its client has left, until it notices
    if (this.#reading) await asLogin(session.client, `select pg_catalog.pg_cancel_backend(${reader.pid})`).catch(() => {})
    await reader[Symbol.asyncDispose]()
    await session[Symbol.asyncDispose]()
    await this.#workspace?.[Symbol.asyncDispose]()
  }

  get #description(): string {
    return describeConnection(this.#options.database.connection)
  }

  /** Its files can be written only once. */
  #environment(): Promise<Record<string, string>> {
    this.#env ??= this.#makeEnvironment()
    return this.#env
  }

  async #makeEnvironment(): Promise<Record<string, string>> {
    const { database, applicationName, env, roots } = this.#options
    this.#workspace = await makeWorkspace({ roots })
    return libpqEnvironment({ database, encrypted: this.#parts.session.encrypted, applicationName, env, folder: this.#workspace.path })
  }

  #explainLoss(what: string, cause: unknown): ReleaseError | undefined {
    const lost = this.#parts.session.lost() ?? this.#parts.reader.lost()
    if (lost === undefined || this.#disposed) return undefined
    return new ReleaseError('connection-lost', `${this.#description}: the connection broke while ${what} (${lost}); nothing was stored.`, {
      hint: 'Run it again.',
      cause,
    })
  }
}

/** What the server refuses while a source is read. */
function explainFailure(what: string, cause: unknown, description: string): unknown {
  const code = systemCode(cause)
  const message = `${description}: ${messageOf(cause)}, while ${what}.`
  if (code === '42501') {
    return new ReleaseError('insufficient-rights', message, {
      hint: 'Back up as a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.',
      cause,
    })
  }
  const hint = failureHints[code ?? '']
  return hint === undefined ? cause : new ReleaseError('backup-failed', message, { hint, cause })
}

const changed = 'Somebody locks or changes tables at this moment. Run it again when they are done.'
/** By SQLSTATE. An object that is dropped while its definition is read is an internal error to the server. */
const failureHints: Readonly<Record<string, string>> = {
  '55P03': `${changed} Or wait longer with lock-wait-timeout.`,
  '42P01': changed,
  XX000: changed,
  '57014': 'Somebody cancelled our query. Run it again.',
  '53200': 'The server has no room for more locks: raise max_locks_per_transaction there.',
  '40001': 'The standby had to apply what its primary removed. Set hot_standby_feedback = on there, or dump the primary.',
}
