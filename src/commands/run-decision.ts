import type { InputValues } from '../inputs.ts'
import { type CommitStanding, commitSeen, refuseOlder } from '../migration/commit-order.ts'
import type { Migration } from '../migration/migration.ts'
import { migrationsFor, type PhasePlans } from '../migration/plan.ts'
import { refusePostConflicts } from '../migration/post-conflict.ts'
import { squashNote } from '../migration/squash.ts'
import { plural } from '../units.ts'
import type { Context } from './command.ts'
import type { MigrationState } from './migration-state.ts'

/** What a phase would run now, after everything that can refuse it has been asked. */
export interface RunDecision {
  readonly run: readonly Migration[]
  readonly heldBack: readonly Migration[]
  /** What a person should know though it stops nothing. */
  readonly notes: readonly string[]
  /** Set when an older commit is let run, for the history. */
  readonly older: { readonly reason: string; readonly than: string } | undefined
}

/** Throws what keeps the phase from running: the rules of phases, a conflict with a held-back migration, an older commit. */
export async function decideRun(
  phase: 'pre' | 'post' | 'all',
  { plans, evidence, policy }: Pick<MigrationState, 'plans' | 'evidence' | 'policy'>,
  { 'allow-older': reason }: Pick<InputValues, 'allow-older'>,
  context: Context,
): Promise<RunDecision> {
  const { run, heldBack } = migrationsFor(phase, plans, evidence, policy)
  if (phase === 'pre') await refusePostConflicts(run, plans.debts)
  const standing = run.length === 0 ? undefined : await commitStanding(phase, evidence, context)
  const notes = [standing === undefined ? undefined : refuseOlder(standing, reason), squashNote(plans, run)]
  return {
    run,
    heldBack,
    notes: notes.filter((note) => note !== undefined),
    older: standing?.relation === 'older' && reason !== undefined ? { reason, than: standing.seen.commit } : undefined,
  }
}

/** What would run if the rows of a dead run were closed already, which changes nothing here. */
export function wouldRun(phase: 'pre' | 'post' | 'all', { plans, evidence, policy }: MigrationState): readonly Migration[] {
  return mayRun(phase, plans) ? migrationsFor(phase, plans, evidence, policy).run : []
}

/** Whether anything of the phase is pending: then the books must be open for writing before it begins. */
export function mayRun(phase: 'pre' | 'post' | 'all', { pre, post }: PhasePlans): boolean {
  return (phase !== 'post' && pre.length > 0) || (phase !== 'pre' && post.length > 0)
}

/** Why a run that does nothing does nothing. */
export function nothingToRun(phase: string, heldBack: number): string {
  if (phase !== 'post' || heldBack === 0) return `Nothing is pending in phase ${phase}.`
  return `Nothing runs: ${plural(heldBack, 'post migration')} ${heldBack === 1 ? 'stays' : 'stay'} held back, because the release that is recorded as deployed does not contain ${heldBack === 1 ? 'it' : 'them'}.`
}

async function commitStanding(
  phase: 'pre' | 'post' | 'all',
  { history }: MigrationState['evidence'],
  context: Context,
): Promise<CommitStanding | undefined> {
  const seen = commitSeen(history.rows, phase)
  return seen === undefined ? undefined : { seen, relation: await context.compareCommit(seen.commit), current: context.run.commit }
}
