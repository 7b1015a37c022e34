import { messageOf } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { lint } from '../lint/engine.ts'
import { rules } from '../lint/rules/index.ts'
import { activeRules } from '../lint/settings.ts'
import type { Layout } from '../migration/layout.ts'
import { byVersion, type Migration } from '../migration/migration.ts'
import { bootFiles } from './boot-files.ts'
import type { Context } from './command.ts'
import type { Hazards, hazardInputNames } from './hazard-inputs.ts'
import { squawkSettings } from './squawk-settings.ts'

type Given = Pick<InputValues, (typeof hazardInputNames)[number]>

/**
 * What `lint` says of the migrations that are pending, which are the new ones here. A plan is shown also where they
 * cannot be judged.
 */
export async function hazardsOf(
  pending: readonly Migration[],
  { layout, migrations }: { readonly layout: Layout; readonly migrations: readonly Migration[] },
  inputs: Given,
  context: Context,
): Promise<Hazards> {
  try {
    const squawk = await squawkSettings(await context.readText(inputs['squawk-config'] ?? `${context.baseDir}/.squawk.toml`))
    const startAfter = inputs['start-after']
    const versions = new Set(pending.map(({ version }) => version))
    const isNew = ({ version, path }: Migration) =>
      versions.has(version) &&
      (startAfter === undefined || byVersion({ version }, { version: startAfter }) > 0) &&
      squawk?.excludes(path) !== true
    const { findings } = await lint({
      migrations,
      refused: [],
      isNew,
      layout,
      postgres: inputs.postgres ?? squawk?.postgres ?? 13,
      bootFiles: await bootFiles(migrations, isNew, { changes: [] }, context),
      rules: activeRules(rules, new Map([...(squawk?.rules ?? []), ...(inputs['lint-rules'] ?? [])])),
      everyRule: rules,
    })
    const ofPending = findings.filter(({ path }) => pending.some((one) => one.path === path))
    return {
      found: context.redact(
        ofPending.map(({ rule, severity, path, start, message }) => ({ rule, severity, path, line: start.line, message })),
      ),
      problem: undefined,
    }
  } catch (error) {
    context.signal.throwIfAborted()
    return { found: [], problem: messageOf(error).replace(/\.$/, '') }
  }
}
