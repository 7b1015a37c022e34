import type { Elsewhere } from '../gate/difference.ts'
import { type PlanContract, planDigest } from '../gate/digest.ts'
import { plansBefore } from '../gate/earlier-attempt.ts'
import { versionsOfRelease } from '../migration/before-release.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { appliedAttempts, type HistoryRow } from '../migration/history.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import type { TeamCommand } from '../migration/team-command.ts'
import { isSameRelease } from '../release-name.ts'
import { formatMoment } from '../units.ts'
import type { Context } from './command.ts'
import { type MigrationState, readMigrations, readState } from './migration-state.ts'
import { readTeamState } from './team-state.ts'

/** A phase as it stands now, and what has to be known to compare it with what was approved. */
export interface PhaseNow {
  readonly contract: PlanContract
  readonly pending: readonly Migration[]
  readonly elsewhere: Elsewhere
  /** A plan that this very release began with, if it has the digest. */
  begunWith(digest: string): Promise<{ readonly plan: PlanContract; readonly applied: readonly string[] } | undefined>
}

export async function phaseOfFiles(
  phase: Phase,
  inputs: Parameters<typeof readState>[0],
  database: MigrationDatabase,
  context: Context,
): Promise<PhaseNow> {
  const read = await readMigrations(inputs, context)
  const state = await readState(inputs, read, database, context)
  const pending = state.plans[phase]
  const contract = state.contract(phase, pending)
  return {
    contract,
    pending,
    elsewhere: elsewhereOf(state),
    async begunWith(digest) {
      const { rows } = state.evidence.history
      const waiting = new Set(pending.map(({ version }) => version))
      const versions = new Set(versionsOfRelease(rows, phase, nameOf(context)))
      const ran = read.migrations.filter((one) => one.phase === phase && versions.has(one.version) && !waiting.has(one.version))
      // an approved plan may lie between two attempts: the last of what ran is taken back first
      for (let count = Math.min(1, ran.length); count <= ran.length; count++) {
        const applied = ran.slice(ran.length - count)
        const heads = await database.standing(
          state.ledger,
          applied.map(({ version }) => version),
        )
        const plan = plansBefore(contract, { applied, heads, isFirst: isFirst(rows, context) }).find((one) => planDigest(one) === digest)
        if (plan !== undefined) return { plan, applied: applied.map(({ id }) => id) }
      }
      return undefined
    },
  }
}

/** Where the team's own program knows what it would run. */
export async function phaseOfCommand(
  phase: Phase,
  command: TeamCommand,
  inputs: Parameters<typeof readTeamState>[1],
  database: MigrationDatabase,
  context: Context,
): Promise<PhaseNow> {
  const state = await readTeamState(command, inputs, database, context)
  const contract = state.contract(phase)
  return {
    contract,
    pending: [],
    elsewhere: { pending: new Map(), applied: new Map() },
    async begunWith(digest) {
      const isFirstRun = isFirst(state.evidence.history, context)
      const plan = plansBefore(contract, { applied: [], heads: [], isFirst: isFirstRun }).find((one) => planDigest(one) === digest)
      return plan === undefined ? undefined : { plan, applied: [] }
    },
  }
}

function elsewhereOf({ plans, evidence }: MigrationState): Elsewhere {
  const pending = [...plans.pre, ...plans.post].map(({ version, phase }) => [version, phase] as const)
  const runs = new Map(appliedAttempts(evidence.history.rows).map((row) => [row.version, `${row.release} on ${formatMoment(row.at)}`]))
  return {
    pending: new Map(pending),
    applied: new Map(evidence.entries.map(({ version }) => [version, runs.get(version) ?? 'another program'])),
  }
}

function isFirst(rows: readonly HistoryRow[], context: Context): boolean {
  return rows.every((row) => isSameRelease(row, nameOf(context)))
}

function nameOf({ release, run }: Context) {
  return { release, commit: run.commit }
}
