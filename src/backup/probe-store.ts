import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { messageOf, ReleaseError } from '../errors.ts'
import { keyLabel } from './key.ts'
import type { Store } from './store.ts'

/**
 * Writes, reads, lists and deletes a small object: a store that cannot be used is found before the dump, not after
 * it. Nothing is left of the object, unless it could not be deleted.
 */
export async function probeStore(store: Store, project: string, signal: AbortSignal): Promise<void> {
  const written = randomBytes(16).toString('hex')
  const key = `${keyLabel(project)}/.probe/${written}`
  const source = Readable.from([Buffer.from(written)])
  await step('could not be written', store.put(key, source, signal))
  try {
    await Promise.all([
      step('was written, but could not be read back', readBack(store, key, written)),
      step('was written, but the store could not be listed', findListed(store, key)),
    ])
  } catch (error) {
    await store.delete(key).catch(() => {}) // what failed first is the error to report
    throw error
  }
  await step(`was written and read, but could not be deleted, and stays as ${key}`, store.delete(key))
}

async function readBack(store: Store, key: string, written: string): Promise<void> {
  if ((await text(await store.get(key))) === written) return
  throw new ReleaseError('invalid-store', `${store.description} does not give back what was written to it.`, {
    hint: 'Name another store.',
  })
}

async function findListed(store: Store, key: string): Promise<void> {
  const found = await store.list(key)
  if (found.some((object) => object.key === key)) return
  throw new ReleaseError('invalid-store', `${store.description} does not list what was written to it.`, {
    hint: 'Name a store that lists its objects at once; one that gives copies, such as a CDN, is not fit.',
  })
}

async function step<T>(outcome: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    const { hint } = error
    throw new ReleaseError(error.code, `A probe object ${outcome}: ${messageOf(error)}\nNothing was dumped.`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    })
  }
}
