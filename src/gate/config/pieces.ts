import { ReleaseError } from '../../errors.ts'

/** A part of a template: text as it is, or what stands between Jinja's braces. */
export interface Piece {
  readonly kind: 'text' | 'value' | 'statement' | 'comment'
  readonly text: string
  /** Line of its first character, from 1. */
  readonly line: number
}

/** A file that no Jinja stands in is one text. Throws `invalid-template`. */
export function piecesOf(text: string, path: string): readonly Piece[] {
  if (!isRendered(text, path)) return [{ kind: 'text', text, line: 1 }]
  const pieces: Piece[] = []
  let at = 0
  let line = 1
  const add = (kind: Piece['kind'], inner: string, end: number) => {
    if (inner !== '' || kind !== 'text') pieces.push({ kind, text: inner, line })
    line += text.slice(at, end).split('\n').length - 1
    at = end
  }
  while (at < text.length) {
    const open = text.slice(at).search(/\{[{%#]/)
    if (open < 0) {
      add('text', text.slice(at), text.length)
      break
    }
    if (open > 0) add('text', text.slice(at, at + open), at + open)
    const kind = kinds[text[at + 1] as keyof typeof kinds]
    const end = endOf(text, at)
    if (end === undefined) throw invalidTemplate(path, line, 'a brace of Jinja opens here and never closes.')
    const inner = text
      .slice(at + 2, end - 2)
      .replace(/^[-+]|[-+]$/g, '')
      .trim()
    if (kind === 'statement' && inner === 'raw') {
      const close = /\{%[-+]?\s*endraw\s*[-+]?%\}/.exec(text.slice(end))
      if (close === null) throw invalidTemplate(path, line, 'raw opens here and never closes.')
      at = end
      add('text', text.slice(end, end + close.index), end + close.index)
      at += close[0].length
    } else add(kind, inner, end)
  }
  return pieces
}

export function isRendered(text: string, path: string): boolean {
  return /\.(?:j2|jinja2?)$/.test(path) || /\{[{%]/.test(text)
}

export function invalidTemplate(path: string, line: number, problem: string): ReleaseError {
  return new ReleaseError('invalid-template', `${path}:${line}: ${problem}`, {
    hint: 'Env files and Jinja templates of them are read. Where the keys come from elsewhere, name a command that prints them: config-command.',
    at: `${path}:${line}:1`,
  })
}

const kinds = { '{': 'value', '%': 'statement', '#': 'comment' } as const

/** Behind the braces that close; those in a string do not. */
function endOf(text: string, start: number): number | undefined {
  const close = { '{': '}}', '%': '%}', '#': '#}' }[text[start + 1] as keyof typeof kinds]
  let quote: string | undefined
  for (let at = start + 2; at < text.length; at++) {
    const sign = text[at] as string
    if (quote !== undefined) {
      if (sign === '\\') at++
      else if (sign === quote) quote = undefined
    } else if (text.startsWith(close, at)) return at + 2
    else if (close !== '#}' && (sign === "'" || sign === '"')) quote = sign
  }
  return undefined
}
