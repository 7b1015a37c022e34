import type { Step } from '../../migration/books.ts'
import type { OpenCommand } from '../../migration/command-books.ts'
import type { ObservedDuration } from '../../migration/durations.ts'
import type { HistoryRow, ReversalState } from '../../migration/history.ts'
import { lineageOf } from '../../migration/migration.ts'
import type { HistoryEvent } from './history-entry.ts'
import type { LogEntry } from './history-log.ts'

/** A row, and under which stamp it was written. */
interface StampedRow {
  readonly stamp: string
  readonly row: HistoryRow
}

/** A step, and the entry that says so. */
export interface LoggedStep extends Step {
  readonly entry: number
}

/** How long a migration took that was applied. */
type Timed = Omit<ObservedDuration, 'environment'>

/** What a log comes to. */
export interface Replayed {
  readonly rows: readonly StampedRow[]
  readonly timed: readonly Timed[]
  /** Attempts that nothing has ended, by their id. */
  readonly open: ReadonlyMap<string, { readonly version: string; readonly isReversal: boolean }>
  readonly openCommands: readonly OpenCommand[]
  /** What earlier runs did of migrations that have not been recorded as applied, by version, then by index. */
  readonly steps: ReadonlyMap<string, ReadonlyMap<number, LoggedStep>>
  /** Environments whose database was adopted as this one. */
  readonly adoptedFrom: readonly string[]
}

type Ended = Extract<HistoryEvent, { event: 'ended' | 'reversal-ended' }>
type Begun = Extract<HistoryEvent, { event: 'migration' | 'reversal' | 'command' }>

export function replay(entries: readonly LogEntry[]): Replayed {
  const ends = new Map(entries.flatMap(({ events }) => events.flatMap(({ one }) => (isEnd(one) ? [[one.attempt, one]] : []))))
  const rows: StampedRow[] = []
  const timed: Timed[] = []
  const begun = new Map<string, { readonly one: Begun; readonly entry: LogEntry }>()
  const steps = new Map<string, Map<number, LoggedStep>>()
  const adoptedFrom: string[] = []
  for (const entry of entries) {
    for (const { one, index } of entry.events) {
      const id = attemptId(entry.number, index)
      const row = rowOf(one, entry, ends.get(id))
      if (row !== undefined) rows.push({ stamp: entry.stamp, row })
      if (one.event === 'migration' || one.event === 'reversal' || one.event === 'command') begun.set(id, { one, entry })
      if (one.event === 'adopted') adoptedFrom.push(one.from.environment)
      if (one.event === 'step') {
        const ofVersion = steps.get(one.version) ?? new Map<number, LoggedStep>()
        steps.set(one.version, ofVersion.set(one.index, stepOf(one, entry)))
      }
      const attempt = isEnd(one) ? begun.get(one.attempt) : undefined
      if (!isEnd(one) || attempt === undefined || attempt.one.event === 'command') continue
      if (isDone(one)) forget(steps, attempt.one.version)
      if (attempt.one.event !== 'migration') continue
      const { durationMs } = one
      if (one.state === 'applied' && durationMs !== undefined)
        timed.push({ checksum: attempt.one.checksum, durationMs, release: attempt.entry.release, at: entry.at })
    }
  }
  const open = [...begun].filter(([id]) => (ends.get(id)?.state ?? 'running') === 'running')
  return {
    rows,
    timed,
    open: new Map(
      open.flatMap(([id, { one }]) =>
        one.event === 'command' ? [] : [[id, { version: one.version, isReversal: one.event === 'reversal' }]],
      ),
    ),
    openCommands: open.flatMap(([id, { one, entry }]) => (one.event === 'command' ? [openCommand(id, one, entry)] : [])),
    steps,
    adoptedFrom,
  }
}

/** A repeatable may have been begun with another text. */
function forget(steps: Map<string, unknown>, done: string): void {
  for (const version of [...steps.keys()]) if (lineageOf(version) === lineageOf(done)) steps.delete(version)
}

/** An attempt is known by where it was written. */
export function attemptId(entry: number, index: number): string {
  return `${entry}.${index}`
}

function rowOf(one: HistoryEvent, { release, commit, at }: LogEntry, end: Ended | undefined): HistoryRow | undefined {
  const common = { release, commit, at }
  const state = end?.event === 'ended' ? end.state : 'running'
  switch (one.event) {
    case 'migration':
      return { event: 'migration', ...common, ...attemptOf(one), state }
    case 'reversal':
      return { event: 'reversal', ...common, ...attemptOf(one), state: reversalState(end) }
    case 'command':
      return { event: 'command', ...common, phase: one.phase, state }
    case 'deployed':
      return { event: 'deployed', ...common, migrations: one.migrations }
    case 'canary':
      return { event: 'canary', ...common, verdict: one.verdict, reason: one.reason, accepted: one.accepted }
    case 'backup':
      return { event: 'backup', ...common, phase: one.phase, heads: one.heads }
    case 'waived':
      return { event: 'waived', ...common, what: one.what, phase: one.phase, reason: one.reason, by: one.by }
    case 'rollback':
      return { event: 'rollback', ...common }
    default:
      return undefined
  }
}

function attemptOf({ phase, version, name, checksum, byHand }: Extract<Begun, { event: 'migration' | 'reversal' }>) {
  return { phase, version, name, checksum, ...(byHand === undefined ? {} : { byHand }) }
}

function openCommand(id: string, { phase, application }: Extract<Begun, { event: 'command' }>, { release, at }: LogEntry): OpenCommand {
  return { id, phase, release, startedAt: at, applicationName: application }
}

function stepOf({ index, hash, state }: Extract<HistoryEvent, { event: 'step' }>, { number, settled }: LogEntry): LoggedStep {
  return { index, hash, state: state === 'started' ? (settled ?? state) : state, entry: number }
}

function isEnd(one: HistoryEvent): one is Ended {
  return one.event === 'ended' || one.event === 'reversal-ended'
}

function reversalState(end: Ended | undefined): ReversalState {
  const state = end?.state ?? 'running'
  return state === 'running' || state === 'reverted' || state === 'failed' ? state : 'not-reverted'
}

/** Whether the migration is recorded as applied, or taken back: what was noted of its statements is over. */
function isDone({ state }: Ended): boolean {
  return state === 'applied' || state === 'applied-unreported' || state === 'reverted'
}
