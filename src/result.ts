import { z } from 'zod'

/** What a command concluded; a canary's words are `promote`, `abort` and `hold`. */
export const verdicts = ['pass', 'fail', 'inconclusive', 'promote', 'abort', 'hold'] as const
export type Verdict = (typeof verdicts)[number]

/** One check in a result, and in the manifest that it went into. */
export const checkSchema = z.object({
  id: z.string(),
  /** `not-checked` is what a check is that nobody configured: never a tick. */
  status: z.enum(['pass', 'fail', 'not-checked']),
  value: z.union([z.string(), z.number()]).optional(),
  limit: z.union([z.string(), z.number()]).optional(),
  message: z.string().optional(),
})
export type Check = z.infer<typeof checkSchema>

/** The outcome of one command in the JSON result. Each command adds its own details. */
const commandResult = z.looseObject({
  tool: z.string(),
  command: z.string(),
  verdict: z.enum([...verdicts, 'not-run']),
  reason: z.string(),
  release: z.string().optional(),
  environment: z.string().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  checks: z.array(checkSchema),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional(), at: z.string().optional() }).optional(),
})
export type CommandResult = z.infer<typeof commandResult>

/** The one JSON object that every step writes, also when it fails. */
export const resultSchema = z.object({
  schema: z.literal('shiplock/result@1'),
  verdict: z.enum(verdicts),
  exitCode: z.int(),
  commands: z.array(commandResult),
})
export type Result = z.infer<typeof resultSchema>

/** 0 pass or promote; 1 evidence of a fault, or abort; 3 not enough evidence, or hold. Wrong usage (2) comes from the error's code. */
export function exitCodeOf(verdict: Verdict): 0 | 1 | 3 {
  return ({ pass: 0, fail: 1, inconclusive: 3, promote: 0, abort: 1, hold: 3 } as const)[verdict]
}

/** `fail` when a check failed, otherwise `pass`: what was not checked proves nothing either way. */
export function verdictOf(checks: readonly Check[]): 'pass' | 'fail' {
  return checks.some((one) => one.status === 'fail') ? 'fail' : 'pass'
}
