import { pipeline } from 'node:stream/promises'
import { ReleaseError } from '../errors.ts'
import type { SourceDatabase } from './dump.ts'
import { type Fingerprint, fingerprintStream } from './fingerprint-stream.ts'
import { gate } from './gate.ts'
import type { Store } from './store.ts'

interface DumpWork {
  readonly source: SourceDatabase
  readonly store: Pick<Store, 'put'>
  readonly key: string
  readonly lockWaitTimeoutMs: number
  readonly signal: AbortSignal
  readonly onBytes: (sizeBytes: number) => void
}

/** A dump that `pg_dump` ended with 0 and the store accepted, and what was read beside it under its snapshot. */
export interface WrittenDump extends Fingerprint {
  readonly clientVersion: string
  readonly arguments: readonly string[]
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
  readonly ledgerHeads: readonly { readonly table: string; readonly head: string }[]
}

/**
 * Streams a dump into the store, and counts beside it under the same snapshot. The object appears only when
 * `pg_dump` has ended with 0 and the counts are there; whatever fails stops the rest.
 */
export async function writeDump(work: DumpWork): Promise<WrittenDump> {
  const failed = new AbortController()
  const signal = AbortSignal.any([work.signal, failed.signal])
  const { archive, finished, ...dump } = await work.source.dump({ lockWaitTimeoutMs: work.lockWaitTimeoutMs, signal })
  const { stream, result } = fingerprintStream(work.onBytes)
  const counts = count(work.source)
  const gated = gate(Promise.all([finished, counts]))
  const flow = pipeline(archive, stream, gated)
  flow.catch(() => {}) // what breaks the flow breaks the object too
  const stored = work.store.put(work.key, gated, signal)
  try {
    const [{ tables, ledgerHeads }] = await Promise.all([counts, stored])
    return { ...dump, ...result(), tables, ledgerHeads }
  } catch (error) {
    failed.abort()
    await stored.catch(() => {}) // until nothing of it is left in the store
    throw work.signal.aborted ? stopped(error) : error
  }
}

async function count(source: SourceDatabase): Promise<Pick<WrittenDump, 'tables' | 'ledgerHeads'>> {
  const counts = await source.countRows()
  return { tables: [...counts].map(([name, rows]) => ({ name, rows })), ledgerHeads: await source.ledgerHeads() }
}

function stopped(cause: unknown): ReleaseError {
  return new ReleaseError('interrupted', 'The run was stopped in the middle of the dump; nothing of it was stored.', {
    hint: 'Run it again.',
    cause,
  })
}
