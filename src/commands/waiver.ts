import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { HistoryRow, Waiver } from '../migration/history.ts'
import type { Phase } from '../migration/migration.ts'
import { isSameRelease } from '../release-name.ts'
import { formatMoment } from '../units.ts'
import type { Context } from './command.ts'
import { whoOf } from './who.ts'

export const waiverNames = ['waive', 'reason'] as const

type WaiverInputs = Pick<InputValues, (typeof waiverNames)[number]>

/** What a person waives for this run. Throws `invalid-input` when it lacks its reason, or the reason what it is for. */
export function waiverOf(phase: Phase | 'all', { waive, reason }: WaiverInputs, context: Context): Waiver | undefined {
  if (waive === undefined && reason === undefined) return undefined
  if (waive === undefined || reason === undefined) {
    const problem =
      waive === undefined
        ? 'A reason was given, and nothing that it is the reason for.'
        : `waive: ${waive} needs a reason, which is kept in the history.`
    throw new ReleaseError('invalid-input', problem, { hint: 'Give both: --waive drill --reason "why this run cannot wait for a drill".' })
  }
  return { what: waive, phase, reason, by: whoOf(context) }
}

/** A line for each waiver of this release so far. */
export function waiversOf(history: readonly HistoryRow[], { release, run }: Context): readonly string[] {
  const name = { release, commit: run.commit }
  return history.flatMap((row) =>
    row.event === 'waived' && isSameRelease(row, name)
      ? [`${row.what} waived by ${row.by} on ${formatMoment(row.at)} for phase ${row.phase}: ${row.reason}`]
      : [],
  )
}
