import { hasOption, nameOf, type RelationName } from '../../sql/locks/names.ts'
import { type ContentOf, nodesOf } from '../../sql/node.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { isUsed } from '../held-locks.ts'
import { defineRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-blocking-rewrite',
  aliases: ['prefer-repack'],
  group: 'locks',
  severity: 'error',
  problem: 'Nobody reads or writes the table until the last row was copied into a new file.',
  remedy:
    'Leave it out of the release: use pg_repack, or a maintenance window; plain VACUUM makes room for new rows without stopping anybody.',
  because:
    'VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD write the whole table, and all but SET TABLESPACE its indexes too, under ACCESS EXCLUSIVE.',
  examples: {
    bad: [
      { files: [{ transaction: false, sql: 'vacuum full users' }] },
      { files: [{ transaction: false, sql: 'vacuum (full, analyze) orders' }] },
      { files: [{ transaction: false, sql: 'vacuum full' }] },
      'cluster users using users_name_idx',
      'alter table products set unlogged',
      { given: 'create unlogged table carts (id bigint)', files: [{ sql: 'alter table carts set logged' }] },
    ],
    good: [
      { files: [{ transaction: false, sql: 'vacuum users' }] },
      { files: [{ transaction: false, sql: 'vacuum (full off, analyze) users' }] },
      'alter table users set logged',
      'create table carts (id bigint); alter table carts set unlogged',
      'alter table users cluster on users_name_idx',
    ],
  },
  on: ['VacuumStmt', 'ClusterStmt', 'AlterTableStmt', 'AlterTableMoveAllStmt'],
  check(_, scope) {
    const { node } = scope.statement
    if ('VacuumStmt' in node) return vacuumFull(node.VacuumStmt, scope)
    if ('AlterTableStmt' in node) return altered(node.AlterTableStmt, scope)
    if ('AlterTableMoveAllStmt' in node)
      return {
        message: `Every table of ${node.AlterTableMoveAllStmt.orig_tablespacename} is copied, and nobody reads or writes it meanwhile.`,
      }
    const relation = 'ClusterStmt' in node ? node.ClusterStmt.relation : undefined
    if (relation === undefined) return { message: 'CLUSTER writes every table anew that was clustered before.' }
    return isRewritten(nameOf(relation), scope) ? told('CLUSTER', nameOf(relation)) : undefined
  },
})

function vacuumFull({ options, rels, is_vacuumcmd }: ContentOf<'VacuumStmt'>, scope: StatementScope) {
  if (is_vacuumcmd !== true || !hasOption(options, 'full')) return undefined
  const names = nodesOf(rels, 'VacuumRelation').map(({ relation }) => nameOf(relation))
  if (names.length === 0) return { message: 'VACUUM FULL writes every table of the database anew, one after the other.' }
  const used = names.find((name) => isRewritten(name, scope))
  return used && told('VACUUM FULL', used)
}

const actions: Readonly<Record<string, string>> = {
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_SetTableSpace: 'SET TABLESPACE',
  AT_SetAccessMethod: 'SET ACCESS METHOD',
}

function altered({ cmds, relation }: ContentOf<'AlterTableStmt'>, scope: StatementScope) {
  const name = nameOf(relation)
  const action = nodesOf(cmds, 'AlterTableCmd').flatMap(({ subtype }) => actions[subtype ?? ''] ?? [])[0]
  if (action === undefined || !isRewritten(name, scope) || isAlready(action, name, scope)) return undefined
  return told(action, name)
}

/** A partitioned table has no file of its own; an index is used as its table is. */
function isRewritten(name: RelationName, scope: StatementScope): boolean {
  const found = findRelation(scope.schema, name)
  if (found?.kind === 'index') return !scope.isNew(found)
  if (found?.kind === 'table' && found.form === 'partitioned') return scope.effects.rewrites.length > 0
  return isUsed(found ?? { kind: 'unknown', ...name }, scope)
}

/** A table that is what it shall become is left alone. */
function isAlready(action: string, name: RelationName, { schema }: StatementScope): boolean {
  const found = findRelation(schema, name)
  const persistence = found?.kind === 'table' ? found.persistence : undefined
  return (action === 'SET LOGGED' && persistence === 'permanent') || (action === 'SET UNLOGGED' && persistence === 'unlogged')
}

function told(action: string, name: RelationName) {
  return { message: `${action} writes all of ${tableName(name)} anew, and nobody reads or writes it meanwhile.` }
}
