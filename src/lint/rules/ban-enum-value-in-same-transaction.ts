import type { RangeVar } from '@pgsql/types'
import { nameOf, nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { findRelation, nameKey, type Schema, type UserType } from '../../sql/schema/schema.ts'
import { foldEarlier } from '../fold-earlier.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

const rule: StatementRule = {
  name: 'ban-enum-value-in-same-transaction',
  group: 'robustness',
  severity: 'error',
  problem: 'The server refuses the statement, and the release stops there.',
  remedy: 'Add the value in a migration of its own, before the one that uses it.',
  because:
    'ALTER TYPE … ADD VALUE may run in a transaction since version 12, and the value is "unsafe" until that transaction is committed; from version 17 on a type that the same transaction created is free of it.',
  examples: {
    bad: [
      { fails: true, files: [{ sql: "alter type order_state add value 'lost'; update orders set state = 'lost' where id = 1" }] },
      {
        fails: true,
        files: [{ sql: "alter type order_state add value 'lost'; alter table orders alter column state set default 'lost'" }],
      },
      { fails: true, files: [{ sql: "alter type order_state add value 'lost'; select 'lost'::order_state" }] },
      { fails: true, files: [{ sql: "create type size as enum ('s'); alter type size add value 'm'; select 'm'::size" }] },
    ],
    good: [
      "alter type order_state add value 'lost'",
      { files: [{ sql: "alter type order_state add value 'lost'" }, { sql: "update orders set state = 'lost' where id = 1" }] },
      "alter type order_state add value 'lost'; update users set name = 'lost' where id = 1",
      { files: [{ transaction: false, sql: "alter type order_state add value 'lost'; update orders set state = 'lost' where id = 1" }] },
      { postgres: 17, files: [{ sql: "create type size as enum ('s'); alter type size add value 'm'; select 'm'::size" }] },
    ],
  },
  on: 'every-statement',
  check(_, scope) {
    for (const { type, value } of addedBefore(scope)) {
      if (!hasConstant(scope.statement.node, value) || !isAbout(scope, type)) continue
      return { message: `The value '${value}' of ${type.name} cannot be used in the transaction that adds it.` }
    }
    return undefined
  },
}

export default rule

const additionsBefore = foldEarlier<readonly StatementScope[]>([], (found, one) => {
  const { node } = one.statement
  return 'AlterEnumStmt' in node && node.AlterEnumStmt.oldVal === undefined ? [...found, one] : found
})

function addedBefore(scope: StatementScope): { type: RelationName; value: string }[] {
  return additionsBefore(scope).flatMap(({ statement: { node } }) => {
    if (!('AlterEnumStmt' in node)) return []
    const type = nameOfWords(wordsOf(node.AlterEnumStmt.typeName))
    const made = findType(scope.schema, type)?.origin
    const isOwn = scope.postgres >= 17 && made?.file === scope.file.order && scope.earlier.some(({ index }) => index === made.statement)
    return isOwn ? [] : [{ type, value: node.AlterEnumStmt.newVal ?? '' }]
  })
}

function findType(schema: Schema, { schema: space, name }: RelationName): UserType | undefined {
  return (space === undefined ? schema.searchPath : [space]).flatMap((one) => schema.types.get(nameKey(one, name)) ?? [])[0]
}

function hasConstant(value: unknown, text: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { sval } = ('A_Const' in value ? value.A_Const : {}) as { sval?: { sval?: string } }
  return sval?.sval === text || Object.values(value).some((inner) => hasConstant(inner, text))
}

/** Whether a statement casts to the type, or names a relation with a column of it. */
function isAbout({ statement, schema }: StatementScope, { name }: RelationName): boolean {
  return namesIn(statement.node).some((one) => {
    if ('type' in one) return one.type === name
    const relation = findRelation(schema, nameOf(one.range))
    return relation?.kind === 'table' && [...relation.columns.values()].some(({ type }) => type.name === name)
  })
}

function namesIn(value: unknown): readonly ({ readonly type: string } | { readonly range: RangeVar })[] {
  if (typeof value !== 'object' || value === null) return []
  const { relname, names } = value as { relname?: unknown; names?: Parameters<typeof wordsOf>[0] }
  const range = typeof relname === 'string' ? [{ range: value as RangeVar }] : []
  const type = Array.isArray(names) ? [{ type: wordsOf(names).at(-1) ?? '' }] : []
  return [...range, ...type, ...Object.values(value).flatMap(namesIn)]
}
