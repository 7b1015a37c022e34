import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import type { ConfigValue } from './config/load.ts'
import { ReleaseError } from './errors.ts'
import { type InputName, type InputValues, inputs, traitsOf } from './inputs.ts'

/** Raw strings of each source, strongest first. The empty string means "not given". */
export interface InputSources {
  /** Flags of the terminal or inputs of the action. */
  readonly given: ReadonlyMap<InputName, string>
  readonly config: ReadonlyMap<InputName, ConfigValue>
  /** Defaults that depend on the surroundings, such as the name of the repository. */
  readonly surroundings: ReadonlyMap<InputName, string>
  /** Relative paths resolve against this folder. */
  readonly baseDir: string
}

/**
 * Merges the sources and parses the named inputs once; optional ones may be missing whatever their schema says.
 * Throws `invalid-input` with every problem, by name and never with the value, which may be a password.
 */
export function resolveInputs(
  names: readonly InputName[],
  sources: InputSources,
  optional: readonly InputName[] = [],
): Partial<InputValues> {
  const raw: Record<string, string> = {}
  for (const name of names) {
    const value = sources.given.get(name) || sources.config.get(name)?.value || sources.surroundings.get(name)
    if (value) raw[name] = value
  }
  const parsed = inputs.pick(maskOf(names)).partial(maskOf(optional)).safeParse(raw)
  if (!parsed.success) throw invalidInputs(parsed.error.issues, raw, sources)
  return absolutePaths(parsed.data as Partial<InputValues>, sources.baseDir)
}

function maskOf(names: readonly InputName[]) {
  return Object.fromEntries(names.map((name) => [name, true])) as { [K in InputName]?: true }
}

interface Issue {
  readonly path: PropertyKey[]
  readonly code?: string
  readonly message: string
  readonly values?: readonly unknown[]
}

function invalidInputs(issues: readonly Issue[], raw: Record<string, string>, sources: InputSources): ReleaseError {
  const problems = issues.map((issue) => {
    const name = String(issue.path[0]) as InputName
    if (raw[name] === undefined) return `${name} is required${requiredHint(name)}`
    const origin = sources.given.get(name) ? undefined : sources.config.get(name)?.at
    const problem = issue.code === 'invalid_value' ? `must be one of ${issue.values?.join(', ')}` : issue.message
    return `${name}${origin === undefined ? '' : ` (${origin})`}: ${problem}`
  })
  return new ReleaseError(
    'invalid-input',
    `${problems.length === 1 ? 'One input' : `${problems.length} inputs`} cannot be used:\n  ${problems.join('\n  ')}`,
    {
      hint: 'The help of the command (--help) and docs/reference.md describe each input.',
    },
  )
}

function requiredHint(name: InputName): string {
  const { secret, otherwise } = traitsOf(name)
  if (secret) return `; set the environment variable ${name.toUpperCase().replaceAll('-', '_')}`
  const schema = inputs.shape[name]
  if (schema instanceof z.ZodEnum) return `: ${schema.options.join(' or ')}`
  return otherwise === undefined ? '' : ` (otherwise: ${otherwise})`
}

function absolutePaths(values: Partial<InputValues>, baseDir: string): Partial<InputValues> {
  const entries = Object.entries(values).map(([name, value]) => {
    const relative = traitsOf(name as InputName).path && typeof value === 'string' && !isAbsolute(value)
    return [name, relative ? resolve(baseDir, value) : value]
  })
  return Object.fromEntries(entries) as Partial<InputValues>
}
