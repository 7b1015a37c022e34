import type { Node } from '@pgsql/types'
import { wordsOf } from '../../sql/locks/names.ts'
import { type ForeignKey, type Index, indexesOf, type Table } from '../../sql/schema/schema.ts'
import { newForeignKeys } from '../new-foreign-keys.ts'
import { partitionedIndexFiles } from '../remedy/partitioned-index.ts'
import { alone, nameFrom, transaction, written, writtenList, writtenRelation } from '../remedy/write.ts'
import type { ReleaseRule, RemedyFile } from '../rule.ts'
import type { ReleaseScope } from '../scope.ts'

export default {
  name: 'require-foreign-key-index',
  group: 'locks',
  severity: 'warning',
  problem: 'Every DELETE and every change of a key in the other table reads this whole table, once for each row.',
  remedy: 'Add an index that begins with the columns of the foreign key, in a migration of the same release.',
  because:
    'PostgreSQL makes no index for a foreign key. To delete or change a row that is referred to it looks for rows that refer to it, and without an index whose first columns are those of the key it reads the table from one end to the other, with the lock on the deleted row held.',
  examples: {
    bad: [
      'alter table orders add constraint orders_product_fk foreign key (product_id) references products not valid',
      'create table carts (id bigint primary key, user_id bigint references users (id))',
      'create table carts (id bigint primary key, user_id bigint references users (id)); create index carts_open_idx on carts (user_id) where id > 5',
      'create table carts (id bigint primary key, user_id bigint references users (id)); create index carts_user_idx on carts (id, user_id)',
    ],
    good: [
      'create table carts (id bigint primary key, user_id bigint references users (id)); create index on carts (user_id)',
      'create table carts (id bigint primary key, user_id bigint references users (id)); create index on carts (user_id) where user_id is not null',
      'create table profiles (user_id bigint primary key references users (id))',
      {
        files: [
          { sql: 'alter table orders add foreign key (product_id) references products not valid' },
          { transaction: false, phase: 'post', sql: 'create index concurrently orders_product_id_idx on orders (product_id, state)' },
        ],
      },
      {
        given:
          'create table tags (shop int, name text, primary key (shop, name)); create table taggings (name text, shop int); create index on taggings (name, shop)',
        files: [{ sql: 'alter table taggings add foreign key (shop, name) references tags not valid' }],
      },
      'create table carts (id bigint primary key, user_id bigint references users (id)); alter table carts drop column user_id',
    ],
  },
  checkRelease(scope) {
    return newForeignKeys(scope)
      .filter(({ table, key }) => table.complete && !indexesOf(scope.after, table).some((index) => serves(index, key, table)))
      .map(({ table, key, file, offset }) => ({
        path: file.migration.path,
        offset,
        message: `The foreign key ${key.name} of ${table.name} (${key.columns.join(', ')}) has no index, so that a DELETE in ${key.references.name.name} reads all of ${table.name}.`,
        instead: remedyFiles(table, key, scope),
      }))
  },
} satisfies ReleaseRule

/** Whether looking up the key's columns can go by the index. */
function serves({ keys, predicate, valid, method }: Index, key: ForeignKey, table: Table): boolean {
  const used = keys.slice(0, key.columns.length)
  const isLeading = used.every(
    ({ column, collation }) =>
      column !== undefined &&
      key.columns.includes(column) &&
      (collation === undefined || collation === table.columns.get(column)?.collation),
  )
  return valid && isLeading && method !== 'brin' && method !== 'gin' && (predicate === undefined || holdsForKey(predicate, key))
}

/** A row that is looked up has no null in the key. */
function holdsForKey(predicate: Node, { columns }: ForeignKey): boolean {
  if (!('NullTest' in predicate) || predicate.NullTest.nulltesttype !== 'IS_NOT_NULL') return false
  const { arg } = predicate.NullTest
  return arg !== undefined && 'ColumnRef' in arg && columns.includes(wordsOf(arg.ColumnRef.fields).at(-1) ?? '')
}

function remedyFiles(table: Table, { columns }: ForeignKey, { before, files, after }: ReleaseScope): RemedyFile[] {
  const name = nameFrom(table.name, ...columns, 'idx')
  const on = writtenRelation({ schema: table.schema === 'public' ? undefined : table.schema, name: table.name })
  const list = writtenList(columns)
  if (!before.relations.has(table.id))
    return [transaction('pre', `create index ${written(name)} on ${on} (${list})`, 'In the file that makes the table.')]
  if (table.form !== 'partitioned') return [alone('pre', `create index concurrently ${written(name)} on ${on} (${list})`)]
  const index = { unique: false, name: written(name), tail: `(${list})` }
  return partitionedIndexFiles(index, table, on, { schema: after, phase: 'pre', sql: '', postgres: 0, files } as never)
}
