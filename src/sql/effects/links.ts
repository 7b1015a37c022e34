import type { Index, Relation, Schema, Sequence, Table, View } from '../schema/schema.ts'

/** What the schema holds in one direction only, turned round: each relation is looked at once, when it is new. */
class Links {
  readonly views = new Set<View>()
  readonly #indexes = new Map<number, Set<Index>>()
  readonly #sequences = new Map<number, Set<Sequence>>()
  /** Sequences that nobody owned when they were looked at; somebody may by now. */
  readonly #free = new Set<Sequence>()
  #next = 0

  follow(schema: Schema): void {
    for (; this.#next < schema.nextId; this.#next++) this.#add(schema.relations.get(this.#next))
  }

  indexes(view: View): readonly Index[] {
    return [...(this.#indexes.get(view.id) ?? [])]
  }

  sequences(table: Table): readonly Sequence[] {
    for (const one of this.#free) {
      if (one.ownedBy === undefined) continue
      this.#free.delete(one)
      addTo(this.#sequences, one.ownedBy.table, one)
    }
    return [...(this.#sequences.get(table.id) ?? [])].filter(({ ownedBy }) => ownedBy?.table === table.id)
  }

  #add(relation: Relation | undefined): void {
    if (relation?.kind === 'view') this.views.add(relation)
    else if (relation?.kind === 'index') addTo(this.#indexes, relation.table, relation)
    else if (relation?.kind === 'sequence') this.#free.add(relation)
  }
}

const known = new WeakMap<Schema, Links>()

function linksOf(schema: Schema): Links {
  const links = known.get(schema) ?? new Links()
  known.set(schema, links)
  links.follow(schema)
  return links
}

function addTo<One>(map: Map<number, Set<One>>, key: number, one: One): void {
  const set = map.get(key) ?? new Set()
  map.set(key, set.add(one))
}

/** Sequences that fall with the table's columns; those of one column when it is named. */
export function ownedSequences(schema: Schema, table: Table, column?: string): Sequence[] {
  const owned = linksOf(schema)
    .sequences(table)
    .filter((one) => isThere(schema, one))
  return column === undefined ? owned : owned.filter(({ ownedBy }) => ownedBy?.column === column)
}

export function indexesOfView(schema: Schema, view: View): Index[] {
  return view.form === 'materialized'
    ? linksOf(schema)
        .indexes(view)
        .filter((one) => isThere(schema, one))
    : []
}

/** Views whose queries name the relation; a column narrows it to those that name the column. */
export function viewsReading(schema: Schema, relation: Relation, column?: string): View[] {
  return [...linksOf(schema).views].filter((view) => {
    const columns = view.reads.get(relation.id)
    if (columns === undefined || !isThere(schema, view)) return false
    return column === undefined || columns === 'all' || columns.has(column)
  })
}

function isThere(schema: Schema, relation: Relation): boolean {
  return schema.relations.get(relation.id) === relation
}
