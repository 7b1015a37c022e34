import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { ReleaseError } from '../errors.ts'
import type { ObservedDuration } from '../migration/durations.ts'
import { plural } from '../units.ts'
import type { Store, StoredObject } from './store.ts'

/** What the records of a project say, and what of them could not be read. */
interface RecordedDurations {
  readonly observed: readonly ObservedDuration[]
  readonly problem: string | undefined
}

/** Older records say little of the data of today, and a store may hold the results of years. */
const mostRecords = 200
/** How many are read at once. */
const batchSize = 8
const largestBytes = 4 * 1024 * 1024

const record = z.object({
  command: z.literal('migrate'),
  environment: z.string(),
  release: z.string().optional(),
  finishedAt: z.iso.datetime(),
  /** Absent when the run was refused before it applied anything. */
  applied: z.array(z.object({ checksum: z.string().optional(), durationMs: z.number().nonnegative() })).default([]),
})

/**
 * Looks for these checksums in the results that `migrate` kept in the store, of all environments, the newest first,
 * until each was found or the signal fires. Throws what the store throws when it cannot be listed.
 */
export async function recordedDurations(
  store: Store,
  project: string,
  checksums: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<RecordedDurations> {
  const observed: ObservedDuration[] = []
  const missing = new Set(checksums)
  let unreadable = 0
  try {
    const records = newestRecords(await orAborted(store.list(`${project}/records/`), signal))
    for (let start = 0; start < records.length && missing.size > 0; start += batchSize) {
      const batch = await orAborted(Promise.all(records.slice(start, start + batchSize).map((one) => readRecord(store, one))), signal)
      for (const found of batch) {
        if (found === undefined) unreadable++
        for (const one of found ?? []) if (checksums.has(one.checksum)) observed.push(one)
      }
      for (const { checksum } of observed) missing.delete(checksum)
    }
  } catch (error) {
    if (!signal.aborted) throw error
    return { observed, problem: `${store.description} did not answer in time` }
  }
  return {
    observed,
    problem: unreadable === 0 ? undefined : `${store.description} holds ${plural(unreadable, 'record')} that cannot be read`,
  }
}

/** Keys begin with the commit, so that only their stamps tell their age. */
function newestRecords(objects: readonly StoredObject[]): readonly StoredObject[] {
  const stamped = objects.flatMap((object) => {
    const stamp = /\/(\d{8}T\d{6}Z)-migrate-[^/]*\.json$/.exec(object.key)?.[1]
    return stamp === undefined ? [] : [{ object, stamp }]
  })
  return stamped
    .sort((a, b) => (a.stamp < b.stamp ? 1 : a.stamp > b.stamp ? -1 : 0))
    .slice(0, mostRecords)
    .map(({ object }) => object)
}

/** `undefined` for one that cannot be read; empty for one that was deleted since it was listed. */
async function readRecord(store: Store, { key, sizeBytes }: StoredObject): Promise<readonly ObservedDuration[] | undefined> {
  if (sizeBytes > largestBytes) return undefined
  try {
    const { environment, release, finishedAt, applied } = record.parse(JSON.parse(await text(await store.get(key))))
    const at = new Date(finishedAt)
    return applied.flatMap(({ checksum, durationMs }) =>
      checksum === undefined ? [] : [{ checksum, durationMs, environment, release, at }],
    )
  } catch (error) {
    return error instanceof ReleaseError && error.code === 'backup-not-found' ? [] : undefined
  }
}

/** A store has no way to be told to stop; what it still answers afterwards is not awaited. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal })
  })
  work.catch(() => {}) // it may fail when nobody waits any more
  try {
    return await Promise.race([work, aborted])
  } finally {
    stop.abort()
  }
}
