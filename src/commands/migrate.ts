import { ReleaseError } from '../errors.ts'
import { type Failed, type RunReport, runScripts } from '../migration/execute.ts'
import { migrationsFor } from '../migration/plan.ts'
import { plural } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import { migrationInputNames, prepareScripts, readMigrations, readState } from './migration-state.ts'

export default defineCommand({
  summary: 'Apply the migrations of one phase.',
  inputs: [...migrationInputNames, 'phase', 'dry-run', 'on-locked', 'lock-wait', 'show-data'],
  outputs: {
    applied: 'Number of migrations that this run applied.',
    pending: 'Number of migrations of the phase that have not run.',
    digest: 'SHA-256 of the plan that ran.',
  },

  async run(inputs, context): Promise<Outcome> {
    const phase = phaseOf(inputs.phase, context)
    const read = await readMigrations(inputs, context)
    await using database = await context.openMigrationDatabase(await databaseInputs(inputs, context), {
      stateSchema: inputs['state-schema'],
    })
    if (inputs['dry-run']) {
      const state = await readState(inputs, read, database, context)
      const { run, heldBack } = migrationsFor(phase, state.plans, state.evidence, state.policy)
      await prepareScripts(run, database)
      return {
        verdict: 'pass',
        reason:
          run.length === 0 ? `Nothing is pending in phase ${phase}.` : `${plural(run.length, 'migration')} would run; nothing was changed.`,
        outputs: { applied: 0, pending: run.length, digest: state.digest(phase, run) },
        details: {
          phase,
          dryRun: true,
          database: database.description,
          applied: [],
          notRun: run.map(({ id }) => id),
          heldBack: heldBack.map(({ id }) => id),
        },
      }
    }
    await database.lock(context.project, inputs['on-locked'] === 'wait' ? inputs['lock-wait'] : 0, context.signal)
    const { ledger } = await readState(inputs, read, database, context) // refuses before anything is created
    await database.prepare(ledger)
    const closed = await database.closeOpenAttempts(ledger)
    await using executor = await database.executor(ledger)
    const state = await readState(inputs, read, database, context)
    const { run, heldBack } = migrationsFor(phase, state.plans, state.evidence, state.policy)
    const digest = state.digest(phase, run)
    const report = await runScripts(await prepareScripts(run, database), executor, {
      lockBudgetMs: inputs['lock-budget'],
      signal: context.signal,
      now: () => context.clock.monotonic(),
      sleep: (ms, signal) => context.clock.sleep(ms, signal),
      showData: inputs['show-data'],
      progress: (line) => context.log.info(line),
    })
    return outcomeOf(report, { phase, digest, database: database.description, heldBack: heldBack.map(({ id }) => id), closed })
  },
})

/** `SKIP_POST_DEPLOYMENT_MIGRATIONS`, when not empty, turns all into pre, as teams that come from Rails know it. */
function phaseOf(phase: 'pre' | 'post' | 'all', context: Context): 'pre' | 'post' | 'all' {
  if (!context.variables.SKIP_POST_DEPLOYMENT_MIGRATIONS) return phase
  if (phase === 'post') {
    throw new ReleaseError('post-not-allowed', 'Phase post was asked for while SKIP_POST_DEPLOYMENT_MIGRATIONS is set.', {
      hint: 'Unset the variable in the step that runs the post migrations.',
    })
  }
  return 'pre'
}

function outcomeOf(
  { applied, failed, stopped, notRun }: RunReport,
  details: { phase: string; digest: string } & Record<string, unknown>,
): Outcome {
  const error = failed?.error ?? stopped
  const common = {
    outputs: { applied: applied.length, pending: notRun.length + (failed === undefined ? 0 : 1), digest: details.digest },
    details: { ...details, applied, notRun, ...(failed === undefined ? {} : { failed: describeFailure(failed) }) },
  }
  if (error === undefined) {
    return {
      ...common,
      verdict: 'pass',
      reason:
        applied.length === 0
          ? `Nothing is pending in phase ${details.phase}.`
          : `${plural(applied.length, 'migration')} applied in phase ${details.phase}.`,
    }
  }
  const total = applied.length + notRun.length + (failed === undefined ? 0 : 1)
  const reason = `${applied.length} of ${total} applied; ${failed === undefined ? '' : `${failed.id} was not, and `}${plural(notRun.length, 'migration')} did not start.`
  return { ...common, verdict: error.verdict, reason, error }
}

function describeFailure({ id, path, error, sqlstate, attempts, durationMs, stepsDone }: Failed) {
  return { id, path, message: error.message, sqlstate, attempts, durationMs, stepsDone }
}
