import { z } from 'zod'
import { type Check, withDefaults } from '../../canary/check.ts'
import type { Probe } from '../../canary/probe.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import { askInParts } from './ask-in-parts.ts'
import { SourceError } from './http.ts'
import { linesOf, readLogQuery } from './logql.ts'
import { examineLoki } from './loki-examine.ts'
import { countQuery, nanoseconds, wholeQuery } from './loki-query.ts'
import { dataOf, type HttpSource, refuseOtherTimes, type Series, seriesOf } from './matrix.ts'
import { partLabel } from './prometheus-query.ts'

const mostPoints = 10_000
/** Loki refuses spans of more than thirty days and an hour. */
const mostMs = 30 * 86_400_000

export function lokiProbe(source: HttpSource): Probe {
  const ask = (check: Check, windows: readonly Window[], signal: AbortSignal) => {
    const most = Math.max(1, Math.min(mostPoints, Math.floor(mostMs / withDefaults(check).windowMs) - 1))
    return askInParts(windows, most, (part) => askForCounts(source, check, part, signal))
  }
  return {
    sample: (check, windows, { signal }) => ask(check, windows, signal),
    examine: (check, windows, signal) => examineLoki(source, check, windows, { sample: () => ask(check, windows, signal), signal }),
    queryOf: (check) => countQuery(check) ?? check.loki ?? '',
    lines: (check, window, limit, signal) => newestLines(source, check, window, limit, signal),
  }
}

async function askForCounts(source: HttpSource, check: Check, windows: readonly Window[], signal: AbortSignal): Promise<readonly Sample[]> {
  const [first, last] = [windows[0], windows.at(-1)]
  if (first === undefined || last === undefined) return []
  const form = {
    query: wholeQuery(check),
    start: nanoseconds(first.endMs),
    end: nanoseconds(last.endMs + 1), // its end is not part of it
    step: String(withDefaults(check).windowMs / 1000),
  }
  const found = seriesOf(await source.client.ask('/loki/api/v1/query_range', form, signal), source)
  refuseOtherTimes(found, new Set(windows.map(({ endMs }) => endMs)), source.name)
  const [lines, live] = [part(found, 'lines'), part(found, 'live')]
  return windows.map(({ endMs }) => countSample(lines?.values.get(endMs), live?.values.get(endMs), check))
}

/** Loki leaves steps without lines out: none of a kind is zero only where there are others. */
function countSample(lines: number | undefined, live: number | undefined, check: Check): Sample {
  if (lines !== undefined) return Number.isFinite(lines) ? { state: 'value', value: lines } : { state: 'nan' }
  return (live !== undefined && live > 0 && Number.isFinite(live)) || check.empty === 'zero'
    ? { state: 'value', value: 0 }
    : { state: 'empty' }
}

function part(found: readonly Series[], name: string): Series | undefined {
  return found.find(({ labels }) => labels[partLabel] === name)
}

const streams = z.object({
  resultType: z.literal('streams'),
  result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })).nullable(),
})

/** For the report: that they could not be read is said in their place, and changes no verdict. */
async function newestLines(
  source: HttpSource,
  check: Check,
  { startMs, endMs }: Window,
  limit: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const read = readLogQuery(check.loki ?? '')
  if (read === undefined) return []
  const form = {
    query: linesOf(read, check.exclude),
    start: nanoseconds(startMs),
    end: nanoseconds(endMs),
    limit: String(limit),
    direction: 'backward',
  }
  try {
    const parsed = streams.safeParse(dataOf(await source.client.ask('/loki/api/v1/query_range', form, signal), source))
    if (!parsed.success) throw new SourceError(`${source.name} answered with something else than lines`)
    const lines = (parsed.data.result ?? []).flatMap(({ values }) => values.map(([at, line]) => ({ at: BigInt(at), line })))
    return lines
      .sort((one, other) => (other.at > one.at ? 1 : other.at < one.at ? -1 : 0))
      .slice(0, limit)
      .map(({ line }) => line)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return [`(the lines could not be read: ${error.message})`]
  }
}
