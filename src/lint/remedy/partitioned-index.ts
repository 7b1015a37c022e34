import { findRelation, type Schema, type Table, tableById } from '../../sql/schema/schema.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { createIndex, type IndexText } from './index-text.ts'
import { alone, nameFrom, transaction, wordsLike, writtenRelation } from './write.ts'

/**
 * An index of a partitioned table without a lock that lasts: an empty one on the table itself, one on each partition
 * built beside the writes, and then all of them joined.
 */
export function partitionedIndexFiles(index: IndexText, table: Table, on: string, scope: StatementScope): RemedyFile[] {
  const kw = wordsLike(scope)
  const parts = partitionsBelow(scope.schema, table)
  const stem = stemOf(index, table)
  const top = index.name ?? nameFrom(table.name, stem)
  const names = new Map(parts.map(({ part }) => [part.id, freeName(scope.schema, part, stem)]))
  const nameOf = (part: Table) =>
    writtenRelation({ schema: part.schema === 'public' ? undefined : part.schema, name: names.get(part.id) ?? '' })
  const empty = parts.filter(({ part }) => part.form === 'partitioned')
  const leaves = parts.filter(({ part }) => part.form !== 'partitioned')
  const built = (part: Table, concurrent: boolean) =>
    createIndex(index, scope, {
      on: writtenPart(part),
      name: writtenRelation({ schema: undefined, name: names.get(part.id) ?? '' }),
      concurrent,
      only: !concurrent,
    })
  return [
    transaction(scope.phase, [
      createIndex(index, scope, { on, name: top, concurrent: false, only: true }),
      ...empty.map(({ part }) => built(part, false)),
    ]),
    ...leaves.map(({ part }) => alone(scope.phase, built(part, true))),
    transaction(
      scope.phase,
      parts.map(
        ({ part, parent }) =>
          kw`alter index ${names.has(parent.id) ? nameOf(parent) : inSchemaOf(table, top)} attach partition ${nameOf(part)}`,
      ),
      table.complete ? undefined : 'Partitions that no migration made need the same two steps.',
    ),
  ]
}

export function writtenPart(part: Table): string {
  return writtenRelation({ schema: part.schema === 'public' ? undefined : part.schema, name: part.name })
}

function inSchemaOf(table: Table, written: string): string {
  return table.schema === 'public' ? written : `${writtenRelation({ schema: undefined, name: table.schema })}.${written}`
}

/** Partitions at every level, those above before those below. */
export function partitionsBelow(schema: Schema, table: Table): { readonly part: Table; readonly parent: Table }[] {
  return [...table.children].flatMap((id) => {
    const part = tableById(schema, id)
    return part === undefined ? [] : [{ part, parent: table }, ...partitionsBelow(schema, part)]
  })
}

/** What an index is called behind the name of its table. */
function stemOf({ name }: IndexText, table: Table): string {
  const bare = name?.replace(/^"(.*)"$/, '$1') ?? 'idx'
  return bare.startsWith(`${table.name}_`) ? bare.slice(table.name.length + 1) : bare
}

function freeName(schema: Schema, part: Table, stem: string): string {
  const isTaken = (name: string) => findRelation(schema, { schema: part.schema, name }) !== undefined
  const name = nameFrom(part.name, stem)
  return isTaken(name) ? nameFrom(part.name, stem, 'new') : name
}
