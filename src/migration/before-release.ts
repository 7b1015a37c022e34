import { isSameRelease, type ReleaseName } from '../release-name.ts'
import type { AttemptRow, HistoryRow } from './history.ts'
import type { LedgerHead } from './ledger.ts'
import type { Phase } from './migration.ts'

/**
 * Versions that stand in the version table because of this very release: the last attempt that can have put them there is
 * its own. What a person marked is none of them: nobody had approved that it would not run, and no backup was made for it.
 */
export function versionsOfRelease(history: readonly HistoryRow[], phase: Phase | 'all', release: ReleaseName): readonly string[] {
  const last = new Map<string, AttemptRow>()
  for (const row of history) if (row.event === 'migration' && mayHaveApplied(row)) last.set(row.version, row)
  return [...last.values()]
    .filter((row) => row.byHand === undefined && (phase === 'all' || row.phase === phase) && isSameRelease(row, release))
    .map(({ version }) => version)
}

/**
 * How the version tables stood before the first of the release's runs of the team's own command, when no other run came
 * in between: Shiplock does not know what such a command applies, so it is what was noted then.
 */
export function headsBeforeRelease(
  history: readonly HistoryRow[],
  phase: Phase | 'all',
  release: ReleaseName,
): readonly LedgerHead[] | undefined {
  let heads: readonly LedgerHead[] | undefined
  for (const row of history.toReversed()) {
    if (row.event !== 'command' && row.event !== 'backup') continue
    if (row.phase !== phase || !isSameRelease(row, release)) break
    if (row.event === 'backup') heads = row.heads
  }
  return heads
}

/** An open row is one of a run that died: its migration may have been applied. */
function mayHaveApplied({ state }: AttemptRow): boolean {
  return state === 'applied' || state === 'applied-unreported' || state === 'running'
}
