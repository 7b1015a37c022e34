import type { DoStmt, ImportForeignSchemaStmt } from '@pgsql/types'
import { nameOf, optionsOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { findTable, type Origin, type Schema } from '../schema.ts'
import { newTable } from './create-table.ts'

/**
 * A DO block that puts statements together at run time: tables that it names anywhere may hold more than is known
 * afterwards.
 */
export function doBlock(schema: Schema, { args }: DoStmt): void {
  const body = optionsOf(args).find(({ defname }) => defname === 'as')
  const words = wordsIn(wordsOf(body?.arg).join('\n'))
  if (!words.some((word, index) => word.toLowerCase() === 'execute' && isNoRoutine(words[index + 1]))) return
  for (const word of words) {
    const table = findTable(schema, { schema: undefined, name: word })
    if (table !== undefined) table.complete = false
  }
}

/** Foreign tables, whose columns another server knows. */
export function importForeign(schema: Schema, statement: ImportForeignSchemaStmt, origin: Origin): void {
  if (statement.list_type !== 'FDW_IMPORT_SCHEMA_LIMIT_TO') return
  for (const range of nodesOf(statement.table_list, 'RangeVar')) {
    const relation = { ...range, schemaname: statement.local_schema ?? 'public', relpersistence: 'p' }
    const table = newTable(schema, relation, origin, 'foreign')
    if (table !== undefined) table.complete = false
    else if (findTable(schema, nameOf(relation)) === undefined) return
  }
}

/** `EXECUTE FUNCTION` of a trigger runs no text. */
function isNoRoutine(word: string | undefined): boolean {
  return !['function', 'procedure', 'on'].includes(word?.toLowerCase() ?? '')
}

/** Names and keywords of a text, whatever stands between them. */
function wordsIn(text: string): string[] {
  const words: string[] = []
  let word = ''
  for (const character of text) {
    const isPart = character === '_' || character === '$' || /[\p{L}\p{N}]/u.test(character)
    if (isPart) word += character
    else if (word !== '') {
      words.push(word)
      word = ''
    }
  }
  return word === '' ? words : [...words, word]
}
