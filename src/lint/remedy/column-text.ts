import type { ColumnDef, Constraint } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import type { StatementScope } from '../scope.ts'
import { StatementText } from './alter-text.ts'

/** The text of a column's definition, which can be written again without some of its parts. */
export class ColumnText {
  readonly #text: StatementText
  readonly #column: ColumnDef
  readonly #parts: readonly { readonly start: number; readonly end: number; readonly constraint: Constraint | undefined }[]

  constructor(column: ColumnDef, scope: StatementScope) {
    this.#text = new StatementText(scope)
    this.#column = column
    const end = this.#text.endOfItem(column.location ?? 0)
    const parts = [
      { start: this.#text.inStatement(column.location ?? 0), constraint: undefined },
      ...(column.collClause === undefined
        ? []
        : [{ start: this.#text.inStatement(column.collClause.location ?? 0), constraint: undefined }]),
      ...constraintsOf(column.constraints).map((constraint) => ({
        start: this.#text.inStatement(constraint.location ?? 0),
        constraint,
      })),
    ].sort((one, other) => one.start - other.start)
    this.#parts = parts.map((part, index) => ({ ...part, end: parts[index + 1]?.start ?? end }))
  }

  /** Its type as it is written. */
  get type(): string {
    const start = this.#text.inStatement(this.#column.typeName?.location ?? 0)
    const part = this.#parts.find((one) => one.start <= start && start < one.end)
    return this.#text.cut(start, part?.end ?? start)
  }

  /** All of it but the parts of some kinds, and what describes those parts. */
  without(...kinds: readonly Constraint['contype'][]): string {
    return this.#join((constraint) => !kinds.includes(constraint.contype))
  }

  /** One of its constraints as a table would have it, with what describes it. */
  only(wanted: Constraint): string {
    return this.#join((constraint) => constraint === wanted, false)
  }

  #join(keep: (constraint: Constraint) => boolean, keepRest = true): string {
    let kept = keepRest
    const pieces: string[] = []
    for (const { start, end, constraint } of this.#parts) {
      // DEFERRABLE and its kin describe what stands before them
      if (constraint === undefined) kept = keepRest
      else if (!constraint.contype?.startsWith('CONSTR_ATTR')) kept = keep(constraint)
      if (kept) pieces.push(this.#text.cut(start, end))
    }
    return pieces.join(' ')
  }
}
