import type { Constraint } from '@pgsql/types'
import { nameOf } from '../../sql/locks/names.ts'
import type { Concern } from '../concern.ts'
import { concern, type Meets, oldTable } from './meets.ts'

/** A foreign key keeps rows of the table that it points to, unless it takes its own rows along. */
export function foreignKeyConcern(meets: Meets, { pktable, fk_del_action }: Constraint): readonly Concern[] {
  const name = nameOf(pktable)
  if (oldTable(meets, name) === undefined || ['c', 'n', 'd'].includes(fk_del_action ?? 'a')) return []
  return [
    concern(
      'breaks-writes',
      `Rows of ${name.name} can no longer be deleted while the new foreign key points to them.`,
      { by: 'writes', to: name.name, kinds: ['delete', 'truncate'] },
      [name.name],
    ),
  ]
}
