import type { AttemptEnd, Books, Settling, Step } from '../../migration/books.ts'
import type { RollbackFact } from '../../migration/history.ts'
import type { Migration } from '../../migration/migration.ts'
import type { HistoryEvent } from './history-entry.ts'
import { attemptId, type LoggedStep, type Replayed } from './replay.ts'

/** The log as the books use it. */
export interface WritableHistory {
  replayed(): Promise<Replayed>
  /** Adds the events as one entry; its number. */
  append(events: readonly HistoryEvent[]): Promise<number>
  /** Where an empty object settles the step that an entry began. */
  settlementOf(entry: number, settlement: 'finished' | 'failed'): string
}

/** The books as entries of the stored history. No step can share a transaction with its record. */
export class StoredBooks implements Books {
  readonly #history: WritableHistory
  #ends: AttemptEnd[] = []
  #steps: ReadonlyMap<string, ReadonlyMap<number, LoggedStep>> = new Map()

  constructor(history: WritableHistory) {
    this.#history = history
  }

  async begin(migrations: readonly Migration[]): Promise<readonly string[]> {
    const ended = this.#ends.length
    const begun = migrations.map(
      ({ phase, version, id, checksum }): HistoryEvent => ({ event: 'migration', phase, version, name: id, checksum }),
    )
    const number = await this.#write(begun)
    return migrations.map((_, index) => attemptId(number, ended + index))
  }

  async beginReversal({ phase, version, id, checksum }: Migration, rollback: RollbackFact): Promise<string> {
    const ended = this.#ends.length
    return attemptId(await this.#write([{ event: 'reversal', phase, version, name: id, checksum, rollback }]), ended)
  }

  end(end: AttemptEnd): void {
    this.#ends.push(end)
  }

  async flush(): Promise<void> {
    if (this.#ends.length > 0) await this.#write([])
  }

  async steps(): Promise<ReadonlyMap<string, readonly Step[]>> {
    this.#steps = (await this.#history.replayed()).steps
    return new Map([...this.#steps].map(([version, steps]) => [version, inOrder(steps)]))
  }

  recordStep(): undefined {}

  forgetSteps(): undefined {}

  async saveStep({ version }: Migration, step: Step): Promise<void> {
    await this.#write([{ event: 'step', version, ...step }])
  }

  settling({ version }: Migration, index: number): Settling {
    const entry = this.#steps.get(version)?.get(index)?.entry ?? 0
    return {
      tookEffect: `put an empty object ${this.#history.settlementOf(entry, 'finished')}.`,
      didNot: `put an empty object ${this.#history.settlementOf(entry, 'failed')}.`,
    }
  }

  /** What `end` noted goes into the same entry. */
  async #write(events: readonly HistoryEvent[]): Promise<number> {
    const ends = this.#ends
    const number = await this.#history.append([...ends.map(endedEvent), ...events])
    this.#ends = this.#ends.slice(ends.length)
    return number
  }
}

/** An older Shiplock knows no end of a reversal, and passes over an event that it does not know. */
export function endedEvent({
  id,
  state,
  durationMs,
  error,
}: Omit<AttemptEnd, 'durationMs'> & Partial<Pick<AttemptEnd, 'durationMs'>>): HistoryEvent {
  const facts = {
    attempt: id,
    ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs) }),
    ...(error === undefined ? {} : { error }),
  }
  if (state === 'reverted' || state === 'not-reverted') return { event: 'reversal-ended', ...facts, state }
  return { event: 'ended', ...facts, state }
}

function inOrder(steps: ReadonlyMap<number, Step>): readonly Step[] {
  return [...steps.values()].map(({ index, hash, state }) => ({ index, hash, state })).sort((a, b) => a.index - b.index)
}
