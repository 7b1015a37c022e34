import type { CreateStmt, CreateTableAsStmt, Node } from '@pgsql/types'
import { constraintsOf, foreignKeyPartner } from './constraint.ts'
import { nameOf, nameOfWords, type RelationName, wordsOf } from './names.ts'
import { partitionOf } from './partition.ts'
import { queryLocks } from './query.ts'
import { combine, type Finding, lock, type StatementLocks } from './statement-locks.ts'

/** CREATE TABLE: what it takes from others, a parent, a partner of a foreign key, a table that it is LIKE. */
export function createTable(statement: CreateStmt): StatementLocks {
  const { relation, tableElts, constraints, if_not_exists, ofTypename } = statement
  const name = nameOf(relation)
  const found = combine(
    { ...(if_not_exists === true ? {} : { creates: [name] }) },
    ...parents(statement),
    ...[...(tableElts ?? []), ...(constraints ?? [])].map(element),
    ofTypename === undefined ? {} : { locks: [lock(nameOfWords(wordsOf(ofTypename.names)), 'AccessShare')] },
    { definesOnly: relation?.relpersistence !== 't' },
  )
  return { ...found, locks: found.locks.filter((one) => !isSame(one, name)) } // a foreign key to itself
}

function isSame(one: RelationName, other: RelationName): boolean {
  return one.name === other.name && one.schema === other.schema
}

function parents({ inhRelations, partbound }: CreateStmt): Finding[] {
  const names = (inhRelations ?? []).flatMap((one) => ('RangeVar' in one ? [nameOf(one.RangeVar)] : []))
  if (partbound === undefined) return names.map((one) => ({ locks: [lock(one, 'ShareUpdateExclusive')] }))
  const { unknown, locks } = queryLocks(partbound, 'run')
  const work = partbound.is_default === true ? 'catalog' : 'rows'
  return names.map((one) => ({ unknown, work, locks: [...locks, lock(one, partitionOf.mode, ...(partitionOf.reach ?? []))] }))
}

function element(node: Node): Finding {
  if ('TableLikeClause' in node) return { locks: [lock(nameOf(node.TableLikeClause.relation), 'AccessShare')] }
  const constraints = 'ColumnDef' in node ? constraintsOf(node.ColumnDef.constraints) : constraintsOf([node])
  return combine(...constraints.filter((one) => one.contype === 'CONSTR_FOREIGN').map(foreignKeyPartner))
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW; the views in the query may call whatever they like. */
export function createTableAs({ query, into, if_not_exists }: CreateTableAsStmt): StatementLocks {
  const creates = if_not_exists === true ? {} : { creates: [nameOf(into?.rel)] }
  if (query !== undefined && 'ExecuteStmt' in query) return combine(creates, { unknown: 'it runs a prepared statement' })
  if (into?.skipData === true) return combine(creates, queryLocks(query, 'analyzed'), { definesOnly: into.rel?.relpersistence !== 't' })
  return combine(creates, queryLocks(query, 'run'), { work: 'rows', definesOnly: false })
}
