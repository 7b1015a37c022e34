import type { Check } from '../result.ts'
import { formatCount, formatMoment, formatSize, plural } from '../units.ts'
import type { Manifest } from './manifest.ts'

/** What is compared of two dumps. */
export interface Measured {
  /** Tables whose rows nobody counted have none. */
  readonly tables: readonly { readonly name: string; readonly rows?: number | undefined }[]
  readonly sizeBytes: number
  /** Of `pg_dump`. */
  readonly arguments: readonly string[]
}

/** The usable backup before this one. */
export interface Earlier extends Measured {
  readonly id: string
  readonly snapshotAt: string
}

export interface PlausibleLimits {
  readonly minTables: number
  readonly minSizeBytes: number | undefined
  /** As a share of 1. */
  readonly maxShrink: number
  /** Nothing has been released to the database yet, and no backup of it is there: it may be empty. */
  readonly isNew: boolean
}

/** Whether a dump holds what one would expect of it: a database that was emptied by mistake dumps without any error. */
export function checkPlausible(dump: Measured, earlier: Earlier | undefined, limits: PlausibleLimits): Check[] {
  return [checkTables(dump, limits), checkSize(dump, limits), checkShrink(dump, earlier, limits.maxShrink)]
}

export function earlierOf({ id, tables, object, dump }: Manifest): Earlier {
  return { id, tables, sizeBytes: object.sizeBytes, arguments: dump.arguments, snapshotAt: dump.snapshotAt }
}

function checkTables({ tables }: Measured, { minTables, isNew }: PlausibleLimits): Check {
  const check = { id: 'min-tables', value: tables.length, limit: minTables }
  if (tables.length >= minTables) return { ...check, status: 'pass' }
  if (isNew && minTables === 1) {
    return { ...check, status: 'not-checked', message: 'a new database, without a release or a backup before this one' }
  }
  const message = `the dump holds ${plural(tables.length, 'table')}, where min-tables asks for ${formatCount(minTables)}: is this the right database, and may the role see its tables?`
  return { ...check, status: 'fail', message }
}

function checkSize({ sizeBytes }: Measured, { minSizeBytes }: PlausibleLimits): Check {
  const check = { id: 'min-size', value: formatSize(sizeBytes) }
  if (minSizeBytes === undefined) return { ...check, status: 'not-checked', message: 'min-size is not set' }
  const limit = formatSize(minSizeBytes)
  if (sizeBytes >= minSizeBytes) return { ...check, status: 'pass', limit }
  return { ...check, status: 'fail', limit, message: `the dump has ${formatSize(sizeBytes)}, where min-size asks for ${limit}` }
}

/** One thing that may have become less. */
interface Measure {
  readonly what: string
  readonly before: number
  readonly now: number
  readonly format: (count: number) => string
}

function checkShrink(dump: Measured, earlier: Earlier | undefined, maxShrink: number): Check {
  const common = { id: 'shrink', limit: formatShare(maxShrink) }
  if (earlier === undefined) return { ...common, status: 'not-checked', message: 'no earlier backup' }
  const measures = comparable(dump, earlier)
  if (measures.length === 0) {
    return { ...common, status: 'not-checked', message: `the earlier backup ${earlier.id} has nothing to compare with` }
  }
  const value = formatShare(Math.max(...measures.map(shrinkOf)))
  const shrunk = measures.filter((one) => shrinkOf(one) > maxShrink)
  if (shrunk.length === 0) return { ...common, status: 'pass', value, message: measures.map(describe).join(', ') }
  const losses = largestLosses(dump, earlier)
  const tables = losses.length === 0 ? '' : `; most rows were lost by ${losses.join(', ')}`
  const message = `less than in the earlier backup ${earlier.id} of ${formatMoment(earlier.snapshotAt)}: ${shrunk.map(describe).join(', ')}${tables}. When that is meant, set max-shrink higher for one backup: the next one is compared with it`
  return { ...common, status: 'fail', value: value === common.limit ? `more than ${value}` : value, message }
}

/** What both dumps tell, and there was something of before. */
function comparable(dump: Measured, earlier: Earlier): Measure[] {
  const rows = rowsOfBoth(dump, earlier)
  const measures: Measure[] = [
    { what: 'rows', before: rows.before, now: rows.now, format: formatCount },
    { what: 'tables', before: earlier.tables.length, now: dump.tables.length, format: formatCount },
    ...(isComparableSize(dump, earlier) ? [{ what: 'dump', before: earlier.sizeBytes, now: dump.sizeBytes, format: formatSize }] : []),
  ]
  return measures.filter(({ before }) => before > 0)
}

/** A table that is gone has lost its rows; one whose rows were not counted, now or then, says nothing. */
function rowsOfBoth(dump: Measured, earlier: Measured): { before: number; now: number } {
  const before = rowsByName(earlier)
  const now = rowsByName(dump)
  const names = new Set([...before.keys(), ...now.keys()])
  const known = [...names].filter((name) => isKnown(before, name) && isKnown(now, name))
  const sum = (rows: ReadonlyMap<string, number | undefined>) => known.reduce((total, name) => total + (rows.get(name) ?? 0), 0)
  return { before: sum(before), now: sum(now) }
}

function rowsByName({ tables }: Measured): Map<string, number | undefined> {
  return new Map(tables.map(({ name, rows }) => [name, rows]))
}

/** A table that is not there has no rows, and that is known. */
function isKnown(rows: ReadonlyMap<string, number | undefined>, name: string): boolean {
  return !rows.has(name) || rows.get(name) !== undefined
}

/** Another compression makes another size of the same rows, and so does leaving something out. */
function isComparableSize(dump: Measured, earlier: Measured): boolean {
  return waysOf(dump) === waysOf(earlier)
}

/** Clients before 16 write `gzip:1` as `1`. */
function waysOf({ arguments: given }: Measured): string {
  const ways = given.filter((argument) => /^--(?:format|compress|exclude-)/.test(argument))
  return ways.map((argument) => argument.replace(/^--compress=(\d)$/, '--compress=gzip:$1')).join(' ')
}

/** The three tables that lost most rows: `public.orders 1,204,000 → 3`. */
function largestLosses(dump: Measured, earlier: Measured): string[] {
  const now = rowsByName(dump)
  const losses = earlier.tables.flatMap(({ name, rows: before }) => {
    const rows = now.has(name) ? now.get(name) : 0
    return before === undefined || rows === undefined || rows >= before ? [] : [{ name, before, rows, gone: !now.has(name) }]
  })
  return losses
    .sort((a, b) => b.before - b.rows - (a.before - a.rows))
    .slice(0, 3)
    .map(({ name, before, rows, gone }) => `${name} ${formatCount(before)} → ${gone ? 'gone' : formatCount(rows)}`)
}

function shrinkOf({ before, now }: Measure): number {
  return Math.max(0, 1 - now / before)
}

function describe({ what, before, now, format }: Measure): string {
  return `${what} ${format(before)} → ${format(now)}`
}

/** Rounded down, so that 100% means that nothing is left. */
function formatShare(share: number): string {
  return `${Math.floor(Number((share * 1000).toFixed(6))) / 10} %`
}
