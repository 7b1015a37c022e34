import type { RenameStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../locks/names.ts'
import { renameRelation, setConstraint, unsetConstraint } from '../add.ts'
import { clipped } from '../names.ts'
import { childTables, constraintsBelow } from '../remove.ts'
import { findRelation, findType, findTypeKey, nameKey, nameOfKey, type Relation, type Schema, type Table } from '../schema.ts'
import { findFunction } from './function.ts'
import { followReferences, moveFunction, renameKey } from './move.ts'
import { otherKey } from './other.ts'
import { renameColumn } from './rename-column.ts'
import { renameConstraintIndex } from './rename-index.ts'
import { moveSchema, moveType } from './set-schema.ts'

export function rename(schema: Schema, statement: RenameStmt): void {
  const { renameType = '', relation, subname = '', object } = statement
  const newname = clipped(statement.newname ?? '')
  const words = wordsOf(object)
  const found = relation === undefined ? undefined : findRelation(schema, nameOf(relation))
  switch (renameType) {
    case 'OBJECT_COLUMN':
      if (found?.kind === 'table' || found?.kind === 'view') renameColumn(schema, found, subname, newname)
      return
    case 'OBJECT_TABCONSTRAINT':
      if (found?.kind === 'table') renameConstraint(schema, found, subname, newname)
      return
    case 'OBJECT_ATTRIBUTE':
      renameAttribute(schema, nameOf(relation), subname, newname)
      return
    case 'OBJECT_DOMCONSTRAINT':
      renameCheck(schema, nameOfWords(words), subname, newname)
      return
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN': {
      const key = findTypeKey(schema, nameOfWords(words))
      if (key !== undefined) moveType(schema, key, { schema: nameOfKey(key).schema, name: newname })
      return
    }
    case 'OBJECT_SCHEMA':
      moveSchema(schema, subname, newname)
      return
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE': {
      const one = object !== undefined && 'ObjectWithArgs' in object ? findFunction(schema, object.ObjectWithArgs) : undefined
      if (one !== undefined) moveFunction(schema, one, nameKey(nameOfKey(one.key).schema, newname))
      return
    }
    case 'OBJECT_TRIGGER':
      if (found?.kind === 'table' || found?.kind === 'view') renameTrigger(schema, found, subname, newname)
      return
    case 'OBJECT_RULE':
      if (found?.kind === 'table' || found?.kind === 'view') renameKey(found.rules, subname, newname)
      return
    case 'OBJECT_POLICY':
      if (found?.kind === 'table' && found.policies.delete(subname)) {
        found.policies.add(newname)
        renameKey(found.policyTexts, subname, newname)
      }
      return
    case 'OBJECT_PUBLICATION':
      renameKey(schema.publications, words.at(-1) ?? '', newname)
      return
    default:
      if (found !== undefined) renameFound(schema, found, newname)
      else if (object !== undefined) renameOther(schema, otherKey(schema, renameType, object), newname)
  }
}

function renameFound(schema: Schema, relation: Relation, newname: string): void {
  if (relation.kind === 'index') {
    renameConstraintIndex(schema, relation, newname)
    return
  }
  renameRelation(schema, relation, { name: newname })
  if (relation.kind === 'table') followReferences(schema, relation)
}

function renameConstraint(schema: Schema, table: Table, from: string, to: string): void {
  const constraint = table.constraints.get(from)
  if (constraint === undefined) return
  const index = 'index' in constraint ? schema.relations.get(constraint.index) : undefined
  if (index?.kind === 'index') {
    renameConstraintIndex(schema, index, to)
    return
  }
  const below = constraintsBelow(schema, table, constraint)
  unsetConstraint(schema, table, from)
  constraint.name = to
  setConstraint(schema, table, constraint)
  for (const { child, copy } of below) {
    if (copy.kind === 'foreign') copy.above = to
    else renameConstraint(schema, child, from, to)
  }
}

function renameAttribute(schema: Schema, name: { schema: string | undefined; name: string }, from: string, to: string): void {
  const type = findType(schema, name)
  if (type?.kind === 'composite') renameKey(type.attributes, from, to)
}

function renameCheck(schema: Schema, name: { schema: string | undefined; name: string }, from: string, to: string): void {
  const type = findType(schema, name)
  if (type?.kind === 'domain') renameKey(type.checks, from, to)
}

function renameTrigger(schema: Schema, relation: Extract<Relation, { triggers: unknown }>, from: string, to: string): void {
  renameKey(relation.triggers, from, to)
  if (relation.kind !== 'table' || relation.form !== 'partitioned') return
  for (const child of childTables(schema, relation)) if (child.triggers.get(from)?.inherited) renameTrigger(schema, child, from, to)
}

function renameOther(schema: Schema, key: string, newname: string): void {
  const [kind = '', ...rest] = key.split(' ')
  const names = JSON.parse(rest.join(' ')) as unknown[]
  renameKey(schema.others, key, `${kind} ${JSON.stringify([...names.slice(0, -1), newname])}`)
}
