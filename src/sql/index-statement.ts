import { parseStatements, scanTokens } from './parse.ts'

/** A CREATE INDEX, taken apart so that the same index can be described or built elsewhere. */
export interface IndexStatement {
  readonly table: { readonly schema: string | undefined; readonly name: string }
  /** `undefined` when the server is to choose one. */
  readonly name: string | undefined
  readonly unique: boolean
  readonly ifNotExists: boolean
  /** As written, from the method or the columns behind the table's name to the end. */
  readonly tail: string
  /** The key's columns; `undefined` when one of them is an expression. */
  readonly columns: readonly string[] | undefined
  /** What stands behind WHERE, as written. */
  readonly predicate: string | undefined
  readonly nullsDistinct: boolean
}

/** Reads a text that holds one CREATE INDEX; `undefined` for any other text. */
export async function readIndexStatement(sql: string): Promise<IndexStatement | undefined> {
  const parsed = await parseStatements(sql)
  const node = 'problem' in parsed ? undefined : parsed.statements[0]?.node
  if (node === undefined || !('IndexStmt' in node)) return undefined
  const { idxname, relation, indexParams = [], unique, if_not_exists, nulls_not_distinct } = node.IndexStmt
  if (relation?.relname === undefined) return undefined
  const bytes = Buffer.from(sql, 'utf8')
  // the table's name is the last thing before the method or the columns: no keyword and no bracket is part of it
  const tokens = (await scanTokens(sql)).filter(({ start }) => start >= (relation.location ?? 0))
  const start = tokens.find(({ text }) => text === '(' || text.toLowerCase() === 'using')?.start ?? bytes.length
  const end = tokens.findLast(({ text }) => text !== ';')?.end
  const where = outermost(tokens).findLast(({ text }) => text.toLowerCase() === 'where')
  const keys = indexParams.map((param) => ('IndexElem' in param ? param.IndexElem.name : undefined))
  return {
    table: { schema: relation.schemaname, name: relation.relname },
    name: idxname || undefined,
    unique: unique === true,
    ifNotExists: if_not_exists === true,
    tail: bytes.toString('utf8', start, end),
    columns: keys.every((key) => key !== undefined && key !== '') ? (keys as string[]) : undefined,
    predicate: where === undefined ? undefined : bytes.toString('utf8', where.end, end).trim(),
    nullsDistinct: nulls_not_distinct !== true,
  }
}

/** Those that stand in no bracket. */
function outermost<Token extends { readonly text: string }>(tokens: readonly Token[]): readonly Token[] {
  let depth = 0
  return tokens.filter(({ text }) => {
    if (text === '(' || text === '[') depth++
    if (text === ')' || text === ']') depth--
    return depth === 0
  })
}
