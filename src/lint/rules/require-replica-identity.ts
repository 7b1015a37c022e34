import { namesIn } from '../../sql/names-in.ts'
import { childrenOf, type Schema, type Table, tableById } from '../../sql/schema/schema.ts'
import { readStatements } from '../down/judge-files.ts'
import type { ReleaseRule } from '../rule.ts'
import type { ReleaseScope } from '../scope.ts'
import { tableName } from '../wording.ts'

const rule: ReleaseRule = {
  name: 'require-replica-identity',
  group: 'data',
  severity: 'error',
  problem: 'Every UPDATE and DELETE on the table fails, for the application that writes it.',
  remedy: 'Give the table a primary key, or say which rows are meant with ALTER TABLE … REPLICA IDENTITY.',
  because:
    'A publication of updates or deletes tells subscribers which row is meant by its replica identity, by default the primary key; without one the server refuses the statement (SQLSTATE 55000).',
  examples: {
    bad: [
      { given: 'create publication feed for all tables', files: [{ sql: 'create table visits (user_id bigint, at timestamptz)' }] },
      { given: 'create table visits (user_id bigint)', files: [{ sql: 'create publication feed for table visits' }] },
      { given: 'create publication feed for tables in schema public', files: [{ sql: 'create table visits (user_id bigint)' }] },
    ],
    good: [
      { given: 'create publication feed for all tables', files: [{ sql: 'create table visits (id bigint primary key)' }] },
      {
        given: 'create publication feed for all tables',
        files: [{ sql: 'create table visits (user_id bigint); alter table visits add primary key (user_id)' }],
      },
      { given: 'create publication feed for table users', files: [{ sql: 'create table visits (user_id bigint)' }] },
      { given: 'create publication feed for all tables', files: [{ sql: 'create unlogged table visits (user_id bigint)' }] },
      'create table visits (user_id bigint, at timestamptz)',
    ],
  },
  checkRelease(scope) {
    const before = new Set([...tablesWithoutIdentity(scope.before)].map(({ table }) => table.id))
    return [...tablesWithoutIdentity(scope.after)]
      .filter(({ table }) => !before.has(table.id) && !isPublished(scope.before, table.id))
      .map(({ table, publication }) => ({
        ...placeOf(table, publication, scope),
        message: `${shown(table)} has no primary key, and the publication ${publication} publishes it: every UPDATE and DELETE on it fails.`,
      }))
  },
}

export default rule

/** Then the statement that takes its identity away is told of. */
function isPublished(schema: Schema, id: number): boolean {
  const table = tableById(schema, id)
  return table !== undefined && publisherOf(schema, table) !== undefined
}

interface Unidentified {
  readonly table: Table
  readonly publication: string
}

function* tablesWithoutIdentity(schema: Schema): Generator<Unidentified> {
  if (schema.publications.size === 0) return
  for (const table of schema.relations.values()) {
    if (table.kind !== 'table' || table.persistence !== 'permanent' || table.form === 'foreign') continue
    // a partition gets its key from its parent, which is named
    if (table.partitionOf !== undefined || !table.complete || hasIdentity(table)) continue
    const publication = publisherOf(schema, table)
    if (publication !== undefined) yield { table, publication }
  }
}

function hasIdentity({ replicaIdentity, constraints }: Table): boolean {
  if (replicaIdentity.kind !== 'default') return replicaIdentity.kind !== 'nothing'
  return [...constraints.values()].some(({ kind }) => kind === 'primary')
}

function publisherOf(schema: Schema, table: Table): string | undefined {
  const ids = [table, ...childrenOf(schema, table)].map(({ id }) => id)
  for (const [name, { allTables, schemas, tables }] of schema.publications) {
    if (allTables || schemas.has(table.schema) || ids.some((id) => tables.has(id))) return name
  }
  return undefined
}

/** The statement that made the table when the release did, else the first file that speaks of either of them. */
function placeOf(table: Table, publication: string, scope: ReleaseScope) {
  const maker = scope.files.find(({ order }) => order === table.origin.file)
  if (maker !== undefined) {
    const start = maker.up.statements[table.origin.statement]?.start ?? 0
    return { path: maker.migration.path, offset: maker.up.text.fileOffset(start) ?? 0 }
  }
  const names = (one: string) => scope.files.find(({ up }) => namesIn(readStatements(up)).has(one))
  return { path: (names(publication) ?? names(table.name) ?? scope.files[0])?.migration.path ?? '' }
}

function shown({ schema, name }: Table): string {
  return tableName({ schema: schema === 'public' ? undefined : schema, name })
}
