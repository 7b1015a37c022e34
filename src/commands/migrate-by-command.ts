import { nameCommand } from '../argument-list.ts'
import type { InputValues } from '../inputs.ts'
import type { Phase } from '../migration/migration.ts'
import { refusePublished } from '../migration/publishing.ts'
import { commandFor, refuseTeamPhase, type TeamCommand } from '../migration/team-command.ts'
import type { TeamEnvironment } from '../migration/team-environment.ts'
import type { TeamReport } from '../migration/team-run.ts'
import { formatDuration } from '../units.ts'
import type { Context, Outcome } from './command.ts'
import { databaseInputs, lockPolicy } from './database-inputs.ts'
import { footingInDryRun } from './dry-run-footing.ts'
import { describeUnfinished, environmentOf, guardCheck, refuseTunnel, runGuarded } from './guarded-program.ts'
import { type Footing, meetRequirements } from './meet-requirements.ts'
import { noteSchema } from './note-schema.ts'
import { openDatabase } from './open-database.ts'
import { readTeamState, type TeamInputs } from './team-state.ts'
import { type waiverNames, waiverOf } from './waiver.ts'
import { describeWayBack, warnBeforePost, wayBackByCommand } from './way-back.ts'

type Inputs = TeamInputs & Pick<InputValues, 'dry-run' | 'on-locked' | 'lock-wait' | (typeof waiverNames)[number]>

/** `migrate` where only the team's own program can run the migrations: its exit code decides. */
export async function migrateByCommand(phase: Phase | 'all', team: TeamCommand, inputs: Inputs, context: Context): Promise<Outcome> {
  const waiver = waiverOf(phase, inputs, context)
  await using target = await databaseInputs(inputs, context)
  refuseTunnel(target)
  await using database = await openDatabase(target, inputs, context)
  if (!inputs['dry-run']) await database.lock(context.project, lockPolicy(inputs, context))
  const { evidence, digest } = await readTeamState(team, inputs, database, context)
  refuseTeamPhase(phase, evidence, { release: context.release, commit: context.run.commit }, inputs['allow-unphased'])
  const command = commandFor(team, phase)
  const observer = await database.commandObserver()
  const environment = environmentOf(phase, observer, database, target, inputs, context)
  const facts = {
    phase,
    layout: 'command',
    runs: command,
    database: database.description,
    digest: digest(phase),
    ...describeWayBack(wayBackByCommand),
  }
  refusePublished(await database.publishing(), inputs['publish-state'])
  const about = { phase, database, ledger: undefined, history: evidence.history }
  const meet = () => meetRequirements(about, inputs, waiver, context)
  if (inputs['dry-run']) {
    const { met, refused } = await footingInDryRun(nameCommand(command), meet)
    return { ...describeDryRun({ ...facts, ...shownOf(met) }, environment), checks: met.checks, ...refused }
  }

  const footing = await meet()
  const { record, checks, notes } = footing
  const shown = shownOf(footing)
  await database.prepareState(inputs['publish-state'])
  for (const note of notes) context.log.warn(note)
  await record(database.state)
  const unfinished = await observer.closeUnfinished(inputs['on-locked'] === 'fail' ? 0 : inputs['lock-wait'], context.signal)
  for (const run of unfinished) context.log.warn(describeUnfinished(run))
  if (phase === 'post') warnBeforePost(wayBackByCommand, context)
  const report = await runGuarded({ phase, command, environment }, observer, inputs, context)
  await noteSchema(database, inputs['migrations-table'], true, context)
  const outcome = outcomeOf(report, {
    ...facts,
    ...shown,
    unfinished: unfinished.map((run) => ({ ...run, startedAt: run.startedAt.toISOString() })),
  })
  return { ...outcome, checks: [...checks, ...(outcome.checks ?? [])] }
}

function shownOf({ details, notes }: Footing) {
  return { ...details, ...(notes.length === 0 ? {} : { notes }) }
}

type Facts = { readonly phase: string; readonly runs: readonly string[]; readonly digest: string } & Record<string, unknown>

function describeDryRun(facts: Facts, { added, withheld }: TeamEnvironment): Outcome {
  return {
    verdict: 'pass',
    reason: `${nameCommand(facts.runs)} would run for phase ${facts.phase}; nothing was changed.`,
    outputs: { digest: facts.digest },
    details: { ...facts, dryRun: true, environmentAdded: added, environmentWithheld: withheld },
  }
}

function outcomeOf({ error, lastLines, ...report }: TeamReport, facts: Facts): Outcome {
  const common = {
    checks: [guardCheck(report)],
    outputs: { digest: facts.digest },
    details: { ...facts, ...report, ...(error === undefined ? {} : { output: lastLines }) },
  }
  if (error !== undefined) return { ...common, verdict: error.verdict, reason: error.message, error }
  const unseen = report.guarded === 0 ? ' The lock guard saw no connection of it.' : ''
  return {
    ...common,
    verdict: 'pass',
    reason: `${nameCommand(facts.runs)} ended with exit status 0 in phase ${facts.phase} after ${formatDuration(report.durationMs)}.${unseen}`,
  }
}
