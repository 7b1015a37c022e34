import type { Verdict } from '../result.ts'
import { readRecord, recordKeyIn, recordPrefix, recordsNewestFirst, type UnreadableRecord } from './drill-record.ts'
import type { Store, StoredObject } from './store.ts'

/** A restore that somebody tried of a backup. */
export interface PastDrill {
  readonly recordKey: string
  readonly at: Date
  readonly verdict: Verdict
  /** What was shown of the backup; a later version may know further words. */
  readonly level: string | undefined
  /** Whether it was shown that the backup can be restored. */
  readonly restored: boolean
}

type Unreadable = Pick<UnreadableRecord, 'recordKey' | 'problem'>

export interface DrillHistory {
  /** The newest first. */
  readonly drills: readonly PastDrill[]
  /** Records that prove nothing: whoever tells of the drills tells of these too. */
  readonly unreadable: readonly Unreadable[]
}

/** The drills of one backup, by the key of its dump. */
export async function drillHistory(store: Store, dumpKey: string): Promise<DrillHistory> {
  return await readHistory(store, dumpKey, await store.list(recordPrefix(dumpKey)))
}

/** The drill that restored it last, if any did. */
export function lastRestore({ drills }: DrillHistory): PastDrill | undefined {
  return drills.find(({ restored }) => restored)
}

/** The first so many of these backups that were restored, and the records on the way that cannot be read. */
export async function firstRestored(
  store: Store,
  dumpKeys: readonly string[],
  objects: readonly StoredObject[],
  atMost: number,
): Promise<{ readonly restored: readonly string[]; readonly unreadable: readonly Unreadable[] }> {
  const restored: string[] = []
  const unreadable: Unreadable[] = []
  for (const dumpKey of dumpKeys) {
    if (restored.length >= atMost) break
    const history = await readHistory(store, dumpKey, objects)
    unreadable.push(...history.unreadable)
    if (lastRestore(history) !== undefined) restored.push(dumpKey)
  }
  return { restored, unreadable }
}

/** The key of the dump whose drill failed last, where that cancels an older drill that passed. */
export async function cancellingFailure(store: Store, objects: readonly StoredObject[]): Promise<string | undefined> {
  let failed: string | undefined
  for (const one of recordsNewestFirst(objects)) {
    const read = await readRecord(store, one)
    if (read === undefined) continue
    const verdict = 'problem' in read ? 'fail' : read.verdict // what cannot be read may be a failure
    if (verdict === 'pass') return failed
    if (verdict === 'fail') failed ??= read.dumpKey
  }
  return undefined
}

const provingLevels = ['restored', 'equal', 'usable']

async function readHistory(store: Store, dumpKey: string, objects: readonly StoredObject[]): Promise<DrillHistory> {
  const drills: PastDrill[] = []
  const unreadable: Unreadable[] = []
  for (const one of recordsNewestFirst(objects.filter(({ key }) => recordKeyIn(key)?.dumpKey === dumpKey))) {
    const read = await readRecord(store, one)
    if (read === undefined) continue
    const { recordKey } = read
    if ('problem' in read) {
      unreadable.push({ recordKey, problem: read.problem })
      continue
    }
    const { at, verdict, level } = read
    drills.push({ recordKey, at, verdict, level, restored: verdict === 'pass' && level !== undefined && provingLevels.includes(level) })
  }
  return { drills: drills.sort((a, b) => b.at.getTime() - a.at.getTime()), unreadable }
}
