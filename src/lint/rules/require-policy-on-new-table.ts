import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, type Table } from '../../sql/schema/schema.ts'
import { relationName } from '../held-locks.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'require-policy-on-new-table',
  group: 'compatibility',
  severity: 'error',
  problem: 'Every role but the owner finds the table empty, and none of its rows can be written.',
  remedy: 'Add CREATE POLICY for the roles that use the table, before row level security is enabled.',
  because:
    'With row level security enabled and no policy the server denies every row to everybody but the owner, superusers and roles with BYPASSRLS, without an error on reading.',
  examples: {
    bad: ['create table carts (id bigint primary key); alter table carts enable row level security'],
    good: [
      'create table carts (id bigint primary key); create policy carts_own on carts using (true); alter table carts enable row level security',
      'create table carts (id bigint primary key); alter table carts enable row level security; create policy carts_own on carts using (true)',
      'create table carts (id bigint primary key); alter table carts enable row level security; alter table carts disable row level security',
      'alter table users enable row level security',
    ],
  },
  checkRelease: ({ files, after, before }) =>
    files.flatMap((file): readonly ReleaseProblem[] =>
      file.up.statements.flatMap(({ node, start }) => {
        const table =
          'AlterTableStmt' in node && enables(node.AlterTableStmt.cmds) ? findTable(after, nameOf(node.AlterTableStmt.relation)) : undefined
        if (table === undefined || before.relations.has(table.id) || !isLocked(table)) return []
        const name = relationName(table)
        const offset = file.up.text.fileOffset(start) ?? 0
        return [
          {
            path: file.migration.path,
            offset,
            message: `Row level security is enabled on ${name}, and no policy lets anybody at its rows.`,
          },
        ]
      }),
    ),
}

export default rule

function enables(cmds: Parameters<typeof nodesOf>[0]): boolean {
  return nodesOf(cmds, 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_EnableRowSecurity')
}

/** A table that was touched by what cannot be read may have a policy that is not known. */
function isLocked({ rowSecurity, policies, complete }: Table): boolean {
  return rowSecurity && policies.size === 0 && complete
}
