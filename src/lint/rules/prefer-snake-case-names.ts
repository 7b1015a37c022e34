import { nameOf } from '../../sql/locks/names.ts'
import { defineRule } from '../rule.ts'
import { writtenColumns } from '../written-columns.ts'

export default defineRule({
  name: 'prefer-snake-case-names',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'Whoever types the name without quotes gets "does not exist".',
  remedy: 'Use small letters, digits and underscores.',
  because: 'PostgreSQL turns a name without quotes into small letters, and a name with any other letter has to be quoted for ever.',
  examples: {
    bad: ['create table "Carts" (id bigint)', 'alter table users add column "phoneNumber" text', 'create index "idx users" on users (age)'],
    good: [
      'create table carts (id bigint, user_id bigint)',
      'create table Carts (id bigint)',
      'alter table users alter column name type text',
    ],
  },
  on: ['CreateStmt', 'AlterTableStmt', 'IndexStmt'],
  check(statement, scope) {
    if ('idxname' in statement) return problemOf('index', statement.idxname)
    const columns = 'indexParams' in statement ? [] : writtenColumns(scope.schema, statement)
    const isNew = 'relation' in statement && !('cmds' in statement)
    const table = isNew ? problemOf('table', nameOf(statement.relation).name) : []
    return [...table, ...columns.flatMap(({ name, location }) => problemOf('column', name, location))]
  },
})

function problemOf(what: string, name: string | undefined, location?: number) {
  if (name === undefined || /^[a-z_][a-z0-9_]*$/.test(name)) return []
  return [{ message: `The ${what} "${name}" has to be quoted wherever it is named.`, location }]
}
