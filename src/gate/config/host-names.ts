import { ReleaseError } from '../../errors.ts'

/** Names that a source has. What stands behind them was dropped while it was read. */
export interface HostNames {
  readonly names: ReadonlySet<string>
  /** Those with a blank before the `=`: systemd and dotenv take them, a shell and docker do not. */
  readonly spaced: ReadonlySet<string>
}

type State =
  | 'start' // of a line
  | 'name'
  | 'behind-name'
  | 'before-value'
  | 'value'
  | 'escape'
  | 'escaped-return'
  | 'quoted'
  | 'quoted-escape'
  | 'closed-quote'
  | 'rest' // of a line that is no assignment

const longestName = 200

/**
 * Reads names out of an env file, of a list of names, or of a process's environment, byte by byte. A value is never
 * kept, not even for a moment: the reader only knows whether it is inside of one, over lines, quotes and escapes.
 */
export class NameReader {
  #state: State = 'start'
  #quote = 0
  #name = ''
  #assigned = new Set<string>()
  #bare = new Set<string>()
  #spaced = new Set<string>()
  #line = 1
  #openedAt = 1

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === newline) this.#line++
      this.#state = this.#next(byte)
    }
  }

  /** `source` is for people. Throws `config-not-read` where a quote never closes: which names follow it nobody can say. */
  end(source: string): HostNames {
    if (this.#state === 'quoted' || this.#state === 'quoted-escape') {
      throw new ReleaseError(
        'config-not-read',
        `A quote opens on line ${this.#openedAt} of ${source} and never closes: the names behind it are not known.`,
        { hint: 'Close it; or, where the file is for docker, which knows no quotes, name a command that prints its names.' },
      )
    }
    this.#next(newline)
    // in an env file a line without = sets nothing
    return { names: this.#assigned.size > 0 ? this.#assigned : this.#bare, spaced: this.#spaced }
  }

  #next(byte: number): State {
    if (byte === 0) return this.#endOfLine() // between the variables of a process
    switch (this.#state) {
      case 'quoted':
        if (byte === this.#quote) return 'closed-quote'
        return byte === backslash && this.#quote !== singleQuote ? 'quoted-escape' : 'quoted'
      case 'quoted-escape':
        return 'quoted'
      case 'escape':
        return byte === carriageReturn ? 'escaped-return' : 'value'
      case 'escaped-return':
        if (byte === newline) return 'value'
    }
    if (byte === newline || byte === carriageReturn) return this.#endOfLine()
    const blank = byte === space || byte === tab
    switch (this.#state) {
      case 'start':
        if (blank || byteOrderMark.includes(byte)) return 'start'
        this.#name = ''
        return this.#intoName(byte)
      case 'name':
        if (byte === equals) return this.#assign(false)
        return blank ? 'behind-name' : this.#intoName(byte)
      case 'behind-name':
        if (blank) return 'behind-name'
        if (byte === equals) return this.#assign(true)
        if (this.#name === 'export') {
          this.#name = ''
          return this.#intoName(byte)
        }
        if (byte === hash) this.#endOfLine()
        return 'rest'
      case 'before-value':
      case 'closed-quote':
        if (quotes.includes(byte)) {
          this.#quote = byte
          this.#openedAt = this.#line
          return 'quoted'
        }
        if (blank) return this.#state === 'before-value' ? 'before-value' : 'rest'
        return byte === backslash ? 'escape' : 'value'
      case 'value':
      case 'escaped-return':
        return byte === backslash ? 'escape' : 'value'
      default:
        return 'rest'
    }
  }

  #intoName(byte: number): State {
    const sign = String.fromCharCode(byte)
    const fits = this.#name === '' ? /[A-Za-z_]/.test(sign) : /[\w.-]/.test(sign)
    if (!fits || this.#name.length >= longestName) return 'rest'
    this.#name += sign
    return 'name'
  }

  #assign(spaced: boolean): State {
    this.#assigned.add(this.#name)
    if (spaced) this.#spaced.add(this.#name)
    return 'before-value'
  }

  #endOfLine(): State {
    if (this.#state === 'name' || this.#state === 'behind-name') this.#bare.add(this.#name)
    this.#name = ''
    return 'start'
  }
}

/** The names of several sources together. */
export function unionOf(all: readonly HostNames[]): HostNames {
  return {
    names: new Set(all.flatMap(({ names }) => [...names])),
    spaced: new Set(all.flatMap(({ spaced }) => [...spaced])),
  }
}

const [tab, newline, carriageReturn, space, hash, equals, backslash, singleQuote] = [9, 10, 13, 32, 35, 61, 92, 39] as const
const quotes = [34, singleQuote, 96]
const byteOrderMark = [0xef, 0xbb, 0xbf]
