import type { TableLikeClause } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { setConstraint } from '../add.ts'
import { plainType } from '../column-type.ts'
import { findTable, indexesOf, type Origin, type Schema, type Table } from '../schema.ts'
import { buildIndex } from './build-index.ts'
import { identitySequence, noteColumn } from './column.ts'

/** Bits of INCLUDING, as the parser writes them. */
const constraints = 1 << 2
const defaults = 1 << 3
const generated = 1 << 4
const identity = 1 << 5
const indexes = 1 << 6

/** Copies the columns of another table; what comes back copies its indexes once the table has its own. */
export function likeTable(schema: Schema, table: Table, clause: TableLikeClause, origin: Origin): () => void {
  const source = findTable(schema, nameOf(clause.relation))
  const options = clause.options ?? 0
  if (source === undefined) {
    table.complete = false
    return () => {}
  }
  if (!source.complete) table.complete = false
  for (const column of source.columns.values()) {
    const copy = {
      ...column,
      default: options & defaults ? column.default : undefined,
      counter: options & defaults ? column.counter : undefined,
      generated: options & generated ? column.generated : undefined,
      identity: options & identity ? column.identity : undefined,
      inherited: 0,
      local: true,
      origin,
    }
    table.columns.set(column.name, copy)
    if (copy.identity !== undefined) {
      const counted = { ...copy, type: plainType('int8') } // the server forgets the type of the sequence
      identitySequence(schema, table, counted, {}, origin)
    }
    noteColumn(schema, table, copy)
  }
  if (options & constraints) {
    for (const one of source.constraints.values()) {
      if (one.kind === 'check') setConstraint(schema, table, { ...one, valid: true, inherited: 0, local: true, origin })
    }
  }
  return () => {
    if (options & indexes) for (const index of indexesOf(schema, source)) copyIndex(schema, source, table, index.id, origin)
  }
}

function copyIndex(schema: Schema, source: Table, table: Table, id: number, origin: Origin): void {
  const index = schema.relations.get(id)
  if (index?.kind !== 'index') return
  const held = index.constraint === undefined ? undefined : source.constraints.get(index.constraint)
  const constraint =
    held?.kind === 'primary' || held?.kind === 'unique'
      ? { kind: held.kind, deferrable: held.deferrable, initiallyDeferred: held.initiallyDeferred }
      : held?.kind === 'exclusion'
        ? { kind: held.kind, deferrable: false, initiallyDeferred: false }
        : undefined
  buildIndex(schema, table, { ...index, name: undefined, constraint }, origin)
}
