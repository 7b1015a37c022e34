import type { ReleaseError } from '../../../errors.ts'
import { type Ending, endingOf } from '../../../sql/ending.ts'
import { MappedText } from '../../../sql/mapped-text.ts'
import { substitute, type Variables } from './envsub.ts'
import { isBlank, type Line, leadingSpace, trailingSpace } from './lines.ts'

/** Space to Go that is none to the server, such as a no-break space that was copied from a page. */
const foreignSpace = /[^ \t\n\f\r]/

/** The SQL of one direction, gathered line by line as goose sends it. */
export class Section {
  readonly #file: string
  readonly #placeOf: (offset: number) => string
  readonly #variables: Variables
  readonly #parts: MappedText[] = []
  /** A stretch of the file that is taken over as it stands. */
  #run: { start: number; end: number } | undefined
  /** How far the file has been taken over. */
  #fileEnd = 0
  #missing: ReleaseError | undefined
  #joined: MappedText | undefined
  #unfinished: { readonly lines: string[]; start: number; isBlank: boolean } | undefined
  hasStatements = false

  constructor(file: string, placeOf: (offset: number) => string, variables: Variables) {
    this.#file = file
    this.#placeOf = placeOf
    this.#variables = variables
  }

  /** Whether goose has gathered any line of a statement, be it a blank one. */
  get isGathering(): boolean {
    return this.#unfinished !== undefined
  }

  /** Where a statement begins that has not ended. */
  get unfinishedAt(): number | undefined {
    return this.#unfinished?.isBlank === false ? this.#unfinished.start : undefined
  }

  /** True when a variable without a value leaves open what the text says. */
  get isIncomplete(): boolean {
    return this.#missing !== undefined
  }

  /** The whole text. Throws `missing-variable`: only a migration that is to run needs its variables. */
  sql(): MappedText {
    if (this.#missing !== undefined) throw this.#missing
    this.#endRun()
    this.#joined ??= joinAll(this.#parts)
    return this.#joined
  }

  /** A comment or an empty line between statements, which goose leaves out. */
  keep(line: Line): void {
    this.#copy(afterForeignSpace(line), line.next)
  }

  /** A line of a statement; goose drops a carriage return at its end. Returns it with its variables replaced. */
  add(line: Line, substitutes: boolean): string {
    this.#unfinished ??= { lines: [], start: line.start, isBlank: true }
    const statement = this.#unfinished
    const from = statement.isBlank ? afterForeignSpace(line) : line.start
    const text = substitutes && line.text.includes('$') ? this.#substitute(from, line) : this.#take(from, line)
    this.#copy(line.newline, line.next)
    statement.lines.push(text + this.#file.slice(line.newline, line.next))
    if (statement.isBlank && !isBlank(text)) Object.assign(statement, { start: from, isBlank: false })
    return text
  }

  /**
   * Ends the statement, with a semicolon where goose sent it without one. Returns what the server would find open,
   * if anything.
   */
  finish(): Exclude<Ending, 'empty' | 'complete' | 'statement'> | undefined {
    if (this.#unfinished === undefined) return undefined
    const gathered = this.#unfinished.lines.join('')
    const sent = gathered.slice(0, gathered.length - trailingSpace(gathered))
    if (foreignSpace.test(gathered.slice(sent.length))) {
      this.#dropEnd(gathered.length - sent.length)
      this.#insert('\n')
    }
    const ending = endingOf(sent)
    if (ending !== 'empty') this.hasStatements = true
    if (ending === 'statement') this.#insert('\n;\n')
    this.#unfinished = undefined
    return ending === 'empty' || ending === 'complete' || ending === 'statement' || this.isIncomplete ? undefined : ending
  }

  #take(from: number, line: Line): string {
    this.#copy(from, line.end)
    return this.#file.slice(from, line.end)
  }

  #substitute(from: number, line: Line): string {
    const { text, missing } = substitute({ file: this.#file, start: from, end: line.end, placeOf: this.#placeOf }, this.#variables)
    this.#missing ??= missing
    this.#endRun()
    this.#parts.push(text)
    this.#fileEnd = line.end
    return text.text
  }

  #copy(start: number, end: number): void {
    if (start === end) return
    this.#fileEnd = end
    if (this.#run?.end === start) this.#run.end = end
    else {
      this.#endRun()
      this.#run = { start, end }
    }
  }

  /** Takes white space away that goose does not send, and the server would not take for space. */
  #dropEnd(length: number): void {
    this.#endRun()
    for (let left = length; left > 0; ) {
      const last = this.#parts.pop()
      if (last === undefined) return
      if (last.text.length > left) this.#parts.push(last.slice(0, last.text.length - left))
      left -= last.text.length
    }
  }

  #insert(text: string): void {
    this.#endRun()
    this.#parts.push(MappedText.generated(text, this.#fileEnd))
  }

  #endRun(): void {
    if (this.#run !== undefined) this.#parts.push(MappedText.ofFile(this.#file, this.#run.start, this.#run.end))
    this.#run = undefined
  }
}

/** Where a line begins for goose, when that is not where it begins for the server. */
function afterForeignSpace(line: Line): number {
  const length = leadingSpace(line.text)
  return foreignSpace.test(line.text.slice(0, length)) ? line.start + length : line.start
}

/** A call takes only so many arguments. */
function joinAll(parts: readonly MappedText[]): MappedText {
  const batch = 10_000
  const joined: MappedText[] = []
  for (let from = 0; from < parts.length; from += batch) joined.push(MappedText.join(...parts.slice(from, from + batch)))
  return MappedText.join(...joined)
}
