import { ReleaseError } from '../errors.ts'
import type { ReadFolders } from '../migration/collect.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { appliedAttempts, type History } from '../migration/history.ts'
import type { Stamp } from '../migration/identity.ts'
import type { Context } from './command.ts'

/**
 * For a version table that says that nothing has run: throws `unknown-layout` when another table in this database says
 * otherwise, and the layout was only found out from the files, or Shiplock itself has migrated it for this project. Where
 * somebody named layout or table, and nothing speaks against it, the log has a warning.
 */
export async function refuseOtherTool(
  { layout, shownBy }: Pick<ReadFolders, 'layout' | 'shownBy'>,
  table: string | undefined,
  database: MigrationDatabase,
  { log, stamp, history }: { readonly log: Context['log']; readonly stamp: Stamp | undefined; readonly history: History },
): Promise<void> {
  const own = table ?? layout.table.table
  const isOwn = (name: string) => [own, `${own}_post`].some((one) => name === one || name.endsWith(`.${one}`))
  const other = (await database.knownStanding(undefined)).find((one) => !one.empty && !isOwn(one.table))
  if (other === undefined) return
  const ranHere = appliedAttempts(history.rows).length > 0
  if (shownBy === undefined && (!ranHere || table !== undefined)) {
    if (stamp === undefined || ranHere)
      log.warn(`by ${own} nothing has run here, and ${other.table} says that another tool has migrated this database`)
    return
  }
  const { name } = layout
  const anothers = `set migrations.layout in shiplock.yml: to the tool that keeps ${other.table}, or to ${name} when that table is another service's.`
  if (shownBy === undefined) {
    throw unknownLayout(
      `By ${own}, the version table of ${name}, nothing has run here, but Shiplock has migrated this database for this project, and ${other.table} holds versions.`,
      `Set migrations.layout to the tool that keeps ${other.table}. If the team has changed its tool, say what has run, the oldest first: shiplock ledger mark-applied --migration <id> --reason "…". If that table is another service's, set migrations.table to ${own}.`,
    )
  }
  if (table !== undefined) {
    throw unknownLayout(
      `By ${own}, which migrations.table names, nothing has run here, but ${other.table} says that this database was migrated.`,
      `Correct migrations.table, or leave it out. Otherwise ${anothers}`,
    )
  }
  throw unknownLayout(
    `The files look like ${name} (${shownBy}), whose version table says that nothing has run, but ${other.table} says that another tool has migrated this database.`,
    `S${anothers.slice(1)}`,
  )
}

function unknownLayout(problem: string, hint: string): ReleaseError {
  return new ReleaseError('unknown-layout', problem, { hint })
}
