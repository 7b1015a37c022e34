import type { ServerObject } from '../sql/classify.ts'
import type { IndexStatement } from '../sql/index-statement.ts'
import type { RelationName } from '../sql/locks/names.ts'

/** A relation on the server. */
export interface FoundRelation {
  readonly oid: string
  /** Without its schema. */
  readonly relname: string
  /** Qualified and quoted. */
  readonly name: string
}

export interface FoundTable extends FoundRelation {
  readonly kind: 'table' | 'partitioned' | 'other'
  readonly schema: string
}

export interface FoundIndex extends FoundRelation {
  /** Queries may use it. One that is not was never finished, or is being built or dropped. */
  readonly valid: boolean
  /** Belongs to a partitioned index or to a constraint, and is not free to come and go. */
  readonly bound: boolean
}

export interface FoundPartition extends FoundRelation {
  readonly schema: string
  /** The oid of the table that it is a partition of. */
  readonly parent: string
  readonly partitioned: boolean
}

/** A half-built index that an interrupted REINDEX CONCURRENTLY leaves, and its table. */
export interface RebuildRemains extends FoundRelation {
  readonly table: FoundRelation
}

/** What became of the attempt to make sure of an invalid index. */
export type SetAside =
  | { readonly state: 'done'; readonly name: string }
  /** Somebody holds a lock that building or rebuilding it would hold. */
  | { readonly state: 'busy' }
  /** It is no longer what it was. */
  | { readonly state: 'changed' }
  | { readonly state: 'refused'; readonly reason: string }

/** What the catalog tells about statements that run outside a transaction; names are found as the worker's session finds them. */
export interface Catalog {
  table(name: RelationName): Promise<FoundTable | undefined>
  /** An index by its name, and its table; `first` when no schema before its own in the search path could have held the name. */
  index(name: RelationName): Promise<{ readonly index: FoundIndex; readonly table: FoundTable; readonly first: boolean } | undefined>
  indexes(table: FoundTable): Promise<readonly FoundIndex[]>
  /**
   * Which indexes of a table are what a statement would build. Found out by building it on an empty copy that is taken
   * back; the problem, where that cannot be done.
   */
  alike(statement: IndexStatement, table: FoundTable): Promise<Alike>
  /**
   * Makes sure, under a lock that nobody who builds or rebuilds an index of the table can share, that an index is
   * still the invalid one that was found, and gives it a name that nobody else uses.
   */
  setAside(index: FoundIndex, table: FoundTable, waitMs: number): Promise<SetAside>
  /** All partitions of a table, each after its parent. */
  partitions(table: FoundTable): Promise<readonly FoundPartition[]>
  /** What interrupted rebuilds left on the tables that a REINDEX of a relation works on; of all tables, without one. */
  rebuildRemains(relation: RelationName | undefined): Promise<readonly RebuildRemains[]>
  /** The tables that a REINDEX of a relation works on. */
  rebuiltTables(relation: RelationName): Promise<readonly FoundRelation[]>
  attachment(table: RelationName, partition: RelationName): Promise<Attachment | undefined>
  exists(what: ServerObject, name: string): Promise<boolean>
}

export type Alike =
  | {
      readonly oids: ReadonlySet<string>
      /** The name that the server chooses for a statement without one. */
      readonly chosenName: string | undefined
    }
  | { readonly problem: string }

export interface Attachment {
  readonly table: FoundRelation
  readonly partition: FoundRelation
  /** `pending` when a concurrent detaching was interrupted, or is under way. */
  readonly state: 'attached' | 'pending' | 'detached'
}

/** The name of an index that was set aside; it holds its own number, so that it can be mistaken for nothing else. */
export function asideName(oid: string): string {
  return `shiplock_invalid_${oid}`
}
