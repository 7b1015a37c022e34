import { readStatements } from '../../lint/down/judge-files.ts'
import { carryOut } from '../../lint/down/losses.ts'
import { openFile } from '../../lint/lint-file.ts'
import { quoteName, quoteTable } from '../../migration/ledger.ts'
import { type Migration, placeIn } from '../../migration/migration.ts'
import { copySchema } from '../../sql/schema/copy.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import type { DownLoss } from './data-loss.ts'

/** What the way back of a migration takes from the live database: tables and columns that it drops can be counted and copied, the rest is named. */
export async function lossesOfDown(migration: Migration, live: Schema): Promise<readonly DownLoss[]> {
  const { down, refused } = await openFile(migration, true, 0)
  if (refused !== undefined) throw refused
  if (down === undefined) return []
  const schema = copySchema(live)
  return readStatements(down).flatMap((statement, index) => {
    const names = new Map([...schema.relations.values()].map(({ schema: home, name }) => [name, { schema: home, table: name }]))
    const shown = down.text.text.slice(statement.start, statement.end).replaceAll(/\s+/g, ' ')
    const place = placeIn(migration, down.text, statement.start)
    return carryOut(schema, statement, { file: -2, statement: index }).map(({ kind, what, table: name, columns, fails }): DownLoss => {
      const table = names.get(name)
      const common = { what, place, statement: shown, table, columns, fails }
      if (table === undefined || (kind !== 'table' && kind !== 'column'))
        return { ...common, kind: kind === 'type' ? 'narrowed' : kind, unit: 'values', count: undefined, mark: undefined, copy: undefined }
      const value = kind === 'table' ? 'lost.*::pg_catalog.text' : `lost.${quoteName(columns[0] ?? '')}::pg_catalog.text`
      const from = `from ${quoteTable(table)} lost`
      const counted = kind === 'table' ? '*' : `lost.${quoteName(columns[0] ?? '')}`
      return {
        ...common,
        kind,
        unit: kind === 'table' ? 'rows' : 'values',
        count: `select pg_catalog.count(${counted}) ${from}`,
        mark: `select pg_catalog.md5(coalesce(pg_catalog.string_agg(pg_catalog.md5(${value}), '' order by pg_catalog.md5(${value})), '')) ${from}`,
        copy: { table },
      }
    })
  })
}
