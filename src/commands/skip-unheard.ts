import { join } from 'node:path'
import { ReleaseError } from '../errors.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import { skipVariable } from '../migration/team-environment.ts'
import { plural } from '../units.ts'
import type { Context } from './command.ts'

const folders = ['config', 'config/environments', 'config/initializers', 'lib/tasks']

/**
 * A warning where nothing that an application reads at its start names the variable: then it may run its post migrations
 * in the pre phase. Only the version table can tell afterwards.
 */
export async function skipUnheard(
  phase: Phase | 'all',
  run: readonly Migration[],
  heldBack: readonly Migration[],
  context: Context,
): Promise<readonly string[]> {
  if (phase !== 'pre' || run.length === 0 || heldBack.length === 0) return []
  try {
    for (const folder of folders) {
      const files = (await context.readFolder(join(context.baseDir, folder))) ?? []
      if (files.some(({ bytes }) => Buffer.from(bytes).includes(skipVariable))) return []
    }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return [`whether the application honours ${skipVariable} was not looked at: ${error.message}`]
  }
  return [
    `no file in ${folders.join(', ')} names ${skipVariable}: ${plural(heldBack.length, 'post migration')} may run before the deploy, or never; "shiplock init" prints the line that keeps ${heldBack.length === 1 ? 'it' : 'them'} back until then`,
  ]
}
