import { findTable, indexesOf } from '../../sql/schema/schema.ts'
import { type BulkWrite, bulkWrite } from '../bulk-write.ts'
import type { RemedyFile, StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

const rule: StatementRule = {
  name: 'require-batched-backfill',
  group: 'locks',
  severity: 'warning',
  problem: 'Every row that was written stays locked until the last one is, and the application waits for the rows that it needs.',
  remedy: 'Write the rows in batches that commit as they go, in a post migration that runs outside a transaction.',
  because:
    'An UPDATE, DELETE or INSERT … SELECT is one transaction: its row locks, the dead rows that vacuum may not take away and the delay of replicas grow with the table. A DO block outside a transaction may COMMIT after each batch.',
  yieldsTo: ['ban-backfill-with-ddl', 'ban-write-without-where'],
  examples: {
    bad: [
      'update users set nickname = lower(name) where nickname is null',
      "delete from orders where placed_at < now() - interval '5 years'",
      "update orders set state = 'paid' from users where users.id = orders.user_id and users.age > 90",
      'insert into orders (user_id, amount) select id, 1 from users',
      { files: [{ phase: 'post', sql: 'update users set age = 0 where age is null' }] },
      'do $$ begin update users set age = 0 where age is null; end $$',
    ],
    good: [
      'update products set price = 10 where id = 7',
      "update users set age = 0 where email in ('a@example.org', 'b@example.org')",
      'delete from orders where id in (select id from orders where amount = 0 limit 1000)',
      "insert into products (id, title, price) values (1001, 'Tea', 2)",
      'create table carts (id bigint primary key); insert into carts select id from users; update carts set id = -id where id > 5',
      {
        files: [
          {
            phase: 'post',
            transaction: false,
            sql: 'do $$ begin loop update users set age = 0 where id in (select id from users where age is null limit 1000); exit when not found; commit; end loop; end $$',
          },
        ],
      },
      {
        files: [
          {
            phase: 'post',
            transaction: false,
            sql: 'do $$ declare at bigint := 0; begin while at < 100000 loop update users set age = 0 where age is null and id >= at and id < at + 1000; commit; at := at + 1000; end loop; end $$',
          },
        ],
      },
    ],
  },
  on: ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'],
  check(_, scope) {
    const write = bulkWrite(scope)
    if (write === undefined) return undefined
    const name = tableName(write.table)
    return {
      message: `This ${write.verb} writes the rows of ${name} in one go, however many there are.`,
      harm: `The application waits for rows of ${name} that are written already, until the last one is.`,
      instead: scope.nested ? [] : recipe(write, scope),
    }
  },
}

export default rule

const integers = ['int2', 'int4', 'int8']

/** Batches by the primary key, where it is one number and the statement can be narrowed by adding to its end. */
function recipe({ table }: BulkWrite, { statement: { node }, sql, schema }: StatementScope): readonly RemedyFile[] {
  const change = 'UpdateStmt' in node ? node.UpdateStmt : 'DeleteStmt' in node ? node.DeleteStmt : undefined
  const known = findTable(schema, table)
  if (change === undefined || known === undefined || change.returningClause !== undefined) return []
  const { whereClause, relation } = change
  if (whereClause !== undefined && 'BoolExpr' in whereClause && whereClause.BoolExpr.boolop === 'OR_EXPR') return []
  const [first, ...others] = indexesOf(schema, known).find(({ id }) => isPrimary(id, known.constraints.values()))?.keys ?? []
  const type = known.columns.get(first?.column ?? '')?.type
  if (first?.column === undefined || others.length > 0 || type === undefined || !integers.includes(type.name)) return []
  const column = `${relation?.alias?.aliasname ?? tableName(table)}.${first.column}`
  const batch = `${sql}\n      ${whereClause === undefined ? 'where' : 'and'} ${column} >= at and ${column} < at + 10000`
  const lines = [
    'do $$',
    'declare',
    `  at bigint := (select min(${first.column}) from ${tableName(table)});`,
    `  last bigint := (select max(${first.column}) from ${tableName(table)});`,
    'begin',
    '  while at <= last loop',
    `    ${batch};`,
    '    commit;',
    '    at := at + 10000;',
    '  end loop;',
    'end $$;',
  ]
  return [{ phase: 'post', transactional: false, sql: lines.join('\n') }]
}

function isPrimary(index: number, constraints: Iterable<{ readonly kind: string; readonly index?: number }>): boolean {
  return [...constraints].some((one) => one.kind === 'primary' && one.index === index)
}
