import type { AlterEnumStmt } from '@pgsql/types'
import { nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { findTypeKey, type Schema } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { concern, type Meets } from './meets.ts'

/** A value that is new, or has another name, bears on whoever uses a column of the type. */
export function enumConcerns({ target }: Meets, { typeName, newVal = '', oldVal }: AlterEnumStmt): readonly Concern[] {
  const { name } = nameOfWords(wordsOf(typeName))
  const because =
    oldVal === undefined
      ? `The older code may read '${newVal}' from ${name}, a value that it does not know.`
      : `The older code knows '${newVal}' of ${name} as '${oldVal}'.`
  const effect = oldVal === undefined ? 'changes-meaning' : 'breaks-reads'
  const own = concern(effect, because, { by: 'use', of: name }, [name, oldVal ?? newVal])
  return ofType(target, name, own)
}

/** A type under a name that the target has is another one. */
export function typeConcerns({ target }: Meets, name: RelationName): readonly Concern[] {
  if (findTypeKey(target, name) === undefined) return []
  const own = concern('changes-meaning', `The type ${name.name} is another one than before.`, { by: 'use', of: name.name }, [name.name])
  return ofType(target, name.name, own)
}

/** The same for what names the type, and for each column that has it. */
function ofType(target: Schema, name: string, own: Concern): readonly Concern[] {
  const columns = [...target.relations.values()].flatMap((one) =>
    one.kind === 'table'
      ? [...one.columns.values()].flatMap((column) => (column.type.name === name ? [{ table: one.name, column: column.name }] : []))
      : [],
  )
  return [own, ...columns.map(({ table, column }) => ({ ...own, settling: { by: 'use', of: table, columns: [column] } as const }))]
}
