import { ReleaseError } from '../errors.ts'
import type { PartOutcome } from '../gate/part.ts'
import { isUnread, type ProtectedEnvironment, type Protection } from '../gate/protection/environment.ts'
import type { Graded } from '../gate/protection/finding.ts'
import { judgeEnvironment, judgeSecrets } from '../gate/protection/judge-environment.ts'
import { approversOf, judgeApprovals, judgeAttempt } from '../gate/protection/judge-run.ts'
import { asksNothing, type Levels, levelsOf } from '../gate/protection/levels.ts'
import { readingRight } from '../gate/protection/rights.ts'
import type { InputValues } from '../inputs.ts'
import { verdictOf } from '../result.ts'
import { oneLine } from '../visible-text.ts'
import type { Context } from './command.ts'
import { type ThisRun, thisRun } from './this-run.ts'

export const protectionInputNames = ['environment', 'github-environment', 'protection', 'second-person', 'github-token'] as const

type Given = Pick<InputValues, 'github-environment' | 'protection' | 'second-person' | 'github-token'>

/** Ids of its checks. */
export const protectionChecks = [
  'environment',
  'environment-reviewers',
  'environment-self-review',
  'environment-admins',
  'environment-branches',
  'environment-secrets',
  'approval',
  're-run',
] as const

/** In a workflow it is asked unless somebody switched it off; elsewhere whoever gives a token or a level asks for it. */
export function asksProtection(inputs: Given, { inAction, variables }: Pick<Context, 'inAction' | 'variables'>): boolean {
  if (asksNothing(levelsFor(inputs))) return false
  const inWorkflow = inAction || variables.GITHUB_ACTIONS === 'true'
  return inWorkflow || inputs['github-token'] !== undefined || inputs.protection !== undefined || inputs['second-person'] === 'require'
}

function levelsFor(inputs: Given): Levels {
  return levelsOf(inputs.protection ?? new Map(), inputs['second-person'] === 'require')
}

/** Whether the environment on GitHub is protected as people think. Throws `protection-unread` and `github-unreachable`. */
export async function gateProtection(inputs: Given, context: Context): Promise<PartOutcome> {
  const name = inputs['github-environment'] ?? context.environment
  const levels = levelsFor(inputs)
  const protection = await openProtection(inputs, context)
  const environment = await protection.environment(name)
  if (environment === undefined) return missing(name, protection.repository)
  const secrets = levels.secrets === 'off' ? undefined : await protection.secretNames(name)
  const passage = await judgePassage(name, levels, protection, context)
  const all: readonly Graded[] = [
    ...judgeEnvironment(environment, levels),
    ...(secrets === undefined ? [] : [judgeSecrets(name, secrets, levels)]),
    ...passage.graded,
  ]
  const error = errorOf(name, all)
  return {
    checks: [{ id: 'environment', status: 'pass', value: oneLine(environment.name) }, ...all.map(({ check }) => check)],
    notes: [...all.flatMap(({ warning }) => (warning === undefined ? [] : [`Warning: ${warning}.`])), ...notesOf(environment)],
    details: { protection: { repository: protection.repository, ...environment, levels, approvedBy: passage.approvedBy } },
    ...(error === undefined ? {} : { error }),
  }
}

/** Throws `protection-unread` without a token. */
async function openProtection({ 'github-token': token }: Pick<Given, 'github-token'>, context: Context): Promise<Protection> {
  if (token !== undefined) return context.openProtection(token)
  throw new ReleaseError('protection-unread', "How the environment is protected cannot be read: there is no token for GitHub's API.", {
    hint: `${readingRight}. In a terminal set GITHUB_TOKEN.`,
  })
}

function missing(name: string, repository: string): PartOutcome {
  const message = `${repository} has no environment ${oneLine(name)}; a job that names it would make it on the fly, without protection`
  return {
    checks: [{ id: 'environment', status: 'fail', message }],
    notes: [],
    details: { protection: { repository, name, missing: true } },
    error: new ReleaseError('not-protected', `${message}.`, {
      hint: 'Make it in Settings, Environments, or give its name there with github-environment. A private repository has environments from GitHub Pro and Team on.',
    }),
  }
}

/** How this run came through the rules; only a job on GitHub has a run to ask about. */
async function judgePassage(
  name: string,
  levels: Levels,
  protection: Protection,
  context: Context,
): Promise<{ readonly graded: readonly Graded[]; readonly approvedBy: readonly string[] }> {
  const here = await thisRun(protection, context)
  if (here === undefined) return { graded: [], approvedBy: [] }
  const attempt = judgeAttempt(here.run.attempt, levels)
  if (levels.approval === 'off' && levels['self-review'] === 'off') return { graded: [attempt], approvedBy: [] }
  const approval = await judgeApproval(name, here, levels, protection)
  return { graded: [approval.graded, attempt], approvedBy: approval.approvedBy }
}

async function judgeApproval(name: string, { run }: ThisRun, levels: Levels, protection: Protection) {
  try {
    const approvals = await protection.approvals(run.id)
    const approvedBy = approversOf(name, approvals).map(({ login }) => login)
    return { graded: judgeApprovals(name, run, approvals, levels), approvedBy }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    const message = [error.message.replace(/\.$/, ''), error.hint].filter(Boolean).join('. ')
    const unknown = levels.approval === 'require' ? message : undefined
    return { graded: { check: { id: 'approval', status: 'not-checked' as const, message }, warning: undefined, unknown }, approvedBy: [] }
  }
}

function errorOf(name: string, all: readonly Graded[]): ReleaseError | undefined {
  const failed = all.filter(({ check }) => verdictOf([check]) === 'fail')
  if (failed.length > 0) {
    const why = failed.map(({ check }) => check.message).join('. ')
    return new ReleaseError('not-protected', `${oneLine(name)} is not protected as it has to be: ${why}.`, {
      hint: 'Change it in Settings, Environments, or lower the level of a check with the input protection, such as admins=warn.',
    })
  }
  const unknown = all.find((one) => one.unknown !== undefined)?.unknown
  if (unknown === undefined) return undefined
  return new ReleaseError('protection-unread', `Whether ${oneLine(name)} is protected cannot be told: ${unknown}.`, {
    hint: 'Let the token read it, or say with the input protection that it is not required.',
  })
}

function notesOf({ waitMinutes, customRules }: ProtectedEnvironment): readonly string[] {
  return [
    ...(waitMinutes > 0 ? [`Jobs wait ${waitMinutes} min before they start.`] : []),
    ...(isUnread(customRules)
      ? [`Rules of apps were not read: ${customRules.unread}.`]
      : customRules.length > 0
        ? [oneLine(`Apps decide too: ${customRules.join(', ')}.`)]
        : []),
  ]
}
