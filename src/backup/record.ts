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
  readonly run: { readonly id: string; readonly attempt: string; readonly commit: string | undefined; readonly by?: RunStarter | undefined }
  readonly at: Date
}

/** Who and what started a run on GitHub. */
export interface RunStarter {
  readonly actor: string
  readonly actorId: string | undefined
  /** Another one where the run was started again. */
  readonly triggeringActor: string | undefined
  readonly event: string | undefined
}

/** Keeps a command's result in the store, under the commit that it ran for. Records are never overwritten. */
export async function keepResult(entry: CommandResult, place: RecordPlace): Promise<void> {
  const { project, environment, run, name } = place
  const file = `${compactStamp(place.at)}-${name}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`
  const key = recordsPrefix(project, run.commit ?? 'no-commit', environment) + file
  const record = { ...entry, run: { id: run.id, attempt: run.attempt, ...run.by } }
  await place.store.put(key, Readable.from([`${JSON.stringify(record, undefined, 2)}\n`]), AbortSignal.any([]))
}

/** What the keys of all results start with that ran for a commit in an environment. */
export function recordsPrefix(project: string, commit: string, environment: string): string {
  return `${[project, 'records', commit, environment].join('/')}/`
}
