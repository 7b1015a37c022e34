import pg from 'pg'
import { describeConnection } from '../../connection.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import type { Adoption, DatabaseIdentity, LedgerOptions, MigrationDatabase, ReleaseOptions, Stamp } from '../../migration/database.ts'
import type { Executor } from '../../migration/executor.ts'
import type { ContainedMigration, History } from '../../migration/history.ts'
import { type LedgerEntry, quoteName, quoteText } from '../../migration/ledger.ts'
import type { SyntaxProblem } from '../../sql/parse.ts'
import { utf16FromCodePoints } from '../../sql/position.ts'
import { formatDuration } from '../../units.ts'
import type { OpenClient } from './client.ts'
import { openExecutor } from './executor.ts'
import { factStatement, readHistory } from './history-rows.ts'
import { type LedgerTables, locateTables, readEntries, readHeads } from './ledger-tables.ts'
import { requireRights } from './rights.ts'
import { advisoryKey, applicationName, type DatabaseSurroundings, openSession, readIdentity, refuseReplica } from './session.ts'
import { insufficientRights, readState, stateExists, stateStatements } from './state.ts'

/** Opens the observer: the connection that holds the lock, keeps the books and cancels. */
export async function openMigrationDatabase(surroundings: DatabaseSurroundings): Promise<MigrationDatabase> {
  const { database } = surroundings
  const session = await openSession(database, applicationName(surroundings.run))
  try {
    await session.client.query("set lock_timeout = '30s'") // somebody who locks our own tables must not hang the run
    await refuseReplica(session.client, describeConnection(database.connection))
    return new PostgresMigrationDatabase(surroundings, session, await readIdentity(session.client, database))
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

  async history(options: Pick<LedgerOptions, 'project' | 'environment'>): Promise<History> {
    if (!(await this.#hasState())) return { rows: [], former: [] }
    return readHistory(this.#client, this.#schema, options)
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

  async lock(project: string, waitMs: number, signal: AbortSignal): Promise<void> {
    const key = advisoryKey('runner', project)
    const deadline = Date.now() + waitMs
    let told = false
    while (!(await this.#tryLock(key))) {
      const holder = await this.#holder(key)
      if (signal.aborted) throw new ReleaseError('interrupted', 'The run was stopped while it waited for another run.')
      if (Date.now() >= deadline) {
        throw new ReleaseError('run-in-progress', `Another run works on ${this.description}: ${holder}.`, {
          hint: 'Wait until it has ended and run the same command again. on-locked and lock-wait say how long to wait.',
        })
      }
      if (!told) this.#surroundings.say(`waiting up to ${formatDuration(waitMs)} for another run: ${holder}`)
      told = true
      await new Promise((resolve) => setTimeout(resolve, Math.min(500, Math.max(1, deadline - Date.now()))))
    }
    this.#locked = project
  }

  async prepare(options: LedgerOptions): Promise<Stamp> {
    if (!(await this.#hasState())) {
      // without IF NOT EXISTS, which asks for the right to create even where a DBA has made the schema
      const { rows } = await this.#client.query<{ missing: boolean }>('select pg_catalog.to_regnamespace($1) is null as missing', [
        quoteName(this.#schema),
      ])
      await this.#create([...(rows[0]?.missing ? [`create schema ${quoteName(this.#schema)}`] : []), ...stateStatements(this.#schema)])
    }
    for (const { table, exists, phase } of await this.#tables(options)) {
      if (!exists && (phase !== 'post' || options.hasPost)) await this.#create([options.layout.ledger.create(table)])
    }
    const { systemIdentifier, databaseOid, address } = this.identity
    const existing = await this.stamp()
    if (existing !== undefined) return existing
    await this.#client.query(
      `insert into ${quoteName(this.#schema)}.stamp (environment, system_identifier, database_oid, address) values ($1, $2, $3, $4) on conflict do nothing`,
      [options.environment, systemIdentifier ?? null, databaseOid, address],
    )
    return (await this.stamp()) as Stamp
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

  async recordDeployed(options: ReleaseOptions, migrations: readonly ContainedMigration[]): Promise<void> {
    await this.#write(this.#fact('stamp', { ...options, event: 'deployed', detail: { migrations } }))
  }

  async recordOlderAllowed(options: ReleaseOptions, older: { readonly reason: string; readonly than: string }): Promise<void> {
    await this.#write(this.#fact('stamp', { ...options, event: 'older-allowed', detail: older }))
  }

  async adopt(options: ReleaseOptions, { kind, from, to }: Adoption, reason: string): Promise<void> {
    const fact = this.#fact('changed', { ...options, event: 'adopted', detail: { reason, kind, from, to } })
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
    const tables = await this.#tables(options)
    return openExecutor({
      ...this.#surroundings,
      tables,
      options,
      observer: () => this.#session,
      reconnect: async (signal) => {
        await this.#session[Symbol.asyncDispose]()
        this.#session = await openSession(this.#surroundings.database, applicationName(this.#surroundings.run))
        if (this.#locked !== undefined) await this.lock(this.#locked, 90_000, signal)
      },
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

  #tables(options: LedgerOptions): Promise<readonly LedgerTables[]> {
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

  async #tryLock(key: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ taken: boolean }>('select pg_catalog.pg_try_advisory_lock($1::bigint) as taken', [
      key.toString(),
    ])
    return rows[0]?.taken === true
  }

  /** Who holds the lock, as far as this role may see. */
  async #holder(key: string): Promise<string> {
    const { rows } = await this.#client.query<{ pid: number; application: string | null; address: string | null; since: Date | null }>(
      `select l.pid, a.application_name as application, a.client_addr::text as address, a.backend_start as since
       from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid::bigint = $1::bigint and l.objid::bigint = $2::bigint
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
      [((BigInt(key) >> 32n) & 0xffff_ffffn).toString(), (BigInt(key) & 0xffff_ffffn).toString()],
    )
    const [row] = rows
    if (row === undefined) return 'it has just ended'
    const since = row.since === null ? '' : `, since ${row.since.toISOString()}`
    return `${row.application || 'an unnamed program'} (server process ${row.pid}${row.address === null ? '' : ` from ${row.address}`}${since})`
  }
}
