import { ReleaseError } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { leadingBlank } from '../../sql/parse.ts'
import { positionFromUtf16 } from '../../sql/position.ts'

export type Mark = 'no-transaction' | 'hotfix' | 'major'

/** The `-- shiplock: …` lines of a file, in Ruby `# shiplock: …`. An unknown one is an error: a typo must not change how a file runs. */
export function readMarks(text: string, path: string, known: readonly Mark[], comment: '--' | '#' = '--'): ReadonlySet<Mark> {
  const found = new Set<Mark>()
  const begin = comment === '--' ? leadingBlank(text) : (/^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(text) as RegExpExecArray)[0].length
  const lines = comment === '--' ? /^[ \t]*--[ \t]*shiplock:[ \t]*(.*?)[ \t]*$/gim : /^[ \t]*#[ \t]*shiplock:[ \t]*(.*?)[ \t\r]*$/gim
  for (const match of text.matchAll(lines)) {
    const word = (match[1] as string).toLowerCase()
    const mark = known.find((one) => one === word)
    const { line, column } = positionFromUtf16(text, match.index)
    const at = `${path}:${line}:${column}`
    if (mark === undefined) {
      throw new ReleaseError('invalid-migration', `${at} has an unknown mark, "shiplock: ${word}".${didYouMean(word, known)}`, {
        at,
        hint: `Known marks: ${known.join(', ')}.`,
      })
    }
    if (begin < match.index) {
      throw new ReleaseError('invalid-migration', `${at} stands after the first statement; it would go unseen.`, {
        at,
        hint: 'Move the mark to the top of the file.',
      })
    }
    found.add(mark)
  }
  return found
}

/** A mark as it stands at the top of a file. */
export function markLine(mark: Mark): string {
  return `-- shiplock: ${mark}\n`
}
