import type { Node, SelectStmt } from '@pgsql/types'
import { wordsOf } from '../../locks/names.ts'
import { nodesOf, openNode } from '../../node.ts'
import { stringsOf } from '../expression.ts'

/** The name that the server gives to a column without one; `undefined` where it would be `?column?`. */
export function figureName(node: Node): string | undefined {
  return figure(node).name
}

interface Figured {
  readonly name: string | undefined
  /** A weak name gives way to a better one around it. */
  readonly weak: boolean
}

const unnamed: Figured = { name: undefined, weak: true }
const named = (name: string | undefined): Figured => ({ name, weak: false })

const fixed: Readonly<Record<string, string>> = {
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  CoalesceExpr: 'coalesce',
  GroupingFunc: 'grouping',
  XmlSerialize: 'xmlserialize',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
  MergeSupportFunc: 'merge_action',
}

const valueFunctions: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
  SVFOP_CURRENT_ROLE: 'current_role',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_USER: 'user',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_CATALOG: 'current_catalog',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
}

const jsonFunctions: Readonly<Record<string, string>> = {
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_VALUE_OP: 'json_value',
}

function figure(node: Node): Figured {
  if ('ColumnRef' in node) return named(stringsOf(node.ColumnRef.fields).at(-1))
  if ('FuncCall' in node) return named(wordsOf(node.FuncCall.funcname).at(-1))
  if ('A_Indirection' in node) {
    const field = stringsOf(node.A_Indirection.indirection).at(-1)
    return field !== undefined ? named(field) : node.A_Indirection.arg === undefined ? unnamed : figure(node.A_Indirection.arg)
  }
  if ('CollateClause' in node) return node.CollateClause.arg === undefined ? unnamed : figure(node.CollateClause.arg)
  if ('TypeCast' in node) {
    const inner = node.TypeCast.arg === undefined ? unnamed : figure(node.TypeCast.arg)
    return inner.weak ? { name: wordsOf(node.TypeCast.typeName?.names).at(-1) ?? inner.name, weak: true } : inner
  }
  if ('CaseExpr' in node) {
    const inner = node.CaseExpr.defresult === undefined ? unnamed : figure(node.CaseExpr.defresult)
    return inner.weak ? { name: 'case', weak: true } : inner
  }
  if ('SubLink' in node) return figureSubLink(node.SubLink.subLinkType, node.SubLink.subselect)
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? named('nullif') : unnamed
  if ('MinMaxExpr' in node) return named(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest')
  if ('SQLValueFunction' in node) return named(valueFunctions[node.SQLValueFunction.op ?? ''])
  if ('XmlExpr' in node) return named(node.XmlExpr.op?.replace(/^IS_/, '').toLowerCase())
  if ('JsonFuncExpr' in node) return named(jsonFunctions[node.JsonFuncExpr.op ?? ''])
  const name = fixed[openNode(node).kind]
  return name === undefined ? unnamed : named(name)
}

function figureSubLink(type: string | undefined, subselect: Node | undefined): Figured {
  if (type === 'EXISTS_SUBLINK') return named('exists')
  if (type === 'ARRAY_SUBLINK') return named('array')
  if (type !== 'EXPR_SUBLINK' || subselect === undefined || !('SelectStmt' in subselect)) return unnamed
  const [target] = nodesOf(firstSelect(subselect.SelectStmt).targetList, 'ResTarget')
  if (target?.name !== undefined) return named(target.name)
  return target?.val === undefined ? unnamed : figure(target.val)
}

function firstSelect(select: SelectStmt): SelectStmt {
  return select.larg === undefined ? select : firstSelect(select.larg)
}
