import { ReleaseError } from '../errors.ts'
import { plural } from '../units.ts'
import { checksumThatRan, refuseEdits, refuseHoles, refuseMoves, refuseSkipped, refuseUnknown, sidesOf } from './drift.ts'
import type { History } from './history.ts'
import type { LedgerEntry } from './ledger.ts'
import { byVersion, lineageOf, type Migration, type Phase, shownVersion } from './migration.ts'
import { type Debt, type DebtLimits, debtsOf, postMigrationsToRun, refuseDebts } from './post-rules.ts'

/** What the decision is made from. */
export interface PlanEvidence {
  readonly migrations: readonly Migration[]
  readonly entries: readonly LedgerEntry[]
  readonly history: History
  /** Whether the version table keeps the newest version alone. */
  readonly keepsNewest?: boolean
  /** Versions that any git ref knows; asked for only when the history does not know one. */
  readonly gitVersions: () => Promise<ReadonlySet<string>>
  readonly now: Date
}

export interface PlanPolicy extends DebtLimits {
  readonly outOfOrder: 'refuse' | 'allow'
  readonly allowUnphased: boolean
}

/** The ledger and the files, side by side. */
export interface PhasePlans {
  readonly pre: readonly Migration[]
  readonly post: readonly Migration[]
  /** Applied versions without a file here, of known origin. */
  readonly ahead: readonly string[]
  readonly debts: readonly Debt[]
  /** Applied migrations whose checksum nothing keeps: an edit would go unseen. */
  readonly unchecked: number
  readonly applied: number
}

/**
 * Compares ledger and files.
 * Throws `version-clash`, `checksum-mismatch`, `phase-moved`, `unknown-version` or `out-of-order`: states that no phase
 * may run on.
 */
export async function comparePhases(evidence: PlanEvidence, policy: Pick<PlanPolicy, 'outOfOrder'>): Promise<PhasePlans> {
  const { migrations, entries, history } = evidence
  const sides = sidesOf(migrations, entries, history)
  const files = new Set(migrations.map(({ version }) => lineageOf(version)))
  refuseEdits(sides)
  refuseMoves(sides)
  if (evidence.keepsNewest) refuseSkipped(sides)
  const ahead = entries.filter((entry) => !files.has(lineageOf(entry.version))).sort(byVersion)
  await refuseUnknown(ahead, history, evidence.gitVersions)
  const pending = migrations.filter((migration) => !sides.applied.has(migration.version)).sort(byVersion)
  const plans = { pre: ofPhase(pending, 'pre'), post: ofPhase(pending, 'post') }
  if (policy.outOfOrder === 'refuse') refuseHoles(plans.pre, sides, 'pre')
  if (policy.outOfOrder === 'refuse') refuseHoles(plans.post, sides, 'post')
  return {
    ...plans,
    ahead: ahead.map((entry) => shownVersion(entry.version)),
    debts: debtsOf(plans.post, history.rows, evidence.now),
    unchecked: migrations.filter(({ version }) => sides.applied.has(version) && checksumThatRan(sides, version) === undefined).length,
    applied: entries.length,
  }
}

/**
 * What `migrate` runs in a phase, in order. Post migrations that the deployed release does not contain stay held back.
 * Throws `post-not-allowed`, `post-changed`, `unphased-refused` or `post-debt`.
 */
export function migrationsFor(
  phase: Phase | 'all',
  plans: PhasePlans,
  evidence: Pick<PlanEvidence, 'history' | 'entries'>,
  policy: PlanPolicy,
): { run: readonly Migration[]; heldBack: readonly Migration[] } {
  if (phase === 'all') return { run: bothPhases(plans, evidence, policy), heldBack: [] }
  if (phase === 'pre') {
    if (plans.pre.length > 0) refuseDebts(plans.debts, policy)
    return { run: plans.pre, heldBack: plans.post }
  }
  if (plans.post.length === 0) return { run: [], heldBack: [] }
  const run = postMigrationsToRun(plans, evidence.history.rows)
  return { run, heldBack: plans.post.filter((migration) => !run.includes(migration)) }
}

function bothPhases(plans: PhasePlans, { entries }: Pick<PlanEvidence, 'entries'>, policy: PlanPolicy): readonly Migration[] {
  const run = [...plans.pre, ...plans.post].sort(byVersion)
  if (run.length > 0 && entries.length > 0 && !policy.allowUnphased) {
    throw new ReleaseError(
      'unphased-refused',
      `Phase all runs pre and post migrations together, and this database has a history (${plural(entries.length, 'applied migration')}): code may be live that needs what the post migrations remove.`,
      {
        hint: 'Run --phase pre, deploy, then --phase post; or set allow-unphased when nothing is live.',
      },
    )
  }
  return run
}

function ofPhase(migrations: readonly Migration[], phase: Phase): Migration[] {
  return migrations.filter((migration) => migration.phase === phase)
}
