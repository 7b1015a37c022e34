import { ReleaseError } from '../errors.ts'
import { judgeHours } from '../gate/busy-hours.ts'
import { planDigest } from '../gate/digest.ts'
import type { PartOutcome } from '../gate/part.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { migrationWay } from '../migration/team-command.ts'
import { compareWithApproved } from './approved-plan.ts'
import type { Context } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import { expectedDurations } from './expected-durations.ts'
import type { migrationInputNames } from './migration-state.ts'
import { openDatabase } from './open-database.ts'
import { type PhaseNow, phaseOfCommand, phaseOfFiles } from './phase-now.ts'
import { whoOf } from './who.ts'

type PlanQuestions = Pick<InputValues, Exclude<(typeof migrationInputNames)[number], 'database-url'>> &
  Pick<InputValues, 'approved-digest' | 'approved-plan' | 'quiet-hours' | 'allow-busy-hours' | 'long-migration'> & {
    readonly 'database-url'?: InputValues['database-url'] | undefined
    readonly phase?: InputValues['phase'] | undefined
    readonly store?: string | undefined
  }

/** Whether the approved plan is still the plan, and whether it may begin now. Reads, and nothing else. */
export async function checkPlan(questions: PlanQuestions, context: Context): Promise<readonly PartOutcome[]> {
  const { phase, 'database-url': url } = questions
  if (phase !== 'pre' && phase !== 'post') {
    throw new ReleaseError('invalid-input', 'A plan has a digest for each phase: phase must be pre or post here.', {
      hint: 'Give the phase that was approved: --phase pre, or --phase post.',
    })
  }
  if (url === undefined) {
    throw new ReleaseError('invalid-input', 'The plan cannot be made again without the database: database-url is missing.', {
      hint: 'Set the environment variable DATABASE_URL.',
    })
  }
  const inputs = { ...questions, 'database-url': url }
  const way = migrationWay(inputs)
  await using target = await databaseInputs(inputs, context)
  await using database = await openDatabase(target, inputs, context)
  const now =
    way.kind === 'command'
      ? await phaseOfCommand(phase, way.command, inputs, database, context)
      : await phaseOfFiles(phase, inputs, database, context)
  const { 'approved-digest': approved, 'quiet-hours': hours } = inputs
  return [
    { checks: [], notes: [], details: { phase, database: database.description, digest: planDigest(now.contract) } },
    ...(approved === undefined ? [] : [await compareWithApproved(approved, now, inputs, context)]),
    ...(hours === undefined ? [] : [await judgeBegin(hours, now, inputs, database, context)]),
  ]
}

async function judgeBegin(
  hours: NonNullable<PlanQuestions['quiet-hours']>,
  { pending }: PhaseNow,
  inputs: Pick<PlanQuestions, 'allow-busy-hours' | 'long-migration' | 'store'>,
  database: MigrationDatabase,
  context: Context,
): Promise<PartOutcome> {
  const { byChecksum } = await expectedDurations(pending, database, inputs.store, context)
  const reason = inputs['allow-busy-hours']
  return judgeHours({
    hours,
    pending: pending.map(({ id, checksum }) => ({ id, durationMs: byChecksum.get(checksum)?.durationMs })),
    longMs: inputs['long-migration'],
    now: context.clock.now(),
    allowed: reason === undefined ? undefined : { reason, by: whoOf(context) },
  })
}
