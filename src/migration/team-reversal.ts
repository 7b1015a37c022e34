import { nameCommand } from '../argument-list.ts'
import { ReleaseError } from '../errors.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Migration } from './migration.ts'
import type { ReversalReport } from './reversal-run.ts'
import type { TeamReport } from './team-run.ts'
import { ledgerMoved } from './team-versions.ts'

/** Whether the team's program took a migration back: the version table decides; `entries` are missing where nobody could read it. */
export function judgeReversal(
  command: readonly string[],
  { id, version }: Pick<Migration, 'id' | 'version'>,
  { error, exitCode }: Pick<TeamReport, 'error' | 'exitCode'>,
  before: readonly LedgerEntry[],
  entries: readonly LedgerEntry[] | undefined,
): Pick<ReversalReport, 'state' | 'error'> {
  if (entries === undefined) return { state: 'running', error: error ?? unread(command) }
  const moved = ledgerMoved(command, versionsOf(before), versionsOf(entries), [version])
  if (!entries.some((entry) => entry.version === version)) return { state: 'reverted', error: moved }
  if (error !== undefined) return { state: exitCode === undefined ? 'not-reverted' : 'failed', error }
  return {
    state: 'not-reverted',
    error:
      moved ??
      new ReleaseError('migration-failed', `${nameCommand(command)} ended with exit status 0, and the version table still holds ${id}.`, {
        hint: 'See to it that the command works on this database and reads both folders of migrations; then run the same command again.',
      }),
  }
}

function versionsOf(entries: readonly LedgerEntry[]): ReadonlySet<string> {
  return new Set(entries.map(({ version }) => version))
}

function unread(command: readonly string[]): ReleaseError {
  return new ReleaseError('connection-lost', `${nameCommand(command)} has ended, and the version table could not be read after it.`, {
    hint: 'Run the same command again: it says what became of it.',
  })
}
