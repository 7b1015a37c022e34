import { hasDefault } from './expression.ts'
import { all, type Formula } from './formula.ts'
import type { Contract, KeyLine } from './key-line.ts'
import { joinMarks, type Marks, marksIn, noMarks } from './marks.ts'
import { isRendered } from './pieces.ts'
import { filledIn, type TemplateLine, templateLines } from './template-lines.ts'

/**
 * The keys of an env template, with or without Jinja. Values are looked at for one thing: whether a line brings one of
 * its own. Throws `invalid-template`.
 */
export function readTemplate(path: string, text: string): Contract {
  const template = templateLines(text.replace(/^\uFEFF/, ''), path)
  const rendered = isRendered(text, path)
  const keys: KeyLine[] = []
  const patterns: RegExp[] = []
  const notes: string[] = []
  let above = nothing
  for (let index = 0; index < template.lines.length; index++) {
    const line = template.lines[index] as TemplateLine
    const at = `${path}:${line.line}`
    const own = commentsOf(line, at)
    const assignment = /^\s*(?:export\s+)?([A-Za-z_\u{F8FF}][\w.\u{F8FF}]*)[ \t]*=(.*)$/su.exec(line.text)
    const mention = mentioned.exec(line.text)
    if (assignment !== null) {
      const [, name = '', value = ''] = assignment
      const marks = joinMarks(above.marks, own.marks)
      const trailing = /(?:^|\s)#\s?(.*)$/.exec(unquoted(value))?.[1] ?? ''
      const behind = marksIn(trailing, at)
      if (name.includes(filledIn)) patterns.push(patternOf(name))
      else {
        const need = isOptional(above.words, trailing, value) || (rendered && bringsDefault(line, name)) ? 'optional' : 'required'
        keys.push(keyLine({ name, need, marks: behind === undefined ? marks : joinMarks(marks, behind), comment: above.words, line, path }))
      }
      index = lastLineOf(template.lines, index, value)
      above = nothing
    } else if (mention !== null) {
      keys.push({
        ...keyLine({ name: mention[1] as string, need: 'optional', marks: above.marks, comment: above.words, line, path }),
        mentioned: true,
      })
      above = nothing
    } else if (/^\s*#/.test(line.text) || (line.text.trim() === '' && line.comments.length > 0))
      above = { marks: joinMarks(above.marks, own.marks), words: [...above.words, ...own.words] }
    else {
      above = nothing
      if (line.values.length > 0) notes.push(`${at} writes lines that only a rendering shows.`)
    }
  }
  const unreadFiles = template.includes.map(({ name, line }) => name ?? `the file that ${path}:${line} includes`)
  return { lines: keys, patterns, settled: template.settled, notes, unreadFiles }
}

interface Comments {
  readonly marks: Marks
  readonly words: readonly string[]
}

const nothing: Comments = { marks: noMarks, words: [] }

/** A key that is commented out, and not a sentence about one. */
const mentioned = /^\s*#\s?(?:export\s+)?([A-Z_][A-Z0-9_]*)=(?:\S*|"[^"]*"|'[^']*')(?:\s+#.*)?\s*$/

function commentsOf({ text, comments }: TemplateLine, at: string): Comments {
  const all = [...comments, ...(/^\s*#/.test(text) ? [text.replace(/^\s*#+\s?/, '')] : [])].flatMap((one) => one.split('\n'))
  let found = nothing
  for (const one of all.map((text) => text.trim())) {
    const marks = marksIn(one, at)
    if (marks !== undefined) found = { ...found, marks: joinMarks(found.marks, marks) }
    else if (one !== '' && !/^(?:export\s+)?[A-Za-z_]\w*\s*=/.test(one)) found = { ...found, words: [...found.words, withoutValues(one)] }
  }
  return found
}

/** A sentence may show an assignment, with a value that goes to its end. */
function withoutValues(text: string): string {
  return text.replace(/\b([A-Z_][A-Z0-9_]*)\s*=.*$/, '$1=…')
}

interface Given {
  readonly name: string
  readonly need: KeyLine['need']
  readonly marks: Marks
  readonly comment: readonly string[]
  readonly line: TemplateLine
  readonly path: string
}

function keyLine({ name, need, marks, comment, line, path }: Given): KeyLine {
  const condition = [line.condition, ...marks.when.map((key) => `the host has ${key}`)].filter(Boolean).join(' and ') || undefined
  const when = all([line.when, ...marks.when.map(hasKey)])
  return { name, need: marks.need ?? need, when, condition, aliases: marks.aliases, path, line: line.line, comment }
}

export function hasKey(key: string): Formula {
  return { kind: 'atom', text: `the host has ${key}`, key }
}

/** A value that nobody has to give: each part of it that is filled in has a default. */
function bringsDefault({ values, text }: TemplateLine, name: string): boolean {
  const inValue = values.slice(text.slice(0, text.indexOf(name) + name.length).split(filledIn).length - 1)
  return inValue.length > 0 && inValue.every(hasDefault)
}

function isOptional(above: readonly string[], trailing: string, value: string): boolean {
  const isEmpty = /^\s*(?:""|''|)\s*(?:#.*)?$/.test(value)
  const says = (text: string) => /\boptional\b/i.test(text) && !/\b(?:not|no longer|never|isn't) optional\b/i.test(text)
  if (says(trailing)) return true
  return above.some((line) => says(line) && (isEmpty || /^\W*optional\b|\(optional\)|\boptional\W*$/i.test(line)))
}

/** What follows a value that stands in quotes, else the whole. */
function unquoted(value: string): string {
  return value.replace(/^\s*(?:"(?:\\.|[^"\\])*"|'[^']*')/, '')
}

/** Where the value ends that begins on a line: a quote may close on a later one. */
function lastLineOf(lines: readonly TemplateLine[], first: number, value: string): number {
  const quote = /^\s*(["'`])/.exec(value)?.[1]
  if (quote === undefined || closes(value.trimStart().slice(1), quote)) return first
  for (let index = first + 1; index < lines.length; index++) if (closes((lines[index] as TemplateLine).text, quote)) return index
  return first // no quote at all, as in a sentence
}

function closes(text: string, quote: string): boolean {
  return (quote === "'" ? text : text.replace(/\\./g, '')).includes(quote)
}

function patternOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.').replaceAll(filledIn, '.+')}$`)
}
