import { messageOf, ReleaseError } from '../errors.ts'
import type { RollbackFact, TakenBack } from '../migration/history.ts'
import { type ReversalReport, runReversal } from '../migration/reversal-run.ts'
import type { ClosedAttempt } from '../migration/state.ts'
import { isLost } from '../rollback/down/data-loss.ts'
import type { Context } from './command.ts'
import { noteSchema } from './note-schema.ts'
import type { DownLook } from './rollback-down-look.ts'
import type { DownInputs, DownPlace, DownState } from './rollback-down-state.ts'
import { runTeamReversal } from './rollback-down-team.ts'
import type { DownRescue } from './rollback-rescue.ts'
import { runPolicy } from './run-policy.ts'
import { whoOf } from './who.ts'

/** What became of it. */
export interface DownDone {
  readonly report: ReversalReport
  readonly rescue: DownRescue
  /** What dead runs had left open. */
  readonly closed: readonly ClosedAttempt[]
  readonly notes: readonly string[]
}

/** Runs the way back as `migrate` runs a migration, and notes the rollback. */
export async function actOnDown(
  look: DownLook,
  state: DownState & { readonly reason: string },
  rescue: DownRescue,
  inputs: DownInputs,
  place: DownPlace,
  context: Context,
): Promise<DownDone> {
  const { script, losses, after } = look
  const { database } = place
  const { target, live, reason } = state
  const takenBack: TakenBack = {
    migration: script.migration.id,
    lost: losses.filter(isLost).map(({ what, counted, unit }) => ({ what, count: counted?.toString(), unit })),
    savedIn: rescue.savedIn,
  }
  const fact: RollbackFact = {
    from: live?.release,
    to: target.name,
    toCommit: target.commit,
    shape: 'down-one',
    by: after.by,
    reason,
    who: whoOf(context),
    takenBack,
  }
  const { report, closed } = await takeBack(look, fact, state, inputs, place, context)
  if (report.state !== 'reverted') return { report, rescue, closed, notes: [] }
  const notes: string[] = []
  try {
    await database.state.recordRollback(fact)
  } catch (error) {
    // the attempt says the same, and shuts the post phase too
    notes.push(`The rollback itself could not be noted in the history: ${messageOf(error)}`)
  }
  await noteSchema(database, inputs['migrations-table'], true, context) // or the next plan takes it for a change by hand
  return { report, rescue, closed, notes }
}

async function takeBack(
  look: DownLook,
  fact: RollbackFact,
  state: DownState,
  inputs: DownInputs,
  place: DownPlace,
  context: Context,
): Promise<Pick<DownDone, 'report' | 'closed'>> {
  const { database } = place
  const { ledger, layout } = state
  if (layout.runBy !== undefined) {
    await database.prepareState(ledger.publishState)
    const closed = await database.closeOpenAttempts(ledger)
    await refuseMoved(state, database)
    return { closed, report: await runTeamReversal(look, fact, state, layout.runBy, inputs, place, context) }
  }
  await database.requireRights(ledger, { erases: true })
  await database.prepare(ledger)
  await using executor = await database.executor(ledger) // waits for what a killed run left on the server
  const closed = await database.closeOpenAttempts(ledger)
  await refuseMoved(state, database)
  return { closed, report: await runReversal(look.script, fact, executor, runPolicy(inputs, context)) }
}

/** Throws `ledger-moved` when anybody wrote the version tables since they were read. */
async function refuseMoved({ heads, ledger }: DownState, database: DownPlace['database']): Promise<void> {
  const now = await database.heads(ledger)
  const moved = heads.find(({ table, head }) => now.some((one) => one.table === table && one.head !== head))
  if (moved === undefined) return
  throw new ReleaseError('ledger-moved', `Another program changed ${moved.table} while this run looked at it; nothing was taken back.`, {
    hint: 'A service that migrates at boot, or a run that was killed and ended late, may have done it. Start again without confirm, and look.',
  })
}
