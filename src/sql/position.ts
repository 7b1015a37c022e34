/** A place in a text. Offsets count UTF-16 units, as JavaScript does; line and column start at 1. */
export interface SourcePosition {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** The parser counts bytes of UTF-8 for statements. */
export function positionFromBytes(text: string, byteOffset: number): SourcePosition {
  return positionFromUtf16(text, utf16FromBytes(text, byteOffset))
}

/** The server and the parser's errors count characters, that is code points, from 0. */
export function positionFromCodePoints(text: string, codePoints: number): SourcePosition {
  return positionFromUtf16(text, utf16FromCodePoints(text, codePoints))
}

export function positionFromUtf16(text: string, offset: number): SourcePosition {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { offset, line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 }
}

export function utf16FromCodePoints(text: string, codePoints: number): number {
  let offset = 0
  for (let seen = 0; seen < codePoints && offset < text.length; seen++) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1
  }
  return offset
}

function utf16FromBytes(text: string, byteOffset: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byteOffset).toString('utf8').length
}
