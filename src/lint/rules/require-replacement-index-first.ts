import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findRelation, findTable, type Index, indexesOf, tableById } from '../../sql/schema/schema.ts'
import { createIndex, indexText } from '../remedy/index-text.ts'
import { alone, nameFrom, transaction, wordsLike, written, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'require-replacement-index-first',
  group: 'locks',
  severity: 'error',
  problem:
    'Between the drop of the old index and the end of the build of the new one, every query that needs one of them reads the whole table.',
  remedy: 'Build the new index first, under another name, and drop the old one behind it.',
  because: 'A build with CONCURRENTLY may take hours, and may fail; the old index serves queries until it is dropped.',
  examples: {
    bad: [
      {
        files: [
          { transaction: false, sql: 'drop index concurrently users_name_idx' },
          { transaction: false, sql: 'create index concurrently users_name_idx on users (name, id)' },
        ],
      },
      {
        files: [
          { transaction: false, sql: 'DROP INDEX CONCURRENTLY orders_user_id_idx' },
          { transaction: false, sql: 'CREATE INDEX CONCURRENTLY orders_user_state_idx ON orders (user_id, state)' },
        ],
      },
    ],
    good: [
      {
        files: [
          { transaction: false, sql: 'create index concurrently users_name_id_idx on users (name, id)' },
          { transaction: false, phase: 'post', sql: 'drop index concurrently users_name_idx' },
        ],
      },
      {
        files: [
          { transaction: false, sql: 'drop index concurrently users_name_idx' },
          { transaction: false, sql: 'create index concurrently users_nickname_idx on users (nickname)' },
        ],
      },
      {
        given: 'create index users_name_age_idx on users (name, age)',
        files: [
          { transaction: false, sql: 'drop index concurrently users_name_idx' },
          { transaction: false, sql: 'create index concurrently users_name_idx on users (name, id)' },
        ],
      },
      {
        files: [
          { transaction: false, sql: 'drop index concurrently if exists users_seen_at_idx' },
          { transaction: false, sql: 'create index concurrently users_seen_at_idx on users (seen_at)' },
        ],
      },
      'drop index users_name_idx; create index users_name_idx on users (name, id)',
      {
        given: 'alter table users add constraint users_nickname_key unique (nickname)',
        files: [{ sql: 'alter table users drop constraint users_nickname_key; create index users_nickname_idx on users (nickname, id)' }],
      },
    ],
  },
  on: 'IndexStmt',
  check(index, scope) {
    const named = nameOf(index.relation)
    const table = findTable(scope.schema, named)
    const first = nodesOf(index.indexParams, 'IndexElem')[0]?.name
    if (table === undefined || first === undefined || scope.isNew(table)) return undefined
    const leads = (one: Index) => one.keys[0]?.column === first && one.predicate === undefined && one.valid
    if (indexesOf(scope.schema, table).some(leads)) return undefined
    const before = tableById(scope.release.before, table.id)
    const dropped =
      before === undefined
        ? undefined
        : indexesOf(scope.release.before, before).find((one) => leads(one) && !scope.schema.relations.has(one.id))
    // nobody reads the table between the drop and the end of its transaction
    if (dropped === undefined || scope.earlier.some((one) => drops(one, dropped))) return undefined
    return {
      message: `${dropped.name} is dropped before ${index.idxname ?? 'the new index'} on ${table.name} (${first} …) is built, and queries by ${first} have no index in between.`,
      harm: `Every query on ${table.name} by ${first} reads the whole table.`,
      instead: filesFor(index.idxname, dropped, writtenRelation(named), index.relation?.location ?? 0, scope),
    }
  },
})

function drops({ statement: { node } }: StatementScope, index: Index): boolean {
  if ('DropStmt' in node) return nodesOf(node.DropStmt.objects, 'List').some(({ items }) => nameOfWords(wordsOf(items)).name === index.name)
  if (!('AlterTableStmt' in node)) return false
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').some(
    ({ subtype, name }) => subtype === 'AT_DropConstraint' && name === index.constraint,
  )
}

function filesFor(name: string | undefined, dropped: Index, on: string, location: number, scope: StatementScope) {
  const kw = wordsLike(scope)
  const takesOver = name === undefined || name === dropped.name
  const own = takesOver ? freeName(dropped, scope) : name
  const inSchema = (word: string) => writtenRelation({ schema: dropped.schema === 'public' ? undefined : dropped.schema, name: word })
  return [
    alone(scope.phase, createIndex({ ...indexText(scope, location), name: written(own) }, scope, { on, concurrent: true })),
    alone('post', kw`drop index concurrently ${inSchema(dropped.name)}`),
    ...(takesOver && name !== undefined ? [transaction('post', kw`alter index ${inSchema(own)} rename to ${written(name)}`)] : []),
  ]
}

function freeName({ schema, name }: Index, scope: StatementScope): string {
  const wanted = nameFrom(name, 'new')
  return findRelation(scope.schema, { schema, name: wanted }) === undefined ? wanted : nameFrom(name, 'next')
}
