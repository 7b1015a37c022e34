import { type ColumnType, findType, type Schema, type UserType } from '../schema/schema.ts'

/** The type of somebody's own that a column has; `undefined` for the server's types, and for what is not known. */
export function userType(schema: Schema, type: ColumnType): UserType | undefined {
  return findType(schema, type)
}

/** Whether values of the type have to be checked: it, or a domain below it, has a NOT NULL or a CHECK. */
export function hasDomainChecks(schema: Schema, type: ColumnType): boolean {
  const found = userType(schema, type)
  if (found?.kind !== 'domain') return false
  return found.notNull || found.checks.size > 0 || hasDomainChecks(schema, found.base)
}

/** The type that a domain stands for at the bottom. */
export function baseType(schema: Schema, type: ColumnType): ColumnType {
  const found = type.array === 0 ? userType(schema, type) : undefined
  return found?.kind === 'domain' ? baseType(schema, found.base) : type
}
