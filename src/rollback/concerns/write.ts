import type { Node } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import type { Concern } from '../concern.ts'
import { concern, isNew, type Meets, oldTable } from './meets.ts'

type Write = Extract<Node, { InsertStmt: unknown } | { UpdateStmt: unknown } | { DeleteStmt: unknown } | { MergeStmt: unknown }>

/** Rows of the target that a migration changed. */
export function writeConcerns(meets: Meets, node: Write): readonly Concern[] {
  const { relation } = (Object.values(node) as { relation?: Parameters<typeof nameOf>[0] }[])[0] ?? {}
  const name = nameOf(relation)
  const old = oldTable(meets, name)
  if (old === undefined) return []
  if ('UpdateStmt' in node) {
    const columns = nodesOf(node.UpdateStmt.targetList, 'ResTarget').map((one) => one.name ?? '')
    const older = columns.filter((one) => !isNew(meets, old.table?.columns.get(one)))
    const hasTriggers = (old.table?.triggers.size ?? 1) > 0
    if (older.length === 0 && !hasTriggers) return []
    const which = older.length === 0 || hasTriggers ? {} : { columns: older }
    return [
      concern('changes-meaning', `Rows of ${name.name} hold other values than before.`, { by: 'use', of: name.name, ...which }, [
        name.name,
      ]),
    ]
  }
  const what = 'DeleteStmt' in node ? 'Rows are gone from' : 'Rows are new in'
  return [concern('changes-meaning', `${what} ${name.name}.`, { by: 'use', of: name.name }, [name.name])]
}
