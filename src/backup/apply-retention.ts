import { messageOf, ReleaseError, systemCode } from '../errors.ts'
import { compactStamp } from '../units.ts'
import { cancellingFailure, firstRestored } from './drill-history.ts'
import { recordKeyIn } from './drill-record.ts'
import { isUsable } from './find-backup.ts'
import { type BackupScope, backupsPrefix, dumpKey, dumpKeyOf, isManifestKey, keyLabel, mayBeOfDatabase, stampIn } from './key.ts'
import { backupsNewestFirst } from './list-backups.ts'
import type { Manifest, StoredBackup } from './manifest.ts'
import { type KeptBackup, planRetention, type RetentionPolicy, whyWithheld } from './retention.ts'
import type { Leftover, RemovedBackup, RetentionReport } from './retention-report.ts'
import { groupByStem, type StemGroup } from './stems.ts'
import type { Store, StoredObject } from './store.ts'

export interface RetentionWork {
  readonly store: Store
  /** As it was read back from the store: its class and its database are those that retention is about. */
  readonly made: StoredBackup
  /** Whether it was proved at the level that was asked for. */
  readonly proved: boolean
  readonly policy: RetentionPolicy
  readonly mode: RetentionReport['mode']
  readonly now: Date
  readonly signal: AbortSignal
}

/** So many of the newest backups that a drill restored are never deleted. */
const restoredKept = 2
/** A dump without a manifest may be one that a run is still reading back. */
const leftoverAfterMs = 7 * 86_400_000

/**
 * Deletes, or lists, the backups that need not be kept any more. A backup that was made is one whatever becomes of
 * this: a store that refuses is told in the report, not thrown.
 */
export async function applyRetention(work: RetentionWork): Promise<RetentionReport> {
  const { manifest } = work.made
  const nothing: RetentionReport = {
    mode: work.mode,
    class: manifest.class,
    database: manifest.source.database,
    notChecked: whyWithheld(work.policy),
    removed: [],
    kept: 0,
    keptBecause: [],
    leftovers: [],
    warnings: [],
    remaining: [],
  }
  if (nothing.notChecked !== undefined) return nothing
  try {
    return { ...nothing, ...(await decideAndDelete(work)) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { ...nothing, notChecked: `the store could not be read: ${messageOf(error)}` }
  }
}

async function decideAndDelete(work: RetentionWork): Promise<Partial<RetentionReport>> {
  const { store, made, mode, policy, proved } = work
  const { manifest } = made
  const scope = { project: manifest.project, environment: manifest.environment, class: manifest.class }
  const objects = await store.list(backupsPrefix(scope))
  const groups = groupByStem(objects, scope).filter(({ database }) => database === keyLabel(manifest.source.database))
  const found = await readBackups(store, scope, objects, manifest)
  const { restored, unreadable } = await firstRestored(store, dumpKeysNewestFirst(objects, manifest), objects, restoredKept)
  const kept = { restored: new Set(restored), cancelling: await failedLast(store, objects, manifest) }
  const plan = planRetention({ ...work, ...kept, policy, backups: found.backups, made: manifest.object.key, proved })
  const deleter = new Deleter(work)
  const removed: RemovedBackup[] = []
  for (const { backup, why } of plan.remove) {
    const group = groups.find((one) => one.dumpKey === backup.key)
    if (group === undefined || !(await deleter.remove(group))) continue
    removed.push({ key: backup.key, snapshotAt: backup.snapshotAt.toISOString(), sizeBytes: sizeOf(group), why })
  }
  const leftovers: Leftover[] = []
  for (const group of leftoversIn(groups, work)) {
    const gone = proved && mode === 'apply' && (await deleter.remove(group))
    leftovers.push({ key: group.dumpKey, sizeBytes: sizeOf(group), removed: gone })
  }
  const reasons = [...plan.keep.map(({ why }) => why), ...found.unclear.map(({ why }) => why)]
  return {
    removed,
    leftovers,
    kept: reasons.length,
    keptBecause: [...new Set(reasons)].map((why) => ({ why, count: reasons.filter((one) => one === why).length })),
    warnings: [
      ...found.unclear.map(({ key, problem }) => `${key} is kept: ${problem}`),
      ...unreadable.map(({ recordKey, problem }) => `${recordKey} does not count as a restore: ${problem}`),
      ...deleter.warnings,
    ],
    remaining: deleter.remaining,
  }
}

interface Found {
  readonly backups: KeptBackup[]
  /** Those that nobody can judge: they stay. */
  readonly unclear: { readonly key: string; readonly why: string; readonly problem: string }[]
}

async function readBackups(
  store: Store,
  scope: BackupScope & { readonly class: string },
  objects: readonly StoredObject[],
  { source }: Manifest,
): Promise<Found> {
  const sizes = new Map(objects.map(({ key, sizeBytes }) => [key, sizeBytes]))
  const backups: KeptBackup[] = []
  const unclear: Found['unclear'] = []
  for await (const one of backupsNewestFirst(store, scope, { class: scope.class, database: source.database, ahead: 8, objects })) {
    if (!('manifest' in one)) {
      unclear.push({ key: one.manifestKey, why: 'its manifest cannot be used', problem: one.problem })
    } else if (one.manifest.source.database === source.database) {
      const { object } = one.manifest
      if (object.key === keyOf(one.manifest)) backups.push(keptBackup(one.manifest, sizes.get(object.key)))
      else unclear.push({ key: object.key, why: 'its key is not one that backup makes', problem: 'its key is not one that backup makes' })
    }
  }
  return { backups, unclear }
}

/** A manifest whose dump is gone, or of another size, protects nothing. */
function keptBackup(manifest: Manifest, storedBytes: number | undefined): KeptBackup {
  const { object, dump } = manifest
  const usable = isUsable(manifest) && storedBytes === object.sizeBytes
  return { key: object.key, snapshotAt: new Date(dump.snapshotAt), sizeBytes: object.sizeBytes, usable }
}

function keyOf(manifest: Manifest): string {
  return dumpKey({ ...manifest, database: manifest.source.database, at: new Date(manifest.dump.snapshotAt) })
}

function dumpKeysNewestFirst(objects: readonly StoredObject[], { source }: Manifest): string[] {
  const keys = objects.map(({ key }) => key).filter((key) => isManifestKey(key) && mayBeOfDatabase(key, source.database))
  const moment = (key: string) => stampIn(key) ?? ''
  return keys.sort((a, b) => (moment(a) < moment(b) ? 1 : -1)).map(dumpKeyOf)
}

/** A failure that went with its backup would bring an older success back to life. */
async function failedLast(store: Store, objects: readonly StoredObject[], { source }: Manifest): Promise<string | undefined> {
  const ours = objects.filter(({ key }) => mayBeOfDatabase(recordKeyIn(key)?.dumpKey ?? key, source.database))
  return cancellingFailure(store, ours)
}

/** What a killed run left, or a delete that was broken off: never a backup, since its manifest comes last and goes first. */
function leftoversIn(groups: readonly StemGroup[], { made, now }: RetentionWork): StemGroup[] {
  const today = Math.min(now.getTime(), Date.parse(made.manifest.dump.snapshotAt))
  const before = compactStamp(new Date(today - leftoverAfterMs))
  return groups.filter(({ hasManifest, stamp }) => !hasManifest && stamp < before)
}

/** Deletes until the store refuses for the first time; from then on it only counts what remains. */
class Deleter {
  readonly warnings: string[] = []
  readonly remaining: string[] = []
  readonly #work: RetentionWork

  constructor(work: RetentionWork) {
    this.#work = work
  }

  /** Whether all of it is gone, or would go. */
  async remove({ objects }: StemGroup): Promise<boolean> {
    const { mode, store, signal } = this.#work
    if (mode === 'dry-run') return true
    const keys = objects.map(({ key }) => key)
    while (keys[0] !== undefined && this.warnings.length === 0) {
      try {
        signal.throwIfAborted()
        await store.delete(keys[0])
        keys.shift()
      } catch (error) {
        if (!signal.aborted && !isRefusal(error)) throw error
        const problem = signal.aborted ? 'the run was stopped' : messageOf(error)
        this.warnings.push(`retention stopped at ${keys[0]}, and nothing more was deleted: ${problem}`)
      }
    }
    this.remaining.push(...keys)
    return keys.length === 0
  }
}

function sizeOf({ objects }: StemGroup): number {
  return objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** A store or a network may keep us from it; anything else that is thrown is a bug. */
function isRefusal(error: unknown): boolean {
  return error instanceof ReleaseError || systemCode(error) !== undefined
}
