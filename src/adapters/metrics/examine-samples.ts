import { canFail } from '../../canary/can-fail.ts'
import { type Check, withDefaults } from '../../canary/check.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import { formatDuration } from '../../units.ts'

interface Found {
  readonly problems: string[]
  readonly notes: string[]
}

/** What the samples of the time before a deploy say about a check. That there are none is left to who knows why. */
export function examineSamples(check: Check, windows: readonly Window[], samples: readonly Sample[]): Found {
  const problems = new Set<string>()
  const notes = new Set<string>()
  const of = <State extends Sample['state']>(state: State) =>
    samples.filter((one): one is Extract<Sample, { state: State }> => one.state === state)
  for (const { message } of of('error')) problems.add(sentence(message))
  const [newest] = of('stale').slice(-1)
  if (newest !== undefined && samples.at(-1)?.state === 'stale') {
    problems.add(`The newest data is ${formatDuration(newest.ageMs)} older than the end of the last window.`)
  }
  const saturated = of('saturated')
  if (saturated.length > 0) {
    const text = `${saturated.length} of ${samples.length} windows lie beyond the largest bucket of the histogram: nothing above can be seen. Add larger buckets.`
    if (saturated.length * 2 > samples.length) problems.add(text)
    else notes.add(text)
  }
  const quiet = of('too-little-traffic')
  if (quiet.length * 2 > samples.length) {
    const most = Math.max(...quiet.map(({ requests }) => requests))
    problems.add(
      `${quiet.length} of ${samples.length} windows have at most ${Math.round(most)} requests, fewer than ${withDefaults(check).minRequests}: lower min-requests, make window longer, or let canary.traffic make some.`,
    )
  }
  if (of('nan').length * 2 > samples.length) problems.add('Most windows are not a number, as a division of zero by zero is.')
  const judged = windows.map((window, index) => ({ window, sample: samples[index] ?? { state: 'empty' as const } }))
  if (problems.size === 0 && of('value').length > 0 && !canFail(check, judged)) {
    problems.add('It could not fail even if every value were bad: no two windows in a row have a value.')
  }
  return { problems: [...problems], notes: [...notes] }
}

/** A message as it stands alone. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.?!…]$/.test(text) ? text : `${text}.`
}
