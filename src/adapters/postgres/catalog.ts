import type pg from 'pg'
import type {
  Alike,
  Attachment,
  Catalog,
  FoundIndex,
  FoundPartition,
  FoundRelation,
  FoundTable,
  RebuildRemains,
  SetAside,
} from '../../migration/catalog.ts'
import { quoteRelation } from '../../migration/ledger.ts'
import type { ServerObject } from '../../sql/classify.ts'
import type { IndexStatement } from '../../sql/index-statement.ts'
import type { RelationName } from '../../sql/locks/names.ts'
import { compareIndexes } from './index-comparison.ts'
import { readRebuildRemains, readRebuiltTables } from './rebuilds.ts'
import { setAsideIndex } from './set-aside.ts'

/**
 * The catalog. Names are found by the worker, in its own search path; everything else is read by the observer, whose
 * search path nobody but us has set.
 */
export class PostgresCatalog implements Catalog {
  readonly #worker: () => pg.Client
  readonly #observer: () => pg.Client

  constructor(worker: () => pg.Client, observer: () => pg.Client) {
    this.#worker = worker
    this.#observer = observer
  }

  async table(name: RelationName): Promise<FoundTable | undefined> {
    const found = await this.#find(name)
    return found === undefined ? undefined : this.#table(found.oid)
  }

  async index(name: RelationName): Promise<{ index: FoundIndex; table: FoundTable; first: boolean } | undefined> {
    const found = await this.#find(name)
    if (found === undefined) return undefined
    const { rows } = await this.#observer().query<{ table: string }>(
      'select indrelid::text as table from pg_index where indexrelid = $1::oid',
      [found.oid],
    )
    const table = rows[0] === undefined ? undefined : await this.#table(rows[0].table)
    const index = table && (await this.indexes(table)).find(({ oid }) => oid === found.oid)
    return table === undefined || index === undefined ? undefined : { index, table, first: name.schema !== undefined || found.first }
  }

  async indexes(table: FoundTable): Promise<readonly FoundIndex[]> {
    const { rows } = await this.#observer().query<FoundIndex>(
      `select c.oid::text as oid, c.relname, format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid,
         c.relkind <> 'i' or c.relispartition or exists (select from pg_constraint o where o.conindid = c.oid) as bound
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
       where i.indrelid = $1::oid order by c.oid`,
      [table.oid],
    )
    return rows
  }

  alike(statement: IndexStatement, table: FoundTable): Promise<Alike> {
    return compareIndexes(this.#worker(), statement, table)
  }

  setAside(index: FoundIndex, table: FoundTable, waitMs: number): Promise<SetAside> {
    return setAsideIndex(this.#worker(), index, table, waitMs)
  }

  async partitions(table: FoundTable): Promise<readonly FoundPartition[]> {
    const { rows } = await this.#observer().query<FoundPartition>(
      `select c.oid::text as oid, c.relname, n.nspname as schema, format('%I.%I', n.nspname, c.relname) as name,
         t.parentrelid::oid::text as parent, c.relkind = 'p' as partitioned
       from pg_partition_tree($1::oid::regclass) t join pg_class c on c.oid = t.relid join pg_namespace n on n.oid = c.relnamespace
       where t.level > 0 order by t.level, c.relname`,
      [table.oid],
    )
    return rows
  }

  async rebuildRemains(relation: RelationName | undefined): Promise<readonly RebuildRemains[]> {
    const found = relation && (await this.#find(relation))
    return readRebuildRemains(this.#observer(), found?.oid)
  }

  async rebuiltTables(relation: RelationName): Promise<readonly FoundRelation[]> {
    const found = await this.#find(relation)
    return found === undefined ? [] : readRebuiltTables(this.#observer(), found.oid)
  }

  async attachment(table: RelationName, partition: RelationName): Promise<Attachment | undefined> {
    const parent = await this.table(table)
    const child = await this.table(partition)
    if (parent === undefined || child === undefined) return undefined
    const { rows } = await this.#observer().query<{ pending: boolean | null }>(
      // the column came with PostgreSQL 14, as did detaching concurrently
      `select (to_jsonb(h) ->> 'inhdetachpending')::boolean as pending from pg_inherits h where inhparent = $1::oid and inhrelid = $2::oid`,
      [parent.oid, child.oid],
    )
    const state = rows[0] === undefined ? 'detached' : rows[0].pending === true ? 'pending' : 'attached'
    return { table: parent, partition: child, state }
  }

  async exists(what: ServerObject, name: string): Promise<boolean> {
    const { rowCount } = await this.#observer().query(existence[what], [name])
    return rowCount !== 0
  }

  /** `first` when no schema before its own in the search path could have held the name. */
  async #find(name: RelationName): Promise<{ oid: string; first: boolean } | undefined> {
    const { rows } = await this.#worker().query<{ oid: string | null; schemas: string[] }>(
      'select pg_catalog.to_regclass($1)::pg_catalog.oid::pg_catalog.text as oid, pg_catalog.current_schemas(false)::pg_catalog.text[] as schemas',
      [quoteRelation(name)],
    )
    const { oid = null, schemas = [] } = rows[0] ?? {}
    if (oid === null) return undefined
    const { rowCount } = await this.#observer().query(
      'select from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid and n.nspname = $2',
      [oid, schemas[0] ?? ''],
    )
    return { oid, first: rowCount !== 0 }
  }

  async #table(oid: string): Promise<FoundTable | undefined> {
    const { rows } = await this.#observer().query<FoundTable>(
      `select c.oid::text as oid, c.relname, n.nspname as schema, format('%I.%I', n.nspname, c.relname) as name,
         case c.relkind when 'r' then 'table' when 'p' then 'partitioned' else 'other' end as kind
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid`,
      [oid],
    )
    return rows[0]
  }
}

const existence: Readonly<Record<ServerObject, string>> = {
  database: 'select from pg_database where datname = $1',
  tablespace: 'select from pg_tablespace where spcname = $1',
  subscription:
    'select from pg_subscription where subname = $1 and subdbid = (select oid from pg_database where datname = current_database())',
}
