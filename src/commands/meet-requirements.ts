import type { Waiver } from '../migration/history.ts'
import type { State } from '../migration/state.ts'
import type { Check } from '../result.ts'
import type { AboutToRun, RequirementInputs } from './backup-requirement.ts'
import type { Context } from './command.ts'
import type { DrillRequirementInputs } from './drill-requirement.ts'
import { requireBackup } from './require-backup.ts'
import { requireDrill } from './require-drill.ts'

/** What a run goes by before it begins: the backup that it may rely upon, and what a drill has shown. */
export interface Footing {
  readonly checks: readonly Check[]
  readonly details: Readonly<Record<string, unknown>>
  /** What a person should know though it stops nothing. */
  readonly notes: readonly string[]
  /** Keeps it in the history. */
  record(state: State): Promise<void>
}

type Inputs = RequirementInputs & DrillRequirementInputs

/** Nothing to run needs nothing. */
export const noFooting: Footing = { checks: [], details: {}, notes: [], record: async () => {} }

/** Throws `backup-required` or `drill-required`. */
export async function meetRequirements(about: AboutToRun, inputs: Inputs, waiver: Waiver | undefined, context: Context): Promise<Footing> {
  const backup = await requireBackup(about, inputs, context)
  const drill = await requireDrill(about, inputs, waiver, context)
  return {
    checks: [backup?.check, drill?.check].filter((check) => check !== undefined),
    details: backup?.backup === undefined ? {} : { backup: backup.backup },
    notes: waiver === undefined || drill?.waived !== undefined ? [] : [needless(drill !== undefined)],
    async record(state) {
      if (backup?.relied !== undefined) await state.recordBackup(backup.relied)
      if (drill?.waived !== undefined) await state.recordWaiver(drill.waived)
    },
  }
}

function needless(isRequired: boolean): string {
  return isRequired ? 'waive: drill was not needed, and nothing is waived.' : 'waive: drill has no effect: require-drill is not set.'
}
