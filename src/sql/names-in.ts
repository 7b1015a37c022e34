import type { Statement } from './parse.ts'

/** Every word that statements hold in quotes or as a name: whatever they touch by name is among them. */
export function namesIn(statements: readonly Pick<Statement, 'node'>[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { node } of statements) gather(node, found)
  return found
}

/** Names of enum members, such as `OBJECT_TABLE`, come along; they harm nobody. */
function gather(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') found.add(value)
  else if (Array.isArray(value)) for (const one of value) gather(one, found)
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) gather(one, found)
}
