import { z } from 'zod'
import { parseDuration } from '../units.ts'
import { expandTemplate, templateNames } from './templates.ts'

/**
 * What a check measures, and with it which rule judges it: `latency` (a quantile, in need of enough requests), `ratio`
 * (a share of requests, such as errors), `rate` (events a second), `per-request` (work a request, such as database calls),
 * `gauge` (a level, such as a queue's depth) and `logs` (lines that should not be there).
 */
export const checkKinds = ['latency', 'ratio', 'rate', 'per-request', 'gauge', 'logs'] as const

/**
 * A check as `shiplock.yml` writes it: its fields, or a template with parameters and whatever is to be otherwise. Made when
 * somebody has checks to read: most commands have none.
 */
export const checkSchema = z.lazy(() =>
  z.preprocess((given, context) => {
    if (typeof given !== 'object' || given === null || !('template' in given)) return given
    const expanded = expandTemplate(given as Readonly<Record<string, unknown>>)
    if (!isProblems(expanded)) return expanded
    for (const message of expanded) context.addIssue({ code: 'custom', message })
    return z.NEVER
  }, complete()),
)

/** The same as an editor needs it, which completes what somebody writes. */
export function checkForms() {
  const whole = written()
  return z.union([
    whole,
    whole.partial().extend({
      id: whole.shape.id,
      template: z.enum(templateNames).describe('A check for one of the usual signals, made from the names of metrics.'),
      with: z.record(z.string(), z.unknown()).optional().describe('Parameters of the template.'),
    }),
  ])
}

/** What somebody writes down. */
function written() {
  const factor = z.number().gt(1)
  return z.strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be a short name of letters, digits, dot, dash and underscore'),
    kind: z.enum(checkKinds),
    prometheus: z
      .string()
      .min(1)
      .optional()
      .describe('Query whose value is judged. $window stands for the length of a window, $environment for the environment.'),
    loki: z.string().min(1).optional().describe('Stream selector and filters of the lines that are counted.'),
    sql: z.string().min(1).optional().describe('Query of one row with one number, asked at the end of each window.'),
    requests: z.string().min(1).optional().describe('PromQL: how many requests a window had. What a check judges needs enough of them.'),
    control: z
      .string()
      .min(1)
      .optional()
      .describe('PromQL: the same for the old version, which runs beside the new one. It takes the place of earlier days.'),
    live: z.string().min(1).optional().describe('LogQL stream selector that always has lines, when it is another than that of loki.'),
    exclude: z.string().min(1).optional().describe('Regular expression of lines that do not count.'),
    window: windowLength().optional().describe('Length of one window.'),
    direction: z.enum(['up', 'down']).default('up').describe('Which way is worse.'),
    series: z.enum(['one', 'worst', 'sum']).default('one').describe('What to make of a query that returns several series.'),
    empty: z.enum(['no-data', 'zero']).default('no-data').describe('What an empty answer means.'),
    'hold-ratio': factor.optional().describe('Times the baseline at which a window is suspicious.'),
    'abort-ratio': factor.optional().describe('Times the baseline at which a window is bad.'),
    floor: z.number().optional().describe('Values up to here are never suspicious, whatever the baseline.'),
    max: z.number().optional().describe('Values above are bad, whatever the baseline.'),
    'min-requests': z.number().int().min(1).optional().describe('Requests that a window needs to count.'),
    baseline: z.enum(['required', 'none']).default('required').describe('none: judged by max alone.'),
    'dry-run': z.boolean().default(false).describe('Shown, and left out of the verdict.'),
  })
}

function windowLength() {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= 1000 && ms % 1000 === 0) return ms
    context.addIssue({ code: 'custom', message: 'must be a duration of whole seconds, at least 1s, such as 5m' })
    return z.NEVER
  })
}

/** The same, where its parts go together. */
function complete() {
  return written().superRefine((check, context) => {
    const sources = (['prometheus', 'loki', 'sql'] as const).filter((one) => check[one] !== undefined)
    const problem = (message: string) => context.addIssue({ code: 'custom', message })
    if (sources.length !== 1) problem('needs exactly one of prometheus, loki and sql')
    if (check.kind === 'logs' && check.loki === undefined) problem('kind: logs needs loki')
    if (check.loki !== undefined && check.kind !== 'logs') problem('loki needs kind: logs')
    if ((check.kind === 'latency' || check.kind === 'per-request') && check.prometheus !== undefined && check.requests === undefined)
      problem(`kind: ${check.kind} needs requests`)
    const abortRatio = check['abort-ratio']
    const holdRatio = check['hold-ratio'] ?? usualHoldRatio(check.kind)
    if (abortRatio !== undefined && abortRatio < holdRatio)
      problem(`abort-ratio (${abortRatio}) must not be below hold-ratio (${holdRatio})`)
    if (check.baseline === 'none' && check.max === undefined) problem('baseline: none needs max')
    if (check.direction === 'down' && check.max !== undefined) problem('max needs direction: up')
  })
}

function isProblems(expanded: ReturnType<typeof expandTemplate>): expanded is readonly string[] {
  return Array.isArray(expanded)
}

export type Check = z.output<typeof checkSchema>

function usualHoldRatio(kind: (typeof checkKinds)[number]): number {
  return kind === 'per-request' ? 3 : 1.3
}

/** What a kind takes when the check does not say. Sources of the numbers: docs/canary.md. */
export function withDefaults(check: Check) {
  const { kind } = check
  return {
    windowMs: check.window ?? (kind === 'per-request' ? 60_000 : 300_000),
    holdRatio: check['hold-ratio'] ?? usualHoldRatio(kind),
    abortRatio: check['abort-ratio'] ?? (kind === 'per-request' ? 10 : 2),
    floor: check.floor ?? (kind === 'ratio' ? 0.01 : 0),
    minRequests: check['min-requests'] ?? (kind === 'latency' || kind === 'ratio' || kind === 'per-request' ? 100 : 0),
  }
}
