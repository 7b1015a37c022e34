import { MappedText } from '../mapped-text.ts'
import { scanTokens } from '../parse.ts'
import type { BodyPart } from './block.ts'

/**
 * Finds the parts of a body in its text, one after the other: PL/pgSQL's parser tells only their lines. Each keeps the
 * words that the parser gives it, and the places where they stand.
 */
export class Locator {
  readonly #body: MappedText
  readonly #lines: readonly number[]
  readonly #starts: ReadonlySet<number>
  #from = 0
  /** Where in the text around the body the part that was located last stands. */
  last: number | undefined

  private constructor(body: MappedText, starts: ReadonlySet<number>) {
    this.#body = body
    this.#starts = starts
    this.#lines = [0, ...[...body.text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  }

  static async of(body: MappedText): Promise<Locator> {
    return new Locator(body, await wordStarts(body.text))
  }

  /** Starts again from the top, for what stands behind the declarations. */
  rewind(): void {
    this.#from = 0
  }

  locate({ kind, query, line }: BodyPart): MappedText {
    const word = kind === 'perform' ? 'perform' : kind === 'commit' || kind === 'rollback' ? kind : ''
    const first = Math.max(this.#from, this.#lines[line - 1] ?? 0)
    const rest = kind === 'perform' ? query.slice('select'.length) : word === '' ? query : ''
    const { text } = this.#body
    for (let at = first; at + word.length + rest.length <= text.length; at++) {
      if (!this.#starts.has(at)) continue
      if (text.slice(at, at + word.length).toLowerCase() !== word || !matches(text, at + word.length, rest)) continue
      const behind = at + word.length
      this.#from = behind + rest.length
      this.last = this.#body.fileOffset(at)
      return MappedText.join(
        MappedText.generated(query.slice(0, query.length - rest.length), this.#body.fileOffset(at)),
        this.#words(rest, behind),
      )
    }
    this.last = this.#body.fileOffset(0)
    return MappedText.generated(query, this.last)
  }

  /** The body's own characters, with blanks where the parser took an INTO out. */
  #words(query: string, at: number): MappedText {
    const parts: MappedText[] = []
    let from = 0
    for (let index = 0; index < query.length; index++) {
      if (query[index] === this.#body.text[at + index]) continue
      parts.push(this.#body.slice(at + from, at + index), MappedText.generated(' '))
      from = index + 1
    }
    return MappedText.join(...parts, this.#body.slice(at + from, at + query.length))
  }
}

function matches(text: string, at: number, query: string): boolean {
  for (let index = 0; index < query.length; index++) {
    const blanked = query[index] === ' ' && index > 0
    if (query[index] !== text[at + index] && !blanked) return false
  }
  return true
}

/** Where words begin: a comment may say the same as a statement. */
async function wordStarts(text: string): Promise<ReadonlySet<number>> {
  const bytes = Buffer.from(text, 'utf8')
  const starts = new Set<number>()
  let byteAt = 0
  let at = 0
  for (const { start } of await scanTokens(text)) {
    at += bytes.toString('utf8', byteAt, start).length
    byteAt = start
    starts.add(at)
  }
  return starts
}
