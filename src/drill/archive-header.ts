import { open } from 'node:fs/promises'
import { ReleaseError } from '../errors.ts'
import { refuseOtherFormats, tellingBytes } from './archive-kind.ts'

/** What an archive in the custom format says of itself, read without any program of PostgreSQL: it may be crafted. */
export interface ArchiveHeader {
  /** Of the archive's own format, such as `1.14`. */
  readonly archiveVersion: string
  readonly database: string
  readonly serverVersion: string
  /** The program that wrote it. */
  readonly clientVersion: string
  /** By the clock and in the time zone of the machine that wrote it, which it does not name. */
  readonly writtenAt: Date
  readonly encoding: string | undefined
  readonly extensions: readonly { readonly name: string; readonly schema: string }[]
}

/** Since PostgreSQL 9.0; with 17 it got its newest form. */
const oldest = 12
const newest = 16
const first = 64 * 1024
/** A table of contents with hundreds of thousands of entries is smaller. */
const largest = 512 * 1024 * 1024

/** Throws `invalid-input` when it is in another format, `backup-damaged` when it ends before its data begin. */
export async function readArchiveHeader(path: string, name: string): Promise<ArchiveHeader> {
  await using file = await open(path)
  const { size } = await file.stat()
  for (let wanted = first; ; wanted *= 4) {
    const length = Math.min(wanted, size)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
    const start = buffer.subarray(0, bytesRead)
    refuseOtherFormats(name, start.subarray(0, tellingBytes))
    try {
      return parseArchiveHeader(start, name)
    } catch (error) {
      if (!(error instanceof EndOfBytes)) throw error
      if (length < size && length < largest) continue
      throw damaged(name, 'its table of contents is cut off')
    }
  }
}

/** The least major version whose `pg_restore` reads the archive, and whose server takes what that one had. */
export function leastMajor({ archiveVersion, serverVersion, clientVersion }: ArchiveHeader): number {
  const format = Number(archiveVersion.split('.')[1]?.split('-')[0])
  const reader = format >= 16 ? 17 : format >= 15 ? 16 : 0
  return Math.max(reader, ...[serverVersion, clientVersion].map((version) => Number.parseInt(version, 10) || 0))
}

class EndOfBytes extends Error {}

function parseArchiveHeader(bytes: Buffer, name: string): ArchiveHeader {
  const reader = new Reader(bytes, name)
  reader.skip(5)
  const [major, minor, revision] = [reader.byte(), reader.byte(), reader.byte()]
  const archiveVersion = `${major}.${minor}${revision === 0 ? '' : `-${revision}`}`
  if (major !== 1 || minor < oldest || minor > newest) {
    const hint = 'Dump with a pg_dump of PostgreSQL 13 to 18, or update Shiplock.'
    throw new ReleaseError(
      'tool-not-found',
      `${name} has the archive version ${archiveVersion}; 1.${oldest} to 1.${newest} can be restored.`,
      { hint },
    )
  }
  reader.intSize = reader.byte()
  const offsetSize = reader.byte()
  if (reader.intSize < 1 || reader.intSize > 6 || offsetSize > 16) throw damaged(name, 'its header makes no sense')
  reader.skip(1) // the format, which was looked at before
  if (minor >= 15) reader.skip(1)
  else reader.int() // compression
  const [second, minute, hour, day, month, year] = [reader.int(), reader.int(), reader.int(), reader.int(), reader.int(), reader.int()]
  reader.int() // daylight saving
  const writtenAt = new Date(Date.UTC(year + 1900, month, day, hour, minute, second))
  if (Number.isNaN(writtenAt.getTime())) throw damaged(name, 'its header makes no sense')
  const [database, serverVersion, clientVersion] = [reader.text(), reader.text(), reader.text()]
  let encoding: string | undefined
  const extensions: { name: string; schema: string }[] = []
  for (let left = reader.int(); left > 0; left--) {
    const entry = readEntry(reader, minor, offsetSize)
    if (entry.type === 'ENCODING') encoding = /client_encoding = '([^']+)'/.exec(entry.definition)?.[1]
    if (entry.type === 'EXTENSION') extensions.push({ name: entry.tag, schema: schemaOf(entry.definition) })
  }
  return { archiveVersion, database, serverVersion, clientVersion, writtenAt, encoding, extensions }
}

function readEntry(reader: Reader, minor: number, offsetSize: number): { tag: string; type: string; definition: string } {
  reader.int() // number of the entry
  reader.int() // whether it has data
  reader.text() // oid of its catalog
  reader.text() // its own oid
  const tag = reader.text()
  const type = reader.text()
  reader.int() // section
  const definition = reader.text()
  reader.text() // how it is dropped
  reader.text() // how its data are copied
  reader.text() // schema
  reader.text() // tablespace
  if (minor >= 14) reader.text() // access method
  if (minor >= 16) reader.int() // kind of relation
  reader.text() // owner
  reader.text() // whether it has oids
  while (reader.textOrEnd() !== undefined) {} // what it depends on
  reader.skip(1 + offsetSize) // where its data begin
  return { tag, type, definition }
}

/** Where an extension lies is said only by the statement that makes it. */
function schemaOf(definition: string): string {
  const [, quoted, plain] = /\bWITH SCHEMA (?:"((?:[^"]|"")+)"|([^\s;"]+))/i.exec(definition) ?? []
  return quoted?.replaceAll('""', '"') ?? plain ?? 'public'
}

class Reader {
  intSize = 4
  readonly #bytes: Buffer
  readonly #name: string
  #at = 0

  constructor(bytes: Buffer, name: string) {
    this.#bytes = bytes
    this.#name = name
  }

  skip(count: number): void {
    this.#at += count
    if (this.#at > this.#bytes.length) throw new EndOfBytes()
  }

  byte(): number {
    this.skip(1)
    return this.#bytes[this.#at - 1] as number
  }

  /** A sign, then the bytes, the least first. */
  int(): number {
    const negative = this.byte() !== 0
    this.skip(this.intSize)
    const value = this.#bytes.readUIntLE(this.#at - this.intSize, this.intSize)
    return negative ? -value : value
  }

  /** An absent text reads as an empty one. */
  text(): string {
    return this.textOrEnd() ?? ''
  }

  textOrEnd(): string | undefined {
    const length = this.int()
    if (length < 0) return undefined
    if (length > largest) throw damaged(this.#name, 'its table of contents makes no sense')
    const from = this.#at
    this.skip(length)
    return this.#bytes.toString('utf8', from, this.#at)
  }
}

function damaged(name: string, problem: string): ReleaseError {
  return new ReleaseError('backup-damaged', `${name} is not whole: ${problem}.`, {
    hint: 'Name another one, make a new dump, and find out why this one was not written to its end.',
  })
}
