import { runScripts, type RunReport } from '../migration/execute.ts'
import { migrationsFor } from '../migration/plan.ts'
import { ReleaseError } from '../errors.ts'
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
    await using database = await context.openMigrationDatabase(await databaseInputs(inputs, context), { stateSchema: inputs['state-schema'] })
    if (inputs['dry-run']) {
      const state = await readState(inputs, read, database, context)
      const { run, heldBack } = migrationsFor(phase, state.plans, state.evidence, state.policy)
      await prepareScripts(run, database)
      return {
        verdict: 'pass',
        reason: run.length === 0 ? `Nothing is pending in phase ${phase}.` : `${plural(run.length, 'migration')} would run; nothing was changed.`,
        outputs: { applied: 0, pending: run.length, digest: state.digest(phase, run) },
        details: { phase, dryRun: true, database: database.description, applied: [], notRun: run.map(({ id }) => id), heldBack: heldBack.map(({ id }) => id) },
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
    return outcomeOf(report, context, { phase, digest, database: database.description, heldBack: heldBack.map(({ id }) => id), closed })
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

function outcomeOf(report: RunReport, { signal }: Context, details: { phase: string; digest: string } & Record<string, unknown>): Outcome {
  const { applied, failed, notRun } = report
  const common = {
    outputs: { applied: applied.length, pending: notRun.length + (failed === undefined ? 0 : 1), digest: details.digest },
    details: {
      ...details,
      applied,
      notRun,
      ...(failed === undefined ? {} : { failed: { id: failed.id, path: failed.path, message: failed.error.message, sqlstate: failed.sqlstate, attempts: failed.attempts, durationMs: failed.durationMs, stepsDone: failed.stepsDone } }),
    },
  }
  if (failed !== undefined) {
    const total = applied.length + 1 + notRun.length
    return { ...common, verdict: failed.error.verdict, reason: `${applied.length} of ${total} applied; ${failed.id} was not, and ${plural(notRun.length, 'migration')} did not start.`, error: failed.error }
  }
  if (signal.aborted) {
    const error = new ReleaseError('interrupted', 'The run was stopped by a signal between two migrations.', { hint: 'Run the same command again: it goes on where it stopped.' })
    return { ...common, verdict: 'inconclusive', reason: `${applied.length} applied, ${notRun.length} not started.`, error }
  }
  return { ...common, verdict: 'pass', reason: applied.length === 0 ? `Nothing is pending in phase ${details.phase}.` : `${plural(applied.length, 'migration')} applied in phase ${details.phase}.` }
}
