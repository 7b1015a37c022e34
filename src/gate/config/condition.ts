import { type Token, textOf, tokensOf } from './expression.ts'
import { type Atom, all, any, type Formula, not } from './formula.ts'

/** The condition of an `{% if %}`. A part that is not understood stays a question with its own text. */
export function parseCondition(text: string): Formula {
  const tokens = tokensOf(text)
  const reader = new Reader(tokens)
  try {
    const formula = reader.either()
    if (reader.isAtEnd) return formula
  } catch (error) {
    if (!(error instanceof Unclear)) throw error
  }
  return opaque(tokens)
}

class Unclear extends Error {}

/** Filters that leave it clear which variable is asked about. */
const plainFilters = ['default', 'd', 'bool', 'lower', 'trim', 'string']

interface Operand {
  readonly tokens: readonly Token[]
  readonly variable?: string
  readonly literal?: string | boolean
  readonly list?: readonly string[]
}

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  either(): Formula {
    const parts = [this.#both()]
    while (this.#take('or')) parts.push(this.#both())
    return any(parts)
  }

  #both(): Formula {
    const parts = [this.#negated()]
    while (this.#take('and')) parts.push(this.#negated())
    return all(parts)
  }

  #negated(): Formula {
    return this.#take('not') ? not(this.#negated()) : this.#comparison()
  }

  #comparison(): Formula {
    const inBrackets = this.#brackets()
    if (inBrackets !== undefined) return inBrackets
    const left = this.#operand()
    if (this.#take('==')) return equality(left, this.#operand())
    if (this.#take('!=')) return not(equality(left, this.#operand()))
    if (this.#take('is')) return this.#test(left)
    const negative = this.#peek(1) === 'in' && this.#take('not')
    if (this.#take('in')) {
      const member = membership(left, this.#operand())
      return negative ? not(member) : member
    }
    const sign = this.#peek()
    if (sign !== undefined && ['<', '>', '<=', '>='].includes(sign)) {
      this.#at++
      return opaque([...left.tokens, { kind: 'sign', text: sign }, ...this.#operand().tokens])
    }
    return truth(left)
  }

  /** A condition in brackets; `undefined` when they are part of a value. */
  #brackets(): Formula | undefined {
    const start = this.#at
    if (!this.#take('(')) return undefined
    try {
      const inner = this.either()
      const next = this.#take(')') ? (this.#peek() ?? 'end') : undefined
      if (next !== undefined && ['end', ')', 'and', 'or'].includes(next)) return inner
    } catch (error) {
      if (!(error instanceof Unclear)) throw error
    }
    this.#at = start
    return undefined
  }

  #test(left: Operand): Formula {
    const negative = this.#take('not')
    const [test, ...rest] = this.#operand().tokens
    const says = rest.length > 0 ? opaque([...left.tokens, word('is'), test as Token, ...rest]) : named(left, test?.text ?? '')
    return negative ? not(says) : says
  }

  #operand(): Operand {
    const start = this.#at
    let depth = 0
    for (; !this.isAtEnd; this.#at++) {
      const { kind, text } = this.#tokens[this.#at] as Token
      if (kind === 'string') continue
      if ('([{'.includes(text)) depth++
      else if (depth > 0 && ')]}'.includes(text)) depth--
      else if (depth === 0 && ends.includes(text)) break
    }
    const tokens = this.#tokens.slice(start, this.#at)
    if (tokens.length === 0 || this.#peek() === 'if' || depth > 0) throw new Unclear()
    return describe(tokens)
  }

  #peek(ahead = 0): string | undefined {
    const token = this.#tokens[this.#at + ahead]
    return token?.kind === 'string' ? undefined : token?.text
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#at++
    return true
  }
}

const ends = ['and', 'or', 'not', 'in', 'is', 'if', 'else', '==', '!=', '<', '>', '<=', '>=', ')']

function describe(tokens: readonly Token[]): Operand {
  const [first] = tokens
  if (tokens.length === 1 && first?.kind === 'string') return { tokens, literal: first.text }
  if (tokens.length === 1 && first?.kind === 'number') return { tokens, literal: first.text }
  if (tokens.length === 1 && /^(?:true|false)$/i.test(first?.text ?? '')) return { tokens, literal: /^true$/i.test(first?.text ?? '') }
  if (first?.text === '[' || (first?.text === '(' && first.kind === 'sign')) {
    const inner = tokens.slice(1, -1)
    const isList = inner.every((one, index) => (index % 2 === 0 ? ['string', 'number'].includes(one.kind) : one.text === ','))
    return isList ? { tokens, list: inner.filter((_, index) => index % 2 === 0).map(({ text }) => text) } : { tokens }
  }
  const pipe = tokens.findIndex(({ kind, text }) => kind === 'sign' && text === '|')
  const path = pipe < 0 ? tokens : tokens.slice(0, pipe)
  const filters = tokens.filter((_, index) => index > 0 && tokens[index - 1]?.text === '|' && tokens[index - 1]?.kind === 'sign')
  const isPath = path.every(({ kind, text }) => kind === 'name' || kind === 'string' || kind === 'number' || '.[]'.includes(text))
  const isPlain = isPath && first?.kind === 'name' && filters.every(({ text }) => plainFilters.includes(text))
  return isPlain ? { tokens, variable: textOf(path) } : { tokens }
}

function truth({ tokens, variable, literal, list }: Operand): Formula {
  if (literal !== undefined) return { kind: 'known', value: literal !== '' && literal !== '0' && literal !== false }
  if (list !== undefined) return { kind: 'known', value: list.length > 0 }
  return variable === undefined ? opaque(tokens) : { kind: 'atom', text: variable, about: { variable, says: 'true' } }
}

function equality(left: Operand, right: Operand): Formula {
  const [subject, other] = left.variable === undefined ? [right, left] : [left, right]
  const { variable } = subject
  const { literal } = other
  if (variable === undefined || literal === undefined) return opaque([...left.tokens, { kind: 'sign', text: '==' }, ...right.tokens])
  if (typeof literal === 'boolean') return literal ? truth(subject) : not(truth(subject))
  return equals(variable, literal)
}

function equals(variable: string, literal: string): Atom {
  return { kind: 'atom', text: `${variable} == '${literal}'`, about: { variable, says: { equals: literal } } }
}

function membership(left: Operand, right: Operand): Formula {
  const { variable } = left
  if (variable === undefined || right.list === undefined) return opaque([...left.tokens, word('in'), ...right.tokens])
  return any(right.list.map((one) => equals(variable, one)))
}

function named(left: Operand, test: string): Formula {
  const { variable } = left
  if (variable !== undefined && test === 'defined')
    return { kind: 'atom', text: `${variable} is defined`, about: { variable, says: 'defined' } }
  if (variable !== undefined && test === 'undefined') return not(named(left, 'defined'))
  if (test === 'true' || test === 'truthy') return truth(left)
  if (test === 'false' || test === 'falsy') return not(truth(left))
  return opaque([...left.tokens, word('is'), word(test)])
}

function opaque(tokens: readonly Token[]): Atom {
  return { kind: 'atom', text: textOf(tokens) }
}

function word(text: string): Token {
  return { kind: 'name', text }
}
