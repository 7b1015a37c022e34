import { ReleaseError } from '../errors.ts'
import type { Change, Review } from '../lint/review.ts'
import { git } from './git.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Compares the working tree with the commit from which its branch went off. */
export async function openReview(options: { readonly base: string | undefined }, folder: string, variables: Variables): Promise<Review> {
  const wanted = options.base ?? 'origin/HEAD'
  const base = await git(['merge-base', '--end-of-options', wanted, 'HEAD'], folder, variables)
  if (!base) {
    if (options.base === undefined)
      return { base: undefined, head: undefined, changes: [], pullRequest: undefined, note: undefined, textAtBase: async () => undefined }
    throw new ReleaseError('unknown-base', `git does not know ${options.base}, or it shares no commit with this branch.`, {
      hint: 'Fetch it first (actions/checkout with fetch-depth: 0), or name another with base.',
    })
  }
  const listed = (await git(['diff', '--name-status', '-z', '--find-renames', '--relative', base, '--', '.'], folder, variables)) ?? ''
  const untracked = (await git(['ls-files', '--others', '--exclude-standard', '-z', '--', '.'], folder, variables)) ?? ''
  const added = untracked
    .split('\0')
    .filter(Boolean)
    .map((path): Change => ({ kind: 'added', path }))
  return {
    base,
    head: await git(['rev-parse', 'HEAD'], folder, variables),
    changes: [...readChanges(listed), ...added],
    pullRequest: undefined,
    note: undefined,
    textAtBase: (path) => git(['show', `${base}:./${path}`], folder, variables),
  }
}

/** What `git diff --name-status -z` prints: a letter, and one path or two. */
function readChanges(listed: string): Change[] {
  const words = listed.split('\0').filter(Boolean)
  const changes: Change[] = []
  for (let at = 0; at < words.length; ) {
    const letter = (words[at++] as string)[0]
    const path = words[at++] as string
    if (letter === 'R') changes.push({ kind: 'renamed', from: path, path: words[at++] as string })
    else if (letter === 'C') changes.push({ kind: 'added', path: words[at++] as string })
    else changes.push({ kind: letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'modified', path })
  }
  return changes
}
