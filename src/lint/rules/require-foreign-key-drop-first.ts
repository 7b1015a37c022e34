import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { type ForeignKey, findTable, type Table, tableById } from '../../sql/schema/schema.ts'
import { transaction, wordsLike, written, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-foreign-key-drop-first',
  group: 'locks',
  severity: 'warning',
  problem: 'Nobody can read or write the tables that it refers to while the statement waits for the last of them.',
  remedy: 'Drop its foreign keys first, each in a migration of its own, and then the table.',
  because:
    'DROP TABLE takes ACCESS EXCLUSIVE on the table and on every table that its foreign keys refer to, one after the other, and holds them together.',
  examples: {
    bad: [
      {
        given: 'alter table orders add constraint orders_product_fk foreign key (product_id) references products',
        files: [{ phase: 'post', sql: 'drop table orders cascade' }],
      },
      {
        given: 'create table likes (user_id bigint references users, product_id int references products)',
        files: [{ phase: 'post', sql: 'DROP TABLE IF EXISTS likes' }],
      },
    ],
    good: [
      { given: 'create table likes (user_id bigint references users)', files: [{ phase: 'post', sql: 'drop table likes' }] },
      {
        given: 'create table likes (user_id bigint references users, product_id int references products)',
        files: [
          { phase: 'post', sql: 'alter table likes drop constraint likes_user_id_fkey' },
          { phase: 'post', sql: 'alter table likes drop constraint likes_product_id_fkey' },
          { phase: 'post', sql: 'drop table likes' },
        ],
      },
      'create table likes (user_id bigint references users, product_id int references products); drop table likes',
    ],
  },
  on: 'DropStmt',
  check({ removeType, objects }, scope) {
    if (removeType !== 'OBJECT_TABLE') return undefined
    const keys = (objects ?? []).flatMap((object) => {
      const table = findTable(scope.schema, nameOfWords(wordsOf(object)))
      return table === undefined || scope.isNew(table) ? [] : keysOf(table, scope)
    })
    const partners = [...new Set(keys.map(({ partner }) => partner))]
    if (partners.length < 2) return undefined
    const kw = wordsLike(scope)
    const dropped = (objects ?? []).map((object) => tableName(nameOfWords(wordsOf(object))))
    return {
      message: `Dropping ${dropped.join(', ')} locks ${partners.join(' and ')} together against every reader and writer.`,
      instead: [
        ...keys.map(({ table, key }) =>
          transaction(
            'post',
            kw`alter table ${writtenRelation({ schema: table.schema === 'public' ? undefined : table.schema, name: table.name })} drop constraint ${written(key.name)}`,
          ),
        ),
        transaction('post', scope.sql),
      ],
    }
  },
})

/** Foreign keys to other tables that are in use. */
function keysOf(table: Table, scope: StatementScope): { readonly table: Table; readonly key: ForeignKey; readonly partner: string }[] {
  return [...table.constraints.values()].flatMap((key) => {
    if (key.kind !== 'foreign' || key.references.id === table.id) return []
    return scope.isNew(tableById(scope.schema, key.references.id)) ? [] : [{ table, key, partner: key.references.name.name }]
  })
}
