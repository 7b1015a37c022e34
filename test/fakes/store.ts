import { addAbortSignal, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Store } from '../../src/backup/store.ts'
import { checkStoreKey } from '../../src/backup/store-key.ts'
import { ReleaseError } from '../../src/errors.ts'

/** A store in memory, whose objects a test may damage. */
export interface MemoryStore extends Store {
  readonly objects: Map<string, Buffer>
}

/** Names of the operations on a store and the keys that they were about, in their order. */
export function watched(store: MemoryStore): { store: MemoryStore; calls: string[] } {
  const calls: string[] = []
  const watch = (name: 'get' | 'head' | 'list' | 'delete') => (key: string) => {
    calls.push(`${name} ${key}`)
    return store[name](key) as never
  }
  return { calls, store: { ...store, get: watch('get'), head: watch('head'), list: watch('list'), delete: watch('delete') } }
}

export function memoryStore(): MemoryStore {
  const objects = new Map<string, Buffer>()
  const refuseExisting = (key: string) => {
    if (objects.has(key)) throw new ReleaseError('backup-exists', `${key} exists.`)
  }
  return {
    description: 'memory',
    objects,

    async put(key, source, signal) {
      source.on('error', () => {})
      try {
        checkStoreKey(key)
        refuseExisting(key)
        signal.throwIfAborted()
        const bytes = await buffer(addAbortSignal(signal, source))
        refuseExisting(key)
        objects.set(key, bytes)
        return { key, sizeBytes: bytes.length }
      } finally {
        source.destroy()
      }
    },

    async get(key) {
      checkStoreKey(key)
      const bytes = objects.get(key)
      if (bytes === undefined) throw new ReleaseError('backup-not-found', `There is no ${key}.`)
      return Readable.from(pieces(bytes), { objectMode: false })
    },

    async head(key) {
      checkStoreKey(key)
      const bytes = objects.get(key)
      return bytes === undefined ? undefined : { key, sizeBytes: bytes.length }
    },

    async list(prefix) {
      if (prefix.includes('/')) checkStoreKey(prefix.slice(0, prefix.lastIndexOf('/')))
      return [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, bytes]) => ({ key, sizeBytes: bytes.length }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
    },

    async delete(key) {
      checkStoreKey(key)
      objects.delete(key)
    },
  }
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}
