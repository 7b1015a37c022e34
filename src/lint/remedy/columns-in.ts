import type { Node } from '@pgsql/types'
import { wordsOf } from '../../sql/locks/names.ts'
import type { StatementScope } from '../scope.ts'
import { StatementText } from './alter-text.ts'

interface ColumnMention {
  readonly name: string
  /** Whether its table is named with it. */
  readonly isQualified: boolean
  readonly location: number
}

/** The columns that an expression names, in the order of its tree. */
export function columnsIn(node: unknown): ColumnMention[] {
  const found: ColumnMention[] = []
  visit(node, found)
  return found
}

function visit(value: unknown, found: ColumnMention[]): void {
  if (Array.isArray(value)) for (const one of value) visit(one, found)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, content] of Object.entries(value)) {
      if (key === 'ColumnRef') {
        const { fields, location = 0 } = content as { fields?: Node[]; location?: number }
        const words = wordsOf(fields)
        found.push({ name: words.at(-1) ?? '', isQualified: words.length > 1, location })
      } else visit(content, found)
    }
  }
}

/**
 * The text of an expression with `new.` before each column, as a trigger has to write it; `undefined` when it names
 * tables. The bounds count bytes of the statement.
 */
export function inTrigger(node: Node | undefined, scope: StatementScope, start: number, end: number): string | undefined {
  const mentions = columnsIn(node)
  if (mentions.some(({ isQualified }) => isQualified)) return undefined
  const text = new StatementText(scope)
  const places = mentions.map(({ location }) => text.inStatement(location)).sort((one, other) => one - other)
  const cuts = [start, ...places, end]
  return cuts.slice(1).reduce((written, place, index) => {
    const piece = text.raw(cuts[index] ?? start, place)
    return index === 0 ? piece : `${written}new.${piece}`
  }, '')
}
