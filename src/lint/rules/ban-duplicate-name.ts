import type { AlterTableStmt, CreateStmt, IndexStmt } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findRelation, findTable, nameKey, type Schema } from '../../sql/schema/schema.ts'
import { addedColumn, addedConstraint } from '../remedy/alterations.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-duplicate-name',
  group: 'robustness',
  severity: 'error',
  problem: 'The server refuses the statement, and the release stops at this migration.',
  remedy: 'Choose another name, or drop or rename what has the name first.',
  because:
    'Tables, views, indexes and sequences of a schema share one set of names; a table cannot have two columns, nor two constraints, of one name.',
  yieldsTo: ['ban-concurrent-index-if-not-exists'],
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'create table orders (id bigint)' }] },
      { fails: true, files: [{ sql: 'create table carts (id bigint, memo text, id int)' }] },
      { fails: true, files: [{ sql: 'alter table users add column nickname text' }] },
      { fails: true, files: [{ sql: 'create index orders_user_id_idx on orders (placed_at)' }] },
      {
        fails: true,
        given: 'alter table orders add constraint orders_amount check (amount > 0)',
        files: [{ sql: 'alter table orders add constraint orders_amount check (amount < 100) not valid' }],
      },
    ],
    good: [
      'create table if not exists orders (id bigint)',
      'alter table users add column if not exists nickname text',
      'alter table users rename column nickname to handle; alter table users add column nickname text',
      'drop table products; create table products (id bigint)',
      'create schema archive; create table archive.orders (id bigint)',
      'alter table users drop column nickname, add column nickname text',
      'create temporary table orders (id bigint)',
      { given: 'create table logs (like users including all)', files: [{ sql: 'alter table logs add column memo text' }] },
    ],
  },
  on: ['CreateStmt', 'IndexStmt', 'AlterTableStmt'],
  check(_, { statement: { node }, schema }) {
    if ('AlterTableStmt' in node) return inAlter(node.AlterTableStmt, schema)
    if ('IndexStmt' in node) return ofIndex(node.IndexStmt, schema)
    return 'CreateStmt' in node ? ofTable(node.CreateStmt, schema) : undefined
  },
})

function ofTable({ relation, if_not_exists, tableElts }: CreateStmt, schema: Schema) {
  const named = nameOf(relation)
  const taken = relation?.relpersistence !== 't' && if_not_exists !== true && isTaken(schema, named.schema, named.name)
  const columns = nodesOf(tableElts, 'ColumnDef')
  const twice = columns.filter(({ colname }, index) => columns.findIndex((one) => one.colname === colname) < index)
  return [
    ...(taken ? [{ message: `${tableName(named)} exists already.`, location: relation?.location }] : []),
    ...twice.map(({ colname, location }) => ({ message: `${tableName(named)} would have two columns ${colname}.`, location })),
  ]
}

function ofIndex({ relation, idxname, if_not_exists }: IndexStmt, schema: Schema) {
  const target = findRelation(schema, nameOf(relation))
  if (idxname === undefined || if_not_exists === true || target === undefined || !isTaken(schema, target.schema, idxname)) return undefined
  return { message: `${idxname} exists already.` }
}

/** The name, in the schema where the statement would make it. */
function isTaken({ names, searchPath }: Schema, space: string | undefined, name: string): boolean {
  return names.has(nameKey(space ?? searchPath[0] ?? 'public', name))
}

function inAlter({ relation, cmds, missing_ok }: AlterTableStmt, schema: Schema) {
  const table = findTable(schema, nameOf(relation))
  if (table === undefined || missing_ok === true) return undefined
  const commands = nodesOf(cmds, 'AlterTableCmd')
  const dropped = new Set(
    commands.filter(({ subtype }) => subtype === 'AT_DropColumn' || subtype === 'AT_DropConstraint').map(({ name }) => name),
  )
  return commands.flatMap((command) => {
    const column = addedColumn(command)
    if (column?.colname !== undefined && command.missing_ok !== true && table.columns.has(column.colname) && !dropped.has(column.colname)) {
      return { message: `${table.name} has a column ${column.colname} already.`, location: column.location }
    }
    const constraint = addedConstraint(command)
    const taken = constraint?.conname !== undefined && table.constraints.has(constraint.conname) && !dropped.has(constraint.conname)
    return taken ? { message: `${table.name} has a constraint ${constraint.conname} already.`, location: constraint.location } : []
  })
}
