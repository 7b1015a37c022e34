import { nameCommand } from '../argument-list.ts'
import type { Migration } from '../migration/migration.ts'
import type { TeamEnvironment } from '../migration/team-environment.ts'
import type { TeamReport } from '../migration/team-run.ts'
import type { TeamVersions } from '../migration/team-versions.ts'
import { plural } from '../units.ts'
import type { Outcome } from './command.ts'
import { nothingToRun } from './run-decision.ts'

/** What is known before the program starts. */
export type TeamFacts = { readonly phase: string; readonly digest: string } & Record<string, unknown>

export function describeDryRun(
  command: readonly string[],
  run: readonly Migration[],
  heldBack: readonly Migration[],
  facts: TeamFacts,
  { added, withheld }: TeamEnvironment,
): Outcome {
  return {
    verdict: 'pass',
    reason:
      run.length === 0
        ? nothingToRun(facts.phase, heldBack.length)
        : `${plural(run.length, 'migration')} would be run by ${nameCommand(command)}; nothing was changed.`,
    outputs: { applied: 0, pending: run.length, digest: facts.digest },
    details: {
      ...facts,
      dryRun: true,
      applied: [],
      notRun: run.map(({ id }) => id),
      ...(run.length === 0 ? {} : { runs: command, environmentAdded: added, environmentWithheld: withheld }),
    },
  }
}

export function outcomeOf(
  command: readonly string[],
  { applied, early, failed, notRun, error }: TeamVersions,
  { error: _, lastLines, ...report }: TeamReport,
  facts: TeamFacts,
): Outcome {
  const pending = notRun.length + (failed === undefined ? 0 : 1)
  const common = {
    outputs: { applied: applied.length + early.length, pending, digest: facts.digest },
    details: {
      ...facts,
      ...report,
      applied: [...applied, ...early].map(({ id, version }) => ({ id, version })),
      notRun: notRun.map(({ id }) => id),
      ...(failed === undefined ? {} : { failed: { id: failed.id, path: failed.path } }),
      ...(error === undefined ? {} : { output: lastLines }),
    },
  }
  const done = `${applied.length} of ${applied.length + pending} applied`
  if (error !== undefined) {
    const tooEarly = early.length === 0 ? '' : `, and ${plural(early.length, 'post migration')} too early`
    return { ...common, verdict: error.verdict, reason: `${done}${tooEarly}: ${error.message}`, error }
  }
  return {
    ...common,
    verdict: 'pass',
    reason: `${plural(applied.length, 'migration')} applied in phase ${facts.phase} by ${nameCommand(command)}.`,
  }
}
