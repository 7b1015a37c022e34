import type { WatchEnd } from '../canary/watch.ts'
import { messageOf } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { Context, DatabaseInputs } from './command.ts'
import { lockPolicy } from './database-inputs.ts'
import { checkIdentity } from './migration-state.ts'
import { openDatabase } from './open-database.ts'

type Given = Pick<InputValues, 'state-schema' | 'history' | 'on-locked' | 'lock-wait'>

/**
 * Notes the verdict in the history, where an abort or a hold bars the post phase. Returns what became of that, for people:
 * a verdict that could not be noted is a verdict all the same.
 */
export async function recordCanary(
  { decision, deciding }: WatchEnd,
  target: DatabaseInputs | undefined,
  inputs: Given,
  context: Context,
): Promise<string> {
  if (target === undefined) return 'not noted in a history: no database was given, and the post phase is not barred'
  try {
    await using database = await openDatabase(target, inputs, context)
    if ((await checkIdentity(database, context)) === undefined) return 'not noted in a history: no migration has run here yet'
    await database.lock(context.project, lockPolicy(inputs, context))
    await database.state.recordCanary({ verdict: decision, reason: deciding?.reason ?? '', accepted: false })
    return decision === 'promote' ? 'noted in the history' : 'noted in the history: the post phase is barred'
  } catch (error) {
    context.log.warn(`the verdict was not noted in the history: ${messageOf(error)}`)
    return `not noted in the history, and the post phase is not barred: ${messageOf(error)}`
  }
}
