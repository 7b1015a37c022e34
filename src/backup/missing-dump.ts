import { formatSize } from '../units.ts'
import type { Manifest } from './manifest.ts'
import type { Store } from './store.ts'

/** Why a manifest describes no dump that is there: it outlives its dump where somebody, or a rule of the store, deletes by name. */
export async function missingDump({ object }: Manifest, store: Pick<Store, 'head'>): Promise<string | undefined> {
  const stored = await store.head(object.key)
  if (stored === undefined) return 'its dump is not in the store any more'
  if (stored.sizeBytes === object.sizeBytes) return undefined
  return `its dump has ${formatSize(stored.sizeBytes)} in the store, where ${formatSize(object.sizeBytes)} were written`
}
