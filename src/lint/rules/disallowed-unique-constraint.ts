import { constraintsOf } from '../../sql/locks/constraint.ts'
import { wordsOf } from '../../sql/locks/names.ts'
import { addColumn, addedColumn, addedConstraint, alteredOldTable, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { keyFiles, nameOfKey } from '../remedy/key-files.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'disallowed-unique-constraint',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table until the index of the constraint is built.',
  remedy: 'Build the index with CREATE UNIQUE INDEX CONCURRENTLY, and add the constraint with USING INDEX in the next migration.',
  because:
    'ADD CONSTRAINT … UNIQUE builds its index under ACCESS EXCLUSIVE. With USING INDEX it only takes over an index that is there. A partitioned table has neither CONCURRENTLY nor USING INDEX; its partitions have both.',
  examples: {
    bad: [
      'alter table users add constraint users_nickname_key unique (nickname)',
      'ALTER TABLE orders ADD UNIQUE (user_id, placed_at) INCLUDE (total) DEFERRABLE INITIALLY DEFERRED',
      'alter table users add column phone text unique',
      'alter table users add column if not exists phone text constraint users_phone unique default null, add column city text',
      'alter table events add constraint events_id_at_key unique (id, at)',
    ],
    good: [
      {
        files: [
          { transaction: false, sql: 'create unique index concurrently users_nickname_key on users (nickname)' },
          { sql: 'alter table users add constraint users_nickname_key unique using index users_nickname_key' },
        ],
      },
      'create table carts (id bigint); alter table carts add unique (id)',
      'alter table only events add unique (id, at)',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    // on the table alone it makes an empty index, which its partitions fill later
    if (old === undefined || (old.table?.form === 'partitioned' && alter.relation?.inh !== true)) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const constraint = addedConstraint(command)
      if (constraint?.contype === 'CONSTR_UNIQUE' && constraint.indexname === undefined) {
        const columns = wordsOf(constraint.keys)
        return { problem: problemOf(nameOfKey(constraint, columns, old, scope), old), follow: keyFiles(constraint, columns, old, scope) }
      }
      const column = addedColumn(command)
      const definitions = constraintsOf(column?.constraints)
      const unique = definitions.find(({ contype }) => contype === 'CONSTR_UNIQUE')
      if (column === undefined || unique === undefined || old.table?.columns.has(column.colname ?? '')) return undefined
      const columns = [column.colname ?? '']
      const isOf = (kind: string) => definitions.some(({ contype }) => contype === kind)
      const whole = { ...unique, deferrable: isOf('CONSTR_ATTR_DEFERRABLE'), initdeferred: isOf('CONSTR_ATTR_DEFERRED') }
      return {
        problem: problemOf(nameOfKey(unique, columns, old, scope), old),
        stays: `${addColumn(command, scope)} ${new ColumnText(column, scope).without('CONSTR_UNIQUE')}`,
        follow: keyFiles(whole, columns, old, scope),
      }
    })
  },
})

function problemOf(name: string, old: OldTable) {
  return {
    message: `Adding the unique constraint ${name} builds its index while nobody can read or write ${old.name}.`,
    harm: `Every query on ${old.name} waits.`,
  }
}
