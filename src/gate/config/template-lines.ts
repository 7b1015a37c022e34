import { parseCondition } from './condition.ts'
import { tokensOf } from './expression.ts'
import { all, always, any, type Formula, not } from './formula.ts'
import { invalidTemplate, piecesOf } from './pieces.ts'

/** Stands in a line for a value that is filled in. */
export const filledIn = '\u{F8FF}'

/** A line as it would be rendered, and when. */
export interface TemplateLine {
  readonly text: string
  readonly line: number
  /** What is filled in, in the order of the marks for it. */
  readonly values: readonly string[]
  /** Comments of the template itself, which are not rendered. */
  readonly comments: readonly string[]
  readonly when: Formula
  readonly condition: string | undefined
  /** Whether statements stand on it. */
  readonly hasStatement: boolean
}

export interface TemplateText {
  readonly lines: readonly TemplateLine[]
  readonly settled: readonly { readonly name: string; readonly value: boolean }[]
  readonly includes: readonly { readonly name: string | undefined; readonly line: number }[]
}

/** A branch of an `{% if %}` or `{% for %}` that is open. */
interface Branch {
  readonly kind: 'if' | 'for'
  readonly line: number
  /** Conditions of the branches before this one. */
  readonly before: readonly Formula[]
  readonly when: Formula
  readonly condition: string
  /** Of the branches before this one, as they are written. */
  readonly written: readonly string[]
}

interface OpenLine {
  text: string
  line: number
  values: string[]
  comments: string[]
  start: { readonly when: Formula; readonly condition: string | undefined; readonly depth: number } | undefined
  hasStatement: boolean
}

/** What is between these is not part of the output. */
const silent: Readonly<Record<string, string>> = { macro: 'endmacro', set: 'endset', call: 'endcall' }

/** The lines of a template, each with the condition that it stands under. Throws `invalid-template`. */
export function templateLines(text: string, path: string): TemplateText {
  const lines: TemplateLine[] = []
  const settled: { name: string; value: boolean }[] = []
  const includes: { name: string | undefined; line: number }[] = []
  const branches: Branch[] = []
  let ending: string | undefined
  let open: OpenLine | undefined

  for (const { kind, text: inner, line } of piecesOf(text, path)) {
    if (ending !== undefined) {
      if (kind === 'statement' && inner === ending) ending = undefined
    } else if (kind === 'text') takeText(inner, line)
    else if (kind === 'value') takeValue(inner, line)
    else if (kind === 'comment') lineAt(line).comments.push(inner)
    else takeStatement(inner, line)
  }
  if (open !== undefined) flush()
  const [left] = branches
  if (left !== undefined) throw invalidTemplate(path, left.line, `${left.kind} opens here and never ends.`)
  return { lines, settled, includes }

  function takeText(inner: string, line: number): void {
    for (const [index, part] of inner.split(/\r?\n/).entries()) {
      if (index > 0) {
        lineAt(line + index - 1)
        flush()
      }
      const current = lineAt(line + index)
      if (part.trim() !== '') begin(current, line + index)
      current.text += part
    }
  }

  function takeValue(inner: string, line: number): void {
    if (/^(?:if\b|(?:range|with|define|template)\s+[.$"]|(?:else|end)$)/.test(inner))
      throw invalidTemplate(path, line, 'this is a template of another language than Jinja.')
    const current = lineAt(line)
    begin(current, line)
    current.text += filledIn
    current.values.push(inner)
  }

  function takeStatement(inner: string, line: number): void {
    const [word = ''] = inner.split(/\s/)
    const rest = inner.slice(word.length).trim()
    lineAt(line).hasStatement = true
    const ends = ['elif', 'else', 'endif', 'endfor'].includes(word)
    // a line that began in a branch ends with it
    if (ends && open?.start !== undefined && open.start.depth >= branches.length) flush()
    if (word === 'if') branches.push({ kind: 'if', line, before: [], written: [], when: parseCondition(rest), condition: rest })
    else if (word === 'for') branches.push({ kind: 'for', line, before: [], written: [], ...loop(rest) })
    else if (ends) leave(word, rest, line)
    else if (word === 'set' && rest.includes('=')) settle(rest)
    else if (['include', 'extends'].includes(word)) includes.push({ name: tokensOf(rest).find((one) => one.kind === 'string')?.text, line })
    else if (silent[word] !== undefined) ending = silent[word]
  }

  function leave(word: string, rest: string, line: number): void {
    const last = branches.pop()
    if (last === undefined || (word === 'endfor') !== (last.kind === 'for' && word !== 'else'))
      throw invalidTemplate(path, line, `${word} stands here without its beginning.`)
    const next = { ...last, before: [...last.before, last.when], written: [...last.written, last.condition] }
    const none = not(any(next.before))
    if (word === 'elif') branches.push({ ...next, when: all([none, parseCondition(rest)]), condition: rest })
    if (word === 'else') branches.push({ ...next, when: none, condition: `not (${next.written.join(' or ')})` })
  }

  /** A flag that is set whatever else holds. */
  function settle(rest: string): void {
    const [, name, value] = /^(\w+)\s*=\s*(true|false)$/i.exec(rest) ?? []
    if (name !== undefined && value !== undefined && branches.length === 0) settled.push({ name, value: /true/i.test(value) })
  }

  function lineAt(line: number): OpenLine {
    open ??= { text: '', line, values: [], comments: [], start: undefined, hasStatement: false }
    return open
  }

  function begin(current: OpenLine, line: number): void {
    if (current.start !== undefined) return
    const condition = branches.map((one) => one.condition).join(' and ') || undefined
    current.start = { when: all(branches.map(({ when }) => when)), condition, depth: branches.length }
    current.line = line
  }

  function flush(): void {
    const { text: whole, line, values, comments, start, hasStatement } = open as OpenLine
    lines.push({ text: whole, line, values, comments, when: start?.when ?? always, condition: start?.condition, hasStatement })
    open = undefined
  }
}

/** A loop over nothing writes nothing. */
function loop(rest: string): { when: Formula; condition: string } {
  const items = rest
    .slice(rest.search(/\bin\b/) + 2)
    .replace(/\brecursive$/, '')
    .trim()
  const tokens = tokensOf(items)
  if (tokens[0]?.text === '[' && tokens.at(-1)?.text === ']') return { when: tokens.length > 2 ? always : not(always), condition: items }
  const condition = `${items} is not empty`
  return { when: parseCondition(condition), condition }
}
