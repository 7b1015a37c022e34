/** A step of a drill and how long it took. */
export interface Phase {
  readonly name: string
  readonly ms: number
}

/** Looking whether the copy is right is not a part of getting it back; nor is making the dump that is drilled. */
const notRecovery = new Set(['dump', 'compare', 'amcheck'])

/** Measures the steps of a drill, also one that fails. */
export class PhaseTimer {
  readonly #now: () => number
  readonly #phases: Phase[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = this.#now()
    try {
      return await work()
    } finally {
      this.#phases.push({ name, ms: Math.round(this.#now() - started) })
    }
  }

  get phases(): readonly Phase[] {
    return this.#phases
  }

  get recoveryTimeMs(): number {
    return this.#phases.filter(({ name }) => !notRecovery.has(name)).reduce((sum, { ms }) => sum + ms, 0)
  }
}
