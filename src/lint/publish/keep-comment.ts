import type { Conversation } from '../conversation.ts'

interface Kept {
  readonly marker: string
  readonly body: string
  /** Commit that the body is about. */
  readonly head: string | undefined
  /** Whether a comment is made where there is none; one that is there is kept up to date in any case. */
  readonly wanted: boolean
}

/** One comment that says how it is now. Resolves with why it was left as it was, if it was. */
export async function keepComment(conversation: Conversation, { marker, body, head, wanted }: Kept): Promise<string | undefined> {
  const found = await conversation.ownComments(marker)
  if (head !== undefined && found.head !== head) return 'a newer commit has been pushed, and its own run will comment'
  const [first] = found.comments
  if (first === undefined) {
    if (!wanted) return undefined
    await conversation.write(body)
    return mergeDoubles(conversation, marker, body)
  }
  if (first.body.trim() !== body.trim()) await conversation.rewrite(first.id, body)
  return undefined
}

/** Two runs at once both find no comment, and both write one: then the older of the two stays, with the newer text. */
async function mergeDoubles(conversation: Conversation, marker: string, body: string): Promise<undefined> {
  const [first, ...others] = (await conversation.ownComments(marker)).comments
  if (first === undefined || others.length === 0) return
  if (first.body.trim() !== body.trim()) await conversation.rewrite(first.id, body)
  for (const { id } of others) await conversation.remove(id)
}
