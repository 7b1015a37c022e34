import { createHash } from 'node:crypto'
import type { Migration } from '../migration/migration.ts'

/** What an approval covers: when any of it changes, the approved plan is another plan. */
export interface PlanContract {
  readonly environment: string
  readonly phase: string
  readonly layout: string
  readonly folders: readonly string[]
  readonly tables: readonly { readonly table: string; readonly head: string }[]
  /** Id of the database's stamp; null before the first run. */
  readonly stamp: string | null
  readonly migrations: readonly Migration[]
  /** The team's own command, where Shiplock runs no files. */
  readonly command?: readonly string[]
  /** Inputs that change what may run, such as lock-budget and allow-unphased. */
  readonly policy: Readonly<Record<string, string | number | boolean>>
}

const schema = 1

/** SHA-256, in hex, over canonical JSON: keys sorted, no white space. */
export function planDigest(contract: PlanContract): string {
  const { migrations, ...rest } = contract
  const body = {
    schema,
    ...rest,
    migrations: migrations.map(({ version, phase, checksum, transactional }) => ({ version, phase, checksum, transactional })),
  }
  return createHash('sha256').update(canonicalJson(body)).digest('hex')
}

/** JSON with sorted keys and no white space. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`
}
