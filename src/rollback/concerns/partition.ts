import type { Constraint, CreateStmt } from '@pgsql/types'
import { nameOf, type RelationName } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findRelation, type Relation, type Table, tableById } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { concern, isNew, type Meets } from './meets.ts'

/** A partition that is made with limits of its own refuses rows that its parent would take. */
export function newPartConcerns(
  meets: Meets,
  { relation, inhRelations, tableElts, constraints, partspec }: CreateStmt,
): readonly Concern[] {
  const { name } = nameOf(relation)
  const parents = nodesOf(inhRelations, 'RangeVar').flatMap((one) => {
    const parent = findRelation(meets.schema, nameOf(one))
    return parent === undefined ? [nameOf(one).name] : oldOnes(meets, withAncestors(meets, parent))
  })
  const own = [
    ...nodesOf(tableElts, 'Constraint'),
    ...nodesOf(constraints, 'Constraint'),
    ...nodesOf(tableElts, 'ColumnDef').flatMap((column) => nodesOf(column.constraints, 'Constraint')),
  ]
  const refused = own.some(limits) ? parents.map((to) => limited(name, to)) : []
  if (partspec === undefined) return refused
  const divided = parents.map((to) =>
    concern('unknown', `${name} is divided further: a row of ${to} that none of its parts takes is refused.`, { by: 'writes', to }, [to]),
  )
  return [...refused, ...divided]
}

/** What a limit on a new partition means for those who write the tables above it. */
export function limitsOfPart(meets: Meets, name: RelationName): readonly Concern[] {
  return oldParents(meets, name).map((to) => limited(name.name, to))
}

/** Names of the tables of the target that a new partition takes rows for. */
export function oldParents(meets: Meets, name: RelationName): readonly string[] {
  const part = findRelation(meets.schema, name)
  return part?.kind === 'table' && isNew(meets, part) ? oldOnes(meets, withAncestors(meets, part)) : []
}

function limited(part: string, to: string): Concern {
  const because = `The new partition ${part} has limits of its own: rows that ${to} took may be refused.`
  return concern('breaks-writes', because, { by: 'writes', to }, [to, part])
}

/** Defaults of a partition do not count for rows that come through its parent. */
function limits({ contype }: Constraint): boolean {
  return contype !== 'CONSTR_DEFAULT' && contype !== 'CONSTR_NULL'
}

function withAncestors(meets: Pick<Meets, 'schema'>, relation: Relation): readonly Relation[] {
  const parent: Table | undefined = relation.kind === 'table' ? tableById(meets.schema, relation.partitionOf?.parent) : undefined
  return parent === undefined ? [relation] : [relation, ...withAncestors(meets, parent)]
}

function oldOnes(meets: Meets, relations: readonly Relation[]): readonly string[] {
  return relations.filter((one) => !isNew(meets, one)).map((one) => one.name)
}
