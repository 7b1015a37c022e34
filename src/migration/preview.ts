import { MappedText } from '../sql/mapped-text.ts'
import type { Books } from './books.ts'
import type { Executor } from './executor.ts'
import { type LockNeeds, lockNeeds } from './lock-needs.ts'
import { bookkeeping, closingOf, forgetsSteps, transactionMessage } from './message.ts'
import { hashOf, type Script } from './script.ts'
import { shortestLimitMs } from './traffic.ts'

/** What is needed to tell what would be sent, without sending it. */
export interface Preview extends AsyncDisposable, Pick<Executor, 'ledger' | 'survey'> {
  readonly books: Pick<Books, 'recordStep' | 'forgetSteps'>
}

/** The messages of one migration in order, as a first attempt would send them. */
export async function previewScript(script: Script, preview: Preview, stallBudgetMs: number): Promise<readonly string[]> {
  const { migration, units, reversal, mark } = script
  const { ledger, books } = preview
  const transaction = async (
    sql: MappedText,
    needs: LockNeeds,
    record: readonly string[],
    guard: readonly string[],
    checks: readonly string[] = [],
  ) => {
    const { targets } = await preview.survey(needs.first, [])
    const limits = { limitMs: shortestLimitMs, displace: undefined }
    const first = targets.filter(({ lockable }) => lockable)
    const closing = closingOf(ledger, record)
    return transactionMessage({ reset: [], limits, needs, stallBudgetMs, targets: first, guard, checks, sql, closing }).text.text
  }
  const own = bookkeeping(script, ledger)
  const nothing = MappedText.generated('')
  if (migration.transactional && mark === undefined) {
    const [unit] = units
    const forget = forgetsSteps(script) ? books.forgetSteps(migration) : undefined
    const record = [...(forget === undefined ? [] : [forget]), ...own.record]
    return [await transaction(unit?.sql ?? nothing, unit?.needs ?? lockNeeds([]), record, own.guard, reversal?.checks)]
  }
  const messages: string[] = []
  for (const [index, unit] of units.entries()) {
    const step = books.recordStep(migration, { index, hash: hashOf(unit), state: 'finished' })
    messages.push(unit.transactional ? await transaction(unit.sql, unit.needs, step === undefined ? [] : [step], []) : unit.sql.text)
  }
  const forget = books.forgetSteps(migration)
  const record = [...(forget === undefined ? [] : [forget]), ...own.record]
  return [...messages, await transaction(nothing, lockNeeds([]), record, own.guard)]
}
