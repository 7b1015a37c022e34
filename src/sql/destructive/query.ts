import type { A_Expr, FuncCall, InsertStmt } from '@pgsql/types'
import { isBuiltinFunction, isBuiltinOperator } from '../locks/builtins.ts'
import { wordsOf } from '../locks/names.ts'

/** A query is looked through to its end: WITH may delete, and a function may do anything. */
export function carriedOut(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined
  for (const [key, value] of Object.entries(query) as [string, unknown][]) {
    const found = inQueries[key]?.(value as never) ?? carriedOut(value)
    if (found !== undefined) return found
  }
  return undefined
}

const inQueries: Readonly<Record<string, (content: never) => string | undefined>> = {
  UpdateStmt: () => 'UPDATE',
  DeleteStmt: () => 'DELETE',
  MergeStmt: () => 'MERGE',
  ExecuteStmt: () => 'EXECUTE of a prepared statement',
  InsertStmt: ({ onConflictClause }: InsertStmt) =>
    onConflictClause?.action === 'ONCONFLICT_UPDATE' ? 'INSERT … ON CONFLICT DO UPDATE' : undefined,
  FuncCall: unknownCall,
  A_Expr: unknownOperator,
}

function unknownCall({ funcname }: FuncCall): string | undefined {
  const words = wordsOf(funcname)
  const isOfCatalog = words.length === 1 || (words.length === 2 && words[0] === 'pg_catalog')
  const overwrites = isOfCatalog && words.at(-1) === 'setval'
  if (!overwrites && (isBuiltinFunction(words) || (isOfCatalog && harmlessCalls.has(words.at(-1) ?? '')))) return undefined
  return `a call of ${words.join('.')}()`
}

/** They look something up or change the session; `setval`, which a table may draw its numbers from, overwrites. */
const harmlessCalls: ReadonlySet<string> = new Set(['pg_get_serial_sequence', 'set_config'])

function unknownOperator({ name }: A_Expr): string | undefined {
  const words = wordsOf(name)
  const isWord = /^[A-Z ]+$/.test(words.at(-1) ?? '') // BETWEEN and its kin
  return isWord || isBuiltinOperator(words) ? undefined : `the operator ${words.join('.')}`
}
