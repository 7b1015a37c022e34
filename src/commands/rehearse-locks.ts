import type { InputValues } from '../inputs.ts'
import { leavesOpen, withRehearsed } from '../migration/rehearsed-needs.ts'
import type { Script } from '../migration/script.ts'
import type { Context, DatabaseInputs } from './command.ts'

export const rehearsalInputNames = ['rehearse-locks', 'pg-bin-dir'] as const

/** Has migrations whose text leaves open what they lock tried on an empty copy of the schema, when there are any and a copy can be had. */
export async function rehearseLocks(
  scripts: readonly Script[],
  database: DatabaseInputs,
  inputs: Pick<InputValues, (typeof rehearsalInputNames)[number]>,
  context: Context,
): Promise<readonly Script[]> {
  const until = scripts.findLastIndex(leavesOpen)
  if (until < 0 || inputs['rehearse-locks'] === 'never') return scripts
  const made = await context.makeRehearsal(database, { binDir: inputs['pg-bin-dir'] })
  if ('notPossible' in made) {
    context.log.info(`what ${scripts.find(leavesOpen)?.migration.id} locks is learnt from a short attempt; ${made.notPossible}`)
    return scripts
  }
  await using rehearsal = made
  const outcomes = await rehearsal.run(
    scripts.slice(0, until + 1).map(({ migration, units }) => ({
      sql: units.map(({ sql }) => sql.text).join(';\n'),
      transactional: migration.transactional,
    })),
  )
  return scripts.map((script, index) => withRehearsed(script, outcomes[index]))
}
