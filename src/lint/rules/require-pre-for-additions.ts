import type { AlterTableStmt, RangeVar } from '@pgsql/types'
import { nameOf, nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf, openNode } from '../../sql/node.ts'
import { findRelation, findTable, type Schema } from '../../sql/schema/schema.ts'
import { type TouchedObject, touchedObjects } from '../../sql/touched-objects.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { partAlter } from '../compatibility/moved.ts'
import { findType } from '../compatibility/old-objects.ts'
import { uses } from '../compatibility/part.ts'
import { listed, statementsText } from '../compatibility/sql-text.ts'
import { onlyAddsToItsEnd, schemaAfterFile } from '../compatibility/what-follows.ts'
import { defineRule, type Problem } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-pre-for-additions',
  group: 'compatibility',
  severity: 'warning',
  phase: 'post',
  problem: 'The new code of this release runs before it is there: what it needs of it fails until the post migrations have run.',
  remedy: 'Move what is added into a pre migration; old code does not mind what it does not know.',
  because:
    'Post migrations run when the new code has taken over; until then a query on what they add fails with 42P01, 42703, 42883 or 22P02.',
  examples: {
    bad: [
      { files: [{ phase: 'post', sql: 'create table carts (id bigint primary key)' }] },
      { files: [{ phase: 'post', sql: 'alter table users add column kind text, drop column nickname' }] },
      { files: [{ phase: 'post', sql: "alter type order_state add value 'returned'" }] },
      { files: [{ phase: 'post', sql: 'create view names as select name from users' }] },
      { files: [{ phase: 'post', sql: "create function tax(int) returns int language sql as 'select 1'" }] },
      { files: [{ phase: 'post', sql: "create type color as enum ('red')" }] },
    ],
    good: [
      'create table carts (id bigint primary key)',
      { files: [{ phase: 'post', sql: 'create table keep as select id from users; drop table keep' }] },
      { files: [{ phase: 'post', sql: 'create temporary table keep as select id from users' }] },
      { files: [{ phase: 'post', sql: 'create index users_age_idx on users (age)' }] },
      { files: [{ phase: 'post', sql: 'drop view active_users; create view active_users as select id from users' }] },
      { files: [{ phase: 'post', sql: "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')" }] },
      { files: [{ phase: 'post', sql: 'alter table users add column helper text; alter table users drop column helper' }] },
      { files: [{ phase: 'post', sql: "create or replace function touch() returns trigger language plpgsql as 'begin return new; end'" }] },
    ],
  },
  on: [
    'CreateStmt',
    'CreateTableAsStmt',
    'ViewStmt',
    'CreateSeqStmt',
    'AlterTableStmt',
    'AlterEnumStmt',
    'CreateEnumStmt',
    'CompositeTypeStmt',
    'CreateDomainStmt',
    'CreateFunctionStmt',
  ],
  check(_, scope) {
    const added = addition(scope)
    if (added === undefined || !staysNew(scope, added) || isNeededBefore(scope, added)) return undefined
    const parting =
      added.kind === 'columns' ? partAlter(scope, added.alter, ({ subtype }) => subtype === 'AT_AddColumn') : { moved: [scope.sql] }
    return problem(scope, added.what, parting)
  },
})

type Addition = { readonly what: string; readonly name: RelationName } & (
  | { readonly kind: 'relation' | 'type' | 'function' }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly alter: AlterTableStmt }
)

function addition({ statement }: StatementScope): Addition | undefined {
  const { node } = statement
  if ('CreateStmt' in node) return node.CreateStmt.partbound === undefined ? relation('the table', node.CreateStmt.relation) : undefined
  if ('CreateTableAsStmt' in node) return relation('the table', node.CreateTableAsStmt.into?.rel)
  if ('ViewStmt' in node) return relation('the view', node.ViewStmt.view)
  if ('CreateSeqStmt' in node) return relation('the sequence', node.CreateSeqStmt.sequence)
  if ('AlterTableStmt' in node) return columns(node.AlterTableStmt)
  if ('AlterEnumStmt' in node) {
    const { typeName, newVal = '', oldVal } = node.AlterEnumStmt
    const name = nameOfWords(wordsOf(typeName))
    return oldVal === undefined ? { kind: 'value', what: `the value ${newVal} of ${tableName(name)}`, name, value: newVal } : undefined
  }
  if ('CreateFunctionStmt' in node) {
    const name = nameOfWords(wordsOf(node.CreateFunctionStmt.funcname))
    const isOfTrigger = wordsOf(node.CreateFunctionStmt.returnType?.names).at(-1) === 'trigger'
    return isOfTrigger ? undefined : { kind: 'function', what: `the function ${tableName(name)}`, name }
  }
  const content = openNode(node).content as {
    typeName?: Parameters<typeof wordsOf>[0]
    domainname?: Parameters<typeof wordsOf>[0]
    typevar?: RangeVar
  }
  const name = content.typevar === undefined ? nameOfWords(wordsOf(content.typeName ?? content.domainname)) : nameOf(content.typevar)
  return { kind: 'type', what: `the type ${tableName(name)}`, name }
}

function relation(kind: string, range: RangeVar | undefined): Addition | undefined {
  return range?.relpersistence === 't' ? undefined : { kind: 'relation', what: `${kind} ${tableName(nameOf(range))}`, name: nameOf(range) }
}

function columns(alter: AlterTableStmt): Addition | undefined {
  const added = nodesOf(alter.cmds, 'AlterTableCmd').flatMap(({ subtype, def }) =>
    subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def ? [def.ColumnDef.colname ?? ''] : [],
  )
  const name = nameOf(alter.relation)
  return added.length === 0 ? undefined : { kind: 'columns', what: `${listed(added)} of ${tableName(name)}`, name, columns: added, alter }
}

/** Not there before the release, and not taken away again by the same file. */
function staysNew(scope: StatementScope, added: Addition): boolean {
  const { before } = scope.release
  switch (added.kind) {
    case 'relation':
      return findRelation(before, added.name) === undefined && stays(scope, (after) => findRelation(after, added.name) !== undefined)
    case 'type':
      return findType(before, added.name) === undefined && stays(scope, (after) => findType(after, added.name) !== undefined)
    case 'function':
      return findFunctions(before, added.name).length === 0 && stays(scope, (after) => findFunctions(after, added.name).length > 0)
    case 'value':
      return !isMadeInPost(scope, findType(scope.schema, added.name)) && !hasValue(before, added)
    case 'columns': {
      const [old, table] = [findTable(before, added.name), findTable(scope.schema, added.name)]
      if (isMadeInPost(scope, table)) return false
      const fresh = added.columns.filter((column) => old?.columns.has(column) !== true)
      if (table === undefined || fresh.length === 0) return fresh.length > 0
      return stays(scope, (after) => fresh.some((column) => findTable(after, added.name)?.columns.has(column) === true))
    }
  }
}

/** Looks at what the file leaves, where any of it could take something away. */
function stays(scope: StatementScope, isThere: (after: Schema) => boolean): boolean {
  return onlyAddsToItsEnd(scope) || isThere(schemaAfterFile(scope))
}

/** Then require-order-of-phases tells of the statement that needs it. */
function isNeededBefore(scope: StatementScope, added: Addition): boolean {
  const parts = added.kind === 'columns' ? added.columns : added.kind === 'relation' ? [undefined] : []
  const touched = parts.length === 0 ? [] : touchedInPre(scope.release)
  return parts.some((column) => touched.some((one) => uses(one, { name: added.name, column })))
}

const touchedBy = new WeakMap<StatementScope['release'], readonly TouchedObject[]>()

/** What the pre migrations of a release touch; each addition in post asks. */
function touchedInPre(release: StatementScope['release']): readonly TouchedObject[] {
  const statements = () => release.files.filter(({ migration }) => migration.phase === 'pre').flatMap(({ up }) => up.statements)
  const known = touchedBy.get(release) ?? statements().flatMap(touchedObjects)
  touchedBy.set(release, known)
  return known
}

function hasValue(schema: Schema, { name, value }: { readonly name: RelationName; readonly value: string }): boolean {
  const type = findType(schema, name)
  return type?.kind === 'enum' && type.values.includes(value)
}

/** Then that was told of already. */
function isMadeInPost(scope: StatementScope, what: { readonly origin: { readonly file: number } } | undefined): boolean {
  return scope.release.files.some(({ order, migration }) => order === what?.origin.file && migration.phase === 'post')
}

function problem(scope: StatementScope, what: string, { moved, kept = [] }: ReturnType<typeof partAlter>): Problem {
  const { transactional } = scope.file.migration
  return {
    message: `The new code of this release runs before ${what} is there.`,
    instead: [
      {
        phase: 'pre',
        transactional,
        sql: statementsText(moved),
        note: 'Take it out of this file, into a pre migration: the old code does not mind it.',
      },
      ...(kept.length > 0
        ? [{ phase: 'post' as const, transactional, sql: statementsText(kept), note: 'What stays of the statement.' }]
        : []),
    ],
  }
}
