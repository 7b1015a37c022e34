import type { Layout } from './layout.ts'
import { type LedgerScope, quoteTable, quoteText, scopeOf, type TableName } from './ledger.ts'
import type { Migration, Phase } from './migration.ts'
import type { Mark } from './script.ts'

/** A version table of a layout: where it is, or would be made. */
export interface LedgerTable {
  readonly table: TableName
  readonly exists: boolean
  /** The phase that has this table for itself; `undefined` when both share it. */
  readonly phase: Phase | undefined
}

/** The statements with which a message keeps the version table, as they are sent. */
export class LedgerTexts {
  /** Puts the role back, inside a transaction, to what the connection had before the migration. */
  readonly restoreRole: string
  /** Puts a session back to how it was before a migration ran in it. */
  readonly resetSession: readonly string[]
  readonly #layout: Layout
  readonly #tables: readonly LedgerTable[]
  readonly #scopeOf: (phase: Phase | undefined) => LedgerScope
  readonly #heads = new Map<Phase | undefined, string>()

  constructor(
    layout: Layout,
    tables: readonly LedgerTable[],
    options: Parameters<typeof scopeOf>[0],
    session: { readonly restoreRole: string; readonly resetSession: readonly string[] },
  ) {
    this.#layout = layout
    this.#tables = tables
    this.#scopeOf = (phase) => scopeOf(options, phase)
    this.restoreRole = session.restoreRole
    this.resetSession = session.resetSession
  }

  /** The head of each table as it is now, where the messages are to check it. */
  expect(heads: ReadonlyMap<Phase | undefined, string>): void {
    for (const [phase, head] of heads) this.#heads.set(phase, head)
  }

  /**
   * SQL run first inside a transaction where the tool itself takes no lock: locks the version table and fails, by a
   * division by zero, when its head is not what it was after our last migration.
   */
  guard(migration: Migration, chained = false): readonly string[] {
    if (!this.#layout.writtenByTool) return []
    return this.#unmoved(migration, chained ? `pg_catalog.current_setting('shiplock.head')` : this.#expected(migration))
  }

  /** The same before a migration is taken back or marked, whoever writes the table. */
  reversalGuard(migration: Migration): readonly string[] {
    return this.#unmoved(migration, this.#expected(migration))
  }

  #expected(migration: Migration): string {
    return quoteText(this.#heads.get(this.#tableOf(migration).phase) ?? '')
  }

  #unmoved(migration: Migration, expected: string): readonly string[] {
    const { table, phase } = this.#tableOf(migration)
    const head = this.#layout.ledger.head(table, this.#scopeOf(phase))
    return [
      `lock table ${quoteTable(table)} in share row exclusive mode`,
      `select pg_catalog.int4div(1, case when (${head})::pg_catalog.text operator(pg_catalog.=) ${expected} then 1 else 0 end)`,
    ]
  }

  /** SQL that records a migration in the version table; the last statement returns the table's new head. */
  record(migration: Migration): readonly string[] {
    const { table, phase } = this.#tableOf(migration)
    const scope = this.#scopeOf(phase)
    const record = this.#layout.ledger.record(table, migration, scope)
    if (!this.#layout.writtenByTool) return [record]
    return [record, `select pg_catalog.set_config('shiplock.head', (${this.#layout.ledger.head(table, scope)})::pg_catalog.text, false)`]
  }

  /** SQL that takes a migration out of the version table. */
  erase(migration: Migration): string {
    const { table, phase } = this.#tableOf(migration)
    return this.#layout.ledger.erase(table, migration, this.#scopeOf(phase))
  }

  /** SQL that changes the version table as a person says; nothing where only what was noted of the statements is to go. */
  mark(migration: Migration, { as, row }: Mark): readonly string[] {
    const { table, phase } = this.#tableOf(migration)
    const { ledger } = this.#layout
    const scope = this.#scopeOf(phase)
    if (row === 'none') return []
    if (row === 'begun' && ledger.dirty !== undefined) return [ledger.dirty.settle(table, migration, as, scope)]
    if (as === 'reverted') return [ledger.erase(table, migration, scope)]
    return [ledger.mark?.(table, migration, scope) ?? ledger.record(table, migration, scope)]
  }

  /** Takes in the head that a message returned. */
  recorded(migration: Migration, head: string | undefined): void {
    if (head !== undefined && this.#layout.writtenByTool) this.#heads.set(this.#tableOf(migration).phase, head)
  }

  #tableOf(migration: Migration): LedgerTable {
    return this.#tables.find(({ phase }) => phase === undefined || phase === migration.phase) ?? (this.#tables[0] as LedgerTable)
  }
}
