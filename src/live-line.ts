/** How far long work is, in a place where one line is enough. */
export interface Live {
  readonly text: string
  /** Done so far, 0 to 1, when that is known. */
  readonly share?: number | undefined
}

interface Screen {
  readonly write: (text: string) => void
  /** Width of a terminal; `undefined` where lines are kept, as in a job's log. */
  readonly columns: () => number | undefined
  readonly now: () => number
}

/** A kept log gets no more than one line in this time. */
const intervalMs = 10_000
const barWidth = 20

/** Shows the newest line only: replaced in place on a terminal, now and then in a log. */
export class LiveLine {
  readonly #screen: Screen
  #shown = false
  #last = Number.NEGATIVE_INFINITY

  constructor(screen: Screen) {
    this.#screen = screen
  }

  show({ text, share }: Live): void {
    const columns = this.#screen.columns()
    const percent = share === undefined ? '' : `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`
    if (columns === undefined) {
      if (this.#screen.now() - this.#last < intervalMs) return
      this.#last = this.#screen.now()
      this.#screen.write(`${text}${percent === '' ? '' : `, ${percent}`}\n`)
      return
    }
    const bar = share === undefined ? '' : `${barOf(share)} ${percent} `
    this.#screen.write(`\r\u001b[2K${`${bar}${text}`.slice(0, columns - 1)}`)
    this.#shown = true
  }

  /** Makes room for a line that is kept. */
  clear(): void {
    if (!this.#shown) return
    this.#screen.write('\r\u001b[2K')
    this.#shown = false
  }
}

function barOf(share: number): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * barWidth)
  return `[${'#'.repeat(done)}${'-'.repeat(barWidth - done)}]`
}
