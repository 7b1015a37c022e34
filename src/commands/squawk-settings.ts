import { rules } from '../lint/rules/index.ts'
import type { SquawkSettings } from '../lint/squawk-config.ts'

/** What a team has told squawk, if anything: only then is loaded what reads it. Throws `invalid-config`. */
export async function squawkSettings(text: string | undefined): Promise<SquawkSettings | undefined> {
  if (text === undefined) return undefined
  const { readSquawkConfig } = await import('../lint/squawk-config.ts')
  return readSquawkConfig(text, '.squawk.toml', rules)
}
