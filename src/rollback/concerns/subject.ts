import { nameOf, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf, openNode } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'
import { touchedObjects } from '../../sql/touched-objects.ts'
import type { Limit } from '../concern.ts'
import type { Subject } from './of-finding.ts'

/** What statements are about: the relation and its columns, when it is only one, and every name that an error could hold. */
export function subjectOf(statements: readonly Statement[]): Subject {
  const touched = statements.flatMap((one) => touchedObjects(one))
  const names = new Set<string>()
  for (const { relation, columns } of touched) {
    if (relation !== undefined) names.add(relation)
    for (const column of columns ?? []) names.add(column)
  }
  for (const { node } of statements) for (const name of namedIn(node)) names.add(name)
  const main = statements.flatMap(({ node }) => {
    const content = openNode(node).content as { relation?: Parameters<typeof nameOf>[0]; table?: Parameters<typeof nameOf>[0] } | undefined
    const range = content?.relation ?? content?.table
    return range === undefined
      ? touchedObjects({ node, start: 0, end: 0 })
          .flatMap(({ relation }) => relation ?? [])
          .slice(0, 1)
      : [nameOf(range).name]
  })
  const relations = new Set(main)
  const only = relations.size === 1 ? [...relations][0] : undefined
  const about = touched.filter(({ relation }) => relation === only)
  const columns = about.every((one) => one.columns !== undefined) ? about.flatMap((one) => [...(one.columns ?? [])]) : []
  const limits = statements.length === 1 ? limitsOf((statements[0] as Statement).node) : undefined
  return { relation: only, columns: only === undefined ? [] : [...new Set(columns)], names: [...names], limits }
}

/** Names of what is no relation: routines, types, schemas. */
function namedIn(node: Statement['node']): readonly string[] {
  if ('DropStmt' in node) {
    return (node.DropStmt.objects ?? []).flatMap((object) =>
      'ObjectWithArgs' in object ? wordsOf(object.ObjectWithArgs.objname).slice(-1) : wordsOf(object).slice(-1),
    )
  }
  if ('RenameStmt' in node) {
    const { object, subname, newname, relation } = node.RenameStmt
    const words = object === undefined ? [] : 'ObjectWithArgs' in object ? wordsOf(object.ObjectWithArgs.objname) : wordsOf(object)
    return [...words.slice(-1), subname, newname, relation?.relname].filter((one) => one !== undefined)
  }
  if ('AlterObjectSchemaStmt' in node) return wordsOf(node.AlterObjectSchemaStmt.object).slice(-1)
  if ('AlterTableStmt' in node) {
    return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').flatMap(({ name }) => name ?? [])
  }
  return []
}

/** `undefined` when the statement asks something of rows that a query's text cannot show to be kept. */
function limitsOf(node: Statement['node']): readonly Limit[] | undefined {
  if (!('AlterTableStmt' in node)) return undefined
  const limits: Limit[] = []
  for (const { subtype, name = '', def } of nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd')) {
    if (subtype === 'AT_SetNotNull') limits.push({ kind: 'not-null', column: name })
    if (subtype !== 'AT_AddConstraint' || def === undefined || !('Constraint' in def)) continue
    const { contype, raw_expr: expression, skip_validation: old = false } = def.Constraint
    if (contype !== 'CONSTR_CHECK' || expression === undefined) return undefined
    limits.push({ kind: 'check', expression, old })
  }
  return limits.length === 0 ? undefined : limits
}
