import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ReleaseError } from '../errors.ts'
import { keyLabel } from './key.ts'
import type { Store } from './store.ts'

/** Writes, reads and deletes a small object: a store that cannot be used is found before the dump, not after it. */
export async function probeStore(store: Store, project: string, signal: AbortSignal): Promise<void> {
  const written = randomBytes(16).toString('hex')
  const key = `${keyLabel(project)}/.probe/${written}`
  await store.put(key, Readable.from([Buffer.from(written)]), signal)
  const found = await text(await store.get(key))
  await store.delete(key)
  if (found === written) return
  throw new ReleaseError('invalid-store', `${store.description} does not give back what was written to it.`, {
    hint: 'Nothing was dumped. Name another store.',
  })
}
