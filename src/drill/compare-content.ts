import type { Content, SequenceContent, TableContent } from '../backup/content.ts'
import type { Membership } from '../backup/membership.ts'
import { plural } from '../units.ts'
import { type Comparison, compareLedgerHeads, compareRowCounts, comparisonOf, type Mismatch } from './compare.ts'
import { compareCatalog } from './compare-catalog.ts'
import { compareMemberships } from './compare-memberships.ts'
import { absencesOf } from './left-out.ts'
import type { RoleFacts } from './roles.ts'

/** What a copy must hold, as it was read under the snapshot of the dump. */
export interface Expectations extends Pick<Content, 'tables' | 'sequences' | 'largeObjects' | 'ledgerHeads' | 'catalog'> {
  /** Of the server whose words the catalog is in. */
  readonly serverMajor: number
  /** Absent in older backups. */
  readonly extensionTables?: readonly TableContent[] | undefined
  /** Absent in a backup that does not tell them. */
  readonly memberships?: readonly Membership[] | undefined
}

/** A copy, and how it came to be. */
export interface Copy {
  readonly content: Content
  readonly serverMajor: number
  readonly leftOut: readonly string[]
  readonly hasOwners: boolean
  readonly memberships: readonly Membership[]
  /** By which its roles were made; absent where the backup keeps none. */
  readonly roles: RoleFacts | undefined
}

/** Everything that can be compared, check by check. */
export function compareContent(expected: Expectations, copy: Copy): Comparison[] {
  const { content, serverMajor, leftOut, hasOwners } = copy
  const { serverMajor: major, catalog } = expected
  const tables = allTables(expected)
  const copied = allTables({ ...content, extensionTables: expected.extensionTables && content.extensionTables })
  const rows = new Map(copied.map((table) => [table.name, table.rows ?? 0]))
  const absences = absencesOf(leftOut, catalog)
  return [
    compareRowCounts(tables, rows, ({ name, extension }) =>
      absences.excuses(extension === undefined ? { kind: 'table', name, facts: {} } : { kind: 'extension', name: extension, facts: {} }),
    ),
    compareFingerprints(tables, copied),
    compareSequences(expected, content.sequences),
    compareLargeObjects(expected.largeObjects, content.largeObjects),
    compareLedgerHeads(expected.ledgerHeads, content.ledgerHeads),
    ...compareCatalog({ expected: catalog, found: content.catalog, leftOut, hasOwners, sameMajor: major === serverMajor }),
    compareMemberships({ expected: expected.memberships, found: copy.memberships, roles: copy.roles, hasOwners }),
  ]
}

/** Whether what stands in every table and large object was hashed, or a sample of it: less is not called equal. */
export function isFullyHashed({ largeObjects, ...expected }: Pick<Expectations, 'tables' | 'extensionTables' | 'largeObjects'>): boolean {
  const isHashed = ({ rows, fingerprint, notDumped }: TableContent) => rows === 0 || fingerprint !== undefined || notDumped !== undefined
  return allTables(expected).every(isHashed) && (largeObjects.count === 0 || largeObjects.fingerprint !== undefined)
}

function allTables({ tables, extensionTables = [] }: Pick<Expectations, 'tables' | 'extensionTables'>): readonly TableContent[] {
  return [...tables, ...extensionTables]
}

/** Compares what stands in the rows. Tables that were only counted say nothing; those that are missing are told by the counts. */
function compareFingerprints(expected: readonly TableContent[], found: readonly TableContent[]): Comparison {
  const here = new Map(found.map((table) => [table.name, table]))
  const hashed = expected.filter(({ name, fingerprint }) => fingerprint !== undefined && here.has(name))
  if (hashed.length === 0) {
    return {
      check: { id: 'fingerprints', status: 'not-checked', message: 'the backup has none (fingerprint: full hashes every row)' },
      mismatches: [],
    }
  }
  const mismatches = hashed.flatMap(({ name, fingerprint, method }): Mismatch[] => {
    const copy = here.get(name)
    return copy?.method === method && copy?.fingerprint === fingerprint
      ? []
      : [
          {
            object: `content of ${name}`,
            expected: `${method} ${fingerprint}`,
            found: `${copy?.method ?? 'no'} ${copy?.fingerprint ?? 'hash'}`,
          },
        ]
  })
  const sampled = hashed.filter(({ method }) => method !== 'row-text-1').length
  const counted = expected.filter(({ rows, fingerprint }) => rows !== 0 && fingerprint === undefined).length
  const parts = [
    `${plural(hashed.length - sampled, 'table')} by all rows`,
    ...(sampled === 0 ? [] : [`${sampled} by a sample`]),
    ...(counted === 0 ? [] : [`${counted} only counted`]),
  ]
  return comparisonOf('fingerprints', mismatches, parts.join(', '))
}

/**
 * A sequence is outside of the snapshot, so that the dump may have a later value: it must have reached what stands in its
 * column, or without one what was read of it beside the dump. One that begins anew at its end may be anywhere.
 */
function compareSequences({ sequences, catalog }: Expectations, found: readonly SequenceContent[]): Comparison {
  const here = new Map(found.map((sequence) => [sequence.name, sequence]))
  const facts = new Map(catalog.filter(({ kind }) => kind === 'sequence').map((object) => [object.name, object.facts]))
  const known = sequences.filter(({ name, lastValue }) => lastValue !== undefined && here.has(name) && facts.get(name)?.cycle !== true)
  const mismatches = known.flatMap(({ name, lastValue, ownerMax, isCalled }): Mismatch[] => {
    const copy = here.get(name)
    const least = ownerMax ?? lastValue
    const down = / by -\d+$/.test(String(facts.get(name)?.bounds))
    if (copy?.lastValue === undefined || least === undefined) return []
    const repeats = copy.lastValue === least && copy.isCalled === false && isCalled === true
    if (hasReached(copy.lastValue, least, down) && !repeats) return []
    const expected = `at ${down ? 'most' : 'least'} ${least}`
    return [{ object: `sequence ${name}`, expected, found: repeats ? `${least} as its next value` : copy.lastValue }]
  })
  return comparisonOf('sequences', mismatches, plural(known.length, 'sequence'))
}

function hasReached(value: string, least: string, down: boolean): boolean {
  return down ? BigInt(value) <= BigInt(least) : BigInt(value) >= BigInt(least)
}

function compareLargeObjects(expected: Content['largeObjects'], found: Content['largeObjects']): Comparison {
  const differ = (object: string, one: number | string | undefined, other: number | string | undefined): Mismatch[] =>
    one === undefined || one === other ? [] : [{ object, expected: String(one), found: other === undefined ? undefined : String(other) }]
  const mismatches = [
    ...differ('number of large objects', expected.count, found.count),
    ...differ('bytes of large objects', expected.bytes, found.bytes),
    ...differ('content of large objects', expected.fingerprint, found.fingerprint),
  ]
  const hashed = expected.count === 0 || expected.fingerprint !== undefined ? '' : ', only counted'
  return comparisonOf('large-objects', mismatches, `${plural(expected.count, 'large object')}${hashed}`)
}
