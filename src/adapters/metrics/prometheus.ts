import { type Check, withDefaults } from '../../canary/check.ts'
import type { Probe } from '../../canary/probe.ts'
import type { Window } from '../../canary/sample.ts'
import { askInParts } from './ask-in-parts.ts'
import { type HttpSource, refuseOtherTimes, seriesOf } from './matrix.ts'
import { examinePrometheus } from './prometheus-examine.ts'
import { currentSelectors, expressionOf, wholeQuery } from './prometheus-query.ts'
import { type Parts, partsOf, sampleOf } from './prometheus-samples.ts'

/** Servers refuse more than 11,000 points a series. */
const mostPoints = 10_000

/** Prometheus, and whatever speaks its HTTP API (Mimir, VictoriaMetrics, Thanos). */
export function prometheusProbe(source: HttpSource): Probe {
  const ask = (check: Check, windows: readonly Window[], control: boolean, signal: AbortSignal) =>
    askInParts(windows, mostPoints, async (part) => {
      const parts = await askForParts(source, check, part, control, signal)
      const selectors = currentSelectors(check, control).length
      return part.map((window) => sampleOf(check, parts, window, { control, selectors }))
    })
  return {
    sample: (check, windows, { control, signal }) => ask(check, windows, control, signal),
    examine: (check, windows, signal) =>
      examinePrometheus(source, check, windows, {
        sample: (control) => ask(check, windows, control, signal),
        parts: (control) => askForParts(source, check, windows, control, signal),
        signal,
      }),
    queryOf: (check) => expressionOf(check, 'prometheus') ?? '',
  }
}

async function askForParts(
  source: HttpSource,
  check: Check,
  windows: readonly Window[],
  control: boolean,
  signal: AbortSignal,
): Promise<Parts> {
  const [first, last] = [windows[0], windows.at(-1)]
  if (first === undefined || last === undefined) return partsOf([])
  const form = {
    query: wholeQuery(check, control),
    start: String(first.endMs / 1000),
    end: String(last.endMs / 1000),
    step: String(withDefaults(check).windowMs / 1000),
    nocache: '1', // or VictoriaMetrics moves the times to its own grid
  }
  const found = seriesOf(await source.client.ask('/api/v1/query_range', form, signal), source)
  refuseOtherTimes(found, new Set(windows.map(({ endMs }) => endMs)), source.name)
  return partsOf(found)
}
