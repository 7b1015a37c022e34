import type { Node, RenameStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import { hasAliasView } from '../compatibility/alias-view.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { findType, oldRelation } from '../compatibility/old-objects.ts'
import { written, writtenRelation } from '../remedy/write.ts'
import { defineRule, type RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-rename-object',
  group: 'compatibility',
  severity: 'error',
  problem: 'From the rename to the end of the deploy, either the old code or the new code names something that is not there.',
  remedy: 'Make the new one beside the old one, change the code over, and drop the old one in a post migration.',
  because:
    'Names in queries are looked up when a query is planned: from the moment the rename is committed the old name is unknown, before it the new one.',
  examples: {
    bad: [
      {
        given: 'create schema billing; create table billing.invoices (id int)',
        files: [{ sql: 'alter schema billing rename to finance' }],
      },
      'alter type order_state rename to state_of_order',
      'alter domain email_address rename to mail_address',
      {
        given: 'create sequence invoice_numbers',
        files: [{ phase: 'post', sql: 'alter sequence invoice_numbers rename to bill_numbers' }],
      },
      {
        given: "create function tax(int) returns int language sql as 'select 1'",
        files: [{ sql: 'alter function tax(int) rename to vat' }],
      },
      { given: 'create type address as (street text)', files: [{ sql: 'alter type address rename attribute street to road' }] },
    ],
    good: [
      'create schema billing; alter schema billing rename to finance',
      {
        given: 'create schema billing; create table billing.invoices (id int)',
        files: [
          {
            sql: 'alter schema billing rename to finance; create schema billing; create view billing.invoices as select * from finance.invoices',
          },
        ],
      },
      "create type color as enum ('red'); alter type color rename to colour",
      'alter function touch() rename to touch_row',
      'alter index users_name_idx rename to users_by_name',
      'create sequence invoice_numbers; alter sequence invoice_numbers rename to bill_numbers',
    ],
  },
  on: 'RenameStmt',
  check(rename, scope) {
    const found = renamed(rename, scope)
    if (found === undefined) return undefined
    const { newname = '' } = rename
    return {
      message: `Renaming ${found.what} to ${newname} breaks the old code, or the new code, until the deploy is done.`,
      ...(found.instead === undefined ? {} : { instead: found.instead }),
    }
  },
})

interface Renamed {
  /** With its kind, for a sentence. */
  readonly what: string
  readonly instead?: readonly RemedyFile[]
}

function renamed({ renameType, relation, object, subname = '', newname = '' }: RenameStmt, scope: StatementScope): Renamed | undefined {
  switch (renameType) {
    case 'OBJECT_SCHEMA':
      return isOldSchema(scope, subname) && !hasSchemaOfViews(scope, subname)
        ? { what: `the schema ${subname}`, instead: schemaOfViews(scope, subname, newname) }
        : undefined
    case 'OBJECT_SEQUENCE': {
      const old = oldRelation(scope, nameOf(relation))
      return old === undefined ? undefined : { what: `the sequence ${tableName(old.name)}` }
    }
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN': {
      const name = nameOfWords(wordsOf(object))
      return scope.isNew(findType(scope.schema, name)) ? undefined : { what: `the type ${tableName(name)}` }
    }
    case 'OBJECT_ATTRIBUTE': {
      const name = nameOf(relation)
      return scope.isNew(findType(scope.schema, name)) ? undefined : { what: `the attribute ${subname} of the type ${tableName(name)}` }
    }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      return routine(scope, object)
    default:
      return undefined
  }
}

/** Nobody but triggers, which know it by its number, can call a function that returns a trigger. */
function routine(scope: StatementScope, object: Node | undefined): Renamed | undefined {
  if (object === undefined || !('ObjectWithArgs' in object)) return undefined
  const name = nameOfWords(wordsOf(object.ObjectWithArgs.objname))
  const found = findFunctions(scope.schema, name)
  if (found.length > 0 && found.every((one) => scope.isNew(one) || one.returns === 'trigger')) return undefined
  return { what: `the function ${tableName(name)}` }
}

function isOldSchema(scope: StatementScope, name: string): boolean {
  return scope.release.before.schemas.has(name) || !scope.schema.schemas.has(name)
}

/** Whether the same transaction leaves a view under the old name of each table and view. */
function hasSchemaOfViews(scope: StatementScope, from: string): boolean {
  const names = relationsIn(scope.schema, from)
  return names.length > 0 && names.every((name) => hasAliasView(scope, { schema: from, name }))
}

function schemaOfViews(scope: StatementScope, from: string, to: string): RemedyFile[] {
  const names = relationsIn(scope.schema, from)
  const views = names.map(
    (name) => `create view ${writtenRelation({ schema: from, name })} as select * from ${writtenRelation({ schema: to, name })};`,
  )
  return [
    {
      phase: 'pre',
      transactional: true,
      sql: [`${scope.sql};`, `create schema ${written(from)};`, ...views].join('\n'),
      note: `All in one transaction: the old code goes on with the views. Grant on ${from} what its role may do on ${to}; functions and types need a twin too.`,
    },
    {
      phase: 'post',
      transactional: true,
      sql: [...names.map((name) => `drop view ${writtenRelation({ schema: from, name })};`), `drop schema ${written(from)};`].join('\n'),
      note: `The code of this release uses ${to} only.`,
    },
  ]
}

function relationsIn(schema: Schema, space: string): string[] {
  return [...schema.relations.values()]
    .filter((one) => one.schema === space && (one.kind === 'table' || one.kind === 'view'))
    .map(({ name }) => name)
}
