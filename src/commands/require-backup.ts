import type { Attestation } from '../backup/attestation.ts'
import { backupRequired, type Search } from '../backup/required-backup.ts'
import type { Phase } from '../migration/migration.ts'
import type { ReliedBackup } from '../migration/state.ts'
import type { Check } from '../result.ts'
import { formatDuration } from '../units.ts'
import { attest } from './attest.ts'
import { type AboutToRun, lookInStore, type RequirementInputs, requirementOf, standingsOf } from './backup-requirement.ts'
import type { Context } from './command.ts'

/** What a run that must have a backup relies upon. */
export interface Reliance {
  readonly check: Check
  /** As the result shows it; missing where there is nothing to lose. */
  readonly backup?: Readonly<Record<string, string | number>>
  /** What the history keeps. */
  readonly relied?: ReliedBackup
}

/**
 * The backup that a run may rely upon, a stored one or else what the team's command attests; `undefined` when none is
 * required. Throws `backup-required`. Takes the lock for granted, so that nothing moves until the run begins.
 */
export async function requireBackup(about: AboutToRun, inputs: RequirementInputs, context: Context): Promise<Reliance | undefined> {
  const asked = requirementOf(inputs)
  if (asked === undefined) return undefined
  if (await about.database.isFresh()) return nothingToLose
  const standings = await standingsOf(about, [about.phase], inputs, context)
  const looked = await lookInStore(about.database, standings, asked, inputs, context)
  const heads = standings[0]?.heads ?? []
  if (typeof looked !== 'string' && looked.found !== undefined) return storedReliance(looked, looked.found, about.phase, heads, context)
  const attested = inputs['attest-command'] === undefined ? undefined : await attest(inputs['attest-command'], context)
  if (attested !== undefined && 'evidence' in attested) return attestedReliance(attested, about.phase, heads)
  throw backupRequired(asked, looked, context, attested?.refused)
}

const nothingToLose: Reliance = {
  check: { id: 'backup', status: 'not-checked', message: 'the database holds no table, so there is nothing to lose' },
}

function storedReliance(
  { newest, ignored }: Search,
  { backup: { manifest }, ageMs, when }: NonNullable<Search['found']>,
  phase: Phase | 'all',
  heads: ReliedBackup['heads'],
  { log }: Context,
): Reliance {
  const { id, level, dump } = manifest
  for (const { manifestKey, problem } of ignored) log.warn(`${manifestKey} cannot be used: ${problem}`)
  if (newest !== undefined) log.warn(`the newest backup, ${newest.backup.manifest.id}, does not count: ${newest.problem}`)
  const age = formatDuration(Math.max(0, ageMs))
  log.info(`relying on the backup ${id} (${level}, ${age} old, of the version tables as they ${when})`)
  return {
    check: { id: 'backup', status: 'pass', value: level, message: `${id}, ${age} old, of the version tables as they ${when}` },
    backup: { id, level, snapshotAt: dump.snapshotAt, ageMs },
    relied: { phase, id, level, snapshotAt: dump.snapshotAt, heads },
  }
}

/** Attested is all that it is: nobody here has seen that backup. */
function attestedReliance(
  { evidence }: Extract<Attestation, { evidence: string }>,
  phase: Phase | 'all',
  heads: ReliedBackup['heads'],
): Reliance {
  return {
    check: { id: 'backup', status: 'pass', value: 'attested', message: evidence },
    backup: { level: 'attested', evidence },
    relied: { phase, level: 'attested', evidence, heads },
  }
}
