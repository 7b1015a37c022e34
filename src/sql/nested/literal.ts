import { MappedText } from '../mapped-text.ts'

/**
 * What a string constant says, each character with its place. Where the constant is written with escapes, only its
 * beginning is known.
 */
export function literalText(source: MappedText, start: number, end: number, value: string): MappedText {
  const written = source.text.slice(start, end)
  const found = written.startsWith('$') ? betweenTags(source, start, end) : betweenQuotes(source, start, end)
  return found?.text === value ? found : MappedText.generated(value, source.fileOffset(start))
}

function betweenTags(source: MappedText, start: number, end: number): MappedText {
  const tag = source.text.indexOf('$', start + 1) + 1 - start
  return source.slice(start + tag, end - tag)
}

/** A quote is written twice; any other way of writing ends up with another value. */
function betweenQuotes(source: MappedText, start: number, end: number): MappedText | undefined {
  if (source.text[start] !== "'") return undefined
  const parts: MappedText[] = []
  let from = start + 1
  for (let at = from; at < end - 1; at++) {
    if (source.text[at] !== "'") continue
    parts.push(source.slice(from, at))
    from = ++at // the second of the two stays
  }
  return MappedText.join(...parts, source.slice(from, end - 1))
}
