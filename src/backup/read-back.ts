import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf, ReleaseError, systemCode } from '../errors.ts'
import { type Check, verdictOf } from '../result.ts'
import { formatSize, plural } from '../units.ts'
import { type ArchiveRows, type CountedTable, compareRows, fillRows } from './archive-rows.ts'
import { type Fingerprint, fingerprintStream } from './fingerprint-stream.ts'
import type { PutObject, Store } from './store.ts'

interface Expected<Table extends CountedTable> extends Fingerprint {
  readonly key: string
  readonly tables: readonly Table[]
  /** Absent in older manifests. */
  readonly extensionTables?: readonly CountedTable[] | undefined
  /** What the store said when it had the object. */
  readonly etag?: string | undefined
  readonly parts?: PutObject['parts'] | undefined
}

/** What a decoder found in an archive that it read to its end. */
export interface DecodedArchive {
  /** What was wrong; empty when nothing was. */
  readonly problem: string
  /** `undefined` when they could not be told apart by table. */
  readonly rows: ArchiveRows | undefined
}

type Decode = (archive: Readable) => Promise<DecodedArchive>

/** What was shown of the stored bytes. */
export interface Shown<Table extends CountedTable = CountedTable> {
  readonly level: 'landed' | 'read-back'
  readonly checks: readonly Check[]
  /** The expected tables; those that the server did not count have the archive's rows, once it was decoded. */
  readonly tables: readonly Table[]
  /** Why the bytes could not be read back, when that was asked for: neither good news nor bad. */
  readonly hindrance: string | undefined
}

/** Shows as much of a stored dump as the level asks for. A check that was not made says so. */
export async function inspect<Table extends CountedTable>(
  store: Store,
  expected: Expected<Table>,
  level: Shown['level'],
  decode: Decode,
  signal: AbortSignal,
): Promise<Shown<Table>> {
  const { tables } = expected
  const landed = await checkLanded(store, expected)
  const unread = (why: string) => ({ level: 'landed', checks: [landed, ...notReadBack(why)], tables, hindrance: undefined }) as const
  if (level === 'landed') return unread('level is landed')
  if (landed.status === 'fail') return unread('it did not land')
  try {
    const found = await readBack(store, expected, decode, signal)
    const checks = [landed, ...found.checks]
    return { level: verdictOf(checks) === 'pass' ? 'read-back' : 'landed', checks, tables: found.tables, hindrance: undefined }
  } catch (error) {
    if (signal.aborted || !isHindrance(error)) throw error
    return { ...unread(messageOf(error)), hindrance: messageOf(error) }
  }
}

/** Whether the store holds the object in its full size, and says that it is still the one that was put: all that a look from outside can tell. */
async function checkLanded(store: Store, { key, sizeBytes, etag, parts }: Expected<CountedTable>): Promise<Check> {
  const found = await store.head(key)
  if (found === undefined) return { id: 'landed', status: 'fail', message: 'the object is not in the store' }
  const common = { id: 'landed', value: formatSize(found.sizeBytes) }
  if (found.sizeBytes !== sizeBytes) {
    return { ...common, status: 'fail', message: `${found.sizeBytes} bytes are stored, where ${sizeBytes} were written` }
  }
  if (etag !== undefined && found.etag !== undefined && found.etag !== etag) {
    return { ...common, status: 'fail', message: `another object lies there: its ETag is ${found.etag}, where ${etag} was written` }
  }
  return parts === undefined
    ? { ...common, status: 'pass' }
    : { ...common, status: 'pass', message: `${plural(parts.count, 'part')}, each with its checksum` }
}

/**
 * Reads a stored dump once from its first byte to its last, hashing and decoding in one pass: a decoder alone does
 * not see a changed byte in data that is not compressed, or compressed with zstd or lz4.
 */
async function readBack<Table extends CountedTable>(
  store: Store,
  expected: Expected<Table>,
  decode: Decode,
  signal: AbortSignal,
): Promise<Pick<Shown<Table>, 'checks' | 'tables'>> {
  const failed = new AbortController()
  const { stream, result } = fingerprintStream()
  const flow = pipeline(await store.get(expected.key), stream, { signal: AbortSignal.any([signal, failed.signal]) })
  try {
    const [{ problem, rows }] = await Promise.all([decode(stream), flow])
    const whole = problem === '' ? rows : undefined
    return {
      checks: [
        compare(result(), expected),
        decoded(problem),
        whole === undefined ? notCounted(problem) : compareRows([...expected.tables, ...(expected.extensionTables ?? [])], whole),
      ],
      tables: whole === undefined ? expected.tables : fillRows(expected.tables, whole),
    }
  } finally {
    failed.abort() // a decoder that could not start leaves the rest unread
  }
}

function notReadBack(message: string): Check[] {
  return [
    { id: 'sha256', status: 'not-checked', message },
    { id: 'decoded', status: 'not-checked', message },
    { id: 'archive-rows', status: 'not-checked', message },
  ]
}

function compare(found: Fingerprint, expected: Fingerprint): Check {
  if (found.sha256 === expected.sha256) return { id: 'sha256', status: 'pass', value: found.sha256 }
  const size =
    found.sizeBytes === expected.sizeBytes ? '' : `; ${found.sizeBytes} bytes were read, where ${expected.sizeBytes} were written`
  return {
    id: 'sha256',
    status: 'fail',
    value: found.sha256,
    limit: expected.sha256,
    message: `the stored bytes are not those that were written${size}`,
  }
}

function decoded(problem: string): Check {
  return problem === '' ? { id: 'decoded', status: 'pass' } : { id: 'decoded', status: 'fail', message: problem }
}

function notCounted(problem: string): Check {
  const message = problem === '' ? 'its rows could not be told apart by table' : 'it could not be decoded to its end'
  return { id: 'archive-rows', status: 'not-checked', message }
}

/** A store, a network or a missing program may keep us from reading; anything else that is thrown is a bug. */
function isHindrance(error: unknown): boolean {
  return error instanceof ReleaseError || systemCode(error) !== undefined
}
