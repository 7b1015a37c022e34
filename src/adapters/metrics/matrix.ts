import { z } from 'zod'
import type { MetricsSource } from '../../canary/sources.ts'
import { type Answer, type MetricsClient, SourceError, shown } from './http.ts'

/** One series of an answer: its values by their time in milliseconds. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly values: ReadonlyMap<number, number>
}

const point = z.tuple([z.number(), z.string()])

const series = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(point).optional(),
  value: point.optional(),
})

const texts = z.array(z.string()).nullish()

const envelope = z.object({
  status: z.enum(['success', 'error']),
  error: z.string().optional(),
  data: z.unknown().optional(),
  warnings: texts,
})

const numbers = z.object({ resultType: z.enum(['matrix', 'vector']), result: z.array(series).nullable() })

interface Reading {
  readonly name: string
  readonly source: MetricsSource
  readonly allowWarnings: boolean
}

/** What an answer holds below `data`. Throws `SourceError` for one that is no success, or not whole. */
export function dataOf({ body }: Answer, { name, source, allowWarnings }: Reading): unknown {
  const parsed = envelope.safeParse(parseJson(body))
  if (!parsed.success) throw new SourceError(`${name} answered with something else than the result of a query`, 200)
  const { status, error = '', data, warnings } = parsed.data
  if (status === 'error') throw new SourceError(`${name} answered with an error: ${shown(error, source.headers)}`, 200)
  if (!allowWarnings && warnings?.length) {
    throw new SourceError(`${name} calls its answer partial: ${shown(warnings.join('; '), source.headers)}`, 200)
  }
  return data
}

/** Throws `SourceError` for an answer without series. Loki's `null` is one without any. */
export function seriesOf(answer: Answer, reading: Reading): readonly Series[] {
  const parsed = numbers.safeParse(dataOf(answer, reading))
  if (!parsed.success) throw new SourceError(`${reading.name} answered with something else than series`, 200)
  return (parsed.data.result ?? []).map(({ metric, values, value }) => ({
    labels: metric,
    values: new Map(
      (values ?? (value === undefined ? [] : [value])).map(([at, text]) => [Math.round(at * 1000), numberOf(text, reading.name)]),
    ),
  }))
}

/** Throws `SourceError` when it speaks of other moments than those that were asked for: they would be judged as others. */
export function refuseOtherTimes(found: readonly Series[], asked: ReadonlySet<number>, name: string): void {
  for (const { values } of found) {
    for (const at of values.keys()) {
      if (!asked.has(at)) throw new SourceError(`${name} answered for other times than it was asked for`, 200)
    }
  }
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** A number as servers write it; anything else would be read as zero, or not at all. Throws `SourceError`. */
export function numberOf(text: string, name: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (text === 'NaN') return Number.NaN
  if (decimal.test(text)) return Number(text)
  throw new SourceError(`${name} answered with a value that is not a number`, 200)
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Label pairs as PromQL writes them, for people. */
export function describeLabels(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`
}

/** Everything that a probe over HTTP works with. */
export interface HttpSource extends Reading {
  readonly client: MetricsClient
  readonly now: () => Date
}
