import type { AlterPublicationStmt, CreatePublicationStmt, Node, PublicationObjSpec, RangeVar } from '@pgsql/types'
import { nameOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { canonicalText } from '../expression.ts'
import { childrenOf, findTable, type Publication, type Schema, type Table } from '../schema.ts'

export function createPublication(schema: Schema, { pubname = '', pubobjects, for_all_tables, options }: CreatePublicationStmt): void {
  if (schema.publications.has(pubname)) return
  const publication: Publication = { allTables: for_all_tables === true, tables: new Set(), schemas: new Set(), details: new Map() }
  schema.publications.set(pubname, publication)
  change(schema, publication, pubobjects, 'add')
  setOptions(publication, options)
}

export function alterPublication(
  schema: Schema,
  { pubname = '', pubobjects, action, options, for_all_tables }: AlterPublicationStmt,
): void {
  const publication = schema.publications.get(pubname)
  if (publication === undefined) return
  setOptions(publication, options)
  if (for_all_tables) publication.allTables = true
  if (pubobjects === undefined) return
  if (action === 'AP_SetObjects') {
    publication.tables.clear()
    publication.schemas.clear()
    for (const key of publication.details.keys()) if (key !== 'options') publication.details.delete(key)
  }
  change(schema, publication, pubobjects, action === 'AP_DropObjects' ? 'delete' : 'add')
}

function change(schema: Schema, publication: Publication, objects: readonly Node[] | undefined, how: 'add' | 'delete'): void {
  let kind: PublicationObjSpec['pubobjtype']
  for (const { pubobjtype, pubtable, name } of nodesOf(objects, 'PublicationObjSpec')) {
    if (pubobjtype !== 'PUBLICATIONOBJ_CONTINUATION') kind = pubobjtype
    if (kind === 'PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA') publication.schemas[how](schema.searchPath[0] ?? 'public')
    if (kind === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA') publication.schemas[how](name ?? pubtable?.relation?.relname ?? '')
    if (kind !== 'PUBLICATIONOBJ_TABLE') continue
    const table = findTable(schema, pubtable === undefined ? { schema: undefined, name: name ?? '' } : nameOf(pubtable.relation))
    if (table === undefined) continue
    const narrowed = pubtable?.columns !== undefined || pubtable?.whereClause !== undefined
    const details = narrowed ? canonicalText([wordsOf(pubtable.columns).sort(), pubtable.whereClause]) : undefined
    for (const { id } of withChildren(schema, table, pubtable?.relation)) {
      publication.tables[how](id)
      publication.details.delete(id)
      if (how === 'add' && details !== undefined) publication.details.set(id, details)
    }
  }
}

/** Tables that inherit are published beside their parent; partitions are part of it. */
function withChildren(schema: Schema, table: Table, relation: RangeVar | undefined): Table[] {
  return relation?.inh === true && table.form !== 'partitioned' ? [table, ...childrenOf(schema, table)] : [table]
}

function setOptions(publication: Publication, options: readonly Node[] | undefined): void {
  if (options !== undefined && options.length > 0) publication.details.set('options', canonicalText(options))
}
