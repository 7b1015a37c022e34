import { clockSkewMs } from '../backup/age.ts'
import { type DrillRecord, readRecord, recordKeyIn, recordsNewestFirst, type UnreadableRecord } from '../backup/drill-record.ts'
import { type BackupScope, backupsPrefix, isManifestKey, manifestKeyOf, mayBeOfDatabase } from '../backup/key.ts'
import { type Manifest, readManifest } from '../backup/manifest.ts'
import { type LiveDatabase, otherDatabase } from '../backup/same-database.ts'
import type { Store } from '../backup/store.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import { compactStamp, formatDuration } from '../units.ts'
import { oneLine } from '../visible-text.ts'

/** What `require-drill` asks for. */
export interface DrillRequirement {
  readonly level: 'restored' | 'equal' | 'usable'
  readonly maxAgeMs: number
}

/** What a drill is measured by. */
export interface DrillMeasure extends LiveDatabase {
  /** By the database's own clock. */
  readonly now: Date
}

/** The drill that a run may rely upon, or why there is none. */
export interface DrillSearch {
  readonly found: { readonly drill: DrillRecord; readonly ageMs: number } | undefined
  /** The newest that does not count, and the one that ended the search, if it is another. */
  readonly refused: readonly RefusedDrill[]
  /** Whether there is anything to drill. */
  readonly hasBackups: boolean
}

interface RefusedDrill {
  readonly name: string
  readonly problem: string
}

/** Either it is passed over, or nothing that is older counts. */
interface Judged {
  readonly problem: string
  readonly isLast: boolean
}

/**
 * Walks the drills of an environment, the newest first, to the first that says something of this database's backups. That one
 * decides: a drill that failed cancels those before it, one that could not be held does not.
 */
export async function searchDrill(store: Store, scope: BackupScope, asked: DrillRequirement, measure: DrillMeasure): Promise<DrillSearch> {
  const objects = await store.list(backupsPrefix(scope))
  const hasBackups = objects.some(({ key }) => isManifestKey(key))
  const tooOld = compactStamp(new Date(measure.now.getTime() - asked.maxAgeMs))
  let newest: RefusedDrill | undefined
  for (const one of recordsNewestFirst(objects)) {
    if (newest !== undefined && (recordKeyIn(one.key)?.id ?? '') < tooOld) break // the rest is older still
    const record = await readRecord(store, one)
    if (record === undefined) continue
    const judged = await judge(record, scope, asked, measure, store)
    if (judged === undefined) {
      const drill = record as DrillRecord
      return {
        found: { drill, ageMs: measure.now.getTime() - drill.at.getTime() },
        refused: newest === undefined ? [] : [newest],
        hasBackups,
      }
    }
    const refused = { name: nameOf(record), problem: judged.problem }
    if (judged.isLast) return { found: undefined, refused: newest === undefined ? [refused] : [newest, refused], hasBackups }
    newest ??= refused
  }
  return { found: undefined, refused: newest === undefined ? [] : [newest], hasBackups }
}

async function judge(
  record: DrillRecord | UnreadableRecord,
  scope: BackupScope,
  asked: DrillRequirement,
  measure: DrillMeasure,
  store: Store,
): Promise<Judged | undefined> {
  const last = (problem: string): Judged => ({ problem, isLast: true })
  const over = (problem: string): Judged => ({ problem, isLast: false })
  // what cannot be read may be a failure
  const mayBeOurs = mayBeOfDatabase(record.dumpKey, measure.database)
  if ('problem' in record) return { problem: `its record ${record.recordKey} cannot be read: ${record.problem}`, isLast: mayBeOurs }
  const { verdict, reason, at, levels } = record
  if (verdict === 'inconclusive') return over(`it could not tell: ${oneLine(reason)}`)
  const failed = `it failed: ${oneLine(reason)}`
  const manifest = await manifestOf(record, store)
  if (typeof manifest === 'string') return { problem: verdict === 'fail' ? failed : manifest, isLast: verdict === 'fail' && mayBeOurs }
  const other = otherDatabase(manifest, measure)
  if (other !== undefined) return over(`${other.replace(/^it is/, 'its backup is')}`)
  if (verdict === 'fail') return last(failed)
  const place = { project: record.project ?? scope.project, environment: record.environment ?? scope.environment }
  if (place.project !== scope.project || place.environment !== scope.environment) {
    return over(`it was held as ${place.project}, environment ${place.environment}`)
  }
  const ageMs = measure.now.getTime() - at.getTime()
  if (ageMs < -clockSkewMs) return over('its end lies in the future')
  if (ageMs > asked.maxAgeMs) return last(`it is too old: ${formatDuration(ageMs)}, where ${formatDuration(asked.maxAgeMs)} is the limit`)
  if (levels.includes(asked.level)) return undefined
  return last(`it shows ${levels.length === 0 ? 'nothing' : `no more than ${levels.join(' and ')}`} of its backup, not ${asked.level}`)
}

/** A text says why nobody can tell which database was drilled. */
async function manifestOf({ dumpKey }: DrillRecord, store: Store): Promise<Manifest | string> {
  try {
    return (await readManifest(store, manifestKeyOf(dumpKey))).manifest
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    if (error.code === 'backup-not-found')
      return 'its backup has no manifest in the store any more, so nothing tells which database it is of'
    if (error.code === 'backup-damaged') return `the manifest of its backup cannot be used: ${messageOf(error).replace(/\.$/, '')}`
    throw error
  }
}

function nameOf(record: DrillRecord | UnreadableRecord): string {
  const backup = 'problem' in record ? undefined : record.backupId
  return `${record.id} of the backup ${backup ?? record.dumpKey}`
}

const wanted: Readonly<Record<DrillRequirement['level'], string>> = {
  restored: 'that it can be restored',
  equal: 'that it is equal to what was dumped',
  usable: 'that it is usable',
}

const advice: Readonly<Record<DrillRequirement['level'], string>> = {
  restored: '',
  equal: ' A backup made with fingerprint: full is sure to show equal.',
  usable: ' usable needs smoke queries (smoke).',
}

/** Says what was looked for, what there is, and what to type. */
export function drillRequired({ level, maxAgeMs }: DrillRequirement, looked: DrillSearch, { environment }: BackupScope): ReleaseError {
  const asked = `require-drill asks for a drill of a backup of this very database, at most ${formatDuration(maxAgeMs)} old, that shows ${wanted[level]}`
  const drill = `shiplock restore-drill --environment ${environment}`
  const commands = looked.hasBackups ? drill : `shiplock backup --environment ${environment}, then ${drill}`
  return new ReleaseError('drill-required', `${asked}. ${describeSearch(looked)}`, {
    hint: `Type: ${commands}.${advice[level]} Then run the same command again; nothing was changed. To go on without it this once: --waive drill --reason "…".`,
  })
}

function describeSearch({ refused: [newest, deciding] }: DrillSearch): string {
  if (newest === undefined) return 'The store holds no record of one in this environment.'
  const before =
    deciding === undefined ? '' : ` Nor does the one that decides before it, ${deciding.name}: ${withoutStop(deciding.problem)}.`
  return `The newest, ${newest.name}, does not count: ${withoutStop(newest.problem)}.${before}`
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}
