import { quoteTable } from '../../migration/ledger.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import type { DownStep } from './down-steps.ts'
import type { Draft, SequenceSubject, Subject } from './draft.ts'
import type { LiveNames } from './live-names.ts'
import type { DownLoss } from './loss.ts'
import { anyValue, countRows, countValues, type LostRows, markRows, markValues } from './loss-queries.ts'
import type { RescuePart } from './rescue-part.ts'

interface Whole {
  readonly names: LiveNames
  /** Everything that the down takes: a key that goes too finds no rows again. */
  readonly lost: readonly (Subject | undefined)[]
  /** The schema once all statements have run. */
  readonly after: Schema
}

type Measured = Pick<DownLoss, 'table' | 'columns' | 'unit' | 'count' | 'mark' | 'copy'>

/** How a loss is counted, recognised and copied. */
export function measure({ about, ...draft }: Draft, { place, shown }: DownStep, whole: Whole): DownLoss {
  return { ...draft, place, statement: shown, ...(about === undefined ? nothing : measured(about, whole)) }
}

const nothing: Measured = { table: undefined, columns: [], unit: 'rows', count: undefined, mark: undefined, copy: undefined }

function measured(about: Subject, whole: Whole): Measured {
  if (isSequence(about)) return ofSequence(about, whole)
  const { names } = whole
  const live = names.table(about.id)
  if (live === undefined) return nothing
  const table = live.name
  const where = 'where' in about ? about.where : undefined
  const rows: LostRows = { table, only: about.kind === 'table' && live.heirs, where }
  if (about.kind === 'table') {
    return { table, columns: [], unit: 'rows', count: countRows(rows), mark: markRows(rows), copy: { kind: 'table', table } }
  }
  // rows of tables that inherit from it would come back in another table, and a key is not theirs
  const place = live.heirs || (live.catalogTypes && 'ownPath' in about && about.ownPath) ? undefined : names.place(about.id, whole.after)
  if (about.kind === 'rows') {
    const { ownPath, restarts } = about
    const copy = place === undefined ? undefined : ({ kind: 'rows', table, ...place, where, ownPath, restarts } as const)
    return { table, columns: [], unit: 'rows', count: countRows(rows), mark: markRows(rows), copy }
  }
  const { columns } = about
  const key = keyFor(about.id, whole)
  const met =
    about.kind === 'columns'
      ? { ...rows, where: anyValue(columns) }
      : { ...rows, where: where ?? (about.retyped ? anyValue(columns) : undefined) }
  const found = { table, columns, unit: 'values', count: countValues(met, columns), mark: markValues(met, key ?? [], columns) } as const
  if (place === undefined || key === undefined) return { ...found, copy: undefined }
  if (about.kind === 'columns') return { ...found, copy: { kind: 'columns', table, ...place, columns, key } }
  const { ownPath, retyped } = about
  return { ...found, copy: { kind: 'values', table, ...place, columns, key, where: met.where, ownPath, retyped } satisfies RescuePart }
}

function isSequence(about: Subject): about is SequenceSubject {
  return about.kind === 'sequence' || about.kind === 'position'
}

function keyFor(id: number, { names, lost }: Whole): readonly string[] | undefined {
  const gone = new Set(lost.flatMap((one) => (one !== undefined && one.id === id && 'columns' in one ? one.columns : [])))
  return names.table(id)?.keys.find((key) => !key.some((column) => gone.has(column)))
}

function ofSequence({ kind, id }: SequenceSubject, { names }: Whole): Measured {
  const table = names.sequence(id)
  if (table === undefined) return nothing
  const mark = `select pg_catalog.concat(last_value, ' ', is_called) from ${quoteTable(table)}`
  const copy = { kind: kind === 'position' ? 'position' : 'sequence', table } as const
  return { table, columns: [], unit: 'values', count: `select pg_catalog.count(*) from ${quoteTable(table)}`, mark, copy }
}
