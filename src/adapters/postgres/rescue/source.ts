import type { DatabaseInputs, ToolOptions } from '../../../commands/command.ts'
import { describeConnection } from '../../../connection.ts'
import { messageOf, ReleaseError, systemCode } from '../../../errors.ts'
import { quoteTable, type TableName } from '../../../migration/ledger.ts'
import type { DownLoss } from '../../../rollback/down/loss.ts'
import type { WholePart } from '../../../rollback/down/rescue-part.ts'
import type { ColumnName, CountedLoss, RescueFacts, RescueSource } from '../../../rollback/down/rescue-source.ts'
import { makeWorkspace, type Workspace } from '../../workspace.ts'
import { type OpenClient, openClient } from '../client.ts'
import { libpqEnvironment } from '../libpq-environment.ts'
import { assumeRole, readIdentity } from '../session.ts'
import { findTools } from '../tools.ts'
import { copyOut } from './copy-out.ts'
import { readPrerequisites } from './prerequisites.ts'
import { readPosition, readTableFacts } from './table-facts.ts'
import { type DumpSurroundings, readWholeFacts } from './whole-facts.ts'

interface RescueOptions extends ToolOptions {
  readonly database: DatabaseInputs
  readonly applicationName: string
  /** Tables that the snapshot must see whole: a rewrite after it would leave none of their rows. */
  readonly tables: readonly TableName[]
  readonly lockWaitMs: number
  readonly roots: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

/** Locks the tables against changes of their shape, takes a snapshot and keeps it until disposal. */
export async function openRescue(options: RescueOptions): Promise<RescueSource> {
  const { database, tables, lockWaitMs } = options
  const session = await openClient({ ...database, applicationName: options.applicationName })
  const { client } = session
  try {
    await assumeRole(client, database.role)
    const identity = await readIdentity(client, database)
    const { rows: settings } = await client.query<{ path: string; zone: string }>(
      `select pg_catalog.current_setting('search_path') as path, pg_catalog.current_setting('TimeZone') as zone`,
    )
    // whoever may not see every row is refused, rather than shown fewer
    await client.query(`set row_security = off; set lock_timeout = ${Math.trunc(lockWaitMs)}`)
    await client.query('begin isolation level repeatable read, read only')
    if (tables.length > 0) await client.query(`lock table ${tables.map(quoteTable).join(', ')} in access share mode`)
    const { rows } = await client.query<{ id: string; at: Date }>(
      'select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at',
    )
    const [snapshot] = rows
    if (snapshot === undefined) throw new Error('pg_export_snapshot() returned nothing')
    const facts: RescueFacts = {
      database: database.connection.database,
      serverVersion: session.serverVersion,
      systemIdentifier: identity.systemIdentifier,
      databaseOid: identity.databaseOid,
      timeZone: settings[0]?.zone ?? 'UTC',
      at: snapshot.at,
    }
    return new PostgresRescue(options, session, facts, { id: snapshot.id, ownPath: settings[0]?.path ?? '' })
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw explain(error, database)
  }
}

/** Finds every name in the catalog alone, and writes values as any session reads them again; until `unpin`, since marks depend on none of it. */
const pin = `savepoint shiplock; set local search_path = pg_catalog, pg_temp; set local datestyle = ISO; set local intervalstyle = postgres;
  set local extra_float_digits = 3; set local bytea_output = hex; set local lc_monetary = 'C'`
const unpin = 'rollback to savepoint shiplock; release savepoint shiplock'

class PostgresRescue implements RescueSource {
  readonly facts: RescueFacts
  readonly #options: RescueOptions
  readonly #session: OpenClient
  readonly #snapshot: { readonly id: string; readonly ownPath: string }
  #workspace: Workspace | undefined

  constructor(
    options: RescueOptions,
    session: OpenClient,
    facts: RescueFacts,
    snapshot: { readonly id: string; readonly ownPath: string },
  ) {
    this.#options = options
    this.#session = session
    this.#snapshot = snapshot
    this.facts = facts
  }

  async count(losses: readonly DownLoss[]): Promise<readonly CountedLoss[]> {
    const counted: CountedLoss[] = []
    for (const loss of losses) {
      const started = performance.now()
      const count = await this.#ask(loss, loss.count)
      const middle = performance.now()
      const mark = await this.#ask(loss, loss.mark)
      const markMs = Math.ceil(performance.now() - (loss.mark === undefined ? started : middle))
      counted.push({ ...loss, counted: count === undefined ? undefined : BigInt(count), markedAs: mark, markMs })
    }
    return counted
  }

  /** Under the settings of the role, as the down itself has them. */
  async #ask({ what }: DownLoss, sql: string | undefined): Promise<string | undefined> {
    if (sql === undefined) return undefined
    try {
      const { rows } = await this.#session.client.query<string[]>({ text: sql, rowMode: 'array' })
      return rows[0]?.[0]
    } catch (error) {
      throw this.#explained(error, `counting ${what}`)
    }
  }

  describeTable(table: TableName, columns: readonly string[]) {
    return this.#reading('reading the catalog', (client) => readTableFacts(client, table, columns))
  }

  describeWhole(parts: readonly WholePart[]) {
    return this.#reading('reading the catalog', async (client) => readWholeFacts(client, parts, await this.#dump()))
  }

  prerequisites(tables: readonly TableName[], columns: readonly ColumnName[]) {
    return this.#reading('reading the catalog', (client) => readPrerequisites(client, tables, columns))
  }

  position(sequence: string) {
    return this.#reading('reading a sequence', (client) => readPosition(client, sequence))
  }

  countRows(select: string, ownPath: boolean): Promise<bigint> {
    return this.#reading(
      'counting rows',
      async (client) => {
        const { rows } = await client.query<{ rows: string }>(
          `select pg_catalog.count(*)::text as rows from (${select}\n) as shiplock_rows`,
        )
        return BigInt(rows[0]?.rows ?? '0')
      },
      ownPath,
    )
  }

  async *rows(select: string, ownPath: boolean): AsyncGenerator<Buffer> {
    const { client } = this.#session
    await this.#pin(ownPath)
    try {
      for await (const chunk of copyOut(client, `copy (${select}\n) to stdout`)) yield chunk as Buffer
    } catch (error) {
      throw this.#explained(error, 'copying rows')
    }
    await client.query(unpin)
  }

  async #reading<Result>(what: string, read: (client: OpenClient['client']) => Promise<Result>, ownPath = false): Promise<Result> {
    try {
      await this.#pin(ownPath)
      const result = await read(this.#session.client)
      await this.#session.client.query(unpin)
      return result
    } catch (error) {
      throw this.#explained(error, what)
    }
  }

  async #pin(ownPath: boolean): Promise<void> {
    await this.#session.client.query(pin)
    if (ownPath) await this.#session.client.query("select pg_catalog.set_config('search_path', $1, true)", [this.#snapshot.ownPath])
  }

  async #dump(): Promise<DumpSurroundings> {
    const { database, applicationName, env, roots, binDir, install, say, lockWaitMs, signal } = this.#options
    const tools = await findTools({ binDir, install, major: this.#session.serverMajor, set: 'client', env, say })
    return {
      tools,
      snapshot: this.#snapshot.id,
      role: database.role,
      lockWaitMs,
      signal,
      env: async () => {
        this.#workspace ??= await makeWorkspace({ roots })
        return libpqEnvironment({ database, encrypted: this.#session.encrypted, applicationName, env, folder: this.#workspace.path })
      },
    }
  }

  #explained(error: unknown, what: string): unknown {
    const { database } = this.#options
    // a server that ends the connection may say so before it is gone
    if (this.#session.lost() === undefined && !/^(?:57P0|08)/.test(systemCode(error) ?? '')) return explain(error, database, what)
    return new ReleaseError('connection-lost', `${describeConnection(database.connection)}: the connection broke while ${what}.`, {
      hint: 'Nothing was changed. Run it again.',
      cause: error,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
    await this.#workspace?.[Symbol.asyncDispose]()
  }
}

function explain(cause: unknown, { connection }: DatabaseInputs, what = 'preparing the count'): unknown {
  const code = systemCode(cause)
  if (code === undefined || cause instanceof ReleaseError) return cause
  const message = `${describeConnection(connection)}: ${messageOf(cause)}, while ${what}.`
  if (code === '42501') {
    return new ReleaseError('insufficient-rights', message, {
      hint: 'Use a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.',
      cause,
    })
  }
  if (code === '55P03')
    return new ReleaseError('loss-not-counted', message, {
      hint: 'Somebody holds a lock on a table. Run it again when they are done.',
      cause,
    })
  return /^[0-9A-Z]{5}$/.test(code)
    ? new ReleaseError('loss-not-counted', message, {
        hint: 'Nothing was changed. Make a whole backup, or go forward with a hotfix.',
        cause,
      })
    : cause
}
