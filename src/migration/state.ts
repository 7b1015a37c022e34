import { ReleaseError } from '../errors.ts'
import type { Books } from './books.ts'
import type { CommandBooks } from './command-books.ts'
import type { ObservedDuration } from './durations.ts'
import type { AttemptState, CanaryFact, ContainedMigration, History, ReleaseScope, ReversalState, RollbackFact, Waiver } from './history.ts'
import type { Adoption, Stamp } from './identity.ts'
import type { LedgerHead } from './ledger.ts'
import type { Phase } from './migration.ts'
import type { RecordedSchema, SchemaNote } from './schema-note.ts'

/** Whose entries are read, and in whose name they are written. */
export interface StateScope extends ReleaseScope {
  readonly run: { readonly id: string; readonly attempt: string; readonly host: string; readonly commit: string | undefined }
}

/** What stands in the history of a run that had to have a backup. */
export interface ReliedBackup {
  readonly phase: Phase | 'all'
  /** A backup's id; missing when a command attested another kind. */
  readonly id?: string
  readonly level: 'landed' | 'read-back' | 'attested'
  readonly snapshotAt?: string
  readonly evidence?: string
  /** How the version tables stood when the run began. */
  readonly heads: readonly LedgerHead[]
}

/** An attempt that a dead run left open, and what the version table says of it. */
export interface ClosedAttempt {
  readonly version: string
  readonly state: AttemptState | ReversalState
}

/** What the version table says of an attempt that was left open. */
export function closedState(isReversal: boolean, isInTable: boolean): ClosedAttempt['state'] {
  if (isReversal) return isInTable ? 'not-reverted' : 'reverted'
  return isInTable ? 'applied-unreported' : 'not-applied'
}

/**
 * What Shiplock knows of a database beyond the tool's version table, for one project and environment: in the database
 * itself, or in the store. Reading creates nothing; writing needs the lock.
 */
export interface State {
  readonly home: 'database' | 'store'
  /** How people know the place. */
  readonly place: string
  stamp(): Promise<Stamp | undefined>
  /** Projects with a history of this database. */
  projects(): Promise<readonly string[]>
  history(): Promise<History>
  /** How many statements of a half-done file have finished, by version. */
  finishedSteps(): Promise<ReadonlyMap<string, number>>
  /** How long files with these checksums took, in whatever environment this history knows. */
  durations(checksums: readonly string[]): Promise<readonly ObservedDuration[]>
  /** Makes what is missing to write into. Throws `insufficient-rights`. */
  create(): Promise<void>
  /** The stamp, made when there is none; never a second one. */
  makeStamp(): Promise<Stamp>
  /** Makes the stamp say what the database is, together with a row that says why. Throws `wrong-database` when somebody else changed it. */
  adopt(adoption: Adoption, reason: string): Promise<void>
  /** Closes attempts that a dead run left open; `applied` are the versions in the version table. */
  closeOpenAttempts(applied: () => Promise<ReadonlySet<string>>): Promise<readonly ClosedAttempt[]>
  recordDeployed(migrations: readonly ContainedMigration[]): Promise<void>
  recordCanary(canary: CanaryFact): Promise<void>
  /** Notes that older code comes back; the post phase stays shut until the next deploy. */
  recordRollback(rollback: RollbackFact): Promise<void>
  /** Notes that an older commit was let run, and why. */
  recordOlderAllowed(older: { readonly reason: string; readonly than: string }): Promise<void>
  /** Notes what a run relies upon that had to have a backup. */
  recordBackup(relied: ReliedBackup): Promise<void>
  /** Notes that a run was let go on without what is demanded, and why. */
  recordWaiver(waiver: Waiver): Promise<void>
  /** Notes what the schema is made of when a run has ended; only the newest note is kept whole. */
  recordSchema(note: SchemaNote): Promise<void>
  /** The newest note of this very database. */
  lastSchema(): Promise<RecordedSchema | undefined>
  books(): Books
  commandBooks(): CommandBooks
}

/** Two histories of one environment would each know half of what ran. Throws `history-elsewhere`. */
export function refuseElsewhere(elsewhere: string | undefined, { home, place }: State): void {
  if (elsewhere === undefined) return
  const kept = home === 'store' ? 'database' : 'store'
  throw new ReleaseError(
    'history-elsewhere',
    `The history of this environment is kept in ${elsewhere}; this run would begin one in ${place}.`,
    {
      hint: `Set history: ${kept}, as the earlier runs had it. Where the history lives is decided by the first run, and it is not moved.`,
    },
  )
}

export function stampChanged(): ReleaseError {
  return new ReleaseError('wrong-database', 'The stamp was changed by another run while this one looked at it; nothing was changed here.', {
    hint: 'Run the same command again: it shows what the stamp says now.',
  })
}
