import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import { findType } from '../compatibility/old-objects.ts'
import { written, writtenRelation } from '../remedy/write.ts'
import { defineRule, type RemedyFile } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-rename-enum-value',
  group: 'compatibility',
  severity: 'error',
  problem: 'Code that writes or compares with the old value fails as soon as it is renamed, and reads a value that it does not know.',
  remedy: 'Add the new value, let the code read both and write the new one, and change the old rows in a post migration.',
  because:
    'RENAME VALUE changes the word in every row at once; the old word is then rejected with 22P02, before the rename the new one is.',
  examples: {
    bad: [
      "alter type order_state rename value 'new' to 'open'",
      { files: [{ phase: 'post', sql: "alter type order_state rename value 'new' to 'open'" }] },
    ],
    good: [
      "create type color as enum ('red', 'blu'); alter type color rename value 'blu' to 'blue'",
      "alter type order_state add value 'open'",
    ],
  },
  on: 'AlterEnumStmt',
  check({ typeName, oldVal, newVal = '' }, scope) {
    if (oldVal === undefined) return undefined
    const name = nameOfWords(wordsOf(typeName))
    const type = findType(scope.schema, name)
    if (scope.isNew(type) || (type?.kind === 'enum' && isAddedHere(type.values, oldVal, findType(scope.release.before, name))))
      return undefined
    return {
      message: `Renaming the value ${oldVal} of ${tableName(name)} to ${newVal} breaks the old code, or the new code, until the deploy is done.`,
      harm: `Queries that write or compare with '${oldVal}' fail as soon as it is renamed; those with '${newVal}' fail before.`,
      instead: recipe(scope.schema, name, oldVal, newVal),
    }
  },
})

function isAddedHere(values: readonly string[], value: string, released: ReturnType<typeof findType>): boolean {
  return values.includes(value) && released?.kind === 'enum' && !released.values.includes(value)
}

function recipe(schema: Schema, name: { schema: string | undefined; name: string }, from: string, to: string): RemedyFile[] {
  const [old, fresh] = [from, to].map((value) => `'${value.replaceAll("'", "''")}'`)
  const columns = [...schema.relations.values()].flatMap((relation) =>
    relation.kind === 'table'
      ? [...relation.columns.values()].flatMap(({ name: column, type }) =>
          type.name === name.name && type.array === 0 ? [{ table: relation, column }] : [],
        )
      : [],
  )
  const add: RemedyFile = {
    phase: 'pre',
    transactional: true,
    sql: `alter type ${writtenRelation(name)} add value ${fresh};`,
    note: `The code of this release reads both values, and still writes ${old}.`,
  }
  if (columns.length === 0) return [add]
  return [
    add,
    {
      phase: 'post',
      transactional: true,
      sql: columns
        .map(
          ({ table, column }) =>
            `update ${writtenRelation({ schema: name.schema, name: table.name })} set ${written(column)} = ${fresh} where ${written(column)} = ${old};`,
        )
        .join('\n'),
      note: `In a later release, whose code writes ${fresh}; in batches where there are many rows. The old value stays: PostgreSQL cannot drop one.`,
    },
  ]
}
