import type { IndexStatement } from '../../sql/index-statement.ts'
import type { FoundPartition, FoundTable } from '../catalog.ts'
import { quoteName } from '../ledger.ts'

/** More would not be read; the pattern is clear by then. */
const shown = 12

/**
 * The server builds no index of a partitioned table concurrently. The way round: an index on the parent alone, which
 * stays invalid until each partition's own index, built concurrently, has been attached to it.
 */
export function pieceByPiece(statement: IndexStatement, table: FoundTable, partitions: readonly FoundPartition[]): string {
  const { unique, tail } = statement
  const create = unique ? 'create unique index' : 'create index'
  const stem = statement.name ?? `${table.relname}_idx`
  const taken = new Set([stem])
  const indexes = new Map([[table.oid, `${quoteName(table.schema)}.${quoteName(stem)}`]])
  const lines = [`${create} ${quoteName(stem)} on only ${table.name} ${tail};`]
  for (const { oid, relname, schema, name, parent, partitioned } of partitions) {
    const own = quoteName(freeName(`${relname}_${stem}`, taken))
    indexes.set(oid, `${quoteName(schema)}.${own}`)
    lines.push(
      `${create} ${partitioned ? `${own} on only` : `concurrently ${own} on`} ${name} ${tail};`,
      `alter index ${indexes.get(parent)} attach partition ${indexes.get(oid)};`,
    )
  }
  const more = lines.length > shown ? [`-- and so on, ${lines.length} statements in all`] : []
  return [
    'Build it piece by piece, in a file outside a transaction; the index of the parent becomes valid with its last partition:',
    ...lines.slice(0, shown),
    ...more,
  ].join('\n')
}

/** Names have at most 63 bytes; what the server cuts off might be what tells two of them apart. */
function freeName(wanted: string, taken: Set<string>): string {
  for (let count = 0; ; count++) {
    const number = count === 0 ? '' : `_${count}`
    const name = `${cut(wanted, 63 - number.length)}${number}`
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

function cut(text: string, bytes: number): string {
  const characters = [...text]
  while (Buffer.byteLength(characters.join('')) > bytes) characters.pop()
  return characters.join('')
}
