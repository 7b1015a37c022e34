import type { Store } from '../backup/store.ts'
import { recordDrill } from '../drill/record.ts'
import { messageOf } from '../errors.ts'
import { version } from '../version.ts'
import type { Context, Outcome } from './command.ts'

/**
 * Keeps what a drill found beside the dump and returns the key; what no store holds has no place for it. A reader's key is
 * enough for a drill, so a record that cannot be written is a warning.
 */
export async function keepDrillRecord(
  store: Store,
  dumpKey: string,
  outcome: Outcome,
  startedAt: Date,
  context: Context,
): Promise<string | undefined> {
  const { run, signal, clock, log, project, environment } = context
  const at = clock.now()
  const { details, error, outputs: _, ...rest } = outcome
  const { history: __, ...kept } = details ?? {}
  const facts = { tool: `shiplock/${version}`, project, environment, run, startedAt: startedAt.toISOString(), finishedAt: at.toISOString() }
  try {
    const content = { ...facts, ...rest, ...kept, ...(error === undefined ? {} : { error: error.code }) }
    return await recordDrill(store, dumpKey, { run, at }, content, signal)
  } catch (problem) {
    log.warn(`the record of this drill was not kept beside the backup: ${messageOf(problem)}`)
    return undefined
  }
}
