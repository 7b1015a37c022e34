import { positionFromUtf16, type SourcePosition } from './position.ts'

/** A run of characters that stands in the file as it stands here. */
interface Piece {
  readonly start: number
  readonly length: number
  readonly fileOffset: number
}

/**
 * Text that was cut from a file, put together from several cuts, or wrapped in words of our own, and that still
 * knows where each character stood. Offsets count UTF-16 units.
 */
export class MappedText {
  readonly text: string
  readonly #pieces: readonly Piece[]

  private constructor(text: string, pieces: readonly Piece[]) {
    this.text = text
    this.#pieces = pieces
  }

  /** A part of a file, the whole of it when no bounds are given. */
  static ofFile(file: string, start = 0, end = file.length): MappedText {
    return new MappedText(file.slice(start, end), [{ start: 0, length: end - start, fileOffset: start }])
  }

  /** Text that stands in no file. When a file offset is given, every character points there. */
  static generated(text: string, fileOffset?: number): MappedText {
    return new MappedText(text, fileOffset === undefined ? [] : [{ start: 0, length: 0, fileOffset }])
  }

  static join(...parts: readonly MappedText[]): MappedText {
    let text = ''
    const pieces: Piece[] = []
    for (const part of parts) {
      for (const piece of part.#pieces) pieces.push({ ...piece, start: piece.start + text.length })
      text += part.text
    }
    return new MappedText(text, pieces)
  }

  slice(start: number, end = this.text.length): MappedText {
    const pieces = this.#pieces.flatMap((piece) => {
      const from = Math.max(piece.start, start)
      const to = Math.min(piece.start + piece.length, end)
      const kept = piece.length === 0 ? piece.start >= start && piece.start < end : from < to
      return kept ? [{ start: from - start, length: Math.max(0, to - from), fileOffset: piece.fileOffset + (from - piece.start) }] : []
    })
    return new MappedText(this.text.slice(start, end), pieces)
  }

  /** The same text with its places told in the file of `outer`, when it was itself cut from that text. */
  through(outer: MappedText): MappedText {
    const parts: MappedText[] = []
    let end = 0
    for (const { start, length, fileOffset } of this.#pieces) {
      parts.push(MappedText.generated(this.text.slice(end, start)))
      parts.push(length === 0 ? MappedText.generated('', outer.fileOffset(fileOffset)) : outer.slice(fileOffset, fileOffset + length))
      end = start + length
    }
    return MappedText.join(...parts, MappedText.generated(this.text.slice(end)))
  }

  /** Where a character stood in the file; `undefined` for words of our own. */
  fileOffset(offset: number): number | undefined {
    let nearest: Piece | undefined
    for (const piece of this.#pieces) if (piece.start <= offset) nearest = piece
    if (nearest === undefined) return undefined
    const distance = offset - nearest.start
    if (nearest.length === 0) return nearest.fileOffset
    return distance <= nearest.length ? nearest.fileOffset + distance : undefined
  }

  /** The position in the file of a character here; the file's text must be the one this was cut from. */
  filePosition(file: string, offset: number): SourcePosition | undefined {
    const at = this.fileOffset(offset)
    return at === undefined ? undefined : positionFromUtf16(file, at)
  }
}
