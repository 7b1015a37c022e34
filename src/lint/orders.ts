import { byVersion, type Migration } from '../migration/migration.ts'
import type { Statement } from '../sql/parse.ts'
import { copySchema } from '../sql/schema/copy.ts'
import { type Description, describeSchema, differences } from '../sql/schema/describe.ts'
import { applyStatement } from '../sql/schema/replay.ts'
import { emptySchema } from '../sql/schema/schema.ts'

/** A migration as far as its place among the others and its end matter. */
export interface OrderedFile {
  readonly migration: Pick<Migration, 'version' | 'phase'>
  readonly isNew: boolean
  readonly statements: readonly Statement[]
}

/** How a database that is made anew comes to all of them: by number in one sequence, or one folder after the other. */
export type NewOrder = 'by-number' | 'by-folder'

export interface OrderDifference {
  readonly order: NewOrder
  /** Objects, as `describeSchema` names them, that it ends with another state of than a database that took each release in turn. */
  readonly objects: readonly string[]
}

/** Compares where the orders end in which databases may run the files. Differences that the released files have already are left out. */
export function compareOrders(files: readonly OrderedFile[]): readonly OrderDifference[] {
  const sorted = [...files].sort((a, b) => byVersion(a.migration, b.migration))
  const released = sorted.filter((one) => !one.isNew)
  const inTurn = [...released, ...byFolder(sorted.filter((one) => one.isNew))]
  const orders = { 'by-number': sorted, 'by-folder': byFolder(sorted) }
  const others = (Object.keys(orders) as NewOrder[]).filter((order) => !isSame(orders[order], inTurn))
  if (others.length === 0) return []
  const before = byFolder(released)
  const ends = endsOf([inTurn, released, before, ...others.map((order) => orders[order])])
  const [end, releasedEnd, beforeEnd] = ends as [Description, Description, Description]
  const old = new Set(differences(releasedEnd, beforeEnd).map(({ object }) => object))
  const told = new Set<string>()
  return others.flatMap((order, index) => {
    const objects = differences(end, ends[index + 3] as Description)
      .map(({ object }) => object)
      .filter((object) => !told.has(object) && (order === 'by-number' || !old.has(object)))
    for (const object of objects) told.add(object)
    return objects.length === 0 ? [] : [{ order, objects }]
  })
}

function byFolder(sorted: readonly OrderedFile[]): OrderedFile[] {
  return [...sorted.filter(({ migration }) => migration.phase === 'pre'), ...sorted.filter(({ migration }) => migration.phase === 'post')]
}

function isSame(one: readonly OrderedFile[], other: readonly OrderedFile[]): boolean {
  return one.every((file, index) => file === other[index])
}

/** What all of them begin with is carried out once. */
function endsOf(sequences: readonly (readonly OrderedFile[])[]): Description[] {
  const [first = []] = sequences
  const differs = first.findIndex((file, index) => sequences.some((one) => one[index] !== file))
  const common = differs < 0 ? first.length : differs
  const start = emptySchema()
  for (const file of first.slice(0, common)) run(file)
  return sequences.map((sequence) => {
    const schema = copySchema(start)
    for (const file of sequence.slice(common)) run(file, schema)
    return describeSchema(schema)
  })

  function run({ statements }: OrderedFile, schema = start): void {
    for (const [statement, one] of statements.entries()) applyStatement(schema, one, { file: 0, statement })
  }
}
