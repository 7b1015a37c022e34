import type { ReleaseError } from '../errors.ts'
import type { Step } from './books.ts'
import { inDoubt, leftInvalid } from './execution-errors.ts'
import type { Executor } from './executor.ts'
import { placeIn } from './migration.ts'
import type { Script, Unit } from './script.ts'

/** What a statement needs that no transaction holds together with its record. */
export interface StandAloneTools {
  readonly script: Script
  readonly executor: Executor
  readonly progress: (line: string) => void
  /** Sends the statement, when nobody is in its way; waits for others without a limit when it is concurrent. */
  readonly send: (unit: Unit) => Promise<ReleaseError | undefined>
  /** Sets the session's `lock_timeout`; 0 is none. */
  readonly limitLocks: (ms: number) => Promise<void>
}

/** Runs a statement whose record cannot commit with it: noted before and after, since only that tells later what became of it. */
export async function runAlone(
  unit: Unit,
  finished: Step,
  known: Step | undefined,
  tools: StandAloneTools,
): Promise<ReleaseError | undefined> {
  const { executor, script } = tools
  const { migration } = script
  const { effect } = unit
  if (known?.state === 'started' && (await tookEffect(unit, finished.index, tools))) {
    await executor.books.saveStep(migration, finished)
    return undefined
  }
  if (effect?.kind === 'index-created' && known === undefined && (await executor.catalog.effectState(effect)) !== 'absent') {
    // an index of this name is there already, and not ours: the server is to answer, and no later run may take it for ours
    const error = await tools.send(unit)
    if (error !== undefined) return error
    if ((await executor.catalog.effectState(effect)) !== 'done') return leftInvalid(placeIn(migration, unit.sql, 0), effect.name)
    await executor.books.saveStep(migration, finished)
    return undefined
  }
  if (effect?.kind === 'index-created' && known !== undefined) await dropHalfBuilt(unit, finished.index, tools)
  await executor.books.saveStep(migration, { ...finished, state: 'started' })
  const error = await tools.send(unit)
  if (error?.code === 'connection-lost') return error
  await executor.books.saveStep(migration, error === undefined ? finished : { ...finished, state: 'failed' })
  return error
}

/** The name was free when our first attempt began, so an invalid index of it, on the same table, is what that left. */
async function dropHalfBuilt(unit: Unit, index: number, { script, executor, progress, limitLocks }: StandAloneTools): Promise<void> {
  const { effect } = unit
  if (effect?.kind !== 'index-created') return
  const state = await executor.catalog.effectState(effect)
  const settling = executor.books.settling(script.migration, index)
  if (state === 'busy') throw inDoubt(placeIn(script.migration, unit.sql, 0), settling, `Somebody is working on ${effect.name} right now. `)
  if (state !== 'invalid') return
  progress(`${script.migration.id}: an earlier attempt left ${effect.name} invalid; it is dropped and built again`)
  await limitLocks(0)
  await executor.catalog.dropInvalidIndex(effect)
}

/** Decides from the catalog about a statement that was under way when an earlier run ended. */
async function tookEffect(unit: Unit, index: number, { script, executor }: StandAloneTools): Promise<boolean> {
  if (unit.effect === undefined) throw inDoubt(placeIn(script.migration, unit.sql, 0), executor.books.settling(script.migration, index))
  if (unit.effect.kind === 'repeatable') return false
  const state = await executor.catalog.effectState(unit.effect)
  return unit.effect.kind === 'index-created' ? state === 'done' : state === 'absent'
}
