/** What could not be read, for people: why, and what the token needs. */
export interface Unread {
  readonly unread: string
}

/** The protection of an environment as GitHub tells it. */
export interface ProtectedEnvironment {
  readonly name: string
  /** Logins of people and `team` with a slug; one of them has to approve. */
  readonly reviewers: readonly string[]
  readonly preventsSelfReview: boolean
  /** Not every GitHub says it. */
  readonly adminsBypass: boolean | undefined
  readonly waitMinutes: number
  readonly branches: BranchLimit
  /** Slugs of the apps that decide too. */
  readonly customRules: readonly string[] | Unread
}

/** Which branches and tags may use the environment. */
export type BranchLimit =
  | { readonly kind: 'any' }
  /** Without one protected branch in the repository this is no limit. */
  | { readonly kind: 'protected'; readonly exists: boolean | Unread }
  | { readonly kind: 'patterns'; readonly patterns: readonly RefPattern[] | Unread }

export interface RefPattern {
  readonly name: string
  readonly type: 'branch' | 'tag'
}

/** Names of secrets, never their values, which GitHub tells nobody. */
export interface SecretNames {
  readonly environment: readonly string[] | Unread
  readonly repository: readonly string[] | Unread
  /** Those of the organization that this repository may use. */
  readonly organization: readonly string[] | Unread
}

export interface Person {
  readonly login: string
  readonly id: number | undefined
  readonly bot: boolean
}

/** A run of a workflow, and who is behind it: the one who started it, and the one who ran it again. */
export interface WorkflowRun {
  readonly id: string
  readonly attempt: number
  readonly event: string | undefined
  readonly commit: string | undefined
  readonly people: readonly Person[]
}

/** A person's answer to a run that waited. GitHub keeps it for the run, and not for each of its attempts. */
export interface Approval {
  readonly by: Person
  readonly state: 'approved' | 'rejected' | 'pending'
  readonly environments: readonly string[]
}

/** What the gate asks GitHub. All throw `protection-unread` or `github-unreachable` when the answer cannot be had. */
export interface Protection {
  /** As `owner/name`. */
  readonly repository: string
  /** `undefined` when there is none of this name, and that is certain. */
  environment(name: string): Promise<ProtectedEnvironment | undefined>
  /** Never throws for what the token may not read. */
  secretNames(environment: string): Promise<SecretNames>
  /** One attempt of a run; without a number the newest. */
  run(id: string, attempt?: number): Promise<WorkflowRun>
  approvals(run: string): Promise<readonly Approval[]>
}

export function isUnread(given: unknown): given is Unread {
  return typeof given === 'object' && given !== null && 'unread' in given
}

/** Names change, so ids decide where both are known. */
export function samePerson(one: Person, other: Person): boolean {
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id
  return one.login.toLowerCase() === other.login.toLowerCase()
}
