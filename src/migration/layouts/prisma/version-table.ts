import { butNot, clearDirtyCommand, headOfVersions, type LedgerDialect, quoteTable, quoteText, type TableName } from '../../ledger.ts'
import type { Migration } from '../../migration.ts'

/** `_prisma_migrations`: a row for each attempt, of which one without an end began and did not succeed. */
export const prismaLedger: LedgerDialect = {
  create: createTable,
  createEmpty: createTable,
  // two prismas without their lock may both have written a row: one without an end counts first
  select: (table) =>
    `select distinct on (version) ${version} as version, null::pg_catalog.text as phase, checksum::pg_catalog.text as checksum, finished_at as applied_at, migration_name::pg_catalog.text as name, finished_at is null as dirty from ${quoteTable(table)} where rolled_back_at is null order by version, finished_at is not null, started_at desc`,
  record: (table, migration) =>
    `insert into ${quoteTable(table)} (id, checksum, migration_name, started_at, finished_at, applied_steps_count) values (${named(migration)}, pg_catalog.now(), pg_catalog.clock_timestamp(), 1)`,
  // prisma has no way back. A row with rolled_back_at would be run again by deploy, and status would say that nothing is pending
  erase: (table, migration) => `delete from ${quoteTable(table)} where rolled_back_at is null and ${isOf(migration)}`,
  mark: (table, migration) => marked(table, migration),
  dirty: {
    explain: (version) => ({
      says: `version ${version} began and has not ended`,
      hint: `When prisma is at work just now, wait. Otherwise it stops at it too: make sure by hand that all of ${version} is there, or nothing of it, and say so: ${clearDirtyCommand(version)}. Prisma's own word for it, with the name of the folder: prisma migrate resolve --applied <name>, or --rolled-back <name>.`,
    }),
    settle(table, migration, as) {
      const rolledBack = `update ${quoteTable(table)} set rolled_back_at = pg_catalog.clock_timestamp() where finished_at is null and rolled_back_at is null and ${isOf(migration)}`
      return as === 'reverted' ? rolledBack : `with begun as (${rolledBack}) ${marked(table, migration)}`
    },
  },
  head: (table, _scope, without = []) => headOfVersions(`${versionsOfPrisma(table)} where ${butNot('t.version', without)}`),
}

/** The rows that count, as a table `t` of versions; a look from outside reads them in the same way. */
export function versionsOfPrisma(table: TableName): string {
  return `(select ${version} as version, finished_at is null as dirty from ${quoteTable(table)} where rolled_back_at is null) t`
}

/** The number that a name starts with, or the whole name of a row that no reader here has written. */
const version = `coalesce(pg_catalog.substring(migration_name::pg_catalog.text, '^0*([0-9]+)(?:_|$)'), migration_name::pg_catalog.text)`

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamp with time zone, migration_name varchar(255) not null, logs pg_catalog.text, rolled_back_at timestamp with time zone, started_at timestamp with time zone not null default pg_catalog.now(), applied_steps_count integer not null default 0)`
}

/** As `prisma migrate resolve --applied` writes it: no steps, no time taken, and empty logs. */
function marked(table: TableName, migration: Migration): string {
  return `insert into ${quoteTable(table)} (id, checksum, migration_name, started_at, finished_at, logs) values (${named(migration)}, pg_catalog.now(), pg_catalog.now(), '')`
}

function named({ id, checksum }: Migration): string {
  return `pg_catalog.gen_random_uuid()::pg_catalog.text, ${quoteText(checksum)}, ${quoteText(id)}`
}

function isOf(migration: Migration): string {
  return `${version} operator(pg_catalog.=) ${quoteText(migration.version)}`
}
