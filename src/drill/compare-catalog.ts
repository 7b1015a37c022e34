import type { CatalogObject } from '../backup/content.ts'
import { plural } from '../units.ts'
import { type Comparison, comparisonOf, type Mismatch } from './compare.ts'
import { whyAbsent } from './left-out.ts'

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
    comparisonOf('locale', of('locale'), describeLocale(given.expected)),
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
  const isCompared = (object: CatalogObject, fact: string) => sameMajor || !isWorded(object, fact)
  const differences = expected.flatMap((object): Difference[] => {
    const copy = here.get(key(object))
    if (copy !== undefined) return factDifferences(object, copy, isCompared)
    if (whyAbsent(object, leftOut) !== undefined) return []
    if (isOwnership(object.kind) && !hasOwners) return []
    return [{ group: groupOf(object, ''), mismatch: { object: key(object), expected: 'there', found: undefined } }]
  })
  const extra = found.filter((object) => !there.has(key(object)) && !(isOwnership(object.kind) && !hasOwners))
  return [
    ...differences,
    ...extra.map((object) => ({ group: groupOf(object, ''), mismatch: { object: key(object), expected: undefined, found: 'there' } })),
  ].filter(({ group }) => group !== 'none')
}

function factDifferences(
  object: CatalogObject,
  copy: CatalogObject,
  isCompared: (object: CatalogObject, fact: string) => boolean,
): Difference[] {
  const names = [...new Set([...Object.keys(object.facts), ...Object.keys(copy.facts)])].filter((fact) => isCompared(object, fact))
  return names.flatMap((fact) => {
    const [expected, found] = [show(object.facts[fact]), show(copy.facts[fact])]
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

/** The schema public has another owner from 15 on, and MAINTAIN is a right from 17 on. */
function isWorded({ kind, name }: CatalogObject, fact: string): boolean {
  if (wordedFacts.has(fact) || fact === 'grants') return true
  return kind === 'schema' && name === 'public' && fact === 'owner'
}

function show(fact: Fact | undefined): string | undefined {
  if (fact === undefined) return undefined
  return Array.isArray(fact) ? fact.join('; ') : String(fact)
}

function describeLocale(objects: readonly CatalogObject[]): string {
  const facts = objects.find(({ kind }) => kind === 'database')?.facts ?? {}
  return [facts.encoding, facts.collate, facts.ctype].filter(Boolean).join(', ')
}

function notCompared(id: string, message: string): Comparison {
  return { check: { id, status: 'not-checked', message }, mismatches: [] }
}
