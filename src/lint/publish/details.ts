import { z } from 'zod'
import type { Finding } from '../finding.ts'

const position = z.object({ offset: z.int(), line: z.int(), column: z.int() })

/** A finding as it stands in the JSON result. */
const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'advice']),
  /** Below the folder of `shiplock.yml`. */
  path: z.string(),
  phase: z.enum(['pre', 'post']).optional(),
  start: position,
  /** Behind the last character. */
  end: position,
  message: z.string(),
  harm: z.string(),
  remedy: z.string(),
  instead: z.array(z.object({ phase: z.enum(['pre', 'post']), transactional: z.boolean(), sql: z.string(), note: z.string().optional() })),
  replacement: z.string().optional(),
  statement: z.string().optional(),
  /** The first line, to be shown with a mark below: `from` and `width` count characters. */
  source: z.object({ text: z.string(), from: z.int(), width: z.int() }).optional(),
  /** The same for the same statement, wherever it stands in the file. */
  fingerprint: z.string(),
})
export type FindingDetail = z.infer<typeof findingSchema>

/** A setting that the changes under review would change. */
const settingSchema = z.object({ name: z.string(), base: z.string().optional(), proposed: z.string().optional() })
export type SettingChange = z.infer<typeof settingSchema>

/** What `lint` adds to its entry in the JSON result. */
export const lintDetailsSchema = z.object({
  base: z.string().optional(),
  head: z.string().optional(),
  /** How many new migrations were checked, and how many older ones were not. */
  checked: z.int(),
  older: z.int(),
  findings: z.array(findingSchema),
  suppressed: z.array(z.object({ rule: z.string(), path: z.string(), line: z.int(), reason: z.string() })),
  settings: z.array(settingSchema),
  notes: z.array(z.string()),
})
export type LintDetails = z.infer<typeof lintDetailsSchema>

/** Longer lines are not shown whole. */
const longestLine = 160

/** Findings with the line that they are about, and a fingerprint each. `textOf` gives the text of a file, where it is known. */
export function describeFindings(
  findings: readonly Finding[],
  textOf: (path: string) => string | undefined,
  hash: (text: string) => string,
): FindingDetail[] {
  const seen = new Map<string, number>()
  return findings.map((finding) => {
    const key = JSON.stringify([finding.rule, finding.path, (finding.statement ?? finding.message).replace(/\s+/g, ' ')])
    const number = (seen.get(key) ?? 0) + 1
    seen.set(key, number)
    const { instead, ...rest } = finding
    return {
      ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Omit<Finding, 'instead'>),
      instead: instead.map((one) => ({ ...one })),
      source: sourceOf(finding, textOf(finding.path)),
      fingerprint: hash(`${key}${number}`).slice(0, 32),
    } as FindingDetail
  })
}

function sourceOf({ start, end }: Finding, text: string | undefined): FindingDetail['source'] {
  const line = text?.split('\n')[start.line - 1]?.replace(/\r$/, '')
  if (line === undefined || line.trim() === '') return undefined
  const signs = [...line]
  const last = end.line === start.line ? end.column - 1 : signs.length
  const from = start.column - 1
  return { text: signs.slice(0, longestLine).join(''), from, width: Math.max(1, last - from) }
}
