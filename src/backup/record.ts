import { Readable } from 'node:stream'
import type { CommandResult } from '../result.ts'
import { compactStamp } from '../units.ts'
import { keyLabel } from './key.ts'
import type { Store } from './store.ts'

/** What a record's key is made of. */
interface RecordPlace {
  readonly store: Store
  readonly name: string
  readonly project: string
  readonly environment: string
  readonly run: { readonly id: string; readonly attempt: string; readonly commit: string | undefined }
  readonly at: Date
}

/** Keeps a command's result in the store, under the commit that it ran for. Records are never overwritten. */
export async function keepResult(entry: CommandResult, place: RecordPlace): Promise<void> {
  const { project, environment, run, name } = place
  const commit = run.commit ?? 'no-commit'
  const file = `${compactStamp(place.at)}-${name}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`
  const key = [project, 'records', commit, environment, file].join('/')
  await place.store.put(key, Readable.from([`${JSON.stringify(entry, undefined, 2)}\n`]), AbortSignal.any([]))
}
