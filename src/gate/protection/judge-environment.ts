import { plural } from '../../units.ts'
import { oneLine } from '../../visible-text.ts'
import { type BranchLimit, isUnread, type ProtectedEnvironment, type RefPattern, type SecretNames } from './environment.ts'
import { type Finding, type Graded, graded } from './finding.ts'
import type { Levels } from './levels.ts'

/** Compares what GitHub says of an environment with what is asked of it. */
export function judgeEnvironment(environment: ProtectedEnvironment, levels: Levels): readonly Graded[] {
  const { name, reviewers, preventsSelfReview, adminsBypass, branches } = environment
  return [
    graded('environment-reviewers', levels.reviewers, reviewersOf(name, reviewers)),
    graded('environment-self-review', levels['self-review'], selfReview(name, reviewers, preventsSelfReview)),
    graded('environment-admins', levels.admins, admins(name, adminsBypass)),
    graded('environment-branches', levels.branches, branchLimit(name, branches)),
  ]
}

function reviewersOf(name: string, reviewers: readonly string[]): Finding {
  if (reviewers.length > 0) return { is: 'good', value: oneLine(reviewers.join(', ')) }
  return {
    is: 'bad',
    message: `${name} has no required reviewers: its jobs start without being asked for. Add them in Settings, Environments; where the plan of a private repository has none, second-person: require takes their place`,
  }
}

function selfReview(name: string, reviewers: readonly string[], prevented: boolean): Finding {
  if (prevented && reviewers.length > 0) return { is: 'good', value: 'prevented' }
  return {
    is: 'bad',
    message: `who starts a run may approve it for ${name}: "Prevent self-review" is not set`,
  }
}

function admins(name: string, bypass: boolean | undefined): Finding {
  if (bypass === false) return { is: 'good', value: 'may not bypass' }
  if (bypass === undefined) return { is: 'unknown', message: `GitHub does not say whether administrators may bypass the rules of ${name}` }
  return { is: 'bad', message: `administrators may bypass the rules of ${name}: "Allow administrators to bypass" is set` }
}

function branchLimit(name: string, branches: BranchLimit): Finding {
  const remedy = 'Limit it under "Deployment branches and tags", to main and v* say'
  if (branches.kind === 'any') return { is: 'bad', message: `every branch and tag may use ${name}. ${remedy}` }
  if (branches.kind === 'protected') {
    if (isUnread(branches.exists)) return { is: 'unknown', message: `whether any branch is protected: ${branches.exists.unread}` }
    if (branches.exists) return { is: 'good', value: 'protected branches' }
    return {
      is: 'bad',
      message: `${name} is limited to protected branches and the repository has none, so every branch may use it. Protect a branch, or name the branches`,
    }
  }
  const { patterns } = branches
  if (isUnread(patterns)) return { is: 'unknown', message: `which branches and tags may use ${name}: ${patterns.unread}` }
  if (patterns.length === 0) return { is: 'bad', message: `no branch and no tag may use ${name}: its list of names is empty. ${remedy}` }
  const open = patterns.find(matchesAll)
  if (open === undefined) return { is: 'good', value: oneLine(patterns.map(({ type, name: one }) => `${type} ${one}`).join(', ')) }
  return { is: 'bad', message: oneLine(`the pattern ${open.name} lets every ${open.type} use ${name}. ${remedy}`) }
}

/** Nothing but wildcards, or sets of characters that leave one out or hold a span of letters. */
function matchesAll({ name }: RefPattern): boolean {
  return name.includes('*') && /^(?:[*?/]|\[[!^][^\]]+\]|\[(?![!^])[^\]]*[a-z]-[a-z][^\]]*\])+$/i.test(name.trim())
}

/** Names of secrets are a side check: a token that may not list them leaves it open, and stops nothing. */
export function judgeSecrets(environment: string, names: SecretNames, levels: Levels): Graded {
  const { environment: own, repository, organization } = names
  const unread = [own, repository].find(isUnread)
  const clashes = isUnread(own) ? [] : [...clashing(own, repository, 'the repository'), ...clashing(own, organization, 'the organization')]
  if (clashes.length > 0) {
    const message = `${clashes.join(', ')} ${clashes.length === 1 ? 'reaches' : 'reach'} jobs that do not wait for ${environment}: secrets of the same names, which no approval guards. Delete them there, after the environment has its own`
    return graded('environment-secrets', levels.secrets, { is: 'bad', message })
  }
  const { check, warning } = graded(
    'environment-secrets',
    levels.secrets,
    unread !== undefined
      ? { is: 'unknown', message: unread.unread }
      : {
          is: 'good',
          value: `${plural((own as readonly string[]).length, 'name')}, none of them elsewhere`,
          message: isUnread(organization) ? `not compared with those of the organization: ${organization.unread}` : undefined,
        },
  )
  return { check, warning, unknown: undefined }
}

function clashing(own: readonly string[], others: SecretNames['repository'], where: string): readonly string[] {
  if (isUnread(others)) return []
  const there = new Set(others.map((name) => name.toUpperCase()))
  return own.filter((name) => there.has(name.toUpperCase())).map((name) => `${oneLine(name)} of ${where}`)
}
