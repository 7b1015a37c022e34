/** What is under review: the files that one commit changes beside another, as git or GitHub tells. */
export interface Review {
  /** Commit that the changes are changes to; `undefined` when none could be found, and every file counts as new. */
  readonly base: string | undefined
  readonly head: string | undefined
  /** By path in the repository's folder of `shiplock.yml`. */
  readonly changes: readonly Change[]
  /** Present when a pull request is what started this. */
  readonly pullRequest: PullRequest | undefined
  /** How the changes were found, or why they were not, for people. */
  readonly note: string | undefined
  /** The folder of `shiplock.yml` in its repository, such as `services/shop/`; empty at the root. */
  readonly folder: string
  /** Whether the changes wait to be accepted: then settings that they change do not count yet. */
  readonly proposed: boolean
  /** A file as the base has it, or the branch that the changes go to; `undefined` when it has none. */
  textAtBase(path: string): Promise<string | undefined>
}

export interface Change {
  readonly kind: 'added' | 'modified' | 'removed' | 'renamed'
  readonly path: string
  /** Its path before, of a renamed file. */
  readonly from?: string
}

export interface PullRequest {
  /** As `owner/name`. */
  readonly repository: string
  readonly number: number
  /** Whether its branch stands in another repository: then nothing may be written, and there is no secret. */
  readonly fork: boolean
}
