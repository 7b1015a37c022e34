import { z } from 'zod'
import { parseArgumentList } from './argument-list.ts'
import { type Check, checkSchema } from './canary/check.ts'
import { type Connection, parseConnection } from './connection.ts'
import { messageOf } from './errors.ts'
import { type ProtectionLevel, protectionLevels, protectionRules } from './gate/protection/levels.ts'
import { parseQuietHours, type QuietHours } from './gate/quiet-hours.ts'
import { parseSshHost, type SshHost } from './ssh-host.ts'
import { parseDuration, parseSize } from './units.ts'

// How the text of an input becomes a value.

export const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms === undefined) context.addIssue({ code: 'custom', message: 'must be a duration with a unit, such as 500ms, 5s, 20m, 30h or 14d' })
  return ms ?? 0
})

export const size = z.string().transform((text, context) => {
  const bytes = parseSize(text)
  if (bytes === undefined) context.addIssue({ code: 'custom', message: 'must be a size with a unit, such as 500KiB, 20MiB or 3GiB' })
  return bytes ?? 0
})

/** As a share of 1. */
export const percent = z
  .string()
  .regex(/^(?:100|\d{1,2})%$/, 'must be a percentage from 0% to 100%')
  .transform((text) => Number.parseInt(text, 10) / 100)

export const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number)

export const storeUrl = z
  .string()
  .regex(
    /^(?:file:\/\/\/|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9._/-]*)?$)/,
    'must be file:/// and a folder, such as file:///srv/backups, or s3://bucket/prefix',
  )

export const flag = z
  .string()
  .toLowerCase()
  .refine((text) => ['true', 'false', 'yes', 'no', '1', '0'].includes(text), 'must be true or false')
  .transform((text) => ['true', 'yes', '1'].includes(text))

export const connection = z.string().transform((text, context): Connection => {
  try {
    return parseConnection(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) })
    return z.NEVER
  }
})

export const way = z.string().transform((text, context): SshHost | undefined => {
  try {
    return parseSshHost(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) })
    return z.NEVER
  }
})

export const word = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be a short name of letters, digits, dot, dash and underscore')

export const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/, 'must be a plain SQL name')

export const tableName = z
  .string()
  .regex(/^[A-Za-z_][\w$]{0,62}(?:\.[A-Za-z_][\w$]{0,62})?$/, 'must be a table name, with or without a schema')

export const text = z.string().min(1)

export const argumentList = z.string().transform((given, context): readonly string[] => {
  const list = parseArgumentList(given)
  if (typeof list !== 'string') return list
  context.addIssue({ code: 'custom', message: list })
  return z.NEVER
})

/** One `name=value` a line; the names are checked where they are known. */
export const severities = z.string().transform((given, context): ReadonlyMap<string, 'error' | 'warning' | 'advice' | 'off'> => {
  const pairs = given.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.split(/[=:]/).map((part) => part.trim())]))
  const isSeverity = (word: string | undefined) => ['error', 'warning', 'advice', 'off'].includes(word ?? '')
  for (const [name = '', severity, ...rest] of pairs) {
    if (name !== '' && isSeverity(severity) && rest.length === 0) continue
    const which = /^[\w-]{1,80}$/.test(name) ? `${name}: ` : ''
    context.addIssue({ code: 'custom', message: `${which}a rule counts for error, warning, advice or off, one rule a line` })
  }
  return new Map(pairs as ['', 'off'][])
})

/** What JSON makes of them. */
const nothing = 'must have a value; .inf and .nan are none'

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (one, key) => (typeof one === 'object' && one !== null ? (one as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )
}

export const checks = z.string().transform((given, context): readonly Check[] => {
  let value: unknown
  try {
    value = JSON.parse(given)
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON array of checks' })
    return z.NEVER
  }
  if (!Array.isArray(value)) {
    context.addIssue({ code: 'custom', message: 'must be a list of checks' })
    return z.NEVER
  }
  const parsed = z.array(checkSchema).min(1, 'must hold at least one check').max(200, 'must hold at most 200 checks').safeParse(value)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues) {
    const id = (value as ({ id?: unknown } | null)[])[Number(path[0])]?.id
    const name = path.length === 0 ? '' : typeof id === 'string' ? id : `check ${Number(path[0]) + 1}`
    const said = path.length > 1 && valueAt(value, path) === null ? nothing : message
    context.addIssue({ code: 'custom', message: [name, path.slice(1).join('.'), said].filter(Boolean).join(': ') })
  }
  return z.NEVER
})

/** One `Name: value` a line. */
export const headers = z.string().transform((given, context): Readonly<Record<string, string>> => {
  const lines = given.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(line))
  if (pairs.some((pair) => pair === null)) context.addIssue({ code: 'custom', message: 'must hold one header a line, as Name: value' })
  return Object.fromEntries(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1], pair[2]]])))
})

export const httpUrl = z.string().regex(/^https?:\/\/[^\s@]+$/, 'must be a URL without a user, such as https://prometheus.example.com')

/** A moment, or how long ago: `2026-11-21T14:00:00Z`, `45m`. */
export const moment = z.string().transform((given, context): { readonly at: number } | { readonly agoMs: number } => {
  const ago = parseDuration(given)
  if (ago !== undefined) return { agoMs: ago }
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(at))
    context.addIssue({ code: 'custom', message: 'must be a time with its zone, such as 2026-11-21T14:00:00Z, or a duration, such as 45m' })
  return { at }
})

/** Paths, one a line. */
export const paths = z.string().transform((given, context): readonly string[] => {
  if (given.trimStart().startsWith('["')) {
    const list = parseArgumentList(given)
    if (typeof list !== 'string') return list
    context.addIssue({ code: 'custom', message: list })
  }
  return given
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
})

/** Names, separated by commas or blanks. */
export const names = z.string().transform((given): readonly string[] => {
  const list = given.trimStart().startsWith('[') ? parseArgumentList(given) : given.split(/[\s,]+/).filter(Boolean)
  return typeof list === 'string' ? [given] : list
})

export const actionRef = z
  .string()
  .regex(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v?\d[\w.-]*$/, 'must be owner/repository@commit # version, with the 40 digits of the commit')

export const metricName = z.string().regex(/^[A-Za-z_:][\w:]*$/, 'must be the name of a metric, such as http_request_duration_seconds')

/** One `name=level` a line. */
export const protection = z.string().transform((given, context): ReadonlyMap<string, ProtectionLevel> => {
  const known: readonly string[] = ['all', ...protectionRules]
  const pairs = given.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.split(/[=:]/).map((part) => part.trim())]))
  for (const [name = '', level = '', ...rest] of pairs) {
    if (known.includes(name) && protectionLevels.some((one) => one === level) && rest.length === 0) continue
    const message = `each line is a name and ${protectionLevels.join(', ')}, such as admins=require; the names are ${known.join(', ')}`
    context.addIssue({ code: 'custom', message })
    break
  }
  return new Map(pairs as ['', 'off'][])
})

/** Commands whose records say that a commit went well somewhere. */
const recordedCommands = ['lint', 'plan', 'backup', 'verify-backup', 'migrate', 'restore-drill', 'canary', 'config-check', 'gate']

export const promoteRecords = argumentList.superRefine((names, context) => {
  if (names.every((name) => recordedCommands.includes(name))) return
  context.addIssue({ code: 'custom', message: `must name commands that keep records: ${recordedCommands.join(', ')}` })
})
/** One `OTHER_NAME=NAME` a line: a further name of a key, and the key. */
export const keyAliases = z.string().transform((given, context): ReadonlyMap<string, string> => {
  const pairs = linesOf(given).map((line) => /^([A-Za-z_]\w*)\s*[=:]\s*([A-Za-z_]\w*)$/.exec(line))
  if (pairs.some((pair) => pair === null)) context.addIssue({ code: 'custom', message: 'must hold one OTHER_NAME=NAME a line' })
  return new Map(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] as string, pair[2] as string]])))
})

/** One `condition=true` or `=false` a line; a condition may hold `==` itself. */
export const conditionAnswers = z.string().transform((given, context): ReadonlyMap<string, boolean> => {
  const pairs = linesOf(given).map((line) => /^(.*\S)\s*[=:]\s*(true|false)$/i.exec(line))
  if (pairs.some((pair) => pair === null)) {
    context.addIssue({ code: 'custom', message: 'must hold one condition=true or condition=false a line, with nothing else for a value' })
  }
  return new Map(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] as string, /^true$/i.test(pair[2] as string)]])))
})

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
export const quietHours = z.string().transform((given, context): QuietHours => {
  const parsed = parseQuietHours(given.trim())
  if (typeof parsed !== 'string') return parsed
  context.addIssue({ code: 'custom', message: parsed })
  return z.NEVER
})
