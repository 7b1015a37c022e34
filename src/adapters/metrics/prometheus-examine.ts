import { type Check, withDefaults } from '../../canary/check.ts'
import type { Examination } from '../../canary/probe.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import { nearestWords } from '../../nearest.ts'
import { parseDuration } from '../../units.ts'
import { clockSkew } from './clock-skew.ts'
import { examineSamples, sentence } from './examine-samples.ts'
import { SourceError } from './http.ts'
import { dataOf, describeLabels, type HttpSource, seriesOf } from './matrix.ts'
import { currentSelectors, expressionOf, partLabel, union } from './prometheus-query.ts'
import type { Parts } from './prometheus-samples.ts'
import { hasFilter, selectorsOf } from './promql.ts'

interface Ask {
  sample(control: boolean): Promise<readonly Sample[]>
  parts(control: boolean): Promise<Parts>
  readonly signal: AbortSignal
}

const fewestScrapes = 4

export async function examinePrometheus(source: HttpSource, check: Check, windows: readonly Window[], ask: Ask): Promise<Examination> {
  const problems: string[] = []
  const notes: string[] = []
  const series = new Set<string>()
  try {
    const parsed = await parseEach(source, check, ask.signal)
    if (parsed.length > 0) return { problems: parsed, notes, series: [] }
    for (const control of check.control === undefined ? [false] : [false, true]) {
      const samples = await ask.sample(control)
      const found = examineSamples(check, windows, samples)
      problems.push(...found.problems)
      notes.push(...found.notes)
      for (const { labels } of (await ask.parts(control)).value) series.add(describeLabels(labels))
      if (found.problems.length === 0 && !samples.some(({ state }) => state === 'value')) {
        problems.push(await whyEmpty(source, check, control, notes, ask.signal))
      }
    }
    problems.push(...(await clockSkew(source, ask.signal)))
    problems.push(...(await fewScrapes(source, check, windows, ask.signal)))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    problems.push(sentence(error.message))
  }
  notes.push(...overlaps(check))
  if (check.empty === 'zero' && check.requests === undefined) {
    notes.push('An answer without data counts as zero, also when the source of the data is dead: requests would tell.')
  }
  return { problems: [...new Set(problems)], notes: [...new Set(notes)], series: [...series] }
}

/** Each expression by itself, so that a place in the server's message is one in the user's text. */
async function parseEach(source: HttpSource, check: Check, signal: AbortSignal): Promise<string[]> {
  const problems: string[] = []
  for (const part of ['prometheus', 'requests', 'control'] as const) {
    const query = expressionOf(check, part)
    if (query === undefined) continue
    try {
      dataOf(await source.client.ask('/api/v1/query', { query }, signal), source)
    } catch (error) {
      if (!(error instanceof SourceError) || (error.status !== 400 && error.status !== 422)) throw error
      problems.push(sentence(`${part}: ${error.message}`))
    }
  }
  return problems
}

async function whyEmpty(source: HttpSource, check: Check, control: boolean, notes: string[], signal: AbortSignal): Promise<string> {
  const query = expressionOf(check, control ? 'control' : 'prometheus') ?? ''
  const what = control ? 'The control' : 'The query'
  if (hasFilter(query))
    return `${what} returns no data. It holds a comparison, which leaves out all that is well: take it out, and let the lines decide.`
  const names = selectorsOf(query).flatMap(({ metric }) => metric ?? [])
  const existing = await metricNames(source, notes, signal)
  const unknown = existing === undefined ? [] : names.filter((name) => !existing.has(name))
  if (unknown.length === 0 || existing === undefined) return `${what} returns no data in these windows: do its labels match any series?`
  return unknown
    .map((name) => {
      const near = nearestWords(name, existing, 3)
      return `There is no metric ${name}.${near.length === 0 ? '' : ` The nearest names are ${near.join(', ')}.`}`
    })
    .join(' ')
}

/** `undefined` for servers that do not list them. */
async function metricNames(source: HttpSource, notes: string[], signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
  try {
    const data = dataOf(await source.client.ask('/api/v1/label/__name__/values', {}, signal), source)
    if (Array.isArray(data)) return new Set(data.filter((name) => typeof name === 'string'))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
  }
  notes.push(`${source.name} does not list its metrics, so whether the names exist could not be looked up.`)
  return undefined
}

async function fewScrapes(source: HttpSource, check: Check, windows: readonly Window[], signal: AbortSignal): Promise<string[]> {
  const { windowMs } = withDefaults(check)
  const selectors = currentSelectors(check, false)
  const last = windows.at(-1)
  if (selectors.length === 0 || last === undefined) return []
  const query = union(selectors.map(({ text }, index) => [String(index), `max(count_over_time(${text}[${windowMs / 1000}s]))`]))
  const form = { query, time: String(last.endMs / 1000), nocache: '1' }
  const found = seriesOf(await source.client.ask('/api/v1/query', form, signal), source)
  return found.flatMap(({ labels, values }) => {
    const count = [...values.values()][0] ?? 0
    if (count >= fewestScrapes) return []
    const needed = Math.ceil((fewestScrapes * windowMs) / count / 60_000)
    return `${selectors[Number(labels[partLabel])]?.text} has ${count} samples in a window, and needs ${fewestScrapes}: make window ${needed}m or longer, or scrape more often.`
  })
}

/** Ranges longer than the window make neighbours share data: one bad minute would count twice. */
function overlaps(check: Check): string[] {
  const { windowMs } = withDefaults(check)
  const query = expressionOf(check, 'prometheus') ?? ''
  const longer = selectorsOf(query).flatMap(({ range, shifted }) => {
    const ms = shifted ? undefined : parseDuration(range ?? '')
    return range !== undefined && ms !== undefined && ms > windowMs ? [range] : []
  })
  return [...new Set(longer)].map(
    (range) => `The query reads ${range}, which is longer than its window: neighbouring windows share data. Write $window in its place.`,
  )
}
