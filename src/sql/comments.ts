import { scanComments } from './parse.ts'

/** A comment of a text; offsets count UTF-16 units. */
export interface Comment {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The comments of a text, those inside of quoted texts left out. A text that even the scanner refuses has none. */
export async function commentsOf(text: string): Promise<readonly Comment[]> {
  const bytes = Buffer.from(text, 'utf8')
  const utf16 = (offset: number) => bytes.toString('utf8', 0, offset).length
  return (await scanComments(text)).map(({ start, end }) => ({
    text: bytes.toString('utf8', start, end),
    start: utf16(start),
    end: utf16(end),
  }))
}
