import { ReleaseError } from '../errors.ts'
import { isSameRelease, type ReleaseName, unversioned } from '../release-name.ts'
import { type AttemptState, type HistoryRow, lastDeployed } from './history.ts'
import type { Layout, TeamProgram } from './layout.ts'
import type { Phase } from './migration.ts'
import { refuseBarred } from './post-rules.ts'

/** The team's own command for each phase, as program and arguments. */
export type TeamCommand = Readonly<Record<Phase, readonly string[]>>

/** Who runs the migrations: Shiplock from files that it reads, or the team's own program. */
export type MigrationWay =
  | { readonly kind: 'files'; readonly layout: Layout['name'] | undefined }
  | { readonly kind: 'command'; readonly command: TeamCommand }

interface WayInputs {
  readonly layout?: Layout['name'] | 'command' | undefined
  readonly 'migrate-command'?: readonly string[] | undefined
  readonly 'migrate-command-post'?: readonly string[] | undefined
}

/** A command without a layout means the layout command. Throws `invalid-input` when the inputs contradict each other. */
export function migrationWay({ layout, 'migrate-command': pre, 'migrate-command-post': post }: WayInputs): MigrationWay {
  if (pre !== undefined && (layout === undefined || layout === 'command')) return { kind: 'command', command: { pre, post: post ?? pre } }
  if (layout === 'rails' || (layout !== 'command' && pre === undefined && post === undefined)) return { kind: 'files', layout }
  if (pre === undefined) {
    throw new ReleaseError('invalid-input', `migrate-command is missing: it names the program that the layout command runs.`, {
      hint: 'Set migrations.command in shiplock.yml, such as [bin/rails, db:migrate], or --migrate-command with a JSON array.',
    })
  }
  throw new ReleaseError(
    'invalid-input',
    `migrate-command was given together with the layout ${layout}, whose files Shiplock runs itself.`,
    {
      hint: 'Take migrations.command out, or set migrations.layout to command.',
    },
  )
}

/** The program of a layout whose files Shiplock knows and does not run: as it was named, else as the layout has it. */
export function teamCommandOf(
  { 'migrate-command': pre, 'migrate-command-post': post }: Omit<WayInputs, 'layout'>,
  { command }: TeamProgram,
): TeamCommand {
  return { pre: pre ?? command, post: post ?? pre ?? command }
}

/** What takes one version back: named, or made from the command that runs everything. Throws `invalid-input` where that cannot be. */
export function downCommandOf(
  inputs: Omit<WayInputs, 'layout'> & { readonly 'migrate-command-down'?: readonly string[] | undefined },
  program: TeamProgram,
  version: string,
): readonly string[] {
  const argument = program.versionArgument(version)
  const named = inputs['migrate-command-down']
  if (named !== undefined) return [...named, argument]
  const { pre } = teamCommandOf(inputs, program)
  const [task = '', all = ''] = [pre.at(-1), program.command.at(-1)]
  // one of several databases stands behind the task, such as db:migrate:primary
  if (task === all || task.startsWith(`${all}:`)) return [...pre.slice(0, -1), program.downTask + task.slice(all.length), argument]
  throw new ReleaseError('invalid-input', 'migrate-command-down is missing: migrate-command does not tell how one version is taken back.', {
    hint: `Set migrations.command-down in shiplock.yml, such as [bin/rails, ${program.downTask}]; ${argument} is added behind it.`,
  })
}

/** Both phases at once are what the post command does where nothing has run before. */
export function commandFor(command: TeamCommand, phase: Phase | 'all'): readonly string[] {
  return command[phase === 'pre' ? 'pre' : 'post']
}

export function hasNoFiles(): ReleaseError {
  return new ReleaseError(
    'invalid-input',
    "With the layout command the migrations are the team's own; Shiplock reads and writes none of their files.",
    {
      hint: "Make, check and mend them with the team's own tool, such as bin/rails generate migration for a new file; Shiplock runs them (shiplock migrate).",
    },
  )
}

/** What Shiplock knows of a database whose version table it does not read. */
export interface TeamEvidence {
  readonly history: readonly HistoryRow[]
  /** Whether the database holds no table but Shiplock's own. */
  readonly isFresh: boolean
}

/**
 * Throws `post-not-allowed` or `unphased-refused`. Without files nobody can tell what a release contains: its name or
 * its commit must be that of the release which was recorded as deployed last.
 */
export function refuseTeamPhase(phase: Phase | 'all', evidence: TeamEvidence, run: ReleaseName, allowUnphased: boolean): void {
  if (phase === 'post') refuseOtherRelease(evidence.history, run)
  if (phase !== 'all' || allowUnphased || (evidence.isFresh && evidence.history.length === 0)) return
  throw new ReleaseError(
    'unphased-refused',
    'Phase all runs pre and post migrations together, and this database has a history: code may be live that needs what the post migrations remove.',
    { hint: 'Run --phase pre, deploy, then --phase post; or set allow-unphased when nothing is live.' },
  )
}

/** Throws unless a release with this name can have been deployed: `post-not-allowed`, or `invalid-input` without a name. */
export function refuseTeamRecord(history: readonly HistoryRow[], run: ReleaseName): void {
  if (run.release === unversioned && run.commit === undefined) throw nameless('invalid-input')
  const last = history.findLast((row) => row.event === 'command' && row.phase !== 'post')
  if (last?.event === 'command' && last.state === 'applied') return
  const why =
    last?.event === 'command'
      ? `The last run of the pre phase (${last.release}) ${endings[last.state]}`
      : 'The pre phase has not run in this environment'
  throw new ReleaseError('post-not-allowed', `${why}, so the code that needs it cannot be live.`, {
    hint: 'Run "shiplock migrate --phase pre", deploy, and then record the deploy.',
  })
}

const endings: Readonly<Record<AttemptState, string>> = {
  running: 'was cut off',
  unknown: 'was cut off',
  failed: 'failed',
  'not-applied': 'could not be started',
  applied: 'passed',
  'applied-unreported': 'passed',
}

function refuseOtherRelease(history: readonly HistoryRow[], run: ReleaseName): void {
  const deployed = lastDeployed(history)
  if (deployed === undefined) {
    throw new ReleaseError(
      'post-not-allowed',
      'Post migrations would run, but no release has been recorded as deployed in this environment.',
      {
        hint: 'Run "shiplock record deployed" after the deploy command has ended with 0; then run the post phase.',
      },
    )
  }
  refuseBarred(history, deployed)
  if (isSameRelease(deployed, run)) return
  if (run.release === unversioned) throw nameless('post-not-allowed')
  throw new ReleaseError(
    'post-not-allowed',
    `${deployed.release} is recorded as deployed, and this run is of ${run.release}: its post migrations may remove what ${deployed.release} needs.`,
    { hint: `Deploy ${run.release} and run "shiplock record deployed"; or run the post phase from the checkout of ${deployed.release}.` },
  )
}

function nameless(code: 'post-not-allowed' | 'invalid-input'): ReleaseError {
  return new ReleaseError(
    code,
    'This release has no name: there is neither a tag nor a commit, and the layout command has no files to compare.',
    {
      hint: 'Name it the same in every step: --release v1.9.',
    },
  )
}
