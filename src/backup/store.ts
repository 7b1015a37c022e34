import type { Readable } from 'node:stream'

export interface StoredObject {
  readonly key: string
  readonly sizeBytes: number
  /** What the store itself tells this content from another by; missing where a store has nothing of the kind. */
  readonly etag?: string
  /** Missing where the store keeps no versions. */
  readonly versionId?: string
}

interface PutOptions {
  /** The most that the object may hold, as far as anybody can tell: the size of an upload's parts depends on it. */
  readonly expectedBytes?: number
}

/** An object that was just written. */
export interface PutObject extends StoredObject {
  /** How an upload was divided; each part's checksum was compared with what the store says it has. Missing where nothing is divided. */
  readonly parts?: { readonly count: number; readonly sizeBytes: number }
}

/** Where backups and records are kept, as the domain needs it: a bucket or a folder. */
export interface Store {
  /** How people know it; never holds a secret. */
  readonly description: string
  /** The largest object that it takes; missing where only its disk says. */
  readonly largestBytes?: number
  /**
   * Writes an object when, and only when, the source ends without an error; otherwise nothing of it appears.
   * Throws `backup-exists` when the key is taken.
   */
  put(key: string, source: Readable, signal: AbortSignal, options?: PutOptions): Promise<PutObject>
  /** Throws `backup-not-found` when the key does not exist. */
  get(key: string): Promise<Readable>
  head(key: string): Promise<StoredObject | undefined>
  /** Objects whose keys start with the prefix, in the order of their keys. */
  list(prefix: string): Promise<readonly StoredObject[]>
  delete(key: string): Promise<void>
}
