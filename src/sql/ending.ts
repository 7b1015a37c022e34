/**
 * What is open where a text ends: nothing (`empty`, `complete`), a statement that only lacks its semicolon, or
 * something that no statement may end in.
 */
export type Ending = 'empty' | 'complete' | 'statement' | 'a quoted text' | 'a comment' | 'parentheses' | 'a function body'

/**
 * Reads a text as the server's lexer would (with `standard_conforming_strings` on) and says how it ends. A semicolon
 * inside parentheses (CREATE RULE) or inside BEGIN ATOMIC … END ends no statement, as psql has it.
 */
export function endingOf(sql: string): Ending {
  let ending: 'empty' | 'complete' | 'statement' = 'empty'
  let parentheses = 0
  let blocks = 0
  let words: string[] = []
  for (let at = 0; at < sql.length; ) {
    const { kind, end } = tokenAt(sql, at)
    if (end < 0) return kind === 'a comment' ? 'a comment' : 'a quoted text'
    const token = sql.slice(at, Math.min(end, at + longestKeyword)).toLowerCase()
    at = end
    if (kind === 'blank' || kind === 'a comment') continue
    if (kind === 'word' && words.length < 4) words.push(token)
    if (kind === 'word' && parentheses === 0 && makesRoutine.test(words.join(' '))) blocks = Math.max(0, blocks + nesting(token, blocks))
    if (kind === 'sign' && token === '(') parentheses++
    if (kind === 'sign' && token === ')') parentheses = Math.max(0, parentheses - 1)
    ending = kind === 'sign' && token === ';' && parentheses === 0 && blocks === 0 ? 'complete' : 'statement'
    if (ending === 'complete') words = []
  }
  if (ending !== 'statement') return ending
  return parentheses > 0 ? 'parentheses' : blocks > 0 ? 'a function body' : 'statement'
}

const longestKeyword = 10
const makesRoutine = /^create (?:or replace )?(?:function|procedure)\b/

/** CASE ends with END too, so it counts once a body is open. */
function nesting(word: string, blocks: number): number {
  if (word === 'begin' || (word === 'case' && blocks > 0)) return 1
  return word === 'end' ? -1 : 0
}

interface Token {
  readonly kind: 'blank' | 'a comment' | 'a quoted text' | 'word' | 'sign'
  /** Where it ends; -1 when it never does. */
  readonly end: number
}

const blank = /[ \t\n\v\f\r]+/y
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y

function tokenAt(sql: string, at: number): Token {
  const pair = sql.slice(at, at + 2)
  if (pair === '--') return { kind: 'a comment', end: sql.slice(at).search(/[\r\n]|$/) + at }
  if (pair === '/*') return { kind: 'a comment', end: endOfBlockComment(sql, at) }
  if (pair === "e'" || pair === "E'") return { kind: 'a quoted text', end: endOfEscapeString(sql, at + 1) }
  const sign = pair[0]
  if (sign === "'" || sign === '"') return { kind: 'a quoted text', end: endOfQuote(sql, at, false) }
  const tag = sign === '$' ? match(dollarTag, sql, at) : undefined
  if (tag !== undefined) {
    const close = sql.indexOf(tag, at + tag.length)
    return { kind: 'a quoted text', end: close < 0 ? -1 : close + tag.length }
  }
  const space = match(blank, sql, at)
  if (space !== undefined) return { kind: 'blank', end: at + space.length }
  const name = match(word, sql, at)
  if (name !== undefined) return { kind: 'word', end: at + name.length }
  return { kind: 'sign', end: at + 1 }
}

function match(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at
  return sticky.exec(text)?.[0]
}

/** Block comments nest in PostgreSQL. */
function endOfBlockComment(sql: string, from: number): number {
  let depth = 0
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) depth++
    else if (sql.startsWith('*/', at)) depth--
    else continue
    at++
    if (depth === 0) return at + 1
  }
  return -1
}

const continued = /[ \t\f\v\r]*\n\s*'/y

/** A string goes on after a line break, with the same escapes: E'one' newline 'two\'s'. */
function endOfEscapeString(sql: string, from: number): number {
  let end = endOfQuote(sql, from, true)
  for (let gap = match(continued, sql, end); end >= 0 && gap !== undefined; gap = match(continued, sql, end)) {
    end = endOfQuote(sql, end + gap.length - 1, true)
  }
  return end
}

function endOfQuote(sql: string, from: number, escapes: boolean): number {
  const quote = sql[from]
  for (let at = from + 1; at < sql.length; at++) {
    if (escapes && sql[at] === '\\') at++
    else if (sql[at] === quote && sql[at + 1] === quote) at++
    else if (sql[at] === quote) return at + 1
  }
  return -1
}
