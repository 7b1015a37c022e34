import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { lastDeployed } from '../migration/history.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import { migrationsFor } from '../migration/plan.ts'
import type { Script } from '../migration/script.ts'
import { plural } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import { type MigrationState, migrationInputNames, prepareScripts, readMigrations, readState } from './migration-state.ts'
import { decideRun } from './run-decision.ts'

export default defineCommand({
  summary: 'List what would run in each phase now, with its digest. Changes nothing.',
  inputs: [...migrationInputNames],
  outputs: {
    pending: 'Number of migrations that have not run, both phases together.',
    'digest-pre': 'SHA-256 of the plan of the pre phase.',
    'digest-post': 'SHA-256 of the plan of the post phase.',
  },

  async run(inputs, context): Promise<Outcome> {
    const read = await readMigrations(inputs, context)
    await using database = await context.openMigrationDatabase(await databaseInputs(inputs, context), {
      stateSchema: inputs['state-schema'],
    })
    const state = await readState(inputs, read, database, context)
    const scripts = await prepareScripts([...state.plans.pre, ...state.plans.post], database)
    const outlook = await outlookOf(state, inputs, context)
    return outcomeOf(state, scripts, database, await database.finishedSteps(context.project), outlook)
  },
})

function outcomeOf(
  state: MigrationState,
  scripts: readonly Script[],
  database: MigrationDatabase,
  steps: ReadonlyMap<string, number>,
  outlook: Outlook,
): Outcome {
  const { plans } = state
  const digests = { pre: state.digest('pre', plans.pre), post: state.digest('post', plans.post) }
  const pending = plans.pre.length + plans.post.length
  return {
    verdict: 'pass',
    reason:
      pending === 0
        ? 'Nothing is pending.'
        : `${plural(plans.pre.length, 'migration')} would run before the deploy, ${plans.post.length} after it.`,
    outputs: { pending, 'digest-pre': digests.pre, 'digest-post': digests.post },
    details: {
      database: database.description,
      serverVersion: database.serverVersion,
      layout: state.ledger.layout.name,
      applied: plans.applied,
      phases: [describePhase('pre', state, scripts, steps), describePhase('post', state, scripts, steps)],
      drift: { ahead: plans.ahead, unchecked: plans.unchecked },
      debts: plans.debts.map(({ migration, since, ageMs }) => ({ id: migration.id, since: since.toISOString(), ageMs })),
      digests,
      ...outlook,
    },
  }
}

/** What the phases would meet if they ran now. */
interface Outlook {
  /** What `migrate` would refuse, a line each. */
  readonly obstacles: readonly string[]
  readonly notes: readonly string[]
}

async function outlookOf(state: MigrationState, inputs: Pick<InputValues, 'allow-older'>, context: Context): Promise<Outlook> {
  const obstacles: string[] = []
  const notes: string[] = []
  for (const phase of phasesToAsk(state)) {
    try {
      notes.push(...(await decideRun(phase, state, inputs, context)).notes)
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error
      obstacles.push(`phase ${phase}: ${error.message}`)
    }
  }
  return { obstacles, notes }
}

/** Before the pre phase and the deploy, a refusal of the post phase says nothing. */
function phasesToAsk({ plans, evidence }: MigrationState): Phase[] {
  return plans.pre.length > 0 || lastDeployed(evidence.history.rows) === undefined ? ['pre'] : ['pre', 'post']
}

function describePhase(phase: Phase, state: MigrationState, scripts: readonly Script[], steps: ReadonlyMap<string, number>) {
  const heldBack = phase === 'post' ? heldBackNow(state) : new Set<Migration>()
  const pending = state.plans[phase].map((migration) => {
    const script = scripts.find((one) => one.migration === migration)
    const warning = warningOf(script, steps.get(migration.version))
    return {
      id: migration.id,
      version: migration.version,
      path: migration.path,
      transactional: migration.transactional,
      ...(script?.unwrapped ? { unwrapped: true } : {}),
      ...(warning === undefined ? {} : { warning }),
      ...(heldBack.has(migration) ? { heldBack: true } : {}),
    }
  })
  return { phase, pending }
}

function warningOf(script: Script | undefined, finished: number | undefined): string | undefined {
  if (finished !== undefined) return `${plural(finished, 'statement')} ran in an earlier run; goes on after`
  if (script?.unparsed !== undefined) return `not parsed, sent as one message: ${script.unparsed}`
  return script?.units.length === 0 ? 'holds no statement' : undefined
}

/** Post migrations that `migrate --phase post` would not run now. */
function heldBackNow({ plans, evidence, policy }: MigrationState): ReadonlySet<Migration> {
  try {
    return new Set(migrationsFor('post', plans, evidence, policy).heldBack)
  } catch {
    return new Set(plans.post) // refused as a whole, for lack of a recorded deploy or before the pre phase
  }
}
