import { ReleaseError } from '../errors.ts'
import { MappedText } from '../sql/mapped-text.ts'
import type { Step } from './books.ts'
import {
  connectionLost,
  editedHalfway,
  interrupted,
  keptText,
  ledgerMoved,
  lockNotObtained,
  lossChanged,
  markRefused,
  migrationFailed,
  movedBeforeMark,
  wayBackFailed,
} from './execution-errors.ts'
import type { Executor, SendOutcome } from './executor.ts'
import { placeOf } from './failure-place.ts'
import { type AttemptsEnd, type AttemptTools, type Budget, type Request, sendWhenFree } from './lock-attempts.ts'
import { type LockNeeds, lockNeeds } from './lock-needs.ts'
import type { LockTarget } from './lock-target.ts'
import { type AttemptLimits, aloneMessage, bookkeeping, closingOf, forgetsSteps, transactionMessage } from './message.ts'
import { hashOf, type Script, type Unit } from './script.ts'
import { runAlone } from './stand-alone.ts'

export interface RunPolicy extends Omit<AttemptTools, 'executor'> {
  /** All waiting for one migration's locks together. */
  readonly lockBudgetMs: number
  /** Values in error details may be personal data. */
  readonly showData: boolean
}

/** One migration on its way. */
export class MigrationRun {
  /** Attempts at its locks; 1 when they were free. */
  attempts = 1
  /** Statements of a file outside a transaction that are done and stay done. */
  stepsDone = 0
  sqlstate: string | undefined
  /** Who was in the way when the lock budget ended. */
  blockers: readonly string[] = []
  /** Relations that it made and that were not there before. */
  readonly made: LockNeeds['creates'][number][] = []
  readonly #script: Script
  readonly #executor: Executor
  readonly #policy: RunPolicy
  readonly #budget: Budget
  /** Whether the session may hold what an earlier migration left in it. */
  readonly #reset: boolean

  constructor(script: Script, executor: Executor, policy: RunPolicy, reset: boolean) {
    this.#script = script
    this.#executor = executor
    this.#policy = policy
    this.#budget = { leftMs: policy.lockBudgetMs }
    this.#reset = reset
  }

  /** The error when the migration was not applied; nothing of it is kept then, but finished steps. */
  async apply(steps: readonly Step[]): Promise<ReleaseError | undefined> {
    const { migration, units, mark } = this.#script
    try {
      if (mark !== undefined) return await this.#recorded(MappedText.generated(''), lockNeeds([]))
      if (migration.transactional) {
        if (steps.length > 0) return editedHalfway(migration, `${steps.length} of its statements`)
        const [unit] = units
        return await this.#recorded(unit?.sql ?? MappedText.generated(''), unit?.needs ?? lockNeeds([]))
      }
      if (this.#reset) await this.#resetSession()
      for (const [index, unit] of units.entries()) {
        const error = unit.session ? await this.#send(unit) : await this.#step(unit, index, steps)
        if (error !== undefined) return error
        if (!unit.session) this.stepsDone++
      }
      return await this.#recorded(MappedText.generated(''), lockNeeds([]))
    } catch (error) {
      if (error instanceof ReleaseError) return error
      throw error
    }
  }

  async #step(unit: Unit, index: number, steps: readonly Step[]): Promise<ReleaseError | undefined> {
    const { migration } = this.#script
    const { books } = this.#executor
    const hash = hashOf(unit)
    const known = steps.find((step) => step.index === index)
    // a statement that was refused has no effect, and may be corrected
    if (known !== undefined && known.state !== 'failed' && known.hash !== hash)
      return editedHalfway(migration, `its statement ${index + 1}`)
    if (known?.state === 'finished') {
      this.#policy.progress(`${migration.id}: statement ${index + 1} ran before`)
      return undefined
    }
    const finished: Step = { index, hash, state: 'finished' }
    const record = unit.transactional ? books.recordStep(migration, finished) : undefined
    if (record !== undefined) return this.#transaction(unit.sql, unit.needs, [record])
    const context = { script: this.#script, executor: this.#executor, budget: this.#budget, account: this }
    const send = (one: Unit) => (one.transactional ? this.#transaction(one.sql, one.needs, []) : this.#send(one))
    return runAlone(unit, finished, known, { ...this.#policy, ...context, send })
  }

  /** The migration's text together with its version row, which comes or, with a way back, goes. */
  #recorded(sql: MappedText, needs: LockNeeds): Promise<ReleaseError | undefined> {
    const { migration, reversal } = this.#script
    const { books } = this.#executor
    const forget = forgetsSteps(this.#script) ? books.forgetSteps(migration) : undefined
    const { guard, record } = bookkeeping(this.#script, this.#executor.ledger)
    return this.#transaction(sql, needs, [...(forget === undefined ? [] : [forget]), ...record], guard, reversal?.checks)
  }

  async #transaction(
    sql: MappedText,
    needs: LockNeeds,
    record: readonly string[],
    guard: readonly string[] = [],
    checks: readonly string[] = [],
  ): Promise<ReleaseError | undefined> {
    const { migration } = this.#script
    const { ledger } = this.#executor
    const compose = (limits: AttemptLimits, targets: readonly LockTarget[]) =>
      transactionMessage({
        reset: this.#reset && migration.transactional ? ledger.resetSession : [],
        limits,
        needs,
        stallBudgetMs: this.#policy.stallBudgetMs,
        targets,
        guard,
        checks,
        sql,
        closing: closingOf(ledger, record),
      })
    const end = await this.#attempt({ needs, compose })
    if (end.outcome.state !== 'done') return this.#errorOf(end, end.outcome)
    if (guard.length > 0 && this.#script.reversal === undefined && this.#script.mark === undefined)
      ledger.recorded(migration, end.outcome.value)
    return undefined
  }

  /** A statement by itself, which no transaction of ours holds. */
  async #send(unit: Unit): Promise<ReleaseError | undefined> {
    const end = await this.#attempt({
      needs: unit.session ? lockNeeds([]) : unit.needs,
      compose: () => aloneMessage(unit.sql),
      ...(unit.session ? {} : { limitSession: (ms: number) => this.#limitLocks(ms) }),
    })
    return end.outcome.state === 'done' ? undefined : this.#errorOf(end, end.outcome)
  }

  async #attempt(request: Omit<Request, 'id' | 'budget'>): Promise<AttemptsEnd> {
    const { migration } = this.#script
    const end = await sendWhenFree({ ...request, id: migration.id, budget: this.#budget }, { ...this.#policy, executor: this.#executor })
    this.attempts += Math.max(0, end.attempts - 1)
    if (end.outcome.state === 'done') this.made.push(...end.makes)
    return end
  }

  async #limitLocks(ms: number): Promise<void> {
    await this.#executor.send(`set lock_timeout = '${ms}ms'`, AbortSignal.any([]))
  }

  async #resetSession(): Promise<void> {
    const outcome = await this.#executor.send(['begin', ...this.#executor.ledger.resetSession, 'commit'].join(';\n'), AbortSignal.any([]))
    if (outcome.state === 'lost') throw connectionLost(this.#script.migration, outcome.reason)
  }

  #errorOf(end: AttemptsEnd, outcome: Exclude<SendOutcome, { state: 'done' }>): ReleaseError {
    const { migration, reversal, mark } = this.#script
    const { lockBudgetMs, signal, showData } = this.#policy
    if (outcome.state === 'lost') return connectionLost(migration, outcome.reason)
    const { failure } = outcome
    this.sqlstate = failure.sqlstate
    if (signal.aborted) return interrupted()
    const kept = mark === undefined ? keptText(migration, this.stepsDone, reversal !== undefined) : ' Nothing was changed.'
    if (end.exhausted) {
      this.blockers = end.blockers
      return lockNotObtained(migration, lockBudgetMs, end, kept)
    }
    const { guardAt, checks } = end.message
    if (failure.sqlstate === '22012' && failure.completed === guardAt)
      return mark === undefined ? ledgerMoved(migration) : movedBeforeMark(migration)
    const check = checks === undefined ? -1 : failure.completed - checks.from
    if (failure.sqlstate === '22012' && check >= 0 && check < (checks?.count ?? 0)) return lossChanged(migration)
    return migrationFailed(failure, {
      phase: migration.phase,
      place: placeOf(failure, end.message, this.#script),
      kept,
      showData,
      inFile: failure.position !== undefined,
      ...(mark === undefined ? {} : { hint: markRefused }),
      ...(reversal === undefined ? {} : { hint: wayBackFailed(migration) }),
    })
  }
}
