import pg from 'pg'
import { describeConnection } from '../../connection.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import type { CommandObserver } from '../../migration/command-observer.ts'
import type {
  Adoption,
  DatabaseIdentity,
  LedgerOptions,
  LockPolicy,
  MigrationDatabase,
  ReleaseScope,
  Stamp,
} from '../../migration/database.ts'
import type { Executor } from '../../migration/executor.ts'
import type { ContainedMigration, History } from '../../migration/history.ts'
import { type LedgerEntry, quoteName, quoteText } from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'
import type { Preview } from '../../migration/preview.ts'
import type { SyntaxProblem } from '../../sql/parse.ts'
import { utf16FromCodePoints } from '../../sql/position.ts'
import { type OpenClient, openClient } from './client.ts'
import { PostgresCommandObserver } from './command-observer.ts'
import { readDurations } from './durations.ts'
import { type ExecutorSurroundings, openExecutor, openPreview } from './executor.ts'
import { factStatement, readHistory } from './history-rows.ts'
import { locateTables, readEntries, readHeads } from './ledger-tables.ts'
import { requireRights } from './rights.ts'
import { takeRunnerLock } from './runner-lock.ts'
import { applicationName, type DatabaseSurroundings, openSession, readIdentity, refusePooler, refuseReplica } from './session.ts'
import { insufficientRights, readState, stateExists, stateStatements } from './state.ts'

/** The observer's queries are short, and wait 30 s for a lock at most: a later answer would not come any more. */
const observerLimits = { answerMs: 45_000 }

/** Opens the observer: the connection that holds the lock, keeps the books and cancels. */
export async function openMigrationDatabase(surroundings: DatabaseSurroundings): Promise<MigrationDatabase> {
  const { database } = surroundings
  const session = await openObserver(surroundings)
  try {
    await refuseReplica(session.client, describeConnection(database.connection))
    return new PostgresMigrationDatabase(surroundings, session, await readIdentity(session.client, database))
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

async function openObserver({ database, run }: DatabaseSurroundings): Promise<OpenClient> {
  const session = await openSession(database, applicationName(run), observerLimits)
  try {
    await session.client.query("set lock_timeout = '30s'") // somebody who locks our own tables must not hang the run
    return session
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

class PostgresMigrationDatabase implements MigrationDatabase {
  readonly description: string
  readonly serverVersion: string
  readonly serverMajor: number
  readonly database: string
  readonly identity: DatabaseIdentity
  readonly #surroundings: DatabaseSurroundings
  #session: OpenClient
  #locked: string | undefined
  #stateSeen = false

  constructor(surroundings: DatabaseSurroundings, session: OpenClient, identity: DatabaseIdentity) {
    this.#surroundings = surroundings
    this.#session = session
    this.identity = identity
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

  async stamp(): Promise<Stamp | undefined> {
    if (!(await this.#hasState())) return undefined
    const { rows } = await readState<{
      id: string
      environment: string
      system_identifier: string | null
      database_oid: string
      address: string
    }>(
      this.#client,
      this.#schema,
      `select id::text, environment, system_identifier, database_oid, address from ${quoteName(this.#schema)}.stamp`,
    )
    const [row] = rows
    if (row === undefined) return undefined
    return {
      id: row.id,
      environment: row.environment,
      systemIdentifier: row.system_identifier ?? undefined,
      databaseOid: row.database_oid,
      address: row.address,
    }
  }

  async projects(): Promise<readonly string[]> {
    if (!(await this.#hasState())) return []
    const { rows } = await readState<{ project: string }>(
      this.#client,
      this.#schema,
      `select distinct project from ${quoteName(this.#schema)}.history order by 1`,
    )
    return rows.map(({ project }) => project)
  }

  async finishedSteps(project: string): Promise<ReadonlyMap<string, number>> {
    if (!(await this.#hasState())) return new Map()
    const { rows } = await readState<{ version: string; done: number }>(
      this.#client,
      this.#schema,
      `select version, count(*)::int as done from ${quoteName(this.#schema)}.step where project = ${quoteText(project)} and state = 'finished' group by version`,
    )
    return new Map(rows.map(({ version, done }) => [version, done]))
  }

  async entries(options: LedgerOptions): Promise<readonly LedgerEntry[]> {
    return readEntries(this.#client, await this.#tables(options), options)
  }

  async heads(options: LedgerOptions) {
    return readHeads(this.#client, await this.#tables(options), options)
  }

  async history(scope: ReleaseScope): Promise<History> {
    if (!(await this.#hasState())) return { rows: [], former: [] }
    return readHistory(this.#client, this.#schema, scope)
  }

  async durations(project: string, checksums: readonly string[]) {
    return (await this.#hasState()) ? readDurations(this.#client, this.#schema, project, checksums) : []
  }

  /**
   * The server parses a whole message before it looks at the number of statements in it. A second statement is added,
   * so that the extended protocol always refuses the message: it can be judged, and can never run.
   * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
   */
  async syntaxProblem(sql: string): Promise<SyntaxProblem | undefined> {
    const message = { text: `${sql}\n;select 1;select 1`, queryMode: 'extended' as const }
    try {
      await this.#client.query(message)
      return { message: 'the text could not be judged', offset: 0 }
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      if (error.position === undefined) return undefined
      return { message: error.message, offset: utf16FromCodePoints(sql, Number(error.position) - 1) }
    }
  }

  async lock(project: string, policy: LockPolicy): Promise<void> {
    await this.#takeLock(project, policy)
    this.#locked = project
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

  async prepareState(scope: ReleaseScope): Promise<Stamp> {
    await this.#createState()
    return this.#stampAs(scope.environment)
  }

  async prepare(options: LedgerOptions): Promise<Stamp> {
    await this.#createState()
    for (const { table, exists, phase } of await this.#tables(options)) {
      if (!exists && (phase !== 'post' || options.hasPost)) await this.#create([options.layout.ledger.create(table)])
    }
    return this.#stampAs(options.environment)
  }

  async closeOpenAttempts(options: LedgerOptions) {
    const s = quoteName(this.#schema)
    const { rows } = await this.#client.query<{ id: string; version: string }>(
      `select id::text, version from ${s}.history where project = $1 and event = 'migration' and state = 'running'`,
      [options.project],
    )
    if (rows.length === 0) return []
    const applied = new Set((await this.entries(options)).map((entry) => entry.version))
    const closed: { version: string; state: string }[] = []
    for (const { id, version } of rows) {
      const state = applied.has(version) ? 'applied-unreported' : 'not-applied'
      await this.#client.query(`update ${s}.history set state = $2, finished_at = clock_timestamp() where id = $1::bigint`, [id, state])
      closed.push({ version, state })
    }
    return closed
  }

  async requireRights(options: LedgerOptions): Promise<void> {
    await requireRights(this.#client, this.#schema, await this.#tables(options), options)
  }

  async recordDeployed(scope: ReleaseScope, migrations: readonly ContainedMigration[]): Promise<void> {
    await this.#write(this.#fact('stamp', { ...scope, event: 'deployed', detail: { migrations } }))
  }

  async recordOlderAllowed(scope: ReleaseScope, older: { readonly reason: string; readonly than: string }): Promise<void> {
    await this.#write(this.#fact('stamp', { ...scope, event: 'older-allowed', detail: older }))
  }

  async adopt(scope: ReleaseScope, { kind, from, to }: Adoption, reason: string): Promise<void> {
    const fact = this.#fact('changed', { ...scope, event: 'adopted', detail: { reason, kind, from, to } })
    const written = await this.#write({
      text: `with changed as (update ${quoteName(this.#schema)}.stamp
          set id = case when $10 then gen_random_uuid() else id end, environment = $11, system_identifier = $12, database_oid = $13, address = $14, stamped_at = clock_timestamp()
          where id = $15::uuid returning id)
        ${fact.text}`,
      values: [...fact.values, kind === 'copy', to.environment, to.systemIdentifier ?? null, to.databaseOid, to.address, from.id],
    })
    if (written === 1) return
    throw new ReleaseError(
      'wrong-database',
      'The stamp was changed by another run while this one looked at it; nothing was changed here.',
      {
        hint: 'Run the same command again: it shows what the stamp says now.',
      },
    )
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
      observer: () => this.#session,
      reconnect: (signal) => this.#reconnect(signal, 90_000),
    }
  }

  async commandObserver(scope: ReleaseScope): Promise<CommandObserver> {
    const { database, run } = this.#surroundings
    await using second = await openClient({ ...database, applicationName: applicationName(run) })
    refusePooler(second, this.#session)
    return new PostgresCommandObserver({
      ...this.#surroundings,
      scope,
      session: () => this.#session,
      reconnect: (signal) => this.#reconnect(signal, 0),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
  }

  /** Once seen, the state tables stay: `plan` asks for them four times, each a round trip. */
  async #hasState(): Promise<boolean> {
    this.#stateSeen ||= await stateExists(this.#client, this.#schema)
    return this.#stateSeen
  }

  async #reconnect(signal: AbortSignal, waitMs: number): Promise<void> {
    const brokenPid = this.#session.pid
    await this.#session[Symbol.asyncDispose]()
    this.#session = await openObserver(this.#surroundings)
    if (this.#locked !== undefined) await this.#takeLock(this.#locked, { onLocked: 'wait', waitMs, signal }, brokenPid)
  }

  async #createState(): Promise<void> {
    if (await this.#hasState()) return
    // without IF NOT EXISTS, which asks for the right to create even where a DBA has made the schema
    const { rows } = await this.#client.query<{ missing: boolean }>('select pg_catalog.to_regnamespace($1) is null as missing', [
      quoteName(this.#schema),
    ])
    await this.#create([...(rows[0]?.missing ? [`create schema ${quoteName(this.#schema)}`] : []), ...stateStatements(this.#schema)])
  }

  async #stampAs(environment: string): Promise<Stamp> {
    const { systemIdentifier, databaseOid, address } = this.identity
    const existing = await this.stamp()
    if (existing !== undefined) return existing
    await this.#client.query(
      `insert into ${quoteName(this.#schema)}.stamp (environment, system_identifier, database_oid, address) values ($1, $2, $3, $4) on conflict do nothing`,
      [environment, systemIdentifier ?? null, databaseOid, address],
    )
    return (await this.stamp()) as Stamp
  }

  #tables(options: LedgerOptions): Promise<readonly LedgerTable[]> {
    return locateTables(this.#client, options, this.#schema)
  }

  async #create(statements: readonly string[]): Promise<void> {
    try {
      await this.#client.query(`begin;\n${statements.join(';\n')};\ncommit`)
    } catch (error) {
      await this.#client.query('rollback').catch(() => {})
      if (systemCode(error) !== '42501') throw error
      throw await insufficientRights(this.#client, this.#schema, 'create objects in', error)
    }
  }

  #fact(stamp: 'stamp' | 'changed', fact: Parameters<typeof factStatement>[2]) {
    const from = stamp === 'stamp' ? `${quoteName(this.#schema)}.stamp` : stamp
    return factStatement(this.#schema, from, fact, this.#surroundings.run)
  }

  /** Number of rows written. */
  async #write(statement: { text: string; values: unknown[] }): Promise<number | null> {
    try {
      return (await this.#client.query(statement)).rowCount
    } catch (error) {
      if (systemCode(error) !== '42501') throw error
      throw await insufficientRights(this.#client, this.#schema, 'write to', error)
    }
  }

  #takeLock(project: string, policy: LockPolicy, brokenPid?: number): Promise<void> {
    const { run, say, stateSchema } = this.#surroundings
    return takeRunnerLock({ client: this.#client, project, run, description: this.description, stateSchema, say, brokenPid }, policy)
  }
}
