import { ReleaseError } from '../errors.ts'
import type { Check, Verdict } from '../result.ts'
import { formatDuration } from '../units.ts'
import { checksOf, countQueries, describeError, describeTally, type Span, timelineOf, totalOf } from './timeline.ts'

export interface Conclusion {
  readonly verdict: Verdict
  readonly reason: string
  readonly checks: readonly Check[]
  readonly details: Readonly<Record<string, unknown>>
  readonly error?: ReleaseError
}

interface Facts {
  readonly serverVersion: string
  readonly rows: number
  readonly dropEarly: boolean
  readonly interrupted: boolean
  /** What was still there at the end: paths and processes. */
  readonly remains: readonly string[]
}

/** The verdict over a rehearsal. What the break shows is a failed release, and never looks like a good one. */
export function conclude(spans: readonly Span[], facts: Facts): Conclusion {
  const { serverVersion, rows, dropEarly, remains } = facts
  const checks = [...checksOf(spans), leftBehind(remains)]
  const total = totalOf(spans)
  const details = {
    serverVersion,
    rows,
    ...(dropEarly ? { break: 'drop-early' } : {}),
    steps: timelineOf(spans),
    application: describeTally(total),
  }
  return { ...judge(spans, facts), checks, details }
}

function judge(spans: readonly Span[], { dropEarly, interrupted, remains }: Facts): Pick<Conclusion, 'verdict' | 'reason' | 'error'> {
  const { queries, failed, firstFailed, slowest } = totalOf(spans)
  const last = spans.find(({ state }) => state !== 'passed')
  if (interrupted) {
    const error = new ReleaseError('interrupted', 'The demonstration was stopped by a signal.', { hint: 'Start it again at any time.' })
    return { verdict: 'inconclusive', reason: `Stopped by a signal during ${last?.command ?? 'the preparation'}.`, error }
  }
  if (last !== undefined) return failure(`${last.command} did not pass: ${last.reason}`)
  if (remains.length > 0) return failure(`Something was left behind: ${remains.join(', ')}.`)
  if (dropEarly) return brokenVerdict(spans)
  if (queries === 0) return failure('The application asked nothing, so that nothing was shown.')
  if (firstFailed !== undefined)
    return failure(`${countQueries(failed)} of the application failed; the first was ${describeError(firstFailed)}`)
  const took = spans.reduce((sum, { ms }) => sum + ms, 0)
  const slow = slowest === undefined ? '' : `, and the slowest took ${formatDuration(slowest.ms)}`
  return {
    verdict: 'pass',
    reason: `The shop went from version 1 to version 2 in ${formatDuration(took)} while it was open: ${countQueries(queries)} ran, 0 failed${slow}.`,
  }
}

/** Version 1 must have failed, and version 2, which does not know the column, must not. */
function brokenVerdict(spans: readonly Span[]): Pick<Conclusion, 'verdict' | 'reason' | 'error'> {
  const { failed, firstFailed } = totalOf(spans)
  const after = spans.find(({ id }) => id === 'after')?.tally.firstFailed
  if (after !== undefined) return failure(`Queries failed after version 1 was gone, too: ${describeError(after)}`)
  if (firstFailed === undefined) return failure('The column was dropped early, and yet no query of version 1 failed.')
  return {
    verdict: 'fail',
    reason: `${countQueries(failed)} of version 1 failed, as they would in production; the first was ${describeError(firstFailed)}.`,
  }
}

function failure(message: string): Pick<Conclusion, 'verdict' | 'reason' | 'error'> {
  const error = new ReleaseError('demo-failed', message, {
    hint: 'Start it again; when it fails again, please report it with the JSON result (--json).',
  })
  return { verdict: 'fail', reason: message, error }
}

function leftBehind(remains: readonly string[]): Check {
  const id = 'nothing-left-behind'
  return remains.length === 0
    ? { id, status: 'pass', message: 'no process, no folder' }
    : { id, status: 'fail', message: remains.join(', ') }
}
