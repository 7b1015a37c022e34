import { relative } from 'node:path'
import { type ConfigValue, loadConfig } from '../config/load.ts'
import { messageOf } from '../errors.ts'
import { configPathOf, type InputName, type InputValues, traitsOf } from '../inputs.ts'
import type { SettingChange } from '../lint/publish/details.ts'
import type { Review } from '../lint/review.ts'
import { resolveInputs } from '../resolve-inputs.ts'
import type { Context } from './command.ts'

interface ReviewSettings<Inputs> {
  readonly inputs: Inputs
  /** What the changes under review would change, and does not count yet. */
  readonly changed: readonly SettingChange[]
  readonly notes: readonly string[]
  /** The text of squawk's settings that counts; `undefined` without any. */
  readonly squawkText: string | undefined
}

/**
 * The settings to judge by. A change that waits to be accepted is judged by those of its base, or it could switch off
 * the rule that it breaks. What the workflow gives counts as given.
 */
export async function reviewSettings<Inputs extends Partial<InputValues>>(
  inputs: Inputs,
  names: readonly InputName[],
  review: Review,
  context: Context,
): Promise<ReviewSettings<Inputs>> {
  const squawkPath = inputs['squawk-config'] ?? `${context.baseDir}/.squawk.toml`
  if (!review.proposed) return { inputs, changed: [], notes: [], squawkText: await context.readText(squawkPath) }
  const { sources } = context
  const judging = names.filter((name) => traitsOf(name).group === 'lint' && configPathOf(name) !== undefined)
  const file = sources.configFile ?? 'shiplock.yml'
  const { config, note } = readBase(await review.textAtBase(file), file)
  const rest = [...sources.config].filter(([name]) => !judging.includes(name))
  const settled = {
    ...(Object.fromEntries(Object.entries(inputs).filter(([name]) => !judging.includes(name as InputName))) as Inputs),
    ...resolveInputs(judging, { ...sources, config: new Map([...rest, ...config]) }),
  }
  const atBase = await review.textAtBase(relative(context.baseDir, settled['squawk-config'] ?? squawkPath))
  const here = await context.readText(settled['squawk-config'] ?? squawkPath)
  return {
    inputs: settled,
    changed: [
      ...judging.flatMap((name) => changeOf(name, config.get(name), sources.config.get(name), sources.given)),
      ...(atBase === here ? [] : [{ name: '.squawk.toml', base: sizeOf(atBase), proposed: sizeOf(here) }].map(withoutAbsent)),
    ],
    notes: note === undefined ? [] : [note],
    squawkText: atBase,
  }
}

/** A file that cannot be read may be what the pull request mends. */
function readBase(text: string | undefined, file: string): { config: Map<InputName, ConfigValue>; note?: string } {
  if (text === undefined) return { config: new Map() }
  try {
    return { config: loadConfig(text, file) }
  } catch (error) {
    const [first] = messageOf(error).split('\n')
    return { config: new Map(), note: `${file} of the base cannot be used, so the defaults count: ${first}` }
  }
}

function changeOf(
  name: InputName,
  base: ConfigValue | undefined,
  proposed: ConfigValue | undefined,
  given: ReadonlyMap<InputName, string>,
): SettingChange[] {
  if (base?.value === proposed?.value || given.get(name)) return []
  return [withoutAbsent({ name: configPathOf(name) as string, base: base?.value, proposed: proposed?.value })]
}

function withoutAbsent(change: { name: string; base: string | undefined; proposed: string | undefined }): SettingChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as SettingChange
}

function sizeOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${text.split('\n').length} lines`
}
