import pg from 'pg'
import { messageOf, ReleaseError } from '../../errors.ts'
import type { LedgerOptions } from '../../migration/database.ts'
import type { Executor, SendOutcome, Step } from '../../migration/executor.ts'
import type { AttemptState } from '../../migration/history.ts'
import { type LedgerEntry, quoteName, quoteTable, quoteText } from '../../migration/ledger.ts'
import type { Migration } from '../../migration/migration.ts'
import type { Effect } from '../../sql/classify.ts'
import { type OpenClient, openClient, sessionSettings } from './client.ts'
import { headCheck, type LedgerTables, readEntries, readHead } from './ledger-tables.ts'
import { advisoryKey, applicationName, assumeRole, type DatabaseSurroundings, refusePooler } from './session.ts'

interface ExecutorSurroundings extends DatabaseSurroundings {
  readonly tables: readonly LedgerTables[]
  readonly options: LedgerOptions
  /** The connection that holds the lock; another one after `reconnect`. */
  readonly observer: () => OpenClient
  readonly reconnect: (signal: AbortSignal) => Promise<void>
}

/** Opens the worker. Throws `pooler-detected` when both connections turn out to be one server process. */
export async function openExecutor(surroundings: ExecutorSurroundings): Promise<Executor> {
  const worker = await openWorker(surroundings)
  try {
    refusePooler(worker, surroundings.observer())
    return await executorOn(worker, surroundings)
  } catch (error) {
    await worker[Symbol.asyncDispose]()
    throw error
  }
}

async function executorOn(worker: OpenClient, surroundings: ExecutorSurroundings): Promise<Executor> {
  const roles = await worker.client.query<{ role: string; login: string }>('select current_user::text as role, session_user::text as login')
  const { role = '', login = '' } = roles.rows[0] ?? {}
  const known = await readEntries(surroundings.observer().client, surroundings.tables, surroundings.options)
  const restoreRole = `set local session authorization default;\nset local role ${role === login ? 'none' : quoteName(role)}`
  return new PostgresExecutor(surroundings, worker, restoreRole, new Set(known.map((entry) => entry.version)))
}

/** The observer's heartbeat, and how long an answer may take: together well below the 90 s that settling may need. */
const heartbeatMs = 15_000
const silenceMs = 45_000

/** How long an old session may take to disappear after the network broke. */
const settleMs = 90_000

class PostgresExecutor implements Executor {
  readonly restoreRole: string
  readonly #surroundings: ExecutorSurroundings
  readonly #known: Set<string>
  #worker: OpenClient

  constructor(surroundings: ExecutorSurroundings, worker: OpenClient, restoreRole: string, known: Set<string>) {
    this.#surroundings = surroundings
    this.#worker = worker
    this.restoreRole = restoreRole
    this.#known = known
  }

  get #observer(): pg.Client {
    return this.#surroundings.observer().client
  }

  get #schema(): string {
    return quoteName(this.#surroundings.stateSchema)
  }

  async send(sql: string, signal: AbortSignal): Promise<SendOutcome> {
    const { client, pid, lost } = this.#worker
    const reason = lost()
    if (reason !== undefined) return { state: 'lost', reason }
    const cancel = () => {
      this.#observer.query('select pg_catalog.pg_cancel_backend($1)', [pid]).catch(() => client.end())
    }
    if (signal.aborted)
      return {
        state: 'failed',
        failure: { sqlstate: '57014', message: 'not started', detail: undefined, hint: undefined, position: undefined, completed: 0 },
      }
    signal.addEventListener('abort', cancel, { once: true })
    const stopWatching = this.#watch(client)
    try {
      return await sendMessage(client, sql)
    } finally {
      stopWatching()
      signal.removeEventListener('abort', cancel)
    }
  }

  async resetSession(): Promise<void> {
    const { client, serverMajor } = this.#worker
    const { connection, role } = this.#surroundings.database
    await client.query('discard all')
    await client.query(sessionSettings(serverMajor, connection))
    await assumeRole(client, role)
    await lockWorker(this.#worker, this.#surroundings)
  }

  async guard(migration: Migration): Promise<readonly string[]> {
    const { options, tables } = this.#surroundings
    if (!options.layout.writtenByTool) return []
    const { table } = this.#tableOf(migration)
    const sql = options.layout.ledger.head(table, { project: options.project })
    // read the head first: what changes after it is caught by the message itself
    const head = await readHead(this.#observer, table, sql)
    const entries = await readEntries(this.#observer, tables, options)
    const moved = entries.length !== this.#known.size || entries.some((entry) => !this.#known.has(entry.version))
    return [`lock table ${quoteTable(table)} in share row exclusive mode`, headCheck(moved ? 'moved' : head, sql)]
  }

  record(migration: Migration): string {
    const { options } = this.#surroundings
    const sql = options.layout.ledger.record(this.#tableOf(migration).table, migration, { project: options.project })
    const steps = migration.transactional
      ? ''
      : `;\ndelete from ${this.#schema}.step where project operator(pg_catalog.=) ${quoteText(options.project)} and version operator(pg_catalog.=) ${quoteText(migration.version)}`
    return `${sql}${steps}`
  }

  async beginAttempt(migration: Migration): Promise<string> {
    const { options, run } = this.#surroundings
    const { rows } = await this.#observer.query<{ id: string }>(
      `insert into ${this.#schema}.history (project, environment, stamp, event, phase, version, name, checksum, state, release, commit, run, attempt, host)
       select $1, $2, id, 'migration', $3, $4, $5, $6, 'running', $7, $8, $9, $10, $11 from ${this.#schema}.stamp returning id::text`,
      [
        options.project,
        options.environment,
        migration.phase,
        migration.version,
        migration.id,
        migration.checksum,
        options.release,
        run.commit ?? null,
        run.id,
        run.attempt,
        run.host,
      ],
    )
    return (rows[0] as { id: string }).id
  }

  async endAttempt(id: string, state: AttemptState, durationMs: number, error?: string): Promise<void> {
    const { rows } = await this.#observer.query<{ version: string }>(
      `update ${this.#schema}.history set state = $2, finished_at = clock_timestamp(), duration_ms = $3, error = $4 where id = $1::bigint returning version`,
      [id, state, Math.round(durationMs), error ?? null],
    )
    if (state === 'applied' && rows[0] !== undefined) this.#known.add(rows[0].version)
  }

  async steps(migration: Migration): Promise<readonly Step[]> {
    const { rows } = await this.#observer.query<Step>(
      `select index, hash, state from ${this.#schema}.step where project = $1 and version = $2 order by index`,
      [this.#surroundings.options.project, migration.version],
    )
    return rows
  }

  recordStep(migration: Migration, step: Step): string {
    const values = [this.#surroundings.options.project, migration.version].map(quoteText)
    return `insert into ${this.#schema}.step (project, version, index, hash, state) values (${values.join(', ')}, ${step.index}, ${quoteText(step.hash)}, ${quoteText(step.state)}) on conflict (project, version, index) do update set state = excluded.state, hash = excluded.hash, at = pg_catalog.clock_timestamp()`
  }

  async saveStep(migration: Migration, step: Step): Promise<void> {
    await this.#observer.query(this.recordStep(migration, step))
  }

  async effectState(effect: Effect): Promise<'done' | 'absent' | 'invalid' | 'busy' | 'other'> {
    if (effect.kind === 'repeatable') return 'absent'
    const table = effect.kind === 'index-created' ? qualified({ schema: effect.schema, name: effect.table }) : null
    const { rows } = await this.#worker.client.query<{ valid: boolean | null; same: boolean | null; busy: boolean }>(
      `select i.indisvalid as valid, $2::text is null or i.indrelid = pg_catalog.to_regclass($2) as same,
         exists (select from pg_catalog.pg_locks l where l.relation = c.oid and l.pid <> pg_catalog.pg_backend_pid()
           and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())) as busy
       from pg_catalog.pg_class c left join pg_catalog.pg_index i on i.indexrelid = c.oid where c.oid = pg_catalog.to_regclass($1)`,
      [qualified(effect), table],
    )
    const [row] = rows
    if (row === undefined) return 'absent'
    if (row.valid === null || row.same !== true) return 'other'
    if (row.valid) return 'done'
    return row.busy ? 'busy' : 'invalid'
  }

  async dropInvalidIndex(effect: Effect): Promise<void> {
    if (effect.kind === 'repeatable') return
    await this.#worker.client.query(`drop index concurrently if exists ${qualified(effect)}`)
  }

  async settle(): Promise<readonly LedgerEntry[]> {
    const deadline = Date.now() + settleMs
    const { pid } = this.#worker
    await this.#worker[Symbol.asyncDispose]()
    for (;;) {
      try {
        await this.#surroundings.reconnect(AbortSignal.timeout(settleMs))
        break
      } catch (error) {
        if (Date.now() > deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, 1000))
      }
    }
    while (await this.#isAlive(pid)) {
      if (Date.now() > deadline) throw new ReleaseError('connection-lost', `The old server process ${pid} is still there.`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    return readEntries(this.#observer, this.#surroundings.tables, this.#surroundings.options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker[Symbol.asyncDispose]()
  }

  async #isAlive(pid: number): Promise<boolean> {
    const name = applicationName(this.#surroundings.run)
    const { rowCount } = await this.#observer.query('select from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2', [
      pid,
      name,
    ])
    return rowCount !== 0
  }

  /**
   * Asks the server for a sign of life while the worker is busy: packets that vanish end nothing by themselves. When
   * none comes in time, the worker's connection is given up, and what became of the message is for the ledger to say.
   */
  #watch(worker: pg.Client): () => void {
    let asked: number | undefined
    const timer = setInterval(() => {
      if (asked !== undefined) {
        if (performance.now() - asked > silenceMs)
          streamOf(worker)?.destroy(new Error(`no answer from the server for ${silenceMs / 1000} s`))
        return
      }
      asked = performance.now()
      this.#observer.query('select 1').then(
        () => {
          asked = undefined
        },
        () => {}, // a broken observer is noticed by its next entry in the books
      )
    }, heartbeatMs)
    timer.unref()
    return () => clearInterval(timer)
  }

  #tableOf(migration: Migration): LedgerTables {
    const { tables } = this.#surroundings
    return tables.find(({ phase }) => phase === undefined || phase === migration.phase) ?? (tables[0] as LedgerTables)
  }
}

async function openWorker(surroundings: ExecutorSurroundings): Promise<OpenClient> {
  const worker = await openClient({ ...surroundings.database, applicationName: applicationName(surroundings.run) })
  try {
    worker.client.on('notice', (notice) => surroundings.sayForeign(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`))
    await assumeRole(worker.client, surroundings.database.role)
    await lockWorker(worker, surroundings)
    return worker
  } catch (error) {
    await worker[Symbol.asyncDispose]()
    throw error
  }
}

/**
 * The worker holds a lock of its own. The observer's ends at once when a runner is killed, while the statement it had
 * sent may still be running: whoever comes next waits for that, else it would run the same migration beside it.
 */
async function lockWorker(worker: OpenClient, { options, say }: ExecutorSurroundings): Promise<void> {
  const key = advisoryKey('worker', options.project)
  const deadline = performance.now() + settleMs
  let told = false
  for (;;) {
    const { rows } = await worker.client.query<{ taken: boolean }>('select pg_catalog.pg_try_advisory_lock($1::bigint) as taken', [key])
    if (rows[0]?.taken === true) return
    if (performance.now() > deadline) {
      throw new ReleaseError('run-in-progress', 'The statement of an earlier run, which was killed, is still running on the server.', {
        hint: "Wait until it has ended, or cancel it: select pg_cancel_backend(pid) from pg_stat_activity where application_name like 'shiplock/%'.",
      })
    }
    if (!told) say('waiting for the statement of an earlier run that was killed')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function streamOf(client: pg.Client): { destroy(error: Error): void } | undefined {
  return (client as unknown as { connection?: { stream?: { destroy(error: Error): void } } }).connection?.stream
}

/** `pg` keeps no count of the statements that ended before an error; this query does. */
class CountingQuery extends pg.Query {
  completed = 0

  handleCommandComplete(message: unknown, connection: unknown): void {
    this.completed++
    const parent = pg.Query.prototype as unknown as { handleCommandComplete(this: unknown, message: unknown, connection: unknown): void }
    parent.handleCommandComplete.call(this, message, connection)
  }
}

function sendMessage(client: pg.Client, sql: string): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const query = new CountingQuery(sql)
    query.on('row', () => {}) // rows of a migration's own queries are not kept
    query.on('end', () => resolve({ state: 'done' }))
    query.on('error', (error: unknown) => resolve(outcomeOf(error, query.completed)))
    client.query(query)
  })
}

function outcomeOf(error: unknown, completed: number): SendOutcome {
  const fromServer = error instanceof pg.DatabaseError && !['FATAL', 'PANIC'].includes(error.severity ?? '')
  if (!fromServer) return { state: 'lost', reason: messageOf(error) }
  const position = error.position === undefined ? undefined : Number(error.position) - 1
  return {
    state: 'failed',
    failure: { sqlstate: error.code, message: error.message, detail: error.detail, hint: error.hint, position, completed },
  }
}

function qualified({ schema, name }: { readonly schema: string | undefined; readonly name: string }): string {
  return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
}
