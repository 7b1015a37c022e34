import { ReleaseError } from '../errors.ts'
import { noteLedger } from '../migration/ledger-note.ts'
import { refusePublished } from '../migration/publishing.ts'
import { migrationWay } from '../migration/team-command.ts'
import { plural } from '../units.ts'
import { defineCommand, type Outcome } from './command.ts'
import { databaseInputs, lockInputNames, lockPolicy } from './database-inputs.ts'
import { migrationInputNames, readMigrations, readState } from './migration-state.ts'
import { openDatabase } from './open-database.ts'
import { recordByCommand } from './record-by-command.ts'
import { recordPromoted } from './record-promoted.ts'

export default defineCommand({
  summary: 'Note a fact of the release: "record deployed" after the deploy command ended with 0, "record promoted" to go on after a hold.',
  inputs: [...migrationInputNames, 'fact', 'reason', ...lockInputNames, 'dry-run'],
  positional: 'fact',
  outputs: {
    at: 'When it was noted, for the input deployed-at of a canary in a later job; empty in a dry run.',
  },

  async run(inputs, context): Promise<Outcome> {
    if (inputs.fact === 'promoted') return recordPromoted(inputs, context)
    const way = migrationWay(inputs)
    if (way.kind === 'command') return recordByCommand(way.command, inputs, context)
    const read = await readMigrations(inputs, context)
    await using target = await databaseInputs(inputs, context)
    await using database = await openDatabase(target, inputs, context)
    await database.lock(context.project, lockPolicy(inputs, context))
    const { ledger, plans, evidence } = await readState(inputs, read, database, context)
    if (plans.pre.length > 0) {
      throw new ReleaseError(
        'post-not-allowed',
        `${plural(plans.pre.length, 'pre migration')} of this release ${plans.pre.length === 1 ? 'has' : 'have'} not run (${plans.pre[0]?.id} first), so its code cannot be live.`,
        {
          hint: 'Run this command from the checkout of the release that was deployed, after its pre phase.',
        },
      )
    }
    const contained = read.migrations.map(({ version, phase, checksum, id }) => ({ version, phase, checksum, name: id }))
    const details = { fact: inputs.fact, release: context.release, migrations: contained.length, dryRun: inputs['dry-run'] }
    refusePublished(await database.publishing(ledger), ledger.publishState)
    if (inputs['dry-run'])
      return { verdict: 'pass', reason: `${context.release} would be recorded as deployed; nothing was changed.`, details }
    await database.requireRights(ledger)
    await database.prepare(ledger)
    const begun = (await database.state.finishedSteps()).keys()
    await database.state.recordDeployed(contained)
    return {
      verdict: 'pass',
      reason: `${context.release} is recorded as deployed in ${context.environment}; ${plans.post.length === 0 ? 'no post migration waits for it' : `${plural(plans.post.length, 'post migration')} may run now`}.`,
      outputs: { at: context.clock.now().toISOString() },
      details: { ...details, ledger: noteLedger(evidence, { begun }, database.serverMajor) },
    }
  },
})
