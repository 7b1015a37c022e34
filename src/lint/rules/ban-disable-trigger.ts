import { nameOf } from '../../sql/locks/names.ts'
import { type ContentOf, nodesOf } from '../../sql/node.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-disable-trigger',
  group: 'data',
  severity: 'error',
  problem: 'Rows come in that break foreign keys, or that a trigger never saw, and nobody finds them afterwards.',
  remedy: 'Leave the triggers on; when one has to rest, disable it by name and enable it again in the same transaction.',
  because:
    'DISABLE TRIGGER ALL switches off foreign keys too, and needs a superuser; ENABLE checks no row that came in meanwhile. Inside one transaction nobody else writes the table in between, because DISABLE TRIGGER takes SHARE ROW EXCLUSIVE.',
  examples: {
    bad: [
      'alter table orders disable trigger all',
      {
        files: [
          {
            transaction: false,
            sql: 'alter table orders disable trigger orders_touch; select 1; alter table orders enable trigger orders_touch',
          },
        ],
      },
    ],
    good: [
      'alter table orders disable trigger orders_touch; update orders set amount = 1 where id = 1; alter table orders enable trigger orders_touch',
      'alter table orders disable trigger orders_touch',
      'create table carts (id bigint); alter table carts disable trigger all',
    ],
  },
  on: 'AlterTableStmt',
  check({ relation, cmds }, scope) {
    const off = nodesOf(cmds, 'AlterTableCmd').find(({ subtype }) => subtype?.startsWith('AT_DisableTrig'))
    if (off === undefined || !isUsedTable(relation, scope)) return undefined
    const table = tableName(nameOf(relation))
    if (off.subtype === 'AT_DisableTrigAll') return { message: `Foreign keys of ${table} are not checked while ALL its triggers are off.` }
    if (scope.inTransaction || !isEnabledLater(relation, scope)) return undefined
    return { message: `Rows that the application writes to ${table} before the trigger is on again are never seen by it.` }
  },
})

function isEnabledLater(relation: ContentOf<'AlterTableStmt'>['relation'], { file, index }: StatementScope): boolean {
  return file.up.statements.slice(index + 1).some(({ node }) => {
    if (!('AlterTableStmt' in node) || node.AlterTableStmt.relation?.relname !== relation?.relname) return false
    return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').some(({ subtype }) => subtype?.startsWith('AT_EnableTrig'))
  })
}
