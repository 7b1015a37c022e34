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
  /** Number or time stamp without leading zeros, as the ledger holds it. Compared as a number; see `repeatableVersion` for what has none. */
  readonly version: string
  /** The file's name without its ending, such as `0007_add_email`. */
  readonly id: string
  readonly phase: Phase
  readonly path: string
  /** SHA-256 over the file's raw bytes, in hex, or the tool's own checksum where its version table keeps one as good. */
  readonly checksum: string
  /** What the version table keeps of the file, where that is not `checksum`. */
  readonly kept?: string
  /** What the version table keeps of its name, where the tool goes by that too. */
  readonly keptName?: string
  /** The whole file; `up` and `down` point into it. */
  readonly file: string
  readonly up: MappedText
  readonly down: MappedText | undefined
  /** The file of its way back, where that stands in one of its own. */
  readonly downPath?: string | undefined
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

/** Whether a text of some checksum is the file, by its own or by what the version table keeps. */
export function isFileOf({ checksum, kept }: Pick<Migration, 'checksum' | 'kept'>, ran: string): boolean {
  return checksum === ran || kept === ran
}

/**
 * What stands for the number of a migration that has none and runs again whenever it was changed: an edit makes another
 * version of it, which the ledger does not hold. The description is one word.
 */
export function repeatableVersion(description: string, checksum: string): string {
  return `R:${description}:${checksum}`
}

export function isRepeatable({ version }: { version: string }): boolean {
  return version.startsWith('R:')
}

/** What stays the same however often a migration is edited: its number, or the name of a repeatable one. */
export function lineageOf(version: string): string {
  return isRepeatable({ version }) ? version.slice(0, version.lastIndexOf(':')) : version
}

/** A version, or its lineage, as people know it: a number, or `R__totals` for what has none. */
export function shownVersion(version: string): string {
  return version.replace(/^R:(.*?)(?::-?\d*)?$/s, 'R__$1')
}

/** Orders by number, never by text: 2 comes before 10, and 1.9 before 1.10; what is repeatable comes last, by its name. */
export function byVersion(a: { version: string }, b: { version: string }): number {
  if (isRepeatable(a) || isRepeatable(b)) return byName(a, b)
  const [ours, theirs] = [a.version.split('.'), b.version.split('.')]
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const difference = BigInt(ours[index] ?? 0) - BigInt(theirs[index] ?? 0)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return 0
}

function byName(a: { version: string }, b: { version: string }): number {
  if (!isRepeatable(a) || !isRepeatable(b)) return isRepeatable(a) ? 1 : -1
  const [ours = '', theirs = ''] = [a, b].map(({ version }) => lineageOf(version).replaceAll('_', ' '))
  return ours === theirs ? 0 : ours < theirs ? -1 : 1
}

/** `path:line:column` of an offset in one of the migration's texts. */
export function placeIn(migration: Migration, text: MappedText, offset: number): string {
  const position = text.filePosition(migration.file, offset)
  return position === undefined ? migration.path : `${migration.path}:${position.line}:${position.column}`
}
