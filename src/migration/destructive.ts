import { messageOf, ReleaseError } from '../errors.ts'
import { destructivePart } from '../sql/destructive.ts'
import type { MappedText } from '../sql/mapped-text.ts'
import { statementsOf } from '../sql/parsed-text.ts'
import type { Migration } from './migration.ts'

/** Why a backup should come before a migration, in words; `undefined` when its text says that nothing can be lost. */
export async function majorReason(migration: Migration): Promise<string | undefined> {
  if (migration.major) return 'marked as major'
  if (migration.notSql !== undefined) return `not known, it is written in ${migration.notSql}`
  const text = textOf(migration)
  if (text instanceof ReleaseError) return `it cannot be read: ${messageOf(text)}`
  const parsed = await statementsOf(text)
  if ('problem' in parsed) return `the parser does not read it: ${parsed.problem.message}`
  for (const statement of parsed.statements) {
    const part = destructivePart(statement)
    if (part !== undefined) return part
  }
  return undefined
}

/** A text may depend on variables that are not set. */
function textOf(migration: Migration): MappedText | ReleaseError {
  try {
    return migration.up
  } catch (error) {
    if (error instanceof ReleaseError) return error
    throw error
  }
}
