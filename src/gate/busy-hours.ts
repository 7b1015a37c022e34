import { ReleaseError } from '../errors.ts'
import { formatDuration, formatMoment } from '../units.ts'
import type { PartOutcome } from './part.ts'
import { isQuiet, nextQuiet, type QuietHours, wallTime } from './quiet-hours.ts'

/** A pending migration, and how long it is expected to take where that is known. */
interface Expected {
  readonly id: string
  readonly durationMs: number | undefined
}

interface BusyCase {
  readonly hours: QuietHours
  readonly pending: readonly Expected[]
  /** What takes longer is long. */
  readonly longMs: number
  readonly now: Date
  /** Why it may begin all the same, and who says so. */
  readonly allowed: { readonly reason: string; readonly by: string } | undefined
}

const id = 'quiet-hours'

/** Whether long work may begin now. What nobody has measured is not called long. */
export function judgeHours({ hours, pending, longMs, now, allowed }: BusyCase): PartOutcome {
  const long = pending.filter(({ durationMs }) => durationMs !== undefined && durationMs > longMs)
  const unknown = pending.filter(({ durationMs }) => durationMs === undefined)
  const notes =
    unknown.length === 0 ? [] : [`How long ${unknown.map((one) => one.id).join(', ')} takes is not known: no run of it was recorded.`]
  const quiet = isQuiet(hours, now)
  const here = wallTime(hours, now)
  const details = { quietHours: { hours: hours.text, now: now.toISOString(), quiet, long: long.map((one) => one.id) } }
  if (long.length === 0) {
    return { checks: [{ id, status: 'pass', value: here, message: `no pending migration is known to be long` }], notes, details }
  }
  const names = long.map((one) => `${one.id} (${formatDuration(one.durationMs ?? 0)})`).join(', ')
  const totalMs = pending.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0)
  if (quiet) {
    const overrun = isQuiet(hours, new Date(now.getTime() + totalMs))
      ? []
      : [`What is pending is expected to take ${formatDuration(totalMs)}, and would end after the quiet hours (${hours.text}).`]
    return {
      checks: [{ id, status: 'pass', value: here, limit: hours.text, message: `${names} may begin now` }],
      notes: [...notes, ...overrun],
      details,
    }
  }
  if (allowed !== undefined) {
    const message = `allowed outside ${hours.text} by ${allowed.by}: ${allowed.reason}`
    return {
      checks: [{ id, status: 'not-checked', value: here, message }],
      notes: [...notes, `${names} may begin in busy hours, ${message}.`],
      details: { ...details, busyHoursAllowed: allowed },
    }
  }
  const next = nextQuiet(hours, now)
  const opens = next === undefined ? 'they never come' : `they begin again at ${wallTime(hours, next)} (${formatMoment(next)})`
  return {
    checks: [{ id, status: 'fail', value: here, limit: hours.text, message: names }],
    notes,
    details: { ...details, ...(next === undefined ? {} : { opensAt: next.toISOString() }) },
    error: new ReleaseError(
      'outside-quiet-hours',
      `It is ${here}, and ${names} would take longer than ${formatDuration(longMs)}: that is for the quiet hours (${hours.text}); ${opens}.`,
      {
        hint: 'Run the same command again then. To go on now: allow-busy-hours: "why this cannot wait"; the reason is kept in the record.',
      },
    ),
  }
}
