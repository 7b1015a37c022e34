import type { FuncCall, VariableSetStmt } from '@pgsql/types'
import { wordsOf } from '../../sql/locks/names.ts'
import type { FileRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

const rule: FileRule = {
  name: 'ban-session-setting',
  group: 'robustness',
  severity: 'warning',
  problem: 'The files that run after this one on the same connection meet another setting than they were written for.',
  remedy: 'Use SET LOCAL, which ends with the transaction, or RESET it at the end of the file.',
  because:
    'SET lasts until the session ends, even after COMMIT. Shiplock resets its session behind each file; other programs run all their files in one session, and a pooler hands it on to somebody else.',
  examples: {
    bad: [
      "set lock_timeout = '2s'; alter table users add column points int",
      'set search_path = public, shop; create table carts (id bigint)',
      "select pg_catalog.set_config('search_path', '', false)",
      { files: [{ transaction: false, sql: 'set statement_timeout = 0; vacuum users' }] },
      'set role pg_monitor; reset all',
      "do $$ begin set lock_timeout = '2s'; end $$",
    ],
    good: [
      "set local lock_timeout = '2s'; alter table users add column points int",
      "select set_config('search_path', '', true)",
      { files: [{ transaction: false, sql: 'set statement_timeout = 0; vacuum users; reset statement_timeout' }] },
      "set lock_timeout = '2s'; set work_mem = '64MB'; reset all",
      'set role pg_monitor; reset role',
      'set transaction read only',
    ],
  },
  checkFile({ file, statements }) {
    const left = new Map<string, StatementScope>()
    for (const one of statements) for (const change of changesOf(one)) apply(change, left, one)
    const [first] = left.values()
    if (first === undefined) return undefined
    const { text, statements: outer } = file.up
    return {
      message: `The file leaves ${[...left.keys()].join(', ')} set for whatever the session runs next.`,
      location: Buffer.byteLength(text.text.slice(0, outer[first.index]?.start ?? 0)),
    }
  },
}

export default rule

/** A setting that lasts, or one that goes back; all of them when it has no name. */
interface Change {
  readonly name: string | undefined
  readonly lasts: boolean
}

function changesOf({ statement: { node } }: StatementScope): readonly Change[] {
  if ('VariableSetStmt' in node) return setting(node.VariableSetStmt)
  if ('DiscardStmt' in node && node.DiscardStmt.target === 'DISCARD_ALL')
    return [{ name: undefined, lasts: false }, ...own.map((name) => ({ name, lasts: false }))]
  return 'SelectStmt' in node ? callsIn(node).flatMap(configured) : []
}

/** These RESET ALL leaves as they are. */
const own = ['role', 'session_authorization']

function setting({ kind, name = '', is_local }: VariableSetStmt): readonly Change[] {
  if (kind === 'VAR_RESET_ALL') return [{ name: undefined, lasts: false }]
  if (kind === 'VAR_RESET' || kind === 'VAR_SET_DEFAULT') return [{ name, lasts: false }]
  return is_local === true || name === 'TRANSACTION' || name === 'TRANSACTION SNAPSHOT' ? [] : [{ name, lasts: true }]
}

function apply({ name, lasts }: Change, left: Map<string, StatementScope>, at: StatementScope): void {
  if (name === undefined) for (const one of [...left.keys()].filter((key) => !own.includes(key))) left.delete(one)
  else if (lasts) left.set(name, left.get(name) ?? at)
  else left.delete(name)
}

function configured({ funcname, args = [] }: FuncCall): readonly Change[] {
  const [name, , local] = args
  const isLocal = local !== undefined && 'A_Const' in local && local.A_Const.boolval?.boolval === true
  if (wordsOf(funcname).at(-1) !== 'set_config' || name === undefined || !('A_Const' in name) || isLocal) return []
  return [{ name: name.A_Const.sval?.sval ?? '', lasts: true }]
}

function callsIn(value: unknown): readonly FuncCall[] {
  if (typeof value !== 'object' || value === null) return []
  const call = 'FuncCall' in value ? [value.FuncCall as FuncCall] : []
  return [...call, ...Object.values(value).flatMap(callsIn)]
}
