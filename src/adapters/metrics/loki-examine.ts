import type { Check } from '../../canary/check.ts'
import type { Examination } from '../../canary/probe.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import { plural } from '../../units.ts'
import { describeSkew } from './clock-skew.ts'
import { examineSamples, sentence } from './examine-samples.ts'
import { SourceError } from './http.ts'
import { readLogQuery } from './logql.ts'
import { liveQuery, nanoseconds } from './loki-query.ts'
import { dataOf, describeLabels, type HttpSource } from './matrix.ts'

interface Ask {
  sample(): Promise<readonly Sample[]>
  readonly signal: AbortSignal
}

export async function examineLoki(source: HttpSource, check: Check, windows: readonly Window[], ask: Ask): Promise<Examination> {
  if (readLogQuery(check.loki ?? '') === undefined) {
    return {
      problems: ['loki takes a stream selector and filters, such as {app="shop"} |= "ERROR"; the counting is done here.'],
      notes: [],
      series: [],
    }
  }
  const samples = await ask.sample()
  const { problems, notes } = examineSamples(check, windows, samples)
  const series: string[] = []
  const live = liveQuery(check)
  if (problems.length === 0 && !samples.some(({ state }) => state === 'value')) {
    problems.push(`${live} has no lines in these windows: do its labels match any stream, and is the tenant the right one?`)
  } else {
    const empty = samples.filter(({ state }) => state === 'empty').length
    if (empty > 0) notes.push(`${live} has no lines at all in ${empty} of ${plural(samples.length, 'window')}: they cannot be judged.`)
  }
  try {
    const before = source.now().getTime()
    const answer = await source.client.ask('/loki/api/v1/series', seriesForm(readLogQuery(live)?.selector ?? live, windows), ask.signal)
    problems.push(...describeSkew(source.name, [answer.dateMs], before - 1000, source.now().getTime()))
    const found = dataOf(answer, source)
    if (Array.isArray(found)) series.push(...found.slice(0, 20).map((labels) => describeLabels(labels as Record<string, string>)))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    if (problems.length === 0) notes.push(sentence(`the streams could not be listed: ${error.message}`))
  }
  if (check.empty === 'zero')
    notes.push('A window without any line counts as none of these lines, also when the log itself has stopped: empty: no-data would tell.')
  return { problems, notes, series }
}

function seriesForm(selector: string, windows: readonly Window[]): Record<string, string> {
  return { 'match[]': selector, start: nanoseconds(windows[0]?.startMs ?? 0), end: nanoseconds(windows.at(-1)?.endMs ?? 0) }
}
