import { showArguments } from '../argument-list.ts'
import { ReleaseError } from '../errors.ts'
import type { RollbackFact } from '../migration/history.ts'
import type { TeamProgram } from '../migration/layout.ts'
import type { ReversalReport } from '../migration/reversal-run.ts'
import type { Script } from '../migration/script.ts'
import { downCommandOf } from '../migration/team-command.ts'
import { judgeReversal } from '../migration/team-reversal.ts'
import { staysOpen } from '../migration/team-run.ts'
import type { CountedLoss } from '../rollback/down/rescue-source.ts'
import type { RanSince } from '../rollback/since.ts'
import type { Context } from './command.ts'
import { describeUnfinished, environmentOf, refuseTunnel, runGuarded } from './guarded-program.ts'
import { checksumOf, type DownLook, decideWithout } from './rollback-down-look.ts'
import type { DownInputs, DownPlace, DownState } from './rollback-down-state.ts'
import { filesOfCheckout, releasedText } from './rollback-target.ts'

/** What a way back would do that only the team's own program can run: nobody can say what it changes or loses. */
export async function lookAtTeamDown(
  state: DownState,
  program: TeamProgram,
  ran: RanSince,
  inputs: DownInputs,
  { connection, database }: DownPlace,
  context: Context,
): Promise<DownLook> {
  refuseTunnel(connection)
  const text = await releasedText({ ...ran, checksum: checksumOf(state, ran) }, state.layout, inputs, context)
  const { migration, commit } = text
  const here = (await filesOfCheckout(state.layout, inputs, context)).find(({ version }) => version === ran.version)
  if (here?.checksum !== migration.checksum) {
    throw new ReleaseError(
      'down-not-found',
      `${migration.path} does not stand in this checkout as it ran: the program would run another way back, or none.`,
      {
        at: migration.path,
        hint: `Run the same command in a checkout that holds it: git switch --detach ${commit.slice(0, 12)}.`,
      },
    )
  }
  const shown = showArguments(downCommandOf(inputs, program, ran.version))
  return {
    text,
    script: { migration, units: [], unwrapped: false, unparsed: `it is written in ${migration.notSql}` } satisfies Script,
    losses: [unknownLoss(migration.path, shown)],
    confirmable: { database: database.database, migration: migration.id, total: undefined },
    statements: [],
    changes: undefined,
    after: await decideWithout(ran.version, state, inputs, database.serverMajor, context),
    notes: [
      `${shown} takes it back. What that changes and loses is not known: ${migration.id} is written in ${migration.notSql}.`,
      ...(inputs.rescue === 'backup' ? [] : ['No copy can be made of what nobody knows: it needs a fresh backup, and --rescue backup.']),
    ],
  }
}

function unknownLoss(place: string, statement: string): CountedLoss {
  return {
    kind: 'unknown',
    what: 'whatever its way back removes or overwrites',
    place,
    statement,
    table: undefined,
    columns: [],
    unit: 'rows',
    count: undefined,
    mark: undefined,
    copy: undefined,
    fails: false,
    counted: undefined,
    markedAs: undefined,
    markMs: 0,
  }
}

/** Starts the program under the guard; the version table says whether it took the migration back. */
export async function runTeamReversal(
  { script: { migration } }: DownLook,
  fact: RollbackFact,
  { ledger, entries: before }: DownState,
  program: TeamProgram,
  inputs: DownInputs,
  { connection, database }: DownPlace,
  context: Context,
): Promise<ReversalReport> {
  const command = downCommandOf(inputs, program, migration.version)
  const observer = await database.commandObserver()
  for (const one of await observer.closeUnfinished(0, context.signal)) context.log.warn(describeUnfinished(one))
  // with the variable of the pre phase Rails would not find a post migration
  const environment = environmentOf('post', observer, database, connection, inputs, context)
  const books = database.state.books()
  const id = await books.beginReversal(migration, fact)
  const report = await runGuarded({ phase: migration.phase, command, environment }, observer, inputs, context)
  const entries = staysOpen(report) ? undefined : await database.entries(ledger).catch(() => undefined)
  const judged = judgeReversal(command, migration, report, before, entries)
  if (judged.state !== 'running') books.end({ id, state: judged.state, durationMs: report.durationMs, error: judged.error?.code })
  await books.flush().catch(() => {}) // the next run closes it from the version table
  return {
    ...judged,
    durationMs: report.durationMs,
    attempts: 1,
    sqlstate: undefined,
    blockers: report.waits.flatMap(({ heldBy }) => heldBy),
  }
}
