import type { AlterTableCmd } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { wordsOf } from '../../sql/locks/names.ts'
import { type Table, tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { lateNotNull } from '../compatibility/late-constraint.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { isOldColumn } from '../compatibility/old-objects.ts'
import { listed } from '../compatibility/sql-text.ts'
import { typeText } from '../compatibility/type-text.ts'
import { schemaAfter, schemaWhenDone } from '../compatibility/what-follows.ts'
import { written, writtenRelation } from '../remedy/write.ts'
import { defineRule, type RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-default-on-required-column',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs does not know the column and leaves it out, and its inserts fail.',
  remedy: 'Keep a default until no old code is left, or add the column without NOT NULL and make it NOT NULL in a post migration.',
  because: 'An insert that leaves out a NOT NULL column without a default fails with 23502.',
  yieldsTo: ['adding-required-field'],
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'alter table users add column kind text not null' }] },
      "alter table users add column kind text not null default 'a'; alter table users alter column kind drop default",
      "alter table users add column kind text; update users set kind = 'a'; alter table users alter column kind set not null",
      {
        files: [
          { sql: "alter table users add column kind text; update users set kind = 'a'" },
          { sql: 'alter table users alter column kind set not null' },
        ],
      },
    ],
    good: [
      "alter table users add column kind text not null default 'a'",
      'alter table users add column kind text',
      'alter table users add column serial_number bigserial not null',
      'alter table users add column number bigint generated always as identity',
      'alter table users add column shout text generated always as (upper(email)) stored not null',
      "alter table users add column kind text default 'a'; alter table users alter column kind set not null",
      {
        files: [
          { sql: 'alter table users add column kind text' },
          { phase: 'post', sql: "update users set kind = 'a' where kind is null" },
          { phase: 'post', sql: 'alter table users alter column kind set not null' },
        ],
      },
      'create table carts (id bigint); alter table carts add column kind text not null',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    if (altered === undefined) return undefined
    const { name, table, commands } = altered
    const suspects = commands.flatMap((command) => columnsOf(command).map((column) => ({ column, command })))
    if (suspects.length === 0) return undefined
    const [after, later] = table === undefined ? [] : [schemaAfter(scope), schemaWhenDone(scope)].map((one) => tableById(one, table.id))
    const required = suspects.filter(({ column, command }) =>
      table === undefined
        ? isRequired(command)
        : isNewColumn(scope, table, column) && [after, later].every((one) => lacksDefault(one, column)),
    )
    if (required.length === 0 || hasNewTrigger(scope, later)) return undefined
    const columns = listed(required.map(({ column }) => column))
    return {
      message: `Inserts of the old code into ${tableName(name)} leave out ${columns}, which is NOT NULL and has no default: they fail.`,
      harm: `Every INSERT of the old code into ${tableName(name)} fails until the deploy is done.`,
      instead: required.flatMap(({ column, command }) => files(column, command)),
    }

    function files(column: string, command: AlterTableCmd): readonly RemedyFile[] {
      const { subtype } = command
      if (subtype === 'AT_ColumnDefault')
        return movedToPost(
          scope,
          partAlter(scope, alter, (one) => one === command),
          `The code of this release writes ${column} in every insert.`,
        )
      const type = subtype === 'AT_AddColumn' ? later?.columns.get(column)?.type : undefined
      const sql = type === undefined ? undefined : `alter table ${writtenRelation(name)} add column ${written(column)} ${typeText(type)};`
      const note = `The code of this release writes ${column} in every insert.`
      const add: RemedyFile[] = sql === undefined ? [] : [{ phase: 'pre', transactional: true, sql, note }]
      return [...add, ...lateNotNull(name, column, `Fill ${column} in the rows that have none, in batches.`, scope)]
    }
  },
})

/** Columns that a command may make required. */
function columnsOf({ subtype, name = '', def }: AlterTableCmd): string[] {
  if (subtype === 'AT_AddColumn') return def !== undefined && 'ColumnDef' in def ? [def.ColumnDef.colname ?? ''] : []
  if (subtype === 'AT_SetNotNull') return [name]
  if (subtype === 'AT_ColumnDefault') return def === undefined ? [name] : []
  if (subtype !== 'AT_AddConstraint' || def === undefined || !('Constraint' in def)) return []
  const { contype, keys } = def.Constraint
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_NOTNULL' ? wordsOf(keys) : []
}

/** Of a table that is not known: the column's definition alone tells. */
function isRequired({ subtype, def }: AlterTableCmd): boolean {
  if (subtype !== 'AT_AddColumn' || def === undefined || !('ColumnDef' in def)) return false
  const kinds = constraintsOf(def.ColumnDef.constraints).map(({ contype }) => contype ?? '')
  const isFilled = kinds.some((kind) => ['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'].includes(kind))
  const mustBe = kinds.some((kind) => ['CONSTR_NOTNULL', 'CONSTR_PRIMARY'].includes(kind))
  return mustBe && !isFilled && !wordsOf(def.ColumnDef.typeName?.names).some((word) => word.includes('serial'))
}

function isNewColumn(scope: StatementScope, table: Table, column: string): boolean {
  return table.columns.has(column) ? !isOldColumn(scope, table, column) : true
}

function lacksDefault(later: Table | undefined, name: string): boolean {
  const column = later?.columns.get(name)
  if (column === undefined || column.default !== undefined || column.generated !== undefined || column.identity !== undefined) return false
  const isChecked = [...(later?.constraints.values() ?? [])].some((one) => one.kind === 'not-null' && one.column === name)
  return (column.notNull || isChecked) && !column.type.serial
}

/** A trigger of this release may fill the column: its text does not tell. */
function hasNewTrigger(scope: StatementScope, later: Table | undefined): boolean {
  const released = tableById(scope.release.before, later?.id)
  return [...(later?.triggers.keys() ?? [])].some((trigger) => released?.triggers.has(trigger) === false)
}
