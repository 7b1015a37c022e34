import { type LockMode, lockModes, modeInSql } from '../sql/locks.ts'
import { MappedText } from '../sql/mapped-text.ts'
import type { LedgerTexts } from './ledger-texts.ts'
import type { LockNeeds } from './lock-needs.ts'
import type { LockTarget } from './lock-target.ts'
import { isRepeatable } from './migration.ts'
import type { Script } from './script.ts'

/** What is sent to the server in one piece, and what of it stands before the migration's own text. */
export interface Message {
  readonly text: MappedText
  /** Statements before the migration's own. */
  readonly before: number
  /** Statements that have ended when the check of the ledger's head fails; `undefined` without such a check. */
  readonly guardAt: number | undefined
  /** How many statements have ended when the first of the checks fails, and how many checks there are; `undefined` without any. */
  readonly checks: { readonly from: number; readonly count: number } | undefined
  /** Statements that have ended when the lock that displaces a vacuum is granted. */
  readonly displacedAt: number | undefined
}

/** How long one attempt may wait for locks. */
export interface AttemptLimits {
  readonly limitMs: number
  /** Relations to ask a weaker lock of first, and for how long, so that a vacuum on them gives way. */
  readonly displace: { readonly ms: number; readonly targets: readonly LockTarget[] } | undefined
}

interface TransactionParts {
  /** Statements, each complete, in a transaction of their own before: they put the session back. */
  readonly reset: readonly string[]
  readonly limits: AttemptLimits
  readonly needs: LockNeeds
  /** What those wait at most who only write rows: nobody queues behind them. */
  readonly stallBudgetMs: number
  /** Locked by name at the start; nothing else is locked before them. */
  readonly targets: readonly LockTarget[]
  readonly guard: readonly string[]
  /** Selects, each of one statement, that fail by a division by zero; asked once the locks are held. */
  readonly checks?: readonly string[]
  /** False for a transaction that another of the same message follows: its commit takes this one to the disk too. */
  readonly durable?: boolean
  readonly sql: MappedText
  readonly closing: readonly string[]
}

/**
 * One transaction as one message, so that no lock is held across a round trip. `lock_timeout` counts for each lock, so
 * a statement timeout bounds the sum while the named ones are taken.
 */
export function transactionMessage(parts: TransactionParts): Message {
  const { reset, limits, needs, stallBudgetMs, targets, guard, checks = [], durable = true, sql, closing } = parts
  const weak = isWeak(needs)
  const limitMs = weak ? Math.max(limits.limitMs, stallBudgetMs) : limits.limitMs
  const displace =
    limits.displace === undefined ? [] : [...timeouts(limits.displace.ms), lockStatement(limits.displace.targets, 'ShareUpdateExclusive')]
  const strong = weak || targets.length === 0 ? [] : [...timeouts(limitMs), lockStatement(targets)]
  const locking = displace.length + strong.length === 0 ? [] : [...displace, ...strong, ...timeouts(limitMs, 0)]
  const settings = durable ? [] : ['set local synchronous_commit = off']
  const beginning = [...(reset.length === 0 ? [] : ['begin', ...reset, 'commit']), 'begin', ...settings]
  const asking = [...beginning, `set local lock_timeout = '${limitMs}ms'`, ...guard, ...locking]
  // the application waits behind what the checks take
  const checking =
    checks.length === 0 ? [] : [`set local statement_timeout = '${stallBudgetMs}ms'`, ...checks, "set local statement_timeout = '0'"]
  const opening = [...asking, ...checking]
  return {
    text: MappedText.join(MappedText.generated(`${opening.join(';\n')};\n`), sql, MappedText.generated(`\n;${closing.join(';\n')}`)),
    before: opening.length,
    guardAt: guard.length > 0 ? beginning.length + guard.length : undefined,
    checks: checks.length === 0 ? undefined : { from: asking.length + 1, count: checks.length },
    displacedAt: displace.length > 0 ? beginning.length + 1 + guard.length + displace.length : undefined,
  }
}

/** A statement that no transaction can hold, or a setting of the session. */
export function aloneMessage(sql: MappedText): Message {
  return { text: sql, before: 0, guardAt: undefined, checks: undefined, displacedAt: undefined }
}

/** What a script's own transaction asks of the version table first, and what it writes there last. */
export function bookkeeping({ migration, reversal, mark }: Pick<Script, 'migration' | 'reversal' | 'mark'>, ledger: LedgerTexts) {
  if (mark !== undefined) return { guard: ledger.reversalGuard(migration), record: ledger.mark(migration, mark) }
  return reversal === undefined
    ? { guard: ledger.guard(migration), record: ledger.record(migration) }
    : { guard: ledger.reversalGuard(migration), record: [ledger.erase(migration)] }
}

/**
 * Whether what is noted of a migration's statements goes with its end: of a repeatable one too, since it may have been
 * begun outside a transaction with another text.
 */
export function forgetsSteps({ migration, mark }: Pick<Script, 'migration' | 'mark'>): boolean {
  return !migration.transactional || mark !== undefined || isRepeatable(migration)
}

export function closingOf(ledger: LedgerTexts, record: readonly string[]): readonly string[] {
  return [ledger.restoreRole, ...record, 'commit']
}

/** Modes that only the strongest ones conflict with. */
const weakModes: readonly LockMode[] = ['AccessShare', 'RowShare', 'RowExclusive']

function isWeak({ locks, unknown }: LockNeeds): boolean {
  return unknown === undefined && locks.every(({ mode }) => weakModes.includes(mode))
}

function timeouts(lockMs: number, statementMs = lockMs): string[] {
  return [`set local lock_timeout = '${lockMs}ms'`, `set local statement_timeout = '${statementMs}ms'`]
}

/** One statement for all, the strongest mode first and names in order, so that two runs ask in the same order. */
function lockStatement(targets: readonly LockTarget[], mode?: LockMode): string {
  const groups = lockModes.toReversed().flatMap((one) => {
    const names = targets.filter((target) => (mode ?? target.mode) === one).map(({ name }) => name)
    return names.length === 0 ? [] : [`lock table only ${[...new Set(names)].sort().join(', only ')} in ${modeInSql(one)} mode`]
  })
  if (groups.length === 1) return groups[0] as string
  const body = groups.join('; ')
  let tag = '$shiplock$'
  while (body.includes(tag)) tag = `$${tag.slice(1, -1)}_$`
  return `do ${tag} begin ${body}; end ${tag}`
}
