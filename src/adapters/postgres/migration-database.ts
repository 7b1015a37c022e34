import pg from 'pg'
import { describeConnection } from '../../connection.ts'
import { ReleaseError } from '../../errors.ts'
import type { CommandObserver } from '../../migration/command-observer.ts'
import type { LedgerOptions, LockPolicy, MigrationDatabase } from '../../migration/database.ts'
import type { Executor } from '../../migration/executor.ts'
import type { DatabaseIdentity, Stamp } from '../../migration/identity.ts'
import type { LedgerEntry, LedgerHead } from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'
import type { Preview } from '../../migration/preview.ts'
import { type Publishing, refusePublished } from '../../migration/publishing.ts'
import type { SchemaNote } from '../../migration/schema-note.ts'
import type { ClosedAttempt, State, StateScope } from '../../migration/state.ts'
import type { SyntaxProblem } from '../../sql/parse.ts'
import { utf16FromCodePoints } from '../../sql/position.ts'
import { type OpenClient, openClient } from './client.ts'
import { PostgresCommandObserver } from './command-observer.ts'
import { ConnectedBooks } from './connected-books.ts'
import { DatabaseState } from './database-state.ts'
import { openExecutor, openPreview } from './executor.ts'
import type { ExecutorSurroundings } from './executor-surroundings.ts'
import { locateTables, readEntries, readHeads, readStanding } from './ledger-tables.ts'
import { readPublishing } from './read-publishing.ts'
import { requireRights } from './rights.ts'
import { takeRunnerLock } from './runner-lock.ts'
import { readSchemaNote } from './schema-note.ts'
import { applicationName, type DatabaseSurroundings, isReplica, isStandby, openSession, readIdentity, refusePooler } from './session.ts'
import { knownTables, namesOfVersionTables, readKnownTables } from './source-facts.ts'
import { createObjects, schemaStatements } from './state.ts'
import { awaitToolLocks, takeToolLocks } from './tool-locks.ts'

interface MigrationSurroundings extends DatabaseSurroundings {
  readonly project: string
  readonly environment: string
  readonly release: string
  /** Where the state is kept. */
  readonly history: 'database' | 'store'
  /** A standby is refused otherwise: nothing can be written there, and nothing that is read there is current. */
  readonly acceptStandby?: boolean
  /** The state in the store, for a database of this identity; absent when no store was named. */
  readonly storedState?: ((scope: StateScope, identity: DatabaseIdentity) => Promise<State>) | undefined
}

/** The observer's queries are short: a later answer would not come any more. Who locks our own tables must not hang the run. */
const observerLimits = { answerMs: 45_000, lockMs: 30_000 }

/** Opens the observer: the connection that holds the lock, keeps the books and cancels. */
export async function openMigrationDatabase(surroundings: MigrationSurroundings): Promise<MigrationDatabase> {
  const { database, history, storedState } = surroundings
  const session = await openObserver(surroundings)
  try {
    const standby = await isStandby(session.client)
    if (standby && surroundings.acceptStandby !== true) throw isReplica(describeConnection(database.connection))
    const identity = { ...(await readIdentity(session.client, database)), standby }
    const stored = history === 'store' ? await storedState?.(surroundings, identity) : undefined
    if (history === 'store' && stored === undefined) throw new Error('history: store without a store')
    return new PostgresMigrationDatabase(surroundings, session, identity, stored)
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

function openObserver({ database, run }: DatabaseSurroundings): Promise<OpenClient> {
  return openSession(database, applicationName(run), observerLimits)
}

class PostgresMigrationDatabase implements MigrationDatabase {
  readonly description: string
  readonly serverVersion: string
  readonly serverMajor: number
  readonly database: string
  readonly identity: DatabaseIdentity
  readonly #surroundings: MigrationSurroundings
  readonly state: State
  readonly #inDatabase: State
  #session: OpenClient
  #locked: string | undefined
  /** Keys of the tool's own locks that this run holds. */
  #toolLocks: { readonly layout: LedgerOptions['layout']['name']; readonly keys: readonly string[] } | undefined

  constructor(surroundings: MigrationSurroundings, session: OpenClient, identity: DatabaseIdentity, stored: State | undefined) {
    this.#surroundings = surroundings
    this.#session = session
    this.identity = identity
    this.#inDatabase = new DatabaseState(() => this.#client, surroundings.stateSchema, surroundings, identity)
    this.state = stored ?? this.#inDatabase
    this.description = describeConnection(surroundings.database.connection)
    this.serverVersion = session.serverVersion
    this.serverMajor = session.serverMajor
    this.database = surroundings.database.connection.database
  }

  get #client(): pg.Client {
    return this.#session.client
  }

  get #schema(): string {
    return this.#surroundings.stateSchema
  }

  async stateElsewhere(): Promise<string | undefined> {
    const other = await this.#otherState()
    return (await other?.stamp()) === undefined ? undefined : other?.place
  }

  async entries(options: LedgerOptions, { withDirty } = { withDirty: false }): Promise<readonly LedgerEntry[]> {
    return readEntries(this.#client, await this.#tables(options), options, withDirty)
  }

  async heads(options: LedgerOptions) {
    return readHeads(this.#client, await this.#tables(options), options)
  }

  async standing(options: LedgerOptions, without: readonly string[]): Promise<readonly LedgerHead[]> {
    return readStanding(this.#client, await this.#tables(options), options, without)
  }

  async knownStanding(table: string | undefined): Promise<readonly LedgerHead[]> {
    return readKnownTables(this.#client, this.#schema, knownTables(this.#surroundings.project, table))
  }

  async schema(table: string | undefined): Promise<SchemaNote> {
    const versionTables = namesOfVersionTables(knownTables(this.#surroundings.project, table))
    return readSchemaNote(this.#client, { serverMajor: this.serverMajor, stateSchema: this.#schema, versionTables })
  }

  async now(): Promise<Date> {
    const { rows } = await this.#client.query<{ now: Date }>('select pg_catalog.clock_timestamp() as now')
    return (rows[0] as { now: Date }).now
  }

  async publishing(options?: LedgerOptions): Promise<Publishing> {
    const { serverMajor } = this
    const asked = { serverMajor, stateSchema: this.#schema, keepsState: this.state === this.#inDatabase }
    return readPublishing(this.#client, options === undefined ? undefined : { options, tables: await this.#tables(options) }, asked)
  }

  /**
   * The server parses a whole message before it looks at the number of statements in it. A second statement is added,
   * so that the extended protocol always refuses the message: it can be judged, and can never run.
   * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
   */
  async syntaxProblem(sql: string): Promise<SyntaxProblem | undefined> {
    const others = '\n;select 1;select 1'
    const message = { text: sql + others, queryMode: 'extended' as const }
    try {
      await this.#client.query(message)
      return { message: 'the text could not be judged', offset: 0 }
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      if (error.position === undefined) return undefined
      return { message: error.message.replace(others, ''), offset: utf16FromCodePoints(sql, Number(error.position) - 1) }
    }
  }

  async lock(project: string, policy: LockPolicy, ledger?: LedgerOptions): Promise<void> {
    await this.#takeLock(project, policy)
    this.#locked = project
    if (ledger?.layout.locks !== undefined) await this.#takeToolLocks(ledger, policy)
  }

  async isFresh(): Promise<boolean> {
    const { rows } = await this.#client.query<{ fresh: boolean }>(
      `select not exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema', $1)
           and not exists (select from pg_catalog.pg_depend d
             where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')) as fresh`,
      [this.#schema],
    )
    return rows[0]?.fresh === true
  }

  async prepareState(publishState: boolean): Promise<Stamp> {
    refusePublished(await this.publishing(), publishState)
    await this.state.create()
    return this.state.makeStamp()
  }

  async prepare(options: LedgerOptions): Promise<Stamp> {
    refusePublished(await this.publishing(options), options.publishState)
    await this.state.create()
    for (const { table, exists, phase } of await this.#tables(options)) {
      if (exists || (phase === 'post' && !options.hasPost)) continue
      const home = table.schema === this.#schema ? await schemaStatements(this.#client, this.#schema) : []
      await createObjects(this.#client, this.#schema, [...home, options.layout.ledger.create(table)])
    }
    return this.state.makeStamp()
  }

  closeOpenAttempts(options: LedgerOptions): Promise<readonly ClosedAttempt[]> {
    return this.state.closeOpenAttempts(async () => new Set((await this.entries(options)).map(({ version }) => version)))
  }

  async requireRights(options: LedgerOptions, { erases } = { erases: false }): Promise<void> {
    const kept = this.state === this.#inDatabase ? this.#schema : undefined
    await requireRights(this.#client, kept, await this.#tables(options), options, erases)
  }

  async executor(options: LedgerOptions): Promise<Executor> {
    return openExecutor(await this.#executing(options))
  }

  async preview(options: LedgerOptions): Promise<Preview> {
    return openPreview(await this.#executing(options))
  }

  async #executing(options: LedgerOptions): Promise<ExecutorSurroundings> {
    return {
      ...this.#surroundings,
      tables: await this.#tables(options),
      options,
      books: this.state === this.#inDatabase ? this.state.books() : new ConnectedBooks(this.state.books(), () => this.#client),
      observer: () => this.#session,
      reconnect: (signal) => this.#reconnect(signal, 90_000),
    }
  }

  async commandObserver(): Promise<CommandObserver> {
    const { database, run } = this.#surroundings
    await using second = await openClient({ ...database, applicationName: applicationName(run) })
    refusePooler(second, this.#session)
    return new PostgresCommandObserver({
      ...this.#surroundings,
      books: this.state.commandBooks(),
      session: () => this.#session,
      reconnect: (signal) => this.#reconnect(signal, 0),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
  }

  /** A history that has begun in the database stays there: then the store is not looked at. */
  async #otherState(): Promise<State | undefined> {
    if (this.state !== this.#inDatabase) return this.#inDatabase
    if ((await this.state.stamp()) !== undefined) return undefined
    return this.#surroundings.storedState?.(this.#surroundings, this.identity)
  }

  async #reconnect(signal: AbortSignal, waitMs: number): Promise<void> {
    const brokenPid = this.#session.pid
    await this.#session[Symbol.asyncDispose]()
    this.#session = await openObserver(this.#surroundings)
    const policy: LockPolicy = { onLocked: 'wait', waitMs, signal }
    if (this.#locked !== undefined) await this.#takeLock(this.#locked, policy, brokenPid)
    await this.#holdToolLocks(policy)
  }

  async toolAtWork(ledger: LedgerOptions): Promise<ReleaseError | undefined> {
    const { name, locks } = ledger.layout
    const keys = (await this.#tables(ledger)).flatMap(({ table }) => locks?.(this.database, table) ?? [])
    const policy: LockPolicy = { onLocked: 'fail', waitMs: 0, signal: new AbortController().signal }
    try {
      await awaitToolLocks({ client: this.#client, layout: name, keys, description: this.description, say: () => {} }, policy)
      return undefined
    } catch (error) {
      if (error instanceof ReleaseError && error.code === 'run-in-progress') return error
      throw error
    }
  }

  async #takeToolLocks(ledger: LedgerOptions, policy: LockPolicy): Promise<void> {
    const { name, locks } = ledger.layout
    const keys = (await this.#tables(ledger)).flatMap(({ table }) => locks?.(this.database, table) ?? [])
    if (ledger.layout.runBy !== undefined) {
      const { say } = this.#surroundings
      await awaitToolLocks({ client: this.#client, layout: name, keys, description: this.description, say }, policy)
      return
    }
    this.#toolLocks = { layout: name, keys }
    await this.#holdToolLocks(policy)
  }

  async #holdToolLocks(policy: LockPolicy): Promise<void> {
    if (this.#toolLocks === undefined) return
    const { say } = this.#surroundings
    await takeToolLocks({ client: this.#client, ...this.#toolLocks, description: this.description, say }, policy)
  }

  #tables(options: LedgerOptions): Promise<readonly LedgerTable[]> {
    return locateTables(this.#client, options, { stateSchema: this.#schema, settings: this.#surroundings.database.connection.settings })
  }

  #takeLock(project: string, policy: LockPolicy, brokenPid?: number): Promise<void> {
    const { run, say, stateSchema } = this.#surroundings
    return takeRunnerLock({ client: this.#client, project, run, description: this.description, stateSchema, say, brokenPid }, policy)
  }
}
