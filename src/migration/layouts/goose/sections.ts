import { ReleaseError } from '../../../errors.ts'
import { didYouMean } from '../../../nearest.ts'
import { positionFromUtf16 } from '../../../sql/position.ts'
import type { Variables } from './envsub.ts'
import { type Annotation, annotations, endsWithSemicolon, isBlank, isComment, type Line, linesOf, readAnnotation } from './lines.ts'
import { Section } from './section.ts'

/** A goose file, taken apart at its annotations. */
export interface Sections {
  readonly up: Section
  /** Left out when the file has no way back, or one without a statement. */
  readonly down: Section | undefined
  readonly transactional: boolean
  /** Whether some of its lines are filled in from the environment. */
  readonly takesVariables: boolean
}

/**
 * Reads a file as goose does, line by line, both directions at once. Throws `invalid-migration` where goose refuses
 * the file, would cut a statement in two, or would drop a line.
 * https://github.com/pressly/goose/blob/v3.26.0/internal/sqlparser/parser.go
 */
export function readSections(path: string, file: string, variables: Variables): Sections {
  const reader = new Reader(path, file, variables)
  for (const line of linesOf(file)) reader.take(line)
  return reader.end()
}

/** Longer lines overrun goose's buffer. */
const longestLine = 4 * 1024 * 1024

class Reader {
  readonly #path: string
  readonly #file: string
  readonly #variables: Variables
  #up: Section | undefined
  #down: Section | undefined
  /** Where StatementBegin stands that waits for its end. */
  #begun: number | undefined
  /** Between an empty pair of StatementBegin and StatementEnd and the next line that is no comment. */
  #afterEmptyBlock = false
  #transactional = true
  #substitutes = false
  #takesVariables = false

  constructor(path: string, file: string, variables: Variables) {
    this.#path = path
    this.#file = file
    this.#variables = variables
  }

  take(line: Line): void {
    if (line.text.length * 3 >= longestLine && Buffer.byteLength(line.text) >= longestLine)
      throw this.#refuse(line.start, 'is a line of 4 MiB or more, which goose cannot read.')
    const annotation = readAnnotation(line.text)
    if (annotation === undefined) this.#takeText(line)
    else if (typeof annotation === 'string') this.#takeAnnotation(annotation, line.start)
    else
      throw this.#refuse(
        line.start,
        annotation.problem + (annotation.words === undefined ? '' : didYouMean(annotation.words, annotations)),
        `Goose knows ${annotations.join(', ')}.`,
      )
  }

  end(): Sections {
    if (this.#up === undefined)
      throw this.#refuse(0, 'begins a file without "-- +goose Up".', 'Put "-- +goose Up" on a line of its own before the first statement.')
    if (this.#begun !== undefined) throw this.#refuse(this.#begun, 'has no "-- +goose StatementEnd".')
    this.#refuseUnfinished(this.#section)
    return {
      up: this.#up,
      down: this.#down?.hasStatements ? this.#down : undefined,
      transactional: this.#transactional,
      takesVariables: this.#takesVariables,
    }
  }

  get #section(): Section | undefined {
    return this.#down ?? this.#up
  }

  #takeAnnotation(annotation: Annotation, at: number): void {
    if (annotation === 'NO TRANSACTION') this.#transactional = false
    else if (annotation === 'ENVSUB ON' || annotation === 'ENVSUB OFF') {
      this.#substitutes = annotation === 'ENVSUB ON'
      this.#takesVariables ||= this.#substitutes
    } else if (annotation === 'Up') this.#beginUp(at)
    else if (annotation === 'Down') this.#beginDown(at)
    else if (annotation === 'StatementBegin') this.#beginStatement(at)
    else this.#endStatement(at)
  }

  #beginUp(at: number): void {
    if (this.#up !== undefined) throw this.#refuse(at, 'is a second "-- +goose Up"; a file has one.')
    this.#up = new Section(this.#file, (offset) => this.#place(offset), this.#variables)
  }

  #beginDown(at: number): void {
    if (this.#up === undefined) throw this.#refuse(at, 'stands before "-- +goose Up".', 'Up comes first, then Down.')
    if (this.#down !== undefined) throw this.#refuse(at, 'is a second "-- +goose Down"; a file has one.')
    if (this.#begun !== undefined) throw this.#refuse(this.#begun, 'has no "-- +goose StatementEnd" before "-- +goose Down".')
    this.#refuseUnfinished(this.#up)
    this.#afterEmptyBlock = false
    this.#down = new Section(this.#file, (offset) => this.#place(offset), this.#variables)
  }

  #beginStatement(at: number): void {
    if (this.#section === undefined) throw this.#refuse(at, 'stands before "-- +goose Up".')
    if (this.#begun !== undefined)
      throw this.#refuse(at, 'stands inside another StatementBegin.', 'Close the first with "-- +goose StatementEnd".')
    this.#begun = at
    this.#afterEmptyBlock = false
  }

  #endStatement(at: number): void {
    const section = this.#section
    if (section === undefined || this.#begun === undefined) throw this.#refuse(at, 'has no "-- +goose StatementBegin" before it.')
    this.#begun = undefined
    this.#afterEmptyBlock = !section.isGathering
    this.#finish(section, at)
  }

  #takeText(line: Line): void {
    const section = this.#section
    if (section === undefined) {
      if (isBlank(line.text) || isComment(line.text)) return
      throw this.#refuse(
        line.start,
        'stands before "-- +goose Up".',
        'Put "-- +goose Up" on a line of its own before the first statement; only comments may come earlier.',
      )
    }
    if (this.#leavesOut(line, section)) {
      section.keep(line)
      return
    }
    const added = section.add(line, this.#substitutes)
    if (this.#begun === undefined && endsWithSemicolon(added)) this.#finish(section, line.end)
  }

  /** Whether goose passes over a line: comments and empty lines between statements, and one line behind an empty block. */
  #leavesOut(line: Line, section: Section): boolean {
    if (!section.isGathering && (line.text === '' || isComment(line.text))) return true
    if (!this.#afterEmptyBlock) return false
    this.#afterEmptyBlock = false
    if (isBlank(line.text)) return true
    throw this.#refuse(
      line.start,
      'follows StatementBegin and StatementEnd with nothing in between; goose would leave this line out without a word.',
      'Remove the empty pair of annotations.',
    )
  }

  /** Ends a statement where goose ends it; the server must see an end there too. */
  #finish(section: Section, at: number): void {
    const open = section.finish()
    if (open === undefined) return
    throw this.#refuse(
      at,
      `ends a statement for goose, in the middle of ${open}.`,
      'Put the whole statement between "-- +goose StatementBegin" and "-- +goose StatementEnd".',
    )
  }

  #refuseUnfinished(section: Section | undefined): void {
    if (section?.unfinishedAt === undefined || section.isIncomplete) return
    throw this.#refuse(
      section.unfinishedAt,
      'begins a statement that no semicolon at the end of a line ends.',
      'Goose ends a statement only at a line whose last word before any "-- comment" ends with a semicolon.',
    )
  }

  #refuse(offset: number, problem: string, hint?: string): ReleaseError {
    const at = this.#place(offset)
    return new ReleaseError('invalid-migration', `${at} ${problem}`, { at, ...(hint === undefined ? {} : { hint }) })
  }

  #place(offset: number): string {
    const { line, column } = positionFromUtf16(this.#file, offset)
    return `${this.#path}:${line}:${column}`
  }
}
