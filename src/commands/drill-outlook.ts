import { drillRequired } from '../drill/required-drill.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import type { AboutToRun } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { type DrillRequirementInputs, drillDemandOf, lookForDrill } from './drill-requirement.ts'
import type { Outlook } from './outlook.ts'

const clear: Outlook = { obstacles: [], notes: [], relies: [] }

/** Looks as `migrate` would. A drill may still be held before the run: nothing here is a fault of the plan. */
export async function drillOutlook(
  { phase, database }: Pick<AboutToRun, 'phase' | 'database'>,
  inputs: DrillRequirementInputs,
  context: Context,
): Promise<Outlook> {
  try {
    const demand = drillDemandOf(inputs)
    if (demand === undefined || (await database.isFresh())) return clear
    const looked = await lookForDrill(database, demand, context)
    if (looked.found !== undefined) {
      const { drill, ageMs } = looked.found
      return { ...clear, relies: [{ what: 'drill', phase, id: drill.id, level: drill.levels.join(', '), ageMs: Math.max(0, ageMs) }] }
    }
    return { ...clear, obstacles: [`phase ${phase}: ${drillRequired(demand, looked, context).message}`] }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return { ...clear, notes: [`Whether a drill counts for phase ${phase} is not known: ${messageOf(error)}`] }
  }
}
