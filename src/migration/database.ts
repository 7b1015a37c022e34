import type { ReleaseError } from '../errors.ts'
import type { SyntaxProblem } from '../sql/parse.ts'
import type { CommandObserver } from './command-observer.ts'
import type { Executor } from './executor.ts'
import type { ReleaseScope } from './history.ts'
import type { DatabaseIdentity, Stamp } from './identity.ts'
import type { Layout } from './layout.ts'
import type { KnownVersion, LedgerEntry, LedgerHead } from './ledger.ts'
import type { Preview } from './preview.ts'
import type { Publishing } from './publishing.ts'
import type { SchemaNote } from './schema-note.ts'
import type { ClosedAttempt, State } from './state.ts'

/** Whose ledger it is and how it is kept. */
export interface LedgerOptions extends ReleaseScope {
  readonly layout: Layout
  /** `schema.table` or `table`, when the layout's own name is not used. */
  readonly table: string | undefined
  /** What files and history know, for a table that keeps the newest version alone. */
  readonly versions?: readonly KnownVersion[]
  /** Whether any post migration exists: a table of its own is made only then. */
  readonly hasPost: boolean
  /** Whether tables may be made and written although a publication covers them: every subscriber has them. */
  readonly publishState: boolean
}

/** What to do while another run holds the lock. */
export interface LockPolicy {
  readonly onLocked: 'wait' | 'fail' | 'take-over'
  readonly waitMs: number
  readonly signal: AbortSignal
}

/** A target database as `plan` and `migrate` need it. Reading creates nothing. */
export interface MigrationDatabase extends AsyncDisposable {
  readonly description: string
  readonly serverVersion: string
  readonly serverMajor: number
  readonly database: string
  readonly identity: DatabaseIdentity
  readonly state: State
  /** Another place that holds a history of this environment, although this run was told to keep it in `state`. */
  stateElsewhere(): Promise<string | undefined>
  /** Throws `dirty-version` where the tool notes that a migration did not end, unless the mark itself is asked for. */
  entries(options: LedgerOptions, asked?: { readonly withDirty: boolean }): Promise<readonly LedgerEntry[]>
  heads(options: LedgerOptions): Promise<readonly { readonly table: string; readonly head: string }[]>
  /** How the version tables stand, or stood before some versions ran. */
  standing(options: LedgerOptions, without: readonly string[]): Promise<readonly LedgerHead[]>
  /** The same of every version table that is known by name, or has the name that is given, as far as it is the project's. */
  knownStanding(table: string | undefined): Promise<readonly LedgerHead[]>
  /** What the schema is made of now, without Shiplock's own and the tool's version tables, of which `table` is one. */
  schema(table: string | undefined): Promise<SchemaNote>
  /** The time by the server's clock. */
  now(): Promise<Date>
  /** What logical replication would do with the tables of a run; without a ledger, with those of the state alone. */
  publishing(options?: LedgerOptions): Promise<Publishing>
  /** What the server itself says of a text's syntax, without running any of it. */
  syntaxProblem(sql: string): Promise<SyntaxProblem | undefined>
  /**
   * Takes the lock that `migrate`, `backup` and `record` share, and for a ledger that of the tool itself, which may be
   * writing there; a tool that this run is to start keeps its own, and only its end is waited for. Throws `run-in-progress` with the holder.
   */
  lock(project: string, policy: LockPolicy, ledger?: LedgerOptions): Promise<void>
  /** `run-in-progress` while the tool of the ledger holds its own lock, whoever started it. */
  toolAtWork(options: LedgerOptions): Promise<ReleaseError | undefined>
  /** Whether there is no table but Shiplock's own and those of extensions. */
  isFresh(): Promise<boolean>
  /** Creates the state and the stamp when they are missing. Throws as `prepare` does. */
  prepareState(publishState: boolean): Promise<Stamp>
  /**
   * Creates the state, the version tables and the stamp when they are missing.
   * Throws `publication-covers-state` before anything is created, or `insufficient-rights`.
   */
  prepare(options: LedgerOptions): Promise<Stamp>
  /** Closes attempts that a dead run left open, from the version table. Needs the lock. */
  closeOpenAttempts(options: LedgerOptions): Promise<readonly ClosedAttempt[]>
  /** Throws `insufficient-rights` with everything that a run would lack, before any of it is tried. */
  requireRights(options: LedgerOptions, run?: { readonly erases: boolean }): Promise<void>
  executor(options: LedgerOptions): Promise<Executor>
  /** What a run would send; nothing is locked or written. */
  preview(options: LedgerOptions): Promise<Preview>
  /** The observer beside the team's own command. Throws `pooler-detected`. */
  commandObserver(): Promise<CommandObserver>
}
