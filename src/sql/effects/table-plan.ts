import type { Index } from '../schema/schema.ts'
import { type EffectContext, type Heap, indexesOn } from './work.ts'

/** What the subcommands of one ALTER TABLE ask of a table: all of them together are one pass over its rows. */
export class TablePlan {
  readonly table: Heap
  rewrites = false
  scans = false
  /** How many new indexes it gets. */
  newIndexes = 0
  /** Indexes that are dropped and made again. */
  readonly remade = new Set<Index>()
  /** Indexes that are dropped. */
  readonly gone = new Set<Index>()

  constructor(table: Heap) {
    this.table = table
  }
}

/** The plans of one statement, by table. */
export class TablePlans {
  readonly #plans = new Map<Heap, TablePlan>()
  /** What can be told only when it is known which tables are written anew. */
  readonly #afterwards: (() => void)[] = []

  of(table: Heap): TablePlan {
    const plan = this.#plans.get(table) ?? new TablePlan(table)
    this.#plans.set(table, plan)
    return plan
  }

  afterwards(look: () => void): void {
    this.#afterwards.push(look)
  }

  carryOut({ schema, work }: EffectContext): void {
    for (const look of this.#afterwards) look()
    for (const plan of this.#plans.values()) {
      const { table } = plan
      if (plan.rewrites) work.rewrite(table)
      if (plan.scans) work.scan(table)
      for (let built = 0; built < plan.newIndexes; built++) work.build(table)
      for (const index of plan.remade) if (!plan.gone.has(index)) work.rebuild(index, table)
      if (!plan.rewrites || (table.kind === 'table' && table.form !== 'ordinary')) continue
      for (const index of indexesOn(schema, table)) if (!plan.gone.has(index)) work.rewrite(index)
    }
  }

  isRewritten(table: Heap): boolean {
    return this.#plans.get(table)?.rewrites === true
  }
}
