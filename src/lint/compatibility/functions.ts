import type { RelationName } from '../../sql/locks/names.ts'
import { nameKey, type Schema, type UserFunction } from '../../sql/schema/schema.ts'

/** Functions of a name, whatever their arguments. */
export function findFunctions(schema: Schema, { schema: space, name }: RelationName): readonly UserFunction[] {
  return (space === undefined ? schema.searchPath : [space]).flatMap((one) => schema.functions.get(nameKey(one, name)) ?? [])
}
