import type { Readable } from 'node:stream'

export interface StoredObject {
  readonly key: string
  readonly sizeBytes: number
}

/** Where backups and records are kept, as the domain needs it: a bucket or a folder. */
export interface Store {
  /** How people know it; never holds a secret. */
  readonly description: string
  /**
   * Writes an object when, and only when, the source ends without an error; otherwise nothing of it appears.
   * Throws `backup-exists` when the key is taken.
   */
  put(key: string, source: Readable, signal: AbortSignal): Promise<StoredObject>
  /** Throws `backup-not-found` when the key does not exist. */
  get(key: string): Promise<Readable>
  head(key: string): Promise<StoredObject | undefined>
  /** Objects whose keys start with the prefix, in the order of their keys. */
  list(prefix: string): Promise<readonly StoredObject[]>
  delete(key: string): Promise<void>
}
