import { messageOf } from '../errors.ts'
import { keepContract } from '../gate/kept-contract.ts'
import type { InputValues } from '../inputs.ts'
import { newest } from '../migration/history.ts'
import type { Phase } from '../migration/migration.ts'
import { commandFor, refuseTeamPhase, type TeamCommand } from '../migration/team-command.ts'
import type { Context, Outcome } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import { changedKeys, type keyInputNames } from './key-changes.ts'
import { outsideChanges } from './note-schema.ts'
import { openDatabase } from './open-database.ts'
import { replicationOf } from './replication.ts'
import { requirementOutlook } from './requirement-outlook.ts'
import { readTeamState, type TeamInputs, type TeamState } from './team-state.ts'
import { waiversOf } from './waiver.ts'
import { describeWayBack, wayBackByCommand } from './way-back.ts'

const phases = ['pre', 'post'] as const

type Inputs = TeamInputs & Pick<InputValues, (typeof keyInputNames)[number]>

/** `plan` where only the team's own program knows its migrations. */
export async function planByCommand(team: TeamCommand, inputs: Inputs, context: Context): Promise<Outcome> {
  await using target = await databaseInputs(inputs, context)
  await using database = await openDatabase(target, inputs, context)
  const state = await readTeamState(team, inputs, database, context)
  const outlooks = []
  for (const phase of phases) {
    if (barredNow(phase, state, context) !== undefined) continue
    const about = { phase, database, ledger: undefined, history: state.evidence.history }
    outlooks.push(await requirementOutlook(about, inputs, context))
  }
  const { notes: replicationNotes, ...replication } = await replicationOf(await database.publishing(), inputs['publish-state'], [])
  const lastRun = newest(state.evidence.history.filter((row) => row.event === 'command'))
  const { outside, problem } = await outsideChanges(database, inputs['migrations-table'], lastRun?.at)
  const digests = { pre: state.digest('pre'), post: state.digest('post') }
  return {
    verdict: 'pass',
    reason: "The team's own command would run in each phase; which migrations it would apply is not known to Shiplock.",
    outputs: { 'digest-pre': digests.pre, 'digest-post': digests.post },
    details: {
      database: database.description,
      serverVersion: database.serverVersion,
      layout: 'command',
      phases: phases.map((phase) => describePhase(phase, team, state, context)),
      digests,
      contracts: { pre: keepContract(state.contract('pre')), post: keepContract(state.contract('post')) },
      ...(outside === undefined ? {} : { outside }),
      ...(problem === undefined ? {} : { outsideProblem: problem }),
      ...(await changedKeys(state.evidence.history, inputs, context)),
      relies: outlooks.flatMap(({ relies }) => relies),
      ...describeWayBack(wayBackByCommand),
      ...replication,
      obstacles: outlooks.flatMap(({ obstacles }) => obstacles),
      notes: [...waiversOf(state.evidence.history, context), ...outlooks.flatMap(({ notes }) => notes), ...replicationNotes],
    },
  }
}

function describePhase(phase: Phase, team: TeamCommand, state: TeamState, context: Context) {
  const last = state.evidence.history.findLast((row) => row.event === 'command' && (row.phase === phase || row.phase === 'all'))
  const barred = barredNow(phase, state, context)
  return {
    phase,
    pending: [],
    runs: commandFor(team, phase),
    ...(last?.event === 'command' ? { last: { state: last.state, release: last.release, at: last.at.toISOString() } } : {}),
    ...(barred === undefined ? {} : { heldBack: true, warning: barred }),
  }
}

/** Why `migrate` would refuse this phase now. */
function barredNow(phase: Phase, { evidence }: TeamState, { release, run }: Context): string | undefined {
  try {
    refuseTeamPhase(phase, evidence, { release, commit: run.commit }, false)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
