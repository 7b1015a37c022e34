import type { DownLoss } from '../rollback/down/loss.ts'
import { lostTables } from '../rollback/down/rescue.ts'
import type { RescueSource } from '../rollback/down/rescue-source.ts'
import type { Context, DatabaseInputs } from './command.ts'
import type { DownInputs } from './rollback-down-state.ts'

/** One snapshot of the live database, with the tables locked that the losses are about: nobody changes their form meanwhile. */
export function openRescueSource(
  losses: readonly DownLoss[],
  connection: DatabaseInputs,
  inputs: DownInputs,
  context: Context,
): Promise<RescueSource> {
  return context.openRescue(connection, {
    binDir: inputs['pg-bin-dir'],
    install: inputs['install-tools'],
    tables: lostTables(losses),
    lockWaitMs: inputs['lock-budget'],
  })
}
