import type { Layout } from '../migration/layout.ts'

/** The line that makes a migration of a layout run outside a transaction. */
export function transactionMark({ name }: Pick<Layout, 'name'>): string {
  return marks[name as string] ?? '-- shiplock: no-transaction'
}

const marks: Readonly<Record<string, string | undefined>> = {
  goose: '-- +goose NO TRANSACTION',
  dbmate: '-- migrate:up transaction:false',
  sqlx: '-- no-transaction',
  flyway: 'executeInTransaction=false in the .conf beside it',
  diesel: 'run_in_transaction = false in metadata.toml',
}
