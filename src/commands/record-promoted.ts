import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { lastDeployed, newest } from '../migration/history.ts'
import type { Context, Outcome } from './command.ts'
import { type databaseInputNames, databaseInputs, type lockInputNames, lockPolicy } from './database-inputs.ts'
import { checkIdentity } from './migration-state.ts'
import { openDatabase } from './open-database.ts'

type Given = Pick<InputValues, (typeof databaseInputNames)[number] | (typeof lockInputNames)[number] | 'reason' | 'dry-run'>

/** Notes that a person lets the release stay in spite of what the canary ended in. Throws `post-not-allowed` when there is nothing to decide. */
export async function recordPromoted(inputs: Given, context: Context): Promise<Outcome> {
  const { reason } = inputs
  if (reason === undefined) {
    throw new ReleaseError('invalid-input', 'reason is missing: it says why the release stays in spite of the canary.', {
      hint: 'Run it again with --reason "…"; it is kept in the history.',
    })
  }
  await using target = await databaseInputs(inputs, context)
  await using database = await openDatabase(target, inputs, context)
  await database.lock(context.project, lockPolicy(inputs, context))
  await checkIdentity(database, context)
  const { rows } = await database.state.history()
  const deployed = lastDeployed(rows)
  const watched = newest(rows.filter((row) => row.event === 'canary' && (deployed === undefined || row.at >= deployed.at)))
  if (watched?.event !== 'canary' || watched.verdict === 'promote') {
    throw new ReleaseError('post-not-allowed', 'No canary since the last deploy ended in a hold or an abort: there is nothing to decide.', {
      hint: 'Run "shiplock canary" to watch the release, or "shiplock record deployed" after a deploy.',
    })
  }
  const details = { fact: 'promoted', release: context.release, after: watched.verdict, dryRun: inputs['dry-run'] }
  const of = `after the canary of ${watched.release} ended in ${watched.verdict}`
  if (inputs['dry-run'])
    return { verdict: 'pass', reason: `${context.release} would be recorded as promoted ${of}; nothing was changed.`, details }
  await database.state.recordCanary({ verdict: 'promote', reason, accepted: true })
  return { verdict: 'pass', reason: `${context.release} is recorded as promoted ${of}; the post phase is open again.`, details }
}
