import type { AlterTableStmt } from '@pgsql/types'
import { tokensOf } from '../../sql/parse.ts'
import type { StatementScope } from '../scope.ts'

/** The text of an ALTER TABLE, taken apart. */
export interface AlterText {
  /** From ALTER to the table's name. */
  readonly head: string
  /** One text for each subcommand. */
  readonly commands: readonly string[]
}

/** `undefined` when the text does not come apart as its tree does. */
export function alterText({ relation, cmds }: AlterTableStmt, scope: StatementScope): AlterText | undefined {
  const text = new StatementText(scope)
  const name = text.tokens.findIndex(({ start }) => start >= text.inStatement(relation?.location ?? 0))
  let behind = name + 1
  while (text.tokens[behind]?.text === '.') behind += 2
  if (text.tokens[behind]?.text === '*' || text.tokens[behind]?.text === ')') behind++
  const groups: { start: number; end: number }[] = []
  let depth = 0
  for (const token of text.tokens.slice(behind)) {
    if (token.text === '(' || token.text === '[') depth++
    if (token.text === ')' || token.text === ']') depth--
    const isSeparator = token.text === ',' && depth === 0
    if (isSeparator || groups.length === 0) groups.push({ start: isSeparator ? token.end : token.start, end: token.end })
    const group = groups.at(-1)
    if (group !== undefined && !isSeparator) group.end = token.end
  }
  if (name < 0 || groups.length !== (cmds ?? []).length) return undefined
  return {
    head: text.cut(0, text.tokens[behind - 1]?.end ?? 0),
    commands: groups.map(({ start, end }) => text.cut(start, end)),
  }
}

/** A statement's text by the parser's locations, which count bytes from the beginning of the whole text. */
export class StatementText {
  readonly tokens: ReturnType<typeof tokensOf>
  readonly #bytes: Buffer
  readonly #before: number

  constructor({ sql, text, statement }: Pick<StatementScope, 'sql' | 'text' | 'statement'>) {
    this.tokens = tokensOf(sql)
    this.#bytes = Buffer.from(sql, 'utf8')
    this.#before = Buffer.byteLength(text.text.slice(0, statement.start), 'utf8')
  }

  /** A location, counted from the beginning of the statement. */
  inStatement(location: number): number {
    return location - this.#before
  }

  /** What stands between two places of the statement, without the blanks and comments around it. */
  cut(start: number, end: number): string {
    const inside = this.tokens.filter((token) => token.start >= start && token.end <= end)
    return this.raw(inside[0]?.start ?? end, inside.at(-1)?.end ?? end)
  }

  raw(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end)
  }

  /** Where the subcommand or item that a location stands in ends: before the next comma, or bracket that closes, of its level. */
  endOfItem(location: number): number {
    const from = this.inStatement(location)
    let depth = 0
    let end = from
    for (const token of this.tokens) {
      if (token.start < from) continue
      if (token.text === '(' || token.text === '[') depth++
      if (token.text === ')' || token.text === ']') depth--
      if (depth < 0 || (depth === 0 && token.text === ',')) break
      end = token.end
    }
    return end
  }

  /** From a location to the end of its subcommand. */
  itemAt(location: number): string {
    return this.cut(this.inStatement(location), this.endOfItem(location))
  }
}
