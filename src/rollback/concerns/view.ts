import type { DefElem, Node, ViewStmt } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { concern, isNew, type Meets, rightsConcern } from './meets.ts'

/** A view under a name that the target has: its queries read what the new text says. */
export function viewConcerns(meets: Meets, { view, query, options, withCheckOption }: ViewStmt): readonly Concern[] {
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
  const changed = [
    ...rights,
    ...(meets.viewsWithOptions.has(name) ? [viewReplaced(name)] : []),
    ...nodesOf(options, 'DefElem').flatMap((option) => viewOption(name, option)),
    ...(withCheckOption === undefined || withCheckOption === 'NO_CHECK_OPTION' ? [] : viewOption(name, { defname: 'check_option' })),
  ]
  if (before.query !== undefined && query !== undefined && appendsOnly(before.query, query)) return changed
  return [
    ...changed,
    concern('changes-meaning', `The view ${name} answers from another query than before.`, { by: 'use', of: name }, [name]),
  ]
}

/** Options of a view; what is no table, or not known, is taken for one. */
export function viewOptionConcerns(name: string, options: Node | undefined): readonly Concern[] {
  const list = options !== undefined && 'List' in options ? options.List.items : []
  return nodesOf(list, 'DefElem').flatMap((option) => viewOption(name, option))
}

function viewReplaced(name: string): Concern {
  const because = `The view ${name} had options, and has only those of its new text: other rows may be shown or accepted.`
  return concern('unknown', because, { by: 'use', of: name }, [name])
}

function viewOption(name: string, { defname }: DefElem): readonly Concern[] {
  const use = { by: 'use', of: name } as const
  switch (defname) {
    case 'check_option':
      return [
        concern(
          'breaks-writes',
          `Rows that the view ${name} does not show may no longer be written through it.`,
          { by: 'writes', to: name },
          [name],
        ),
      ]
    case 'security_invoker':
      return [
        concern('breaks-reads', `The view ${name} asks for the rights of another role than before: queries may be refused.`, use, [name]),
      ]
    default:
      return [concern('unknown', `What the option ${defname ?? ''} of ${name} means for older code is not judged.`, use, [name])]
  }
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
