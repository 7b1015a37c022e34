import type { RescueSource } from './rescue-source.ts'
import type { Piece } from './restore-pieces.ts'

const newline = 10

/** The bytes of the file as they are made. A line with the tag announces rows, and says how many there must be. */
export async function* rescueBytes(
  source: RescueSource,
  pieces: readonly Piece[],
  tag: string,
  expected: readonly bigint[],
): AsyncGenerator<Buffer> {
  let place = 0
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      yield Buffer.from(`${piece}\n\n`)
      continue
    }
    yield Buffer.from(`-- ${tag} ${expected[place]} rows\n${piece.into}\n`)
    yield* source.rows(piece.select, piece.ownPath)
    yield Buffer.from('\\.\n\n')
    place++
  }
}

/** Counts the rows of each part in the bytes that come back. A row is one line, whatever it holds. */
export class RescueRowCounter {
  readonly counts: bigint[] = []
  readonly #tag: Buffer
  #state: 'outside' | 'opening' | 'rows' = 'outside'
  #line: Buffer = Buffer.alloc(0)
  #count = 0

  constructor(tag: string) {
    this.#tag = Buffer.from(`-- ${tag} `)
  }

  write(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      const end = chunk.indexOf(newline, at)
      if (end < 0) break
      this.#take(this.#line.length === 0 ? chunk.subarray(at, end) : Buffer.concat([this.#line, chunk.subarray(at, end)]))
      this.#line = Buffer.alloc(0)
      at = end + 1
    }
    // a row of megabytes needs only its beginning here
    if (at < chunk.length && this.#line.length < longestLine) this.#line = Buffer.concat([this.#line, chunk.subarray(at)])
  }

  /** Whether the bytes end where no row is open. */
  get isWhole(): boolean {
    return this.#state === 'outside' && this.#line.length === 0
  }

  #take(line: Buffer): void {
    if (this.#state === 'outside' && line.subarray(0, this.#tag.length).equals(this.#tag)) this.#state = 'opening'
    else if (this.#state === 'opening' && line.toString('latin1').endsWith(' from stdin;')) {
      this.#state = 'rows'
      this.#count = 0
    } else if (this.#state === 'rows' && line.equals(end)) {
      this.counts.push(BigInt(this.#count))
      this.#state = 'outside'
    } else if (this.#state === 'rows') this.#count++
  }
}

const end = Buffer.from('\\.')
const longestLine = 1024 * 1024
