import type { RelationName } from '../sql/locks/names.ts'
import type { Migration, Phase } from './migration.ts'

/** A row of the version table: a migration that has run. */
export interface LedgerEntry {
  readonly version: string
  readonly phase: Phase | undefined
  /** What the table keeps of the file, when it keeps anything. */
  readonly checksum: string | undefined
  readonly appliedAt: Date | undefined
  /** What the table keeps of the file's name, where the tool goes by it: to be compared with `keptName`. */
  readonly name?: string | undefined
  /** Set where it has no row of its own, and one of another version stands for it: then none can be taken out. */
  readonly covered?: true
  /** A larger one in the same table was written later; missing where the table counts nothing. */
  readonly place?: number | undefined
  /** Set where the tool notes in its table that this migration, or a way back to it, began and did not end. */
  readonly dirty?: true
}

/** A version that a file or the history knows. */
export interface KnownVersion {
  readonly version: string
  readonly phase: Phase
}

/** A table by its schema and name. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

/**
 * What a layout must say about its version table. All texts are SQL with qualified names, safe under any
 * search_path, since they run inside the migration's own session.
 */
export interface LedgerDialect {
  /** Creates the table when it is missing, with whatever rows the tool expects in an empty one. */
  create(table: TableName): string
  /** Creates the table alone when it is missing: what a subscriber of logical replication needs. */
  createEmpty(table: TableName): string
  /**
   * Selects `version` (text), `phase`, `checksum` and `applied_at`, missing columns as null; `name` where the tool goes by
   * it, `covered` where a row stands for others too, `place` where the table counts its rows, and `dirty` where the tool notes there that a migration did not end.
   */
  select(table: TableName, scope: LedgerScope): string
  /** Records one migration as applied. */
  record(table: TableName, migration: Migration, scope: LedgerScope): string
  /** Takes a migration out again, as the tool's own way back leaves the table. */
  erase(table: TableName, migration: Migration, scope: LedgerScope): string
  /** Records as applied what ran elsewhere, where the tool then writes another row than for what it ran itself. */
  mark?(table: TableName, migration: Migration, scope: LedgerScope): string
  /** Only where `select` has `dirty`. */
  readonly dirty?: DirtyMark
  /** What keeps the table from taking a version twice while a run is at work, where the tool itself would write it twice. */
  onlyOnce?(table: TableName): OnlyOnce
  /**
   * A text that changes whenever the ledger changes: compared before a migration by the migration's own message.
   * Without some versions, it is the text from before they ran. A look that knows no layout (`readKnownTables`) has to
   * make the same text, since a backup is compared by it.
   */
  head(table: TableName, scope: LedgerScope, without?: readonly string[]): string
}

/** How a tool notes that a migration, or a way back, began and did not end. */
interface DirtyMark {
  /** What it means on a version, in words that follow "says that", and what somebody does about it. */
  explain(version: string): { readonly says: string; readonly hint: string }
  /** Settles such a migration, as the tool's own command does. */
  settle(table: TableName, migration: Migration, as: 'applied' | 'reverted', scope: LedgerScope): string
}

/** An index that is there for the time of a run alone. */
export interface OnlyOnce {
  /** Its name with its schema, quoted: what the tool's own error says when it comes second. */
  readonly index: string
  /** Creates it where it is missing. */
  readonly make: string
  /** Selects one text, why the table cannot have it, or no row. */
  readonly obstacle: string
}

/** A version table as it stands, or stood before some of its migrations ran. */
export interface LedgerHead {
  readonly table: string
  readonly head: string
  /** Whether it holds no migration, or is not there at all. */
  readonly empty: boolean
}

/** What a shared table is divided by. */
export interface LedgerScope {
  readonly project: string
  /** Versions of the table's phase that are known to be there, for a table that keeps the newest alone. */
  readonly versions?: readonly string[]
}

/** The scope of one of a run's tables. */
export function scopeOf(
  { project, versions = [] }: { readonly project: string; readonly versions?: readonly KnownVersion[] | undefined },
  phase: Phase | undefined,
): LedgerScope {
  return { project, versions: versions.filter((one) => phase === undefined || one.phase === phase).map(({ version }) => version) }
}

/** The head of a table whose rows are versions, with or without a mark that one did not end; a look from outside makes the same text. */
export function headOfVersions(from: string): string {
  const row = `pg_catalog.concat(t.version, case pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'dirty' when 'true' then ' dirty' end)`
  const list = `pg_catalog.string_agg(${row}, ',' order by t.version::pg_catalog.text collate pg_catalog."C")`
  const hash = `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${list}, 'UTF8')), 'hex')`
  return `select pg_catalog.concat(pg_catalog.count(*), '/', ${hash}) from ${from}`
}

/** How somebody says that a migration which began is all there, or that nothing of it is. */
export function clearDirtyCommand(version: string): string {
  return `shiplock ledger clear-dirty --migration ${version} --settle-as applied --reason "…", or --settle-as reverted`
}

/** A condition that leaves versions out. */
export function butNot(column: string, versions: readonly string[]): string {
  return versions.length === 0 ? 'true' : `${column} not in (${versions.map(quoteText).join(', ')})`
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A name as a statement writes it: without a schema the session's search path finds it. */
export function quoteRelation({ schema, name }: RelationName): string {
  return schema === undefined ? quoteName(name) : quoteTable({ schema, table: name })
}

export function quoteTable({ schema, table }: TableName): string {
  return `${quoteName(schema)}.${quoteName(table)}`
}

/** A string constant that reads the same whatever `standard_conforming_strings` says. */
export function quoteText(text: string): string {
  const quoted = text.replaceAll("'", "''")
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}
