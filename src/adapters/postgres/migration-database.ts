import pg from 'pg'
import { z } from 'zod'
import { describeConnection } from '../../connection.ts'
import { systemCode } from '../../errors.ts'
import type { DatabaseIdentity, LedgerOptions, LockPolicy, MigrationDatabase, Stamp } from '../../migration/database.ts'
import type { Executor } from '../../migration/executor.ts'
import type { ContainedMigration, HistoryRow } from '../../migration/history.ts'
import { type LedgerEntry, quoteName, quoteText } from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'
import type { Preview } from '../../migration/preview.ts'
import type { SyntaxProblem } from '../../sql/parse.ts'
import { utf16FromCodePoints } from '../../sql/position.ts'
import type { OpenClient } from './client.ts'
import { type ExecutorSurroundings, openExecutor, openPreview } from './executor.ts'
import { locateTables, readEntries, readHeads } from './ledger-tables.ts'
import { takeRunnerLock } from './runner-lock.ts'
import { applicationName, type DatabaseSurroundings, openSession, readIdentity, refuseReplica } from './session.ts'
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

const historyRow = z.object({
  event: z.enum(['migration', 'deployed']),
  phase: z.enum(['pre', 'post']).nullable(),
  version: z.string().nullable(),
  checksum: z.string().nullable(),
  state: z.enum(['running', 'applied', 'failed', 'applied-unreported', 'not-applied']).nullable(),
  release: z.string(),
  started_at: z.date(),
  detail: z
    .object({ migrations: z.array(z.object({ version: z.string(), phase: z.enum(['pre', 'post']), checksum: z.string() })) })
    .nullable(),
})

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

  async history(options: LedgerOptions): Promise<readonly HistoryRow[]> {
    if (!(await this.#hasState())) return []
    const s = quoteName(this.#schema)
    const { rows } = await readState(
      this.#client,
      this.#schema,
      `select event, phase, version, checksum, state, release, started_at, detail from ${s}.history where project = ${quoteText(options.project)} and environment = ${quoteText(options.environment)} and stamp = (select id from ${s}.stamp) order by id`,
    )
    return z.array(historyRow).parse(rows).map(toHistoryRow)
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

  async recordDeployed(options: LedgerOptions, migrations: readonly ContainedMigration[]): Promise<void> {
    const s = quoteName(this.#schema)
    const { run } = this.#surroundings
    await this.#client.query(
      `insert into ${s}.history (project, environment, stamp, event, release, commit, run, attempt, host, finished_at, detail) select $1, $2, id, 'deployed', $3, $4, $5, $6, $7, clock_timestamp(), $8::jsonb from ${s}.stamp`,
      [
        options.project,
        options.environment,
        options.release,
        run.commit ?? null,
        run.id,
        run.attempt,
        run.host,
        JSON.stringify({ migrations }),
      ],
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
      reconnect: async (signal) => {
        const brokenPid = this.#session.pid
        await this.#session[Symbol.asyncDispose]()
        this.#session = await openObserver(this.#surroundings)
        if (this.#locked !== undefined) await this.#takeLock(this.#locked, { onLocked: 'wait', waitMs: 90_000, signal }, brokenPid)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
  }

  /** Once seen, the state tables stay: `plan` asks for them four times, each a round trip. */
  async #hasState(): Promise<boolean> {
    this.#stateSeen ||= await stateExists(this.#client, this.#schema)
    return this.#stateSeen
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

  #takeLock(project: string, policy: LockPolicy, brokenPid?: number): Promise<void> {
    const { run, say, stateSchema } = this.#surroundings
    return takeRunnerLock({ client: this.#client, project, run, description: this.description, stateSchema, say, brokenPid }, policy)
  }
}

function toHistoryRow(row: z.output<typeof historyRow>): HistoryRow {
  const common = { release: row.release, at: row.started_at }
  if (row.event === 'deployed') return { event: 'deployed', ...common, migrations: row.detail?.migrations ?? [] }
  return {
    event: 'migration',
    ...common,
    phase: row.phase ?? 'pre',
    version: row.version ?? '',
    checksum: row.checksum ?? '',
    state: row.state ?? 'not-applied',
  }
}
