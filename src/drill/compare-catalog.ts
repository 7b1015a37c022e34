import type { CatalogObject } from '../backup/content.ts'
import { plural } from '../units.ts'
import { type Comparison, comparisonOf, type Mismatch } from './compare.ts'
import { type Absences, absencesOf } from './left-out.ts'

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
  const differences = differencesOf(given)
  const of = (group: Group) => differences.filter((one) => one.group === group).map(({ mismatch }) => mismatch)
  const count = given.expected.filter(({ kind }) => kind !== 'database').length
  const owners = 'owners and grants were not restored here'
  return [
    comparisonOf('schema', of('schema'), `${plural(count, 'object')}${given.sameMajor ? '' : ', without the words of their definitions'}`),
    given.hasOwners ? comparisonOf('owners', of('owners'), plural(count, 'object')) : notCompared('owners', owners),
    given.hasOwners ? comparisonOf('grants', of('grants'), plural(count, 'object')) : notCompared('grants', owners),
    comparisonOf('extensions', of('extensions'), plural(given.expected.filter(({ kind }) => kind === 'extension').length, 'extension')),
    withNote(comparisonOf('locale', of('locale'), describeLocale(given.expected)), collationNote(given)),
  ]
}

type Group = 'schema' | 'owners' | 'grants' | 'extensions' | 'locale' | 'none'

interface Difference {
  readonly group: Group
  readonly mismatch: Mismatch
}

function differencesOf({ expected, found, leftOut, hasOwners, sameMajor }: CatalogCase): Difference[] {
  const key = ({ kind, name }: CatalogObject) => `${kind} ${name}`
  const here = new Map(found.map((object) => [key(object), object]))
  const there = new Set(expected.map(key))
  const absences = absencesOf(leftOut, expected)
  const isCompared = ({ kind }: CatalogObject) => hasOwners || !isOwnership(kind)
  const differences = expected.filter(isCompared).flatMap((object): Difference[] => {
    const copy = here.get(key(object))
    if (copy !== undefined) return factDifferences(object, copy, { absences, sameMajor })
    return absences.excuses(object)
      ? []
      : [{ group: groupOf(object, ''), mismatch: { object: key(object), expected: 'there', found: undefined } }]
  })
  const extra = found.filter((object) => isCompared(object) && !there.has(key(object)))
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
    const [expected, found] = [object, copy].map(({ facts }) => show(facts[fact], fact, sameMajor))
    if (expected === found) return []
    return [{ group: groupOf(object, fact), mismatch: { object: `${fact} of ${object.kind} ${object.name}`, expected, found } }]
  })
}

function groupOf({ kind }: CatalogObject, fact: string): Group {
  if (kind === 'database') return localeFacts.has(fact) ? 'locale' : 'none'
  if (kind === 'extension') return 'extensions'
  if (isOwnership(kind) || fact === 'grants') return 'grants'
  return fact === 'owner' ? 'owners' : 'schema'
}

function isOwnership(kind: string): boolean {
  return kind === 'default privileges'
}

/** The schema public has another owner, and other rights, from 15 on. */
function isWorded({ kind, name }: CatalogObject, fact: string): boolean {
  if (wordedFacts.has(fact)) return true
  return kind === 'schema' && name === 'public' && (fact === 'owner' || fact === 'grants')
}

function show(value: Fact | undefined, fact: string, sameMajor: boolean): string | undefined {
  if (value === undefined) return undefined
  const text = Array.isArray(value) ? value.join('; ') : String(value)
  // a right from 17 on, which every owner has
  return fact === 'grants' && !sameMajor ? text.replaceAll(/\bMAINTAIN\*?, /g, '') : text
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
