import { z } from 'zod'
import { type BackupScope, backupsPrefix } from '../backup/key.ts'
import type { Store } from '../backup/store.ts'
import { messageOf } from '../errors.ts'

/** A drill of the past, as its record beside the backup tells it. */
export interface EarlierDrill {
  readonly at: string
  readonly verdict: string
  readonly level: string | undefined
  readonly recoveryTimeMs: number | undefined
  readonly sizeBytes: number | undefined
  readonly machine: Machine | undefined
}

export interface Machine {
  readonly cpus: number
  readonly memoryBytes: number
}

interface EarlierDrills {
  /** The oldest first. */
  readonly drills: readonly EarlierDrill[]
  /** Why there may be more than these. */
  readonly problem?: string
}

/** What of a record is needed here. */
const recordSchema = z.object({
  schema: z.literal('shiplock/drill@1'),
  finishedAt: z.iso.datetime(),
  verdict: z.string(),
  level: z.string().optional(),
  recoveryTimeMs: z.number().nonnegative().optional(),
  backup: z.object({ sizeBytes: z.number().nonnegative().optional() }).optional(),
  machine: z.object({ cpus: z.number(), memoryBytes: z.number() }).optional(),
  environment: z.string().optional(),
  project: z.string().optional(),
})

const recordKey = /\.drill-(\d{8}T\d{6}Z)-[^/]*\.json$/
const mostDrills = 20
const largestBytes = 4 * 1024 * 1024
const batchSize = 5

/**
 * The newest drills of an environment, from the records beside its backups and, for a dump that another tool left in the
 * store, beside its neighbours. What cannot be read is told, and is no error: the drill itself does not depend on it.
 */
export async function readEarlierDrills(store: Store, scope: BackupScope, foreignKey: string | undefined): Promise<EarlierDrills> {
  try {
    const prefixes = [backupsPrefix(scope), ...(foreignKey?.includes('/') ? [`${foreignKey.split('/')[0]}/`] : [])]
    const keys = new Set<string>()
    for (const prefix of prefixes) for (const { key } of await store.list(prefix)) if (recordKey.test(key)) keys.add(key)
    const newest = [...keys].sort(byStamp).slice(-mostDrills)
    return await readRecords(store, scope, newest)
  } catch (error) {
    return { drills: [], problem: `The records of earlier drills cannot be listed: ${messageOf(error)}` }
  }
}

async function readRecords(store: Store, scope: BackupScope, keys: readonly string[]): Promise<EarlierDrills> {
  const drills: EarlierDrill[] = []
  const problems: string[] = []
  for (let start = 0; start < keys.length; start += batchSize) {
    await Promise.all(keys.slice(start, start + batchSize).map(read))
  }
  drills.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const [problem] = problems
  return problem === undefined
    ? { drills }
    : { drills, problem: `${problems.length} of ${keys.length} records of earlier drills cannot be read: ${problem}` }

  async function read(key: string): Promise<void> {
    try {
      const record = recordSchema.parse(JSON.parse(await readText(store, key)))
      if ((record.environment ?? scope.environment) !== scope.environment || (record.project ?? scope.project) !== scope.project) return
      const { finishedAt: at, verdict, level, recoveryTimeMs, machine, backup } = record
      drills.push({ at, verdict, level, recoveryTimeMs, machine, sizeBytes: backup?.sizeBytes })
    } catch (error) {
      problems.push(`${key}: ${error instanceof z.ZodError ? 'it is no record of a drill' : messageOf(error)}`)
    }
  }
}

async function readText(store: Store, key: string): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of await store.get(key)) {
    sizeBytes += chunk.length
    if (sizeBytes > largestBytes) throw new Error('it is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function byStamp(a: string, b: string): number {
  const [stampA = '', stampB = ''] = [recordKey.exec(a)?.[1], recordKey.exec(b)?.[1]]
  return stampA < stampB ? -1 : stampA > stampB ? 1 : 0
}
