import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { ConversationError } from '../lint/conversation.ts'
import type { Check } from '../result.ts'
import { placeOf } from '../rollback/decide.ts'
import { checklistOf, hotfixOf } from '../rollback/hotfix.ts'
import { issueAgain, issueBody, issueLink, issueMarker, issueTitle, type Story } from '../rollback/issue-text.ts'
import { keepIssue, whyNoIssue } from '../rollback/issues.ts'
import { judgeTargetCi, notChecked } from '../rollback/target-ci.ts'
import { version } from '../version.ts'
import type { Context } from './command.ts'
import { type Decided, type FollowUp, sentenceOf } from './rollback-outcome.ts'
import { whoOf } from './who.ts'
import { withinDuration } from './within-duration.ts'

type Inputs = Pick<InputValues, 'github-token' | 'open-issue' | 'reason'>

/** People wait for the answer; GitHub may be down as well. */
const longestMs = 20_000

/** Asks for the checks of the target, and opens the issue. Whatever GitHub answers, the decision stands. */
export async function followUp(decided: Decided, inputs: Inputs, context: Context): Promise<FollowUp> {
  const check = await askTargetCi(decided, inputs, context)
  if (check.status === 'fail') context.log.warn(`${check.value}: ${check.message}`)
  const told = await tellIssue(decided, check, inputs, context)
  for (const note of told.notes) context.log.warn(note)
  return { check, ...told }
}

async function askTargetCi({ target }: Decided, inputs: Inputs, context: Context): Promise<Check> {
  const token = inputs['github-token']
  const repository = repositoryOf(context)
  if (token === undefined || repository === undefined)
    return notChecked(
      `${token === undefined ? 'It needs the input github-token' : 'Only a workflow knows the repository'}, and GitHub was not asked.`,
    )
  try {
    const found = await inTime(context, (signal) => context.readCommitChecks(target.commit, { repository, token, signal }))
    const page = `${serverOf(context)}/${repository}/commit/${target.commit}/checks`
    return judgeTargetCi(found, { name: target.name, page, run: context.run.id })
  } catch (error) {
    return notChecked(problemOf(error, context))
  }
}

async function tellIssue(decided: Decided, check: Check, inputs: Inputs, context: Context): Promise<Omit<FollowUp, 'check'>> {
  const nothing = { issue: undefined, draft: undefined, notes: [] }
  const repository = repositoryOf(context)
  const { recorded, asked, dryRun } = decided
  const isWanted = inputs['open-issue'] === 'auto' && (recorded || (asked === 'hotfix' && !dryRun))
  if (!isWanted || repository === undefined) return nothing
  const token = inputs['github-token']
  const story = storyOf(decided, check, { repository, why: inputs.reason ?? '' }, context)
  const draft = issueLink(story)
  if (token === undefined) return { ...nothing, draft, notes: ['No issue was opened: it needs the input github-token.'] }
  const text = { marker: issueMarker(story), title: issueTitle(story), body: issueBody(story), again: issueAgain(story) }
  try {
    const issue = await inTime(context, async (signal) => keepIssue(await context.openIssues({ repository, token, signal }), text))
    return { ...nothing, issue }
  } catch (error) {
    const note = error instanceof ConversationError ? whyNoIssue(error) : `No issue was opened: ${problemOf(error, context)}`
    return { ...nothing, draft, notes: [note] }
  }
}

function storyOf(
  decided: Decided,
  check: Check,
  { repository, why }: { readonly repository: string; readonly why: string },
  context: Context,
): Story {
  const { target, live, deployed, decision, ran, asked, down } = decided
  const done = { testsSeen: check.status !== 'not-checked', issueOpen: true }
  const base = `${serverOf(context)}/${repository}`
  const { deciding } = decision
  return {
    kind: asked === 'hotfix' ? 'hotfix' : 'rollback',
    project: context.project,
    environment: context.environment,
    from: deployed === undefined ? undefined : { name: deployed.release, commit: deployed.commit },
    to: target,
    shape: down === undefined ? decision.shape : 'down-one',
    who: whoOf(context),
    why: context.redact(why),
    sentence: down === undefined ? sentenceOf(decision, asked, target.name, ran.since.length) : context.redact(down.reason),
    deciding: deciding === undefined ? undefined : { place: placeOf(deciding), statement: context.redact(deciding.statement) },
    tests: check.status === 'not-checked' ? undefined : `${check.value}: ${check.message}`,
    leftBehind: ran.since.map(({ version: number, name }) => name ?? number),
    checklist: asked === 'hotfix' ? hotfixOf(decision, live, done, decided.generator).checklist : checklistOf(decision, target.name, done),
    links: { repository: base, run: context.variables.GITHUB_RUN_ID ? `${base}/actions/runs/${context.run.id}` : undefined },
    tool: `shiplock ${version}`,
  }
}

function inTime<T>(context: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tooLate = (cause: unknown) =>
    new ReleaseError('github-unreachable', `GitHub did not answer within ${longestMs / 1000} s.`, {
      hint: 'Look on GitHub yourself, or run the same command again later.',
      cause,
    })
  return withinDuration(longestMs, context, tooLate, work)
}

/** What is no answer of GitHub's is a bug, unless somebody stopped us: what was decided and recorded is still told. */
function problemOf(error: unknown, { signal }: Context): string {
  if (error instanceof ReleaseError) return error.message
  if (signal.aborted) return 'The run was stopped by a signal before GitHub answered.'
  throw error
}

function repositoryOf({ variables }: Context): string | undefined {
  const name = variables.GITHUB_REPOSITORY ?? ''
  return /^[\w.-]+\/[\w.-]+$/.test(name) ? name : undefined
}

function serverOf({ variables }: Context): string {
  return variables.GITHUB_SERVER_URL || 'https://github.com'
}
