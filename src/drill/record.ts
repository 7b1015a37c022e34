import { Readable } from 'node:stream'
import { schemaName } from '../backup/drill-record.ts'
import { keyLabel } from '../backup/key.ts'
import type { Store } from '../backup/store.ts'
import { compactStamp } from '../units.ts'

/** Which run made a drill, and when it ended. */
interface DrillRun {
  readonly run: { readonly id: string; readonly attempt: string }
  readonly at: Date
}

/** Writes what a drill found beside the dump, so that whoever finds the backup sees when it was last restored. Returns the key. */
export async function recordDrill(
  store: Store,
  dumpKey: string,
  { run, at }: DrillRun,
  outcome: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<string> {
  const key = `${dumpKey}.drill-${compactStamp(at)}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`
  const record = { schema: schemaName, ...outcome }
  await store.put(key, Readable.from([`${JSON.stringify(record, undefined, 2)}\n`]), signal)
  return key
}
