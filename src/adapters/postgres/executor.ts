import pg from 'pg'
import { messageOf, ReleaseError } from '../../errors.ts'
import type { Books } from '../../migration/books.ts'
import type { Catalog } from '../../migration/catalog.ts'
import type { LedgerOptions } from '../../migration/database.ts'
import type { Executor, Queue, SendOutcome, Survey } from '../../migration/executor.ts'
import type { Holder } from '../../migration/holder.ts'
import { type LedgerEntry, quoteName } from '../../migration/ledger.ts'
import { type LedgerTable, LedgerTexts } from '../../migration/ledger-texts.ts'
import type { LockTarget } from '../../migration/lock-target.ts'
import type { Phase } from '../../migration/migration.ts'
import type { Preview } from '../../migration/preview.ts'
import type { Watch } from '../../migration/watch.ts'
import type { RelationLock } from '../../sql/locks.ts'
import { PostgresCatalog } from './catalog.ts'
import { type OpenClient, openClient, streamOf } from './client.ts'
import { anyExists, type RelationName } from './existing-relations.ts'
import { readHolders, readQueue } from './holders.ts'
import { readEntries, readHead } from './ledger-tables.ts'
import { surveyLocks } from './lock-survey.ts'
import { resetStatements } from './reset-session.ts'
import { advisoryKey, applicationName, asLogin, assumeRole, type DatabaseSurroundings, refusePooler } from './session.ts'
import { PostgresWatch } from './watch.ts'

export interface ExecutorSurroundings extends DatabaseSurroundings {
  readonly tables: readonly LedgerTable[]
  readonly options: LedgerOptions
  readonly books: Books
  /** The connection that holds the lock; another one after `reconnect`. */
  readonly observer: () => OpenClient
  readonly reconnect: (signal: AbortSignal) => Promise<void>
}

/** Opens the worker. Throws `pooler-detected` when both connections turn out to be one server process. */
export async function openExecutor(surroundings: ExecutorSurroundings): Promise<Executor> {
  const worker = await openWorker(surroundings)
  try {
    refusePooler(worker, surroundings.observer())
    const { ledger, deadlockTimeoutMs } = await ledgerTexts(worker, surroundings)
    return new PostgresExecutor(surroundings, worker, ledger, deadlockTimeoutMs)
  } catch (error) {
    await worker[Symbol.asyncDispose]()
    throw error
  }
}

/** What a run would send, found out on a connection of its own that sends nothing but questions. */
export async function openPreview(surroundings: ExecutorSurroundings): Promise<Preview> {
  const { database, run, books } = surroundings
  const session = await openClient({ ...database, applicationName: applicationName(run) })
  try {
    await assumeRole(session.client, database.role)
    const { ledger } = await ledgerTexts(session, surroundings)
    return {
      ledger,
      books,
      survey: (locks, creates) => survey(session.client, locks, creates),
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    }
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

async function survey(client: pg.Client, locks: readonly RelationLock[], creates: readonly RelationName[]): Promise<Survey> {
  const targets = locks.length === 0 ? [] : await surveyLocks(client, locks)
  return { targets, taken: creates.length > 0 && (await anyExists(client, creates)) }
}

async function ledgerTexts(worker: OpenClient, surroundings: ExecutorSurroundings) {
  const { tables, options, database } = surroundings
  const roles = await worker.client.query<{ role: string; login: string; deadlock_ms: number }>(
    "select current_user::text as role, session_user::text as login, (select setting::int from pg_catalog.pg_settings where name = 'deadlock_timeout') as deadlock_ms",
  )
  const { role = '', login = '', deadlock_ms = 1000 } = roles.rows[0] ?? {}
  const restoreRole = `set local session authorization default;\nset local role ${role === login ? 'none' : quoteName(role)}`
  const resetSession = resetStatements(worker.serverMajor, database, advisoryKey('worker', options.project))
  const ledger = new LedgerTexts(options.layout, tables, { project: options.project }, { restoreRole, resetSession })
  ledger.expect(await readTableHeads(surroundings.observer().client, surroundings))
  return { ledger, deadlockTimeoutMs: deadlock_ms }
}

/** A sign of life of both connections: firewalls and proxies drop what is silent, some after ten seconds. */
const heartbeatMs = 5000

/** Heartbeats in a row that may go unanswered. They are counted, not timed: a process that was suspended has missed nothing. */
const beatsInSilence = 7

/** How long after the last sign of life a new connection is still tried for: with its own time limit the run ends within 90 s. */
const reachMs = 60_000

/** How long an old session may take to disappear after the network broke. */
const settleMs = 90_000

/** How long our own lost session may go on by itself, to end what it was about to commit. */
const lostGraceMs = 5000

class PostgresExecutor implements Executor {
  readonly books: Books
  readonly ledger: LedgerTexts
  readonly catalog: Catalog
  readonly watch: Watch
  readonly deadlockTimeoutMs: number
  readonly #surroundings: ExecutorSurroundings
  readonly #heart: NodeJS.Timeout
  #worker: OpenClient
  /** Heartbeats since the observer last answered one. */
  #unanswered = 0
  #settling = false

  constructor(surroundings: ExecutorSurroundings, worker: OpenClient, ledger: LedgerTexts, deadlockTimeoutMs: number) {
    this.#surroundings = surroundings
    this.#worker = worker
    this.ledger = ledger
    this.deadlockTimeoutMs = deadlockTimeoutMs
    this.books = surroundings.books
    this.catalog = new PostgresCatalog(
      () => this.#worker.client,
      () => this.#observer,
    )
    this.watch = new PostgresWatch(
      () => this.#observer,
      () => this.#worker.pid,
    )
    this.#heart = setInterval(() => this.#beat(), heartbeatMs)
    this.#heart.unref()
  }

  get #observer(): pg.Client {
    return this.#surroundings.observer().client
  }

  async send(sql: string, signal: AbortSignal): Promise<SendOutcome> {
    const { client, pid, lost } = this.#worker
    const reason = lost()
    if (reason !== undefined) return { state: 'lost', reason }
    if (signal.aborted) return notSent
    const cancel = () => {
      asLogin(this.#observer, `select pg_catalog.pg_cancel_backend(${pid})`).catch(() => client.end())
    }
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await sendMessage(client, sql)
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  survey(locks: readonly RelationLock[], creates: readonly RelationName[]): Promise<Survey> {
    return survey(this.#worker.client, locks, creates)
  }

  holders(targets: readonly LockTarget[]): Promise<readonly Holder[]> {
    return readHolders(this.#observer, targets, [this.#worker.pid, this.#surroundings.observer().pid])
  }

  queue(): Promise<Queue> {
    return readQueue(this.#observer, this.#worker.pid)
  }

  async settle(): Promise<readonly LedgerEntry[]> {
    const { pid } = this.#worker
    await this.#worker[Symbol.asyncDispose]()
    await this.#reach()
    const lostAt = performance.now()
    while (await this.#isAlive(pid, performance.now() - lostAt > lostGraceMs)) {
      if (performance.now() - lostAt > settleMs) throw new ReleaseError('connection-lost', `The old server process ${pid} is still there.`)
      await pause(250)
    }
    this.#worker = await openWorker(this.#surroundings)
    this.ledger.expect(await readTableHeads(this.#observer, this.#surroundings))
    return readEntries(this.#observer, this.#surroundings.tables, this.#surroundings.options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heart)
    await this.#worker[Symbol.asyncDispose]()
  }

  /** Connects the observer anew; nothing is asked of the old one meanwhile. */
  async #reach(): Promise<void> {
    const deadline = performance.now() + reachMs - this.#unanswered * heartbeatMs
    this.#settling = true
    try {
      for (;;) {
        try {
          return await this.#surroundings.reconnect(AbortSignal.timeout(settleMs))
        } catch (error) {
          if (performance.now() > deadline || (error instanceof ReleaseError && error.code !== 'connection-failed')) throw error
          await pause(1000)
        }
      }
    } finally {
      this.#unanswered = 0
      this.#settling = false
    }
  }

  /** Whether our lost session is still at work, which is ended when asked for: its outcome could not reach us any more. */
  async #isAlive(pid: number, end: boolean): Promise<boolean> {
    const { rowCount } = await this.#observer.query(
      `select ${end ? 'pg_catalog.pg_terminate_backend(pid)' : ''} from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2`,
      [pid, applicationName(this.#surroundings.run)],
    )
    return rowCount !== 0
  }

  /**
   * Asks the observer for a sign of life, and sends the worker a byte or two that the server reads without answering:
   * packets that vanish end nothing by themselves. When no answer comes in time both connections are given up, and
   * what became of the worker's message is for the ledger to say.
   */
  #beat(): void {
    if (this.#settling) return
    const worker = streamOf(this.#worker.client)
    const observer = this.#observer
    if (this.#unanswered >= beatsInSilence) {
      const silent = new Error(`no answer from the server for ${(this.#unanswered * heartbeatMs) / 1000} s`)
      for (const stream of [worker, streamOf(observer)]) stream?.destroy(silent)
      return
    }
    if (this.#unanswered++ === 0) {
      observer.query('select 1').then(
        () => {
          if (observer === this.#observer) this.#unanswered = 0
        },
        () => {}, // a broken observer is noticed by its next entry in the books
      )
    }
    if (this.#worker.lost() === undefined) worker?.write(flushMessage)
  }
}

/** Flush asks for nothing but what is waiting to be sent. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const flushMessage = Buffer.from([0x48, 0, 0, 0, 4])

const notSent: SendOutcome = {
  state: 'failed',
  failure: { sqlstate: '57014', message: 'not started', detail: undefined, hint: undefined, position: undefined, completed: 0 },
  value: undefined,
}

async function readTableHeads(client: pg.Client, { tables, options }: ExecutorSurroundings): Promise<Map<Phase | undefined, string>> {
  const heads = new Map<Phase | undefined, string>()
  for (const { table, phase, exists } of tables)
    if (exists) heads.set(phase, await readHead(client, table, options.layout.ledger.head(table, { project: options.project })))
  return heads
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
    await pause(200)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
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
    let value: string | undefined
    query.on('row', (row: Record<string, unknown>) => {
      const [first] = Object.values(row) // of a migration's own queries nothing else is kept
      value = typeof first === 'string' ? first : undefined
    })
    query.on('end', () => resolve({ state: 'done', value }))
    query.on('error', (error: unknown) => resolve(outcomeOf(error, query.completed, value)))
    client.query(query)
  })
}

function outcomeOf(error: unknown, completed: number, value: string | undefined): SendOutcome {
  const fromServer = error instanceof pg.DatabaseError && !['FATAL', 'PANIC'].includes(error.severity ?? '')
  if (!fromServer) return { state: 'lost', reason: messageOf(error) }
  const position = error.position === undefined ? undefined : Number(error.position) - 1
  return {
    state: 'failed',
    failure: { sqlstate: error.code, message: error.message, detail: error.detail, hint: error.hint, position, completed },
    value,
  }
}
