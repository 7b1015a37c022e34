import type { ColumnDef, Constraint } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { StatementText } from '../remedy/alter-text.ts'
import { addColumn, addedColumn, alteredOldTable, effectsOf, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { backfillFile } from '../remedy/backfill.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { inTrigger } from '../remedy/columns-in.ts'
import { notNullFiles } from '../remedy/not-null.ts'
import { keepingTrigger } from '../remedy/trigger.ts'
import { transaction, wordsLike, written } from '../remedy/write.ts'
import { defineRule, type RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'ban-stored-generated-column',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table while the column is computed for every row and the table is written anew.',
  remedy:
    'Add a plain column, let a trigger compute it for new rows, and fill the old rows in batches; from PostgreSQL 18 on write VIRTUAL instead of STORED.',
  because:
    'ADD COLUMN … GENERATED ALWAYS AS … STORED writes the whole table and all of its indexes anew under ACCESS EXCLUSIVE. A virtual column, which PostgreSQL 18 has, is computed when it is read.',
  examples: {
    bad: [
      'alter table orders add column worth numeric generated always as (total * amount) stored',
      'ALTER TABLE users ADD COLUMN lower_email text GENERATED ALWAYS AS (lower(email)) STORED NOT NULL',
      { files: [{ sql: 'alter table orders add column worth numeric generated always as (total * amount) stored' }], postgres: 18 },
    ],
    good: [
      'create table carts (id bigint, double_id bigint generated always as (id * 2) stored)',
      { files: [{ sql: 'alter table orders add column worth numeric generated always as (total * amount) virtual' }], postgres: 18 },
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const column = addedColumn(command)
      const generated = constraintsOf(column?.constraints).find(({ contype }) => contype === 'CONSTR_GENERATED')
      if (column === undefined || generated === undefined || effectsOf(command, alter, scope).rewrites.length === 0) return undefined
      const problem = {
        message: `Adding ${old.name}.${column.colname} computes it for every row and writes all of ${old.name} anew while nobody can read or write it.`,
        harm: `Every query on ${old.name} waits.`,
      }
      const text = new ColumnText(column, scope)
      const prefix = addColumn(command, scope)
      if (scope.postgres >= 18) {
        const virtual = text.only(generated).replace(/stored$/i, wordsLike(scope)`virtual`)
        return { problem, stays: `${prefix} ${text.without('CONSTR_GENERATED')} ${virtual}`, follow: [] }
      }
      return {
        problem,
        stays: `${prefix} ${text.without('CONSTR_GENERATED', 'CONSTR_NOTNULL')}`,
        follow: filesFor(column, generated, old, scope),
      }
    })
  },
})

function filesFor(
  column: ColumnDef,
  { location = 0, raw_expr }: Constraint,
  old: OldTable,
  scope: StatementScope,
): RemedyFile[] | undefined {
  const kw = wordsLike(scope)
  const text = new StatementText(scope)
  const tokens = text.tokens.filter(({ start }) => start >= text.inStatement(location))
  const open = tokens.find(({ text: word }) => word === '(')
  const close = tokens.find(({ text: word }) => word.toLowerCase() === 'stored')
  const end = tokens[tokens.indexOf(close as never) - 1]
  if (open === undefined || end === undefined) return undefined
  const name = column.colname ?? ''
  const col = written(name)
  const expression = text.cut(open.start, end.end)
  const computed = inTrigger(raw_expr, scope, open.start, end.end)
  if (computed === undefined) return undefined
  const table = old.table?.name ?? old.name
  const isRequired = constraintsOf(column.constraints).some(({ contype }) => contype === 'CONSTR_NOTNULL')
  return [
    transaction(scope.phase, keepingTrigger({ table, sql: old.sql, column: name, expression: computed }, scope).create),
    backfillFile(
      { sql: old.sql, table: old.table, set: `${col} = ${expression}`, where: kw`${col} is distinct from ${expression}` },
      scope.phase,
      scope,
    ),
    ...(isRequired ? notNullFiles({ sql: old.sql, table, column: name }, scope.phase, scope) : []),
  ]
}
