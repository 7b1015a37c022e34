import type pg from 'pg'
import { ReleaseError } from '../../errors.ts'
import type { Books } from '../../migration/books.ts'
import type { Catalog } from '../../migration/catalog.ts'
import type { Executor, Queue, SendOutcome, Survey } from '../../migration/executor.ts'
import type { Holder } from '../../migration/holder.ts'
import { type LedgerEntry, quoteName, scopeOf } from '../../migration/ledger.ts'
import { LedgerTexts } from '../../migration/ledger-texts.ts'
import type { LockTarget } from '../../migration/lock-target.ts'
import type { Phase } from '../../migration/migration.ts'
import type { Preview } from '../../migration/preview.ts'
import type { Watch } from '../../migration/watch.ts'
import type { RelationName } from '../../sql/locks/names.ts'
import type { RelationLock } from '../../sql/locks.ts'
import { PostgresCatalog } from './catalog.ts'
import { type OpenClient, openClient, streamOf } from './client.ts'
import type { ExecutorSurroundings } from './executor-surroundings.ts'
import { anyExists } from './existing-relations.ts'
import { readHolders, readQueue } from './holders.ts'
import { readEntries, readHead } from './ledger-tables.ts'
import { surveyLocks } from './lock-survey.ts'
import { resetStatements } from './reset-session.ts'
import { notSent, sendMessage } from './send-message.ts'
import { advisoryKey, applicationName, asLogin, assumeRole, refusePooler } from './session.ts'
import { VersionsOnce } from './versions-once.ts'
import { PostgresWatch } from './watch.ts'
import { openWorker } from './worker.ts'

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
  const ledger = new LedgerTexts(options.layout, tables, options, { restoreRole, resetSession })
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
  readonly #once: VersionsOnce
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
    this.#once = new VersionsOnce(surroundings)
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

  bookOnce(phases: ReadonlySet<Phase>): Promise<void> {
    return this.#once.begin(phases)
  }

  async settle(): Promise<readonly LedgerEntry[]> {
    const { pid } = this.#worker
    await this.#worker[Symbol.asyncDispose]()
    await this.#reach()
    const lostAt = performance.now()
    while (await this.#isAlive(pid, performance.now() - lostAt > lostGraceMs)) {
      if (performance.now() - lostAt > settleMs)
        throw new ReleaseError('connection-lost', `The old server process ${pid} is still there.`, {
          hint: `Wait until it has ended, or end it: select pg_terminate_backend(${pid}). Then run the same command again.`,
        })
      await pause(250)
    }
    this.#worker = await openWorker(this.#surroundings)
    this.ledger.expect(await readTableHeads(this.#observer, this.#surroundings))
    return readEntries(this.#observer, this.#surroundings.tables, this.#surroundings.options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heart)
    await this.#worker[Symbol.asyncDispose]()
    await this.#once.end()
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

async function readTableHeads(client: pg.Client, { tables, options }: ExecutorSurroundings): Promise<Map<Phase | undefined, string>> {
  const heads = new Map<Phase | undefined, string>()
  for (const { table, phase, exists } of tables)
    if (exists) heads.set(phase, await readHead(client, table, options.layout.ledger.head(table, scopeOf(options, phase))))
  return heads
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
