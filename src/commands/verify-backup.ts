import { clockSkewMs } from '../backup/age.ts'
import { checkMade, type FoundBackup, findBackup, newestBackup } from '../backup/find-backup.ts'
import { stampIn } from '../backup/key.ts'
import { inspect, type Shown } from '../backup/read-back.ts'
import { checkRestored, type LastDrill, lastDrill } from '../drill/last-drill.ts'
import { ReleaseError } from '../errors.ts'
import type { Check } from '../result.ts'
import { compactStamp, formatDuration, formatMoment, formatSize } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { withHeartbeat } from './heartbeat.ts'
import { storePlace } from './store-place.ts'
import { checkLive, liveInputNames, readLive } from './verify-live.ts'

export default defineCommand({
  summary: 'Show that a stored backup is there, whole, fresh and of this environment; with a database also that it is of that one.',
  inputs: ['store', 'key', 'max-backup-age', 'level', 'pg-bin-dir', 'install-tools', ...liveInputNames],
  optional: ['database-url'],
  positional: 'key',
  outputs: {
    id: 'Id of the backup.',
    level: 'What was shown of the stored bytes: landed or read-back.',
    sha256: 'SHA-256 of the dump, as the manifest has it.',
    'size-bytes': 'Size of the dump in bytes.',
    'age-seconds': 'Age of the snapshot in seconds.',
  },

  async run(inputs, context): Promise<Outcome> {
    const live = await readLive(inputs, context) // before gigabytes are read: a database that was given must answer
    const store = await context.openStore(inputs.store)
    const backup = inputs.key === undefined ? await newestBackup(store, context) : await findBackup(store, context, inputs.key)
    for (const { manifestKey, problem } of backup.ignored) context.log.warn(`passed over ${manifestKey}: ${problem}`)
    const { object, dump, tables, extensionTables } = backup.manifest
    context.log.info(`looking at ${object.key} (${formatSize(object.sizeBytes)}, snapshot ${formatMoment(dump.snapshotAt)})`)
    const tools = { binDir: inputs['pg-bin-dir'], install: inputs['install-tools'], major: Number.parseInt(dump.clientVersion, 10) }
    const shown = await withHeartbeat(
      context,
      () => `reading ${formatSize(object.sizeBytes)} back`,
      () =>
        inspect(
          store,
          { ...object, tables, extensionTables },
          inputs.level,
          (archive) => context.decodeArchive(archive, tools),
          context.signal,
        ),
    )
    const ageMs = (live?.now ?? context.clock.now()).getTime() - Date.parse(dump.snapshotAt)
    const drilled = await lastDrill(store, object.key)
    const checks = [
      ...shown.checks,
      ...checkMade(backup.manifest),
      checkFresh(ageMs, inputs['max-backup-age']),
      checkEnvironment(backup, context),
      ...checkLive(backup.manifest, live),
      ...checkNewest(backup),
      checkRestored(drilled),
    ]
    const outcome = outcomeOf(backup, shown, checks, ageMs, store.description)
    return {
      ...outcome,
      details: { ...outcome.details, ...drillDetail(drilled) },
      reason: outcome.reason + storePlace(inputs.store, context),
    }
  },
})

/** A backup that failed a check when it was made stays one that failed, however whole its bytes are. */
function checkFresh(ageMs: number, limitMs: number | undefined): Check {
  const value = formatDuration(Math.max(0, ageMs))
  if (ageMs < -clockSkewMs)
    return { id: 'fresh', status: 'fail', value: formatDuration(-ageMs), message: 'its snapshot lies in the future' }
  if (limitMs === undefined) return { id: 'fresh', status: 'not-checked', value, message: 'max-backup-age is not set' }
  const limit = formatDuration(limitMs)
  return ageMs <= limitMs
    ? { id: 'fresh', status: 'pass', value, limit }
    : { id: 'fresh', status: 'fail', value, limit, message: 'it is too old' }
}

function checkEnvironment({ manifest }: FoundBackup, { project, environment }: Context): Check {
  const value = `${manifest.project}/${manifest.environment}`
  const limit = `${project}/${environment}`
  if (value === limit) return { id: 'environment', status: 'pass', value }
  return { id: 'environment', status: 'fail', value, limit, message: 'it is of another project or environment' }
}

/** A newer manifest that cannot be read means that the newest backup is not the one that was found. */
function checkNewest({ manifest, ignored }: FoundBackup): Check[] {
  const found = compactStamp(new Date(manifest.dump.snapshotAt))
  const newer = ignored.filter(({ manifestKey }) => (stampIn(manifestKey) ?? found) >= found)
  if (newer.length === 0) return []
  return [
    {
      id: 'newest',
      status: 'fail',
      value: newer.length,
      limit: 0,
      message: `a newer manifest cannot be used: ${newer.map((one) => one.manifestKey).join(', ')}`,
    },
  ]
}

/** What the newest drill that decides has shown, for a report. */
function drillDetail({ drill }: LastDrill) {
  if (drill === undefined || 'problem' in drill) return {}
  const { recordKey, at, verdict, levels } = drill
  return { drill: { record: recordKey, at: at.toISOString(), verdict, levels } }
}

function outcomeOf(backup: FoundBackup, shown: Shown, checks: readonly Check[], ageMs: number, store: string): Outcome {
  const { manifest, manifestKey, manifestSha256, ignored } = backup
  const common = {
    checks,
    outputs: {
      id: manifest.id,
      level: shown.level,
      sha256: manifest.object.sha256,
      'size-bytes': manifest.object.sizeBytes,
      'age-seconds': Math.max(0, Math.round(ageMs / 1000)),
    },
    details: { store, manifestKey, manifestSha256, manifest, ignored },
  }
  const failed = checks.filter(({ status }) => status === 'fail')
  if (failed.length > 0) return { ...common, ...describeFaults(failed, manifest.object.key) }
  if (shown.hindrance !== undefined) {
    return { ...common, verdict: 'inconclusive', reason: `The backup is in the store, but could not be read back: ${shown.hindrance}` }
  }
  const what =
    shown.level === 'landed' ? 'is in the store with its full size; its bytes were not read back' : 'was read back and decoded to its end'
  return { ...common, verdict: 'pass', reason: `${manifest.id} ${what}.` }
}

function describeFaults(failed: readonly Check[], key: string): Pick<Outcome, 'verdict' | 'reason' | 'error'> {
  const damaged = failed.some(({ id }) => ['landed', 'sha256', 'decoded', 'archive-rows'].includes(id))
  const problems = failed.map(({ message }) => message).join('; ')
  const error = new ReleaseError(damaged ? 'backup-damaged' : 'backup-failed', `${key}: ${problems}.`, {
    hint: damaged ? 'Do not rely on it: make a new one with backup, and check the store.' : 'Make a new one with backup.',
  })
  // a decoder's own words go into the error, not into the reason
  const faults = failed.map(({ id, message }) => (id === 'decoded' ? 'its bytes cannot be decoded to their end' : message)).join('; ')
  return { verdict: 'fail', reason: `${key} is ${damaged ? 'damaged' : 'refused'}: ${faults}.`, error }
}
