import type { Change, Executors } from '../executors.ts'
import type { Options, Section } from '../report.ts'
import type { BenchServer, Place } from '../server.ts'

/** What the situations share. */
export interface Arena {
  readonly bench: BenchServer
  readonly executors: Executors
  readonly options: Options
  /** Databases to copy, with a table `accounts`: plain, in eight partitions, and with few rows. */
  readonly plain: Template
  readonly partitioned: Template
  readonly small: Template
}

export interface Template {
  readonly name: string
  readonly rows: number
}

/** A situation in which migrations are applied; one section of the report. */
export type Situation = (arena: Arena) => Promise<Section>

/** What every executor applies. */
export const change: Change = { name: 'add_note', sql: 'alter table accounts add column note text' }

/** Of the last rows the load asks nothing: they belong to the transactions of a situation. */
export const reservedRows = 1000

const columns = 'id bigint primary key, owner text not null, balance bigint not null'

/** No vacuum of the server's own may come in between. */
const quiet = 'with (autovacuum_enabled = false)'

export async function plainAccounts(place: Place, rows: number): Promise<Template> {
  await place.query(`create table accounts (${columns}) ${quiet}`)
  return filled(place, rows)
}

export async function partitionedAccounts(place: Place, rows: number): Promise<Template> {
  await place.query(`create table accounts (${columns}) partition by hash (id)`)
  for (const remainder of partitions) {
    await place.query(
      `create table ${partition(remainder)} partition of accounts for values with (modulus 8, remainder ${remainder}) ${quiet}`,
    )
  }
  return filled(place, rows)
}

export const partitions = [0, 1, 2, 3, 4, 5, 6, 7] as const

export function partition(remainder: number): string {
  return `accounts_${remainder}`
}

async function filled(place: Place, rows: number): Promise<Template> {
  await place.query(`insert into accounts select n, 'owner ' || n, n % 1000 from generate_series(1, ${rows}) n`)
  await place.query('vacuum (freeze, analyze) accounts')
  return { name: place.name, rows }
}
