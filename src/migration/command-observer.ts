import type { AttemptState } from './history.ts'
import type { Phase } from './migration.ts'

/** A process of the server that belongs to the team's command and waits for a lock. */
export interface LockWait {
  readonly pid: number
  /** Tells this wait from the next one of the same process. */
  readonly key: string
  /**
   * `queue`: whoever asks after it queues behind it. `advisory`: only runs of the same program do. `by-design`: a
   * concurrent build waits for older transactions, and nobody behind it.
   */
  readonly kind: 'queue' | 'advisory' | 'by-design'
  readonly waitsFor: string
  readonly heldBy: readonly string[]
}

/** What one look at the server shows of the team's command. */
export interface QueueView {
  /** Its server processes, as far as they carry this run's name. */
  readonly pids: readonly number[]
  /** Those of them that are connected to another database of this server, and its name. */
  readonly elsewhere: ReadonlyMap<number, string>
  readonly waits: readonly LockWait[]
}

/** A run whose row was left open: nobody knows what became of its command. */
export interface UnfinishedRun {
  readonly phase: Phase | 'all'
  readonly release: string
  readonly startedAt: Date
}

/** The observer beside the team's command: it keeps the books, watches the queue for locks, and cancels. */
export interface CommandObserver {
  /** The name that the command's connections are to carry; no other run's have it. */
  readonly applicationName: string
  /** Whether our own connection is encrypted. */
  readonly encrypted: boolean
  /**
   * Closes the rows of dead runs, after their commands' connections have ended.
   * Throws `run-in-progress` when one is still there after `waitMs`.
   */
  closeUnfinished(waitMs: number, signal: AbortSignal): Promise<readonly UnfinishedRun[]>
  /** Writes the row `running`, with the program alone: arguments may hold secrets. Returns its id. */
  begin(phase: Phase | 'all', program: string): Promise<string>
  /** Closes the row, over a new connection when the old one is lost. */
  end(id: string, state: AttemptState, durationMs: number, error: string | undefined, signal: AbortSignal): Promise<void>
  /** Its server processes that are still in a transaction a moment after the command has ended: somebody it left behind goes on. */
  leftAtWork(signal: AbortSignal): Promise<readonly number[]>
  /** Connects anew, and takes the lock again, when the connection was lost. */
  look(): Promise<QueueView>
  /** Cancels what these processes do. Returns those that it could not, for lack of a right. */
  cancel(pids: readonly number[]): Promise<readonly number[]>
}
