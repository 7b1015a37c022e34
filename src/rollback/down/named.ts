import { ReleaseError } from '../../errors.ts'
import { appliedAttempts, type History } from '../../migration/history.ts'
import type { LedgerEntry } from '../../migration/ledger.ts'
import { isRepeatable, lineageOf, type Migration, shownVersion } from '../../migration/migration.ts'
import { readTyped } from '../../migration/migration-path.ts'
import { newestApplied } from './newest.ts'

/** The migration that somebody named to be taken back. */
export interface Named {
  readonly version: string
  /** As the history knows it, else as it was typed. */
  readonly name: string
  /** `undefined` when it has been taken back already, at this time. */
  readonly entry: LedgerEntry | undefined
  readonly takenBackAt: Date | undefined
}

interface Known {
  readonly entries: readonly LedgerEntry[]
  readonly history: History
  readonly target: readonly Migration[]
}

/** Finds what was named, by id or version. Throws `invalid-input` when nothing was, `unknown-migration` when it has not run. */
export function findNamed(typed: string | undefined, known: Known): Named {
  const { entries, history } = known
  const newest = newestApplied(entries, history)
  const hint =
    newest === undefined
      ? 'No migration has run on this database.'
      : `The newest that ran is --migration ${nameOfVersion(newest.version, known)}.`
  if (typed === undefined) {
    throw new ReleaseError(
      'invalid-input',
      'migration is missing: down-one takes back the one migration that is named, and nothing else.',
      { hint },
    )
  }
  const { word, version, isVersion } = readTyped(typed)
  const entry = entries.find((one) => lineageOf(one.version) === version)
  const name = version === undefined ? undefined : knownName(version, known)
  const isOther = !isVersion && name !== undefined && name !== word
  if (version === undefined || isOther) {
    const ran = isOther
      ? `version ${shownVersion(version ?? '')} ran here as ${name}`
      : 'an id begins with its number, as 0007_add_phone does'
    throw new ReleaseError('unknown-migration', `${JSON.stringify(typed)} is no migration that has run here: ${ran}.`, { hint })
  }
  const takenBackAt = entry === undefined ? lastReversal(version, history) : undefined
  if (entry === undefined && takenBackAt === undefined) {
    throw new ReleaseError(
      'unknown-migration',
      `${JSON.stringify(typed)} is no migration that has run here: no version table holds version ${shownVersion(version)}.`,
      { hint },
    )
  }
  if (entry?.covered) {
    throw new ReleaseError('no-down', `${name ?? word} has no row of its own in the version table: a baseline stands for it.`, {
      hint: 'Its way back would run, and it would count as applied all the same. Ship a hotfix: "shiplock rollback --shape hotfix".',
    })
  }
  if (entry !== undefined && isRepeatable(entry)) {
    throw new ReleaseError('no-down', `${name ?? word} is repeatable: it has no way back.`, {
      hint: 'Put the text that is to count into the file and release it, or ship a hotfix: "shiplock rollback --shape hotfix".',
    })
  }
  return { version, name: name ?? word, entry, takenBackAt }
}

/** The migration's id where anything knows it. */
export function nameOfVersion(version: string, known: Known): string {
  return knownName(version, known) ?? shownVersion(version)
}

function knownName(version: string, { history: { rows, former }, target }: Known): string | undefined {
  const all = [...former, ...rows]
  const attempt = appliedAttempts(all).findLast((row) => row.version === version)
  const reversal = all.findLast((row) => row.event === 'reversal' && row.version === version)
  const contained = all.flatMap((row) => (row.event === 'deployed' ? row.migrations : [])).findLast((one) => one.version === version)
  const reversed = reversal?.event === 'reversal' ? reversal.name : undefined
  return attempt?.name || reversed || contained?.name || target.find((one) => one.version === version)?.id
}

/** When a run took the version back, of those that ended well or that nobody has closed yet: it is in no version table any more. */
function lastReversal(version: string, { rows }: History): Date | undefined {
  return rows.findLast(
    (row) => row.event === 'reversal' && row.version === version && (row.state === 'reverted' || row.state === 'running'),
  )?.at
}
