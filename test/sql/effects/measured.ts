import { readFileSync } from 'node:fs'
import type { Effects } from '../../../src/sql/effects/effects.ts'
import { type LockMode, strongerMode } from '../../../src/sql/locks/mode.ts'

/** One statement of the matrix, or several, and what a server of PostgreSQL 15 was seen to do. */
export interface MeasuredStatement {
  readonly name: string
  readonly sql: string
  /** `table:Mode`, as pg_locks had them afterwards: tables and materialized views, without ACCESS SHARE. */
  readonly locks: readonly string[]
  readonly rewritten: readonly string[]
  readonly scanned: readonly string[]
  readonly error: string | null
}

export const matrix = JSON.parse(readFileSync(new URL('pg15-lock-matrix.json', import.meta.url), 'utf8')) as readonly MeasuredStatement[]

/** What a statement does, in the form in which the matrix was measured. */
export interface Footprint {
  /** The strongest mode on each table and materialized view that was there before, and is there after; not ACCESS SHARE. */
  readonly locks: Readonly<Record<string, LockMode>>
  /** Relations that keep their number and get another file. An index that is dropped and made again is another one. */
  readonly rewritten: readonly string[]
  /** Tables of which a scan was counted: a table that is written anew is read to be copied, or for its new indexes. */
  readonly scanned: readonly string[]
}

/** The footprint that the model foretells for statements; `gone` are relations that they drop, which pg_locks does not name. */
export function foretold(effects: readonly Effects[], gone: ReadonlySet<string> = new Set()): Footprint {
  const locks: Record<string, LockMode> = {}
  for (const { relation, mode } of effects.flatMap((one) => one.locks)) {
    const isTable = relation.kind === 'table' || (relation.kind === 'view' && relation.form === 'materialized')
    if (!isTable || mode === 'AccessShare' || gone.has(relation.name)) continue
    locks[relation.name] = strongerMode(mode, locks[relation.name] ?? mode)
  }
  const rewrites = effects.flatMap((one) => one.rewrites)
  const read = [...effects.flatMap((one) => one.scans), ...rewrites.filter(({ kind }) => kind !== 'index')]
  return { locks, rewritten: sorted(rewrites), scanned: sorted(read) }
}

/** What the file of the matrix says of a statement. Relations that it made are left out. */
export function footprintOf({ locks, rewritten, scanned }: MeasuredStatement, isOld: (name: string) => boolean): Footprint {
  const found: Record<string, LockMode> = {}
  for (const one of locks) {
    const [name = '', mode] = one.split(':') as [string, LockMode]
    if (isOld(name)) found[name] = strongerMode(mode, found[name] ?? mode)
  }
  return { locks: found, rewritten: [...rewritten].sort(), scanned: [...scanned].sort() }
}

function sorted(relations: readonly { readonly name: string }[]): string[] {
  return [...new Set(relations.map(({ name }) => name))].sort()
}
