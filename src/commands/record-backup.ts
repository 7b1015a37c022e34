import { applyRetention } from '../backup/apply-retention.ts'
import { type Manifest, type StoredBackup, writeManifest } from '../backup/manifest.ts'
import type { Shown } from '../backup/read-back.ts'
import { restoreByHand } from '../backup/restore-by-hand.ts'
import { describeRetention, type RetentionReport, retentionCheck } from '../backup/retention-report.ts'
import type { Store } from '../backup/store.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { type Check, verdictOf } from '../result.ts'
import { formatDuration, formatSize, plural } from '../units.ts'
import type { Context, Outcome } from './command.ts'
import { storePlace } from './store-place.ts'

export const recordInputNames = ['store', 'keep-last', 'keep-days', 'retention'] as const

type Inputs = Pick<InputValues, (typeof recordInputNames)[number]>

/** What is known of a backup when all but its manifest is written. */
interface Made {
  readonly manifest: Manifest
  readonly shown: Shown
  readonly store: Store
  readonly previous: Manifest | undefined
}

/** Writes the manifest, the last of all that makes a dump a backup. Retention comes after it. */
export async function recordBackup({ manifest, shown, store, previous }: Made, inputs: Inputs, context: Context): Promise<Outcome> {
  const { object, checks } = manifest
  const stored = await writeManifest(store, manifest, context.signal)
  const verdict = verdictOf(checks) === 'fail' ? 'fail' : shown.hindrance === undefined ? 'pass' : 'inconclusive'
  const retention = await retain(stored, verdict === 'pass', store, inputs, context)
  return {
    verdict,
    reason: describe(manifest, shown) + storePlace(inputs.store, context),
    checks: [...checks, retentionCheck(retention)],
    outputs: {
      made: 'true',
      id: manifest.id,
      level: manifest.level,
      sha256: object.sha256,
      'size-bytes': object.sizeBytes,
      'manifest-sha256': stored.manifestSha256,
    },
    details: {
      durationMs: Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt),
      store: store.description,
      manifest,
      retention,
      restoreByHand: restoreByHand(manifest, { url: inputs.store, endpoint: context.storeEndpoint }),
      ...(previous === undefined ? {} : { previous: sizesOf(previous) }),
    },
    ...(verdict === 'fail' ? { error: implausible(checks, object.key, store) } : {}),
  }
}

async function retain(made: StoredBackup, proved: boolean, store: Store, inputs: Inputs, context: Context): Promise<RetentionReport> {
  const policy = { keepLast: inputs['keep-last'], keepDays: inputs['keep-days'] }
  const { clock, signal, log } = context
  const report = await applyRetention({ store, made, proved, policy, mode: inputs.retention, now: clock.now(), signal })
  if (policy.keepLast !== undefined || policy.keepDays !== undefined) for (const line of describeRetention(report)) log.info(line)
  for (const warning of report.warnings) log.warn(warning)
  return report
}

function sizesOf({ id, dump, object, source, tables }: Manifest) {
  return {
    id,
    snapshotAt: dump.snapshotAt,
    sizeBytes: object.sizeBytes,
    databaseBytes: source.sizeBytes,
    tables: tables.length,
    rows: rowsOf(tables),
  }
}

function rowsOf(tables: Manifest['tables']): number {
  return tables.reduce((sum, table) => sum + (table.rows ?? 0), 0)
}

function describe({ object, tables, checks, startedAt, finishedAt }: Manifest, { level, hindrance }: Shown): string {
  const uncounted = tables.some(({ rows, notDumped }) => rows === undefined && notDumped === undefined)
  const rows = `${uncounted ? 'at least ' : ''}${plural(rowsOf(tables), 'row')}`
  const facts = `${formatSize(object.sizeBytes)}, ${plural(tables.length, 'table')}, ${rows}`
  const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
  if (verdictOf(checks) === 'fail') return `The dump is not what one would expect (${facts}); it is kept, and nothing relies on it.`
  if (hindrance !== undefined) return `The dump landed (${facts}), but could not be read back: ${hindrance}`
  if (level === 'landed') return `The dump landed: ${facts}, in ${took}. Its bytes were not read back.`
  return `Backup read back: ${facts}, in ${took}.`
}

function implausible(checks: readonly Check[], key: string, store: Store): ReleaseError {
  const problems = checks.filter(({ status }) => status === 'fail').map(({ id, message }) => `${id}: ${message}`)
  return new ReleaseError('backup-failed', `${key} in ${store.description} is not what one would expect:\n${problems.join('\n')}`, {
    hint: 'Look whether this is the right database and whether rows were lost. The dump is kept with its manifest, and counts as no backup.',
  })
}
