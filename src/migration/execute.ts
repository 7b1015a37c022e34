import { createHash } from 'node:crypto'
import { messageOf, ReleaseError } from '../errors.ts'
import { MappedText } from '../sql/mapped-text.ts'
import { utf16FromCodePoints } from '../sql/position.ts'
import { formatDuration } from '../units.ts'
import type { Executor, SendOutcome, SqlFailure, Step } from './executor.ts'
import { type Migration, placeIn } from './migration.ts'
import type { Script, Unit } from './script.ts'

/** What is known of one migration after a run. */
interface Applied {
  readonly id: string
  readonly version: string
  readonly phase: string
  readonly durationMs: number
  /** Attempts at its locks; 1 when they were free. */
  readonly attempts: number
}

/** Where and why a migration stopped. */
export interface Failed {
  readonly id: string
  readonly version: string
  readonly path: string
  readonly error: ReleaseError
  readonly durationMs: number
  readonly attempts: number
  readonly sqlstate: string | undefined
  /** Statements of a no-transaction file that are done and stay done. */
  readonly stepsDone: number
}

export interface RunReport {
  readonly applied: readonly Applied[]
  readonly failed: Failed | undefined
  /** Why the run ended between two migrations. */
  readonly stopped: ReleaseError | undefined
  readonly notRun: readonly string[]
}

export interface RunPolicy {
  /** All attempts at one migration's locks together. */
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

/** Runs the migrations in order and stops at the first that fails. What was done is in the report, whatever happens. */
export async function runScripts(scripts: readonly Script[], executor: Executor, policy: RunPolicy): Promise<RunReport> {
  const applied: Applied[] = []
  let failed: Failed | undefined
  let stopped: ReleaseError | undefined
  let done = 0
  for (const script of scripts) {
    if (policy.signal.aborted) stopped = interrupted('The run was stopped by a signal between two migrations.')
    if (stopped !== undefined || failed !== undefined) break
    const { migration } = script
    const started = policy.now()
    const run = new MigrationRun(script, executor, policy)
    try {
      if (done > 0) await executor.resetSession()
      const attempt = await executor.beginAttempt(migration)
      policy.progress(`${migration.id}: started`)
      const error = await run.apply()
      const durationMs = policy.now() - started
      const state = error === undefined ? 'applied' : await stateAfter(error, migration, executor)
      if (state === 'applied' || state === 'applied-unreported') {
        applied.push({ id: migration.id, version: migration.version, phase: migration.phase, durationMs, attempts: run.attempts })
        policy.progress(`${migration.id}: applied in ${formatDuration(durationMs)}`)
      } else if (error !== undefined) {
        failed = {
          id: migration.id,
          version: migration.version,
          path: migration.path,
          error,
          durationMs,
          attempts: run.attempts,
          sqlstate: run.sqlstate,
          stepsDone: run.stepsDone,
        }
      }
      done++
      await executor.endAttempt(attempt, state, durationMs, error?.code)
    } catch (cause) {
      stopped = booksLost(cause) // the row stays open, and the next run closes it from the ledger
    }
  }
  const seen = applied.length + (failed === undefined ? 0 : 1)
  return {
    applied,
    failed,
    stopped: failed === undefined ? stopped : undefined,
    notRun: scripts.slice(seen).map(({ migration }) => migration.id),
  }
}

/** After a lost connection the version table decides; otherwise the failure is what the server said. */
async function stateAfter(error: ReleaseError, migration: Migration, executor: Executor) {
  if (error.code !== 'connection-lost') return 'failed' as const
  try {
    const entries = await executor.settle()
    return entries.some((entry) => entry.version === migration.version) ? ('applied-unreported' as const) : ('not-applied' as const)
  } catch {
    return 'running' as const // nobody can be asked; the row stays open and the next run closes it
  }
}

class MigrationRun {
  attempts = 0
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
    const record = this.#executor.record(migration)
    try {
      if (migration.transactional) {
        const sql = units[0]?.sql ?? MappedText.generated('')
        return await this.#sendWithRetries(await this.#transaction(sql, record, true))
      }
      for (const [index, unit] of units.entries()) {
        const error = await this.#step(unit, index)
        if (error !== undefined) return error
        this.stepsDone = index + 1
      }
      return await this.#sendWithRetries(await this.#transaction(MappedText.generated(''), record, true))
    } catch (error) {
      if (error instanceof ReleaseError) return error
      throw error
    }
  }

  async #step(unit: Unit, index: number): Promise<ReleaseError | undefined> {
    const { migration } = this.#script
    const hash = createHash('sha256').update(unit.sql.text).digest('hex')
    const known = (await this.#executor.steps(migration)).find((step) => step.index === index)
    if (known !== undefined && known.hash !== hash) {
      return new ReleaseError('checksum-mismatch', `${migration.path} was edited after its first ${index + 1} statements ran.`, {
        at: migration.path,
        hint: 'Restore the file from version control; what has run stays done.',
      })
    }
    if (known?.state === 'finished') {
      this.#policy.progress(`${migration.id}: statement ${index + 1} ran before`)
      return undefined
    }
    const finished: Step = { index, hash, state: 'finished' }
    if (unit.transactional) {
      return this.#sendWithRetries(await this.#transaction(unit.sql, this.#executor.recordStep(migration, finished), false))
    }
    if (known?.state === 'started' && (await this.#tookEffect(unit, index))) {
      await this.#executor.saveStep(migration, finished)
      return undefined
    }
    await this.#executor.saveStep(migration, { index, hash, state: 'started' })
    this.attempts++
    const outcome = await this.#executor.send(unit.sql.text, this.#policy.signal)
    if (outcome.state === 'done') {
      await this.#executor.saveStep(migration, finished)
      return undefined
    }
    return this.#errorOf(outcome, unit.sql, 0)
  }

  /** Decides from the catalog about a statement that was under way when an earlier run ended. */
  async #tookEffect(unit: Unit, index: number): Promise<boolean> {
    const { migration } = this.#script
    const place = placeIn(migration, unit.sql, 0)
    if (unit.effect === undefined) throw inDoubt(place, index)
    if (unit.effect.kind === 'repeatable') return false
    const state = await this.#executor.effectState(unit.effect)
    if (state === 'busy') throw inDoubt(place, index, `Somebody is working on ${unit.effect.name} right now. `)
    if (state === 'invalid' && unit.effect.kind === 'index-created') {
      this.#policy.progress(`${migration.id}: an earlier run left ${unit.effect.name} invalid; it is dropped and built again`)
      await this.#executor.dropInvalidIndex(unit.effect)
      return false
    }
    return unit.effect.kind === 'index-created' ? state === 'done' : state === 'absent'
  }

  /** One message, so that no lock is held across a round trip; the record is in the same transaction. */
  async #transaction(sql: MappedText, record: string, guarded: boolean): Promise<{ message: MappedText; before: number; guardAt: number }> {
    const opening = ['begin', `set local lock_timeout = '${lockTimeoutMs}ms'`]
    const guard = guarded ? await this.#executor.guard(this.#script.migration) : []
    const closing = [this.#executor.restoreRole, record, 'commit']
    const before = [...opening, ...guard]
    return {
      message: MappedText.join(MappedText.generated(`${before.join(';\n')};\n`), sql, MappedText.generated(`\n;${closing.join(';\n')}`)),
      before: before.length,
      guardAt: before.length - 1,
    }
  }

  /** A lock that was not granted in time takes the whole transaction back: trying again is safe. */
  async #sendWithRetries({
    message,
    before,
    guardAt,
  }: {
    message: MappedText
    before: number
    guardAt: number
  }): Promise<ReleaseError | undefined> {
    const deadline = this.#policy.now() + this.#policy.lockBudgetMs
    for (let tries = 1; ; tries++) {
      this.attempts++
      const outcome = await this.#executor.send(message.text, this.#policy.signal)
      if (outcome.state === 'done') return undefined
      if (outcome.state === 'lost') return this.#errorOf(outcome, message, before)
      await this.#executor.send('rollback', AbortSignal.any([]))
      const { failure } = outcome
      if (failure.sqlstate === '22012' && failure.completed === guardAt && guardAt > 1) return ledgerMoved(this.#script.migration)
      const lockTimeout = failure.sqlstate === '55P03'
      const delay = Math.min(5000, 500 * 2 ** Math.min(tries - 1, 4)) * (0.7 + 0.6 * Math.random())
      if (!lockTimeout || this.#policy.signal.aborted) return this.#errorOf(outcome, message, before)
      if (this.#policy.now() + delay > deadline) return this.#lockError(failure, message, before, tries)
      this.#policy.progress(
        `${this.#script.migration.id}: a lock is held by somebody else; attempt ${tries + 1} in ${formatDuration(delay)}`,
      )
      await this.#policy.sleep(delay, this.#policy.signal)
      if (this.#policy.signal.aborted) return interrupted()
    }
  }

  #lockError(failure: SqlFailure, sql: MappedText, before: number, tries: number): ReleaseError {
    this.sqlstate = failure.sqlstate
    const place = this.#placeOf(failure, sql, before)
    return new ReleaseError(
      'lock-not-obtained',
      `${place}: another session held a lock for longer than lock-budget (${formatDuration(this.#policy.lockBudgetMs)}, ${tries} attempts). Nothing of this migration was applied.`,
      {
        at: place,
        hint: "See who holds it: select * from pg_stat_activity where state <> 'idle' order by xact_start. Then run the same command again.",
      },
    )
  }

  #errorOf(outcome: Exclude<SendOutcome, { state: 'done' }>, sql: MappedText, before: number): ReleaseError {
    if (outcome.state === 'lost') {
      return new ReleaseError('connection-lost', `The connection broke while ${this.#script.migration.id} ran: ${outcome.reason}`, {
        hint: 'Run the same command again: the ledger says what was applied, and nothing runs twice.',
      })
    }
    const { failure } = outcome
    this.sqlstate = failure.sqlstate
    if (this.#policy.signal.aborted) return interrupted()
    const place = this.#placeOf(failure, sql, before)
    const message = this.#policy.showData ? failure.message : withoutLiterals(failure.message)
    const detail = this.#policy.showData && failure.detail ? ` ${failure.detail}` : ''
    const kept =
      this.stepsDone > 0
        ? ` The ${this.stepsDone} statements before it stay done.`
        : this.#script.migration.transactional
          ? ' Nothing of this migration was applied.'
          : ''
    return new ReleaseError('migration-failed', `${place}: ${message} (SQLSTATE ${failure.sqlstate ?? 'unknown'}).${detail}${kept}`, {
      at: place,
      hint: failure.hint ?? 'Correct the migration and run the same command again: it goes on where it stopped.',
    })
  }

  /** The server's position when it gives one; else the statement after the last that ended. */
  #placeOf(failure: SqlFailure, sql: MappedText, before: number): string {
    const { migration, units } = this.#script
    if (failure.position !== undefined) {
      const offset = utf16FromCodePoints(sql.text, failure.position)
      if (sql.fileOffset(offset) !== undefined) return placeIn(migration, sql, offset)
    }
    const unit = units.find((one) => sql === one.sql || sql.text.includes(one.sql.text))
    const statement = unit?.statements[failure.completed - before]
    return unit === undefined || statement === undefined ? migration.path : placeIn(migration, unit.sql, statement)
  }
}

/** Messages can quote values from rows (`invalid input syntax for type integer: "…"`); names stay, values go. */
function withoutLiterals(message: string): string {
  return /invalid input syntax|invalid input value|out of range|malformed|cannot cast/.test(message)
    ? message.replace(/: ".*"$/s, ': (value not shown; show-data: true prints it)')
    : message
}

function interrupted(message = 'The run was stopped by a signal; the migration under way was cancelled on the server.'): ReleaseError {
  return new ReleaseError('interrupted', message, { hint: 'Run the same command again: it goes on where it stopped.' })
}

/** The connection that keeps the books broke: what it holds, the runner lock above all, is gone with it. */
function booksLost(cause: unknown): ReleaseError {
  if (cause instanceof ReleaseError) return cause
  return new ReleaseError('connection-lost', `The connection that holds the lock and writes the history broke: ${messageOf(cause)}`, {
    hint: 'Run the same command again: the ledger says what was applied, and nothing runs twice.',
    cause,
  })
}

function ledgerMoved(migration: Migration): ReleaseError {
  return new ReleaseError(
    'ledger-moved',
    `Another program changed the version table before ${migration.id} ran; nothing of it was applied.`,
    {
      hint: 'A service that migrates at boot, or a colleague, runs migrations too. Wait until it has ended and run plan again.',
    },
  )
}

function inDoubt(place: string, index: number, note = ''): ReleaseError {
  return new ReleaseError(
    'in-doubt-statement',
    `${place}: an earlier run ended while this statement was under way. ${note}The catalog does not tell whether it took effect.`,
    {
      at: place,
      hint: `Look at the database. If it took effect: update the row of this version and index ${index} in the table "step" of the state schema to state 'finished'. If it did not: delete that row. Then run the same command again.`,
    },
  )
}
