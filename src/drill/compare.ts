import type { Check } from '../result.ts'
import { plural } from '../units.ts'

/** A place where the restored copy is not what the manifest says. */
export interface Mismatch {
  /** A table by its qualified name, or what of it differs. */
  readonly object: string
  /** `undefined`: the manifest does not know it. */
  readonly expected: number | string | undefined
  /** `undefined`: the copy does not have it. */
  readonly found: number | string | undefined
}

export interface Comparison {
  readonly check: Check
  readonly mismatches: readonly Mismatch[]
}

interface TableCount {
  readonly name: string
  /** Missing where nobody counted them. */
  readonly rows?: number | undefined
  /** Which extension brought it along. */
  readonly extension?: string | undefined
}

interface LedgerHead {
  readonly table: string
  readonly head: string
}

/** Compares exact row counts, table by table, except those that may be absent and those whose rows nobody counted. Equal counts say nothing about what stands in the rows. */
export function compareRowCounts(
  expected: readonly TableCount[],
  found: ReadonlyMap<string, number>,
  mayLack: (table: TableCount) => boolean = () => false,
): Comparison {
  // a table that the drill left out on purpose says nothing about the backup
  const absent = expected.filter((table) => !found.has(table.name) && mayLack(table))
  const known = expected.filter((table) => !absent.includes(table))
  const compared = known.flatMap(({ name, rows }) => (rows === undefined ? [] : [{ name, rows }]))
  const uncounted = known.filter(({ rows }) => rows === undefined).map(({ name }) => name)
  const counted = new Map([...found].filter(([name]) => !uncounted.includes(name)))
  const mismatches = differences(new Map(compared.map(({ name, rows }) => [name, rows])), counted)
  const except =
    absent.length === 0 ? '' : `; not restored: ${absent.map(({ name, rows = 0 }) => `${name} (${plural(rows, 'row')})`).join(', ')}`
  const rows = compared.reduce((sum, table) => sum + table.rows, 0)
  return comparisonOf(
    'row-counts',
    mismatches,
    `${plural(rows, 'row')} in ${plural(compared.length, 'table')}${except}${uncounted.length === 0 ? '' : `; not counted: ${plural(uncounted.length, 'table')}`}`,
  )
}

/** Compares the heads of the version tables; a database without one has nothing to compare. */
export function compareLedgerHeads(expected: readonly LedgerHead[], found: readonly LedgerHead[]): Comparison {
  if (expected.length === 0) {
    return { check: { id: 'ledger-heads', status: 'not-checked', message: 'the backup holds no version table' }, mismatches: [] }
  }
  const heads = (list: readonly LedgerHead[]) => new Map(list.map(({ table, head }) => [table, head]))
  const mismatches = differences(heads(expected), heads(found)).map((one) => ({ ...one, object: `head of ${one.object}` }))
  return comparisonOf('ledger-heads', mismatches, plural(expected.length, 'version table'))
}

/** One short line for people. */
export function describeMismatch({ object, expected, found }: Mismatch): string {
  if (expected === undefined) return `${object}: found ${show(found)}, the manifest does not know it`
  if (found === undefined) return `${object}: expected ${show(expected)}, not found`
  return `${object}: expected ${show(expected)}, found ${show(found)}`
}

function differences<Value extends number | string>(expected: ReadonlyMap<string, Value>, found: ReadonlyMap<string, Value>): Mismatch[] {
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((object) => expected.get(object) !== found.get(object))
    .sort()
    .map((object) => ({ object, expected: expected.get(object), found: found.get(object) }))
}

/** A check of what was compared, which names the first place that differs. */
export function comparisonOf(id: string, mismatches: readonly Mismatch[], compared: string): Comparison {
  const [first, ...others] = mismatches
  if (first === undefined) return { check: { id, status: 'pass', value: compared }, mismatches }
  const more = others.length === 0 ? '' : `, and ${plural(others.length, 'other')}`
  const check: Check = { id, status: 'fail', value: mismatches.length, limit: 0, message: `${describeMismatch(first)}${more}` }
  return { check, mismatches }
}

function show(value: number | string | undefined): string {
  return typeof value === 'number' ? plural(value, 'row') : (value ?? 'nothing')
}
