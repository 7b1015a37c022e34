/** A list of names that could not be read, and what to do. */
export interface UnreadList {
  readonly what: string
  readonly because: string
  readonly remedy: string
}

export interface GitHubNames {
  readonly names: readonly string[]
  readonly unread: readonly UnreadList[]
}
