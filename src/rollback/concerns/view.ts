import type { Node, ViewStmt } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { concern, isNew, type Meets, rightsConcern } from './meets.ts'

/** A view under a name that the target has: its queries read what the new text says. */
export function viewConcerns(meets: Meets, { view, query }: ViewStmt): readonly Concern[] {
  const { name, schema } = nameOf(view)
  const before = findRelation(meets.target, { schema, name })
  if (before === undefined) return []
  const current = findRelation(meets.schema, { schema, name })
  const rights = current === undefined || isNew(meets, current) ? rightsConcern(meets, name) : []
  if (before.kind !== 'view') {
    return [
      ...rights,
      concern(
        'unknown',
        `The view ${name} stands in the place of a table: its rights, defaults and triggers are its own.`,
        { by: 'names' },
        [name],
      ),
    ]
  }
  if (before.query !== undefined && query !== undefined && appendsOnly(before.query, query)) return rights
  return [
    ...rights,
    concern('changes-meaning', `The view ${name} answers from another query than before.`, { by: 'use', of: name }, [name]),
  ]
}

/** The same query, with more columns behind those that were there. */
function appendsOnly(before: Node, after: Node): boolean {
  if (!('SelectStmt' in before) || !('SelectStmt' in after)) return false
  const { targetList: was = [], ...rest } = before.SelectStmt
  const { targetList: is = [], ...other } = after.SelectStmt
  if (shape(rest) !== shape(other) || rest.distinctClause !== undefined || rest.op !== 'SETOP_NONE') return false
  return was.length <= is.length && was.every((one, index) => shape(one) === shape(is[index])) && !isWorkedOut(is.slice(was.length))
}

/** An expression of its own may fail, or make one row of many. */
function isWorkedOut(added: readonly Node[]): boolean {
  return !added.every((one) => 'ResTarget' in one && one.ResTarget.val !== undefined && 'ColumnRef' in one.ResTarget.val)
}

/** Without the places in the text. */
function shape(value: unknown): string {
  return JSON.stringify(value, (key, inner) => (/location$|_len$/.test(key) ? undefined : inner))
}
