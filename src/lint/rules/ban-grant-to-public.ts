import { nameOf, wordsOf } from '../../sql/locks/names.ts'
import { type ContentOf, nodesOf } from '../../sql/node.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-grant-to-public',
  group: 'data',
  severity: 'warning',
  problem: 'Every role that can connect to the database, now and later, gets at the data.',
  remedy: 'Grant it to the role that needs it.',
  because:
    'PUBLIC is every role, those that are created later too. What functions, types and languages give to PUBLIC by themselves is not meant here.',
  examples: {
    bad: [
      'grant select on users to public',
      'grant all on all tables in schema public to public',
      'grant create on schema public to public',
      'alter default privileges in schema public grant select on tables to public',
    ],
    good: [
      'grant select on users to current_user',
      'revoke all on users from public',
      'grant usage on schema public to public',
      'grant execute on function touch() to public',
    ],
  },
  on: ['GrantStmt', 'AlterDefaultPrivilegesStmt'],
  check(content) {
    const grant = 'action' in content ? content.action : (content as ContentOf<'GrantStmt'>)
    const { is_grant, grantees, objtype = '', objects, privileges } = grant ?? {}
    const isPublic = nodesOf(grantees, 'RoleSpec').some(({ roletype }) => roletype === 'ROLESPEC_PUBLIC')
    if (is_grant !== true || !isPublic) return undefined
    const words = nodesOf(privileges, 'AccessPriv').map(({ priv_name = 'all' }) => priv_name.toUpperCase())
    const what = words.length === 0 ? 'ALL' : words.join(', ')
    const isHarmless = objtype === 'OBJECT_SCHEMA' ? what === 'USAGE' : !['OBJECT_TABLE', 'OBJECT_SEQUENCE'].includes(objtype)
    if (isHarmless) return undefined
    const names = (objects ?? []).map((object) => ('RangeVar' in object ? tableName(nameOf(object.RangeVar)) : wordsOf(object).join('.')))
    const on = names.filter((name) => name !== '').join(', ')
    return { message: `${what}${on === '' ? '' : ` on ${on}`} is granted to every role of the server.` }
  },
})
