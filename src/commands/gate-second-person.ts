import { ReleaseError } from '../errors.ts'
import type { PartOutcome } from '../gate/part.ts'
import { findPlanners } from '../gate/planners.ts'
import type { Protection, WorkflowRun } from '../gate/protection/environment.ts'
import { judgeSecondPerson, type PlanningRun } from '../gate/protection/second-person.ts'
import type { InputValues } from '../inputs.ts'
import { verdictOf } from '../result.ts'
import type { Context } from './command.ts'
import { thisRun } from './this-run.ts'

export const secondPersonInputNames = ['second-person', 'planned-by-run', 'github-token', 'store'] as const
export const secondPersonChecks = ['second-person', 'second-person-ref'] as const

type Given = Pick<InputValues, 'second-person' | 'planned-by-run' | 'github-token'> & {
  readonly store?: string | undefined
  readonly 'approved-digest'?: string | undefined
}

/**
 * Whether another person than the planner started this run. Its environment's branches and its attempt are checked with the
 * protection. Throws `records-unread`, and `invalid-input` when nothing says which plan is meant.
 */
export async function gateSecondPerson(inputs: Given, context: Context): Promise<PartOutcome> {
  const { 'github-token': token, 'planned-by-run': byRun, 'approved-digest': digest } = inputs
  if (byRun === undefined && digest === undefined) {
    throw new ReleaseError('invalid-input', 'second-person compares this run with the one that made the plan, and no plan was named.', {
      hint: 'Give approved-digest, which the plan printed, or planned-by-run with the number of its run.',
    })
  }
  const protection = token === undefined ? undefined : await context.openProtection(token)
  const here = await thisRun(protection, context)
  const { runs, notes } = await findPlans(inputs, { protection, answers: here?.unasked === undefined }, context)
  const { checks, unknown } = judgeSecondPerson({ planned: runs, now: here?.run, refProtected: refProtection(context) })
  const error = errorOf(checks.find((one) => verdictOf([one]) === 'fail')?.message, unknown)
  return {
    checks,
    notes: [...notes, ...(here?.unasked === undefined ? [] : [`Who started this run is known from the runner alone: ${here.unasked}.`])],
    details: {
      secondPerson: {
        planned: runs.map(({ id, people }) => ({ run: id, by: people.map(({ login }) => login) })),
        startedBy: here?.run.people.map(({ login }) => login) ?? [],
        event: here?.run.event,
      },
    },
    ...(error === undefined ? {} : { error }),
  }
}

/** The runs that made the plan: what the store says, each as GitHub knows it, and the one that was named. */
async function findPlans(
  { 'planned-by-run': byRun, 'approved-digest': digest, store: url }: Given,
  github: GitHub,
  context: Context,
): Promise<{ readonly runs: readonly PlanningRun[]; readonly notes: readonly string[] }> {
  const { project, environment, run } = context
  if (run.commit === undefined) return { runs: [], notes: ['Nobody knows which commit is released.'] }
  const notes: string[] = []
  const recorded: WorkflowRun[] = []
  const looked = digest !== undefined && url !== undefined
  if (looked) {
    const found = await findPlanners(await context.openStore(url), { project, commit: run.commit, environment }, digest)
    recorded.push(...found.runs.filter(({ id }) => byRun === undefined || id === byRun))
    if (found.damaged.length > 0) notes.push(`Records of plans that cannot be read: ${found.damaged.join(', ')}.`)
  }
  const asked: PlanningRun[] = []
  for (const one of recorded) {
    const found = await askedOf(one, github, notes)
    if (found !== undefined) asked.push(found)
  }
  if (byRun === undefined || recorded.length > 0) return { runs: asked, notes }
  // any run of this commit could be named, one that only tested it too
  if (looked) return { runs: [], notes: [...notes, `No record says that run ${byRun} made this plan.`] }
  const { protection } = github
  if (protection === undefined) return { runs: [], notes: [...notes, `Run ${byRun} was not asked for: there is no token.`] }
  const named = await protection.run(byRun)
  if (named.commit === run.commit) {
    return { runs: [{ ...named, weakly: 'only the commit ties the plan to it' }], notes }
  }
  return { runs: [], notes: [...notes, `Run ${byRun} is of another commit, ${named.commit?.slice(0, 12)}.`] }
}

interface GitHub {
  readonly protection: Protection | undefined
  /** Whether it told who started this run. */
  readonly answers: boolean
}

/**
 * The record is the store's word; whom GitHub names counts more. Where it answers, a run that it does not know made no plan:
 * anybody who may write to the store could have made it up.
 */
async function askedOf(recorded: WorkflowRun, { protection, answers }: GitHub, notes: string[]): Promise<PlanningRun | undefined> {
  const byRecord = { ...recorded, weakly: 'known from its record alone' }
  if (protection === undefined) return byRecord
  try {
    return await protection.run(recorded.id, recorded.attempt)
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    notes.push(`Who made the plan ${answers ? 'is not known' : 'is known from its record alone'}: ${error.message}`)
    return answers ? undefined : byRecord
  }
}

function refProtection({ variables }: Context): boolean | undefined {
  const said = variables.GITHUB_REF_PROTECTED
  return said === 'true' ? true : said === 'false' ? false : undefined
}

function errorOf(failure: string | undefined, unknown: string | undefined): ReleaseError | undefined {
  if (failure !== undefined) {
    return new ReleaseError('no-second-person', `No second person stands behind this run: ${failure}.`, {
      hint: 'Another person than the planner starts it anew, with "Run workflow", on a protected tag or branch.',
    })
  }
  if (unknown === undefined) return undefined
  return new ReleaseError('second-person-unknown', `Whether a second person started this run cannot be told: ${unknown}.`, {
    hint: 'Run it in GitHub Actions with github-token, after a plan of this commit that kept its record in the same store; or give planned-by-run.',
  })
}
