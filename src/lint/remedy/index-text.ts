import type { StatementScope } from '../scope.ts'
import { StatementText } from './alter-text.ts'
import { wordsLike } from './write.ts'

/** The text of a CREATE INDEX, taken apart. */
export interface IndexText {
  readonly unique: boolean
  /** As written; `undefined` when the server is to choose one. */
  readonly name: string | undefined
  /** From the method or the columns behind the table's name to the end. */
  readonly tail: string
}

export function indexText(scope: StatementScope, tableLocation: number): IndexText {
  const text = new StatementText(scope)
  const { tokens } = text
  const words = tokens.map((token) => token.text.toLowerCase())
  const table = text.inStatement(tableLocation)
  const at = tokens.findIndex(({ start }) => start >= table)
  const on = words.lastIndexOf('on', at)
  const tail = tokens.findIndex(({ text: word, start }) => start > table && (word === '(' || word.toLowerCase() === 'using'))
  const named = !['index', 'concurrently'].includes(words[on - 1] ?? '')
  return {
    unique: words[1] === 'unique',
    name: named ? tokens[on - 1]?.text : undefined,
    tail: text.cut(tokens[tail]?.start ?? 0, tokens.at(-1)?.end ?? 0),
  }
}

/** The statement again, on another table or built in another way; never with IF NOT EXISTS. */
export function createIndex(
  index: IndexText,
  scope: StatementScope,
  { on, name = index.name, concurrent, only = false }: { on: string; name?: string | undefined; concurrent: boolean; only?: boolean },
): string {
  const kw = wordsLike(scope)
  const head = index.unique ? kw`create unique index` : kw`create index`
  return `${head}${concurrent ? kw` concurrently` : ''}${name === undefined ? '' : ` ${name}`}${only ? kw` on only` : kw` on`} ${on} ${index.tail}`
}
