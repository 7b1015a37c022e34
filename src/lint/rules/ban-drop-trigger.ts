import type { AlterTableCmd } from '@pgsql/types'
import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { findTable, type Table, tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { oldRelation } from '../compatibility/old-objects.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-trigger',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'The code that still runs counts on what the trigger does, and its writes go on without it.',
  remedy: 'Ship code that does not need the trigger, and drop it in a post migration.',
  because: 'From the commit on, writes no longer fire it; what it would have filled, counted or refused is not made up for later.',
  yieldsTo: ['ban-disable-trigger'],
  examples: {
    bad: [
      'drop trigger orders_touch on orders',
      'alter table orders disable trigger orders_touch',
      'alter table orders disable trigger all',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'drop trigger orders_touch on orders' }] },
      'drop trigger orders_touch on orders; create trigger orders_touch before insert or update on orders for each row execute function touch()',
      'create trigger helper before insert on users for each row execute function touch(); drop trigger helper on users',
      'alter table orders disable trigger orders_touch; update orders set amount = 2 where id = 1; alter table orders enable trigger orders_touch',
    ],
  },
  on: ['DropStmt', 'AlterTableStmt'],
  check(statement, scope) {
    if ('cmds' in statement) {
      const altered = alteredOldTable(scope, statement)
      const disables = ({ subtype }: AlterTableCmd) =>
        subtype === 'AT_DisableTrig' || subtype === 'AT_DisableTrigAll' || subtype === 'AT_DisableTrigUser'
      const command = altered?.commands.find(disables)
      if (altered === undefined || command === undefined || isEnabledLater(scope, altered.table, command)) return undefined
      const what = command.subtype === 'AT_DisableTrig' ? `the trigger ${command.name}` : 'the triggers'
      return {
        message: `Writes of the old code to ${tableName(altered.name)} go on without ${what} once disabled.`,
        instead: movedToPost(scope, partAlter(scope, statement, disables), `The code of this release does not need ${what}.`),
      }
    }
    if (!('removeType' in statement) || statement.removeType !== 'OBJECT_TRIGGER') return undefined
    const words = wordsOf(statement.objects?.[0])
    const trigger = words.at(-1) ?? ''
    const old = oldRelation(scope, nameOfWords(words.slice(0, -1)))
    if (old === undefined || isNewTrigger(scope, old.relation?.kind === 'table' ? old.relation : undefined, trigger)) return undefined
    if (findTable(schemaWhenDone(scope), old.name)?.triggers.has(trigger)) return undefined
    return {
      message: `Writes of the old code to ${tableName(old.name)} go on without the trigger ${trigger} once dropped.`,
      instead: movedToPost(scope, undefined, `The code of this release does not need ${trigger}.`),
    }
  },
})

function isNewTrigger(scope: StatementScope, table: Table | undefined, trigger: string): boolean {
  if (table === undefined || !table.triggers.has(trigger)) return false
  return tableById(scope.release.before, table.id)?.triggers.has(trigger) === false
}

function isEnabledLater(scope: StatementScope, table: Table | undefined, { subtype, name = '' }: AlterTableCmd): boolean {
  const later = tableById(schemaWhenDone(scope), table?.id)
  if (later === undefined) return false
  const triggers = subtype === 'AT_DisableTrig' ? [later.triggers.get(name)] : [...later.triggers.values()]
  return triggers.every((one) => one?.enabled === true)
}
