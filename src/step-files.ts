import { type Redactor, redacted } from './redact.ts'
import { replaceFile } from './replace-file.ts'
import { renderSummary } from './report/summary.ts'
import type { Result } from './result.ts'
import { type Progress, resultSoFar, type Said } from './result-so-far.ts'

interface Place {
  readonly resultPath: string
  /** Absent outside a runner. The file belongs to this step alone. */
  readonly summaryPath: string | undefined
  readonly redactor: Redactor
  readonly now: () => Date
}

/** So many of the last lines tell how far a command had come. */
const mostSaid = 12

/** The result and the summary of a step on disk. They are true at any moment, since nothing can be written after a kill. */
export class StepFiles {
  readonly #place: Place
  #progress: Progress | undefined
  #said: Said[] = []
  #writing: Promise<void> = Promise.resolve()
  #isQueued = false

  constructor(place: Place) {
    this.#place = place
  }

  get resultPath(): string {
    return this.#place.resultPath
  }

  /** Resolves when it is on disk. */
  async show(progress: Progress): Promise<void> {
    this.#progress = progress
    this.#said = []
    await this.#write(() => resultSoFar(progress))
  }

  /** A line of the command that is under way. Lines that come faster than the disk are written together. */
  say(text: string): void {
    const progress = this.#progress
    if (progress?.underWay === undefined) return
    this.#said = [...this.#said, { at: this.#place.now().toISOString(), text }].slice(-mostSaid)
    if (this.#isQueued) return
    this.#isQueued = true
    this.#write(() => {
      this.#isQueued = false
      return this.#progress === undefined ? undefined : resultSoFar(this.#progress, this.#said)
    }).catch(() => {}) // the end writes again, and tells
  }

  async finish(result: Result): Promise<void> {
    this.#progress = undefined
    await this.#write(() => result)
  }

  /** One after the other: the last that was asked for is what stays. */
  async #write(resultNow: () => Result | undefined): Promise<void> {
    const before = this.#writing
    const { resultPath, summaryPath, redactor } = this.#place
    const written = before.then(async () => {
      const now = resultNow()
      if (now === undefined) return
      const result = redacted(now, redactor)
      await replaceFile(resultPath, `${JSON.stringify(result, undefined, 2)}\n`, 0o600)
      if (summaryPath !== undefined) await replaceFile(summaryPath, renderSummary(result))
    })
    this.#writing = written.catch(() => {})
    await written
  }
}
