import { isRepeatable, type Migration } from '../migration/migration.ts'

/**
 * What an approval does not cover although it decides what runs: values that files take from the environment. They may be
 * passwords, whose digest would tell too much. What makes a repeatable one run is its text with them, which the digest covers.
 */
export function uncoveredNotes(pending: readonly Pick<Migration, 'id' | 'version' | 'takesVariables'>[]): readonly string[] {
  const taking = pending.filter((one) => one.takesVariables && !isRepeatable(one)).map(({ id }) => id)
  if (taking.length === 0) return []
  return [`${taking.join(', ')} ${taking.length === 1 ? 'takes' : 'take'} values from the environment; the digest does not cover them.`]
}

/** Nobody here knows what they lock, and no rule has seen them. */
export function notReadNotes(pending: readonly Pick<Migration, 'id' | 'notSql'>[]): readonly string[] {
  const unread = pending.filter(({ notSql }) => notSql !== undefined)
  if (unread.length === 0) return []
  const which = unread.length === 1 ? `${unread[0]?.id} is written` : `${unread.length} migrations are written`
  return [
    `${which} in ${unread[0]?.notSql}: what is locked, what is lost and what lint would say is not known. The digest covers the files and the command.`,
  ]
}
