import { messageOf, ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { ReadFolders } from '../migration/collect.ts'
import type { LedgerOptions, MigrationDatabase } from '../migration/database.ts'
import { lastDeployed } from '../migration/history.ts'
import type { TeamProgram } from '../migration/layout.ts'
import { noteLedger } from '../migration/ledger-note.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import { refusePublished } from '../migration/publishing.ts'
import { commandFor, teamCommandOf } from '../migration/team-command.ts'
import { refuseTargetVersion } from '../migration/team-environment.ts'
import { staysOpen, type TeamReport } from '../migration/team-run.ts'
import { endsOf, judgeByVersions, mayHaveRunEarly, refuseMoreThanPhase } from '../migration/team-versions.ts'
import { plural } from '../units.ts'
import type { Context, Outcome } from './command.ts'
import { databaseInputs, lockPolicy } from './database-inputs.ts'
import { footingInDryRun } from './dry-run-footing.ts'
import { describeUnfinished, environmentOf, guardCheck, refuseTunnel, runGuarded } from './guarded-program.ts'
import { meetRequirements, noFooting } from './meet-requirements.ts'
import { ledgerOptions, type MigrationState, readState } from './migration-state.ts'
import { noteSchema } from './note-schema.ts'
import { openDatabase } from './open-database.ts'
import { decideRun, nothingToRun, wouldRun } from './run-decision.ts'
import { skipUnheard } from './skip-unheard.ts'
import { describeDryRun, outcomeOf, type TeamFacts } from './team-outcome.ts'
import type { TeamInputs } from './team-state.ts'
import { type waiverNames, waiverOf } from './waiver.ts'
import { afterRun, describeWayBack, warnBeforePost, wayBackOf } from './way-back.ts'

type Inputs = TeamInputs & Pick<InputValues, 'dry-run' | 'on-locked' | 'lock-wait' | (typeof waiverNames)[number]>
type Read = Pick<ReadFolders, 'layout' | 'migrations' | 'shownBy'>

/** `migrate` where the files are known and the team's own program runs them: the version table says what it did. */
export async function migrateByTeam(
  phase: Phase | 'all',
  read: Read,
  program: TeamProgram,
  inputs: Inputs,
  context: Context,
): Promise<Outcome> {
  refuseTargetVersion(program, context.variables)
  const waiver = waiverOf(phase, inputs, context)
  await using target = await databaseInputs(inputs, context)
  refuseTunnel(target)
  await using database = await openDatabase(target, inputs, context)
  if (!inputs['dry-run']) await database.lock(context.project, lockPolicy(inputs, context), ledgerOptions(inputs, read, context))
  const first = await readState(inputs, read, database, context) // refuses before anything is created
  const { ledger } = first
  const command = commandFor(teamCommandOf(inputs, program), phase)
  const observer = await database.commandObserver()
  const environment = environmentOf(phase, observer, database, target, inputs, context)
  const about = { phase, database, ledger, history: first.evidence.history.rows }
  const decide = async (state: MigrationState) => {
    const decided = await decideRun(phase, state, inputs, context)
    refuseMoreThanPhase(phase, command, decided, lastDeployed(state.evidence.history.rows)?.release)
    return decided
  }
  if (inputs['dry-run']) {
    const { run, heldBack, notes } = await decide(first)
    refusePublished(await database.publishing(), inputs['publish-state'])
    const { met, refused } = await footingInDryRun(plural(run.length, 'migration'), async () =>
      run.length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context),
    )
    const unheard = await skipUnheard(phase, run, heldBack, context)
    const details = {
      ...factsOf(phase, first, run, heldBack, database),
      ...describeWayBack(await wayBackOf(run, first, database.serverMajor, inputs, context)),
      ...met.details,
      notes: [...notes, ...met.notes, ...unheard],
    }
    return { ...describeDryRun(command, run, heldBack, details, environment), checks: met.checks, ...refused }
  }

  const footing = wouldRun(phase, first).length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context)
  await database.prepareState(inputs['publish-state']) // the program makes its own table
  const unfinished = await observer.closeUnfinished(inputs['on-locked'] === 'fail' ? 0 : inputs['lock-wait'], context.signal)
  for (const one of unfinished) context.log.warn(describeUnfinished(one))
  const closed = await database.closeOpenAttempts(ledger)
  const state = await readState(inputs, read, database, context, first)
  const { run, heldBack, older, ...decision } = await decide(state)
  const early = unfinished.some((one) => one.phase === 'pre') ? mayHaveRunEarly(state.evidence) : []
  const notes = [...early, ...decision.notes, ...footing.notes, ...(await skipUnheard(phase, run, heldBack, context))]
  for (const note of notes) context.log.warn(note)
  if (older !== undefined) await database.state.recordOlderAllowed(older)
  await footing.record(database.state)
  const wayBack = await wayBackOf(run, state, database.serverMajor, inputs, context)
  const facts = {
    ...factsOf(phase, first.stamped ? state : first, run, heldBack, database), // what was approved is the plan before the stamp
    closed,
    notes,
    ...footing.details,
  }
  if (run.length === 0) {
    const ledgerNow = noteLedger(state.evidence, { begun: [] }, database.serverMajor)
    const details = { ...facts, applied: [], notRun: [], ledger: ledgerNow }
    const outputs = { applied: 0, pending: 0, digest: facts.digest }
    return { verdict: 'pass', reason: nothingToRun(phase, heldBack.length), outputs, details, checks: footing.checks }
  }
  if (phase === 'post') warnBeforePost(wayBack, context)
  const books = database.state.books()
  const ids = await books.begin(run)
  const report = await runGuarded({ phase, command, environment }, observer, inputs, context)
  const versions = await versionsAfter(report, ledger, database)
  const before = new Set(state.evidence.entries.map(({ version }) => version))
  const alone = judgeByVersions({ command, run, heldBack, before, versions, report }, program)
  const judged = { ...alone, error: await besideOther(alone.error, ledger, database) }
  for (const end of endsOf(judged, run, ids, report)) books.end(end)
  if (judged.early.length > 0) {
    const earlyIds = await books.begin(judged.early)
    for (const id of earlyIds) books.end({ id, state: 'applied', durationMs: undefined })
  }
  await books.flush()
  await noteSchema(database, inputs['migrations-table'], true, context)
  const applied = [...judged.applied, ...judged.early]
  const halfDone = judged.failed !== undefined && !judged.failed.transactional ? [judged.failed] : []
  const outcome = outcomeOf(command, judged, report, {
    ...facts,
    runs: command,
    heldBack: heldBack.filter((one) => !judged.early.includes(one)).map(({ id }) => id),
    unfinished: unfinished.map((one) => ({ ...one, startedAt: one.startedAt.toISOString() })),
    ...afterRun(wayBack, new Set([...applied, ...halfDone])),
    ledger: noteLedger(state.evidence, { applied, begun: halfDone.map(({ version }) => version) }, database.serverMajor),
    notes: [...notes, ...halfDone.map(({ id }) => `${id} runs outside a transaction: what of it ran before the failure stays done.`)],
  })
  return { ...outcome, checks: [...footing.checks, guardCheck(report)] }
}

function factsOf(
  phase: Phase | 'all',
  state: MigrationState,
  run: readonly Migration[],
  heldBack: readonly Migration[],
  { description }: MigrationDatabase,
): TeamFacts {
  const { layout } = state.ledger
  return {
    phase,
    layout: layout.name,
    database: description,
    digest: state.digest(phase, run),
    heldBack: heldBack.map(({ id }) => id),
  }
}

/** A program of an earlier run that was killed may have had no connection yet when this one was started. */
async function besideOther(error: ReleaseError | undefined, ledger: LedgerOptions, database: MigrationDatabase) {
  const other = error?.code === 'migration-failed' ? await database.toolAtWork(ledger).catch(() => undefined) : undefined
  if (error === undefined || other === undefined) return error
  return new ReleaseError(other.code, `${error.message} ${other.message}`, { ...(other.hint === undefined ? {} : { hint: other.hint }) })
}

/** Throws `connection-lost` or `run-in-progress`: then the rows stay open, and the next run closes them from the version table. */
async function versionsAfter(report: TeamReport, ledger: LedgerOptions, database: MigrationDatabase): Promise<ReadonlySet<string>> {
  if (staysOpen(report)) throw report.error
  try {
    return new Set((await database.entries(ledger)).map(({ version }) => version))
  } catch (cause) {
    if (cause instanceof ReleaseError) throw cause
    throw new ReleaseError(
      'connection-lost',
      `The program has ended, and the version table could not be read after it: ${messageOf(cause)}.`,
      {
        hint: 'Run the same command again: the version table says what has run.',
        cause,
      },
    )
  }
}
