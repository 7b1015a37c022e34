import { MappedText } from '../sql/mapped-text.ts'
import type { LedgerTexts } from './ledger-texts.ts'
import { keyOf, lockNeeds, touchesOnly } from './lock-needs.ts'
import { forgetsSteps, transactionMessage } from './message.ts'
import type { Script } from './script.ts'

/** More in one message would make a failure's rest hard to follow, and saves no time. */
const largestBatch = 25

/** A member's place in the message of a batch. */
export interface Member {
  readonly script: Script
  /** Statements of the message before the member's own. */
  readonly before: number
  /** Statements that have ended when the check of the ledger's head fails. */
  readonly guardAt: number | undefined
  /** Statements of the message that have ended when the member is committed. */
  readonly end: number
}

/**
 * The scripts from the first on that may share a message: plain definitions that touch nothing but relations that this
 * run makes, so that no lock of theirs can be in anybody's way. `made` are the relations made so far.
 */
export function batchOf(scripts: readonly Script[], made: ReadonlySet<string>): readonly Script[] {
  const known = new Set(made)
  const batch: Script[] = []
  for (const script of scripts) {
    const [unit] = script.units
    if (batch.length === largestBatch || forgetsSteps(script) || unit === undefined) break
    if (script.migration.phase !== scripts[0]?.migration.phase || !touchesOnly(known, unit.needs)) break
    for (const name of unit.needs.creates) known.add(keyOf(name))
    batch.push(script)
  }
  return batch.length > 1 ? batch : []
}

/** Each member is a transaction of its own, with its version row; an error leaves those before it committed. */
export function batchMessage(batch: readonly Script[], ledger: LedgerTexts, reset: readonly string[], stallBudgetMs: number) {
  const members: Member[] = []
  const texts: MappedText[] = []
  let statements = 0
  for (const [index, script] of batch.entries()) {
    const { migration, units } = script
    const closing = [...ledger.record(migration), 'commit'] // plain definitions leave the role as it is
    const message = transactionMessage({
      reset: index === 0 ? reset : [],
      limits: { limitMs: stallBudgetMs, displace: undefined },
      needs: lockNeeds([]),
      stallBudgetMs,
      targets: [],
      guard: ledger.guard(migration, index > 0),
      durable: index === batch.length - 1,
      sql: units[0]?.sql ?? MappedText.generated(''),
      closing,
    })
    const own = units[0]?.statements.length ?? 0
    members.push({
      script,
      before: statements + message.before,
      guardAt: message.guardAt === undefined ? undefined : statements + message.guardAt,
      end: statements + message.before + own + closing.length,
    })
    statements += message.before + own + closing.length
    texts.push(message.text, MappedText.generated(';\n'))
  }
  return { text: MappedText.join(...texts), members }
}
