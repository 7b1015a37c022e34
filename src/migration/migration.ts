import type { MappedText } from '../sql/mapped-text.ts'

/** Before or after the new application version is deployed. */
export type Phase = 'pre' | 'post'

/** A file as it was read, with its path as people know it. */
export interface SourceFile {
  /** Path relative to the folder of `shiplock.yml`. */
  readonly path: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** One change, in the layout of the team's tool. */
export interface Migration {
  /** Number or time stamp without leading zeros, as the ledger holds it. Compared as a number. */
  readonly version: string
  /** The file's name without its ending, such as `0007_add_email`. */
  readonly id: string
  readonly phase: Phase
  readonly path: string
  /** SHA-256 over the file's raw bytes, in hex; the tool's own checksum where its version table keeps one. */
  readonly checksum: string
  /** The whole file; `up` and `down` point into it. */
  readonly file: string
  readonly up: MappedText
  readonly down: MappedText | undefined
  /** False when the file is marked to run outside a transaction. */
  readonly transactional: boolean
  /** The same of its way back, where that says so for itself. */
  readonly downTransactional?: boolean
  /** Marked as a hotfix: its number was taken ahead of files that are still to come. */
  readonly hotfix: boolean
  /** Marked as major: a backup comes before it, whatever its statements are. */
  readonly major: boolean
  /** Whether what runs hangs on variables of the environment too. */
  readonly takesVariables?: boolean
  /** The language that it is written in where that is not SQL: then both texts are empty, and nobody knows what it does. */
  readonly notSql?: 'Ruby'
}

/** Orders by number, never by text: 2 comes before 10, and 1.9 before 1.10. */
export function byVersion(a: { version: string }, b: { version: string }): number {
  const [ours, theirs] = [a.version.split('.'), b.version.split('.')]
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const difference = BigInt(ours[index] ?? 0) - BigInt(theirs[index] ?? 0)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return 0
}

/** `path:line:column` of an offset in one of the migration's texts. */
export function placeIn(migration: Migration, text: MappedText, offset: number): string {
  const position = text.filePosition(migration.file, offset)
  return position === undefined ? migration.path : `${migration.path}:${position.line}:${position.column}`
}
