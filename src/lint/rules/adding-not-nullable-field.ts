import { wordsOf } from '../../sql/locks/names.ts'
import { addedConstraint, alteredOldTable, effectsOf, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { notNullFiles } from '../remedy/not-null.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'adding-not-nullable-field',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table while all of its rows are searched for nulls.',
  remedy: 'Add a CHECK (… IS NOT NULL) NOT VALID, validate it in the next migration, and run SET NOT NULL behind it.',
  because:
    'SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless a validated CHECK proves that there is no null (PostgreSQL 12 and later). PostgreSQL 18 has ADD CONSTRAINT … NOT NULL … NOT VALID for it.',
  examples: {
    bad: [
      'alter table users alter column nickname set not null',
      { files: [{ phase: 'post', sql: 'ALTER TABLE public.users ALTER age SET NOT NULL, ALTER COLUMN name SET NOT NULL' }] },
      {
        given: 'alter table users add constraint nickname_there check (nickname is not null) not valid',
        files: [{ sql: 'alter table users alter nickname set not null' }],
      },
      { files: [{ phase: 'post', sql: 'alter table events alter column kind set not null' }] },
      { files: [{ phase: 'post', sql: 'alter table users alter column nickname set not null' }], postgres: 18 },
      { files: [{ phase: 'post', sql: 'alter table users add constraint nickname_there not null nickname' }], postgres: 18 },
    ],
    good: [
      {
        given:
          'alter table users add constraint nickname_there check (nickname is not null) not valid; alter table users validate constraint nickname_there',
        files: [{ phase: 'post', sql: 'alter table users alter nickname set not null; alter table users drop constraint nickname_there' }],
      },
      {
        given: 'alter table users add constraint users_whole check (age > 17 and nickname is not null)',
        files: [{ phase: 'post', sql: 'alter table users alter nickname set not null' }],
      },
      { files: [{ sql: 'alter table users alter column email set not null' }] },
      { files: [{ sql: 'alter table users add constraint nickname_there not null nickname not valid' }], postgres: 18 },
      'create table carts (id bigint, note text); alter table carts alter note set not null',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const constraint = addedConstraint(command)
      const isNamed = constraint?.contype === 'CONSTR_NOTNULL' && constraint.skip_validation !== true
      const column = command.subtype === 'AT_SetNotNull' ? command.name : isNamed ? wordsOf(constraint.keys)[0] : undefined
      if (column === undefined || effectsOf(command, alter, scope).scans.length === 0) return undefined
      return { problem: problemOf(column, old), follow: filesFor(column, constraint?.conname, old, scope) }
    })
  },
})

function problemOf(column: string, old: OldTable) {
  return {
    message: `Making ${old.name}.${column} NOT NULL reads all of ${old.name} while nobody else can read or write it.`,
    harm: `Every query on ${old.name} waits.`,
  }
}

/** Old code that leaves the column out writes nulls, unless there is a default. */
function filesFor(column: string, name: string | undefined, old: OldTable, scope: StatementScope) {
  const hasDefault = old.table?.columns.get(column)?.default !== undefined
  const table = old.table?.name ?? old.name
  const what = { sql: old.sql, table, column, name, check: name === undefined ? checkOf(column, old) : undefined }
  return hasDefault
    ? notNullFiles(what, scope.phase, scope)
    : notNullFiles(what, 'post', scope, `After a deploy whose code always writes ${column}, and after its nulls were filled.`)
}

/** A check of the column that only waits to be validated. */
function checkOf(column: string, { table }: OldTable): string | undefined {
  const found = [...(table?.constraints.values() ?? [])].find((one) => {
    if (one.kind !== 'check' || one.valid || !('NullTest' in one.expression)) return false
    const { nulltesttype, arg } = one.expression.NullTest
    return nulltesttype === 'IS_NOT_NULL' && arg !== undefined && 'ColumnRef' in arg && wordsOf(arg.ColumnRef.fields).at(-1) === column
  })
  return found?.name
}
