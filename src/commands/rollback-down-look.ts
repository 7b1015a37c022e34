import { checksumThatRan, sidesOf } from '../migration/drift.ts'
import { previewScript } from '../migration/preview.ts'
import type { Script } from '../migration/script.ts'
import { type Decision, decide, lineByRules } from '../rollback/decide.ts'
import { describeChanges, type SchemaChange } from '../rollback/down/changes.ts'
import type { Confirmable } from '../rollback/down/confirm.ts'
import { totalOf } from '../rollback/down/data-loss.ts'
import { type DownLoss, lossesOfDown } from '../rollback/down/loss.ts'
import { countLosses } from '../rollback/down/rescue.ts'
import type { CountedLoss } from '../rollback/down/rescue-source.ts'
import { refuseLossOutsideTransaction, reversalScript, wayBackOf } from '../rollback/down/reversal.ts'
import { judgeSince } from '../rollback/judge.ts'
import { linesOfLost } from '../rollback/lost.ts'
import type { RanSince } from '../rollback/since.ts'
import type { Context, DatabaseInputs } from './command.ts'
import { prepareScripts } from './migration-state.ts'
import { openRescueSource } from './open-rescue.ts'
import { rehearseLocks } from './rehearse-locks.ts'
import type { DownInputs, DownPlace, DownState } from './rollback-down-state.ts'
import { type ReleasedText, releasedText, textsOf } from './rollback-target.ts'

/** What taking a migration back would do, before anything is done. */
export interface DownLook {
  readonly text: ReleasedText
  readonly script: Script
  readonly losses: readonly CountedLoss[]
  readonly confirmable: Confirmable
  /** The messages as they would be sent. */
  readonly statements: readonly string[]
  /** What would be different in the schema; `undefined` where a text hides it. */
  readonly changes: readonly SchemaChange[] | undefined
  /** Whether the target's code works once it is taken back. */
  readonly after: Decision
  /** What a person should know of it though it stops nothing. */
  readonly notes?: readonly string[]
}

/** Throws whatever speaks against it; nothing is changed. */
export async function lookAtDown(
  state: DownState,
  ran: RanSince,
  inputs: DownInputs,
  place: DownPlace,
  context: Context,
): Promise<DownLook> {
  const { connection, database } = place
  const text = await releasedText({ ...ran, checksum: checksumOf(state, ran) }, state.layout, inputs, context)
  const wayBack = wayBackOf(text.migration)
  const [script] = (await rehearseLocks(await prepareScripts([wayBack], database, state.layout), connection, inputs, context)) as [Script]
  const schema = await context.readSchema(connection, { binDir: inputs['pg-bin-dir'], install: inputs['install-tools'] })
  const losses = await countedLosses(await lossesOfDown(text.migration, schema), connection, inputs, context)
  refuseLossOutsideTransaction(wayBack, losses)
  const reversal = reversalScript(script, losses)
  await using preview = await database.preview(state.ledger)
  return {
    text,
    script: reversal,
    losses,
    confirmable: { database: database.database, migration: text.migration.id, total: totalOf(losses) },
    statements: await previewScript(reversal, preview, inputs['stall-budget']),
    changes: await describeChanges(schema, wayBack.up.text),
    after: await decideWithout(ran.version, state, inputs, database.serverMajor, context),
  }
}

async function countedLosses(losses: readonly DownLoss[], connection: DatabaseInputs, inputs: DownInputs, context: Context) {
  if (losses.length === 0) return []
  await using source = await openRescueSource(losses, connection, inputs, context)
  return await countLosses(source, losses)
}

/** What the version table or an attempt kept, else what a release contained that was deployed here. */
export function checksumOf({ entries, history }: DownState, { version }: RanSince): string | undefined {
  const sides = sidesOf([], entries, history)
  return checksumThatRan(sides, version) ?? sides.contained.get(version)?.at(-1)?.checksum
}

/** Whether the target's code works with one migration gone: by rules, since the queries can only be asked of what is there. */
export async function decideWithout(
  version: string,
  { ran, layout, migrations }: Pick<DownState, 'ran' | 'layout' | 'migrations'>,
  inputs: DownInputs,
  postgres: number,
  context: Context,
): Promise<Decision> {
  const others = ran.since.filter((one) => one.version !== version)
  const { found, lost } = await textsOf(others, layout, inputs, context)
  const { statements } = await judgeSince({ target: migrations, since: found, layout, postgres })
  return decide([...statements.map(lineByRules), ...linesOfLost(lost, ran.displaced)], 'rules')
}
