import { nameOf } from '../../sql/locks/names.ts'
import { openNode } from '../../sql/node.ts'
import { type Table, tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { followingInTransaction } from '../compatibility/what-follows.ts'
import { written, writtenRelation } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-policy-with-row-security',
  group: 'compatibility',
  severity: 'error',
  problem: 'Every role but the owner sees an empty table, and its inserts are refused.',
  remedy: 'Create a policy for the role of the application in the same transaction, before ENABLE ROW LEVEL SECURITY.',
  because:
    'With row security and no permissive policy the server shows no row and takes none (42501); the owner and superusers are exempt, unless FORCE is set.',
  examples: {
    bad: [
      'alter table users enable row level security',
      { files: [{ phase: 'post', sql: 'alter table orders enable row level security' }] },
      'create policy own on users as restrictive using (true); alter table users enable row level security',
    ],
    good: [
      'create policy everything on users using (true); alter table users enable row level security',
      'alter table users enable row level security; create policy everything on users using (true)',
      'create table carts (id bigint); alter table carts enable row level security',
      { files: [{ sql: 'create policy everything on users using (true)' }, { sql: 'alter table users enable row level security' }] },
      { given: 'create policy everything on users using (true)', files: [{ sql: 'alter table users enable row level security' }] },
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const altered = alteredOldTable(scope, alter)
    if (altered === undefined || !altered.commands.some(({ subtype }) => subtype === 'AT_EnableRowSecurity')) return undefined
    const released = tableById(scope.release.before, altered.table?.id)
    if (altered.table?.rowSecurity === true || (released?.policies.size ?? 0) > 0 || hasPermissive(altered.table)) return undefined
    const nodes = [...scope.file.up.statements.slice(0, scope.index), ...followingInTransaction(scope)].map(({ node }) => openNode(node))
    const isOpened = nodes.some(({ kind, content }) => {
      const policy = content as { table?: Parameters<typeof nameOf>[0]; permissive?: boolean }
      return kind === 'CreatePolicyStmt' && policy.permissive === true && nameOf(policy.table).name === altered.name.name
    })
    if (isOpened) return undefined
    const name = tableName(altered.name)
    const policy = written(`${altered.name.name}_all`)
    return {
      message: `With row security and no policy, every role but the owner of ${name} sees it empty.`,
      harm: `Code that runs as another role than the owner reads no row of ${name} and cannot insert any.`,
      instead: [
        {
          phase: scope.phase,
          transactional: true,
          sql: `create policy ${policy} on ${writtenRelation(altered.name)} using (true) with check (true);\n${scope.sql};`,
          note: 'Lets everybody go on as before; narrower policies take its place, in a post migration once the code sets what they ask for.',
        },
      ],
    }
  },
})

function hasPermissive(table: Table | undefined): boolean {
  return [...(table?.policyTexts.values() ?? [])].some(({ permissive }) => permissive)
}
