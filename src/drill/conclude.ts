import type { Manifest } from '../backup/manifest.ts'
import type { ReleaseError } from '../errors.ts'
import { type Check, type Verdict, verdictOf } from '../result.ts'
import { formatDuration } from '../units.ts'
import type { Comparison } from './compare.ts'
import { type SmokeResult, smokeCheck } from './run-smoke.ts'

/** What a drill has found so far; a drill that broke off leaves the rest out. */
export interface Findings {
  /** Every section was loaded without an error. */
  restored?: true
  rowCounts?: Comparison
  ledgerHeads?: Comparison
  /** `undefined` once the copy was compared: nobody configured any. */
  smoke?: readonly SmokeResult[] | undefined
  recoveryTimeMs?: number
  error?: ReleaseError
}

export interface Limits {
  readonly maxAgeMs: number | undefined
  readonly maxRecoveryMs: number | undefined
}

export interface Conclusion {
  readonly verdict: Verdict
  readonly reason: string
  readonly checks: readonly Check[]
  /** What was shown of the backup: `usable` only when smoke queries passed. */
  readonly level: 'restored' | 'usable' | undefined
}

/** A snapshot may lie this far in the future before the clocks are said to disagree. */
const toleratedSkewMs = 5 * 60_000

/** Weighs what was found; what could not be looked at any more is not checked. */
export function conclude(manifest: Manifest, findings: Findings, limits: Limits, now: Date): Conclusion {
  const checks = [
    ageCheck(manifest.dump.snapshotAt, limits.maxAgeMs, now),
    restoredCheck(findings),
    findings.rowCounts?.check ?? notReached('row-counts'),
    findings.ledgerHeads?.check ?? notReached('ledger-heads'),
    { id: 'contents', status: 'not-checked', message: 'what stands in the rows, owners and grants are not compared' } as const,
    findings.recoveryTimeMs === undefined ? notReached('smoke') : smokeCheck(findings.smoke),
    recoveryCheck(findings.recoveryTimeMs, limits.maxRecoveryMs),
  ]
  const verdict = findings.error?.verdict ?? verdictOf(checks)
  return { verdict, reason: reasonFor(manifest, findings, checks), checks, level: levelOf(findings, checks) }
}

/** An old or slow backup may be usable; one that lacks rows is not, whatever the smoke queries say. */
function levelOf({ restored }: Findings, checks: readonly Check[]): Conclusion['level'] {
  if (restored === undefined) return undefined
  const statusOf = (wanted: string) => checks.find(({ id }) => id === wanted)?.status
  const holds = ['row-counts', 'ledger-heads'].every((id) => statusOf(id) !== 'fail')
  return holds && statusOf('smoke') === 'pass' ? 'usable' : 'restored'
}

function ageCheck(snapshotAt: string, maxAgeMs: number | undefined, now: Date): Check {
  const ageMs = now.getTime() - Date.parse(snapshotAt)
  if (ageMs < -toleratedSkewMs) {
    return { id: 'backup-age', status: 'fail', value: snapshotAt, message: 'the snapshot lies in the future: the clocks disagree' }
  }
  const value = formatDuration(Math.max(0, ageMs))
  if (maxAgeMs === undefined) return { id: 'backup-age', status: 'not-checked', value, message: 'max-backup-age is not configured' }
  return { id: 'backup-age', status: ageMs <= maxAgeMs ? 'pass' : 'fail', value, limit: formatDuration(maxAgeMs) }
}

function restoredCheck({ restored, error }: Findings): Check {
  if (restored) return { id: 'restored', status: 'pass' }
  // a machine without room or programs says nothing of the backup
  const isFault = error?.code === 'restore-failed' || error?.code === 'backup-damaged'
  return isFault ? { id: 'restored', status: 'fail', message: firstLine(error) } : notReached('restored')
}

function recoveryCheck(recoveryTimeMs: number | undefined, maxRecoveryMs: number | undefined): Check {
  const id = 'recovery-time'
  if (recoveryTimeMs === undefined) return notReached(id)
  const value = formatDuration(recoveryTimeMs)
  if (maxRecoveryMs === undefined) return { id, status: 'not-checked', value, message: 'max-restore-time is not configured' }
  return { id, status: recoveryTimeMs <= maxRecoveryMs ? 'pass' : 'fail', value, limit: formatDuration(maxRecoveryMs) }
}

function notReached(id: string): Check {
  return { id, status: 'not-checked', message: 'the drill did not get this far' }
}

/** What people read first: what failed, else what was shown and how long it took. */
function reasonFor({ id }: Manifest, findings: Findings, checks: readonly Check[]): string {
  if (findings.error !== undefined) return `${id}: ${firstLine(findings.error)}`
  const failed = checks.filter(({ status }) => status === 'fail').map((check) => failures[check.id]?.(check) ?? check.id)
  if (failed.length > 0) return `${id}: ${failed.join('; ')}.`
  const shown = (wanted: string) => checks.find((check) => check.id === wanted)?.value
  const smoke = findings.smoke === undefined ? 'no smoke queries are configured' : `${shown('smoke')} passed`
  return `${id} was restored in ${shown('recovery-time')} on this machine: ${shown('row-counts')}, as the manifest says; ${smoke}.`
}

const failures: Readonly<Record<string, (check: Check) => string>> = {
  'backup-age': ({ value, limit, message }) => message ?? `it is ${value} old, more than ${limit}`,
  'row-counts': ({ message }) => `row counts differ (${message})`,
  'ledger-heads': ({ message }) => `version tables differ (${message})`,
  smoke: ({ value, message }) => `smoke queries failed, ${value} passed (${message})`,
  'recovery-time': ({ value, limit }) => `the recovery took ${value}, more than ${limit}`,
}

function firstLine(error: ReleaseError): string {
  return error.message.split('\n')[0] as string
}
