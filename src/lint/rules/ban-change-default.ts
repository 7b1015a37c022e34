import type { AlterTableCmd } from '@pgsql/types'
import { type Column, type Table, tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { isOldColumn } from '../compatibility/old-objects.ts'
import { sameNode } from '../compatibility/same-node.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule, type Severity } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-change-default',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'Inserts of the code that still runs leave the column to its default, and now mean something else, or fail.',
  remedy: 'Let the new code write the column itself, and change the default in a post migration.',
  because:
    'A default counts at the moment of the insert. Without one, a column that is NOT NULL must be written, or the insert fails with 23502.',
  examples: {
    bad: [
      'alter table orders alter column amount drop default',
      "alter table orders alter column state set default 'paid'",
      'alter table users alter column age set default 18',
      'alter table users alter column id drop identity',
      'alter table products alter column id add generated always as identity',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'alter table orders alter column amount drop default' }] },
      'alter table orders alter column amount set default 1',
      "alter table products alter column title set default ''",
      'alter table users alter column age drop default',
      "alter table orders alter column state drop default; alter table orders alter column state set default 'new'",
      'alter table users add column rank int default 0; alter table users alter column rank set default 1',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    if (altered === undefined || !altered.commands.some(({ subtype = '' }) => subjects.has(subtype))) return undefined
    const { name, table, commands } = altered
    const later = table === undefined ? undefined : tableById(schemaWhenDone(scope), table.id)
    const found = commands.map((command) =>
      subjects.has(command.subtype ?? '') && isOldColumn(scope, table, command.name ?? '')
        ? change(command, scope, table, later)
        : undefined,
    )
    return found.flatMap((one, index) => {
      if (one === undefined) return []
      const column = commands[index]?.name ?? ''
      return {
        message: `${one.message(column, tableName(name))}`,
        severity: one.severity,
        instead: movedToPost(
          scope,
          partAlter(scope, alter, (_, at) => at === index),
          `The code of this release writes ${column} in every insert.`,
        ),
      }
    })
  },
})

const subjects = new Set(['AT_ColumnDefault', 'AT_DropIdentity', 'AT_AddIdentity', 'AT_SetIdentity'])

interface Change {
  readonly severity: Severity
  message(column: string, table: string): string
}

const fails: Change = {
  severity: 'error',
  message: (column, table) => `Without its default, ${column} must be written: inserts of the old code on ${table} that leave it out fail.`,
}
const nulls: Change = {
  severity: 'warning',
  message: (column, table) =>
    `Without its default, ${column} becomes NULL in the rows that the old code inserts into ${table} and leaves it out.`,
}
const differs: Change = {
  severity: 'warning',
  message: (column, table) => `Rows that the old code inserts into ${table} get another value in ${column} than it counts on.`,
}
const refused: Change = {
  severity: 'error',
  message: (column, table) =>
    `The old code writes ${column} itself: its inserts into ${table} are refused once the column is GENERATED ALWAYS.`,
}

function change(
  { subtype, name = '', def }: AlterTableCmd,
  scope: StatementScope,
  table: Table | undefined,
  later: Table | undefined,
): Change | undefined {
  const before = table?.columns.get(name)
  if (subtype === 'AT_DropIdentity') return table !== undefined && before?.identity === undefined ? undefined : fails
  if (subtype === 'AT_AddIdentity' || subtype === 'AT_SetIdentity') {
    const becomes = later?.columns.get(name)?.identity ?? (JSON.stringify(def ?? {}).includes('"a"') ? 'always' : undefined)
    return becomes === 'always' && before?.identity !== 'always' && before?.default === undefined ? refused : undefined
  }
  if (before === undefined) return def === undefined ? nulls : differs
  const released = tableById(scope.release.before, table?.id)?.columns.get(name)
  if (sameNode((later?.columns.get(name) ?? { default: def }).default, released?.default)) return undefined
  return ofDefault(before, def !== undefined)
}

function ofDefault(before: Column, sets: boolean): Change | undefined {
  if (!sets) return before.default === undefined ? undefined : before.notNull ? fails : nulls
  return before.default === undefined && before.notNull ? undefined : differs
}
