import { constraintsOf } from '../../sql/locks/constraint.ts'
import { wordsOf } from '../../sql/locks/names.ts'
import { addColumn, addedColumn, addedConstraint, alteredOldTable, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { keyFiles } from '../remedy/key-files.ts'
import { notNullFiles } from '../remedy/not-null.ts'
import { isNumbered, numberedColumnFiles } from '../remedy/numbered-column.ts'
import { defineRule, type RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'adding-serial-primary-key-field',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table until the index of the primary key is built.',
  remedy: 'Build the index with CREATE UNIQUE INDEX CONCURRENTLY, and add the primary key with USING INDEX in the next migration.',
  because:
    'ADD PRIMARY KEY builds its index under ACCESS EXCLUSIVE, and reads all rows for nulls where the columns are not NOT NULL; a serial or identity column writes the whole table anew before it. With USING INDEX over columns that are NOT NULL it is done in an instant.',
  examples: {
    bad: [
      { given: 'create table logs (id bigint not null, line text)', files: [{ sql: 'alter table logs add primary key (id)' }] },
      {
        given: 'create table logs (shop int, line int)',
        files: [{ sql: 'ALTER TABLE logs ADD CONSTRAINT logs_key PRIMARY KEY (shop, line)' }],
      },
      { given: 'create table logs (line text)', files: [{ sql: 'alter table logs add column id bigserial primary key' }] },
      {
        given: 'create table logs (line text)',
        files: [{ sql: 'alter table logs add column id bigint generated always as identity primary key, add column kind text' }],
      },
      { files: [{ sql: 'alter table events add primary key (id, at)' }] },
    ],
    good: [
      {
        given: 'create table logs (id bigint not null, line text)',
        files: [
          { transaction: false, sql: 'create unique index concurrently logs_pkey on logs (id)' },
          { sql: 'alter table logs add constraint logs_pkey primary key using index logs_pkey' },
        ],
      },
      'create table carts (id bigint); alter table carts add primary key (id)',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined || (old.table?.form === 'partitioned' && alter.relation?.inh !== true)) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const problem = {
        message: `Adding a primary key to ${old.name} builds its index while nobody can read or write the table.`,
        harm: `Every query on ${old.name} waits.`,
      }
      const constraint = addedConstraint(command)
      if (constraint?.contype === 'CONSTR_PRIMARY' && constraint.indexname === undefined) {
        const columns = wordsOf(constraint.keys)
        const key = keyFiles(constraint, columns, old, scope)
        return { problem, follow: key === undefined ? undefined : [...nullableFirst(columns, old, scope), ...key] }
      }
      const column = addedColumn(command)
      const primary = constraintsOf(column?.constraints).find(({ contype }) => contype === 'CONSTR_PRIMARY')
      if (column === undefined || primary === undefined) return undefined
      const name = column.colname ?? ''
      const key = keyFiles(primary, [name], old, scope)
      if (isNumbered(column)) {
        const numbered = numberedColumnFiles(column, old, scope)
        return { problem, follow: numbered === undefined || key === undefined ? undefined : [...numbered, ...key] }
      }
      const stays = `${addColumn(command, scope)} ${new ColumnText(column, scope).without('CONSTR_PRIMARY', 'CONSTR_NOTNULL')}`
      return { problem, stays, follow: key === undefined ? undefined : [...nullableFirst([name], old, scope), ...key] }
    })
  },
})

function nullableFirst(columns: readonly string[], { sql, name, table }: OldTable, scope: StatementScope): RemedyFile[] {
  const nullable = columns.filter((column) => table?.columns.get(column)?.notNull !== true)
  const note = 'After a deploy whose code always writes it, and after its nulls were filled.'
  return nullable.flatMap((column) => notNullFiles({ sql, table: table?.name ?? name, column }, scope.phase, scope, note))
}
