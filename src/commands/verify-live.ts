import { type LedgerStanding, standingOf } from '../backup/ledger-standing.ts'
import type { Manifest } from '../backup/manifest.ts'
import { type LiveDatabase, otherDatabase } from '../backup/same-database.ts'
import type { InputValues } from '../inputs.ts'
import type { LedgerOptions } from '../migration/database.ts'
import { migrationWay } from '../migration/team-command.ts'
import type { Check } from '../result.ts'
import { standingsOf } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { databaseInputNames, databaseInputs } from './database-inputs.ts'
import { checkIdentity, folderInputNames, ledgerOptions, readMigrations } from './migration-state.ts'
import { openDatabase } from './open-database.ts'

/** What a look at the database needs, and at the files that say which version tables are the project's. */
export const liveInputNames = [...databaseInputNames, ...folderInputNames] as const

type Inputs = Pick<InputValues, Exclude<(typeof liveInputNames)[number], 'database-url'>> & {
  readonly 'database-url'?: InputValues['database-url']
}

/** A database that a backup is compared with. */
interface Live extends LiveDatabase {
  readonly now: Date
  readonly standings: readonly LedgerStanding[]
}

/** `undefined` when no database was given. Throws whatever keeps one that was given from being read. */
export async function readLive(inputs: Inputs, context: Context): Promise<Live | undefined> {
  const { 'database-url': url } = inputs
  if (url === undefined) return undefined
  const ledger = await ledgerHere(inputs, context)
  await using target = await databaseInputs({ ...inputs, 'database-url': url }, context)
  await using database = await openDatabase(target, inputs, context)
  const stamp = await checkIdentity(database, context)
  const history = (await database.state.history()).rows
  return {
    database: database.database,
    identity: database.identity,
    stampId: stamp?.id,
    now: await database.now(),
    standings: await standingsOf({ database, ledger, history }, ['pre', 'post', 'all'], inputs, context),
  }
}

/** Whether the backup is of this very database, and of its version tables as `require-backup` means it. */
export function checkLive(manifest: Manifest, live: Live | undefined): readonly Check[] {
  if (live === undefined) return notChecked('no database was given')
  const other = otherDatabase(manifest, live)
  if (other !== undefined) {
    return [
      { id: 'stamp', status: 'fail', message: other },
      { id: 'ledger-heads', status: 'not-checked', message: 'it is of another database' },
    ]
  }
  const stamp: Check = { id: 'stamp', status: 'pass', value: manifest.source.stamp ?? 'same database, before its stamp' }
  if (live.standings[0]?.heads.length === 0) {
    return [stamp, { id: 'ledger-heads', status: 'not-checked', message: 'the database holds no version table that Shiplock knows' }]
  }
  const standing = standingOf(manifest.ledgerHeads, live.standings)
  if ('problem' in standing) {
    const message = `its version tables are not those of the database: ${standing.problem}`
    return [stamp, { id: 'ledger-heads', status: 'fail', message }]
  }
  return [stamp, { id: 'ledger-heads', status: 'pass', value: `as they ${standing.when}` }]
}

function notChecked(message: string): readonly Check[] {
  return ['stamp', 'ledger-heads'].map((id) => ({ id, status: 'not-checked', message }))
}

/** Where no checkout is, every version table that is known by name is compared. */
async function ledgerHere(inputs: Inputs, context: Context): Promise<LedgerOptions | undefined> {
  if (migrationWay(inputs).kind === 'command') return undefined
  if ((await context.readFolder(inputs.migrations)) === undefined) return undefined
  return ledgerOptions({ ...inputs, 'publish-state': false }, await readMigrations(inputs, context), context)
}
