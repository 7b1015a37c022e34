import type { CatalogObject } from '../backup/content.ts'
import { commentTarget } from './comment-target.ts'

/** Which of the source's objects a copy need not hold. */
export interface Absences {
  /** Whether the copy may lack an object. */
  excuses(object: CatalogObject): boolean
  /** Whether a fact of an object that is there may differ: the entry that makes it so was left out. */
  excusesFact(object: CatalogObject, fact: string): boolean
}

/** No archive brings these into a copy: they go with the server, and `pg_dump` passes subscriptions over unless it is a superuser. */
const neverDumped = new Set(['setting', 'role setting', 'grants on parameter', 'subscription'])
/** How entries of an archive call what the catalog calls otherwise. */
const otherTypes: Readonly<Record<string, readonly string[]>> = {
  'partitioned table': ['TABLE'],
  enum: ['TYPE'],
  range: ['TYPE'],
  'composite type': ['TYPE'],
  'base type': ['TYPE', 'SHELL TYPE'],
  constraint: ['CONSTRAINT', 'FK CONSTRAINT', 'CHECK CONSTRAINT'],
  'foreign server': ['SERVER'],
  language: ['PROCEDURAL LANGUAGE'],
  'statistics object': ['STATISTICS'],
}
const relationTypes = ['TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW', 'DOMAIN']
/** What stands below a relation, and goes with it. */
const partKinds = new Set(['column', 'constraint', 'index', 'trigger', 'rule', 'policy'])
/** Facts that an entry of their own makes, by the kind of their object. */
const factEntries: Readonly<Record<string, string>> = {
  'column default': 'DEFAULT',
  'sequence ownedBy': 'SEQUENCE OWNED BY',
  'table parents': 'TABLE ATTACH',
  'table partitionBound': 'TABLE ATTACH',
  'partitioned table parents': 'TABLE ATTACH',
  'partitioned table partitionBound': 'TABLE ATTACH',
  'materialized view populated': 'MATERIALIZED VIEW DATA',
}

/** `leftOut` are entries of the archive as people know them: `TABLE public users`. What is absent without one of them is lost. */
export function absencesOf(leftOut: readonly string[], objects: readonly CatalogObject[]): Absences {
  const entries = new Set(leftOut.map(plainSignature))
  const isLeftOut = (types: readonly string[], names: readonly string[]) => types.some((type) => entries.has([type, ...names].join(' ')))
  const excusesItself = (object: CatalogObject) => isNeverDumped(object) || isInvalidIndex(object) || isNamed(object, isLeftOut)
  const absent = new Set(objects.filter(excusesItself).map(({ kind, name }) => `${kind} ${name}`))
  return {
    excuses: (object) =>
      excusesItself(object) || (object.kind === 'comment' && commentTarget(object.name).some((target) => absent.has(target))),
    excusesFact({ kind, name }, fact) {
      if (fact === 'tablespace') return true
      const type = factEntries[`${kind} ${fact}`]
      return type !== undefined && isLeftOut([type], partsOf(name))
    },
  }
}

/** What belongs to the server, or to no archive, as people know it. */
export function undumped(objects: readonly CatalogObject[]): readonly string[] {
  return objects.flatMap((object) => {
    if (object.kind === 'database') return ofDatabase(object.facts)
    const tablespace = object.facts.tablespace === undefined ? [] : [`tablespace of ${object.kind} ${object.name}`]
    if (!isNeverDumped(object) && !isInvalidIndex(object)) return tablespace
    return [`${object.kind} ${object.name}${isInvalidIndex(object) ? ' (invalid)' : ''}`]
  })
}

export function isNeverDumped({ kind }: CatalogObject): boolean {
  return neverDumped.has(kind)
}

/** A copy is another database, with another owner: the same rights would be those of somebody else. */
function ofDatabase({ owner, grants, comment, connectionLimit }: CatalogObject['facts']): string[] {
  const usual = [`${owner}: CONNECT, CREATE, TEMPORARY by ${owner}`, `public: CONNECT, TEMPORARY by ${owner}`]
  const isUsual = Array.isArray(grants) && grants.length === usual.length && usual.every((entry) => grants.includes(entry))
  return [
    ...(owner === undefined ? [] : ['owner of the database']),
    ...(grants === undefined || isUsual ? [] : ['grants on the database']),
    ...(comment === undefined ? [] : ['comment on the database']),
    ...(connectionLimit === undefined ? [] : ['connection limit of the database']),
  ]
}

/** `pg_dump` passes it over. */
function isInvalidIndex({ kind, facts }: CatalogObject): boolean {
  return kind === 'index' && facts.invalid === true
}

function isNamed(
  { kind, name, facts }: CatalogObject,
  isLeftOut: (types: readonly string[], names: readonly string[]) => boolean,
): boolean {
  const types = otherTypes[kind] ?? [kind.toUpperCase()]
  const parts = partsOf(kind === 'user mapping' ? mappingTag(name) : name)
  if (isLeftOut(types, parts)) return true
  if (kind === 'operator') return isLeftOut(types, partsOf(name.replace(/\([^(]*\)$/, '')))
  if (kind === 'operator class' || kind === 'operator family') return isLeftOut(types, partsOf(name.replace(/ USING \S+$/, '')))
  if (kind === 'cast') return isLeftOut(types, [`CAST ${name.replaceAll('pg_catalog.', '')}`])
  if (kind === 'transform') return isLeftOut(types, [`TRANSFORM ${name.replace(/^for /, 'FOR ').replace(' on language ', ' LANGUAGE ')}`])
  if (!partKinds.has(kind)) return false
  const relation = kind === 'index' && typeof facts.table === 'string' ? partsOf(facts.table) : parts.slice(0, 2)
  // a primary key is an index too
  return isLeftOut(relationTypes, relation) || (kind === 'index' && isLeftOut(['CONSTRAINT'], [...relation, ...parts.slice(1)]))
}

/** The catalog says `someone on server`. */
function mappingTag(name: string): string {
  const [user = '', server = ''] = name.split(' on ').map((part) => partsOf(part).join('.'))
  return `USER MAPPING ${user} SERVER ${server}`
}

/** The names of a qualified one, without their quotes; what follows in parentheses belongs to the last. */
function partsOf(name: string): string[] {
  const parts: string[] = []
  for (let rest = name; rest !== ''; ) {
    const [whole = rest, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^."(]+))(?:\.|(?=\()|$)/.exec(rest) ?? []
    parts.push(quoted?.replaceAll('""', '"') ?? plain ?? whole)
    rest = rest.slice(whole.length)
    if (!rest.startsWith('(')) continue
    parts.push(plainSignature(`${parts.pop() ?? ''}${rest}`))
    break
  }
  return parts
}

/** Catalog and archive write the arguments of a function in two ways. */
function plainSignature(text: string): string {
  return text.replace(/\(.*\)$/, (list) => list.replaceAll(', ', ',').replace(/^\(\*\)$/, '()'))
}
