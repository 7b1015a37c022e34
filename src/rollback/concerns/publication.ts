import type { AlterPublicationStmt, CreatePublicationStmt } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, type Schema, type Table, tableById } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { concern, isNew, type Meets } from './meets.ts'

/** The server refuses to update and delete rows of a published table when nothing tells one row from another. */
export function publicationConcerns(meets: Meets, publication: CreatePublicationStmt | AlterPublicationStmt): readonly Concern[] {
  if ('action' in publication && publication.action === 'AP_DropObjects') return []
  const { pubname = '', pubobjects, options, for_all_tables: all = false } = publication
  if (publishesInsertsOnly(options)) return []
  const found: Concern[] = []
  const tables = new Set<Table>()
  for (const { pubobjtype, pubtable, name } of nodesOf(pubobjects, 'PublicationObjSpec')) {
    if (pubtable?.relation === undefined) {
      for (const one of tablesOf(meets, pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA' ? name : undefined)) tables.add(one)
      continue
    }
    const table = findTable(meets.schema, nameOf(pubtable.relation))
    const to = nameOf(pubtable.relation).name
    if (table !== undefined && pubtable.columns === undefined && pubtable.whereClause === undefined) tables.add(table)
    else if (table === undefined || !isNew(meets, table)) {
      const because = `Whether rows of ${to} can still be updated and deleted is up to its replica identity, which must hold what the publication ${pubname} names.`
      found.push(concern('unknown', because, { by: 'writes', to, kinds: ['update', 'delete'] }, [to]))
    }
  }
  // other options bear on the tables that it has already
  const known = 'action' in publication && pubobjects === undefined ? meets.schema.publications.get(pubname) : undefined
  for (const id of known?.tables ?? []) {
    const table = tableById(meets.schema, id)
    if (table !== undefined) tables.add(table)
  }
  if (all || known?.allTables === true) for (const one of tablesOf(meets, undefined)) tables.add(one)
  for (const schema of known?.schemas ?? []) for (const one of tablesOf(meets, schema)) tables.add(one)
  const refused = new Set([...tables].flatMap((table) => refusedWith(meets, table)))
  return [...found, ...[...refused].map((to) => refusal(to, pubname))]
}

function refusal(to: string, publication: string): Concern {
  const because = `Rows of ${to} can no longer be updated or deleted: ${publication} publishes it, and it has no key that tells its rows apart.`
  return concern('breaks-writes', because, { by: 'writes', to, kinds: ['update', 'delete'] }, [to])
}

function publishesInsertsOnly(options: CreatePublicationStmt['options']): boolean {
  const [publish] = nodesOf(options, 'DefElem').filter(({ defname }) => defname === 'publish')
  const value = publish?.arg !== undefined && 'String' in publish.arg ? publish.arg.String.sval : undefined
  return value !== undefined && !/update|delete/i.test(value)
}

/** Tables of the target that are there; of one schema, or all. */
function tablesOf({ schema, firstNew }: Meets, of: string | undefined): readonly Table[] {
  return [...schema.relations.values()].filter(
    (one): one is Table =>
      one.kind === 'table' &&
      one.form !== 'foreign' &&
      one.persistence === 'permanent' &&
      one.origin.file < firstNew &&
      (of === undefined || one.schema === of),
  )
}

/** Names of old tables whose rows are refused with those of this one: itself, its parts, and what it is a part of. */
function refusedWith(meets: Meets, table: Table): readonly string[] {
  // what comes later may give it a key
  const parts = withParts(meets.now, tableById(meets.now, table.id) ?? table)
  if (parts.every((one) => hasIdentity(one))) return []
  const above: Table[] = []
  for (let one = parentOf(meets.now, table); one !== undefined; one = parentOf(meets.now, one)) above.push(one)
  return [...parts, ...above].filter((one) => !isNew(meets, one)).map((one) => one.name)
}

function withParts(schema: Schema, table: Table): readonly Table[] {
  if (table.form !== 'partitioned') return [table]
  return [table, ...[...table.children].flatMap((id) => withParts(schema, tableById(schema, id) ?? table).filter((one) => one !== table))]
}

function parentOf(schema: Schema, table: Table): Table | undefined {
  return tableById(schema, table.partitionOf?.parent)
}

function hasIdentity({ form, replicaIdentity, constraints }: Table): boolean {
  // rows stand in its parts
  if (form === 'partitioned') return true
  if (replicaIdentity.kind !== 'default') return replicaIdentity.kind !== 'nothing'
  return [...constraints.values()].some((one) => one.kind === 'primary' && !one.deferrable)
}
