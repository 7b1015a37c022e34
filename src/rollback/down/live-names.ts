import type { TableName } from '../../migration/ledger.ts'
import { type Column, type ColumnType, type Schema, type Table, tableById } from '../../sql/schema/schema.ts'

interface LiveTable {
  readonly name: TableName
  /** As it was before the down; its constraints and indexes are no longer those once statements have run. */
  readonly columns: ReadonlyMap<Column, string>
  readonly form: Table['form']
  readonly keys: readonly (readonly string[])[]
  readonly heirs: boolean
  /** Whether the text of a value depends on the search path. */
  readonly catalogTypes: boolean
}

/** How the live database names what the statements of a down rename on their way. Columns are objects that outlive renames. */
export class LiveNames {
  readonly #tables = new Map<number, LiveTable>()
  readonly #sequences = new Map<number, TableName>()
  /** As the statement that comes next finds them. */
  #now = new Map<number, ReadonlyMap<string, { readonly live: string | undefined; readonly type: ColumnType }>>()

  constructor(schema: Schema) {
    for (const one of schema.relations.values()) {
      if (one.kind === 'sequence') this.#sequences.set(one.id, { schema: one.schema, table: one.name })
      if (one.kind !== 'table' || one.persistence === 'temporary' || one.form === 'foreign') continue
      this.#tables.set(one.id, {
        name: { schema: one.schema, table: one.name },
        columns: new Map([...one.columns.values()].map((column) => [column, column.name])),
        form: one.form,
        keys: keysOf(schema, one),
        heirs: [...one.children].some((id) => tableById(schema, id)?.partitionOf === undefined),
        catalogTypes: [...one.columns.values()].some(({ type }) => /^reg/.test(type.name)),
      })
    }
  }

  /** To be called before each statement. */
  note(schema: Schema): void {
    this.#now = new Map()
    for (const [id, { columns }] of this.#tables) {
      const table = tableById(schema, id)
      if (table === undefined) continue
      this.#now.set(id, new Map([...table.columns.values()].map((one) => [one.name, { live: columns.get(one), type: one.type }])))
    }
  }

  table(id: number): LiveTable | undefined {
    return this.#tables.get(id)
  }

  sequence(id: number): TableName | undefined {
    return this.#sequences.get(id)
  }

  /** The live name of a column that the statement calls so; `undefined` for one that the down made. */
  column(id: number, name: string): string | undefined {
    return this.#now.get(id)?.get(name)?.live
  }

  type(id: number, name: string): ColumnType | undefined {
    return this.#now.get(id)?.get(name)?.type
  }

  /** Where the rows of a table are once all statements have run. */
  place(id: number, after: Schema): { readonly target: TableName; readonly renamed: Readonly<Record<string, string>> } | undefined {
    const [live, now] = [this.#tables.get(id), tableById(after, id)]
    if (live === undefined || now === undefined) return undefined
    const changed = [...live.columns].filter(([column, name]) => column.name !== name).map(([column, name]) => [name, column.name])
    return { target: { schema: now.schema, table: now.name }, renamed: Object.fromEntries(changed) }
  }
}

/** Sets of columns that tell rows apart and are never null, the primary key first. */
function keysOf(schema: Schema, table: Table): readonly (readonly string[])[] {
  const primary = [...table.constraints.values()].flatMap((one) => (one.kind === 'primary' ? [one.columns] : []))
  const unique = [...table.indexes].flatMap((id) => {
    const index = schema.relations.get(id)
    if (index?.kind !== 'index' || !index.unique || !index.valid || index.predicate !== undefined) return []
    const columns = index.keys.map(({ column }) => column)
    return columns.every((name) => name !== undefined && table.columns.get(name)?.notNull === true) ? [columns as string[]] : []
  })
  return [...primary, ...unique]
}
