import { type Schema, type Table, tableById } from '../../sql/schema/schema.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-losing-replica-identity',
  group: 'compatibility',
  severity: 'error',
  problem: 'Every UPDATE and DELETE on the published table fails.',
  remedy: 'Name another unique index with REPLICA IDENTITY USING INDEX before, or set REPLICA IDENTITY FULL in the same transaction.',
  because:
    'A table in a publication that publishes updates needs a replica identity: without its primary key or its index they fail with 55000.',
  examples: {
    bad: [
      {
        given: 'create publication feed for table products',
        files: [{ phase: 'post', sql: 'alter table products drop constraint products_pkey' }],
      },
      { given: 'create publication feed for all tables', files: [{ phase: 'post', sql: 'alter table products drop column id' }] },
      { given: 'create publication feed for table products', files: [{ sql: 'alter table products replica identity nothing' }] },
    ],
    good: [
      { files: [{ phase: 'post', sql: 'alter table products drop constraint products_pkey' }] },
      {
        given: 'create publication feed for table products',
        files: [{ phase: 'post', sql: 'alter table products drop constraint products_pkey; alter table products replica identity full' }],
      },
      {
        given: 'create publication feed for table products',
        files: [{ phase: 'post', sql: 'alter table products drop constraint products_pkey, add primary key (id, title)' }],
      },
    ],
  },
  on: ['AlterTableStmt', 'DropStmt'],
  check(_, scope) {
    if (scope.schema.publications.size === 0) return undefined
    const published = [...scope.schema.relations.values()].filter(
      (one) => one.kind === 'table' && isPublished(scope.schema, one) && hasIdentity(scope.schema, one),
    )
    if (published.length === 0) return undefined
    const after = schemaWhenDone(scope)
    const [lost] = published.flatMap((one) => {
      const later = tableById(after, one.id)
      return later === undefined || hasIdentity(after, later) ? [] : [later]
    })
    if (lost === undefined || !touches(scope, lost)) return undefined
    return {
      message: `${lost.name} is published and loses its replica identity: its rows can no longer be updated or deleted.`,
      harm: `Every UPDATE and DELETE on ${lost.name} fails.`,
      instead: [
        {
          phase: scope.phase,
          transactional: true,
          sql: `${scope.sql};\nalter table ${writtenRelation({ schema: undefined, name: lost.name })} replica identity full;`,
          note: 'FULL sends whole rows and makes the subscriber search them: a unique index over NOT NULL columns, named with REPLICA IDENTITY USING INDEX, is cheaper.',
        },
      ],
    }
  },
})

/** Only the statement that takes it away is told of, not those before it in the transaction. */
function touches(scope: Parameters<typeof schemaWhenDone>[0], { id }: Table): boolean {
  const table = tableById(scope.schema, id)
  return scope.effects.locks.some(({ relation }) => relation === table || (relation.kind === 'index' && relation.table === id))
}

function isPublished(schema: Schema, table: Table): boolean {
  return [...schema.publications.values()].some((one) => one.allTables || one.tables.has(table.id) || one.schemas.has(table.schema))
}

function hasIdentity(schema: Schema, table: Table): boolean {
  const { replicaIdentity: identity } = table
  if (identity.kind === 'full') return true
  if (identity.kind === 'index') return schema.relations.has(identity.index)
  return identity.kind === 'default' && [...table.constraints.values()].some(({ kind }) => kind === 'primary')
}
