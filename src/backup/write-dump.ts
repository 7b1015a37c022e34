import { pipeline } from 'node:stream/promises'
import { ReleaseError } from '../errors.ts'
import { headerStream } from './archive-header.ts'
import type { Content, FingerprintPolicy } from './content.ts'
import type { RunningDump, SourceDatabase } from './dump.ts'
import { type Fingerprint, fingerprintStream } from './fingerprint-stream.ts'
import { gate } from './gate.ts'
import type { PutObject, Store } from './store.ts'

interface DumpWork {
  readonly source: SourceDatabase
  readonly store: Pick<Store, 'put'>
  readonly key: string
  readonly lockWaitTimeoutMs: number
  readonly fingerprint: FingerprintPolicy
  /** The most that the dump is likely to have. */
  readonly expectedBytes: number
  readonly signal: AbortSignal
  readonly onBytes: (sizeBytes: number) => void
}

/** A dump that `pg_dump` ended with 0 and the store accepted, and what was read beside it under its snapshot. */
export interface WrittenDump extends Fingerprint, Content, Omit<RunningDump, 'archive' | 'finished'> {
  readonly archiveVersion: string | undefined
  /** What `pg_dump` said, although it ended with 0. */
  readonly warnings: readonly string[]
  readonly stored: Pick<PutObject, 'etag' | 'versionId' | 'parts'>
}

/**
 * Streams a dump into the store, and reads beside it under the same snapshot what it holds. The object appears only
 * when `pg_dump` has ended with 0 and all was read; whatever fails stops the rest.
 */
export async function writeDump(work: DumpWork): Promise<WrittenDump> {
  const failed = new AbortController()
  const signal = AbortSignal.any([work.signal, failed.signal])
  const { archive, finished, ...dump } = await work.source.dump({ lockWaitTimeoutMs: work.lockWaitTimeoutMs, signal })
  const { stream, result } = fingerprintStream(work.onBytes)
  const header = headerStream()
  const reading = work.source.readContent(work.fingerprint)
  const gated = gate(Promise.all([finished, reading]))
  const flow = pipeline(archive, header.stream, stream, gated)
  flow.catch(() => {}) // what breaks the flow breaks the object too
  const stored = work.store.put(work.key, gated, signal, { expectedBytes: work.expectedBytes })
  try {
    const [content, { etag, versionId, parts }, warnings] = await Promise.all([reading, stored, finished])
    const told = { ...(etag && { etag }), ...(versionId && { versionId }), ...(parts && { parts }) }
    return { ...dump, ...result(), ...content, archiveVersion: header.version(), warnings, stored: told }
  } catch (error) {
    failed.abort()
    await stored.catch(() => {}) // until nothing of it is left in the store
    throw work.signal.aborted ? stopped(error) : error
  }
}

function stopped(cause: unknown): ReleaseError {
  return new ReleaseError('interrupted', 'The run was stopped in the middle of the dump; nothing of it was stored.', {
    hint: 'Run it again.',
    cause,
  })
}
