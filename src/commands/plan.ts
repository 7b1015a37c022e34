import { ReleaseError } from '../errors.ts'
import { keepContract } from '../gate/kept-contract.ts'
import { notesOfCommand, releaseNotes } from '../gate/release-notes.ts'
import { notReadNotes, uncoveredNotes } from '../gate/uncovered.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { majorReason } from '../migration/destructive.ts'
import type { ObservedDuration } from '../migration/durations.ts'
import { appliedAttempts, lastDeployed, newest } from '../migration/history.ts'
import { noteLedger } from '../migration/ledger-note.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import { migrationsFor } from '../migration/plan.ts'
import { renumbered } from '../migration/renumbered.ts'
import type { Script } from '../migration/script.ts'
import { settledElsewhere } from '../migration/settled-elsewhere.ts'
import { commandFor, migrationWay, type TeamCommand, teamCommandOf } from '../migration/team-command.ts'
import { plural } from '../units.ts'
import type { RequirementInputs } from './backup-requirement.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import type { DrillRequirementInputs } from './drill-requirement.ts'
import { type ExpectedDurations, expectedDurations } from './expected-durations.ts'
import { type Hazards, hazardInputNames, noHazards } from './hazard-inputs.ts'
import { type ChangedKeys, changedKeys, keyInputNames } from './key-changes.ts'
import { type MigrationState, migrationInputNames, prepareScripts, readMigrations, readState } from './migration-state.ts'
import { type OutsideChanges, outsideChanges } from './note-schema.ts'
import { openDatabase } from './open-database.ts'
import type { Outlook, Reliance } from './outlook.ts'
import { planByCommand } from './plan-by-command.ts'
import { type Replication, replicationOf } from './replication.ts'
import { requirementOutlook } from './requirement-outlook.ts'
import { decideRun } from './run-decision.ts'
import { skipUnheard } from './skip-unheard.ts'
import { waiversOf } from './waiver.ts'
import { describeWayBack, wayBackOf } from './way-back.ts'

export default defineCommand({
  summary: 'List what would run in each phase now, with its digest. Changes nothing.',
  inputs: [...migrationInputNames, ...hazardInputNames, ...keyInputNames, 'store', 'long-migration', 'format'],
  optional: ['store'],
  outputs: {
    pending: 'Number of migrations that have not run, both phases together.',
    'digest-pre': 'SHA-256 of the plan of the pre phase.',
    'digest-post': 'SHA-256 of the plan of the post phase.',
  },

  async run(inputs, context): Promise<Outcome> {
    const way = migrationWay(inputs)
    if (way.kind === 'command') {
      const outcome = await planByCommand(way.command, inputs, context)
      return inputs.format === 'report' ? outcome : withText(outcome, notesOfCommand(context.release))
    }
    const read = await readMigrations(inputs, context)
    await using target = await databaseInputs(inputs, context)
    await using database = await openDatabase(target, inputs, context)
    const state = await readState(inputs, read, database, context)
    const pending = [...state.plans.pre, ...state.plans.post]
    const { runBy } = read.layout
    const sql = pending.filter(({ notSql }) => notSql === undefined)
    const scripts = await prepareScripts(sql, database, state.ledger.layout)
    const steps = await database.state.finishedSteps()
    const durations = await expectedDurations(pending, database, inputs.store, context)
    const [outside, hazards] = await Promise.all([
      outsideOf(state, database, inputs), // the server reads its catalog while lint works
      pending.length === 0 ? noHazards : import('./hazards.ts').then(({ hazardsOf }) => hazardsOf(pending, read, inputs, context)),
    ])
    const known: Known = {
      layoutShownBy: read.shownBy,
      command: runBy === undefined ? undefined : teamCommandOf(inputs, runBy),
      unheard: runBy === undefined ? [] : await skipUnheard('pre', state.plans.pre, state.plans.post, context),
      scripts,
      steps,
      durations,
      longMs: inputs['long-migration'],
      hazards,
      destructive: await destructiveParts(pending),
      outside,
      outlook: await outlookOf(state, database, inputs, context),
      keys: await changedKeys(state.evidence.history.rows, inputs, context),
      replication: await replicationOf(await database.publishing(state.ledger), state.ledger.publishState, pending),
      wayBack: describeWayBack(await wayBackOf(pending, state, database.serverMajor, inputs, context)),
    }
    const outcome = outcomeOf(state, database, known)
    return inputs.format === 'report' ? outcome : withReleaseNotes(outcome, pending, known, context)
  },
})

/** What is known of the pending migrations beyond their files. */
interface Known {
  /** What of the files shows their layout; missing when it was named. */
  readonly layoutShownBy: string | undefined
  /** The team's own program, where it runs the files. */
  readonly command: TeamCommand | undefined
  /** What speaks for it that the program runs post migrations before the deploy. */
  readonly unheard: readonly string[]
  readonly scripts: readonly Script[]
  /** Statements of a half-done file that have finished, by version. */
  readonly steps: ReadonlyMap<string, number>
  readonly durations: ExpectedDurations
  /** What takes longer is long. */
  readonly longMs: number
  readonly hazards: Hazards
  /** What of a migration may lose or overwrite data, by version. */
  readonly destructive: ReadonlyMap<string, string>
  readonly outside: OutsideChanges
  readonly outlook: Outlook
  readonly keys: ChangedKeys
  readonly replication: Replication
  readonly wayBack: ReturnType<typeof describeWayBack>
}

function outcomeOf(state: MigrationState, database: MigrationDatabase, known: Known): Outcome {
  const { plans } = state
  const { durations, longMs, hazards, outside } = known
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
      ...(known.layoutShownBy === undefined ? {} : { layoutShownBy: known.layoutShownBy }),
      applied: plans.applied,
      phases: [describePhase('pre', state, known), describePhase('post', state, known)],
      longMigrationMs: longMs,
      ...(durations.problem === undefined ? {} : { durationsProblem: durations.problem }),
      drift: { ahead: plans.ahead, unchecked: plans.unchecked },
      debts: plans.debts.map(({ migration, since, ageMs }) => ({ id: migration.id, since: since.toISOString(), ageMs })),
      digests,
      contracts: {
        pre: keepContract(state.contract('pre', plans.pre)),
        post: keepContract(state.contract('post', plans.post)),
      },
      hazards: hazards.found,
      ...(outside.outside === undefined ? {} : { outside: outside.outside }),
      ...(outside.problem === undefined ? {} : { outsideProblem: outside.problem }),
      ...known.keys,
      ...known.wayBack,
      ledger: noteLedger(state.evidence, { begun: known.steps.keys() }, database.serverMajor),
      ...known.outlook,
      ...known.replication,
      notes: [
        ...known.outlook.notes,
        ...known.replication.notes,
        ...known.unheard,
        ...settledElsewhere(known.steps.keys(), state.evidence),
        ...renumbered(state.evidence),
        ...notReadNotes([...plans.pre, ...plans.post]),
        ...uncoveredNotes([...plans.pre, ...plans.post]),
        ...(hazards.problem === undefined ? [] : [`What lint says of these migrations is not known: ${hazards.problem}.`]),
      ],
    },
  }
}

async function destructiveParts(pending: readonly Migration[]): Promise<ReadonlyMap<string, string>> {
  const parts = await Promise.all(pending.map(async (one) => [one.version, await majorReason(one)] as const))
  return new Map(parts.filter((part): part is readonly [string, string] => part[1] !== undefined))
}

function outsideOf(
  { evidence }: MigrationState,
  database: MigrationDatabase,
  inputs: Pick<InputValues, 'migrations-table'>,
): Promise<OutsideChanges> {
  const { rows } = evidence.history
  // a way back that was killed has noted nothing of what it changed
  const takenBack = rows.filter((row) => row.event === 'reversal' && (row.state === 'reverted' || row.state === 'running'))
  const lastRunAt = newest([...appliedAttempts(rows), ...takenBack])?.at
  return outsideChanges(database, inputs['migrations-table'], lastRunAt)
}

function withReleaseNotes(outcome: Outcome, pending: readonly Migration[], known: Known, { release }: Context): Outcome {
  const { durations, longMs, destructive } = known
  const migrations = pending.map(({ id, phase, version, checksum }) => {
    const expected = durations.byChecksum.get(checksum)
    return { id, phase, expected, long: expected !== undefined && expected.durationMs > longMs, destructive: destructive.get(version) }
  })
  return withText(outcome, releaseNotes({ release, longMs, migrations }))
}

function withText(outcome: Outcome, text: string): Outcome {
  return { ...outcome, details: { ...outcome.details, releaseNotes: text } }
}

type OutlookInputs = Pick<InputValues, 'allow-older'> & RequirementInputs & DrillRequirementInputs

async function outlookOf(state: MigrationState, database: MigrationDatabase, inputs: OutlookInputs, context: Context): Promise<Outlook> {
  const obstacles: string[] = []
  const notes = [...waiversOf(state.evidence.history.rows, context)]
  const relies: Reliance[] = []
  for (const phase of phasesToAsk(state)) {
    try {
      const decision = await decideRun(phase, state, inputs, context)
      notes.push(...decision.notes)
      if (decision.run.length === 0) continue
      const about = { phase, database, ledger: state.ledger, history: state.evidence.history.rows }
      const outlook = await requirementOutlook(about, inputs, context)
      obstacles.push(...outlook.obstacles)
      notes.push(...outlook.notes)
      relies.push(...outlook.relies)
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error
      obstacles.push(`phase ${phase}: ${error.message}`)
    }
  }
  return { obstacles, notes, relies }
}

/** Before the pre phase and the deploy, a refusal of the post phase says nothing. */
function phasesToAsk({ plans, evidence }: MigrationState): Phase[] {
  return plans.pre.length > 0 || lastDeployed(evidence.history.rows) === undefined ? ['pre'] : ['pre', 'post']
}

function describePhase(phase: Phase, state: MigrationState, { command, scripts, steps, durations, longMs, destructive }: Known) {
  const heldBack = phase === 'post' ? heldBackNow(state) : new Set<Migration>()
  const pending = state.plans[phase].map((migration) => {
    const script = scripts.find((one) => one.migration === migration)
    const warning = warningOf(script, steps.get(migration.version))
    const expected = durations.byChecksum.get(migration.checksum)
    return {
      id: migration.id,
      version: migration.version,
      path: migration.path,
      transactional: migration.transactional,
      expected: expected === undefined ? null : describeDuration(expected),
      ...(expected !== undefined && expected.durationMs > longMs ? { long: true } : {}),
      ...(destructive.has(migration.version) ? { destructive: destructive.get(migration.version) } : {}),
      ...(script?.unwrapped ? { unwrapped: true } : {}),
      ...(warning === undefined ? {} : { warning }),
      ...(heldBack.has(migration) ? { heldBack: true } : {}),
    }
  })
  return { phase, pending, ...(command === undefined || pending.length === 0 ? {} : { runs: commandFor(command, phase) }) }
}

function describeDuration({ durationMs, environment, release, at }: ObservedDuration) {
  return { durationMs, environment, ...(release === undefined ? {} : { release }), at: at.toISOString() }
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
