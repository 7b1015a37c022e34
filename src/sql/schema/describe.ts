import type { Schema } from './schema.ts'

/** One object of a schema, as `table public.users` or `column public.users.email`, and what it is, in SQL's words. */
export type Description = ReadonlyMap<string, string>

/** All that the schema holds, in words that are equal exactly when it is; origins and numbers are left out. */
export function describeSchema(_schema: Schema): Description {
  return new Map()
}

/** Objects that two descriptions do not share. */
export function differences(
  one: Description,
  other: Description,
): { readonly object: string; readonly one: string | undefined; readonly other: string | undefined }[] {
  const objects = new Set([...one.keys(), ...other.keys()])
  return [...objects]
    .filter((object) => one.get(object) !== other.get(object))
    .map((object) => ({ object, one: one.get(object), other: other.get(object) }))
}
