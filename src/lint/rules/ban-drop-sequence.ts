import { droppedOld, partDrop } from '../compatibility/dropped.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { listed } from '../compatibility/sql-text.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-drop-sequence',
  group: 'compatibility',
  severity: 'error',
  phase: 'pre',
  problem: 'The code that still runs takes its numbers from the sequence, and its inserts fail.',
  remedy: 'Ship code that does not use the sequence, and drop it in a post migration.',
  because: 'nextval() of a dropped sequence fails with 42P01.',
  examples: {
    bad: [{ given: 'create sequence invoice_numbers', files: [{ sql: 'drop sequence invoice_numbers' }] }],
    good: [
      { given: 'create sequence invoice_numbers', files: [{ phase: 'post', sql: 'drop sequence invoice_numbers' }] },
      'create sequence scratch_numbers; drop sequence scratch_numbers',
    ],
  },
  on: 'DropStmt',
  check(drop, scope) {
    if (drop.removeType !== 'OBJECT_SEQUENCE') return undefined
    const old = droppedOld(scope, drop)
    if (old.length === 0) return undefined
    const names = listed(old.map(({ name }) => tableName(name)))
    return {
      message: `Dropping the sequence ${names} breaks the code that still runs.`,
      instead: movedToPost(
        scope,
        partDrop(
          scope,
          drop,
          old.map(({ name }) => name),
        ),
        `The code of this release does not use ${names} any more.`,
      ),
    }
  },
})
