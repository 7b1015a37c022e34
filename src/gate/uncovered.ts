import type { Migration } from '../migration/migration.ts'

/**
 * What an approval does not cover although it decides what runs: values that files take from the environment. They may be
 * passwords, whose digest would tell too much.
 */
export function uncoveredNotes(pending: readonly Pick<Migration, 'id' | 'takesVariables'>[]): readonly string[] {
  const taking = pending.filter(({ takesVariables }) => takesVariables).map(({ id }) => id)
  if (taking.length === 0) return []
  return [
    `${taking.join(', ')} ${taking.length === 1 ? 'takes' : 'take'} values from the environment (ENVSUB); the digest does not cover them.`,
  ]
}
