import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { errorCodes, ReleaseError } from '../errors.ts'
import { checkSchema, type Verdict, verdicts } from '../result.ts'
import { compactStamp } from '../units.ts'
import type { Store, StoredObject } from './store.ts'

export const schemaName = 'shiplock/drill@1'

/** What a record's key says. */
interface RecordKey {
  readonly recordKey: string
  /** Of the dump that was restored. */
  readonly dumpKey: string
  /** The moment of its end, and the run: `20261121T140410Z-77.1`. */
  readonly id: string
}

/** A drill, as its record beside the dump tells it. */
export interface DrillRecord extends RecordKey {
  /** Its end, by the clock of its machine. */
  readonly at: Date
  /** A drill that could not be held to its end says nothing of the backup: `inconclusive`, whatever kept it. */
  readonly verdict: Verdict
  readonly reason: string
  /** The last of what was shown; a later version may know further words. */
  readonly level: string | undefined
  /** Everything that was shown. */
  readonly levels: readonly string[]
  readonly project: string | undefined
  readonly environment: string | undefined
  /** Of the backup; a dump of another tool has none. */
  readonly backupId: string | undefined
}

/** A record that lies in the store and proves nothing. */
export interface UnreadableRecord extends RecordKey {
  readonly problem: string
}

const keyPattern = /^(.+\.dump)\.drill-((\d{8}T\d{6}Z)-[^/]*)\.json$/
const largestBytes = 16 * 1024 * 1024

/** Where the records of one backup's drills begin. */
export function recordPrefix(dumpKey: string): string {
  return `${dumpKey}.drill-`
}

/** `undefined` for the key of anything else. */
export function recordKeyIn(key: string): RecordKey | undefined {
  const [, dumpKey, id] = keyPattern.exec(key) ?? []
  return dumpKey === undefined || id === undefined ? undefined : { recordKey: key, dumpKey, id }
}

/** The records among these objects, the newest end first. */
export function recordsNewestFirst(objects: readonly StoredObject[]): StoredObject[] {
  const idOf = ({ key }: StoredObject) => recordKeyIn(key)?.id
  return objects.filter((one) => idOf(one) !== undefined).sort((a, b) => ((idOf(a) ?? '') < (idOf(b) ?? '') ? 1 : -1))
}

/** No more than is needed: a record holds much that only people read. */
const recordSchema = z.object({
  schema: z.literal(schemaName),
  verdict: z.enum(verdicts),
  reason: z.string().catch(''),
  level: z.string().optional(),
  levels: z.array(z.string()).optional(),
  finishedAt: z.iso.datetime(),
  project: z.string().optional(),
  environment: z.string().optional(),
  error: z.string().optional(),
  checks: z.array(checkSchema.pick({ status: true })).catch([]),
  backup: z.object({ key: z.string(), id: z.string().optional() }),
})

/** `undefined` when it was deleted since it was listed. */
export async function readRecord(store: Store, { key, sizeBytes }: StoredObject): Promise<DrillRecord | UnreadableRecord | undefined> {
  const place = recordKeyIn(key)
  if (place === undefined) throw new Error(`${key} is not the key of a drill's record`)
  if (sizeBytes > largestBytes) return { ...place, problem: `it is larger than ${largestBytes / 1024 ** 2} MiB` }
  const content = await readText(store, key)
  if (content === undefined) return undefined
  const json = parse(content)
  if (json === undefined) return { ...place, problem: 'it is not JSON' }
  const read = recordSchema.safeParse(json)
  if (!read.success) {
    return { ...place, problem: `it is not a record of a drill: ${z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, ' ')}` }
  }
  const { backup, finishedAt, reason, level, levels, project, environment } = read.data
  const at = new Date(finishedAt)
  if (backup.key !== place.dumpKey) return { ...place, problem: `it is of another backup, ${backup.key}` }
  if (!place.id.startsWith(compactStamp(at)))
    return { ...place, problem: `it says that it ended at ${finishedAt}, and its key another moment` }
  return {
    ...place,
    at,
    verdict: verdictOf(read.data),
    reason,
    level,
    levels: levels ?? (level === undefined ? [] : [...new Set(['restored', level])]),
    project,
    environment,
    backupId: backup.id,
  }
}

/** A missing program or a wrong input fails the step, and shows nothing of the backup unless a check had failed before. */
function verdictOf({ verdict, error, checks }: z.output<typeof recordSchema>): Verdict {
  if (verdict !== 'fail' || error === undefined || checks.some(({ status }) => status === 'fail')) return verdict
  const exit = Object.hasOwn(errorCodes, error) ? errorCodes[error as keyof typeof errorCodes].exit : 'fault'
  return exit === 'fault' ? 'fail' : 'inconclusive'
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
