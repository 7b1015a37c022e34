import { nameOf } from '../../sql/locks/names.ts'
import { type ContentOf, nodesOf } from '../../sql/node.ts'
import { isUsedTable } from '../bulk-write.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'prefer-short-trigger-lock',
  group: 'locks',
  severity: 'advice',
  optIn: true,
  problem: 'Whoever uses the table waits until the transaction ends.',
  remedy: 'Put it at the end of its migration, or into one of its own.',
  because:
    'CREATE TRIGGER takes SHARE ROW EXCLUSIVE, which writers wait for; ENABLE ROW LEVEL SECURITY and CREATE POLICY take ACCESS EXCLUSIVE.',
  examples: {
    bad: [
      'create trigger users_touch before update on users for each row execute function touch(); select 1',
      'alter table users enable row level security; create table carts (id bigint)',
    ],
    good: [
      'create table carts (id bigint); create trigger carts_touch before update on carts for each row execute function touch(); select 1',
      'select 1; create trigger users_touch before update on users for each row execute function touch()',
      { files: [{ transaction: false, sql: 'alter table users enable row level security; select 1' }] },
    ],
  },
  on: ['CreateTrigStmt', 'AlterTableStmt', 'CreatePolicyStmt'],
  check(content, scope) {
    const range = 'table' in content ? content.table : 'relation' in content ? content.relation : undefined
    const what = wordOf(content)
    if (what === undefined || !isUsedTable(range, scope) || !isFollowed(scope)) return undefined
    return { message: `${what} on ${tableName(nameOf(range))} is followed by other statements, which keep its lock.` }
  },
})

function wordOf(content: ContentOf<'CreateTrigStmt' | 'AlterTableStmt' | 'CreatePolicyStmt'>): string | undefined {
  if ('trigname' in content) return `The trigger ${content.trigname}`
  if ('policy_name' in content) return `The policy ${content.policy_name}`
  const enables = 'cmds' in content && nodesOf(content.cmds, 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_EnableRowSecurity')
  return enables ? 'Row level security' : undefined
}

function isFollowed({ inTransaction, file, index, statement }: StatementScope): boolean {
  const next = file.up.statements[index + 1]
  const closes = next !== undefined && 'TransactionStmt' in next.node
  return inTransaction && next !== undefined && next !== statement && !closes
}
