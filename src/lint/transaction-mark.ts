import type { Layout } from '../migration/layout.ts'

/** The line that makes a migration of a layout run outside a transaction. */
export function transactionMark({ name }: Pick<Layout, 'name'>): string {
  if (name === 'goose') return '-- +goose NO TRANSACTION'
  if (name === 'diesel') return 'run_in_transaction = false in metadata.toml'
  return name === 'sqlx' ? '-- no-transaction' : '-- shiplock: no-transaction'
}
