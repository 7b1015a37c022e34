import { type Check, withDefaults } from '../../canary/check.ts'
import { SourceError } from './http.ts'
import { countOf, readLogQuery } from './logql.ts'
import { partLabel } from './prometheus-query.ts'

const secondsOf = (check: Check) => withDefaults(check).windowMs / 1000

/** How many lines a window has; `undefined` for a text that is no log query. */
export function countQuery(check: Check): string | undefined {
  const read = readLogQuery(check.loki ?? '')
  return read === undefined ? undefined : countOf(read, check.exclude, secondsOf(check))
}

/** What shows that there are lines at all: the same streams without any filter, or those that the check names. */
export function liveQuery(check: Check): string {
  return check.live ?? readLogQuery(check.loki ?? '')?.selector ?? ''
}

/** Both counts in one query, told apart by a label. Throws `SourceError` when one of them is no log query. */
export function wholeQuery(check: Check): string {
  const [lines, live] = [countQuery(check), readLogQuery(liveQuery(check))]
  if (lines === undefined || live === undefined) {
    const name = lines === undefined ? 'loki' : 'live'
    throw new SourceError(`${name} of the check ${check.id} needs a stream selector, such as {app="shop"}, at its beginning`)
  }
  const labelled = (query: string, part: string) => `label_replace(${query}, "${partLabel}", "${part}", "", "")`
  return `${labelled(lines, 'lines')} or ${labelled(countOf(live, undefined, secondsOf(check)), 'live')}`
}

/** Beyond what a number of JavaScript holds exactly. */
export function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms)) * 1_000_000n)
}
