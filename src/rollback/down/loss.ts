import { carryOut, type DataLoss } from '../../lint/down/losses.ts'
import type { TableName } from '../../migration/ledger.ts'
import type { Migration } from '../../migration/migration.ts'
import { copySchema } from '../../sql/schema/copy.ts'
import { type Schema, tableById } from '../../sql/schema/schema.ts'
import { type DownStep, readDown } from './down-steps.ts'
import { type Draft, unknown } from './draft.ts'
import { furtherLosses, liveSequences } from './further-losses.ts'
import { LiveNames } from './live-names.ts'
import { measure } from './measure.ts'
import { narrowing } from './narrowing.ts'
import type { RescuePart } from './rescue-part.ts'
import { rowChanges } from './row-changes.ts'
import { type Traces, tracesOf } from './traces.ts'

/** What a down would take away or overwrite on the live database. */
export interface DownLoss {
  readonly kind: 'table' | 'column' | 'rows' | 'values' | 'narrowed' | 'unknown'
  /** In words that follow "loses", such as `the values of users.phone`. */
  readonly what: string
  /** `path:line` of the statement. */
  readonly place: string
  /** Its text in one line. */
  readonly statement: string
  readonly table: TableName | undefined
  readonly columns: readonly string[]
  readonly unit: 'rows' | 'values'
  /** Select of one bigint: the rows of a table, the not-null values of a column, the rows that a narrowing cuts or refuses; `undefined` where nobody can count it. */
  readonly count: string | undefined
  /** Select of one text that changes whenever what would be lost changes. */
  readonly mark: string | undefined
  /** How it can be copied; `undefined` where only a whole backup holds it. */
  readonly copy: RescuePart | undefined
  /** The statement fails instead where a value does not fit: nothing is lost. */
  readonly fails: boolean
}

/** Every loss of a migration's way back, statement by statement, as the live database would suffer it. */
export async function lossesOfDown(migration: Migration, live: Schema): Promise<readonly DownLoss[]> {
  const schema = copySchema(live)
  const names = new LiveNames(schema)
  const found: { readonly step: DownStep; readonly draft: Draft }[] = []
  const before: Traces[] = []
  for (const [index, step] of (await readDown(migration)).entries()) {
    const origin = { file: 0, statement: index }
    found.push(...draftsOf(schema, names, step, before, origin).map((draft) => ({ step, draft })))
    before.push(tracesOf(step.statement))
  }
  const lost = found.map(({ draft }) => draft.about)
  return found.map(({ step, draft }) => measure(draft, step, { names, lost, after: schema }))
}

function draftsOf(
  schema: Schema,
  names: LiveNames,
  step: DownStep,
  before: readonly Traces[],
  origin: { readonly file: number; readonly statement: number },
): readonly Draft[] {
  if (step.hidden !== undefined) return [unknown(step.hidden)]
  names.note(schema)
  const rows = rowChanges(schema, names, step, before, origin)
  const sequences = liveSequences(schema)
  const plain = carryOut(schema, step.statement, origin)
  if (rows !== undefined) return rows
  const drafts = plain.map((loss) => draftOf(schema, names, loss, step))
  return [...drafts, ...furtherLosses(schema, names, step, sequences, drafts.length > 0)]
}

function draftOf(schema: Schema, names: LiveNames, { id, kind, what, columns, fails }: DataLoss, step: DownStep): Draft {
  const live = id === undefined ? undefined : names.table(id)
  const [column = ''] = columns
  if (id === undefined || live === undefined || kind === 'unknown') return unknown(what)
  if (kind === 'table') return { kind, what, fails, about: { kind, id } }
  const liveColumn = names.column(id, column)
  if (liveColumn === undefined) return unknown(what)
  if (kind === 'column') return { kind, what, fails, about: { kind: 'columns', id, columns: [liveColumn] } }
  const [from, to] = [names.type(id, column), tableById(schema, id)?.columns.get(column)?.type]
  if (kind !== 'type' || from === undefined || to === undefined) return unknown(what)
  const narrowed = narrowing(schema, { column, live: liveColumn, from, to, fails }, step.statement, step.text)
  const about = {
    kind: 'values',
    id,
    columns: [liveColumn],
    retyped: true,
    where: narrowed?.where,
    ownPath: narrowed !== undefined,
  } as const
  const said =
    narrowed?.fails === true && !fails
      ? `values of ${what.replace(/^.* of the values of /, '')} that the new type does not hold: on them it fails`
      : what
  return { kind: 'narrowed', what: said, fails: narrowed?.fails ?? fails, about }
}
