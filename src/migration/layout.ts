import { createHash } from 'node:crypto'
import { ReleaseError } from '../errors.ts'
import type { LedgerDialect, TableName } from './ledger.ts'
import { byVersion, isRepeatable, type Migration, type Phase, type SourceFile } from './migration.ts'

/** How a tool names and writes migration files, and what its version table can bear. */
export interface Layout {
  readonly name: 'plain' | 'goose' | 'golang-migrate' | 'dbmate' | 'sqlx' | 'diesel' | 'prisma' | 'flyway' | 'rails'
  /**
   * Whether each migration is a folder of its own: then the names of its files are paths from the folder of migrations.
   * With `deep` a migration is a file, at whatever depth below it.
   */
  readonly nested?: true | 'deep'
  /** A file beside those folders that says something of all of them. */
  readonly folderFile?: string
  /** Set where Shiplock knows the files, and only the team's own program can run them. */
  readonly runBy?: TeamProgram
  /** What of the files shows that they are of this layout, such as "12 of 12 files carry -- +goose Up"; used when `layout` is not given. */
  recognizes(files: readonly SourceFile[]): string | undefined
  /**
   * Reads the files of one folder, in any order. Passes over what is none of the tool's; throws `invalid-migration` or
   * `unsupported-migration` by name for what looks like a migration and would never run, or would run otherwise.
   */
  read(files: readonly SourceFile[], phase: Phase, variables: Readonly<Record<string, string | undefined>>): Migration[]
  /** Set where names alone show its files, and those of another tool may have the same. */
  readonly knownByNames?: true
  /** A file of the project, in the same places as settings, that names a tool whose own files need not show it. */
  readonly namedIn?: { readonly file: string; readonly by: RegExp }
  /** Settings of the tool's own under which it would run or record other than what was read. */
  readonly settings?: ToolSettings
  /** Throws for what is wrong with the migrations of both folders together, and with neither alone. */
  refuseTogether?(migrations: readonly Migration[]): void
  /**
   * The version table when none is named. A schema is left out when the tool leaves it to search_path; `current` is the
   * one where new tables go, and no other; `asked` is the one that the connection string asks for, else `public`.
   */
  readonly table: { readonly schema: 'state' | 'current' | 'asked' | undefined; readonly table: string }
  /** The variable of the environment by which the tool is told of another. */
  readonly tableVariable?: string
  /** What shows a version table for one of the tool's, whatever its schema and name. */
  readonly tellTale?: TellTale
  /** Post migrations share the table only where the tool tolerates holes and missing files. */
  readonly sharesTable: boolean
  /** Whether the tool's own command goes on when a file older than one that ran has not run. */
  readonly toleratesHoles: boolean
  /** The command by which a tool that does not can be told to. */
  readonly allowingHoles?: string
  /**
   * Whether the tool's own command goes on when its version table holds versions whose files are missing, as older code has
   * it; `newer` where it does so only while all of them are newer than its files.
   */
  readonly toleratesMissing: boolean | 'newer'
  /** Whether the tool itself writes the version table without taking a lock first: then each message checks it again. */
  readonly writtenByTool: boolean
  /** Whether the table keeps the newest version alone: every lower one counts as run, and the dialect is told which there are. */
  readonly keepsNewest?: true
  /** Whether a row of the table can stand for every version up to its own: then too the dialect is told which there are. */
  readonly hasBaseline?: true
  /** Keys of the advisory locks that the tool takes while it works on a table; ours holds them too, unless the tool is the one that runs. */
  locks?(database: string, table: TableName): readonly string[]
  readonly ledger: LedgerDialect
  /** What makes a file run outside a transaction, as somebody writes it. */
  readonly outsideTransaction: string
  /** Where a way back stands: under a mark in the same file, or in a file beside it. Missing where the tool knows none. */
  readonly down?: { readonly section: string } | { beside(path: string): string }
  /** Whether its own command numbers a first migration by the time. */
  readonly numbersByTime?: true
  /** Name and text of the next file, and of the one for its way back where that stands beside it. */
  newFile(name: string, phase: Phase, version: string, hotfix: boolean): NewFile & { readonly beside?: NewFile }
}

/** How the team's own program is called, and how it is told to leave post migrations out. */
export interface TeamProgram {
  /** Runs everything that is pending; a list of program and arguments. */
  readonly command: readonly string[]
  /** What stands in its last place when it takes one version back. */
  readonly downTask: string
  /** What makes a new file of each phase, before its name. */
  readonly generator: Readonly<Record<Phase, string>>
  /** The argument that names the version. */
  versionArgument(version: string): string
  /** Variable of its environment that names the version to go to, back from newer ones too. */
  readonly targetVariable: string
  /** What makes it honour the variable that leaves post migrations out: a sentence, and the lines to paste. */
  readonly honourSkip: string
}

/** Columns by which a version table is known. */
interface TellTale {
  /** A type may stand behind a name. */
  readonly columns: readonly string[]
  /** Whether it has no others. */
  readonly only?: true
}

/** Files in the folder above that of the migrations, or beside `shiplock.yml`. */
export interface ToolSettings {
  readonly files: readonly string[]
  /** Throws for what Shiplock would do otherwise; `table` is the version table that somebody named. */
  refuse(file: { readonly path: string; readonly text: string }, migrations: readonly Migration[], table: string | undefined): void
}

interface NewFile {
  readonly name: string
  readonly text: string
}

/** A file's text. Throws `unreadable-file` when it is not UTF-8; a byte order mark is dropped. */
export function textOf(file: SourceFile): string {
  // PostgreSQL's text ends at a NUL: what follows would be left out without a word
  if (file.bytes.includes(0))
    throw new ReleaseError('unreadable-file', `${file.path} holds a NUL character.`, { hint: 'Save the file as plain UTF-8 text.' })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.bytes)
  } catch (cause) {
    throw new ReleaseError('unreadable-file', `${file.path} is not UTF-8 text.`, {
      hint: 'Save the file as UTF-8.',
      cause,
    })
  }
}

export function checksumOf(file: SourceFile): string {
  return createHash('sha256').update(file.bytes).digest('hex')
}

/** Version and id of `0007_name.sql`, or `undefined` when the name has no leading number. */
export function numberedName(fileName: string): { version: string; id: string } | undefined {
  const match = /^(\d{1,19})(?:[_-].*)?\.sql$/i.exec(fileName)
  if (match === null) return undefined
  return { version: String(BigInt(match[1] as string)), id: fileName.replace(/\.sql$/i, '') }
}

/** What a file of the layout is refused with; the problem follows its path. */
export function invalidMigration(path: string, problem: string, hint: string): ReleaseError {
  return new ReleaseError('invalid-migration', `${path} ${problem}.`, { at: path, hint })
}

/** "12 of 12 files carry -- +goose Up"; `undefined` when none does. */
export function countedEvidence(found: number, all: number, what: string): string | undefined {
  return found === 0 ? undefined : `${found} of ${all} files ${what}`
}

/** Throws where the tool takes a byte order mark for a part of the first line. */
export function refuseByteOrderMark(file: SourceFile, tool: Layout['name']): void {
  if (!Buffer.from(file.bytes.subarray(0, 3)).equals(Buffer.from('\uFEFF'))) return
  const at = `${file.path}:1:1`
  throw new ReleaseError('invalid-migration', `${at} begins with a byte order mark, which ${tool} takes for a part of the first line.`, {
    at,
    hint: 'Save the file as UTF-8 without a byte order mark.',
  })
}

/** The next number in the folder's own width, or a time stamp when the folder uses time stamps; of a version with points the next last part. */
export function nextVersion(existing: readonly Pick<Migration, 'version' | 'id'>[], now: Date, byTime = false): string {
  const numbered = existing.filter((one) => !isRepeatable(one))
  const parts = numbered.toSorted(byVersion).at(-1)?.version.split('.') ?? []
  const last = parts.pop()
  if (last !== undefined && parts.length > 0) return [...parts, BigInt(last) + 1n].join('.')
  const width = numbered.reduce((widest, { id }) => Math.max(widest, /^V?(\d+)/.exec(id)?.[1]?.length ?? 0), 0)
  // diesel's first migration has the time stamp 00000000000000
  if (last === undefined ? byTime : last.length >= 12 || width === 14) {
    const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14)
    return BigInt(stamp) > BigInt(last ?? 0) ? stamp : String(BigInt(last ?? 0) + 1n)
  }
  return String(BigInt(last ?? '0') + 1n).padStart(width || 4, '0')
}
