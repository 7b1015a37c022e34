import { objectName } from '../../sql/destructive/drop.ts'
import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { aliasView, columnsOf, hasAliasView } from '../compatibility/alias-view.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { findType, oldRelation } from '../compatibility/old-objects.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-set-schema',
  group: 'compatibility',
  severity: 'error',
  problem: 'Code finds the object in one schema only: from the move to the end of the deploy the old or the new code fails.',
  remedy: 'Leave a view under the old name in the same transaction, and drop it in a post migration.',
  because: 'SET SCHEMA changes the qualified name at once, and the search path finds an object only in the schemas that it lists.',
  examples: {
    bad: [
      { given: 'create schema shop', files: [{ sql: 'alter table products set schema shop' }] },
      { given: 'create schema shop', files: [{ phase: 'post', sql: 'alter type order_state set schema shop' }] },
    ],
    good: [
      {
        given: 'create schema shop',
        files: [{ sql: 'alter table products set schema shop; create view products as select * from shop.products' }],
      },
      { given: 'create schema shop', files: [{ sql: 'create table carts (id int); alter table carts set schema shop' }] },
    ],
  },
  on: 'AlterObjectSchemaStmt',
  check({ objectType = 'OBJECT_TABLE', relation, object, newschema = '' }, scope) {
    if (relation !== undefined) {
      const old = oldRelation(scope, nameOf(relation))
      if (old === undefined || hasAliasView(scope, old.name, columnsOf(old.relation))) return undefined
      const isTable = objectType !== 'OBJECT_SEQUENCE'
      return {
        message: `Moving ${tableName(old.name)} to the schema ${newschema} breaks the old code, or the new code, until the deploy is done.`,
        ...(isTable ? { instead: aliasView(scope, scope.sql, old.name, { schema: newschema, name: old.name.name }, old.relation) } : {}),
      }
    }
    const words = object !== undefined && 'ObjectWithArgs' in object ? wordsOf(object.ObjectWithArgs.objname) : wordsOf(object)
    const name = nameOfWords(words)
    if (objectType === 'OBJECT_EXTENSION' || scope.isNew(findType(scope.schema, name))) return undefined
    const functions = findFunctions(scope.schema, name)
    if (functions.length > 0 && functions.every((one) => scope.isNew(one) || one.returns === 'trigger')) return undefined
    return {
      message: `Moving the ${objectName(objectType).toLowerCase()} ${tableName(name)} to the schema ${newschema} breaks the old code, or the new code, until the deploy is done.`,
    }
  },
})
