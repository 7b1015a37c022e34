import { createHash } from 'node:crypto'
import { ReleaseError } from '../errors.ts'
import { MappedText } from '../sql/mapped-text.ts'
import { utf16FromCodePoints } from '../sql/position.ts'
import { formatDuration } from '../units.ts'
import {
  connectionLost,
  editedHalfway,
  inDoubt,
  interrupted,
  keptText,
  ledgerMoved,
  leftInvalid,
  lockNotObtained,
  migrationFailed,
} from './execution-errors.ts'
import type { Executor, SendOutcome, SqlFailure, Step } from './executor.ts'
import { placeIn } from './migration.ts'
import type { Script, Unit } from './script.ts'

export interface RunPolicy {
  /** All attempts at one statement's or one transaction's locks together. */
  readonly lockBudgetMs: number
  readonly signal: AbortSignal
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Values in error details may be personal data. */
  readonly showData: boolean
  readonly progress: (line: string) => void
}

/** One attempt's limit in the queue for a lock; the application waits behind it for no longer. */
const lockTimeoutMs = 1000

/** A message, and what of it stands before the migration's own text. */
interface Message {
  readonly text: MappedText
  readonly before: number
  /** Statements that have ended when the check of the ledger's head fails; `undefined` without such a check. */
  readonly guardAt: number | undefined
}

/** One migration on its way. */
export class MigrationRun {
  /** Attempts at its locks; 1 when they were free. */
  attempts = 1
  /** Statements of a file outside a transaction that are done and stay done. */
  stepsDone = 0
  sqlstate: string | undefined
  readonly #script: Script
  readonly #executor: Executor
  readonly #policy: RunPolicy

  constructor(script: Script, executor: Executor, policy: RunPolicy) {
    this.#script = script
    this.#executor = executor
    this.#policy = policy
  }

  /** The error when the migration was not applied; nothing of it is kept then, but finished steps. */
  async apply(): Promise<ReleaseError | undefined> {
    const { migration, units } = this.#script
    try {
      const steps = await this.#executor.steps(migration)
      if (migration.transactional) {
        if (steps.length > 0) return editedHalfway(migration, `${steps.length} of its statements`)
        return await this.#send(await this.#transaction(units[0]?.sql ?? MappedText.generated(''), this.#executor.record(migration), true))
      }
      await this.#limitLocks(true)
      for (const [index, unit] of units.entries()) {
        const error = unit.session ? await this.#send(alone(unit)) : await this.#step(unit, index, steps)
        if (error !== undefined) return error
        if (!unit.session) this.stepsDone++
      }
      return await this.#send(await this.#transaction(MappedText.generated(''), this.#executor.record(migration), true))
    } catch (error) {
      if (error instanceof ReleaseError) return error
      throw error
    }
  }

  async #step(unit: Unit, index: number, steps: readonly Step[]): Promise<ReleaseError | undefined> {
    const { migration } = this.#script
    const hash = createHash('sha256').update(unit.sql.text).digest('hex')
    const known = steps.find((step) => step.index === index)
    // a statement that was refused has no effect, and may be corrected
    if (known !== undefined && known.state !== 'failed' && known.hash !== hash)
      return editedHalfway(migration, `its statement ${index + 1}`)
    if (known?.state === 'finished') {
      this.#policy.progress(`${migration.id}: statement ${index + 1} ran before`)
      return undefined
    }
    const finished: Step = { index, hash, state: 'finished' }
    if (unit.transactional) return this.#send(await this.#transaction(unit.sql, this.#executor.recordStep(migration, finished), false))
    if (known?.state === 'started' && (await this.#tookEffect(unit, index))) {
      await this.#executor.saveStep(migration, finished)
      return undefined
    }
    return this.#standAlone(unit, finished, known)
  }

  /** A statement that no transaction can hold: noted before and after, since only that tells later what became of it. */
  async #standAlone(unit: Unit, finished: Step, known: Step | undefined): Promise<ReleaseError | undefined> {
    const { migration } = this.#script
    const { effect } = unit
    if (effect?.kind === 'index-created' && known === undefined && (await this.#executor.effectState(effect)) !== 'absent') {
      // an index of this name is there already, and not ours: the server is to answer, and no later run may take it for ours
      const error = await this.#send(alone(unit))
      if (error !== undefined) return error
      if ((await this.#executor.effectState(effect)) !== 'done') return leftInvalid(placeIn(migration, unit.sql, 0), effect.name)
      await this.#executor.saveStep(migration, finished)
      return undefined
    }
    if (effect?.kind === 'index-created' && known !== undefined) await this.#dropHalfBuilt(unit, finished.index)
    await this.#executor.saveStep(migration, { ...finished, state: 'started' })
    if (unit.concurrent) await this.#limitLocks(false)
    const error = await this.#send(alone(unit))
    if (error?.code === 'connection-lost') return error
    if (unit.concurrent) await this.#limitLocks(true)
    await this.#executor.saveStep(migration, error === undefined ? finished : { ...finished, state: 'failed' })
    return error
  }

  /** The name was free when our first attempt began, so an invalid index of it, on the same table, is what that left. */
  async #dropHalfBuilt(unit: Unit, index: number): Promise<void> {
    const { effect } = unit
    if (effect?.kind !== 'index-created') return
    const state = await this.#executor.effectState(effect)
    if (state === 'busy')
      throw inDoubt(placeIn(this.#script.migration, unit.sql, 0), index, `Somebody is working on ${effect.name} right now. `)
    if (state !== 'invalid') return
    this.#policy.progress(`${this.#script.migration.id}: an earlier attempt left ${effect.name} invalid; it is dropped and built again`)
    await this.#limitLocks(false)
    await this.#executor.dropInvalidIndex(effect)
    await this.#limitLocks(true)
  }

  /** Decides from the catalog about a statement that was under way when an earlier run ended. */
  async #tookEffect(unit: Unit, index: number): Promise<boolean> {
    if (unit.effect === undefined) throw inDoubt(placeIn(this.#script.migration, unit.sql, 0), index)
    if (unit.effect.kind === 'repeatable') return false
    const state = await this.#executor.effectState(unit.effect)
    return unit.effect.kind === 'index-created' ? state === 'done' : state === 'absent'
  }

  /** Concurrent builds wait for others by design: a limit would only leave them invalid. */
  async #limitLocks(limited: boolean): Promise<void> {
    await this.#executor.send(`set lock_timeout = '${limited ? lockTimeoutMs : 0}ms'`, AbortSignal.any([]))
  }

  /** One message, so that no lock is held across a round trip; the record is in the same transaction. */
  async #transaction(sql: MappedText, record: string, guarded: boolean): Promise<Message> {
    const guard = guarded ? await this.#executor.guard(this.#script.migration) : []
    const opening = ['begin', `set local lock_timeout = '${lockTimeoutMs}ms'`, ...guard]
    const closing = [this.#executor.restoreRole, record, 'commit']
    return {
      text: MappedText.join(MappedText.generated(`${opening.join(';\n')};\n`), sql, MappedText.generated(`\n;${closing.join(';\n')}`)),
      before: opening.length,
      guardAt: guard.length > 0 ? opening.length - 1 : undefined,
    }
  }

  /** A lock that was not granted in time takes the whole message back: trying again is safe. */
  async #send(message: Message): Promise<ReleaseError | undefined> {
    const { migration } = this.#script
    const { lockBudgetMs, signal, now, sleep, progress } = this.#policy
    const deadline = now() + lockBudgetMs
    for (let tries = 1; ; tries++) {
      if (tries > 1) this.attempts++
      const outcome = await this.#executor.send(message.text.text, signal)
      if (outcome.state === 'done') return undefined
      if (outcome.state === 'failed' && message.before > 0) await this.#executor.send('rollback', AbortSignal.any([]))
      if (outcome.state === 'lost' || outcome.failure.sqlstate !== '55P03' || signal.aborted) return this.#errorOf(outcome, message)
      const delay = Math.min(5000, 500 * 2 ** Math.min(tries - 1, 4)) * (0.7 + 0.6 * Math.random())
      if (now() + delay > deadline) {
        this.sqlstate = outcome.failure.sqlstate
        return lockNotObtained(this.#placeOf(outcome.failure, message), lockBudgetMs, tries, keptText(migration, this.stepsDone))
      }
      progress(`${migration.id}: a lock is held by somebody else; attempt ${tries + 1} in ${formatDuration(delay)}`)
      await sleep(delay, signal)
      if (signal.aborted) return interrupted()
    }
  }

  #errorOf(outcome: Exclude<SendOutcome, { state: 'done' }>, message: Message): ReleaseError {
    const { migration } = this.#script
    if (outcome.state === 'lost') return connectionLost(migration, outcome.reason)
    const { failure } = outcome
    this.sqlstate = failure.sqlstate
    if (this.#policy.signal.aborted) return interrupted()
    if (failure.sqlstate === '22012' && failure.completed === message.guardAt) return ledgerMoved(migration)
    return migrationFailed(failure, {
      phase: migration.phase,
      place: this.#placeOf(failure, message),
      kept: keptText(migration, this.stepsDone),
      showData: this.#policy.showData,
      inFile: failure.position !== undefined,
    })
  }

  /** The server's position when it gives one; else the statement after the last that ended. */
  #placeOf(failure: SqlFailure, { text, before }: Message): string {
    const { migration, units } = this.#script
    if (failure.position !== undefined) {
      const offset = utf16FromCodePoints(text.text, failure.position)
      if (text.fileOffset(offset) !== undefined) return placeIn(migration, text, offset)
    }
    const unit = units.find((one) => text === one.sql || (before > 0 && text.text.includes(one.sql.text)))
    const statement = unit?.statements[failure.completed - before]
    return unit === undefined || statement === undefined ? migration.path : placeIn(migration, unit.sql, statement)
  }
}

function alone(unit: Unit): Message {
  return { text: unit.sql, before: 0, guardAt: undefined }
}
