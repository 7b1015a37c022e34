import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { Adoption } from '../migration/identity.ts'
import { planAdoption } from '../migration/identity.ts'
import { refusePublished } from '../migration/publishing.ts'
import { refuseElsewhere } from '../migration/state.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputNames, databaseInputs, lockInputNames, lockPolicy } from './database-inputs.ts'
import { markInputNames, markLedger } from './ledger-mark.ts'
import { showLedger } from './ledger-show.ts'
import { refuseOtherProject } from './migration-state.ts'
import { openDatabase } from './open-database.ts'

export default defineCommand({
  summary:
    'Look at the books with "ledger show"; mend them by hand, with a reason: "ledger adopt" when the database was copied or has moved, "ledger mark-applied", "mark-reverted" and "clear-dirty" when the version table does not say what is there.',
  inputs: [...databaseInputNames, ...markInputNames, 'publish-state', 'action', 'reason', ...lockInputNames, 'dry-run'],
  positional: 'action',
  outputs: {
    release: 'show: the release that is live; empty where that is not known.',
    commit: 'show: its commit.',
    previous: 'show: the release that was live before it.',
    'previous-commit': 'show: its commit.',
    'held-back': 'show: how many post migrations of the live release have not run.',
  },

  async run(inputs, context): Promise<Outcome> {
    const { action } = inputs
    const reason = action === 'show' ? '' : reasonOf(inputs)
    if (action !== 'show' && action !== 'adopt') return await markLedger(action, reason, inputs, context)
    await using target = await databaseInputs(inputs, context)
    await using database = await openDatabase(target, inputs, context)
    if (action === 'show') return await showLedger(database, context)
    await database.lock(context.project, lockPolicy(inputs, context))
    refusePublished(await database.publishing(), inputs['publish-state'])
    return await adopt(database, { reason, dryRun: inputs['dry-run'] }, context)
  },
})

interface Asked {
  readonly reason: string
  readonly dryRun: boolean
}

/** A dry run only looks, and may be asked for before anybody knows the reason. */
function reasonOf({
  action,
  reason,
  migration,
  'dry-run': dryRun,
}: Pick<InputValues, 'action' | 'reason' | 'migration' | 'dry-run'>): string {
  if (reason !== undefined || dryRun) return reason ?? ''
  const which = action === 'adopt' ? '' : ` --migration ${migration ?? '0007_add_phone'}`
  throw new ReleaseError('invalid-input', `ledger ${action} needs a reason.`, {
    hint: `It is kept in the history: shiplock ledger ${action}${which} --reason "…". With --dry-run it shows what would change.`,
  })
}

async function adopt(database: MigrationDatabase, { reason, dryRun }: Asked, context: Context): Promise<Outcome> {
  refuseElsewhere(await database.stateElsewhere(), database.state)
  const stamp = await database.state.stamp()
  refuseOtherProject(context.projectGiven ? [] : await database.state.projects(), context)
  const adoption = planAdoption(stamp, database.identity, context.environment)
  const details = {
    action: 'adopt',
    dryRun,
    database: database.description,
    stamp,
    found: { ...database.identity, environment: context.environment },
  }
  if (adoption === undefined) {
    const agreed = `The stamp says ${context.environment}, and this is that database; there is nothing to adopt.`
    return { verdict: 'pass', reason: agreed, details }
  }
  if (!dryRun) await database.state.adopt(adoption, reason)
  const done = dryRun ? 'would be adopted; nothing was changed' : 'is adopted'
  return {
    verdict: 'pass',
    reason: `${database.description} ${done}: ${consequenceOf(adoption)}`,
    details: { ...details, kind: adoption.kind, ...(reason === '' ? {} : { why: reason }) },
  }
}

function consequenceOf({ kind, from, to }: Adoption): string {
  if (kind === 'moved') return `it is ${to.environment} in another place, and its history goes on.`
  return `it is ${to.environment} now, with a stamp of its own. The history of ${from.environment} no longer counts for its phases; the versions in its ledger stay known.`
}
