import type { Node } from '@pgsql/types'
import type { RelationName } from '../locks/names.ts'

/**
 * What a sequence of statements has made, as far as their text tells. Relations are known by a number that outlives
 * renames; names are looked up as a session with `searchPath` would. All of it is plain data, so that it can be copied.
 */
export interface Schema {
  searchPath: string[]
  /** The time zone of the session, when a statement has set it. */
  timeZone: string | undefined
  readonly schemas: Set<string>
  readonly relations: Map<number, Relation>
  /** Numbers by schema and name, as `nameKey` writes them. */
  readonly names: Map<string, number>
  /** By schema and name. */
  readonly types: Map<string, UserType>
  /** By schema and name; several with other arguments may share one. */
  readonly functions: Map<string, UserFunction[]>
  readonly publications: Map<string, Publication>
  readonly extensions: Set<string>
  /** What no rule asks about, such as collations, casts and statistics: `collation public.x` and its definition. */
  readonly others: Map<string, string>
  nextId: number
  /** What a new session starts with; each file is run by a session of its own. */
  session: Session
  /** What SET LOCAL hides until its transaction ends. */
  beforeLocal: Session | undefined
  /** The file that is replayed. */
  file: number | undefined
  /** How many constraints of a schema have a name, as `nameKey` writes it: the server avoids names that any has. */
  readonly constraintNames: Map<string, number>
  /** Tables that have used a type, by its key: some may not any more. */
  readonly typeUsers: Map<string, Set<number>>
  /** Relations that have called a function, by its name without a schema: some may not any more. */
  readonly callers: Map<string, Set<number>>
}

interface Session {
  readonly searchPath: readonly string[]
  readonly timeZone: string | undefined
}

/** Where something was made: which text of the replay, and which statement of it. */
export interface Origin {
  /** Counts the texts in the order of replay, from 0. */
  readonly file: number
  /** Counts the statements of the text, from 0. */
  readonly statement: number
}

export type Relation = Table | Index | View | Sequence

interface Named {
  readonly id: number
  schema: string
  name: string
  readonly origin: Origin
}

export interface Table extends Named {
  readonly kind: 'table'
  form: 'ordinary' | 'partitioned' | 'foreign'
  persistence: 'permanent' | 'unlogged' | 'temporary'
  /** In their order. */
  readonly columns: Map<string, Column>
  readonly constraints: Map<string, TableConstraint>
  readonly indexes: Set<number>
  /** Tables that it inherits from, not as a partition. */
  readonly parents: Set<number>
  /** Tables that inherit from it, partitions among them. */
  readonly children: Set<number>
  /** Tables whose foreign keys refer to it. */
  readonly referencedBy: Set<number>
  /** The partitioned table that it belongs to, and the values that it holds there. */
  partitionOf: { readonly parent: number; readonly bound: PartitionBound } | undefined
  /** Of a partitioned table: how rows are dealt out. */
  partitionKey: { readonly strategy: 'list' | 'range' | 'hash'; readonly columns: readonly (string | Node)[] } | undefined
  readonly triggers: Map<string, Trigger>
  readonly rules: Map<string, string>
  rowSecurity: boolean
  rowSecurityForced: boolean
  readonly policies: Set<string>
  /** What each policy says. */
  readonly policyTexts: Map<string, Policy>
  /** Views whose query names it. */
  readonly readBy: Set<number>
  /** Sequences that its columns own. */
  readonly sequences: Set<number>
  replicaIdentity: { readonly kind: 'default' | 'full' | 'nothing' } | { readonly kind: 'index'; readonly index: number }
  options: readonly string[]
  /** False when a statement touched it in a way that its text does not show: it may hold more than is known. */
  complete: boolean
}

export interface Trigger {
  enabled: boolean
  /** The function that it calls, as the statement names it. */
  readonly function: string
  /** Columns that UPDATE OF and WHEN name. */
  readonly columns: ReadonlySet<string>
  /** When and for what it fires. */
  readonly definition: Node
  readonly constraint: boolean
  /** Whether it is that of the partitioned table above. */
  readonly inherited: boolean
}

export interface Policy {
  readonly command: string
  readonly permissive: boolean
  readonly roles: readonly string[]
  readonly using: Node | undefined
  readonly check: Node | undefined
}

interface PartitionBound {
  readonly isDefault: boolean
  readonly node: Node | undefined
}

export interface Column {
  name: string
  type: ColumnType
  notNull: boolean
  /** The expression as the parser made it. */
  default: Node | undefined
  generated: { readonly kind: 'stored' | 'virtual'; readonly expression: Node | undefined } | undefined
  identity: 'always' | 'by default' | undefined
  collation: string | undefined
  readonly origin: Origin
  /** How many tables above it in the inheritance tree have it too. */
  inherited: number
  /** Whether its table says it itself, so that it stays when those above lose it. */
  local: boolean
  /** The sequence that its default takes numbers from. */
  counter: number | undefined
}

export interface ColumnType {
  /** As pg_type names it, such as `int4`, `varchar` or `timestamptz`; a type of somebody's own by its name. */
  readonly name: string
  readonly schema: string | undefined
  /** Lengths, precisions and scales, as written. */
  readonly modifiers: readonly number[]
  /** How many dimensions; 0 for no array. */
  readonly array: number
  /** `serial` and its kin, which make a sequence and a default. */
  readonly serial: boolean
}

interface ConstraintBase {
  name: string
  /** False from NOT VALID until VALIDATE: old rows were not looked at. */
  valid: boolean
  readonly origin: Origin
  /** How many tables above its own have it too. */
  inherited: number
  /** Whether its table says it itself. */
  local: boolean
}

export type TableConstraint = CheckConstraint | NotNullConstraint | KeyConstraint | ForeignKey | Exclusion

export interface CheckConstraint extends ConstraintBase {
  readonly kind: 'check'
  expression: Node
  readonly noInherit: boolean
}

/** A NOT NULL with a name, as PostgreSQL 18 has it. */
interface NotNullConstraint extends ConstraintBase {
  readonly kind: 'not-null'
  column: string
}

export interface KeyConstraint extends ConstraintBase {
  readonly kind: 'primary' | 'unique'
  columns: readonly string[]
  readonly index: number
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
}

export interface ForeignKey extends ConstraintBase {
  readonly kind: 'foreign'
  columns: readonly string[]
  /** The other table; `id` is absent when nothing known has its name. */
  references: {
    readonly id: number | undefined
    readonly name: RelationName
    readonly columns: readonly string[]
    /** The unique index that it leans on, and is dropped with. */
    readonly index: number | undefined
  }
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
  readonly onUpdate: ForeignKey['onDelete']
  deferral: 'not deferrable' | 'deferrable' | 'initially deferred'
  /** The key of the partitioned table above that it is a part of. */
  above: string | undefined
}

interface Exclusion extends ConstraintBase {
  readonly kind: 'exclusion'
  readonly index: number
}

export interface Index extends Named {
  readonly kind: 'index'
  readonly table: number
  keys: readonly IndexKey[]
  include: readonly string[]
  readonly unique: boolean
  readonly nullsNotDistinct: boolean
  predicate: Node | undefined
  /** Operators of an exclusion constraint, key by key. */
  readonly exclusions: readonly string[]
  /** Names of its own columns, from which the server makes names of parts. */
  ownColumns: readonly string[]
  readonly method: string
  /** False for one that queries may not use, such as that of ON ONLY a partitioned table before its parts are attached. */
  valid: boolean
  /** The constraint of the table that it belongs to. */
  constraint: string | undefined
  /** The index of the partitioned table that it is a part of. */
  parent: number | undefined
}

export interface IndexKey {
  readonly column: string | undefined
  readonly expression: Node | undefined
  readonly descending: boolean
  readonly opclass: string | undefined
  readonly collation: string | undefined
}

export interface View extends Named {
  readonly kind: 'view'
  readonly form: 'view' | 'materialized'
  /** Names of its columns; `undefined` when they depend on what is not known. */
  columns: readonly string[] | undefined
  /** Relations that its query reads, and the columns of each that it names; `all` for `*` or a whole row. */
  reads: ReadonlyMap<number, ReadonlySet<string> | 'all'>
  query: Node | undefined
  /** Of a materialized view: whether it was filled. */
  populated: boolean
  /** Of a materialized view. */
  readonly indexes: Set<number>
  readonly triggers: Map<string, Trigger>
  readonly rules: Map<string, string>
  /** Views whose query names it. */
  readonly readBy: Set<number>
}

export interface Sequence extends Named {
  readonly kind: 'sequence'
  /** The column that it is dropped with. */
  ownedBy: { readonly table: number; readonly column: string } | undefined
  /** As written in AS; bigint when nothing is. */
  type: string
  /** Whether it belongs to an identity column. */
  identity: boolean
  /** Tables with defaults that took numbers from it. */
  readonly usedBy: Set<number>
}

export type UserType =
  | { readonly kind: 'enum'; values: readonly string[]; readonly origin: Origin }
  | {
      readonly kind: 'domain'
      readonly base: ColumnType
      notNull: boolean
      default: Node | undefined
      readonly checks: Map<string, { readonly expression: Node; valid: boolean }>
      readonly origin: Origin
    }
  | { readonly kind: 'composite'; readonly attributes: Map<string, ColumnType>; readonly origin: Origin }
  | { readonly kind: 'range' | 'other'; readonly origin: Origin; readonly words: string }

export interface UserFunction {
  /** Types of its arguments, without defaults and outputs, as `int4` or `public.state[]`. */
  readonly arguments: readonly string[]
  readonly kind: 'function' | 'procedure' | 'aggregate'
  readonly returns: string | undefined
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  readonly language: string
  /** Text between the quotes, or the statements of a body in SQL. */
  readonly body: string | undefined
  /** All else that its definition says. */
  readonly options: string
  readonly origin: Origin
}

export interface Publication {
  allTables: boolean
  readonly tables: Set<number>
  readonly schemas: Set<string>
  /** Columns and conditions of single tables, and what is published. */
  readonly details: Map<number | 'options', string>
}

export function emptySchema(): Schema {
  return {
    searchPath: ['public'],
    timeZone: undefined,
    schemas: new Set(['public']),
    relations: new Map(),
    names: new Map(),
    types: new Map(),
    functions: new Map(),
    publications: new Map(),
    extensions: new Set(),
    others: new Map(),
    nextId: 1,
    session: { searchPath: ['public'], timeZone: undefined },
    beforeLocal: undefined,
    file: undefined,
    constraintNames: new Map(),
    typeUsers: new Map(),
    callers: new Map(),
  }
}

export function nameKey(schema: string, name: string): string {
  return `${schema}\0${name}`
}

/** The relation that a name means, as the search path finds it. */
export function findRelation(schema: Schema, { schema: space, name }: RelationName): Relation | undefined {
  if (space !== undefined) return relationOf(schema, space, name)
  const temporary = relationOf(schema, 'pg_temp', name)
  if (temporary !== undefined) return temporary
  for (const one of schema.searchPath) {
    const found = relationOf(schema, one, name)
    if (found !== undefined) return found
  }
  return undefined
}

function relationOf(schema: Schema, space: string, name: string): Relation | undefined {
  const id = schema.names.get(nameKey(space, name))
  return id === undefined ? undefined : schema.relations.get(id)
}

/** The key of the type that a name means; `undefined` for one that nothing has made. */
export function findTypeKey(schema: Schema, { schema: space, name }: RelationName): string | undefined {
  return (space === undefined ? schema.searchPath : [space]).map((one) => nameKey(one, name)).find((key) => schema.types.has(key))
}

/** The type that a column's type means, behind its schema and the search path; `undefined` for PostgreSQL's own. */
export function findType(schema: Schema, name: RelationName): UserType | undefined {
  const key = findTypeKey(schema, name)
  return key === undefined ? undefined : schema.types.get(key)
}

/** The name that `nameKey` wrote. */
export function nameOfKey(key: string): { readonly schema: string; readonly name: string } {
  const [schema = '', name = ''] = key.split('\0')
  return { schema, name }
}

/** The schema in which a statement makes something that has no schema in its name. */
export function creationSchema(schema: Schema, name: { readonly schema: string | undefined }): string {
  return name.schema ?? schema.searchPath.find((one) => one !== '$user') ?? 'public'
}

export function findTable(schema: Schema, name: RelationName): Table | undefined {
  const found = findRelation(schema, name)
  return found?.kind === 'table' ? found : undefined
}

export function tableById(schema: Schema, id: number | undefined): Table | undefined {
  const found = id === undefined ? undefined : schema.relations.get(id)
  return found?.kind === 'table' ? found : undefined
}

export function viewById(schema: Schema, id: number | undefined): View | undefined {
  const found = id === undefined ? undefined : schema.relations.get(id)
  return found?.kind === 'view' ? found : undefined
}

export function indexesOf(schema: Schema, table: Pick<Table, 'indexes'>): Index[] {
  return [...table.indexes].flatMap((id) => {
    const found = schema.relations.get(id)
    return found?.kind === 'index' ? [found] : []
  })
}

/** Partitions and other children at every level below a table. */
export function childrenOf(schema: Schema, table: Table): Table[] {
  return [...table.children].flatMap((id) => {
    const child = tableById(schema, id)
    return child === undefined ? [] : [child, ...childrenOf(schema, child)]
  })
}

/** Foreign keys of other tables, and of itself, that refer to a table. */
export function foreignKeysTo(schema: Schema, table: Table): { readonly table: Table; readonly key: ForeignKey }[] {
  return [...table.referencedBy].flatMap((id) => {
    const from = tableById(schema, id)
    return [...(from?.constraints.values() ?? [])].flatMap((key) =>
      from !== undefined && key.kind === 'foreign' && key.references.id === table.id ? [{ table: from, key }] : [],
    )
  })
}
