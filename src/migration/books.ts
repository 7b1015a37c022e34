import type { AttemptState, ByHand, ReversalState, RollbackFact } from './history.ts'
import type { Migration } from './migration.ts'

/** A finished or begun statement of a file that runs outside a transaction. */
export interface Step {
  readonly index: number
  readonly hash: string
  /** `started` is what a dead run leaves behind; `failed`, that the server refused it. */
  readonly state: 'started' | 'failed' | 'finished'
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly id: string
  readonly state: AttemptState | ReversalState
  /** Missing where nothing ran, or where only that of all of them together is known: none is to be expected of the file from it. */
  readonly durationMs?: number | undefined
  readonly error?: string | undefined
}

/** Shiplock's own record of attempts and finished statements. */
export interface Books {
  /** Writes a row `running` for each, and in the same round trip what `end` has noted; returns their ids. */
  begin(migrations: readonly Migration[]): Promise<readonly string[]>
  /** The same for an attempt to take one back, with why and at what cost. */
  beginReversal(migration: Migration, rollback: RollbackFact): Promise<string>
  /** The same for what a person says of one that ran, or was taken back, elsewhere. */
  beginMark(migration: Migration, as: 'applied' | 'reverted', byHand: ByHand): Promise<string>
  /** Notes how an attempt ended; written with the next `begin`, or by `flush`. */
  end(end: AttemptEnd): void
  flush(): Promise<void>
  /** What earlier runs did of the migrations that are still pending, by version. */
  steps(): Promise<ReadonlyMap<string, readonly Step[]>>
  /** SQL that records a finished step, for the same transaction as the step itself; `undefined` where the books are not in the database. */
  recordStep(migration: Migration, step: Step): string | undefined
  /** SQL that forgets a migration's steps, for the transaction that records the migration; `undefined` where its end says as much. */
  forgetSteps(migration: Migration): string | undefined
  saveStep(migration: Migration, step: Step): Promise<void>
  /** What a person does about a begun step when only a look at the database tells what became of it. */
  settling(migration: Migration, index: number): Settling
}

export interface Settling {
  readonly tookEffect: string
  readonly didNot: string
}
