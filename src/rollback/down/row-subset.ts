import type { DeleteStmt, UpdateStmt } from '@pgsql/types'
import { quoteName } from '../../migration/ledger.ts'
import { carriedOut } from '../../sql/destructive/query.ts'
import { nameOf } from '../../sql/locks/names.ts'
import { type ScannedToken, type Statement, tokensOf } from '../../sql/parse.ts'

/** The condition under which a row, by its name, is among those that a DELETE or an UPDATE meets. */
export type RowCondition = (row: string) => string

/**
 * Rows that the statement meets, told with its own words; `undefined` where they cannot be told without doing what it does.
 * The text of the statement is found by its tokens, since a name in it stays what it is.
 */
export function rowsMet({ node }: Statement, text: string): { readonly where: RowCondition | undefined } | undefined {
  const change = 'DeleteStmt' in node ? node.DeleteStmt : 'UpdateStmt' in node ? node.UpdateStmt : undefined
  if (change === undefined || carriedOut(change) !== undefined) return undefined
  const { whereClause } = change
  if (whereClause !== undefined && 'CurrentOfExpr' in whereClause) return undefined
  const joins = 'DeleteStmt' in node ? node.DeleteStmt.usingClause : (change as UpdateStmt).fromClause
  const cuts = cutsOf(text, 'DeleteStmt' in node ? 'delete' : 'update')
  if (cuts === undefined) return undefined
  if (whereClause === undefined && joins === undefined && change.withClause === undefined && isWhole(change)) return { where: undefined }
  const alias = quoteName(change.relation?.alias?.aliasname ?? nameOf(change.relation).name)
  const from = [cuts.target, ...(cuts.joins === undefined ? [] : [cuts.joins])].join('\n, ') // a comment may end what stands before
  const condition = cuts.where === undefined ? '' : `\nwhere ${cuts.where}`
  const met = `${cuts.before}select ${alias}.tableoid as shiplock_table, ${alias}.ctid as shiplock_row from ${from}${condition}`
  const where: RowCondition = (row) =>
    `exists (select from (${met}\n) as shiplock_met where shiplock_met.shiplock_table operator(pg_catalog.=) ${row}.tableoid` +
    ` and shiplock_met.shiplock_row operator(pg_catalog.=) ${row}.ctid)`
  return { where }
}

/** ONLY leaves rows out. */
function isWhole({ relation }: DeleteStmt | UpdateStmt): boolean {
  return relation?.inh === true
}

interface Cuts {
  /** WITH and what belongs to it. */
  readonly before: string
  /** The table, with ONLY and its other name. */
  readonly target: string
  readonly joins: string | undefined
  readonly where: string | undefined
}

function cutsOf(text: string, verb: 'delete' | 'update'): Cuts | undefined {
  const bytes = Buffer.from(text)
  const words = outerWords(tokensOf(text))
  const begin = words.findIndex((word) => word.text === verb)
  const start = verb === 'delete' ? words[begin + 1] : words[begin]
  if (begin < 0 || start === undefined || (verb === 'delete' && start.text !== 'from')) return undefined
  const rest = words.slice(begin + (verb === 'delete' ? 2 : 1))
  const set = verb === 'update' ? rest.findIndex((word) => word.text === 'set') : -1
  const after = rest.slice(set + 1)
  const first = (name: string) => after.find((word, at) => word.text === name && after[at - 1]?.text !== 'distinct')
  const [joins, where, returning] = [first(verb === 'delete' ? 'using' : 'from'), first('where'), first('returning')]
  const end = (...next: (Word | undefined)[]) => next.find((word) => word !== undefined)?.start ?? bytes.length
  const cut = (from: number, to: number) => bytes.toString('utf8', from, to).trim()
  return {
    before: bytes.toString('utf8', 0, words[begin]?.start),
    target: cut(start.end, end(...(set < 0 ? [] : [rest[set]]), joins, where, returning)),
    joins: joins === undefined ? undefined : cut(joins.end, end(where, returning)),
    where: where === undefined ? undefined : cut(where.end, end(returning)),
  }
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Key words that stand in no parentheses, in lower case; all else keeps only its place. */
function outerWords(tokens: readonly ScannedToken[]): Word[] {
  let depth = 0
  return tokens.flatMap(({ text, start, end, keywordKind }) => {
    if (text === ')' || text === ']') depth--
    const isOuter = depth === 0
    if (text === '(' || text === '[') depth++
    return isOuter && text !== ';' ? [{ text: keywordKind > 0 ? text.toLowerCase() : '', start, end }] : []
  })
}
