/** The page of a pull request, as a review writes on it. Each call may throw `ConversationError`. */
export interface Conversation {
  /** Comments of our own that hold the marker, the oldest first. A marker that somebody else planted is not ours. */
  ownComments(marker: string): Promise<OwnComments>
  write(body: string): Promise<void>
  rewrite(id: number, body: string): Promise<void>
  remove(id: number): Promise<void>
  /** The texts of our own comments on lines. */
  ownLineComments(): Promise<readonly string[]>
  /** Posts them together, as one review that neither approves nor asks for changes. */
  commentOnLines(commit: string, comments: readonly LineComment[]): Promise<void>
}

interface OwnComments {
  /** The newest commit of the pull request by now. */
  readonly head: string
  readonly comments: readonly { readonly id: number; readonly body: string }[]
}

export interface LineComment {
  /** From the root of the repository. */
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly body: string
}

/** Why nothing was written. It changes no verdict. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError'
  /** Whether another token would have been allowed to. */
  readonly forbidden: boolean

  constructor(message: string, forbidden: boolean, options: ErrorOptions = {}) {
    super(message, options)
    this.forbidden = forbidden
  }
}
