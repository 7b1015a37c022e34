import type { InputValues } from '../inputs.ts'
import { refusePublished } from '../migration/publishing.ts'
import { refuseTeamRecord, type TeamCommand } from '../migration/team-command.ts'
import type { Context, Outcome } from './command.ts'
import { databaseInputs, lockPolicy } from './database-inputs.ts'
import { openDatabase } from './open-database.ts'
import { readTeamState, type TeamInputs } from './team-state.ts'

type Inputs = TeamInputs & Pick<InputValues, 'fact' | 'dry-run' | 'on-locked' | 'lock-wait'>

/** `record deployed` where no file says what a release contains: its name and its commit are what is noted. */
export async function recordByCommand(team: TeamCommand, inputs: Inputs, context: Context): Promise<Outcome> {
  const { release, environment } = context
  await using target = await databaseInputs(inputs, context)
  await using database = await openDatabase(target, inputs, context)
  await database.lock(context.project, lockPolicy(inputs, context))
  const { evidence } = await readTeamState(team, inputs, database, context)
  refuseTeamRecord(evidence.history, { release, commit: context.run.commit })
  const details = { fact: inputs.fact, release, layout: 'command', dryRun: inputs['dry-run'] }
  refusePublished(await database.publishing(), inputs['publish-state'])
  if (inputs['dry-run']) return { verdict: 'pass', reason: `${release} would be recorded as deployed; nothing was changed.`, details }
  await database.prepareState(inputs['publish-state'])
  await database.state.recordDeployed([])
  return {
    verdict: 'pass',
    reason: `${release} is recorded as deployed in ${environment}; its post phase may run now.`,
    outputs: { at: context.clock.now().toISOString() },
    details,
  }
}
