import type { Schema } from './schema.ts'

/** A copy that shares nothing that changes; the parser's nodes are never changed, and are shared. */
export function copySchema(schema: Schema): Schema {
  return structuredClone(schema)
}
