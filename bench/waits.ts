import type { Asked } from './load.ts'

/** What the application met in some span of time. */
export interface Waits {
  /** Queries that ended with an error; their waits count like the others'. */
  readonly failed: number
  readonly longestMs: number
  readonly p99Ms: number
  /** Time that queries of more than a second cover, and of more than 50 ms. */
  readonly over1sMs: number
  readonly over50Ms: number
}

/** Of all queries that were due or under way between two moments; each wait counts from the planned start. */
export function waitsBetween({ planned, done, errors }: Asked, from: number, until: number): Waits {
  const spans: Span[] = []
  for (const [index, start] of planned.entries()) {
    const end = done[index] ?? start
    if (start <= until && end >= from) spans.push([start, end])
  }
  const waits = spans.map(([start, end]) => end - start).sort((a, b) => a - b)
  return {
    failed: errors.length,
    longestMs: waits.at(-1) ?? Number.NaN,
    p99Ms: waits[Math.floor(waits.length * 0.99)] ?? Number.NaN,
    over1sMs: covered(spans.filter(([start, end]) => end - start > 1000)),
    over50Ms: covered(spans.filter(([start, end]) => end - start > 50)),
  }
}

type Span = readonly [start: number, end: number]

/** The length of the union of spans that are in the order of their starts. */
function covered(spans: readonly Span[]): number {
  let total = 0
  let reached = Number.NEGATIVE_INFINITY
  for (const [start, end] of spans) {
    total += Math.max(0, end - Math.max(start, reached))
    reached = Math.max(reached, end)
  }
  return total
}
