import type pg from 'pg'
import type { AttemptEnd, Books, Settling, Step } from '../../migration/books.ts'
import type { ByHand, RollbackFact } from '../../migration/history.ts'
import type { Migration } from '../../migration/migration.ts'

/**
 * Books that are kept elsewhere, written only while the connection that holds the lock answers: rows in the database
 * would notice by themselves that it is gone, and another run may have begun.
 */
export class ConnectedBooks implements Books {
  readonly #books: Books
  readonly #observer: () => pg.Client

  constructor(books: Books, observer: () => pg.Client) {
    this.#books = books
    this.#observer = observer
  }

  async begin(migrations: readonly Migration[]): Promise<readonly string[]> {
    await this.#requireConnection()
    return this.#books.begin(migrations)
  }

  async beginReversal(migration: Migration, rollback: RollbackFact): Promise<string> {
    await this.#requireConnection()
    return this.#books.beginReversal(migration, rollback)
  }

  async beginMark(migration: Migration, as: 'applied' | 'reverted', byHand: ByHand): Promise<string> {
    await this.#requireConnection()
    return this.#books.beginMark(migration, as, byHand)
  }

  end(end: AttemptEnd): void {
    this.#books.end(end)
  }

  async flush(): Promise<void> {
    await this.#requireConnection()
    await this.#books.flush()
  }

  steps(): Promise<ReadonlyMap<string, readonly Step[]>> {
    return this.#books.steps()
  }

  recordStep(migration: Migration, step: Step): string | undefined {
    return this.#books.recordStep(migration, step)
  }

  forgetSteps(migration: Migration): string | undefined {
    return this.#books.forgetSteps(migration)
  }

  async saveStep(migration: Migration, step: Step): Promise<void> {
    await this.#requireConnection()
    await this.#books.saveStep(migration, step)
  }

  settling(migration: Migration, index: number): Settling {
    return this.#books.settling(migration, index)
  }

  async #requireConnection(): Promise<void> {
    await this.#observer().query('select 1')
  }
}
