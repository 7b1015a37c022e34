import { columnType } from '../../sql/schema/column-type.ts'
import { lostBy, spokenType } from '../column-width.ts'
import { alteredOldTable } from '../remedy/alterations.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-narrowing-column-type',
  group: 'data',
  severity: 'error',
  problem: 'The statement fails on rows whose value does not fit, or cuts the value, and code that writes such values fails from then on.',
  remedy: 'Add a column of the new type, decide what becomes of the values that do not fit, and drop the old one when no code uses it.',
  because:
    'PostgreSQL refuses a number out of range and text that is too long, and silently rounds fractions. A blank at the end of a text is cut without a word.',
  yieldsTo: ['changing-column-type'],
  examples: {
    bad: [
      { files: [{ phase: 'post', sql: 'alter table users alter column name type varchar(20)' }] },
      { files: [{ phase: 'post', sql: 'alter table users alter column score type numeric(10,0)' }] },
      { files: [{ phase: 'post', sql: 'alter table orders alter column amount type smallint' }] },
      { files: [{ phase: 'post', sql: 'alter table users alter column created_at type date' }] },
      { files: [{ phase: 'post', sql: 'alter table users alter column nickname type int using length(nickname)' }] },
    ],
    good: [
      'alter table users alter column name type varchar(200)',
      'alter table users alter column score type numeric(12,2)',
      'alter table orders alter column amount type bigint',
      'create table carts (id bigint); alter table carts alter id type int',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    return old?.commands.flatMap(({ subtype, name = '', def }) => {
      const from = old.table?.columns.get(name)?.type
      if (subtype !== 'AT_AlterColumnType' || from === undefined || def === undefined || !('ColumnDef' in def)) return []
      const to = columnType(scope.schema, def.ColumnDef.typeName)
      const lost = lostBy(from, to)
      if (lost === undefined) return []
      return {
        message: `${old.name}.${name} loses ${lost} when it changes from ${spokenType(from)} to ${spokenType(to)}, or the change fails.`,
      }
    })
  },
})
