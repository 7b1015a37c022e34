import type { Migration } from '../migration/migration.ts'
import { commentsOf } from '../sql/comments.ts'

/** A comment in a migration that accepts findings. */
export interface Ignore {
  /** As written; empty for every rule, which only squawk's comments can say. */
  readonly rules: readonly string[]
  /** Why they are accepted; `undefined` when the comment does not say. */
  readonly reason: string | undefined
  /** Squawk's comments need no reason. */
  readonly squawk: boolean
  /** For the whole file, and not for one statement. */
  readonly wholeFile: boolean
  /** Where the comment stands in the file. */
  readonly start: number
  readonly end: number
}

const form = /^(shiplock|squawk)-ignore(-file)?\b[ \t]*(.*)$/is

/** The comments of a file that accept findings, in their order. Only a file that holds the word is scanned. */
export async function ignoresOf({ file }: Pick<Migration, 'file'>): Promise<readonly Ignore[]> {
  if (!/(?:shiplock|squawk)-ignore/i.test(file)) return []
  return (await commentsOf(file)).flatMap((comment) => {
    const body = comment.text.startsWith('--') ? comment.text.slice(2) : comment.text.slice(2, -2)
    const [, tool = '', scope, rest = ''] = form.exec(body.trim()) ?? []
    if (tool === '') return []
    const squawk = tool.toLowerCase() === 'squawk'
    const colon = rest.indexOf(':')
    const names = colon < 0 ? rest : rest.slice(0, colon)
    const reason = colon < 0 ? '' : rest.slice(colon + 1).trim()
    return [
      {
        rules: names.split(/[\s,]+/).filter(Boolean),
        reason: reason === '' ? undefined : reason,
        squawk,
        wholeFile: scope !== undefined,
        start: comment.start,
        end: comment.end,
      },
    ]
  })
}
