import type { ConversationError } from '../lint/conversation.ts'

/** The issues of a repository, as a rollback uses them. Each call may throw `ConversationError`. */
export interface Issues {
  /** The open one of our own that holds the marker, the newest first. A marker that somebody else planted is not ours. */
  find(marker: string): Promise<Issue | undefined>
  open(issue: { readonly title: string; readonly body: string }): Promise<Issue>
  comment(number: number, body: string): Promise<void>
}

export interface Issue {
  readonly number: number
  readonly url: string
}

/** Opens the issue, or writes below the one that an earlier run opened: people may have ticked its boxes. */
export async function keepIssue(
  issues: Issues,
  { marker, title, body, again }: { readonly marker: string; readonly title: string; readonly body: string; readonly again: string },
): Promise<Issue & { readonly isNew: boolean }> {
  const found = await issues.find(marker)
  if (found === undefined) return { ...(await issues.open({ title, body })), isNew: true }
  await issues.comment(found.number, again)
  return { ...found, isNew: false }
}

/** One sentence that says why there is no issue, with what would make it possible. */
export function whyNoIssue({ message, forbidden }: ConversationError): string {
  const cure = forbidden ? ' The job needs "permissions: { contents: read, issues: write }".' : ''
  return `No issue was opened: ${message}.${cure}`
}
