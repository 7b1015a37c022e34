import type { FuncCall, Node } from '@pgsql/types'
import { isBuiltinFunction, isVolatile } from './builtins.ts'
import { nameInText, wordsOf } from './names.ts'
import { type Finding, lock } from './statement-locks.ts'

/** What a call does to locks when it is carried out. */
export function callLocks(call: FuncCall): Finding {
  const words = wordsOf(call.funcname)
  const [first, second] = call.args ?? []
  if (isCall(words, 'nextval') || isCall(words, 'setval') || isCall(words, 'currval')) return sequenceCall(words, first)
  if (isCall(words, 'pg_get_serial_sequence')) return {}
  if (isCall(words, 'set_config')) return settingCall(literal(first), second)
  return isBuiltinFunction(words) ? {} : { unknown: `it calls ${words.join('.')}(), and what that locks is not written in the file` }
}

/** Whether a new column's default would have to be computed for each row. */
export function isVolatileCall(call: FuncCall): boolean {
  const words = wordsOf(call.funcname)
  return isVolatile(words) || !isBuiltinFunction(words)
}

function sequenceCall(words: readonly string[], argument: Node | undefined): Finding {
  const text = literal(argument)
  const sequence = text === undefined ? undefined : nameInText(text)
  if (sequence !== undefined) return { locks: [lock(sequence, 'RowExclusive')] }
  return serialSequence(argument) ?? { unknown: `it calls ${words.join('.')}() on a sequence that is not named in the file` }
}

/** `pg_get_serial_sequence('table', 'column')`: the table's name is written as in SQL, the column's as it is. */
function serialSequence(node: Node | undefined): Finding | undefined {
  const call = node !== undefined && 'FuncCall' in node ? node.FuncCall : undefined
  if (call === undefined || !isCall(wordsOf(call.funcname), 'pg_get_serial_sequence')) return undefined
  const [table, column] = (call.args ?? []).map(literal)
  const relation = table === undefined ? undefined : nameInText(table)
  if (relation === undefined || column === undefined) return undefined
  const only = { kind: 'column', name: column } as const
  return { locks: [lock(relation, 'AccessShare', { to: 'sequences', mode: 'RowExclusive', only })] }
}

function settingCall(name: string | undefined, value: Node | undefined): Finding {
  return {
    definesOnly: false,
    ...(name === undefined || value === undefined ? { unknown: 'it sets a setting that is not named in the file' } : settingLocks(name)),
  }
}

/** Names that follow such a setting mean something else than they mean before it. */
export function settingLocks(name: string): Finding {
  return ['search_path', 'role', 'session_authorization'].includes(name.toLowerCase())
    ? { unknown: `it sets ${name.toLowerCase()}, which decides what the names after it mean` }
    : {}
}

function isCall(words: readonly string[], name: string): boolean {
  return words.at(-1) === name && (words.length === 1 || words[0] === 'pg_catalog')
}

function literal(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined
  if ('TypeCast' in node) return literal(node.TypeCast.arg)
  if (!('A_Const' in node) || node.A_Const.sval === undefined) return undefined
  return node.A_Const.sval.sval ?? ''
}
