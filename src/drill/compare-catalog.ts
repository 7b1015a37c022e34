import type { CatalogObject } from '../backup/content.ts'
import { formatCount, plural } from '../units.ts'
import { type Comparison, comparisonOf, type Mismatch } from './compare.ts'
import { differenceOf } from './fact-difference.ts'
import { type Absences, absencesOf, isNeverDumped } from './left-out.ts'

/** What a catalog is compared under. */
export interface CatalogCase {
  readonly expected: readonly CatalogObject[]
  readonly found: readonly CatalogObject[]
  /** Entries of the archive that were not restored. */
  readonly leftOut: readonly string[]
  /** Whether owners and grants are those of the archive. */
  readonly hasOwners: boolean
  /** Whether both servers are of the same major version: another one may say the same in other words. */
  readonly sameMajor: boolean
}

type Fact = CatalogObject['facts'][string]

const localeFacts = new Set(['encoding', 'collate', 'ctype', 'localeProvider', 'locale'])
/** Views and expressions are printed by the server, and newer ones print some of them differently. */
const wordedFacts = new Set(['definition', 'default', 'generated', 'partitionBound', 'partitionKey'])

/** Compares what both catalogs hold, object by object and fact by fact, in the groups that people ask for. Never by the order of columns. */
export function compareCatalog(given: CatalogCase): Comparison[] {
  const absences = absencesOf(given.leftOut, given.expected)
  const differences = differencesOf(given, absences)
  const of = (group: Group) => differences.filter((one) => one.group === group).map(({ mismatch }) => mismatch)
  const objects = given.expected.filter(({ kind }) => kind !== 'database')
  const restored = objects.filter((object) => !absences.excuses(object))
  const count = plural(restored.length, 'object')
  const except =
    restored.length === objects.length ? '' : `, without ${formatCount(objects.length - restored.length)} that a drill does not restore`
  const words = given.sameMajor ? '' : ', without the words of their definitions, which another major version prints in its own way'
  const owners = 'owners and grants were not restored here'
  return [
    comparisonOf('schema', of('schema'), `${count}${except}${words}`),
    given.hasOwners ? comparisonOf('owners', of('owners'), count) : notCompared('owners', owners),
    given.hasOwners ? comparisonOf('grants', of('grants'), count) : notCompared('grants', owners),
    comparisonOf('extensions', of('extensions'), plural(given.expected.filter(({ kind }) => kind === 'extension').length, 'extension')),
    withNote(comparisonOf('locale', of('locale'), describeLocale(given.expected)), collationNote(given)),
  ]
}

type Group = 'schema' | 'owners' | 'grants' | 'extensions' | 'locale' | 'none'

interface Difference {
  readonly group: Group
  readonly mismatch: Mismatch
}

function differencesOf({ expected, found, hasOwners, sameMajor }: CatalogCase, absences: Absences): Difference[] {
  const key = ({ kind, name }: CatalogObject) => `${kind} ${name}`
  const here = new Map(found.map((object) => [key(object), object]))
  const there = new Set(expected.map(key))
  const isCompared = ({ kind }: CatalogObject) => hasOwners || !isOwnership(kind)
  const differences = expected.filter(isCompared).flatMap((object): Difference[] => {
    const copy = here.get(key(object))
    if (copy !== undefined) return factDifferences(object, copy, { absences, sameMajor })
    return absences.excuses(object)
      ? []
      : [{ group: groupOf(object, ''), mismatch: { object: key(object), expected: 'there', found: undefined } }]
  })
  // older backups do not tell whose large objects are, and their number is compared elsewhere
  const isKnown = ({ kind }: CatalogObject) => kind !== 'large objects' || expected.some((object) => object.kind === kind)
  const extra = found.filter((object) => isCompared(object) && isKnown(object) && !there.has(key(object)))
  return [
    ...differences,
    ...extra.map((object) => ({ group: groupOf(object, ''), mismatch: { object: key(object), expected: undefined, found: 'there' } })),
  ].filter(({ group }) => group !== 'none')
}

function factDifferences(
  object: CatalogObject,
  copy: CatalogObject,
  { absences, sameMajor }: { absences: Absences; sameMajor: boolean },
): Difference[] {
  return [...new Set([...Object.keys(object.facts), ...Object.keys(copy.facts)])].flatMap((fact) => {
    if (absences.excusesFact(object, fact) || (!sameMajor && isWorded(object, fact))) return []
    const [expected, found] = [object, copy].map(({ facts }) => (sameMajor ? facts[fact] : oldRights(facts[fact], fact)))
    const difference = differenceOf(expected, found)
    if (difference === undefined) return []
    return [{ group: groupOf(object, fact), mismatch: { object: `${fact} of ${object.kind} ${object.name}`, ...difference } }]
  })
}

function groupOf(object: CatalogObject, fact: string): Group {
  const { kind } = object
  if (isNeverDumped(object)) return 'none'
  if (kind === 'database') return localeFacts.has(fact) ? 'locale' : 'none'
  if (kind === 'extension') return 'extensions'
  if (isOwnership(kind) || fact === 'grants') return 'grants'
  return fact === 'owner' ? 'owners' : 'schema'
}

function isOwnership(kind: string): boolean {
  return kind === 'default privileges' || kind === 'large objects'
}

/** The schema public has another owner, and other rights, from 15 on. */
function isWorded({ kind, name }: CatalogObject, fact: string): boolean {
  if (wordedFacts.has(fact)) return true
  return kind === 'schema' && name === 'public' && (fact === 'owner' || fact === 'grants')
}

/** Without the right that is new in 17, and that every owner has there. */
function oldRights(value: Fact | undefined, fact: string): Fact | undefined {
  return fact === 'grants' && Array.isArray(value) ? value.map((entry) => entry.replace(/\bMAINTAIN\*?, /, '')) : value
}

function describeLocale(objects: readonly CatalogObject[]): string {
  const facts = objects.find(({ kind }) => kind === 'database')?.facts ?? {}
  return [facts.encoding, facts.collate, facts.ctype].filter(Boolean).join(', ')
}

/** Other libraries may sort otherwise, which is a matter of the machine and not of the backup. */
function collationNote({ expected, found }: CatalogCase): string | undefined {
  const [there, here] = [expected, found].map((objects) => objects.find(({ kind }) => kind === 'database')?.facts.collationVersion)
  return there === here || there === undefined || here === undefined
    ? undefined
    : `collations are of version ${there} there and ${here} here, which may sort otherwise`
}

function withNote({ check, mismatches }: Comparison, note: string | undefined): Comparison {
  return { check: note === undefined || check.status !== 'pass' ? check : { ...check, message: note }, mismatches }
}

function notCompared(id: string, message: string): Comparison {
  return { check: { id, status: 'not-checked', message }, mismatches: [] }
}
