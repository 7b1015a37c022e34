import { nameOf, wordsOf } from '../../locks/names.ts'
import { setConstraint } from '../add.ts'
import { chooseConstraintName, clipped, joinedColumns } from '../names.ts'
import { childTables } from '../remove.ts'
import { type ForeignKey, findTable, indexesOf, type KeyConstraint, type Origin, type Schema, type Table, tableById } from '../schema.ts'
import type { WrittenConstraint } from './column.ts'

const actions = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' } as const

/** Adds a foreign key to a table and its partitions; one that is made with its table has nothing to check. */
export function addForeignKey(
  schema: Schema,
  table: Table,
  { constraint, column }: WrittenConstraint,
  origin: Origin,
  creating: boolean,
): void {
  const columns = constraint.fk_attrs === undefined ? (column === undefined ? [] : [column]) : wordsOf(constraint.fk_attrs)
  const partner = findTable(schema, nameOf(constraint.pktable))
  const target = partner === undefined ? undefined : keyIndex(schema, partner, wordsOf(constraint.pk_attrs))
  const given = constraint.conname === undefined ? undefined : clipped(constraint.conname)
  const name = given ?? chooseConstraintName(schema, table.schema, [table.name, joinedColumns(columns), 'fkey'])
  if (table.constraints.has(name)) return
  const key: ForeignKey = {
    kind: 'foreign',
    name,
    columns,
    references: {
      id: partner?.id,
      name: nameOf(constraint.pktable),
      columns: target?.columns ?? wordsOf(constraint.pk_attrs),
      index: target?.index,
    },
    onDelete: actions[(constraint.fk_del_action ?? 'a') as keyof typeof actions] ?? 'no action',
    onUpdate: actions[(constraint.fk_upd_action ?? 'a') as keyof typeof actions] ?? 'no action',
    deferral: constraint.deferrable !== true ? 'not deferrable' : constraint.initdeferred === true ? 'initially deferred' : 'deferrable',
    valid: creating || constraint.skip_validation !== true,
    origin,
    inherited: 0,
    local: true,
    above: undefined,
  }
  setForeignKey(schema, table, key)
}

/** What a foreign key leans on: the oldest unique index of the columns that it names, or the primary key. */
function keyIndex(schema: Schema, table: Table, named: readonly string[]): { columns: readonly string[]; index: number | undefined } {
  if (named.length === 0) {
    const primary = [...table.constraints.values()].find((one): one is KeyConstraint => one.kind === 'primary')
    return { columns: primary?.columns ?? [], index: primary?.index }
  }
  const wanted = [...named].sort().join('\0')
  const usable = indexesOf(schema, table).filter(({ unique, predicate, keys, constraint }) => {
    const held = constraint === undefined ? undefined : table.constraints.get(constraint)
    const deferrable = held !== undefined && 'deferrable' in held && held.deferrable
    const columns = keys.map(({ column }) => column ?? '').sort()
    return unique && predicate === undefined && !deferrable && columns.join('\0') === wanted
  })
  return { columns: named, index: usable[0]?.id }
}

function setForeignKey(schema: Schema, table: Table, key: ForeignKey): void {
  setConstraint(schema, table, key)
  tableById(schema, key.references.id)?.referencedBy.add(table.id)
  if (table.form === 'partitioned') for (const part of childTables(schema, table)) passForeignKeyOn(schema, part, key)
}

/** Gives a partition a foreign key of its parent: an equal one of its own, or a new one. */
export function passForeignKeyOn(schema: Schema, part: Table, key: ForeignKey): void {
  const text = ({ columns, references, onDelete, onUpdate, deferral }: ForeignKey) =>
    JSON.stringify([columns, references.id, references.columns, onDelete, onUpdate, deferral])
  const equal = [...part.constraints.values()].find(
    (one): one is ForeignKey => one.kind === 'foreign' && one.inherited === 0 && one.valid && text(one) === text(key),
  )
  if (equal !== undefined) {
    equal.inherited = 1
    equal.local = false
    equal.above = key.name
    return
  }
  const name = part.constraints.has(key.name)
    ? chooseConstraintName(schema, part.schema, [part.name, joinedColumns(key.columns), 'fkey'])
    : key.name
  setForeignKey(schema, part, { ...key, name, inherited: 1, local: false, above: key.name })
}
