import type { Layout } from '../migration/layout.ts'

/** The line that makes a migration of a layout run outside a transaction. */
export function transactionMark({ name }: Pick<Layout, 'name'>): string {
  return { goose: '-- +goose NO TRANSACTION', dbmate: '-- migrate:up transaction:false' }[name as string] ?? '-- shiplock: no-transaction'
}
