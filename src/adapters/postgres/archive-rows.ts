import type { TextDecoder } from 'node:util'
import type { ArchiveRows } from '../../backup/archive-rows.ts'
import { tableKey } from '../../backup/table-key.ts'
import { quoteTable } from '../../migration/ledger.ts'
import { textDecoderOf } from './encodings.ts'

const [newline, semicolon, quote, doubleQuote, dash, dot, backslash] = [...Buffer.from('\n;\'"-.\\')] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]
/** What stands between the rows is short; a large object comes in statements of some tens of kilobytes. */
const longestStatement = 1024 * 1024

/**
 * Counts the rows of every table in what `pg_restore --section=data` prints. The rows themselves are never turned into
 * text: each is one line, whatever it holds, and the line `\.` ends them.
 */
export class ArchiveRowCounter {
  readonly #rows = new Map<string, number>()
  #readable = true
  #decoder: TextDecoder | undefined = textDecoderOf('UTF8')
  /** The beginning of something whose end has not come yet. */
  #rest: Buffer = Buffer.alloc(0)
  /** Whose rows are coming; none between two tables. */
  #table: string | undefined
  #count = 0
  #inRow = false
  /** The table as the comment above it names it, and whether its rows are printed under its parent's name. */
  #announced = ''
  #viaRoot = false

  write(chunk: Buffer): void {
    if (!this.#readable) return
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    for (let before = -1; at !== before && at < bytes.length; ) {
      before = at
      at = this.#table === undefined ? this.#readStatement(bytes, at) : this.#readRows(bytes, at)
    }
    this.#rest = bytes.subarray(at)
    if (this.#rest.length > longestStatement) this.#readable = false
  }

  /** `undefined` when names were in an encoding that cannot be read here, or the text was not what is expected. */
  result(): ArchiveRows | undefined {
    return this.#readable ? this.#rows : undefined
  }

  #readRows(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; ) {
      if (!this.#inRow && bytes[at] === backslash) {
        if (at + 1 === bytes.length) return at
        if (bytes[at + 1] === dot) return this.#endRows(at + 2)
      }
      const end = bytes.indexOf(newline, at)
      this.#inRow = end < 0
      if (end < 0) return bytes.length
      this.#count++
      at = end + 1
    }
    return bytes.length
  }

  #endRows(at: number): number {
    const table = this.#table as string
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + this.#count)
    this.#table = undefined
    return at
  }

  #readStatement(bytes: Buffer, from: number): number {
    const start = skipSpace(bytes, from)
    const isLine = bytes[start] === dash || bytes[start] === backslash // a comment, or a word to psql
    const end = isLine ? bytes.indexOf(newline, start) : endOfStatement(bytes, start)
    if (end < 0 || start === bytes.length) return start
    this.#take(bytes.subarray(start, end))
    return end + 1
  }

  #take(statement: Buffer): void {
    const opening = statement.toString('latin1', 0, 30)
    if (opening.startsWith('-- Data for Name: ')) {
      this.#announced = this.#read(statement)
      this.#viaRoot = false
    } else if (opening.startsWith('-- load via partition root ')) this.#viaRoot = true
    else if (opening.startsWith('SET client_encoding = ')) this.#decoder = textDecoderOf(statement.toString('latin1').split("'")[1] ?? '')
    else if (opening.startsWith('COPY ')) this.#beginRows(this.#read(statement))
  }

  #beginRows(statement: string): void {
    const copied = /^COPY ((?:"(?:[^"]|"")*"|[^" (])+) /.exec(statement)?.[1]
    const announced = /^-- Data for Name: (.*); Type: TABLE DATA; Schema: (.*); Owner: /.exec(this.#announced)
    this.#table = tableKey(
      this.#viaRoot && announced !== null ? quoteTable({ table: announced[1] as string, schema: announced[2] as string }) : (copied ?? ''),
    )
    this.#count = -1 // the end of the statement's own line is still to come
    this.#inRow = true
  }

  /** ASCII reads the same in every encoding of a server. */
  #read(text: Buffer): string {
    if (this.#decoder !== undefined) return this.#decoder.decode(text)
    if (text.some((byte) => byte > 0x7f)) this.#readable = false
    return text.toString('latin1')
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && (bytes[at] as number) <= 0x20) at++
  return at
}

/** The semicolon that ends a statement, outside quotes; -1 when it has not come yet. A doubled quote ends one text and begins another. */
function endOfStatement(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === semicolon) return at
    if (byte !== quote && byte !== doubleQuote) continue
    at = bytes.indexOf(byte, at + 1)
    if (at < 0) return -1
  }
  return -1
}
