import type { DropStmt } from '@pgsql/types'
import { nameOfWords, wordsOf } from '../../locks/names.ts'
import { removeRelation } from '../add.ts'
import { findRelation, nameKey, type Schema } from '../schema.ts'

const relationTypes = ['OBJECT_TABLE', 'OBJECT_INDEX', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE', 'OBJECT_FOREIGN_TABLE']

export function drop(schema: Schema, { removeType = 'OBJECT_TABLE', objects }: DropStmt): void {
  if (removeType === 'OBJECT_TYPE' || removeType === 'OBJECT_DOMAIN') {
    for (const object of objects ?? []) {
      const { schema: space, name } = nameOfWords(wordsOf(object))
      schema.types.delete(nameKey(space ?? schema.searchPath[0] ?? 'public', name))
    }
  }
  if (!relationTypes.includes(removeType)) return
  for (const object of objects ?? []) {
    const found = findRelation(schema, nameOfWords(wordsOf(object)))
    if (found !== undefined) removeRelation(schema, found)
  }
}
