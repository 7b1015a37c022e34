import { ReleaseError } from '../errors.ts'
import type { LedgerEntry } from '../migration/ledger.ts'
import type { Decision } from '../rollback/decide.ts'
import { refuseOtherPhrase } from '../rollback/down/confirm.ts'
import { nameOfVersion } from '../rollback/down/named.ts'
import { newestApplied, refuseOlderThanNewest } from '../rollback/down/newest.ts'
import type { RanSince } from '../rollback/since.ts'
import type { Context, Outcome } from './command.ts'
import { actOnDown } from './rollback-down-act.ts'
import { decideWithout, lookAtDown } from './rollback-down-look.ts'
import { failingOn, outcomeOfAlready, outcomeOfLook, outcomeOfReversal } from './rollback-down-outcome.ts'
import type { DownInputs, DownPlace, DownState } from './rollback-down-state.ts'
import { lookAtTeamDown } from './rollback-down-team.ts'
import { requireRescue } from './rollback-rescue.ts'

/** What became of it, and whether the target's code works with the migration gone. */
interface TookBack {
  readonly outcome: Outcome
  readonly after: Decision
}

/** Takes exactly one migration back: shows what that means, and does it once somebody has typed the phrase. */
export async function takeBackOne(state: DownState, inputs: DownInputs, place: DownPlace, context: Context): Promise<TookBack> {
  const { database } = place
  if (state.named.entry === undefined) {
    const closed = inputs['dry-run'] ? [] : await database.closeOpenAttempts(state.ledger)
    const after = await decideWithout(state.named.version, state, inputs, database.serverMajor, context)
    return { after, outcome: outcomeOfAlready(state, after, closed, inputs) }
  }
  const ran = refuseNotNext(state)
  const { runBy } = state.layout
  const look =
    runBy === undefined
      ? await lookAtDown(state, ran, inputs, place, context)
      : await lookAtTeamDown(state, runBy, ran, inputs, place, context)
  const { reason } = state
  for (const sql of look.statements) context.log.foreign(sql)
  const { after } = look
  if (reason === undefined || inputs.confirm === undefined || failingOn(look) !== undefined)
    return { after, outcome: outcomeOfLook(look, state, inputs) }
  refuseOtherPhrase(inputs.confirm, look.confirmable)
  const rescue = await requireRescue(look, state, inputs, place, context)
  const done = await actOnDown(look, { ...state, reason }, rescue, inputs, place, context)
  return { after, outcome: outcomeOfReversal(look, state, done) }
}

/** Throws `target-contains` or `not-newest`. */
function refuseNotNext({ target, entries, history, migrations, ran, named }: DownState): RanSince {
  const found = ran.since.find(({ version }) => version === named.version)
  if (found === undefined) {
    throw new ReleaseError('target-contains', `${named.name} belongs to ${target.name}: its code needs what would be taken back.`, {
      hint: 'Name the newest migration that the target does not contain, or a target that is older than this one.',
    })
  }
  refuseOlderThanNewest(named.entry as LedgerEntry, newestApplied(entries, history), (version) =>
    nameOfVersion(version, { entries, history, target: migrations }),
  )
  return found
}
