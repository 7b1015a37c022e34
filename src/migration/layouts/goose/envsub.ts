import { ReleaseError } from '../../../errors.ts'
import { MappedText } from '../../../sql/mapped-text.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** A part of the file, by its bounds, with the way to name a place in it. */
interface Passage {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly placeOf: (offset: number) => string
}

/**
 * Puts the values of variables into one line, as goose does after `-- +goose ENVSUB ON`; what it puts in points at
 * the dollar sign. The first variable without a value is returned as an error, since goose would quietly put nothing.
 * Throws `invalid-migration` where goose fails, and `unsupported-migration` for `${NAME:offset}`.
 * https://github.com/mfridman/interpolate
 */
export function substitute(passage: Passage, variables: Variables): { text: MappedText; missing: ReleaseError | undefined } {
  const expansion = new Expansion(passage, variables)
  return { text: expansion.read(), missing: expansion.missing }
}

const identifier = /\p{L}[\p{L}\p{N}_]*/uy
const substring = /:\s*[+-]?\d+\s*(?::\s*[+-]?\d+\s*)?\}/y

class Expansion {
  missing: ReleaseError | undefined
  readonly #passage: Passage
  readonly #variables: Variables
  #at: number

  constructor(passage: Passage, variables: Variables) {
    this.#passage = passage
    this.#variables = variables
    this.#at = passage.start
  }

  /** Reads to the end, or up to the brace that closes a default. */
  read(stop?: '}'): MappedText {
    const { file, end } = this.#passage
    const parts: MappedText[] = []
    let plainFrom = this.#at
    const keep = () => {
      if (plainFrom < this.#at) parts.push(MappedText.ofFile(file, plainFrom, this.#at))
    }
    const replace = (length: number, part: () => MappedText) => {
      keep()
      this.#at += length
      parts.push(part())
      plainFrom = this.#at
    }
    while (this.#at < end && file[this.#at] !== stop) {
      const from = this.#at
      const pair = file.slice(from, Math.min(from + 2, end))
      if (pair === '\\\\' || pair === '$(') this.#at += 2
      else if (pair === '$$' || pair === '\\$') replace(2, () => MappedText.generated('$', from))
      else if (pair.length === 2 && pair[0] === '$') replace(1, () => this.#variable(from))
      else this.#at++
    }
    keep()
    return MappedText.join(...parts)
  }

  /** What stands after a dollar sign: `NAME` or `{NAME…}`. */
  #variable(from: number): MappedText {
    const braced = this.#skip('{')
    const name = this.#match(identifier)
    if (name === undefined) throw this.#invalid(from, 'is followed by no name of a variable')
    const value = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined
    if (!braced || this.#skip('}')) return this.#valueOf(name, value, from)
    if (this.#skip(':-')) return this.#orDefault(value || undefined, from)
    if (this.#skip('-')) return this.#orDefault(value, from)
    if (this.#skip('?')) {
      const reason = this.read('}').text
      this.#close(from)
      return this.#valueOf(name, value, from, reason)
    }
    if (this.#match(substring) !== undefined) throw this.#unsupported(from)
    throw this.#invalid(from, `is not closed as \${${name}}, \${${name}:-default}, \${${name}-default} or \${${name}?reason}`)
  }

  #orDefault(value: string | undefined, from: number): MappedText {
    const missing = this.missing
    const given = this.read('}')
    this.#close(from)
    if (value === undefined) return given
    this.missing = missing // a default that is not used may lack variables of its own
    return MappedText.generated(value, from)
  }

  #valueOf(name: string, value: string | undefined, from: number, reason = ''): MappedText {
    if (value === undefined) {
      const at = this.#passage.placeOf(from)
      this.missing ??= new ReleaseError(
        'missing-variable',
        `${at} needs the environment variable ${name}, which is not set${reason && `: ${reason}`}.`,
        {
          at,
          hint: `Set ${name} in the step that runs this, or give it a default in the file: \${${name}:-default}. A .env file is read by goose alone.`,
        },
      )
    }
    return MappedText.generated(value ?? '', from)
  }

  #skip(expected: string): boolean {
    const { file, end } = this.#passage
    if (this.#at + expected.length > end || !file.startsWith(expected, this.#at)) return false
    this.#at += expected.length
    return true
  }

  #match(sticky: RegExp): string | undefined {
    const { file, end } = this.#passage
    sticky.lastIndex = this.#at
    const found = sticky.exec(file)?.[0]
    if (found === undefined || this.#at + found.length > end) return undefined
    this.#at += found.length
    return found
  }

  #close(from: number): void {
    if (!this.#skip('}')) throw this.#invalid(from, 'has no closing brace on its line')
  }

  #invalid(from: number, problem: string): ReleaseError {
    const at = this.#passage.placeOf(from)
    return new ReleaseError('invalid-migration', `${at}: under ENVSUB ON this dollar sign ${problem}.`, {
      at,
      hint: 'Write $$ for a dollar sign that stays, or put "-- +goose ENVSUB OFF" before the line.',
    })
  }

  #unsupported(from: number): ReleaseError {
    const at = this.#passage.placeOf(from)
    const form = this.#passage.file.slice(from, this.#at)
    return new ReleaseError('unsupported-migration', `${at}: ${form} cuts a part out of a variable, which Shiplock does not do.`, {
      at,
      hint: 'Give the part a variable of its own.',
    })
  }
}
