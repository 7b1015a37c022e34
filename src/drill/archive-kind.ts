import { ReleaseError } from '../errors.ts'

/** The first bytes that tell what a file is; a tar archive says it at 257. */
export const tellingBytes = 512

const packed: readonly (readonly [kind: string, start: readonly number[]])[] = [
  ['compressed with gzip', [0x1f, 0x8b]],
  ['compressed with zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['compressed with lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['compressed with xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['compressed with bzip2', [0x42, 0x5a, 0x68]],
  ['a zip file', [0x50, 0x4b, 0x03, 0x04]],
  ['encrypted with age', [...Buffer.from('age-encryption.org/')]],
]

const custom = 1

/**
 * Only the custom format of `pg_dump` goes on: whatever else it is, nothing of PostgreSQL opens it, and psql least of all.
 * Throws `invalid-input` when it is something else that people keep, `backup-damaged` when it is nothing that can be restored.
 */
export function refuseOtherFormats(name: string, start: Buffer): void {
  if (start.length === 0)
    throw new ReleaseError('backup-damaged', `${name} is empty.`, { hint: 'See why the tool that wrote it failed; it is no backup.' })
  if (start.subarray(0, 5).toString('latin1') === 'PGDMP') {
    if (start.length > 10 && start[10] !== custom) throw refused(name, 'the table of contents of a dump in the directory or tar format')
    return
  }
  if (start.subarray(257, 262).toString('latin1') === 'ustar') throw refused(name, 'a dump in the tar format, or another tar archive')
  const [kind] = packed.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte)) ?? []
  if (kind !== undefined) throw refused(name, kind, 'Unpack or decrypt it first, and name the file with file.')
  if (isText(start)) throw refused(name, 'plain SQL or another text')
  throw new ReleaseError('backup-damaged', `${name} does not begin as a dump of pg_dump does.`, {
    hint: 'Is it the right file? Its first bytes must be PGDMP.',
  })
}

function isText(start: Buffer): boolean {
  return start.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

function refused(
  name: string,
  kind: string,
  hint = 'Make the dump with pg_dump --format=custom; that is what a drill restores.',
): ReleaseError {
  return new ReleaseError('invalid-input', `${name} is ${kind}, and a drill restores only the custom format of pg_dump.`, { hint })
}
