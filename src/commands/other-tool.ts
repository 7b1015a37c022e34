import { ReleaseError } from '../errors.ts'
import type { ReadFolders } from '../migration/collect.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { Context } from './command.ts'

/**
 * For a version table that says that nothing has run: throws `unknown-layout` when another tool's table in this database
 * says otherwise and the layout was only found out from the files. Where somebody named it, the log has a warning.
 */
export async function refuseOtherTool(
  { layout, shownBy }: Pick<ReadFolders, 'layout' | 'shownBy'>,
  table: string | undefined,
  database: MigrationDatabase,
  log: Context['log'] | undefined,
): Promise<void> {
  const own = table ?? layout.table.table
  const isOwn = (name: string) => [own, `${own}_post`].some((one) => name === one || name.endsWith(`.${one}`))
  const other = (await database.knownStanding(undefined)).find((one) => !one.empty && !isOwn(one.table))
  if (other === undefined) return
  if (shownBy === undefined) {
    log?.warn(`by ${own} nothing has run here, and ${other.table} says that another tool has migrated this database`)
    return
  }
  throw new ReleaseError(
    'unknown-layout',
    `The files look like ${layout.name} (${shownBy}), whose version table says that nothing has run, but ${other.table} says that another tool has migrated this database.`,
    {
      hint: `Set migrations.layout in shiplock.yml: to the tool that keeps ${other.table}, or to ${layout.name} when that table is another service's.`,
    },
  )
}
