import type { AlterTableStmt, DropStmt } from '@pgsql/types'
import { type Index, indexesOf, type Schema, type Table, tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { droppedOld } from '../compatibility/dropped.ts'
import { movedToPost, type Parting, partAlter } from '../compatibility/moved.ts'
import { sameNode } from '../compatibility/same-node.ts'
import { listed } from '../compatibility/sql-text.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule, type Problem } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'ban-drop-unique',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'INSERT … ON CONFLICT of the code that still runs fails, and code that counts on the server to refuse a second row gets one.',
  remedy: 'Ship code that does not count on it, and drop it in a post migration.',
  because: 'ON CONFLICT (columns) without a unique index on exactly these columns fails with 42P10.',
  examples: {
    bad: [
      'drop index users_email_key',
      { files: [{ transaction: false, sql: 'drop index concurrently users_email_key' }] },
      'alter table products drop constraint products_pkey',
      'drop index users_email_key; create unique index users_email_name_key on users (email, name)',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'drop index users_email_key' }] },
      'drop index users_name_idx',
      'drop index users_email_key; create unique index users_email_unique on users (email)',
      'alter table products drop constraint products_pkey, add constraint products_key primary key (id)',
      {
        files: [
          { transaction: false, sql: 'create unique index concurrently again on users (email); drop index concurrently users_email_key' },
        ],
      },
    ],
  },
  on: ['DropStmt', 'AlterTableStmt'],
  check(statement, scope) {
    return 'cmds' in statement ? inTable(statement, scope) : 'removeType' in statement ? inDrop(statement, scope) : undefined
  },
})

function inDrop(drop: DropStmt, scope: StatementScope): Problem | undefined {
  if (drop.removeType !== 'OBJECT_INDEX') return undefined
  const unique = droppedOld(scope, drop).flatMap(({ relation }) => (relation?.kind === 'index' && relation.unique ? [relation] : []))
  return problem(scope, unique, { moved: [scope.sql] })
}

function inTable(alter: AlterTableStmt, scope: StatementScope): Problem | undefined {
  const altered = alteredOldTable(scope, alter)
  const drops = (altered?.commands ?? []).map(({ subtype, name = '' }) => {
    const constraint = subtype === 'AT_DropConstraint' ? altered?.table?.constraints.get(name) : undefined
    const index = constraint !== undefined && 'index' in constraint ? scope.schema.relations.get(constraint.index) : undefined
    return index?.kind === 'index' && !scope.isNew(index) ? index : undefined
  })
  const indexes = drops.flatMap((index) => index ?? [])
  if (indexes.length === 0) return undefined
  return problem(
    scope,
    indexes,
    partAlter(scope, alter, (_, at) => drops[at] !== undefined),
  )
}

function problem(scope: StatementScope, indexes: readonly Index[], parting: Parting): Problem | undefined {
  if (indexes.length === 0) return undefined
  const after = schemaWhenDone(scope)
  const lost = indexes.flatMap((index) => {
    const table = tableById(scope.schema, index.table)
    return table !== undefined && !isStillUnique(after, table, index) ? [{ index, table }] : []
  })
  const [first] = lost
  if (first === undefined) return undefined
  const keys = listed(first.index.keys.map(({ column }) => column ?? 'an expression'))
  return {
    message: `Without ${listed(lost.map(({ index }) => index.name))}, ${first.table.name} takes a second row with the same ${keys}, and ON CONFLICT (${keys}) fails.`,
    harm: `INSERT … ON CONFLICT of the old code into ${first.table.name} fails until the deploy is done.`,
    instead: movedToPost(scope, parting, `The code of this release neither names ${keys} in ON CONFLICT nor counts on a refusal.`),
  }
}

function isStillUnique(after: Schema, { id }: Table, index: Index): boolean {
  const table = tableById(after, id)
  if (table === undefined) return true // the table goes: that is another matter
  const columns = (one: Index) => one.keys.map(({ column, expression }) => column ?? JSON.stringify(expression)).sort()
  return indexesOf(after, table).some(
    (one) => one.id !== index.id && one.unique && sameNode(columns(one), columns(index)) && sameNode(one.predicate, index.predicate),
  )
}
