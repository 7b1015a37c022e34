import { type Check, withDefaults } from './check.ts'
import type { Window } from './sample.ts'

/** When a watch happens, in milliseconds since 1970. */
export interface Timeline {
  /** When the new version went live. */
  readonly deployedMs: number
  readonly warmupMs: number
  readonly durationMs: number
}

/** The windows of a watch, from the end of the warm-up on; what is left of the duration is no window. */
export function windowsOf(check: Check, { deployedMs, warmupMs, durationMs }: Timeline): readonly Window[] {
  return tile(deployedMs + warmupMs, durationMs, withDefaults(check).windowMs)
}

export interface BaselinePlan {
  readonly kind: 'days-and-before' | 'days' | 'before'
  readonly days: number
}

const dayMs = 86_400_000

/** What a watch is compared with, span by span: the oldest day first, the time before the deploy last. Each span is one request. */
export function baselineSpans(check: Check, timeline: Timeline, { kind, days }: BaselinePlan): readonly (readonly Window[])[] {
  const { windowMs } = withDefaults(check)
  const { deployedMs, warmupMs, durationMs } = timeline
  const earlier =
    kind === 'before'
      ? []
      : Array.from({ length: days }, (_, index) => tile(deployedMs + warmupMs - (days - index) * dayMs, durationMs, windowMs))
  const count = Math.floor(durationMs / windowMs)
  const before = kind === 'days' ? [] : [tile(deployedMs - count * windowMs, durationMs, windowMs)]
  return [...earlier, ...before].filter((span) => span.length > 0)
}

function tile(startMs: number, durationMs: number, windowMs: number): Window[] {
  return Array.from({ length: Math.floor(durationMs / windowMs) }, (_, index) => ({
    startMs: startMs + index * windowMs,
    endMs: startMs + (index + 1) * windowMs,
  }))
}
