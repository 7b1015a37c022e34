import picomatch from 'picomatch'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { messageOf, ReleaseError } from '../errors.ts'
import type { Rule } from './rule.ts'
import type { Setting } from './settings.ts'

/** What a team has told squawk, as far as it means something here. */
export interface SquawkSettings {
  readonly rules: ReadonlyMap<string, Setting>
  readonly postgres: number | undefined
  /** Whether the team has excluded a file. */
  excludes(path: string): boolean
  /** Names of rules that are not here: nothing is lost when they were excluded. */
  readonly unknown: readonly string[]
}

const names = z.array(z.string()).default([])

const schema = z.looseObject({
  excluded_rules: names,
  included_rules: names,
  excluded_paths: names,
  pg_version: z.union([z.string(), z.number()]).optional(),
})

/** Reads the text of `.squawk.toml`. Throws `invalid-config` with the place. */
export function readSquawkConfig(text: string, path: string, rules: readonly Rule[]): SquawkSettings {
  const given = schema.safeParse(parseToml(text, path))
  if (!given.success) {
    const { path: key, message } = given.error.issues[0] ?? { path: [], message: '' }
    throw new ReleaseError('invalid-config', `${path}: ${key.join('.')}: ${message}`, { at: path, hint: 'Correct it as squawk describes.' })
  }
  const { excluded_rules, included_rules, excluded_paths, pg_version } = given.data
  const byName = new Map(rules.flatMap((rule) => [rule.name, ...(rule.aliases ?? [])].map((name) => [name, rule] as const)))
  const settings = new Map<string, Setting>()
  for (const name of included_rules) {
    const rule = byName.get(name)
    if (rule !== undefined) settings.set(rule.name, rule.severity)
  }
  for (const name of excluded_rules) {
    const rule = byName.get(name)
    if (rule !== undefined) settings.set(rule.name, 'off')
  }
  const major = Number.parseInt(String(pg_version ?? ''), 10)
  const excluded = picomatch(excluded_paths, { dot: true })
  return {
    rules: settings,
    postgres: Number.isNaN(major) ? undefined : major,
    excludes: (file) => excluded_paths.length > 0 && excluded(file),
    unknown: [...excluded_rules, ...included_rules].filter((name) => !byName.has(name)),
  }
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    const { line, column } = error as { line?: number; column?: number }
    const at = line === undefined ? path : `${path}:${line}:${column ?? 1}`
    throw new ReleaseError('invalid-config', `${at}: ${messageOf(error).split('\n')[0]}`, {
      at,
      hint: 'Correct the file; it is TOML.',
      cause: error,
    })
  }
}
