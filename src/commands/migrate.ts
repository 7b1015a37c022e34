import { ReleaseError } from '../errors.ts'
import type { LedgerOptions, MigrationDatabase } from '../migration/database.ts'
import { type Failed, type RunReport, runScripts } from '../migration/execute.ts'
import { noteLedger } from '../migration/ledger-note.ts'
import type { Migration } from '../migration/migration.ts'
import { previewScript } from '../migration/preview.ts'
import { refusePublished } from '../migration/publishing.ts'
import { renumbered } from '../migration/renumbered.ts'
import type { Script } from '../migration/script.ts'
import { settledElsewhere } from '../migration/settled-elsewhere.ts'
import { migrationWay } from '../migration/team-command.ts'
import { skipVariable } from '../migration/team-environment.ts'
import { plural } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputs, lockInputNames, lockPolicy } from './database-inputs.ts'
import { footingInDryRun } from './dry-run-footing.ts'
import { meetRequirements, noFooting } from './meet-requirements.ts'
import { migrateByCommand } from './migrate-by-command.ts'
import { migrateByTeam } from './migrate-by-team.ts'
import { ledgerOptions, migrationInputNames, prepareScripts, readMigrations, readState } from './migration-state.ts'
import { noteSchema } from './note-schema.ts'
import { openDatabase } from './open-database.ts'
import { rehearsalInputNames, rehearseLocks } from './rehearse-locks.ts'
import { decideRun, mayRun, nothingToRun, wouldRun } from './run-decision.ts'
import { runPolicy } from './run-policy.ts'
import { waiverNames, waiverOf } from './waiver.ts'
import { afterRun, describeWayBack, warnBeforePost, wayBackOf } from './way-back.ts'

export default defineCommand({
  summary: 'Apply the migrations of one phase.',
  inputs: [
    ...migrationInputNames,
    'phase',
    'stall-budget',
    ...rehearsalInputNames,
    ...waiverNames,
    'store',
    'dry-run',
    ...lockInputNames,
    'show-data',
  ],
  optional: ['store'],
  outputs: {
    applied: 'Number of migrations that this run applied.',
    pending: 'Number of migrations of the phase that have not run.',
    digest: 'SHA-256 of the plan that ran.',
  },

  async run(inputs, context): Promise<Outcome> {
    const phase = phaseOf(inputs.phase, context)
    const way = migrationWay(inputs)
    if (way.kind === 'command') return migrateByCommand(phase, way.command, inputs, context)
    const read = await readMigrations(inputs, context)
    const { runBy } = read.layout
    if (runBy !== undefined) return migrateByTeam(phase, read, runBy, inputs, context)
    const waiver = waiverOf(phase, inputs, context)
    await using target = await databaseInputs(inputs, context)
    await using database = await openDatabase(target, inputs, context)
    if (inputs['dry-run']) {
      const state = await readState(inputs, read, database, context)
      const { run, heldBack, notes } = await decideRun(phase, state, inputs, context)
      refusePublished(await database.publishing(state.ledger), state.ledger.publishState)
      const statements = await previewOf(
        await prepareScripts(run, database, state.ledger.layout),
        state.ledger,
        database,
        inputs['stall-budget'],
      )
      const wayBack = await wayBackOf(run, state, database.serverMajor, inputs, context)
      if (phase === 'post') warnBeforePost(wayBack, context)
      for (const { sql } of statements) context.log.foreign(sql)
      const about = { phase, database, ledger: state.ledger, history: state.evidence.history.rows }
      const { met, refused } = await footingInDryRun(plural(run.length, 'migration'), async () =>
        run.length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context),
      )
      return {
        ...(refused ?? { verdict: 'pass', reason: dryRunReason(phase, run, heldBack), checks: met.checks }),
        outputs: { applied: 0, pending: run.length, digest: state.digest(phase, run) },
        details: {
          phase,
          dryRun: true,
          database: database.description,
          applied: [],
          notRun: run.map(({ id }) => id),
          statements,
          heldBack: heldBack.map(({ id }) => id),
          ...describeWayBack(wayBack),
          notes: [...notes, ...met.notes],
          ...met.details,
        },
      }
    }
    await database.lock(context.project, lockPolicy(inputs, context), ledgerOptions(inputs, read, context))
    const first = await readState(inputs, read, database, context) // refuses before anything is created
    const { ledger } = first
    const about = { phase, database, ledger, history: first.evidence.history.rows }
    const footing = wouldRun(phase, first).length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context)
    if (mayRun(phase, first.plans)) await database.requireRights(ledger)
    await database.prepare(ledger)
    await using executor = await database.executor(ledger) // waits for what a killed run left on the server
    const closed = await database.closeOpenAttempts(ledger)
    const state = await readState(inputs, read, database, context, first)
    const { run, heldBack, older, ...decision } = await decideRun(phase, state, inputs, context)
    const steps = await database.state.finishedSteps()
    const notes = [...decision.notes, ...footing.notes, ...settledElsewhere(steps.keys(), state.evidence), ...renumbered(state.evidence)]
    for (const note of notes) context.log.warn(note)
    if (older !== undefined) await database.state.recordOlderAllowed(older)
    await footing.record(database.state)
    // the first run stamps the database; what was approved is the plan before that
    const digest = (first.stamped ? state : first).digest(phase, run)
    const scripts = await prepareScripts(run, database, state.ledger.layout)
    const wayBack = await wayBackOf(run, state, database.serverMajor, inputs, context)
    if (phase === 'post') warnBeforePost(wayBack, context)
    const isFresh = state.plans.applied === 0 // nobody uses what is not there
    const report = await runScripts(
      isFresh ? scripts : await rehearseLocks(scripts, target, inputs, context),
      executor,
      runPolicy(inputs, context),
    )
    const isLost = [report.failed?.error, report.stopped].some((error) => error?.code === 'connection-lost')
    if (!isLost) await noteSchema(database, inputs['migrations-table'], run.length > 0, context)
    const halfDone = run.filter(({ id, transactional }) => id === report.failed?.id && !transactional).map(({ version }) => version)
    const begun = [...steps.keys(), ...report.unsure, ...halfDone]
    const outcome = outcomeOf(report, {
      phase,
      digest,
      database: database.description,
      heldBack: heldBack.map(({ id }) => id),
      closed,
      ...afterRun(wayBack, touchedBy(report, run)),
      ledger: noteLedger(state.evidence, { applied: report.applied, begun }, database.serverMajor),
      notes,
      ...footing.details,
    })
    return { ...outcome, checks: footing.checks }
  },
})

/** Migrations of which anything has run: a file outside a transaction may have stopped half-way. */
function touchedBy({ applied, failed }: RunReport, run: readonly Migration[]): ReadonlySet<Migration> {
  const versions = new Set(applied.map(({ version }) => version))
  if ((failed?.stepsDone ?? 0) > 0) versions.add(failed?.version ?? '')
  return new Set(run.filter(({ version }) => versions.has(version)))
}

function dryRunReason(phase: string, run: readonly Migration[], heldBack: readonly Migration[]): string {
  if (run.length === 0) return nothingToRun(phase, heldBack.length)
  return `${plural(run.length, 'migration')} would run; nothing was changed.`
}

/** Every message in order, as it would be sent. */
async function previewOf(scripts: readonly Script[], ledger: LedgerOptions, database: MigrationDatabase, stallBudgetMs: number) {
  if (scripts.length === 0) return []
  await using preview = await database.preview(ledger)
  const statements: { id: string; sql: string }[] = []
  for (const script of scripts) {
    const messages = await previewScript(script, preview, stallBudgetMs)
    statements.push({ id: script.migration.id, sql: messages.map((one) => `${one};\n`).join('\n') })
  }
  return statements
}

/** `SKIP_POST_DEPLOYMENT_MIGRATIONS`, when not empty, turns all into pre, as teams that come from Rails know it. */
function phaseOf(phase: 'pre' | 'post' | 'all', context: Context): 'pre' | 'post' | 'all' {
  if (!context.variables[skipVariable]) return phase
  if (phase === 'post') {
    throw new ReleaseError('post-not-allowed', `Phase post was asked for while ${skipVariable} is set.`, {
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

function describeFailure({ error, version: _, ...facts }: Failed) {
  return { ...facts, message: error.message }
}
