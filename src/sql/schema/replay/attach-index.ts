import type { Node } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { childTables } from '../remove.ts'
import { findRelation, type Index, indexesOf, type Schema, tableById } from '../schema.ts'

/** `ALTER INDEX … ATTACH PARTITION`: the index of a partitioned table is valid once every partition has its part. */
export function attachIndex(schema: Schema, parent: Index, def: Node | undefined): void {
  const name = def !== undefined && 'PartitionCmd' in def ? nameOf(def.PartitionCmd.name) : undefined
  const part = name === undefined ? undefined : findRelation(schema, name)
  if (part?.kind !== 'index') return
  part.parent = parent.id
  const table = tableById(schema, part.table)
  const held = part.constraint === undefined ? undefined : table?.constraints.get(part.constraint)
  if (held !== undefined) held.inherited = 1
  judgeParent(schema, parent)
}

function judgeParent(schema: Schema, index: Index): void {
  const table = tableById(schema, index.table)
  if (table === undefined || index.valid) return
  const whole = childTables(schema, table).every((child) => indexesOf(schema, child).some((one) => one.parent === index.id && one.valid))
  if (!whole) return
  index.valid = true
  const above = index.parent === undefined ? undefined : schema.relations.get(index.parent)
  if (above?.kind === 'index') judgeParent(schema, above)
}
