import { nodesOf } from '../../sql/node.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-drop-owned',
  group: 'compatibility',
  severity: 'error',
  problem: 'Everything that the role owns is gone, and every right that it has, whatever that is on the day of the release.',
  remedy: 'Name the objects, each in a DROP or REVOKE of its own.',
  because:
    'DROP OWNED looks the objects up when it runs: tables, views, functions and rights of the role in this database, with CASCADE those of others too.',
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'drop owned by current_user cascade' }] },
      { fails: true, files: [{ phase: 'post', sql: 'drop owned by current_user' }] },
    ],
    good: [{ files: [{ phase: 'post', sql: 'drop view active_users' }] }],
  },
  on: 'DropOwnedStmt',
  check({ roles, behavior }) {
    const names = nodesOf(roles, 'RoleSpec').map(
      ({ rolename, roletype }) => rolename ?? (roletype === 'ROLESPEC_CSTRING' ? '' : 'the current role'),
    )
    const beyond = behavior === 'DROP_CASCADE' ? ', and what others have built on it' : ''
    return { message: `DROP OWNED takes away all that ${names.join(' and ')} owns here${beyond}.` }
  },
})
