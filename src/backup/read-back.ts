import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf, ReleaseError, systemCode } from '../errors.ts'
import { type Check, verdictOf } from '../result.ts'
import { formatSize } from '../units.ts'
import { type Fingerprint, fingerprintStream } from './fingerprint-stream.ts'
import type { Store } from './store.ts'

interface Expected extends Fingerprint {
  readonly key: string
}

/** Decodes an archive to its end; resolves with what was wrong, empty when nothing was. */
type Decode = (archive: Readable) => Promise<string>

/** What was shown of the stored bytes. */
export interface Shown {
  readonly level: 'landed' | 'read-back'
  readonly checks: readonly Check[]
  /** Why the bytes could not be read back, when that was asked for: neither good news nor bad. */
  readonly hindrance: string | undefined
}

/** Shows as much of a stored dump as the level asks for. A check that was not made says so. */
export async function inspect(
  store: Store,
  expected: Expected,
  level: Shown['level'],
  decode: Decode,
  signal: AbortSignal,
): Promise<Shown> {
  const landed = await checkLanded(store, expected)
  if (level === 'landed') return { level: 'landed', checks: [landed, ...notReadBack('level is landed')], hindrance: undefined }
  if (landed.status === 'fail') return { level: 'landed', checks: [landed, ...notReadBack('it did not land')], hindrance: undefined }
  try {
    const checks = [landed, ...(await readBack(store, expected, decode, signal))]
    return { level: verdictOf(checks) === 'pass' ? 'read-back' : 'landed', checks, hindrance: undefined }
  } catch (error) {
    if (signal.aborted || !isHindrance(error)) throw error
    const hindrance = messageOf(error)
    return { level: 'landed', checks: [landed, ...notReadBack(hindrance)], hindrance }
  }
}

/** Whether the store holds an object of the right size: all that a look from outside can tell. */
async function checkLanded(store: Store, { key, sizeBytes }: Expected): Promise<Check> {
  const found = await store.head(key)
  if (found === undefined) return { id: 'landed', status: 'fail', message: 'the object is not in the store' }
  const common = { id: 'landed', value: formatSize(found.sizeBytes) }
  if (found.sizeBytes === sizeBytes) return { ...common, status: 'pass' }
  return { ...common, status: 'fail', message: `${found.sizeBytes} bytes are stored, where ${sizeBytes} were written` }
}

/**
 * Reads a stored dump once from its first byte to its last, hashing and decoding in one pass: a decoder alone does
 * not see a changed byte in data that is not compressed, or compressed with zstd or lz4.
 */
async function readBack(store: Store, expected: Expected, decode: Decode, signal: AbortSignal): Promise<Check[]> {
  const failed = new AbortController()
  const { stream, result } = fingerprintStream()
  const flow = pipeline(await store.get(expected.key), stream, { signal: AbortSignal.any([signal, failed.signal]) })
  try {
    const [problem] = await Promise.all([decode(stream), flow])
    return [compare(result(), expected), decoded(problem)]
  } finally {
    failed.abort() // a decoder that could not start leaves the rest unread
  }
}

function notReadBack(message: string): Check[] {
  return [
    { id: 'sha256', status: 'not-checked', message },
    { id: 'decoded', status: 'not-checked', message },
  ]
}

function compare(found: Fingerprint, expected: Expected): Check {
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

/** A store, a network or a missing program may keep us from reading; anything else that is thrown is a bug. */
function isHindrance(error: unknown): boolean {
  return error instanceof ReleaseError || systemCode(error) !== undefined
}
