/** One query of the application, as it went. */
export interface Asked {
  /** Which code asked, and what for: `version 1: read an order`. */
  readonly version: string
  readonly what: string
  readonly ms: number
  readonly error?: { readonly message: string; readonly sqlstate: string | undefined }
}

/** What the application met in some span of time. */
export interface Tally {
  readonly queries: number
  readonly failed: number
  readonly slowest: Asked | undefined
  readonly firstFailed: Asked | undefined
}

export const nothingAsked: Tally = { queries: 0, failed: 0, slowest: undefined, firstFailed: undefined }

/** Counts the application's queries; each belongs to the span in which it ended. */
export class Traffic {
  #span: Tally = nothingAsked

  record(asked: Asked): void {
    this.#span = addTallies(this.#span, {
      queries: 1,
      failed: asked.error === undefined ? 0 : 1,
      slowest: asked,
      firstFailed: asked.error === undefined ? undefined : asked,
    })
  }

  /** The span so far. */
  get now(): Tally {
    return this.#span
  }

  /** Ends the span, and begins the next. */
  cut(): Tally {
    const span = this.#span
    this.#span = nothingAsked
    return span
  }
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    queries: a.queries + b.queries,
    failed: a.failed + b.failed,
    slowest: (a.slowest?.ms ?? -1) >= (b.slowest?.ms ?? -1) ? a.slowest : b.slowest,
    firstFailed: a.firstFailed ?? b.firstFailed,
  }
}
