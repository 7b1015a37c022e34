import { type HistoryRow, newest } from './history.ts'
import { shownVersion } from './migration.ts'
import type { PlanEvidence } from './plan.ts'

/**
 * Warnings for versions that are in the version table while statements are still noted of them, from a run of ours that did
 * not end: the tool has finished the file. Once it takes such a version back, our next run would go on behind those statements.
 */
export function settledElsewhere(
  noted: Iterable<string>,
  { entries, history }: Pick<PlanEvidence, 'entries' | 'history'>,
): readonly string[] {
  const applied = new Set(entries.map(({ version }) => version))
  return [...noted]
    .filter((version) => applied.has(version) && !isWayBack(version, history.rows))
    .map(
      (version) =>
        `${shownVersion(version)} stopped half-way here, and somebody else has finished it since; its statements are still noted. Say so before it is ever taken back: shiplock ledger mark-applied --migration ${shownVersion(version)} --reason "…"`,
    )
}

/** Whether what is noted is of a way back that stopped half-way. */
function isWayBack(version: string, rows: readonly HistoryRow[]): boolean {
  const last = newest(rows.filter((row) => (row.event === 'migration' || row.event === 'reversal') && row.version === version))
  return last?.event === 'reversal'
}
