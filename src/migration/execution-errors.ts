import { messageOf, ReleaseError } from '../errors.ts'
import { formatDuration, plural } from '../units.ts'
import type { Settling } from './books.ts'
import type { SqlFailure } from './executor.ts'
import type { Migration, Phase } from './migration.ts'

const goesOn = 'Run the same command again: it goes on where it stopped.'
const correctAndRun = 'Correct the migration and run the same command again: it goes on where it stopped.'
const correctAndDeploy =
  'Correct the migration, deploy the release that holds it, run "shiplock record deployed", and then the post phase again: it goes on where it stopped.'
const ledgerDecides = 'Run the same command again: the ledger says what was applied, and nothing runs twice.'

/** The server refused a statement. Without `showData`, values that may come from rows are left out. */
export function migrationFailed(
  failure: SqlFailure,
  {
    phase,
    place,
    kept,
    showData,
    inFile,
    hint: instead,
  }: { phase: Phase; place: string; kept: string; showData: boolean; inFile: boolean; hint?: string },
): ReleaseError {
  const quotesRows = !showData && mayQuoteRows(failure.sqlstate, inFile)
  const message = quotesRows ? withoutQuotes(failure.message) : failure.message
  const hint = quotesRows && failure.hint !== undefined ? withoutQuotes(failure.hint) : failure.hint
  const detail = showData && failure.detail ? ` ${failure.detail}` : ''
  return new ReleaseError('migration-failed', `${place}: ${message} (SQLSTATE ${failure.sqlstate ?? 'unknown'}).${detail}${kept}`, {
    at: place,
    hint: instead ?? hint ?? (phase === 'pre' ? correctAndRun : correctAndDeploy),
  })
}

/** What to do about a way back that the server refused: the file that ran is not to be edited. */
export function wayBackFailed({ transactional }: Migration): string {
  if (!transactional) return goesOn
  return 'The schema and the version table are as they were. Look what the statement met; where this way back cannot work, ship a hotfix: "shiplock rollback --shape hotfix".'
}

/** What to do about a mark that the server refused: no file is to be corrected for it. */
export const markRefused =
  'The server refused what the mark writes into the version table: look at its rights, triggers and constraints. The same command with --dry-run shows the statements.'

/** What stays of a migration that stopped. */
export function keptText(migration: Migration, stepsDone: number, isReversal = false): string {
  if (stepsDone > 0) return ` The ${plural(stepsDone, 'statement')} before it stay done.`
  if (isReversal) return migration.transactional ? ' Nothing was taken back.' : ''
  return migration.transactional ? ' Nothing of this migration was applied.' : ''
}

/** The budget ended while somebody was in the way, or kept coming back. */
export function lockNotObtained(
  { id, path }: Migration,
  budgetMs: number,
  { attempts, blockers, advice }: { attempts: number; blockers: readonly string[]; advice: string | undefined },
  kept: string,
): ReleaseError {
  const tries = attempts === 0 ? 'it was never worth asking, so nobody had to wait behind it' : plural(attempts, 'attempt')
  const who = blockers.length === 0 ? '' : ` In the way: ${blockers.slice(0, 5).join('; ')}.`
  return new ReleaseError(
    'lock-not-obtained',
    `${id}: the locks were not free within lock-budget (${formatDuration(budgetMs)}; ${tries}).${who}${kept}`,
    {
      at: path,
      hint: `${advice ?? 'Run the same command again when that work has ended.'} Nothing waits now; the next run goes on where this one stopped.`,
    },
  )
}

export function interrupted(
  message = 'The run was stopped by a signal; the migration under way was cancelled on the server.',
): ReleaseError {
  return new ReleaseError('interrupted', message, { hint: goesOn })
}

export function connectionLost(migration: Migration, reason: string): ReleaseError {
  return new ReleaseError('connection-lost', `The connection broke while ${migration.id} ran: ${reason}`, { hint: ledgerDecides })
}

/** The connection that keeps the books broke: what it holds, the runner lock above all, is gone with it. */
export function booksLost(cause: unknown): ReleaseError {
  if (cause instanceof ReleaseError) return cause
  return new ReleaseError('connection-lost', `The connection that holds the lock and writes the history broke: ${messageOf(cause)}`, {
    hint: ledgerDecides,
    cause,
  })
}

/** The lock was lost with the connection, and another run had it until it was ours again. */
export function overtaken(): ReleaseError {
  return new ReleaseError('connection-lost', 'While the connection was broken, another run went on with these migrations.', {
    hint: ledgerDecides,
  })
}

export function ledgerMoved(migration: Migration): ReleaseError {
  return new ReleaseError(
    'ledger-moved',
    `Another program changed the version table before ${migration.id} ran; nothing of it was applied.`,
    {
      hint: 'A service that migrates at boot, or a colleague, runs migrations too. Wait until it has ended and run plan again.',
    },
  )
}

/** The same where nothing was to run. */
export function movedBeforeMark({ id }: Migration): ReleaseError {
  return new ReleaseError('ledger-moved', `Another program changed the version table before ${id} was marked in it; nothing was changed.`, {
    hint: 'A service that migrates at boot, or a colleague, may have done it. Look with --dry-run, and then run the same command again.',
  })
}

/** Somebody wrote between the look and the locks. */
export function lossChanged({ id, path }: Migration): ReleaseError {
  return new ReleaseError(
    'loss-changed',
    `What ${id} would lose is no longer what was counted and saved: rows were written meanwhile. Nothing was taken back.`,
    {
      at: path,
      hint: 'Stop the writers of these tables, then start again without confirm: it counts anew and shows the phrase to type.',
    },
  )
}

export function editedHalfway(migration: Migration, what: string): ReleaseError {
  return new ReleaseError('checksum-mismatch', `${migration.path} was edited after ${what} ran.`, {
    at: migration.path,
    hint: 'Restore the file from version control; what has run stays done, and the next run goes on after it.',
  })
}

export function inDoubt(place: string, { tookEffect, didNot }: Settling, note = ''): ReleaseError {
  return new ReleaseError(
    'in-doubt-statement',
    `${place}: an earlier run ended while this statement was under way. ${note}The catalog does not tell whether it took effect.`,
    {
      at: place,
      hint: `Look at the database. If it took effect: ${tookEffect} If it did not: ${didNot} Then run the same command again.`,
    },
  )
}

/**
 * Whether a message may quote a value from a row. Errors about names (42) and constraints (23) quote names, unless the
 * text comes from a function called at run time, which has no place in the file; data errors (22), raised ones (P0) and
 * those of other classes may quote anything. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function mayQuoteRows(sqlstate: string | undefined, inFile: boolean): boolean {
  const kind = sqlstate?.slice(0, 2) ?? ''
  if (['22', 'P0', 'XX', '38', '39', ''].includes(kind)) return true
  return sqlstate === '42601' && !inFile
}

function withoutQuotes(text: string): string {
  return text.replace(/"[^"]*"|'[^']*'/g, '(value not shown; show-data prints it)')
}
