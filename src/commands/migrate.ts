import { ReleaseError } from '../errors.ts'
import { type Failed, type RunReport, runScripts } from '../migration/execute.ts'
import type { PhasePlans } from '../migration/plan.ts'
import { plural } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import { migrationInputNames, prepareScripts, readMigrations, readState } from './migration-state.ts'
import { decideRun } from './run-decision.ts'

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
      const { run, heldBack, notes } = await decideRun(phase, state, inputs, context)
      await prepareScripts(run, database)
      return {
        verdict: 'pass',
        reason:
          run.length === 0 ? nothingToRun(phase, heldBack.length) : `${plural(run.length, 'migration')} would run; nothing was changed.`,
        outputs: { applied: 0, pending: run.length, digest: state.digest(phase, run) },
        details: {
          phase,
          dryRun: true,
          database: database.description,
          applied: [],
          notRun: run.map(({ id }) => id),
          heldBack: heldBack.map(({ id }) => id),
          notes,
        },
      }
    }
    await database.lock(context.project, inputs['on-locked'] === 'wait' ? inputs['lock-wait'] : 0, context.signal)
    const first = await readState(inputs, read, database, context) // refuses before anything is created
    const { ledger } = first
    if (mayRun(phase, first.plans)) await database.requireRights(ledger)
    await database.prepare(ledger)
    await using executor = await database.executor(ledger) // waits for what a killed run left on the server
    const closed = await database.closeOpenAttempts(ledger)
    const state = await readState(inputs, read, database, context)
    const { run, heldBack, notes, older } = await decideRun(phase, state, inputs, context)
    for (const note of notes) context.log.warn(note)
    if (older !== undefined) await database.recordOlderAllowed(ledger, older)
    // the first run stamps the database; what was approved is the plan before that
    const digest = (first.stamped ? state : first).digest(phase, run)
    const report = await runScripts(await prepareScripts(run, database), executor, {
      lockBudgetMs: inputs['lock-budget'],
      signal: context.signal,
      now: () => context.clock.monotonic(),
      sleep: (ms, signal) => context.clock.sleep(ms, signal),
      showData: inputs['show-data'],
      progress: (line) => context.log.info(line),
    })
    return outcomeOf(report, { phase, digest, database: database.description, heldBack: heldBack.map(({ id }) => id), closed, notes })
  },
})

/** Whether anything of the phase is pending: then the books must be open for writing before it begins. */
function mayRun(phase: 'pre' | 'post' | 'all', { pre, post }: PhasePlans): boolean {
  return (phase !== 'post' && pre.length > 0) || (phase !== 'pre' && post.length > 0)
}

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
  details: { phase: string; digest: string; heldBack: readonly string[] } & Record<string, unknown>,
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
          ? nothingToRun(details.phase, details.heldBack.length)
          : `${plural(applied.length, 'migration')} applied in phase ${details.phase}.`,
    }
  }
  const total = applied.length + notRun.length + (failed === undefined ? 0 : 1)
  const reason = `${applied.length} of ${total} applied; ${failed === undefined ? '' : `${failed.id} was not${notRun.length > 0 ? ', and ' : '.'}`}${notRun.length > 0 ? `${plural(notRun.length, 'migration')} did not start.` : ''}`
  return { ...common, verdict: error.verdict, reason, error }
}

function nothingToRun(phase: string, heldBack: number): string {
  if (phase !== 'post' || heldBack === 0) return `Nothing is pending in phase ${phase}.`
  return `Nothing runs: ${plural(heldBack, 'post migration')} stay held back, because the release that is recorded as deployed does not contain them.`
}

function describeFailure({ id, path, error, sqlstate, attempts, durationMs, stepsDone }: Failed) {
  return { id, path, message: error.message, sqlstate, attempts, durationMs, stepsDone }
}
