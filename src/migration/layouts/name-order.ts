import { byVersion, type Migration } from '../migration.ts'

/** The first migration that comes behind one of a higher number, for a tool that sorts names as text. */
export function misplacedByName(
  migrations: readonly Migration[],
): { readonly before: Migration; readonly migration: Migration } | undefined {
  const asText = migrations.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const [index, migration] of asText.entries()) {
    const before = asText[index - 1]
    if (before !== undefined && byVersion(before, migration) > 0) return { before, migration }
  }
  return undefined
}
