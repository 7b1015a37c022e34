import type { GrantStmt } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { findFunctions } from '../compatibility/functions.ts'
import { movedToPost } from '../compatibility/moved.ts'
import { findType } from '../compatibility/old-objects.ts'
import { sameNode } from '../compatibility/same-node.ts'
import { listed } from '../compatibility/sql-text.ts'
import { followingInTransaction } from '../compatibility/what-follows.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

export default defineRule({
  name: 'ban-revoke',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'Queries of the code that still runs as this role are refused.',
  remedy: 'Ship code that does without the right, and revoke it in a post migration.',
  because: 'Rights are checked for each query anew, for sessions that are connected too: without them it fails with 42501.',
  examples: {
    bad: [
      'revoke insert on users from public',
      'revoke all on all tables in schema public from public',
      'revoke pg_monitor from current_user',
    ],
    good: [
      { files: [{ phase: 'post', sql: 'revoke insert on users from public' }] },
      'create table carts (id bigint); revoke all on carts from public',
      'grant select on users to public',
      'revoke all on users from public; grant all on users to public',
    ],
  },
  on: ['GrantStmt', 'GrantRoleStmt'],
  check(statement, scope) {
    if (statement.is_grant === true) return undefined
    if ('granted_roles' in statement) {
      const roles = nodesOf(statement.granted_roles, 'AccessPriv').flatMap(({ priv_name }) => priv_name ?? [])
      const from = listed(nodesOf(statement.grantee_roles, 'RoleSpec').map((one) => one.rolename ?? 'the current role'))
      return { message: `${from} loses the rights of ${listed(roles)} while the old code still uses them.`, instead: movedToPost(scope) }
    }
    if (!('grantees' in statement) || isOnNewOnly(statement, scope) || isGrantedAgain(statement, scope)) return undefined
    const rights = nodesOf(statement.privileges, 'AccessPriv').flatMap(({ priv_name }) => priv_name?.toUpperCase() ?? [])
    const what = rights.length === 0 ? 'all rights' : listed(rights)
    const from = nodesOf(statement.grantees, 'RoleSpec').map(
      (one) => one.rolename ?? (one.roletype === 'ROLESPEC_PUBLIC' ? 'everybody' : 'the current role'),
    )
    const on = listed(nodesOf(statement.objects, 'RangeVar').flatMap(({ relname }) => relname ?? []))
    return {
      message: `Taking ${what}${on === '' ? '' : ` on ${on}`} from ${listed(from)} may refuse what the code that still runs does.`,
      instead: movedToPost(scope, undefined, 'The code of this release does without the right.'),
    }
  },
})

function isOnNewOnly({ objects, targtype }: GrantStmt, scope: StatementScope): boolean {
  if (targtype !== 'ACL_TARGET_OBJECT') return false
  return (objects ?? []).every((object) => {
    if ('RangeVar' in object) return scope.isNew(findRelation(scope.schema, nameOf(object.RangeVar)))
    if (!('ObjectWithArgs' in object)) return scope.isNew(findType(scope.schema, nameOfWords(wordsOf(object))))
    const found = findFunctions(scope.schema, nameOfWords(wordsOf(object.ObjectWithArgs.objname)))
    return found.length > 0 && found.every((one) => scope.isNew(one))
  })
}

/** The usual way to set rights: all taken, and the wanted ones given, in one transaction. */
function isGrantedAgain({ objects, grantees }: GrantStmt, scope: StatementScope): boolean {
  return followingInTransaction(scope).some(
    ({ node }) =>
      'GrantStmt' in node &&
      node.GrantStmt.is_grant === true &&
      sameNode(node.GrantStmt.objects, objects) &&
      sameNode(node.GrantStmt.grantees, grantees),
  )
}
