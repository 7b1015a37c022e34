import { backupRequired } from '../backup/required-backup.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import { type AboutToRun, lookInStore, type RequirementInputs, requirementOf, standingsOf } from './backup-requirement.ts'
import type { Context } from './command.ts'
import type { Outlook } from './outlook.ts'

const clear: Outlook = { obstacles: [], notes: [], relies: [] }

/** Looks as `migrate` would, and starts no command. A backup may still be made before the run: nothing here is a fault of the plan. */
export async function backupOutlook(about: AboutToRun, inputs: RequirementInputs, context: Context): Promise<Outlook> {
  try {
    const asked = requirementOf(inputs)
    if (asked === undefined || (await about.database.isFresh())) return clear
    const standings = await standingsOf(about, [about.phase], inputs, context)
    const looked = await lookInStore(about.database, standings, asked, inputs, context)
    if (typeof looked !== 'string' && looked.found !== undefined) {
      const { backup, ageMs } = looked.found
      const { id, level } = backup.manifest
      return { ...clear, relies: [{ what: 'backup', phase: about.phase, id, level, ageMs: Math.max(0, ageMs) }] }
    }
    const { message } = backupRequired(asked, looked, context)
    if (inputs['attest-command'] === undefined) return { ...clear, obstacles: [`phase ${about.phase}: ${message}`] }
    return { ...clear, notes: [`No stored backup counts for phase ${about.phase} now: migrate would ask attest-command. ${message}`] }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return { ...clear, notes: [`Whether a backup counts for phase ${about.phase} is not known: ${messageOf(error)}`] }
  }
}
