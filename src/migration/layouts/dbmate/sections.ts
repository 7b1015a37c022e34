import { ReleaseError } from '../../../errors.ts'
import { MappedText } from '../../../sql/mapped-text.ts'
import { positionFromUtf16 } from '../../../sql/position.ts'

/** The two parts of a file, each with its marker line. */
export interface Sections {
  readonly up: Section
  readonly down: Section
}

interface Section {
  readonly sql: MappedText
  readonly transactional: boolean
}

// white space as Go has it in a pattern, and lines that end with a line feed alone
const blank = '[\\t\\n\\f\\r ]'
const markerOf = (part: 'up' | 'down') =>
  new RegExp(`(?<![^\\n])--${blank}*migrate:${part}(?:${blank}*(?=\\n|$)|${blank}+[^\\t\\n\\f\\r ]+)`, 'g')
const [upMarker, downMarker] = [markerOf('up'), markerOf('down')]

/** Whether a text has the line that begins what is to run. */
export function holdsUp(text: string): boolean {
  return text.search(upMarker) >= 0
}

/** Cuts a file as dbmate does. Throws `invalid-migration` where dbmate refuses it, or would stop half-way. */
export function readSections(path: string, text: string): Sections {
  const [[up, secondUp], [down, secondDown]] = [upMarker, downMarker].map((marker) =>
    [...text.matchAll(marker)].map(({ index }) => index),
  ) as [number[], number[]]
  if (up === undefined) throw refused(path, 'has no line "-- migrate:up"', 'Begin what is to run with that line, at the start of a line.')
  if (down === undefined)
    throw refused(path, 'has no line "-- migrate:down"', 'dbmate wants one in each file; leave it empty when there is no way back.')
  if (up > down) throw refused(placeOf(path, text, down), 'has "-- migrate:down" before "-- migrate:up"', 'Put what is to run first.')
  refuseBefore(path, text, up)
  if (secondUp !== undefined) throw refusedTwice(path, text, secondUp, 'up')
  if (secondDown !== undefined) throw refusedTwice(path, text, secondDown, 'down')
  return { up: sectionOf(text, up, down), down: sectionOf(text, down, text.length) }
}

function sectionOf(text: string, start: number, end: number): Section {
  const [line = ''] = text.slice(start, end).split('\n', 1)
  const options = line.replace(/^--[\t\n\f\r ]*migrate:(?:up|down)/, '').trim()
  const pairs = options.split(/[\t\n\f\r ]+/).map((option) => option.split(':'))
  // of an option that stands twice dbmate takes the last
  const transaction = pairs.findLast(([name, , more]) => name === 'transaction' && more === undefined)?.[1]
  return { sql: MappedText.ofFile(text, start, end), transactional: transaction !== 'false' }
}

/** Only blank lines and line comments may stand above the first marker. */
function refuseBefore(path: string, text: string, up: number): void {
  let at = 0
  for (const line of text.slice(0, up).split('\n')) {
    if (!/^[\t\n\f\r ]*(?:--|$)/.test(line))
      throw refused(placeOf(path, text, at), 'has a statement before "-- migrate:up"', 'Move it below that line.')
    at += line.length + 1
  }
}

/** dbmate takes it for another migration of the same file: it runs the first, and then fails to note the version again. */
function refusedTwice(path: string, text: string, offset: number, part: 'up' | 'down'): ReleaseError {
  return refused(
    placeOf(path, text, offset),
    `is a second "-- migrate:${part}"; dbmate would stop between the two, with the version noted`,
    'Give what follows a file of its own. Where the line belongs to a text or a body, indent it.',
  )
}

function placeOf(path: string, text: string, offset: number): string {
  const { line, column } = positionFromUtf16(text, offset)
  return `${path}:${line}:${column}`
}

function refused(at: string, problem: string, hint: string): ReleaseError {
  return new ReleaseError('invalid-migration', `${at} ${problem}.`, { at, hint })
}
