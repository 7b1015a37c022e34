import type { LedgerStanding } from '../backup/ledger-standing.ts'
import { backupsNewestFirst } from '../backup/list-backups.ts'
import { type BackupRequirement, type Measure, type Search, searchBackup } from '../backup/required-backup.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { headsBeforeRelease, versionsOfRelease } from '../migration/before-release.ts'
import type { LedgerOptions, MigrationDatabase } from '../migration/database.ts'
import type { HistoryRow } from '../migration/history.ts'
import type { Phase } from '../migration/migration.ts'
import type { Context } from './command.ts'

export const backupRequirementNames = ['require-backup', 'require-backup-age', 'attest-command'] as const

export type RequirementInputs = Pick<InputValues, (typeof backupRequirementNames)[number] | 'migrations-table'> & {
  readonly store?: string | undefined
}

/** The run that is about to begin, and the database that it would change. */
export interface AboutToRun {
  readonly phase: Phase | 'all'
  readonly database: MigrationDatabase
  /** Absent where the team's own command knows its version table. */
  readonly ledger: LedgerOptions | undefined
  readonly history: readonly HistoryRow[]
}

/** What of the requirement an approval covers. */
export function requirementPolicy(inputs: RequirementInputs): Readonly<Record<string, string | number>> {
  if (inputs['require-backup'] === undefined) return {}
  return {
    'require-backup': inputs['require-backup'],
    'require-backup-age': inputs['require-backup-age'],
    'attest-command': JSON.stringify(inputs['attest-command'] ?? []),
  }
}

/** How the version tables stand now, and how they stood before the first run of this release in each of the phases. */
export async function standingsOf(
  { database, ledger, history }: Omit<AboutToRun, 'phase'>,
  phases: readonly (Phase | 'all')[],
  { 'migrations-table': table }: Pick<InputValues, 'migrations-table'>,
  { release, run }: Context,
): Promise<readonly LedgerStanding[]> {
  const standings: LedgerStanding[] = [
    { when: 'stand now', heads: ledger === undefined ? await database.knownStanding(table) : await database.standing(ledger, []) },
  ]
  const name = { release, commit: run.commit }
  for (const phase of phases) {
    const when = `stood before phase ${phase} of ${release}`
    const versions = versionsOfRelease(history, phase, name)
    if (ledger !== undefined && versions.length > 0) standings.push({ when, heads: await database.standing(ledger, versions) })
    const noted = ledger === undefined ? headsBeforeRelease(history, phase, name) : undefined
    if (noted !== undefined) standings.push({ when, heads: noted })
  }
  return standings
}

/** What is asked for, if anything. Throws `invalid-input` when nothing could ever meet it. */
export function requirementOf(inputs: RequirementInputs): BackupRequirement | undefined {
  const level = inputs['require-backup']
  if (level === undefined) return undefined
  if (inputs.store === undefined && inputs['attest-command'] === undefined) {
    throw new ReleaseError('invalid-input', 'require-backup looks for a backup in the store, and no store was named.', {
      hint: 'Set store to the place where the command backup puts them.',
    })
  }
  return { level, maxAgeMs: inputs['require-backup-age'] }
}

/** A text says why nothing was looked for: where the team's command may answer, that is no end. */
export async function lookInStore(
  database: MigrationDatabase,
  standings: readonly LedgerStanding[],
  asked: BackupRequirement,
  inputs: RequirementInputs,
  context: Context,
): Promise<Search | string> {
  if (inputs.store === undefined) return 'No store was named.'
  if (standings[0]?.heads.length === 0) return unknownLedger
  const measure: Measure = {
    database: database.database,
    identity: database.identity,
    stampId: (await database.state.stamp())?.id,
    now: await database.now(),
    standings,
  }
  try {
    const store = await context.openStore(inputs.store)
    return await searchBackup(backupsNewestFirst(store, context), asked, measure, store)
  } catch (error) {
    if (!(error instanceof ReleaseError) || inputs['attest-command'] === undefined) throw error
    return `The store could not be looked into: ${error.message}`
  }
}

const unknownLedger =
  'Whether a migration ran since a backup was made cannot be told: this database holds no version table that Shiplock knows; name it with migrations.table, or let attest-command answer.'
