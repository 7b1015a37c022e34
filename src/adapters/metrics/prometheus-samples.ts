import { type Check, withDefaults } from '../../canary/check.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import { mostSkewMs } from './clock-skew.ts'
import { describeLabels, type Series } from './matrix.ts'
import { partLabel } from './prometheus-query.ts'

/** An answer, taken apart again. */
export interface Parts {
  readonly value: readonly Series[]
  readonly requests: readonly Series[]
  readonly ceiling: readonly Series[]
  readonly newest: readonly Series[]
}

export function partsOf(found: readonly Series[]): Parts {
  const part = (name: string) =>
    found
      .filter(({ labels }) => labels[partLabel]?.replace(/\d+$/, '') === name)
      .map(({ labels: { [partLabel]: _, ...labels }, values }) => ({ labels, values }))
  return { value: part('value'), requests: part('requests'), ceiling: part('ceiling'), newest: part('newest') }
}

interface Asked {
  readonly control: boolean
  /** How many selectors were asked for their newest sample. */
  readonly selectors: number
}

/** What an answer says of one window. Exactly one thing of it is a value. */
export function sampleOf(check: Check, parts: Parts, { endMs }: Window, { control, selectors }: Asked): Sample {
  const at = (list: readonly Series[]) => list.flatMap(({ labels, values }) => pair(labels, values.get(endMs)))
  const [values, newest] = [at(parts.value), at(parts.newest)]
  const { minRequests, windowMs } = withDefaults(check)
  const counted = at(parts.requests)
  const requests = control || check.requests === undefined ? undefined : sum(counted.map(({ value }) => value || 0))
  const isQuiet = requests !== undefined && requests < minRequests

  if (values.length === 0 && check.empty === 'no-data')
    return isQuiet && requests > 0 ? { state: 'too-little-traffic', requests } : { state: 'empty' }
  // a number that is there although no series is, was made of constants, or of a series that ended within the window
  if (selectors > 0 && newest.length === 0 && check.empty === 'no-data') return { state: 'empty' }
  const fault = distrust(newest, counted, endMs)
  if (fault !== undefined) return { state: 'error', message: fault }
  const ageMs = Math.max(0, ...newest.map(({ value }) => endMs - value * 1000))
  if (ageMs > windowMs / 2) return { state: 'stale', ageMs: Math.round(ageMs) }
  if (isQuiet) return { state: 'too-little-traffic', requests }
  if (check.series === 'one' && values.length > 1) return { state: 'error', message: severalSeries(values.map(({ labels }) => labels)) }

  const value =
    values.length === 0
      ? 0
      : oneOf(
          values.map((one) => one.value),
          check,
        )
  const isSaturated = values.some((one) => one.value === Number.POSITIVE_INFINITY || isAtCeiling(one, at(parts.ceiling)))
  if (parts.ceiling.length > 0 && isSaturated) return { state: 'saturated', value, requests }
  return Number.isFinite(value) ? { state: 'value', value, requests } : { state: 'nan' }
}

/** Why what was said of the data itself cannot be true. */
function distrust(newest: readonly Labelled[], requests: readonly Labelled[], endMs: number): string | undefined {
  if (newest.some(({ value }) => !Number.isFinite(value))) return 'the time of the newest data is not a number'
  if (newest.some(({ value }) => value * 1000 > endMs + mostSkewMs)) return 'the newest data is from after the end of the window'
  const finite = requests.filter(({ value }) => Number.isFinite(value))
  // a route without requests may be a division of zero by zero beside others that are numbers
  const isLie = (requests.length > 0 && finite.length === 0) || requests.some(({ value }) => Math.abs(value) === Number.POSITIVE_INFINITY)
  return isLie ? 'requests is not a number' : undefined
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

function pair(labels: Labelled['labels'], value: number | undefined): Labelled[] {
  return value === undefined ? [] : [{ labels, value }]
}

function isAtCeiling({ labels, value }: Labelled, ceilings: readonly Labelled[]): boolean {
  const key = describeLabels(labels)
  return ceilings.some((one) => describeLabels(one.labels) === key && one.value === value)
}

/** A series that is not a number, such as a route without requests, is not the worst while another is one. */
function oneOf(values: readonly number[], check: Check): number {
  if (check.series !== 'worst') return sum(values)
  const numbers = values.filter((value) => !Number.isNaN(value))
  if (numbers.length === 0) return Number.NaN
  return check.direction === 'up' ? Math.max(...numbers) : Math.min(...numbers)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function severalSeries(found: readonly Labelled['labels'][]): string {
  const names = found.slice(0, 3).map(describeLabels)
  const more = found.length > 3 ? ` and ${found.length - 3} more` : ''
  return `the query returns ${found.length} series, where one is needed: ${names.join(', ')}${more}; add an aggregation, or say series: worst or sum`
}
