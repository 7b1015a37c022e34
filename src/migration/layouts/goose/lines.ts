/** A line of a file: `end` stands before a carriage return, `newline` before the line feed, `next` behind it. */
export interface Line {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly newline: number
  readonly next: number
}

export function* linesOf(file: string): Generator<Line> {
  for (let start = 0; start < file.length; ) {
    const found = file.indexOf('\n', start)
    const newline = found < 0 ? file.length : found
    const end = newline > start && file[newline - 1] === '\r' ? newline - 1 : newline
    const next = Math.min(newline + 1, file.length)
    yield { text: file.slice(start, end), start, end, newline, next }
    start = next
  }
}

export const annotations = ['Up', 'Down', 'StatementBegin', 'StatementEnd', 'NO TRANSACTION', 'ENVSUB ON', 'ENVSUB OFF'] as const

export type Annotation = (typeof annotations)[number]

/** The annotation on a line, what is wrong with it, or `undefined` when the line has none. */
export function readAnnotation(line: string): Annotation | { readonly problem: string; readonly words?: string } | undefined {
  if (!line.includes('+goose') || !isComment(line)) return undefined
  if (line.startsWith(' ') || line.startsWith('\t'))
    return { problem: 'is indented; goose reads an annotation only at the start of its line.' }
  const words = trimSpace(line.replaceAll('--', '').replace('+goose', ''))
  if (words.includes('+goose')) return { problem: 'holds "+goose" twice.' }
  if (words === '') return { problem: 'holds "+goose" and no annotation.' }
  const found = annotations.find((name) => new RegExp(`^${name}$`, 'iu').test(words))
  return found ?? { problem: `holds an annotation that goose does not know, "${words}".`, words }
}

export function isComment(line: string): boolean {
  return trimSpace(line).startsWith('--')
}

export function isBlank(text: string): boolean {
  return trimSpace(text) === ''
}

/** Whether goose takes a line for the last of a statement: by its last word before one that begins with dashes. */
export function endsWithSemicolon(line: string): boolean {
  let last = ''
  for (const word of line.split(spaces)) {
    if (word.startsWith('--')) break
    if (word !== '') last = word
  }
  return last.endsWith(';')
}

/** What Go counts as white space: not quite what JavaScript does. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/
const spaces = new RegExp(`${space.source}+`)

/** How much white space a text begins with. */
export function leadingSpace(text: string): number {
  let length = 0
  while (length < text.length && space.test(text[length] as string)) length++
  return length
}

/** How much white space a text ends with. */
export function trailingSpace(text: string): number {
  let length = 0
  while (length < text.length && space.test(text[text.length - 1 - length] as string)) length++
  return length
}

function trimSpace(text: string): string {
  const start = leadingSpace(text)
  return text.slice(start, Math.max(start, text.length - trailingSpace(text)))
}
