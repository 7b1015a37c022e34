import { type ColumnType, tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { isOldColumn } from '../compatibility/old-objects.ts'
import { secondColumn } from '../compatibility/second-column.ts'
import { typeText } from '../compatibility/type-text.ts'
import { schemaAfter } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-compatible-column-type',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem:
    'The code that still runs sends and reads the old type: its prepared queries fail, its driver reads other values, or its values no longer fit.',
  remedy:
    'Add a second column of the new type, keep both equal with a trigger, change the code over, and drop the old column in a later release.',
  because:
    'A prepared query whose result changes its type fails with "cached plan must not change result type"; a driver gives a bigint, a timestamptz or a jsonb to the program as something else than an int, a timestamp or a json.',
  yieldsTo: ['changing-column-type'],
  examples: {
    bad: [
      'alter table users alter column score type double precision',
      'alter table users alter column created_at type timestamptz',
      'alter table users alter column name type varchar(50)',
      'alter table somewhere.unknown alter column a type bigint',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'alter table orders alter column amount type bigint' }] },
      'alter table users alter column name type varchar(200)',
      'alter table users alter column name type text',
      'alter table users alter column score type numeric(12,2)',
      'alter table users alter column nickname type varchar',
      'alter table users add column rank int; alter table users alter column rank type bigint',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    if (altered === undefined) return undefined
    const { name, table, commands } = altered
    if (!commands.some(({ subtype }) => subtype === 'AT_AlterColumnType')) return undefined
    const later = table === undefined ? undefined : tableById(schemaAfter(scope), table.id)
    return commands.flatMap(({ subtype, name: column = '' }, index) => {
      if (subtype !== 'AT_AlterColumnType' || !isOldColumn(scope, table, column)) return []
      const of = `${column} of ${tableName(name)}`
      const [before, type] = [table, later].map((one) => one?.columns.get(column)?.type)
      if (before === undefined || type === undefined)
        return { message: `${of} changes its type: the code that still runs sends and reads the old one.`, severity: 'warning' as const }
      const change = compare(before, type)
      if (change === 'compatible') return []
      const [was, becomes] = [typeText(before), typeText(type)]
      return {
        message:
          change === 'narrower'
            ? `${of} becomes ${becomes} and was ${was}: longer values that the code that still runs writes are refused.`
            : `${of} becomes ${becomes} and was ${was}: the code that still runs sends and reads the old type.`,
        severity: change === 'other' ? ('error' as const) : ('warning' as const),
        instead:
          change === 'narrower'
            ? movedToPost(
                scope,
                partAlter(scope, alter, (_, at) => at === index),
                'The code of this release writes no longer value; rows that do not fit are put right first.',
              )
            : secondColumn({ table: name, column, fresh: `${column}_new`, type: becomes }),
      }
    })
  },
})

const texts = new Set(['text', 'varchar'])

/** How clients see it: what they read looks the same, and what they write still fits. */
function compare(before: ColumnType, after: ColumnType): 'compatible' | 'narrower' | 'other' {
  if (before.array !== after.array) return 'other'
  if (before.schema !== after.schema && before.schema !== undefined && after.schema !== undefined) return 'other'
  if (before.name !== after.name && !(texts.has(before.name) && texts.has(after.name))) return 'other'
  return fits(before, after) ? 'compatible' : 'narrower'
}

function fits(before: ColumnType, after: ColumnType): boolean {
  const [was, becomes] = [before.modifiers, after.modifiers]
  if (becomes.length === 0) return true
  if (was.length === 0) return false
  const [length = 0, scale = 0] = was
  const [newLength = 0, newScale = 0] = becomes
  return newScale >= scale && newLength - newScale >= length - scale
}
