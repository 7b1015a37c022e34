import { nameCommand } from '../argument-list.ts'
import { ReleaseError } from '../errors.ts'
import { plural } from '../units.ts'
import type { AttemptEnd } from './books.ts'
import { appliedAttempts, lastDeployed } from './history.ts'
import type { TeamProgram } from './layout.ts'
import type { Migration } from './migration.ts'
import type { PlanEvidence } from './plan.ts'
import type { TeamReport } from './team-run.ts'

/** What a run of the team's program was meant to do, and what the version table holds after it. */
interface TeamRunEvidence {
  readonly command: readonly string[]
  /** What it was to run, in the program's order. */
  readonly run: readonly Migration[]
  /** What it was to leave out. */
  readonly heldBack: readonly Migration[]
  /** Versions in the table before it. */
  readonly before: ReadonlySet<string>
  /** Versions in the table now. */
  readonly versions: ReadonlySet<string>
  readonly report: Pick<TeamReport, 'exitCode' | 'signal' | 'durationMs' | 'error'>
}

/** What became of the migrations: the version table decides, and no exit status. */
export interface TeamVersions {
  readonly applied: readonly Migration[]
  /** Of the next phase, and applied all the same. */
  readonly early: readonly Migration[]
  /** At which the program stopped, as far as that is known. */
  readonly failed: Migration | undefined
  readonly notRun: readonly Migration[]
  readonly error: ReleaseError | undefined
}

export function judgeByVersions(evidence: TeamRunEvidence, { honourSkip }: Pick<TeamProgram, 'honourSkip'>): TeamVersions {
  const { command, run, heldBack, before, versions, report } = evidence
  const isIn = ({ version }: Migration) => versions.has(version)
  const early = heldBack.filter(isIn)
  const missing = run.filter((one) => !isIn(one))
  const stopped = report.exitCode !== 0 && (report.exitCode !== undefined || report.signal !== undefined)
  const failed = stopped ? missing[0] : undefined
  // the version table knows better than the connections that were seen
  const error = missing.length === 0 && report.error?.code === 'wrong-database' ? undefined : report.error
  return {
    applied: run.filter(isIn),
    early,
    failed,
    notRun: missing.filter((one) => one !== failed),
    error:
      early.length > 0
        ? ranEarly(command, early, honourSkip)
        : (error ??
          ledgerMoved(
            command,
            before,
            versions,
            [...run, ...heldBack].map(({ version }) => version),
          ) ??
          (missing.length > 0 ? notRun(command, missing, honourSkip) : undefined)),
  }
}

/** How each attempt ended; `ids` are those of the migrations that were to run. */
export function endsOf(
  { applied, failed }: Pick<TeamVersions, 'applied' | 'failed'>,
  run: readonly Migration[],
  ids: readonly string[],
  { durationMs, error }: TeamRunEvidence['report'],
): readonly AttemptEnd[] {
  return run.map((one, index): AttemptEnd => {
    const state = applied.includes(one) ? 'applied' : one === failed ? 'failed' : 'not-applied'
    return {
      id: ids[index] ?? '',
      state,
      // the program tells the time of all of them together, its own start included
      durationMs: run.length === 1 ? durationMs : undefined,
      error: one === failed ? (error?.code ?? 'migration-failed') : undefined,
    }
  })
}

function ranEarly(command: readonly string[], early: readonly Migration[], honourSkip: string): ReleaseError {
  const which = plural(early.length, 'post migration')
  return new ReleaseError(
    'post-ran-early',
    `${nameCommand(command)} ran ${which} before the deploy (${namesOf(early)}): the application does not honour SKIP_POST_DEPLOYMENT_MIGRATIONS. Code that is live may need what ${early.length === 1 ? 'it has' : 'they have'} removed.`,
    { hint: `Look at once whether the live code still works; deploying the new release may be the quickest way out. ${honourSkip}` },
  )
}

/** What nobody had planned: the program, or somebody beside it, wrote other versions or took some out. */
export function ledgerMoved(
  command: readonly string[],
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  expected: readonly string[],
): ReleaseError | undefined {
  const added = [...after].filter((version) => !before.has(version) && !expected.includes(version))
  const gone = [...before].filter((version) => !after.has(version) && !expected.includes(version))
  if (added.length + gone.length === 0) return undefined
  const parts = [
    ...(added.length === 0 ? [] : [`holds what was not to run (${listOf(added)})`]),
    ...(gone.length === 0 ? [] : [`lacks what had run before (${listOf(gone)})`]),
  ]
  return new ReleaseError('ledger-moved', `After ${nameCommand(command)} the version table ${parts.join(', and ')}.`, {
    hint: [
      ...(added.length === 0
        ? []
        : [
            'Does the program read folders that are not among migrations.pre and migrations.post, such as those of an engine, or did somebody migrate beside it? Bring those files into the checkout.',
          ]),
      ...(gone.length === 0
        ? []
        : ['Does the program take back more than the one version that it is given? See in its output what is gone from the schema too.']),
      'Then "shiplock plan" shows where things stand.',
    ].join(' '),
  })
}

/**
 * Says that a run of the pre phase that was killed may have run post migrations: they are in the version table, no run says
 * that it ran them, and the code that is live does not contain them.
 */
export function mayHaveRunEarly({
  migrations,
  entries,
  history: { rows },
}: Pick<PlanEvidence, 'migrations' | 'entries' | 'history'>): readonly string[] {
  const known = new Set([...appliedAttempts(rows), ...(lastDeployed(rows)?.migrations ?? [])].map(({ version }) => version))
  const isIn = new Set(entries.map(({ version }) => version))
  const unaccounted = migrations.filter(({ phase, version }) => phase === 'post' && isIn.has(version) && !known.has(version))
  if (unaccounted.length === 0) return []
  return [
    `${plural(unaccounted.length, 'post migration')} (${namesOf(unaccounted)}) ${unaccounted.length === 1 ? 'stands' : 'stand'} in the version table, and no run here says that it ran ${unaccounted.length === 1 ? 'it' : 'them'}: the program of the run that was killed may have, before the deploy. Look whether the live code still works`,
  ]
}

function notRun(command: readonly string[], missing: readonly Migration[], honourSkip: string): ReleaseError {
  const { length } = missing
  const isPost = missing.every(({ phase }) => phase === 'post')
  return new ReleaseError(
    'version-missing',
    `${nameCommand(command)} ended with exit status 0, and the version table does not hold ${plural(length, 'migration')} that ${length === 1 ? 'was' : 'were'} to run: ${namesOf(missing)}.`,
    {
      hint: isPost
        ? `The program does not read the folder of post migrations. ${honourSkip}`
        : 'See to it that the command migrates this database and reads these folders: its environment, its database.yml, its migrations_paths, and its version table, where that has another name (migrations.table).',
    },
  )
}

function namesOf(migrations: readonly Migration[]): string {
  return listOf(migrations.map(({ id }) => id))
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 5)
  return [...shown, ...(names.length > shown.length ? [`${names.length - shown.length} more`] : [])].join(', ')
}

/** Throws `post-not-allowed` where the program, which runs everything that is pending, would run more than the phase has. */
export function refuseMoreThanPhase(
  phase: string,
  command: readonly string[],
  { run, heldBack }: { readonly run: readonly Migration[]; readonly heldBack: readonly Migration[] },
  deployed: string | undefined,
): void {
  if (phase === 'pre' || run.length === 0 || heldBack.length === 0) return
  const live = deployed ?? 'the release that is live'
  throw new ReleaseError(
    'post-not-allowed',
    `${nameCommand(command)} runs everything that is pending, and ${live} does not contain ${plural(heldBack.length, 'post migration')} of this checkout (${namesOf(heldBack)}).`,
    { hint: `Run the post phase from the checkout of ${live}; or deploy this release and record it first.` },
  )
}
