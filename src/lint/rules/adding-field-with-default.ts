import { constraintsOf } from '../../sql/locks/constraint.ts'
import { addColumn, addedColumn, alteredOldTable, effectsOf, type Split, splitAlter } from '../remedy/alterations.ts'
import { backfillFile } from '../remedy/backfill.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { notNullFiles } from '../remedy/not-null.ts'
import { wordsLike, written } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'adding-field-with-default',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table while the default is computed for every row and the table is written anew.',
  remedy: 'Add the column without a default, set the default for new rows, and fill the old rows in batches.',
  because:
    'A default that is computed for each row, such as gen_random_uuid(), makes ADD COLUMN write the whole table and all of its indexes anew under ACCESS EXCLUSIVE. Constants and now() are computed once and stored beside the table (PostgreSQL 11 and later).',
  examples: {
    bad: [
      'alter table users add column token uuid default gen_random_uuid()',
      'ALTER TABLE public.users ADD COLUMN IF NOT EXISTS luck double precision NOT NULL DEFAULT random() * 10, ADD COLUMN city text',
      'alter table events add column seen timestamptz default clock_timestamp()',
    ],
    good: [
      'alter table users add column joined timestamptz not null default now()',
      "alter table users add column plan text not null default 'free'",
      'alter table users alter column nickname set default md5(random()::text)',
      'create table carts (id bigint); alter table carts add column token uuid default gen_random_uuid()',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const column = addedColumn(command)
      const constraints = constraintsOf(column?.constraints)
      const value = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')
      if (column === undefined || value === undefined || effectsOf(command, alter, scope).rewrites.length === 0) return undefined
      const kw = wordsLike(scope)
      const name = column.colname ?? ''
      const col = written(name)
      const text = new ColumnText(column, scope)
      const isRequired = constraints.some(({ contype }) => contype === 'CONSTR_NOTNULL')
      const fill = backfillFile(
        { sql: old.sql, table: old.table, set: kw`${col} = default`, where: kw`${col} is null` },
        scope.phase,
        scope,
      )
      return {
        problem: {
          message: `Adding ${old.name}.${name} computes its default for every row and writes all of ${old.name} anew while nobody can read or write it.`,
          harm: `Every query on ${old.name} waits.`,
        },
        stays: `${addColumn(command, scope)} ${text.without('CONSTR_DEFAULT', 'CONSTR_NOTNULL')}, ${kw`alter column ${col} set`} ${text.only(value)}`,
        follow: [
          fill,
          ...(isRequired ? notNullFiles({ sql: old.sql, table: old.table?.name ?? old.name, column: name }, scope.phase, scope) : []),
        ],
      }
    })
  },
})
