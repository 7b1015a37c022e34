import type { Check } from '../result.ts'
import { formatCount, formatDuration } from '../units.ts'
import { type Asked, addTallies, nothingAsked, type Tally } from './traffic.ts'

/** A part of the release, as it went. */
export interface Span {
  readonly id: StepId | 'before' | 'after'
  /** What a person would type. */
  readonly command: string
  readonly startedAt: Date
  readonly ms: number
  /** How the step itself ended; the queries beside it are judged on their own. */
  readonly state: 'passed' | 'failed' | 'stopped'
  readonly reason: string
  readonly tally: Tally
}

/** Steps in the order in which a release takes them; each becomes a check. */
export const stepIds = [
  'plan',
  'backup',
  'migrate-pre',
  'deploy',
  'record-deployed',
  'columns-equal',
  'migrate-post',
  'backup-after',
  'restore-drill',
] as const
type StepId = (typeof stepIds)[number]

/** All queries of the application, the time before the first step included. */
export function totalOf(spans: readonly Span[]): Tally {
  return spans.reduce((sum, span) => addTallies(sum, span.tally), nothingAsked)
}

/** A check for each step, whether it ran or not, and one for the application. */
export function checksOf(spans: readonly Span[]): Check[] {
  const steps = stepIds.map((id): Check => {
    const span = spans.find((one) => one.id === id)
    if (span === undefined) return { id, status: 'not-checked', message: 'did not run' }
    const status = ({ passed: 'pass', failed: 'fail', stopped: 'not-checked' } as const)[span.state]
    return { id, status, value: formatDuration(span.ms), message: span.reason }
  })
  const { queries, failed, firstFailed } = totalOf(spans)
  if (queries === 0) return [...steps, { id: 'application-errors', status: 'not-checked', message: 'no query ran' }]
  const message = firstFailed === undefined ? `of ${countQueries(queries)}` : describeError(firstFailed)
  return [...steps, { id: 'application-errors', status: failed === 0 ? 'pass' : 'fail', value: failed, limit: 0, message }]
}

/** The timeline as it stands in the result. */
export function timelineOf(spans: readonly Span[]) {
  return spans.map(({ id, command, startedAt, ms, state, reason, tally }) => ({
    id,
    command,
    startedAt: startedAt.toISOString(),
    ms: Math.round(ms),
    verdict: ({ passed: 'pass', failed: 'fail', stopped: 'inconclusive' } as const)[state],
    reason,
    ...describeTally(tally),
  }))
}

export function describeTally({ queries, failed, slowest, firstFailed }: Tally) {
  return {
    queries,
    failed,
    ...(slowest === undefined ? {} : { slowestMs: Math.round(slowest.ms * 10) / 10, slowest: nameOf(slowest) }),
    ...(firstFailed === undefined ? {} : { firstError: describeError(firstFailed) }),
  }
}

/** What a person reads below a step. */
export function tallyLine({ queries, failed, slowest }: Tally): string {
  const slow = slowest === undefined ? '' : `; the slowest took ${formatDuration(slowest.ms)} (${nameOf(slowest)})`
  return `${countQueries(queries)} of the application meanwhile, ${formatCount(failed)} failed${slow}`
}

/** A query that failed, with what the server said. */
export function describeError({ error, ...asked }: Asked): string {
  const state = error?.sqlstate === undefined ? '' : ` (SQLSTATE ${error.sqlstate})`
  return `${nameOf(asked)}: ${error?.message}${state}`
}

export function countQueries(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'query' : 'queries'}`
}

function nameOf({ version, what }: Pick<Asked, 'version' | 'what'>): string {
  return `${version}, ${what}`
}
