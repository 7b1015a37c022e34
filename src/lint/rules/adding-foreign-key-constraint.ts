import type { Constraint } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { nameOf, wordsOf } from '../../sql/locks/names.ts'
import { chooseConstraintName, joinedColumns } from '../../sql/schema/names.ts'
import { findTable, type Schema, type Table } from '../../sql/schema/schema.ts'
import { StatementText } from '../remedy/alter-text.ts'
import { addColumn, addedColumn, addedConstraint, alteredOldTable, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { partitionsBelow, writtenPart } from '../remedy/partitioned-index.ts'
import { nameFrom, transaction, wordsLike, written } from '../remedy/write.ts'
import { defineRule, type RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'adding-foreign-key-constraint',
  group: 'locks',
  severity: 'error',
  problem: 'Every write to both tables waits while all rows of the one are looked up in the other.',
  remedy: 'Add the foreign key NOT VALID, and run VALIDATE CONSTRAINT in the next migration.',
  because:
    'ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and reads both. With NOT VALID it reads nothing and holds the locks for an instant; VALIDATE CONSTRAINT takes SHARE UPDATE EXCLUSIVE on the one and ROW SHARE on the other. A partitioned table takes NOT VALID since PostgreSQL 18; before, its partitions take it one by one, and the table itself then finds their keys and reads nothing.',
  examples: {
    bad: [
      'alter table orders add constraint orders_product_fk foreign key (product_id) references products (id) on delete cascade',
      'ALTER TABLE orders ADD FOREIGN KEY (product_id) REFERENCES public.products',
      'create table shops (id int primary key); insert into shops values (1); alter table users add column shop_id int default 1 references shops (id)',
      'alter table events add constraint events_id_fkey foreign key (id) references orders (id)',
    ],
    good: [
      'alter table orders add constraint orders_product_fk foreign key (product_id) references products (id) not valid',
      {
        given: 'alter table orders add constraint orders_product_fk foreign key (product_id) references products (id) not valid',
        files: [{ sql: 'alter table orders validate constraint orders_product_fk' }],
      },
      'create table carts (id bigint primary key, user_id bigint); alter table carts add foreign key (user_id) references users (id)',
      'alter table users add column product_id int references products (id)',
      {
        given:
          'alter table events_2025 add constraint events_id_fkey foreign key (id) references orders (id); alter table events_2026 add constraint events_id_fkey foreign key (id) references orders (id)',
        files: [{ sql: 'alter table events add constraint events_id_fkey foreign key (id) references orders (id)' }],
      },
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const constraint = addedConstraint(command)
      if (constraint?.contype === 'CONSTR_FOREIGN') return splitTableKey(constraint, old, scope)
      const column = addedColumn(command)
      const key = constraintsOf(column?.constraints).find(({ contype }) => contype === 'CONSTR_FOREIGN')
      if (column === undefined || key === undefined || !constraintsOf(column.constraints).some(isValue)) return undefined
      const kw = wordsLike(scope)
      const text = new ColumnText(column, scope)
      const columns = [column.colname ?? '']
      const name = nameOfKey(key, columns, old, scope.schema)
      const definition = text.only(key)
      const reference = definition.slice(definition.toLowerCase().indexOf('references'))
      return {
        problem: problemOf(name, key, old),
        stays: `${addColumn(command, scope)} ${text.without('CONSTR_FOREIGN')}`,
        follow: [
          transaction(
            scope.phase,
            kw`alter table ${old.sql} add constraint ${written(name)} foreign key (${written(columns[0] ?? '')}) ${reference} not valid`,
          ),
          validation(old.sql, name, scope),
        ],
      }
    })
  },
})

/** A column full of nulls refers to nothing, and is not checked. */
function isValue({ contype, raw_expr }: Constraint): boolean {
  if (contype !== 'CONSTR_DEFAULT') return contype === 'CONSTR_GENERATED' || contype === 'CONSTR_IDENTITY'
  return !(raw_expr !== undefined && 'A_Const' in raw_expr && raw_expr.A_Const.isnull === true)
}

function splitTableKey(constraint: Constraint, old: OldTable, scope: StatementScope): Split | undefined {
  if (constraint.skip_validation === true || constraint.is_enforced === false) return undefined
  const kw = wordsLike(scope)
  const columns = wordsOf(constraint.fk_attrs)
  const name = nameOfKey(constraint, columns, old, scope.schema)
  const text = new StatementText(scope).itemAt(constraint.location ?? 0)
  const whole = constraint.conname === undefined ? kw`constraint ${written(name)} ${text}` : text
  const problem = problemOf(name, constraint, old)
  if (old.table?.form !== 'partitioned' || scope.postgres >= 18) {
    return { problem, stays: kw`add ${whole} not valid`, follow: [validation(old.sql, name, scope)] }
  }
  const leaves = partitionsBelow(scope.schema, old.table).filter(({ part }) => part.form !== 'partitioned')
  if (old.table.complete && leaves.every(({ part }) => hasKey(part, constraint, columns, scope.schema))) return undefined
  const onParts = leaves.flatMap(({ part }): RemedyFile[] => [
    transaction(scope.phase, kw`alter table ${writtenPart(part)} add ${whole} not valid`),
    validation(writtenPart(part), name, scope),
  ])
  return { problem, follow: [...onParts, transaction(scope.phase, kw`alter table ${old.sql} add ${whole}`)] }
}

/** Whether the server finds the same key on a partition, and so has nothing to read there. */
function hasKey(part: Table, constraint: Constraint, columns: readonly string[], schema: Schema): boolean {
  const partner = findTable(schema, nameOf(constraint.pktable))
  return [...part.constraints.values()].some(
    (one) => one.kind === 'foreign' && one.valid && one.references.id === partner?.id && one.columns.join() === columns.join(),
  )
}

function problemOf(name: string, { pktable }: Constraint, old: OldTable) {
  const partner = tableName(nameOf(pktable))
  return {
    message: `Adding the foreign key ${name} holds back writes to ${old.name} and ${partner} while every row of ${old.name} is looked up.`,
    harm: `Every INSERT, UPDATE and DELETE on ${old.name} and on ${partner} waits.`,
  }
}

function validation(table: string, name: string, scope: StatementScope): RemedyFile {
  return transaction(scope.phase, wordsLike(scope)`alter table ${table} validate constraint ${written(name)}`)
}

function nameOfKey({ conname }: Constraint, columns: readonly string[], { table, name }: OldTable, schema: Schema): string {
  return (
    conname ??
    (table === undefined
      ? nameFrom(name, ...columns, 'fkey')
      : chooseConstraintName(schema, table.schema, [table.name, joinedColumns(columns), 'fkey']))
  )
}
