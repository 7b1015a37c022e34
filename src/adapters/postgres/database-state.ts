import type pg from 'pg'
import { systemCode } from '../../errors.ts'
import type { Books } from '../../migration/books.ts'
import type { CommandBooks } from '../../migration/command-books.ts'
import type { ObservedDuration } from '../../migration/durations.ts'
import type { CanaryFact, ContainedMigration, History, RollbackFact, Waiver } from '../../migration/history.ts'
import type { Adoption, DatabaseIdentity, Stamp } from '../../migration/identity.ts'
import { quoteName, quoteText } from '../../migration/ledger.ts'
import { type RecordedSchema, type SchemaNote, schemaNoteShape } from '../../migration/schema-note.ts'
import { type ClosedAttempt, closedState, type ReliedBackup, type State, type StateScope, stampChanged } from '../../migration/state.ts'
import { PostgresBooks } from './books.ts'
import { PostgresCommandBooks } from './command-books.ts'
import { readDurations } from './durations.ts'
import { factStatement, readHistory } from './history-rows.ts'
import { createObjects, insufficientRights, readState, schemaStatements, stateExists, stateStatements } from './state.ts'

/** The state as tables of a schema of its own in the target database, on the observer's connection. */
export class DatabaseState implements State {
  readonly home = 'database'
  readonly place: string
  readonly #connection: () => pg.Client
  readonly #schema: string
  readonly #scope: StateScope
  readonly #identity: DatabaseIdentity
  #seen = false

  constructor(connection: () => pg.Client, schema: string, scope: StateScope, identity: DatabaseIdentity) {
    this.place = `the schema ${schema} of the database`
    this.#connection = connection
    this.#schema = schema
    this.#scope = scope
    this.#identity = identity
  }

  get #client(): pg.Client {
    return this.#connection()
  }

  async stamp(): Promise<Stamp | undefined> {
    if (!(await this.#exists())) return undefined
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
    if (!(await this.#exists())) return []
    const { rows } = await readState<{ project: string }>(
      this.#client,
      this.#schema,
      `select distinct project from ${quoteName(this.#schema)}.history order by 1`,
    )
    return rows.map(({ project }) => project)
  }

  async history(): Promise<History> {
    return (await this.#exists()) ? readHistory(this.#client, this.#schema, this.#scope) : { rows: [], former: [] }
  }

  async finishedSteps(): Promise<ReadonlyMap<string, number>> {
    if (!(await this.#exists())) return new Map()
    const { rows } = await readState<{ version: string; done: number }>(
      this.#client,
      this.#schema,
      `select version, count(*)::int as done from ${quoteName(this.#schema)}.step where project = ${quoteText(this.#scope.project)} and state = 'finished' group by version`,
    )
    return new Map(rows.map(({ version, done }) => [version, done]))
  }

  async durations(checksums: readonly string[]): Promise<readonly ObservedDuration[]> {
    return (await this.#exists()) ? readDurations(this.#client, this.#schema, this.#scope.project, checksums) : []
  }

  async create(): Promise<void> {
    if (await this.#exists()) return
    await createObjects(this.#client, this.#schema, [
      ...(await schemaStatements(this.#client, this.#schema)),
      ...stateStatements(this.#schema),
    ])
  }

  async makeStamp(): Promise<Stamp> {
    const existing = await this.stamp()
    if (existing !== undefined) return existing
    const { systemIdentifier, databaseOid, address } = this.#identity
    await this.#client.query(
      `insert into ${quoteName(this.#schema)}.stamp (environment, system_identifier, database_oid, address) values ($1, $2, $3, $4) on conflict do nothing`,
      [this.#scope.environment, systemIdentifier ?? null, databaseOid, address],
    )
    return (await this.stamp()) as Stamp
  }

  async closeOpenAttempts(applied: () => Promise<ReadonlySet<string>>): Promise<readonly ClosedAttempt[]> {
    const s = quoteName(this.#schema)
    const { rows } = await this.#client.query<{ id: string; event: string; version: string }>(
      `select id::text, event, version from ${s}.history where project = $1 and event in ('migration', 'reversal') and state = 'running'`,
      [this.#scope.project],
    )
    if (rows.length === 0) return []
    const versions = await applied()
    const closed: ClosedAttempt[] = []
    for (const { id, event, version } of rows) {
      const state = closedState(event === 'reversal', versions.has(version))
      await this.#client.query(`update ${s}.history set state = $2, finished_at = clock_timestamp() where id = $1::bigint`, [id, state])
      closed.push({ version, state })
    }
    return closed
  }

  async recordDeployed(migrations: readonly ContainedMigration[]): Promise<void> {
    await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, 'deployed', { migrations }))
  }

  async recordCanary(canary: CanaryFact): Promise<void> {
    await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, 'canary', canary))
  }

  async recordRollback(rollback: RollbackFact): Promise<void> {
    await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, 'rollback', rollback))
  }

  async recordOlderAllowed(older: { readonly reason: string; readonly than: string }): Promise<void> {
    await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, 'older-allowed', older))
  }

  async recordBackup(relied: ReliedBackup): Promise<void> {
    await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, 'backup', relied))
  }

  async recordWaiver(waiver: Waiver): Promise<void> {
    await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, 'waived', waiver))
  }

  /** Of the database, whichever project's run it was: a note of another project's run is as good. */
  async recordSchema(note: SchemaNote): Promise<void> {
    const fact = this.#fact(`${quoteName(this.#schema)}.stamp`, 'schema', note)
    await this.#write({
      text: `with older as (update ${quoteName(this.#schema)}.history set detail = null where event = 'schema' and detail is not null) ${fact.text}`,
      values: fact.values,
    })
  }

  async lastSchema(): Promise<RecordedSchema | undefined> {
    if (!(await this.#exists())) return undefined
    const s = quoteName(this.#schema)
    const { rows } = await readState<{ project: string; release: string; at: Date; detail: unknown }>(
      this.#client,
      this.#schema,
      `select project, release, started_at as at, detail from ${s}.history
       where event = 'schema' and stamp = (select id from ${s}.stamp) and detail is not null order by id desc limit 1`,
    )
    const [row] = rows
    const note = schemaNoteShape.safeParse(row?.detail).data
    return row === undefined || note === undefined ? undefined : { note, project: row.project, release: row.release, at: row.at }
  }

  async adopt({ kind, from, to }: Adoption, reason: string): Promise<void> {
    const fact = this.#fact('changed', 'adopted', { reason, kind, from, to })
    const written = await this.#write({
      text: `with changed as (update ${quoteName(this.#schema)}.stamp
          set id = case when $10 then gen_random_uuid() else id end, environment = $11, system_identifier = $12, database_oid = $13, address = $14, stamped_at = clock_timestamp()
          where id = $15::uuid returning id)
        ${fact.text}`,
      values: [...fact.values, kind === 'copy', to.environment, to.systemIdentifier ?? null, to.databaseOid, to.address, from.id],
    })
    if (written !== 1) throw stampChanged()
  }

  books(): Books {
    return new PostgresBooks(this.#connection, this.#schema, this.#scope)
  }

  commandBooks(): CommandBooks {
    return new PostgresCommandBooks(this.#connection, this.#schema, this.#scope)
  }

  /** Once seen, the state tables stay: `plan` asks for them four times, each a round trip. */
  async #exists(): Promise<boolean> {
    this.#seen ||= await stateExists(this.#client, this.#schema)
    return this.#seen
  }
  #fact(stamp: string, event: Parameters<typeof factStatement>[2]['event'], detail: unknown) {
    return factStatement(this.#schema, stamp, { event, detail }, this.#scope)
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
}
