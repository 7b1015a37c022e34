import type { LedgerHead } from '../migration/ledger.ts'
import { byVersion } from '../migration/migration.ts'
import type { ContractMigration, PlanContract } from './digest.ts'

/** What an earlier attempt of the same release did. */
export interface EarlierRun {
  /** Migrations that it applied, and which are no longer pending. */
  readonly applied: readonly ContractMigration[]
  /** How the version tables stood before them. */
  readonly heads: readonly LedgerHead[]
  /** Whether nothing but this release has run here, so that the stamp and empty tables may be its own. */
  readonly isFirst: boolean
}

/** The plans that this release may have begun with, if what it did is taken back. One of them has the approved digest when nothing else has changed. */
export function plansBefore(current: PlanContract, { applied, heads, isFirst }: EarlierRun): readonly PlanContract[] {
  const plan = {
    ...current,
    tables: heads.map(({ table, head }) => ({ table, head })),
    migrations: [...applied, ...current.migrations].sort(byVersion),
  }
  if (!isFirst) return [plan]
  // a table that is not there has the head `none`, and the first run makes it
  const missing = { ...plan, tables: heads.map(({ table, head, empty }) => ({ table, head: empty ? 'none' : head })) }
  return [plan, missing].flatMap((one) => [one, { ...one, stamp: null }])
}
