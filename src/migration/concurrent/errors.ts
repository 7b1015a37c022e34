import { ReleaseError } from '../../errors.ts'
import { formatDuration } from '../../units.ts'
import { adviceFor, describeHolder } from '../holder.ts'
import type { Blocker } from './waiting.ts'

interface Waited {
  readonly place: string
  /** Such as `building accounts_email_idx`. */
  readonly what: string
  readonly budgetMs: number
  readonly blockers: readonly Blocker[]
  /** What is done and stays done. */
  readonly kept: string
}

/** The budget ended before anything was begun. */
export function neverStarted({ place, what, budgetMs, blockers, kept }: Waited): ReleaseError {
  return new ReleaseError(
    'lock-not-obtained',
    `${place}: ${what} was not started, since it would have had to wait for others until they end, and lock-budget (${formatDuration(budgetMs)}) was over first.${inTheWay(blockers)}${kept}`,
    { at: place, hint: `${advice(blockers)} Nothing waits now.` },
  )
}

/** The budget ended while it waited; `left` says what became of the half-done work. */
export function outwaited({ place, what, budgetMs, blockers, kept }: Waited, left: string): ReleaseError {
  return new ReleaseError(
    'lock-not-obtained',
    `${place}: ${what} had to wait for others longer than lock-budget (${formatDuration(budgetMs)}), and was cancelled.${inTheWay(blockers)}${left}${kept}`,
    { at: place, hint: `${advice(blockers)} The next run goes on where this one stopped.` },
  )
}

/** An invalid index has the name, and it is not for us to take it away. */
export function invalidIndex(place: string, index: string, why: string): ReleaseError {
  return new ReleaseError('invalid-index', `${place}: the index ${index} is there, but invalid: no query uses it. ${why}`, {
    at: place,
    hint: `When nobody needs it: drop index concurrently ${index}; then run the same command again.`,
  })
}

/** IF NOT EXISTS asks for the name alone. */
export function nameTaken(place: string, index: string, table: string): ReleaseError {
  return new ReleaseError(
    'migration-failed',
    `${place}: IF NOT EXISTS skipped the statement: something else is called ${index}, and ${table} has no such index.`,
    { at: place, hint: 'Give the index another name, and run the same command again.' },
  )
}

function inTheWay(blockers: readonly Blocker[]): string {
  const who = blockers.slice(0, 5).map(({ holder, age }) => describeHolder(holder, age))
  return who.length === 0 ? '' : ` In the way: ${who.join('; ')}.`
}

function advice(blockers: readonly Blocker[]): string {
  const known = blockers.map(({ holder }) => adviceFor(holder)).find((one) => one !== undefined)
  return known ?? 'Run the same command again when that work has ended.'
}
