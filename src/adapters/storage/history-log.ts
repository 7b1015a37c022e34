import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Store } from '../../backup/store.ts'
import { ReleaseError } from '../../errors.ts'
import { damaged, type HistoryEntry, type NewEntry, readEntry, writeEntry } from './history-entry.ts'

/** How a person settled a step that was in doubt, with an empty object beside the entry that began it. */
export type Settlement = 'finished' | 'failed'

/** An entry in its place. */
export interface LogEntry extends HistoryEntry {
  readonly number: number
  readonly settled: Settlement | undefined
}

/** How many entries are read at once. */
const batchSize = 8

/** Entries of one environment in the store: numbered from 1 without a gap, added and never changed. */
export class HistoryLog {
  readonly #store: Store
  readonly #folder: string
  #entries: readonly HistoryEntry[] = []
  #isRead = false

  constructor(store: Store, folder: string) {
    this.#store = store
    this.#folder = folder
  }

  /** Reads what has been added since the last time. Throws `history-damaged`. */
  async read(): Promise<readonly LogEntry[]> {
    const settled = new Map<number, Settlement>()
    const numbers: number[] = []
    for (const { key } of await this.#store.list(this.#folder)) {
      const [, digits, ending] = /^(\d{12})\.(json|finished|failed)$/.exec(key.slice(this.#folder.length)) ?? []
      if (ending === 'json') numbers.push(Number(digits))
      else if (ending !== undefined) settled.set(Number(digits), ending as Settlement)
    }
    const gap = numbers.findIndex((number, index) => number !== index + 1)
    if (gap >= 0 || numbers.length < this.#entries.length)
      throw damaged(`${this.#keyOf(gap < 0 ? numbers.length + 1 : gap + 1)} is missing`)
    const entries = [...this.#entries]
    while (entries.length < numbers.length) {
      const next = numbers.slice(entries.length, entries.length + batchSize)
      entries.push(...(await Promise.all(next.map((number) => this.#readOne(number)))))
    }
    this.#entries = entries
    this.#isRead = true
    return entries.map((entry, index) => ({ ...entry, number: index + 1, settled: settled.get(index + 1) }))
  }

  /** Adds an entry after those that were read; its number. Throws `run-in-progress` when somebody else has added one. */
  async append(given: NewEntry): Promise<number> {
    if (!this.#isRead) await this.read()
    const number = this.#entries.length + 1
    const at = new Date(Math.max(given.at.getTime(), this.#entries.at(-1)?.at.getTime() ?? 0)) // clocks of runners differ
    const written = writeEntry({ ...given, at })
    const key = this.#keyOf(number)
    try {
      await this.#store.put(key, Readable.from([written]), AbortSignal.any([])) // also when the run is being stopped
    } catch (cause) {
      if (!(cause instanceof ReleaseError) || cause.code !== 'backup-exists') throw cause
      throw new ReleaseError('run-in-progress', `Another run has added to the stored history: ${key} exists already.`, {
        hint: 'Run the same command again: the version table says what was applied. If no other run works on this database, two databases share one place in the store.',
        cause,
      })
    }
    this.#entries = [...this.#entries, readEntry(written, key)]
    return number
  }

  /** The object with which a person settles the step that an entry began. */
  settlementKey(number: number, settlement: Settlement): string {
    return this.#keyOf(number).replace(/json$/, settlement)
  }

  async #readOne(number: number): Promise<HistoryEntry> {
    const key = this.#keyOf(number)
    return readEntry(await text(await this.#store.get(key)), key)
  }

  #keyOf(number: number): string {
    return `${this.#folder}${String(number).padStart(12, '0')}.json`
  }
}
