import type { Constraint } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { chooseConstraintName, joinedColumns } from '../../sql/schema/names.ts'
import { StatementText } from '../remedy/alter-text.ts'
import { addColumn, addedColumn, addedConstraint, alteredOldTable, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { columnsIn } from '../remedy/columns-in.ts'
import { nameFrom, transaction, wordsLike, written } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'constraint-missing-not-valid',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table while all of its rows are checked.',
  remedy: 'Add the constraint NOT VALID, and run VALIDATE CONSTRAINT in the next migration.',
  because:
    'ADD CONSTRAINT … CHECK reads the whole table under ACCESS EXCLUSIVE. With NOT VALID it reads nothing and is kept for new rows at once; VALIDATE CONSTRAINT reads the rows under SHARE UPDATE EXCLUSIVE, which stops no read and no write.',
  examples: {
    bad: [
      'alter table orders add constraint orders_amount_positive check (amount > 0)',
      'ALTER TABLE public.orders ADD CHECK (amount > 0 AND amount < 1000)',
      "alter table users add column phone text check (phone <> '')",
      'alter table users add column city text, add constraint users_age_check check (age between 0 and 200)',
      'alter table events add constraint events_id_check check (id > 0)',
    ],
    good: [
      'alter table orders add constraint orders_amount_positive check (amount > 0) not valid',
      {
        given: 'alter table orders add constraint orders_amount_positive check (amount > 0) not valid',
        files: [{ sql: 'alter table orders validate constraint orders_amount_positive' }],
      },
      'create table carts (id bigint, amount int); alter table carts add check (amount > 0)',
      'create table carts (id bigint, amount int check (amount > 0))',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const constraint = addedConstraint(command)
      if (constraint?.contype === 'CONSTR_CHECK' && constraint.skip_validation !== true && constraint.is_enforced !== false) {
        const kw = wordsLike(scope)
        const name = nameOfCheck(constraint, old, scope)
        const text = new StatementText(scope).itemAt(constraint.location ?? 0)
        return splitCheck(old, scope, name, kw`add ${named(text, constraint, name, scope)} not valid`)
      }
      const column = addedColumn(command)
      const checks = constraintsOf(column?.constraints).filter(({ contype }) => contype === 'CONSTR_CHECK')
      const [first] = checks
      if (column === undefined || first === undefined) return undefined
      const kw = wordsLike(scope)
      const text = new ColumnText(column, scope)
      const names = checks.map((one) => nameOfCheck(one, old, scope, column.colname))
      const added = checks.map((one, index) => kw`add ${named(text.only(one), one, names[index] ?? '', scope)} not valid`)
      const split = splitCheck(
        old,
        scope,
        names[0] ?? '',
        [`${addColumn(command, scope)} ${text.without('CONSTR_CHECK')}`, ...added].join(', '),
      )
      return { ...split, follow: names.flatMap((name) => validation(old, scope, name)) }
    })
  },
})

function splitCheck(old: OldTable, scope: StatementScope, name: string, stays: string): Split {
  return {
    problem: {
      message: `Adding the check ${name} to ${old.name} reads all of it while nobody else can read or write it.`,
      harm: `Every query on ${old.name} waits.`,
    },
    stays,
    follow: validation(old, scope, name),
  }
}

function validation(old: OldTable, scope: StatementScope, name: string) {
  return [transaction(scope.phase, wordsLike(scope)`alter table ${old.sql} validate constraint ${written(name)}`)]
}

function nameOfCheck({ conname, raw_expr }: Constraint, old: OldTable, { schema }: StatementScope, column?: string): string {
  if (conname !== undefined) return conname
  const mentioned = new Set(columnsIn(raw_expr).map(({ name }) => name))
  const columns = column !== undefined ? [column] : mentioned.size === 1 ? [...mentioned] : []
  return old.table === undefined
    ? nameFrom(old.name, ...columns, 'check')
    : chooseConstraintName(schema, old.table.schema, [old.table.name, joinedColumns(columns), 'check'])
}

function named(text: string, { conname }: Constraint, name: string, scope: StatementScope): string {
  return conname === undefined ? wordsLike(scope)`constraint ${written(name)} ${text}` : text
}
