import type { Node } from '@pgsql/types'
import { nameOf, optionsOf, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { defineRule } from '../rule.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'ban-autovacuum-off',
  group: 'robustness',
  severity: 'warning',
  problem: 'Dead rows pile up in the table and its statistics grow old, until queries are slow for everybody.',
  remedy: 'Leave autovacuum on; make it run more often with autovacuum_vacuum_scale_factor when the table needs that.',
  because:
    'With autovacuum_enabled = false only the vacuum against transaction ID wraparound visits the table, and nothing tells when somebody forgets to switch it on again.',
  examples: {
    bad: ['alter table users set (autovacuum_enabled = false)', 'create table carts (id bigint) with (autovacuum_enabled = off)'],
    good: ['alter table users set (autovacuum_enabled = true)', 'alter table users set (autovacuum_vacuum_scale_factor = 0.01)'],
  },
  on: ['AlterTableStmt', 'CreateStmt'],
  check(content, _scope) {
    const options = 'cmds' in content ? setOptions(content.cmds) : 'options' in content ? (content.options ?? []) : []
    const off = optionsOf(options).find(({ defname, arg }) => defname === 'autovacuum_enabled' && isOff(arg))
    return off && { message: `Autovacuum is switched off for ${tableName(nameOf(content.relation))}.` }
  },
})

function setOptions(cmds: Parameters<typeof nodesOf>[0]): readonly Node[] {
  return nodesOf(cmds, 'AlterTableCmd').flatMap(({ subtype, def }) =>
    subtype === 'AT_SetRelOptions' && def !== undefined && 'List' in def ? (def.List.items ?? []) : [],
  )
}

/** The server takes any beginning of a word that is clear. */
function isOff(arg: Node | undefined): boolean {
  if (arg === undefined) return false
  if ('Integer' in arg) return (arg.Integer.ival ?? 0) === 0
  return ['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'].includes((wordsOf(arg)[0] ?? '').toLowerCase())
}
