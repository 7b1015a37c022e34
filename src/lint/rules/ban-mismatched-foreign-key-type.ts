import { type ForeignKey, type Table, tableById } from '../../sql/schema/schema.ts'
import { isShorterInteger, spokenType } from '../column-width.ts'
import { newForeignKeys } from '../new-foreign-keys.ts'
import type { ReleaseRule } from '../rule.ts'
import type { ReleaseScope } from '../scope.ts'

export default {
  name: 'ban-mismatched-foreign-key-type',
  group: 'data',
  severity: 'warning',
  problem: 'Inserts fail on the day when the numbers of the other table outgrow this column.',
  remedy: 'Give the column the type of the column that it refers to.',
  because:
    'A foreign key may join whole numbers of different size. A row of the other table whose number is out of range for this column cannot be referred to: the insert fails with "integer out of range". A wider column than the other does no harm.',
  examples: {
    bad: [
      'create table carts (id bigint primary key, user_id int references users (id)); create index on carts (user_id)',
      'alter table users add column last_order smallint references orders (id)',
    ],
    good: [
      'create table carts (id bigint primary key, user_id bigint references users (id))',
      'create table stock (product_id bigint primary key references products (id))',
      {
        given: 'create table carts (id bigint primary key, user_id int references users (id))',
        files: [{ sql: 'alter table carts add column memo text' }],
      },
    ],
  },
  checkRelease(scope) {
    return newForeignKeys(scope).flatMap(({ table, key, file, offset }) =>
      pairs(table, key, scope)
        .filter(({ own, other }) => isShorterInteger(own.type, other.type))
        .map(({ own, other }) => ({
          path: file.migration.path,
          offset,
          message: `${table.name}.${own.name} is ${spokenType(own.type)}, but ${key.references.name.name}.${other.name}, which it refers to, is ${spokenType(other.type)}.`,
        })),
    )
  },
} satisfies ReleaseRule

function pairs(table: Table, { columns, references }: ForeignKey, { after }: ReleaseScope) {
  const partner = tableById(after, references.id)
  return columns.flatMap((name, index) => {
    const own = table.columns.get(name)
    const other = partner?.columns.get(references.columns[index] ?? '')
    return own === undefined || other === undefined ? [] : [{ own, other }]
  })
}
