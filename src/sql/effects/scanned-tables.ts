import { nameOf, type RelationName } from '../locks/names.ts'
import { nodesOf } from '../node.ts'
import type { Statement } from '../parse.ts'
import { findRelation, findTable, type Relation, type Schema, tableById } from '../schema/schema.ts'
import type { UnknownRelation } from './effects.ts'

/** Tables that VALIDATE CONSTRAINT, ATTACH PARTITION and PARTITION OF read from one end to the other. */
export function scannedTables({ node }: Pick<Statement, 'node'>, schema: Schema): readonly (Relation | UnknownRelation)[] {
  if ('CreateStmt' in node) {
    const [parent] = nodesOf(node.CreateStmt.inhRelations, 'RangeVar')
    return node.CreateStmt.partbound === undefined || parent === undefined ? [] : defaultPartition(schema, nameOf(parent))
  }
  if (!('AlterTableStmt' in node)) return []
  const name = nameOf(node.AlterTableStmt.relation)
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').flatMap(({ subtype, def, name: constraint }) => {
    if (subtype === 'AT_ValidateConstraint') {
      const found = findTable(schema, name)?.constraints.get(constraint ?? '')
      return found?.valid === true ? [] : [known(schema, name)]
    }
    if (subtype !== 'AT_AttachPartition' || def === undefined || !('PartitionCmd' in def)) return []
    return [known(schema, nameOf(def.PartitionCmd.name)), ...defaultPartition(schema, name)]
  })
}

function known(schema: Schema, name: RelationName): Relation | UnknownRelation {
  return findRelation(schema, name) ?? { kind: 'unknown', ...name }
}

function defaultPartition(schema: Schema, parent: RelationName): readonly Relation[] {
  const children = [...(findTable(schema, parent)?.children ?? [])].flatMap((id) => tableById(schema, id) ?? [])
  return children.filter(({ partitionOf }) => partitionOf?.bound.isDefault === true)
}
