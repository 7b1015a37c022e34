import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Store, StoredObject } from '../backup/store.ts'
import { ReleaseError } from '../errors.ts'
import { type Verdict, verdicts } from '../result.ts'
import { schemaName } from './record.ts'

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

export interface UnreadableRecord {
  readonly recordKey: string
  readonly problem: string
}

export interface DrillHistory {
  /** The newest first. */
  readonly drills: readonly PastDrill[]
  /** Records that prove nothing: whoever tells of the drills tells of these too. */
  readonly unreadable: readonly UnreadableRecord[]
}

/** The drills of one backup, by the key of its dump. */
export async function drillHistory(store: Store, dumpKey: string): Promise<DrillHistory> {
  return await readHistory(store, dumpKey, await store.list(`${dumpKey}${recordStart}`))
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
): Promise<{ readonly restored: readonly string[]; readonly unreadable: readonly UnreadableRecord[] }> {
  const restored: string[] = []
  const unreadable: UnreadableRecord[] = []
  for (const dumpKey of dumpKeys) {
    if (restored.length >= atMost) break
    const history = await readHistory(store, dumpKey, objects)
    unreadable.push(...history.unreadable)
    if (lastRestore(history) !== undefined) restored.push(dumpKey)
  }
  return { restored, unreadable }
}

const recordStart = '.drill-'
const stampOf = (recordKey: string) => /\.drill-(\d{8}T\d{6}Z)-[^/]*\.json$/.exec(recordKey)?.[1] ?? ''
const largestBytes = 16 * 1024 * 1024
const provingLevels = ['restored', 'equal', 'usable']

/** No more than is needed: a record holds much that only people read. */
const record = z.object({
  schema: z.literal(schemaName),
  verdict: z.enum(verdicts),
  level: z.string().optional(),
  finishedAt: z.iso.datetime(),
  backup: z.object({ key: z.string() }),
})

async function readHistory(store: Store, dumpKey: string, objects: readonly StoredObject[]): Promise<DrillHistory> {
  const found = objects.filter(({ key }) => key.startsWith(`${dumpKey}${recordStart}`) && key.endsWith('.json'))
  const drills: PastDrill[] = []
  const unreadable: UnreadableRecord[] = []
  const newestFirst = found.sort((a, b) => (stampOf(a.key) < stampOf(b.key) ? 1 : -1))
  for (const one of newestFirst) {
    const read = await readRecord(store, dumpKey, one)
    if (typeof read === 'string') unreadable.push({ recordKey: one.key, problem: read })
    else if (read !== undefined) drills.push(read)
  }
  return { drills: drills.sort((a, b) => b.at.getTime() - a.at.getTime()), unreadable }
}

/** The problem of one that cannot be read; `undefined` when it was deleted since it was listed. */
async function readRecord(store: Store, dumpKey: string, { key, sizeBytes }: StoredObject): Promise<PastDrill | string | undefined> {
  if (sizeBytes > largestBytes) return `it is larger than ${largestBytes / 1024 ** 2} MiB`
  const content = await readText(store, key)
  if (content === undefined) return undefined
  const json = parse(content)
  if (json === undefined) return 'it is not JSON'
  const read = record.safeParse(json)
  if (!read.success) return `it is not a record of a drill: ${z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, ' ')}`
  const { verdict, level, finishedAt, backup } = read.data
  if (backup.key !== dumpKey) return `it is of another backup, ${backup.key}`
  const restored = verdict === 'pass' && level !== undefined && provingLevels.includes(level)
  return { recordKey: key, at: new Date(finishedAt), verdict, level, restored }
}

async function readText(store: Store, key: string): Promise<string | undefined> {
  try {
    return await text(await store.get(key))
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'backup-not-found') return undefined
    throw error
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
