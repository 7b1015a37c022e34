import { z } from 'zod'
import { fields, flag, list, number, text, texts } from '../lenient.ts'

const window = z.object({
  window: fields({ startMs: number, endMs: number }),
  sample: fields({ state: text, value: number, requests: number, ageMs: number, message: text }),
  mark: text,
})

/** What a watch leaves in the result. */
export const canaryDetails = fields({
  complete: flag,
  stopped: flag,
  onHold: text,
  deciding: text,
  deployedAt: text,
  warmupMs: number,
  durationMs: number,
  watchedMs: number,
  record: fields({
    noted: flag,
    why: text,
    beforeDeploy: text,
    postBarred: flag,
    live: fields({ release: text, at: text }),
    before: text,
  }),
  watched: list(
    z.object({
      id: text,
      kind: text,
      decision: text,
      pending: flag,
      otherwise: text,
      usable: number,
      expected: number,
      dryRun: flag,
      direction: text,
      query: text,
      ratio: number,
      baseline: fields({ windows: number, asked: number, median: number, spread: number, outliers: number }),
      lines: fields({ hold: number, abort: number }),
      counted: fields({ lines: number, usual: number, baselineLines: number, baselineWindows: number }),
      windows: list(window),
      sampleLines: texts,
    }),
  ),
})

export type CanaryDetails = ReturnType<typeof canaryDetails.parse>
export type WatchedCheck = CanaryDetails['watched'][number]
export type WatchedWindow = WatchedCheck['windows'][number]
