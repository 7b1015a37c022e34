import type { KnownVersion, LedgerHead } from './ledger.ts'
import type { Phase } from './migration.ts'

/** Whose history it is. */
export interface ReleaseScope {
  readonly project: string
  readonly environment: string
  readonly release: string
}

/** What became of an attempt. Open rows of a dead run are closed from the ledger; `unknown` where Shiplock reads none. */
export type AttemptState = 'running' | 'applied' | 'failed' | 'applied-unreported' | 'not-applied' | 'unknown'

/** What became of an attempt to take a migration back. */
export type ReversalState = 'running' | 'reverted' | 'failed' | 'not-reverted'

/** A file as a release contains it. */
export interface ContainedMigration {
  readonly version: string
  readonly phase: Phase
  readonly checksum: string
  /** The migration's id; missing in rows of older versions. */
  readonly name?: string | undefined
}

interface Common {
  readonly release: string
  readonly commit: string | undefined
  readonly at: Date
}

/** That a person changed the books, and no statement of the migration ran. */
export interface ByHand {
  readonly action: 'mark-applied' | 'mark-reverted' | 'clear-dirty'
  readonly reason: string
  /** Who is known to have started the run: an account, else a machine. */
  readonly who: string
  /** Whether the version counted as applied before. */
  readonly wasApplied: boolean
}

/** An attempt at a migration. */
export interface AttemptRow extends Common {
  readonly event: 'migration'
  readonly phase: Phase
  readonly version: string
  /** The migration's id when it was attempted. */
  readonly name: string
  readonly checksum: string
  readonly state: AttemptState
  readonly byHand?: ByHand | undefined
}

/** The team's deploy command ended with 0. */
export interface DeployRow extends Common {
  readonly event: 'deployed'
  readonly migrations: readonly ContainedMigration[]
}

/** A decision to let older code run: on the schema as it is, or with one migration taken back. */
export interface RollbackFact {
  /** The release that goes, as the history knows it. */
  readonly from: string | undefined
  /** The release that comes back, and its commit. */
  readonly to: string
  readonly toCommit: string
  readonly shape: 'code-only' | 'down-one'
  /** Whether the target's queries said so, or the rules alone. */
  readonly by: 'rules' | 'queries'
  readonly reason: string
  /** Who is known to have started the run: an account, else a machine. */
  readonly who: string
  readonly takenBack?: TakenBack | undefined
}

/** The one migration whose way back ran, what that cost, and what gives it back. */
export interface TakenBack {
  readonly migration: string
  /** A count in digits; missing where nobody could count. */
  readonly lost: readonly { readonly what: string; readonly count?: string | undefined; readonly unit: 'rows' | 'values' }[]
  /** Missing where nothing was lost. */
  readonly savedIn?: { readonly kind: 'copy' | 'backup'; readonly key: string; readonly command: string } | undefined
}

/** An attempt to take a migration back. */
export interface ReversalRow extends Common {
  readonly event: 'reversal'
  readonly phase: Phase
  readonly version: string
  readonly name: string
  readonly checksum: string
  readonly state: ReversalState
  readonly byHand?: ByHand | undefined
}

interface RollbackRow extends Common {
  readonly event: 'rollback'
}

/** What a watch of a release ended in, or a person decided in spite of it. */
export interface CanaryFact {
  readonly verdict: 'promote' | 'abort' | 'hold'
  readonly reason: string
  /** Whether a person decided it, and not a watch. */
  readonly accepted: boolean
}

interface CanaryRow extends Common, CanaryFact {
  readonly event: 'canary'
}

/** A run of the team's own command. */
interface CommandRow extends Common {
  readonly event: 'command'
  readonly phase: Phase | 'all'
  readonly state: AttemptState
}

/** What a run relied upon that had to have a backup, and how the version tables stood when it began. */
interface BackupRow extends Common {
  readonly event: 'backup'
  readonly phase: Phase | 'all'
  readonly heads: readonly LedgerHead[]
}

/** A demand that a run of the release was let go on without. */
export interface Waiver {
  readonly what: 'drill'
  readonly phase: Phase | 'all'
  readonly reason: string
  /** Who is known to have started the run: an account, else a machine. */
  readonly by: string
}

interface WaiverRow extends Common, Waiver {
  readonly event: 'waived'
}

/** One row of `history`: an attempt at a migration, a run of the team's own command, or a fact of the release. */
export type HistoryRow = AttemptRow | ReversalRow | CommandRow | DeployRow | RollbackRow | CanaryRow | BackupRow | WaiverRow

/** The project's rows, oldest first. */
export interface History {
  /** Rows of this environment under the stamp that the database carries now: the only ones that phases go by. */
  readonly rows: readonly HistoryRow[]
  /** Rows from before the database was adopted: its versions come from there, and nothing else follows from them. */
  readonly former: readonly HistoryRow[]
}

/** The newest release that was recorded as deployed. */
export function lastDeployed(history: readonly HistoryRow[]): DeployRow | undefined {
  return newest(history.filter((row) => row.event === 'deployed'))
}

/** Attempts after which the version table held the migration, and that no later run took back. */
export function appliedAttempts(history: readonly HistoryRow[]): readonly AttemptRow[] {
  const standing = new Map<string, AttemptRow[]>()
  for (const row of history) {
    if (row.event === 'reversal' && row.state === 'reverted') standing.delete(row.version)
    if (row.event !== 'migration' || (row.state !== 'applied' && row.state !== 'applied-unreported')) continue
    standing.set(row.version, [...(standing.get(row.version) ?? []), row])
  }
  const kept = new Set<HistoryRow>([...standing.values()].flat())
  return history.filter((row) => row.event === 'migration').filter((row) => kept.has(row))
}

/**
 * Whether a row says that older code comes back: what a dead run did not live to record is known by what it took back. What
 * a person took back says so only where the release that is live contains it: its code cannot be live without it.
 */
export function isRollback(row: HistoryRow, deployed: DeployRow | undefined): boolean {
  if (row.event !== 'reversal') return row.event === 'rollback'
  if (row.state !== 'reverted' || row.byHand === undefined) return row.state === 'reverted'
  return row.byHand.wasApplied && deployed?.migrations.some(({ version }) => version === row.version) === true
}

/** Every version that a run of Shiplock, or a release that it saw, has known. */
export function knownVersions(history: readonly HistoryRow[]): Set<string> {
  return new Set(
    history.flatMap((row) =>
      row.event === 'migration' ? [row.version] : row.event === 'deployed' ? row.migrations.map((one) => one.version) : [],
    ),
  )
}

/** The last of the newest: rows of one moment stand in their order. */
export function newest<Row extends HistoryRow>(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>((last, row) => (last === undefined || row.at >= last.at ? row : last), undefined)
}

/** Versions that the history takes for run, or for part of a release that was deployed, and that nobody took back since. */
export function ranBefore({ rows, former }: History): readonly KnownVersion[] {
  const known = new Map<string, KnownVersion>()
  for (const row of [...former, ...rows]) {
    if (row.event === 'deployed') for (const one of row.migrations) known.set(one.version, one)
    if (row.event === 'reversal' && row.state === 'reverted') known.delete(row.version)
    const mayHaveRun =
      row.event === 'migration' && (row.state === 'applied' || row.state === 'applied-unreported' || row.state === 'running')
    if (mayHaveRun) known.set(row.version, row)
  }
  return [...known.values()]
}
