import type { ReleaseError } from '../errors.ts'
import { formatDuration } from '../units.ts'
import { batchMessage, batchOf, type Member } from './batch.ts'
import type { AttemptEnd, Step } from './books.ts'
import { booksLost, connectionLost, interrupted, keptText, ledgerMoved, migrationFailed, overtaken } from './execution-errors.ts'
import type { Executor, SqlFailure } from './executor.ts'
import { placeOf } from './failure-place.ts'
import type { AttemptState } from './history.ts'
import { keyOf } from './lock-needs.ts'
import type { Migration } from './migration.ts'
import { MigrationRun, type RunPolicy } from './migration-run.ts'
import type { Script } from './script.ts'

/** What is known of one migration after a run. */
interface Applied {
  readonly id: string
  readonly version: string
  readonly phase: string
  /** SHA-256 of the file: what a later plan looks the duration up by. */
  readonly checksum: string
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
  /** Who was in the way when the lock budget ended. */
  readonly blockers: readonly string[]
}

export interface RunReport {
  readonly applied: readonly Applied[]
  readonly failed: Failed | undefined
  /** Why the run ended between two migrations. */
  readonly stopped: ReleaseError | undefined
  readonly notRun: readonly string[]
  /** Versions that were sent, and of which nobody could be asked what became of them. */
  readonly unsure: readonly string[]
}

/** Runs the migrations in order and stops at the first that fails. What was done is in the report, whatever happens. */
export async function runScripts(scripts: readonly Script[], executor: Executor, policy: RunPolicy): Promise<RunReport> {
  const run = new Run(scripts, executor, policy)
  try {
    await run.all()
  } catch (cause) {
    run.stop(booksLost(cause))
  }
  return run.report()
}

class Run {
  readonly #scripts: readonly Script[]
  readonly #executor: Executor
  readonly #policy: RunPolicy
  readonly #applied: Applied[] = []
  readonly #unsure: string[] = []
  #failed: Failed | undefined
  #stopped: ReleaseError | undefined
  #next = 0
  /** Relations that this run has made: nobody else uses them yet. */
  readonly #made = new Set<string>()
  /** What earlier runs did of the migrations, by version. */
  #steps: ReadonlyMap<string, readonly Step[]> = new Map()
  /** Whether the session may hold what a migration left in it. */
  #used = false

  constructor(scripts: readonly Script[], executor: Executor, policy: RunPolicy) {
    this.#scripts = scripts
    this.#executor = executor
    this.#policy = policy
  }

  async all(): Promise<void> {
    if (this.#scripts.length === 0) return
    await this.#executor.bookOnce(new Set(this.#scripts.map(({ migration }) => migration.phase)))
    this.#steps = await this.#executor.books.steps()
    while (this.#next < this.#scripts.length && this.#failed === undefined && this.#stopped === undefined) {
      if (this.#policy.signal.aborted) return this.stop(interrupted('The run was stopped by a signal between two migrations.'))
      const batch = this.#withoutSteps(batchOf(this.#scripts.slice(this.#next), this.#made))
      const creates = batch.flatMap(({ units }) => units.flatMap(({ needs }) => needs.creates))
      if (batch.length < 2 || (await this.#executor.survey([], creates)).taken || !(await this.#batch(batch))) await this.#one()
    }
    await this.#executor.books.flush()
  }

  /** Up to the first of which an earlier run has noted statements: that one runs by itself, in its turn. */
  #withoutSteps(batch: readonly Script[]): readonly Script[] {
    const noted = batch.findIndex(({ migration }) => this.#steps.has(migration.version))
    return noted === -1 ? batch : batch.slice(0, noted)
  }

  stop(error: ReleaseError): void {
    this.#stopped ??= this.#failed === undefined ? error : undefined // the failure says more
  }

  report(): RunReport {
    const notRun = this.#scripts.slice(this.#next).map(({ migration }) => migration.id)
    return { applied: this.#applied, failed: this.#failed, stopped: this.#stopped, notRun, unsure: this.#unsure }
  }

  async #one(): Promise<void> {
    const script = this.#scripts[this.#next] as Script
    const { migration } = script
    const { now, progress } = this.#policy
    const run = new MigrationRun(script, this.#executor, this.#policy, this.#used)
    const [attempt = ''] = await this.#executor.books.begin([migration])
    const started = now()
    progress(`${migration.id}: started`)
    let error: ReleaseError | undefined
    try {
      error = await run.apply(this.#steps.get(migration.version) ?? [])
      for (const name of run.made) this.#made.add(keyOf(name))
    } catch (cause) {
      error = booksLost(cause) // statements may have run; the version table and the steps know
    }
    this.#next++
    this.#used ||= script.units.some(({ needs }) => !needs.definesOnly)
    const state = error === undefined ? 'applied' : await this.#stateAfter(error, migration)
    const facts = { id: migration.id, version: migration.version, durationMs: now() - started, attempts: run.attempts }
    if (state === 'running') this.#unsure.push(migration.version)
    if (isApplied(state)) this.#note(migration, facts)
    else if (error !== undefined) {
      const { sqlstate, stepsDone, blockers } = run
      this.#failed = { ...facts, path: migration.path, error, sqlstate, stepsDone, blockers }
    }
    await this.#end([{ id: attempt, state, durationMs: now() - started, error: error?.code }])
  }

  /** False when the first that is left has to be tried by itself. */
  async #batch(batch: readonly Script[]): Promise<boolean> {
    const { now, progress, stallBudgetMs, signal } = this.#policy
    const { books, ledger } = this.#executor
    const attempts = await books.begin(batch.map(({ migration }) => migration))
    const started = now()
    progress(`${batch[0]?.migration.id} to ${batch.at(-1)?.migration.id}: started together, since they touch only new tables`)
    const { text, members } = batchMessage(batch, ledger, this.#used ? ledger.resetSession : [], stallBudgetMs)
    const outcome = await this.#executor.send(text.text, signal)
    if (outcome.state === 'failed') await this.#executor.send(takeBack, AbortSignal.any([]))
    const durationMs = (now() - started) / batch.length // they are alike, and the server tells no times
    const lost = outcome.state === 'lost' ? connectionLost(batch[0]?.migration as Migration, outcome.reason) : undefined
    const decided = lost === undefined ? undefined : await this.#appliedAfterLoss(this.#next + batch.length)
    const done = outcome.state === 'done' ? Number.POSITIVE_INFINITY : outcome.state === 'failed' ? outcome.failure.completed : 0
    const stateOf = (member: Member): AttemptState => {
      if (lost === undefined) return member.end <= done ? 'applied' : 'not-applied'
      if (decided === undefined) return 'running' // nobody can be asked; the next run closes it
      return decided.has(member.script.migration.version) ? 'applied-unreported' : 'not-applied'
    }
    const ends = members.map((member, index): AttemptEnd => ({ id: attempts[index] ?? '', state: stateOf(member), durationMs }))
    this.#unsure.push(...members.flatMap(({ script }, index) => (ends[index]?.state === 'running' ? [script.migration.version] : [])))
    for (const [index, member] of members.entries()) {
      if (!isApplied(ends[index]?.state as AttemptState)) break
      const { migration, units } = member.script
      this.#note(migration, { id: migration.id, version: migration.version, durationMs, attempts: 1 })
      for (const name of units.flatMap(({ needs }) => needs.creates)) this.#made.add(keyOf(name))
      this.#next++
    }
    if (outcome.state !== 'lost') ledger.recorded(batch[0]?.migration as Migration, outcome.value)
    const stoppedAt = members.find((_, index) => !isApplied(ends[index]?.state as AttemptState))
    let again = false
    if (stoppedAt !== undefined) {
      const error = lost ?? (outcome.state === 'failed' ? this.#errorOf(outcome.failure, stoppedAt, text) : undefined)
      again = error === undefined
      if (error !== undefined) {
        this.#failed = failedMember(stoppedAt, error, durationMs, outcome)
        this.#next++
        const index = members.indexOf(stoppedAt)
        if (lost === undefined) ends[index] = { ...(ends[index] as AttemptEnd), state: 'failed', error: error.code }
      }
    }
    await this.#end(ends)
    return !again
  }

  /** `undefined` for a refusal that trying again by itself may cure. */
  #errorOf(failure: SqlFailure, member: Member, text: Parameters<typeof placeOf>[1]['text']): ReleaseError | undefined {
    const { migration } = member.script
    if (this.#policy.signal.aborted) return interrupted()
    if (['55P03', '40P01'].includes(failure.sqlstate ?? '')) return undefined
    if (failure.sqlstate === '22012' && failure.completed === member.guardAt) return ledgerMoved(migration)
    return migrationFailed(failure, {
      phase: migration.phase,
      place: placeOf(failure, { text, before: member.before }, member.script),
      kept: keptText(migration, 0),
      showData: this.#policy.showData,
      inFile: failure.position !== undefined,
    })
  }

  #note({ phase, checksum }: Migration, facts: { id: string; version: string; durationMs: number; attempts: number }): void {
    this.#applied.push({ ...facts, phase, checksum })
    this.#policy.progress(`${facts.id}: applied in ${formatDuration(facts.durationMs)}`)
  }

  /** Writes at once what must be known whatever happens next; an open row is closed by the next run otherwise. */
  async #end(ends: readonly AttemptEnd[]): Promise<void> {
    for (const end of ends) this.#executor.books.end(end)
    if (this.#failed === undefined) return
    await this.#executor.books.flush().catch(() => {}) // the failure says more than this could
  }

  /** After a lost connection the version table decides; otherwise the failure is what the server said. */
  async #stateAfter(error: ReleaseError, migration: Migration): Promise<AttemptState> {
    if (error.code !== 'connection-lost') return 'failed'
    const applied = await this.#appliedAfterLoss(this.#next)
    if (applied === undefined) return 'running' // nobody can be asked; the row stays open and the next run closes it
    return applied.has(migration.version) ? 'applied-unreported' : 'not-applied'
  }

  /**
   * What the version table holds, and nothing when nobody can be asked. Another run may have had the lock meanwhile: when
   * it went on with what stands from `rest` on, that is not ours any more.
   */
  async #appliedAfterLoss(rest: number): Promise<ReadonlySet<string> | undefined> {
    try {
      const applied = new Set((await this.#executor.settle()).map(({ version }) => version))
      const steps = await this.#executor.books.steps()
      const isOthers = ({ migration: { version } }: Script) =>
        applied.has(version) || JSON.stringify(steps.get(version)) !== JSON.stringify(this.#steps.get(version))
      if (this.#scripts.slice(rest).some(isOthers)) this.stop(overtaken())
      return applied
    } catch {
      return undefined
    }
  }
}

/**
 * Ends the transaction that failed. Those before it in the message left their way to the disk to a commit that did not
 * come: this one's record is written, and all before it. https://www.postgresql.org/docs/current/wal-async-commit.html
 */
const takeBack = "rollback;\nselect pg_catalog.pg_logical_emit_message(true, 'shiplock', '')"

function isApplied(state: AttemptState): boolean {
  return state === 'applied' || state === 'applied-unreported'
}

function failedMember(
  { script: { migration } }: Member,
  error: ReleaseError,
  durationMs: number,
  outcome: { state: string; failure?: SqlFailure },
): Failed {
  return {
    id: migration.id,
    version: migration.version,
    path: migration.path,
    error,
    durationMs,
    attempts: 1,
    sqlstate: outcome.failure?.sqlstate,
    stepsDone: 0,
    blockers: [],
  }
}
