import { createHash } from 'node:crypto'
import type { Migration } from '../migration/migration.ts'

/** What of a migration an approval covers, and the name that people know it by, which it does not cover. */
export type ContractMigration = Pick<Migration, 'id' | 'version' | 'phase' | 'checksum' | 'transactional'>

/** What an approval covers: when any of it changes, the approved plan is another plan. */
export interface PlanContract {
  readonly environment: string
  readonly phase: string
  readonly layout: string
  readonly folders: readonly string[]
  readonly tables: readonly { readonly table: string; readonly head: string }[]
  /** Id of the database's stamp; null before the first run. */
  readonly stamp: string | null
  readonly migrations: readonly ContractMigration[]
  /** The team's own command, where Shiplock runs no files. */
  readonly command?: readonly string[] | undefined
  /** `lock-budget`, and the inputs that require or allow something of a run. */
  readonly policy: Readonly<Record<string, string | number | boolean>>
}

/** Another number stands for another list of what is covered. */
export const planSchema = 1

/** SHA-256, in hex, over canonical JSON: keys sorted, no white space. */
export function planDigest(contract: PlanContract): string {
  const { environment, phase, layout, folders, tables, stamp, migrations, command, policy } = contract
  const body = {
    schema: planSchema,
    environment,
    phase,
    layout,
    folders,
    tables: tables.map(({ table, head }) => ({ table, head })),
    stamp,
    migrations: migrations.map(({ version, phase, checksum, transactional }) => ({ version, phase, checksum, transactional })),
    ...(command === undefined ? {} : { command }),
    policy,
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
