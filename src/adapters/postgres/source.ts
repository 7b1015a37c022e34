import type { RunningDump, SourceDatabase, SourceFacts } from '../../backup/dump.ts'
import type { DatabaseInputs, ToolOptions } from '../../commands/command.ts'
import { describeConnection } from '../../connection.ts'
import { messageOf, ReleaseError, systemCode } from '../../errors.ts'
import type { RunningChild } from '../process.ts'
import { makeWorkspace, type Workspace } from '../workspace.ts'
import { type OpenClient, openClient } from './client.ts'
import { countRows } from './count-rows.ts'
import { libpqEnvironment } from './libpq-environment.ts'
import { startPgDump } from './pg-dump.ts'
import { openSession, readIdentity, refusePooler, refuseReplica } from './session.ts'
import { type KnownTables, readDatabaseFacts, readLedgerHeads, readStampId } from './source-facts.ts'
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
}

type Snapshot = SourceDatabase['snapshot']

/**
 * Connects and exports a snapshot. The transaction that exports it stays open until disposal: everything read here,
 * and the dump, see the database as it was at this one moment.
 */
export async function openSource(options: SourceOptions): Promise<SourceDatabase> {
  const { database, stateSchema } = options
  const session = await openSession(database, options.applicationName)
  try {
    const { client, serverVersion, serverMajor } = session
    await refuseReplica(client, describeConnection(database.connection))
    await compareWithSecond(session, options)
    const tools = await findTools({ ...options.tools, major: serverMajor, set: 'client', env: options.env, say: options.say })
    const identity = await readIdentity(client, database) // may fail, which would end a transaction
    await client.query('begin isolation level repeatable read, read only')
    const snapshot = await exportSnapshot(session)
    const facts = {
      ...(await readDatabaseFacts(client)),
      serverVersion,
      serverMajor,
      ...identity,
      stamp: await readStampId(client, stateSchema),
    }
    return new PostgresSource(options, session, tools, snapshot, facts)
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

/** Behind a transaction-mode pooler `pg_dump`'s settings would go to one server process and its queries to another. */
async function compareWithSecond(session: OpenClient, { database, applicationName }: SourceOptions): Promise<void> {
  await using second = await openClient({ ...database, applicationName })
  refusePooler(session, second)
}

/** The moment is the one at which the statement began: whatever was committed before it is in the snapshot. */
async function exportSnapshot({ client }: OpenClient): Promise<Snapshot> {
  const { rows } = await client.query<Snapshot>('select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at')
  const [snapshot] = rows
  if (snapshot === undefined) throw new Error('pg_export_snapshot() returned nothing')
  return snapshot
}

/** A program that is still running, because something else failed, ends here. */
async function stopChild(child: RunningChild): Promise<void> {
  child.kill('SIGTERM')
  child.stdout.destroy() // or it would wait for a reader
  const forced = setTimeout(() => child.kill('SIGKILL'), 2000)
  await child.ended.catch(() => {})
  clearTimeout(forced)
}

class PostgresSource implements SourceDatabase {
  readonly facts: SourceFacts
  readonly snapshot: Snapshot
  readonly #options: SourceOptions
  readonly #session: OpenClient
  readonly #tools: Tools
  #workspace: Workspace | undefined
  #disposed = false
  #stopDump: () => Promise<void> = async () => {}

  constructor(options: SourceOptions, session: OpenClient, tools: Tools, snapshot: Snapshot, facts: SourceFacts) {
    this.#options = options
    this.#session = session
    this.#tools = tools
    this.snapshot = snapshot
    this.facts = facts
  }

  async dump({ lockWaitTimeoutMs, signal }: { lockWaitTimeoutMs: number; signal: AbortSignal }): Promise<RunningDump> {
    const { database, applicationName, env, roots } = this.#options
    const { client, encrypted } = this.#session
    await client.query(`set local lock_timeout = ${Math.trunc(lockWaitTimeoutMs)}`) // the counts wait no longer than the dump
    this.#workspace ??= await makeWorkspace({ roots })
    const { child, ...dump } = await startPgDump({
      tools: this.#tools,
      snapshot: this.snapshot.id,
      role: database.role,
      lockWaitTimeoutMs,
      env: await libpqEnvironment({ database, encrypted, applicationName, env, folder: this.#workspace.path }),
      signal,
    })
    child.stdout.on('error', () => {}) // whoever reads it sees the error
    client.once('end', () => {
      child.kill('SIGTERM') // the server is gone, and the snapshot with it
      child.stdout.destroy(this.#explainLoss('dumping', undefined)) // also when nobody reads on
    })
    this.#stopDump = () => stopChild(child)
    const finished = dump.finished.catch((error) => Promise.reject(this.#explainLoss('dumping', error) ?? error))
    finished.catch(() => {}) // whoever awaits it sees the error
    return { ...dump, finished }
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    return this.#read('counting rows', () => countRows(this.#session.client))
  }

  async ledgerHeads() {
    return this.#read('reading the version tables', () =>
      readLedgerHeads(this.#session.client, this.#options.stateSchema, this.#options.known),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await this.#stopDump()
    await this.#session[Symbol.asyncDispose]()
    await this.#workspace?.[Symbol.asyncDispose]()
  }

  async #read<T>(what: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw this.#explain(what, error)
    }
  }

  #explain(what: string, cause: unknown): unknown {
    const loss = this.#explainLoss(what, cause)
    if (loss !== undefined) return loss
    const message = `${describeConnection(this.#options.database.connection)}: ${messageOf(cause)}, while ${what}.`
    const code = systemCode(cause)
    if (code === '42501') {
      return new ReleaseError('insufficient-rights', message, {
        hint: 'Back up as a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.',
        cause,
      })
    }
    if (code === '55P03' || code === '42P01') {
      return new ReleaseError('backup-failed', message, {
        hint: 'Somebody locks or changes tables at this moment. Run it again when they are done.',
        cause,
      })
    }
    return cause
  }

  #explainLoss(what: string, cause: unknown): ReleaseError | undefined {
    const lost = this.#session.lost()
    if (lost === undefined || this.#disposed) return undefined
    const where = describeConnection(this.#options.database.connection)
    return new ReleaseError('connection-lost', `${where}: the connection broke while ${what} (${lost}); nothing was stored.`, {
      hint: 'Run it again.',
      cause,
    })
  }
}
