import { alteredOldTable } from '../compatibility/altered-table.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { isOldColumn } from '../compatibility/old-objects.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-not-null',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'As soon as somebody writes a NULL, code that still runs reads one where it has never met any.',
  remedy: 'Ship code that reads NULL first; drop NOT NULL in the post migrations of that release, and write NULL from the next one on.',
  because: 'DROP NOT NULL changes no row; what follows from it is up to the code that writes.',
  examples: {
    bad: ['alter table users alter column email drop not null', 'alter table somewhere.unknown alter column a drop not null'],
    good: [
      { files: [{ phase: 'post', sql: 'alter table users alter email drop not null' }] },
      'alter table users alter column nickname drop not null',
      "alter table users add column kind text not null default 'a'; alter table users alter column kind drop not null",
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    if (altered === undefined) return undefined
    const { name, table, commands } = altered
    const isViolation = ({ subtype, name: column = '' }: (typeof commands)[number]) =>
      subtype === 'AT_DropNotNull' && isOldColumn(scope, table, column) && table?.columns.get(column)?.notNull !== false
    const columns = listed(commands.filter(isViolation).map((command) => command.name ?? ''))
    if (columns === '') return undefined
    return {
      message: `Without NOT NULL on ${columns} of ${tableName(name)}, the new code may write a NULL that the old code reads.`,
      instead: movedToPost(
        scope,
        partAlter(scope, alter, isViolation),
        `The code of this release reads NULL in ${columns}, and writes none yet.`,
      ),
    }
  },
})
