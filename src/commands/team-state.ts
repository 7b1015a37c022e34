import { type PlanContract, planDigest } from '../gate/digest.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { Phase } from '../migration/migration.ts'
import { commandFor, type TeamCommand, type TeamEvidence } from '../migration/team-command.ts'
import { requirementPolicy } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { drillPolicy } from './drill-requirement.ts'
import { checkIdentity, type migrationInputNames, refuseOtherDatabase } from './migration-state.ts'

export type TeamInputs = Pick<InputValues, (typeof migrationInputNames)[number]> & { readonly store?: string | undefined }

/** What the layout command decides from: there are no files and no version table that Shiplock reads. */
export interface TeamState {
  readonly evidence: TeamEvidence
  /** What an approval of the phase covers: the command stands for the files that nobody reads. */
  contract(phase: Phase | 'all'): PlanContract
  digest(phase: Phase | 'all'): string
}

/** Throws when this is another database than the one that is meant, or than the one that the command would migrate. */
export async function readTeamState(
  command: TeamCommand,
  inputs: TeamInputs,
  database: MigrationDatabase,
  context: Context,
): Promise<TeamState> {
  const { environment } = context
  refuseOtherDatabase(inputs, context)
  const stamp = await checkIdentity(database, context)
  const contract = (phase: Phase | 'all'): PlanContract => ({
    environment,
    phase,
    layout: 'command',
    folders: [],
    tables: [],
    stamp: stamp?.id ?? null,
    migrations: [],
    command: commandFor(command, phase),
    policy: {
      'lock-budget': inputs['lock-budget'],
      'allow-unphased': inputs['allow-unphased'],
      ...requirementPolicy(inputs),
      ...drillPolicy(inputs),
    },
  })
  return {
    evidence: { history: (await database.state.history()).rows, isFresh: await database.isFresh() },
    contract,
    digest: (phase) => planDigest(contract(phase)),
  }
}
