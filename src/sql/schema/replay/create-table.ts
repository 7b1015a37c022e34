import type { CreateStmt, TypeName } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { addRelation } from '../add.ts'
import { plainType } from '../column-type.ts'
import { removeRelation } from '../remove.ts'
import { findTable, findType, nameKey, type Origin, type Schema, type Table, tableById } from '../schema.ts'
import { defineColumn, noteColumn, type WrittenConstraint } from './column.ts'
import { addConstraints } from './constraint.ts'
import { becomePartition, takeChecks, takeColumns, takeParts } from './inherit.ts'
import { likeTable } from './like.ts'
import { optionTexts } from './storage-options.ts'

const persistences = { p: 'permanent', u: 'unlogged', t: 'temporary' } as const
const strategies = { PARTITION_STRATEGY_LIST: 'list', PARTITION_STRATEGY_RANGE: 'range', PARTITION_STRATEGY_HASH: 'hash' } as const

export function createTable(schema: Schema, create: CreateStmt, origin: Origin, form?: 'foreign'): void {
  const { relation, tableElts, inhRelations, partspec, partbound, ofTypename } = create
  const table = newTable(schema, create.relation, origin, form ?? (partspec === undefined ? 'ordinary' : 'partitioned'))
  if (table === undefined) return
  table.options = optionTexts([], create.options)
  if (partspec !== undefined) {
    table.partitionKey = {
      strategy: strategies[partspec.strategy ?? 'PARTITION_STRATEGY_RANGE'],
      columns: nodesOf(partspec.partParams, 'PartitionElem').map(({ name, expr }) => name ?? expr ?? ''),
    }
  }
  const parents = nodesOf(inhRelations, 'RangeVar').map((one) => findTable(schema, nameOf(one)))
  if (parents.includes(undefined)) table.complete = false
  const known = parents.flatMap((parent) => parent ?? [])
  for (const parent of known) {
    if (!parent.complete) table.complete = false
    takeColumns(schema, parent, table, origin)
  }
  if (ofTypename !== undefined) takeAttributes(schema, table, ofTypename, origin)
  const written: WrittenConstraint[] = []
  const after: (() => void)[] = []
  for (const element of tableElts ?? []) {
    if ('ColumnDef' in element) written.push(...defineColumn(schema, table, element.ColumnDef, origin))
    if ('Constraint' in element) written.push({ constraint: element.Constraint, column: undefined })
    if ('TableLikeClause' in element) after.push(likeTable(schema, table, element.TableLikeClause, origin))
  }
  for (const parent of known) takeChecks(schema, parent, table)
  for (const parent of known) {
    if (partbound !== undefined) becomePartition(parent, table, partbound)
    else {
      parent.children.add(table.id)
      table.parents.add(parent.id)
    }
  }
  if (partbound !== undefined && known[0] !== undefined) takeParts(schema, known[0], table, origin)
  addConstraints(schema, table, written, origin, { creating: relation?.relpersistence !== undefined })
  for (const work of after) work()
}

/** A table without columns; `undefined` when there is one of that name. */
export function newTable(schema: Schema, relation: CreateStmt['relation'], origin: Origin, form: Table['form']): Table | undefined {
  const persistence = persistences[(relation?.relpersistence ?? 'p') as keyof typeof persistences] ?? 'permanent'
  const name = persistence === 'temporary' ? { schema: 'pg_temp', name: relation?.relname ?? '' } : nameOf(relation)
  if (persistence === 'temporary') forgetEarlierSession(schema, name.name, origin)
  return addRelation<Table>(schema, name, origin, {
    kind: 'table',
    form,
    persistence,
    columns: new Map(),
    constraints: new Map(),
    indexes: new Set(),
    parents: new Set(),
    children: new Set(),
    referencedBy: new Set(),
    partitionOf: undefined,
    partitionKey: undefined,
    triggers: new Map(),
    rules: new Map(),
    rowSecurity: false,
    rowSecurityForced: false,
    policies: new Set(),
    policyTexts: new Map(),
    readBy: new Set(),
    sequences: new Set(),
    replicaIdentity: { kind: 'default' },
    options: [],
    complete: true,
  })
}

/** A temporary table of another file ended with that file's session. */
function forgetEarlierSession(schema: Schema, name: string, origin: Origin): void {
  const before = tableById(schema, schema.names.get(nameKey('pg_temp', name)))
  if (before !== undefined && before.origin.file !== origin.file) removeRelation(schema, before, true)
}

function takeAttributes(schema: Schema, table: Table, { names }: TypeName, origin: Origin): void {
  const words = (names ?? []).flatMap((one) => ('String' in one ? [one.String.sval ?? ''] : []))
  const type = findType(schema, { schema: words.at(-2), name: words.at(-1) ?? '' })
  if (type?.kind !== 'composite') {
    table.complete = false
    return
  }
  for (const [name, attribute] of type.attributes) {
    const column = { ...emptyColumn(name, origin), type: attribute }
    table.columns.set(name, column)
    noteColumn(schema, table, column)
  }
}

export function emptyColumn(name: string, origin: Origin) {
  return {
    name,
    type: plainType(''),
    notNull: false,
    default: undefined,
    generated: undefined,
    identity: undefined,
    collation: undefined,
    origin,
    inherited: 0,
    local: true,
    counter: undefined,
  }
}
