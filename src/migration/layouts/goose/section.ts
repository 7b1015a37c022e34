import type { ReleaseError } from '../../../errors.ts'
import { type Ending, endingOf } from '../../../sql/ending.ts'
import { MappedText } from '../../../sql/mapped-text.ts'
import { substitute, type Variables } from './envsub.ts'
import type { Line } from './lines.ts'

/** The SQL of one direction, gathered line by line as goose sends it. */
export class Section {
  readonly #file: string
  readonly #placeOf: (offset: number) => string
  readonly #variables: Variables
  readonly #parts: MappedText[] = []
  /** A stretch of the file that is taken over as it stands. */
  #run: { start: number; end: number } | undefined
  #missing: ReleaseError | undefined
  /** What goose has gathered of a statement, and where that begins. */
  unfinished: { readonly text: string; readonly start: number } | undefined
  hasStatements = false

  constructor(file: string, placeOf: (offset: number) => string, variables: Variables) {
    this.#file = file
    this.#placeOf = placeOf
    this.#variables = variables
  }

  /** True when a variable without a value leaves open what the text says. */
  get isIncomplete(): boolean {
    return this.#missing !== undefined
  }

  /** The whole text. Throws `missing-variable`: only a migration that is to run needs its variables. */
  sql(): MappedText {
    if (this.#missing !== undefined) throw this.#missing
    this.#endRun()
    return MappedText.join(...this.#parts)
  }

  /** A comment or an empty line between statements, which goose leaves out. */
  keep(line: Line): void {
    this.#copy(line.start, line.next)
  }

  /** A line of a statement; goose drops a carriage return at its end. Returns it with its variables replaced. */
  add(line: Line, substitutes: boolean): string {
    const text = substitutes ? this.#substituted(line) : this.#copied(line)
    const start = this.unfinished?.start ?? line.start
    this.unfinished = { text: `${this.unfinished?.text ?? ''}${text}\n`, start }
    return text
  }

  /**
   * Ends the statement, with a semicolon where goose sent it without one. Returns what the server would find open,
   * if anything.
   */
  finish(): Exclude<Ending, 'empty' | 'complete' | 'statement'> | undefined {
    if (this.unfinished === undefined) return undefined
    const ending = endingOf(this.unfinished.text)
    if (ending !== 'empty') this.hasStatements = true
    if (ending === 'statement') this.#insert('\n;\n')
    this.unfinished = undefined
    return ending === 'empty' || ending === 'complete' || ending === 'statement' || this.isIncomplete ? undefined : ending
  }

  #copied(line: Line): string {
    this.#copy(line.start, line.end)
    this.#copy(line.newline, line.next)
    return line.text
  }

  #substituted(line: Line): string {
    const { text, missing } = substitute({ file: this.#file, start: line.start, end: line.end, placeOf: this.#placeOf }, this.#variables)
    this.#missing ??= missing
    this.#endRun()
    this.#parts.push(text)
    this.#copy(line.newline, line.next)
    return text.text
  }

  #copy(start: number, end: number): void {
    if (start === end) return
    if (this.#run?.end === start) this.#run.end = end
    else {
      this.#endRun()
      this.#run = { start, end }
    }
  }

  #insert(text: string): void {
    const at = this.#run?.end ?? this.unfinished?.start
    this.#endRun()
    this.#parts.push(MappedText.generated(text, at))
  }

  #endRun(): void {
    if (this.#run !== undefined) this.#parts.push(MappedText.ofFile(this.#file, this.#run.start, this.#run.end))
    this.#run = undefined
  }
}
