import { clockSkewMs } from '../backup/age.ts'
import type { ReleaseError } from '../errors.ts'
import { type Check, type Verdict, verdictOf } from '../result.ts'
import { formatCount, formatDuration, formatMoment, plural } from '../units.ts'
import type { Comparison } from './compare.ts'
import { type SmokeResult, smokeCheck } from './run-smoke.ts'
import type { AmcheckResult } from './scratch.ts'
import type { Origin } from './subject.ts'

/** What was drilled, as far as the verdict depends on it. */
export interface Drilled {
  readonly origin: Origin
  readonly name: string
  readonly snapshotAt: Date | undefined
  /** The moment is by a clock whose time zone nobody knows, read as UTC. */
  readonly zoneUnknown: boolean
}

/** What a drill has found so far; a drill that broke off leaves the rest out. */
export interface Findings {
  /** Every section was loaded without an error. */
  restored?: true
  /** Rows of each table of the copy. */
  counted?: ReadonlyMap<string, number>
  /** Absent also where nobody wrote down what the copy must hold. */
  comparisons?: readonly Comparison[]
  /** Whether the rows of every table were compared, and not only counted. */
  allHashed?: boolean
  /** `undefined` once the copy was compared: nobody configured any. */
  smoke?: readonly SmokeResult[] | undefined
  /** `undefined` once the recovery time is known: nobody wanted it. */
  amcheck?: AmcheckResult
  recoveryTimeMs?: number
  error?: ReleaseError
}

export interface Limits {
  readonly maxAgeMs: number | undefined
  readonly maxDataLossMs: number | undefined
  readonly maxRecoveryMs: number | undefined
  readonly minTables: number
}

export interface Conclusion {
  readonly verdict: Verdict
  readonly reason: string
  readonly checks: readonly Check[]
  /** The most that was shown of the backup: `usable` only when smoke queries passed. */
  readonly level: Level | undefined
  /** Everything that was shown: smoke queries may pass on a copy that nobody compared. */
  readonly levels: readonly Level[]
  /** From the snapshot to now: what would be lost. Unknown for what was dumped a moment ago. */
  readonly recoveryPointMs: number | undefined
}

/** The clocks of the earth are at most so far ahead of UTC. */
const furthestZoneMs = 14 * 3_600_000

type Level = 'restored' | 'equal' | 'usable'

/** Weighs what was found; what could not be looked at any more is not checked. */
export function conclude(drilled: Drilled, findings: Findings, limits: Limits, now: Date): Conclusion {
  const checks = [
    ageCheck('backup-age', 'max-backup-age', drilled, limits.maxAgeMs, now),
    ageCheck('recovery-point', 'max-data-loss', drilled, limits.maxDataLossMs, now),
    restoredCheck(findings),
    tablesCheck(findings, limits.minTables),
    ...comparisonChecks(drilled, findings),
    findings.recoveryTimeMs === undefined ? notReached('smoke') : smokeCheck(findings.smoke),
    amcheckCheck(findings),
    recoveryCheck(findings.recoveryTimeMs, limits.maxRecoveryMs),
  ]
  const levels = levelsOf(drilled, findings, checks)
  return {
    verdict: findings.error?.verdict ?? verdictFor(drilled, findings, checks),
    reason: reasonFor(drilled, findings, checks),
    checks,
    level: levels.at(-1),
    levels,
    recoveryPointMs: ageOf(drilled, now),
  }
}

/** A copy that nothing says anything about, and that nobody asked anything, proves too little either way. */
function verdictFor({ origin }: Drilled, { smoke }: Findings, checks: readonly Check[]): Verdict {
  const verdict = verdictOf(checks)
  return verdict === 'pass' && isForeign(origin) && smoke === undefined ? 'inconclusive' : verdict
}

function isForeign(origin: Origin): boolean {
  return origin === 'dump' || origin === 'file'
}

/** An old or slow backup may be usable; one that lacks rows is not, whatever the smoke queries say. */
function levelsOf({ origin }: Pick<Drilled, 'origin'>, { restored, allHashed }: Findings, checks: readonly Check[]): Level[] {
  if (restored === undefined) return []
  const statusOf = (wanted: string) => checks.find(({ id }) => id === wanted)?.status
  const holds = ['min-tables', 'amcheck', ...comparisonIds].every((id) => statusOf(id) !== 'fail')
  const isEqual = holds && !isForeign(origin) && allHashed === true && comparedIds.every((id) => statusOf(id) === 'pass')
  return ['restored', ...(isEqual ? ['equal' as const] : []), ...(holds && statusOf('smoke') === 'pass' ? ['usable' as const] : [])]
}

/** Without any of these, nothing is called equal; a database may have no version table, and older backups tell no memberships. */
const comparedIds = ['row-counts', 'sequences', 'large-objects', 'schema', 'owners', 'grants', 'extensions', 'locale']
const comparisonIds = [...comparedIds, 'fingerprints', 'ledger-heads', 'memberships']

/** Of what was dumped for the drill, the age says nothing about the backups. */
function ageOf({ origin, snapshotAt }: Drilled, now: Date): number | undefined {
  return origin === 'fresh' || snapshotAt === undefined ? undefined : Math.max(0, now.getTime() - snapshotAt.getTime())
}

function ageCheck(id: string, input: string, drilled: Drilled, limitMs: number | undefined, now: Date): Check {
  const { origin, snapshotAt, zoneUnknown } = drilled
  if (origin === 'fresh') return { id, status: 'not-checked', message: 'the dump was made for this drill' }
  const ageMs = ageOf(drilled, now)
  if (snapshotAt === undefined || ageMs === undefined) return notReached(id)
  if (snapshotAt.getTime() - now.getTime() > clockSkewMs + (zoneUnknown ? furthestZoneMs : 0)) {
    return { id, status: 'fail', value: formatMoment(snapshotAt), message: 'the snapshot lies in the future: the clocks disagree' }
  }
  const value = formatDuration(ageMs)
  if (limitMs === undefined) return { id, status: 'not-checked', value, message: `${input} is not set` }
  const clock = zoneUnknown ? { message: 'by the clock of the machine that wrote it, read as UTC' } : {}
  return { id, status: ageMs <= limitMs ? 'pass' : 'fail', value, limit: formatDuration(limitMs), ...clock }
}

function restoredCheck({ restored, error }: Findings): Check {
  const id = 'restored'
  if (restored) return { id, status: 'pass' }
  // a machine without room or programs says nothing of the backup
  const isFault = error?.code === 'restore-failed' || error?.code === 'backup-damaged'
  return isFault ? { id, status: 'fail', message: firstLine(error) } : notReached(id)
}

function tablesCheck({ counted }: Findings, least: number): Check {
  const id = 'min-tables'
  if (counted === undefined) return notReached(id)
  return { id, status: counted.size >= least ? 'pass' : 'fail', value: counted.size, limit: least }
}

function comparisonChecks({ origin }: Drilled, { counted, comparisons }: Findings): Check[] {
  if (comparisons !== undefined) return comparisons.map(({ check }) => check)
  if (counted === undefined || !isForeign(origin)) return comparisonIds.map(notReached)
  const message = 'no manifest'
  return comparisonIds.map((id) => ({ id, status: 'not-checked', message, ...(id === 'row-counts' ? { value: rowsIn(counted) } : {}) }))
}

function rowsIn(counted: ReadonlyMap<string, number>): string {
  const rows = [...counted.values()].reduce((sum, count) => sum + count, 0)
  return `${plural(rows, 'row')} in ${plural(counted.size, 'table')}`
}

function amcheckCheck({ amcheck, recoveryTimeMs }: Findings): Check {
  const id = 'amcheck'
  if (amcheck === undefined) return recoveryTimeMs === undefined ? notReached(id) : { id, status: 'not-checked', message: 'amcheck: never' }
  if ('missing' in amcheck) return { id, status: 'not-checked', message: amcheck.missing }
  return 'problem' in amcheck ? { id, status: 'fail', message: amcheck.problem } : { id, status: 'pass' }
}

function recoveryCheck(recoveryTimeMs: number | undefined, maxRecoveryMs: number | undefined): Check {
  const id = 'recovery-time'
  if (recoveryTimeMs === undefined) return notReached(id)
  const value = formatDuration(recoveryTimeMs)
  if (maxRecoveryMs === undefined) return { id, status: 'not-checked', value, message: 'max-restore-time is not set' }
  return { id, status: recoveryTimeMs <= maxRecoveryMs ? 'pass' : 'fail', value, limit: formatDuration(maxRecoveryMs) }
}

function notReached(id: string): Check {
  return { id, status: 'not-checked', message: 'the drill did not get this far' }
}

/** What people read first: what failed, else what was shown and how long it took. */
function reasonFor({ origin, name }: Drilled, findings: Findings, checks: readonly Check[]): string {
  if (findings.error !== undefined) return `${name}: ${firstLine(findings.error)}`
  const failed = checks.filter(({ status }) => status === 'fail').map((check) => failures[check.id]?.(check) ?? check.id)
  if (failed.length > 0) return `${name}: ${[...new Set(failed)].join('; ')}.`
  const shown = (wanted: string) => checks.find((check) => check.id === wanted)?.value
  const restored = `${name} was restored in ${shown('recovery-time')} on this machine: ${shown('row-counts')}`
  if (isForeign(origin)) {
    const known = `${restored}, and no manifest says whether that is all`
    return findings.smoke === undefined
      ? `${known}; nobody checked it, since no smoke queries are configured.`
      : `${known}; ${shown('smoke')} passed.`
  }
  const smoke = findings.smoke === undefined ? 'no smoke queries are configured' : `${shown('smoke')} passed`
  const equal = levelsOf({ origin }, findings, checks).includes('equal') ? '; it is equal to what was dumped' : ''
  return `${restored}, as ${origin === 'fresh' ? 'in the snapshot that was dumped' : 'the manifest says'}${equal}; ${smoke}.`
}

const failures: Readonly<Record<string, (check: Check) => string>> = {
  'backup-age': ({ value, limit, message }) => (limit === undefined ? (message ?? '') : `it is ${value} old, more than ${limit}`),
  'recovery-point': ({ value, limit, message }) =>
    limit === undefined ? (message ?? '') : `what was written in the last ${value} would be lost, more than ${limit}`,
  'min-tables': ({ value, limit }) => `it holds ${plural(Number(value), 'table')}, fewer than ${formatCount(Number(limit))}`,
  'row-counts': ({ message }) => `row counts differ (${message})`,
  'ledger-heads': ({ message }) => `version tables differ (${message})`,
  fingerprints: ({ message }) => `rows differ (${message})`,
  sequences: ({ message }) => `sequences fell back (${message})`,
  'large-objects': ({ message }) => `large objects differ (${message})`,
  schema: ({ message }) => `the schema differs (${message})`,
  owners: ({ message }) => `owners differ (${message})`,
  grants: ({ message }) => `grants differ (${message})`,
  memberships: ({ message }) => `memberships of roles differ (${message})`,
  extensions: ({ message }) => `extensions differ (${message})`,
  locale: ({ message }) => `encoding or locale differ (${message})`,
  smoke: ({ value, message }) => `smoke queries failed, ${value} passed (${message})`,
  amcheck: ({ message }) => `pg_amcheck found a fault (${message?.split('\n')[0]})`,
  'recovery-time': ({ value, limit }) => `the recovery took ${value}, more than ${limit}`,
}

function firstLine(error: ReleaseError): string {
  return error.message.split('\n')[0] as string
}
