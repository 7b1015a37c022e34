import type pg from 'pg'
import { ReleaseError, systemCode } from '../../errors.ts'
import type { CommandBooks } from '../../migration/command-books.ts'
import type { CommandObserver, QueueView, UnfinishedRun } from '../../migration/command-observer.ts'
import type { AttemptState } from '../../migration/history.ts'
import type { Phase } from '../../migration/migration.ts'
import type { OpenClient } from './client.ts'
import { lookAtQueue, lookForWork } from './queue-watch.ts'
import { applicationName, type DatabaseSurroundings } from './session.ts'

interface ObserverSurroundings extends DatabaseSurroundings {
  readonly books: CommandBooks
  /** The connection that holds the lock; another one after `reconnect`, which throws `run-in-progress` when the lock is gone. */
  readonly session: () => OpenClient
  readonly reconnect: (signal: AbortSignal) => Promise<void>
}

/** How long an answer may take, packets that vanish included, and how long a new connection may. */
const silenceMs = 45_000
const reconnectMs = 90_000
/** A server notices within a second that a client went away while its statement ran. */
const leavingMs = 2000

export class PostgresCommandObserver implements CommandObserver {
  readonly applicationName: string
  readonly encrypted: boolean
  readonly #surroundings: ObserverSurroundings
  #reconnecting: Promise<void> | undefined

  constructor(surroundings: ObserverSurroundings) {
    this.#surroundings = surroundings
    const { pid, encrypted } = surroundings.session()
    // jobs of one run share its number; our own server process is another for each
    const suffix = `/${pid}`
    this.applicationName = applicationName(surroundings.run).slice(0, 63 - suffix.length) + suffix
    this.encrypted = encrypted
  }

  async closeUnfinished(waitMs: number, signal: AbortSignal): Promise<readonly UnfinishedRun[]> {
    const open = await this.#ask(() => this.#surroundings.books.open())
    const names = open.flatMap(({ applicationName }) => applicationName ?? [])
    await this.#awaitEnd(names, waitMs, signal)
    for (const { id } of open) await this.#ask(() => this.#surroundings.books.end(id, 'unknown', {}))
    return open.map(({ phase, release, startedAt }) => ({ phase, release, startedAt }))
  }

  begin(phase: Phase | 'all', program: string): Promise<string> {
    return this.#ask(() => this.#surroundings.books.begin(phase, program, this.applicationName))
  }

  async end(id: string, state: AttemptState, durationMs: number, error: string | undefined, signal: AbortSignal): Promise<void> {
    const write = () => this.#ask(() => this.#surroundings.books.end(id, state, { durationMs, error }))
    const deadline = performance.now() + reconnectMs
    for (;;) {
      try {
        await write()
        return
      } catch (cause) {
        if (this.#surroundings.session().lost() === undefined || signal.aborted || performance.now() > deadline) throw cause
        await new Promise((resolve) => setTimeout(resolve, 1000))
      }
    }
  }

  look(): Promise<QueueView> {
    return this.#ask((client) => lookAtQueue(client, this.applicationName))
  }

  async leftAtWork(signal: AbortSignal): Promise<readonly number[]> {
    const deadline = performance.now() + leavingMs
    for (;;) {
      const pids = await this.#ask((client) => lookForWork(client, this.applicationName))
      if (pids.length === 0 || signal.aborted || performance.now() > deadline) return pids
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async cancel(pids: readonly number[]): Promise<readonly number[]> {
    const refused: number[] = []
    for (const pid of pids) {
      try {
        // the name again: the number may be another's by now
        await this.#ask((client) =>
          client.query(
            'select pg_catalog.pg_cancel_backend(pid) from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2',
            [pid, this.applicationName],
          ),
        )
      } catch (error) {
        if (systemCode(error) !== '42501') throw error
        refused.push(pid)
      }
    }
    return refused
  }

  /** A killed run leaves its command behind: two of them must not run side by side. */
  async #awaitEnd(names: readonly string[], waitMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + waitMs
    for (let told = false; ; told = true) {
      const { rows } = await this.#ask((client) =>
        client.query<{ pid: number }>(
          'select pid from pg_catalog.pg_stat_activity where application_name = any ($1::text[]) order by pid',
          [names],
        ),
      )
      if (rows.length === 0) return
      const who = `server process ${rows.map(({ pid }) => pid).join(', ')}`
      if (signal.aborted)
        throw new ReleaseError('interrupted', 'The run was stopped while it waited for the command of an earlier run.', {
          hint: 'Run the same command again when that command has ended.',
        })
      if (performance.now() >= deadline) {
        throw new ReleaseError('run-in-progress', `What an earlier run left behind is still at work (${who}).`, {
          hint: 'Wait until it has ended, or stop it where it was started; then run the same command again.',
        })
      }
      if (!told) this.#surroundings.say(`waiting for what an earlier run left at work (${who})`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }

  /** Over a new connection when the old one is lost. */
  async #ask<T>(ask: (client: pg.Client) => Promise<T>): Promise<T> {
    if (this.#surroundings.session().lost() !== undefined) await this.#reconnect()
    const session = this.#surroundings.session()
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void session[Symbol.asyncDispose]()
        reject(new Error(`no answer from the server for ${silenceMs / 1000} s`))
      }, silenceMs)
    })
    try {
      return await Promise.race([ask(session.client), silence])
    } finally {
      clearTimeout(timer)
    }
  }

  #reconnect(): Promise<void> {
    this.#reconnecting ??= this.#connectAgain().finally(() => {
      this.#reconnecting = undefined
    })
    return this.#reconnecting
  }

  async #connectAgain(): Promise<void> {
    try {
      await this.#surroundings.reconnect(AbortSignal.timeout(reconnectMs))
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.code !== 'run-in-progress') throw error
      // connected all the same; whoever has the lock waits for this command to end
      this.#surroundings.say(error.message)
    }
  }
}
