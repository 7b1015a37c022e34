import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { findType } from '../compatibility/old-objects.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-late-enum-value',
  group: 'compatibility',
  severity: 'advice',
  optIn: true,
  phase: 'pre',
  problem: 'As soon as the new code writes the value, the code that still runs reads one that it does not know.',
  remedy: 'Ship code that reads the value first, and write it from the next release on.',
  because: 'ADD VALUE changes no row and nothing that is there; a value cannot be taken away again.',
  examples: {
    bad: ["alter type order_state add value 'returned'"],
    good: [
      "create type color as enum ('red'); alter type color add value 'blue'",
      { files: [{ phase: 'post', sql: "alter type order_state add value 'returned'" }] },
    ],
  },
  on: 'AlterEnumStmt',
  check({ typeName, oldVal, newVal }, scope) {
    const name = nameOfWords(wordsOf(typeName))
    if (oldVal !== undefined || scope.isNew(findType(scope.schema, name))) return undefined
    return { message: `The code that still runs may read ${newVal} of ${tableName(name)}, which it does not know.` }
  },
})
