import { z } from 'zod'
import { sidesOf } from './drift.ts'
import type { History } from './history.ts'
import type { LedgerEntry } from './ledger.ts'
import { byVersion, isFileOf, type Migration, type Phase } from './migration.ts'

/** A version that has run, as far as anything tells. */
export interface NotedVersion {
  readonly version: string
  readonly phase: Phase | undefined
  /** SHA-256 of the file that ran; `undefined` when nothing kept it. */
  readonly checksum: string | undefined
  readonly name: string | undefined
}

/** What a result says of the version tables as its command left them: a later decision without the database goes by it. */
export interface LedgerNote {
  readonly postgres: number
  /** A line each, in the order of their numbers: version, phase, checksum, name; `-` for what nothing kept. */
  readonly ran: readonly string[]
  /** Those that had begun, and of which nothing tells how far they came. */
  readonly perhaps: readonly string[]
}

/** What the command saw before it changed anything. */
interface Seen {
  readonly migrations: readonly Migration[]
  readonly entries: readonly LedgerEntry[]
  readonly history: History
}

/** What became of it. */
interface Change {
  readonly applied?: readonly { readonly version: string }[]
  /** Versions that have begun. */
  readonly begun: Iterable<string>
}

export function noteLedger({ migrations, entries, history }: Seen, { applied = [], begun }: Change, postgres: number): LedgerNote {
  const sides = sidesOf(migrations, entries, history)
  const files = new Map(migrations.map((migration) => [migration.version, migration]))
  const ofEntry = ({ version, phase, checksum }: LedgerEntry): NotedVersion => {
    const attempt = sides.attempts.get(version)
    const known = sides.contained.get(version)?.at(-1)
    const file = files.get(version)
    const ran = checksum ?? attempt?.checksum
    const own = file !== undefined && (ran === undefined || isFileOf(file, ran)) ? file : undefined
    return {
      version,
      phase: phase ?? attempt?.phase ?? known?.phase ?? file?.phase,
      checksum: ran,
      name: attempt?.name || known?.name || own?.id,
    }
  }
  const ofFile = (version: string): NotedVersion => {
    const file = files.get(version)
    return { version, phase: file?.phase, checksum: file?.checksum, name: file?.id }
  }
  const ran = new Map(entries.map((entry) => [entry.version, ofEntry(entry)]))
  for (const { version } of applied) ran.set(version, ofFile(version))
  const perhaps = [...new Set(begun)].filter((version) => !ran.has(version)).map(ofFile)
  return { postgres, ran: linesOf([...ran.values()]), perhaps: linesOf(perhaps) }
}

function linesOf(versions: readonly NotedVersion[]): readonly string[] {
  return [...versions]
    .sort(byVersion)
    .map(({ version, phase = '-', checksum = '-', name = '-' }) => `${version} ${phase} ${checksum} ${name}`)
}

const line = z.string().transform((text, context): NotedVersion => {
  const [, version, phase, checksum, name] = /^(\d+(?:\.\d+)*|R:\S*) (pre|post|-) (\S+) ([\s\S]+)$/.exec(text) ?? []
  if (version === undefined || checksum === undefined) {
    context.addIssue('not a line of a ledger')
    return z.NEVER
  }
  const known = (word: string | undefined) => (word === '-' ? undefined : word)
  return { version, phase: known(phase) as Phase | undefined, checksum: known(checksum), name: known(name) }
})

/** A note as a record holds it. */
export const ledgerNote = z.object({ postgres: z.int(), ran: z.array(line), perhaps: z.array(line) })
