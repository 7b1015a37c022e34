import type { Node, SelectStmt, TransactionStmt, VariableSetStmt } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import type { Schema } from '../schema.ts'
import { searchPathOf } from '../search-path.ts'

/** A file is run by a session of its own. */
export function beginFile(schema: Schema, file: number): void {
  if (schema.file === file) return
  schema.file = file
  resetSession(schema)
}

export function resetSession(schema: Schema): void {
  schema.beforeLocal = undefined
  schema.searchPath = [...schema.session.searchPath]
  schema.timeZone = schema.session.timeZone
}

export function setVariable(schema: Schema, { kind, name, args, is_local }: VariableSetStmt): void {
  if (kind === 'VAR_RESET_ALL') {
    resetSession(schema)
    return
  }
  const values = kind === 'VAR_SET_VALUE' ? constants(args) : undefined
  if (kind === 'VAR_SET_VALUE' && values?.length !== args?.length) return
  change(schema, name ?? '', values, is_local === true)
}

/** `select set_config('search_path', …)`, as pg_dump writes it. */
export function callSetConfig(schema: Schema, { targetList }: SelectStmt): void {
  for (const { val } of nodesOf(targetList, 'ResTarget')) {
    if (val === undefined || !('FuncCall' in val) || wordsOf(val.FuncCall.funcname).at(-1) !== 'set_config') continue
    const [name, value] = constants(val.FuncCall.args)
    if (name === undefined || value === undefined) continue
    const local = val.FuncCall.args?.[2]
    const isLocal = local !== undefined && 'A_Const' in local && local.A_Const.boolval?.boolval === true
    change(schema, name, name === 'search_path' ? searchPathOf(value) : [value], isLocal)
  }
}

export function endTransaction(schema: Schema, { kind }: TransactionStmt): void {
  if (kind !== 'TRANS_STMT_COMMIT' && kind !== 'TRANS_STMT_ROLLBACK') return
  if (schema.beforeLocal === undefined) return
  schema.searchPath = [...schema.beforeLocal.searchPath]
  schema.timeZone = schema.beforeLocal.timeZone
  schema.beforeLocal = undefined
}

function change(schema: Schema, name: string, values: readonly string[] | undefined, isLocal: boolean): void {
  const variable = name.toLowerCase()
  if (variable !== 'search_path' && variable !== 'timezone') return
  if (isLocal) schema.beforeLocal ??= { searchPath: schema.searchPath, timeZone: schema.timeZone }
  if (variable === 'timezone') schema.timeZone = values === undefined ? schema.session.timeZone : values[0]
  else schema.searchPath = (values === undefined ? [...schema.session.searchPath] : [...values]).filter((one) => one !== '')
}

function constants(args: readonly Node[] | undefined): string[] {
  return (args ?? []).flatMap((one) => {
    const node = 'TypeCast' in one ? one.TypeCast.arg : one
    if (node === undefined || !('A_Const' in node)) return []
    const { sval, ival, fval } = node.A_Const
    if (sval !== undefined) return [sval.sval ?? '']
    return ival !== undefined ? [String(ival.ival ?? 0)] : fval !== undefined ? [fval.fval ?? ''] : []
  })
}
