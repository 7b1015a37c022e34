import { backupOutlook } from './backup-outlook.ts'
import type { AboutToRun, RequirementInputs } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { drillOutlook } from './drill-outlook.ts'
import type { DrillRequirementInputs } from './drill-requirement.ts'
import type { Outlook } from './outlook.ts'

/** What a run would lack now that has to be there before it begins. */
export async function requirementOutlook(
  about: AboutToRun,
  inputs: RequirementInputs & DrillRequirementInputs,
  context: Context,
): Promise<Outlook> {
  const [backup, drill] = [await backupOutlook(about, inputs, context), await drillOutlook(about, inputs, context)]
  return {
    obstacles: [...backup.obstacles, ...drill.obstacles],
    notes: [...backup.notes, ...drill.notes],
    relies: [...backup.relies, ...drill.relies],
  }
}
