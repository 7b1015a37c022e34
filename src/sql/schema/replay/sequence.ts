import type { AlterSeqStmt, CreateSeqStmt, Node } from '@pgsql/types'
import { nameOf, nameOfWords, optionsOf, wordsOf } from '../../locks/names.ts'
import { addRelation } from '../add.ts'
import { columnType } from '../column-type.ts'
import { findRelation, findTable, type Origin, type Schema, type Sequence, tableById } from '../schema.ts'

export function createSequence(schema: Schema, { sequence, options }: CreateSeqStmt, origin: Origin): void {
  const name = sequence?.relpersistence === 't' ? { schema: 'pg_temp', name: sequence.relname ?? '' } : nameOf(sequence)
  const made = addRelation<Sequence>(schema, name, origin, {
    kind: 'sequence',
    ownedBy: undefined,
    type: 'int8',
    identity: false,
    usedBy: new Set(),
  })
  if (made !== undefined) change(schema, made, options)
}

export function alterSequence(schema: Schema, { sequence, options }: AlterSeqStmt): void {
  const found = findRelation(schema, nameOf(sequence))
  if (found?.kind === 'sequence') change(schema, found, options)
}

function change(schema: Schema, sequence: Sequence, options: readonly Node[] | undefined): void {
  for (const { defname, arg } of optionsOf(options)) {
    if (defname === 'as' && arg !== undefined && 'TypeName' in arg) sequence.type = columnType(schema, arg.TypeName).name
    if (defname !== 'owned_by') continue
    const words = wordsOf(arg)
    tableById(schema, sequence.ownedBy?.table)?.sequences.delete(sequence.id)
    const table = words.length > 1 ? findTable(schema, nameOfWords(words.slice(0, -1))) : undefined
    sequence.ownedBy = table === undefined ? undefined : { table: table.id, column: words.at(-1) ?? '' }
    table?.sequences.add(sequence.id)
  }
}
