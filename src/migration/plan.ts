import { ReleaseError } from '../errors.ts'
import { formatDuration, plural } from '../units.ts'
import { type HistoryRow, knownVersions, lastDeployed } from './history.ts'
import type { LedgerEntry } from './ledger.ts'
import { byVersion, type Migration, type Phase } from './migration.ts'

/** What the decision is made from. */
export interface PlanEvidence {
  readonly migrations: readonly Migration[]
  readonly entries: readonly LedgerEntry[]
  readonly history: readonly HistoryRow[]
  /** Versions that any git ref knows; asked for only when the history does not know one. */
  readonly gitVersions: () => Promise<ReadonlySet<string>>
  readonly now: Date
}

export interface PlanPolicy {
  readonly outOfOrder: 'refuse' | 'allow'
  readonly allowUnphased: boolean
  readonly maxPostDebtMs: number
}

/** A post migration of a deployed release that has not run. */
interface Debt {
  readonly migration: Migration
  /** When the first release that contains it was recorded as deployed. */
  readonly since: Date
  readonly ageMs: number
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
 * Throws `checksum-mismatch`, `phase-moved`, `unknown-version` or `out-of-order`: states that no phase may run on.
 */
export async function comparePhases(evidence: PlanEvidence, policy: Pick<PlanPolicy, 'outOfOrder'>): Promise<PhasePlans> {
  const { migrations, entries, history } = evidence
  const applied = new Map(entries.map((entry) => [entry.version, entry]))
  const files = new Map(migrations.map((migration) => [migration.version, migration]))
  const checksums = appliedChecksums(history)
  refuseEdits(migrations, applied, checksums)
  refuseMoves(migrations, applied)
  const ahead = entries.filter((entry) => !files.has(entry.version)).sort(byVersion)
  await refuseUnknown(ahead, evidence)
  const pending = migrations.filter((migration) => !applied.has(migration.version)).sort(byVersion)
  const plans = { pre: ofPhase(pending, 'pre'), post: ofPhase(pending, 'post') }
  if (policy.outOfOrder === 'refuse') refuseHoles(plans.pre, migrations, applied, 'pre')
  if (policy.outOfOrder === 'refuse') refuseHoles(plans.post, migrations, applied, 'post')
  return {
    ...plans,
    ahead: ahead.map((entry) => entry.version),
    debts: debtsOf(plans.post, history, evidence.now),
    unchecked: migrations.filter(({ version }) => applied.has(version) && !applied.get(version)?.checksum && !checksums.has(version))
      .length,
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
    refuseOldDebt(plans, policy)
    return { run: plans.pre, heldBack: plans.post }
  }
  if (plans.post.length === 0) return { run: [], heldBack: [] }
  const deployed = lastDeployed(evidence.history)
  if (deployed === undefined && plans.pre.length === 0) {
    throw new ReleaseError(
      'post-not-allowed',
      `${plural(plans.post.length, 'post migration')} would run, but no release has been recorded as deployed in this environment.`,
      {
        hint: 'Run "shiplock record deployed" after the deploy command has ended with 0; then run the post phase.',
      },
    )
  }
  if (plans.pre.length > 0) {
    throw new ReleaseError(
      'post-not-allowed',
      `${plural(plans.pre.length, 'pre migration')} of this release (${plans.pre[0]?.id} first) has not run, so the code that is live cannot be the one that no longer needs the old objects.`,
      {
        hint: 'Run the pre phase, deploy, record the deploy, and then run the post phase.',
      },
    )
  }
  const contained = new Map(deployed?.migrations.map(({ version, checksum }) => [version, checksum]))
  const changed = plans.post.find(({ version, checksum }) => contained.has(version) && contained.get(version) !== checksum)
  if (changed !== undefined) {
    throw new ReleaseError('post-changed', `${changed.path} was changed after ${deployed?.release} was recorded as deployed.`, {
      at: changed.path,
      hint: 'Deploy the release that holds the file as it is now, run "shiplock record deployed" from its checkout, and then the post phase.',
    })
  }
  const run = plans.post.filter(({ version }) => contained.has(version))
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

function refuseOldDebt(plans: PhasePlans, policy: PlanPolicy): void {
  const [oldest] = plans.debts.filter((debt) => debt.ageMs > policy.maxPostDebtMs).sort((a, b) => b.ageMs - a.ageMs)
  if (oldest === undefined || plans.pre.length === 0) return
  throw new ReleaseError(
    'post-debt',
    `${oldest.migration.path} has been held back for ${formatDuration(oldest.ageMs)} since its release was deployed; the limit is ${formatDuration(policy.maxPostDebtMs)}.`,
    {
      hint: 'Run --phase post of the deployed release first, or raise max-post-debt.',
    },
  )
}

function refuseEdits(
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, LedgerEntry>,
  checksums: ReadonlyMap<string, string>,
): void {
  for (const { version, checksum, path } of migrations) {
    const entry = applied.get(version)
    const recorded = entry === undefined ? undefined : (entry.checksum ?? checksums.get(version))
    if (recorded === undefined || recorded === checksum) continue
    const day = entry?.appliedAt === undefined ? '' : ` on ${entry.appliedAt.toISOString().slice(0, 10)}`
    throw new ReleaseError('checksum-mismatch', `${path} was edited after it ran${day}.`, {
      at: path,
      hint: 'Restore the file from version control, and put the change into a new migration.',
    })
  }
}

function refuseMoves(migrations: readonly Migration[], applied: ReadonlyMap<string, LedgerEntry>): void {
  for (const { version, phase, path } of migrations) {
    const ran = applied.get(version)?.phase
    if (ran === undefined || ran === phase) continue
    throw new ReleaseError('phase-moved', `${path} stands in the ${phase} folder, but version ${version} ran as a ${ran} migration.`, {
      hint: 'Move the file back. If it is another migration, give it a number of its own.',
    })
  }
}

async function refuseUnknown(ahead: readonly LedgerEntry[], evidence: PlanEvidence): Promise<void> {
  const known = knownVersions(evidence.history)
  let unknown = ahead.filter((entry) => !known.has(entry.version))
  if (unknown.length === 0) return
  const inGit = await evidence.gitVersions()
  unknown = unknown.filter((entry) => !inGit.has(entry.version))
  if (unknown.length === 0) return
  const list = unknown.map((entry) => entry.version).join(', ')
  throw new ReleaseError(
    'unknown-version',
    `The ledger holds ${unknown.length === 1 ? 'a version' : 'versions'} of unknown origin: ${list}. No file, no history row and no git ref knows ${unknown.length === 1 ? 'it' : 'them'}.`,
    {
      hint: 'Check that this is the right database and the right branch (fetch the whole history: fetch-depth: 0). Somebody may have run migrations from elsewhere.',
    },
  )
}

function refuseHoles(
  pending: readonly Migration[],
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, LedgerEntry>,
  phase: Phase,
): void {
  const newest = ofPhase(migrations, phase)
    .filter(({ version }) => applied.has(version))
    .sort(byVersion)
    .at(-1)
  const late = newest === undefined ? undefined : pending.find((migration) => byVersion(migration, newest) < 0)
  if (late === undefined || newest === undefined) return
  throw new ReleaseError('out-of-order', `${late.path} is older than ${newest.id}, which has run.`, {
    at: late.path,
    hint: 'Give it a newer number, or set migrations.out-of-order: allow when it is a hotfix that may run late.',
  })
}

/** The checksum of each version as Shiplock applied it. */
function appliedChecksums(history: readonly HistoryRow[]): Map<string, string> {
  const rows = history.filter((row) => row.event === 'migration')
  return new Map(
    rows.filter((row) => row.state === 'applied' || row.state === 'applied-unreported').map((row) => [row.version, row.checksum]),
  )
}

function debtsOf(post: readonly Migration[], history: readonly HistoryRow[], now: Date): Debt[] {
  const deploys = history.filter((row) => row.event === 'deployed').sort((a, b) => a.at.getTime() - b.at.getTime())
  return post.flatMap((migration) => {
    const first = deploys.find((row) => row.migrations.some((one) => one.version === migration.version))
    return first === undefined ? [] : [{ migration, since: first.at, ageMs: now.getTime() - first.at.getTime() }]
  })
}

function ofPhase(migrations: readonly Migration[], phase: Phase): Migration[] {
  return migrations.filter((migration) => migration.phase === phase)
}
