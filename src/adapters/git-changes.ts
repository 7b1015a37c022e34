import type { Change } from '../lint/review.ts'
import { git, gitText } from './git.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** The commit of the first name that git knows. A name is never read as an option. */
export async function firstKnown(
  names: readonly (string | undefined)[],
  folder: string,
  variables: Variables,
): Promise<string | undefined> {
  const asked = names.flatMap((name) => (name === undefined || name.includes('\n') ? [] : `${name}^{commit}\n`))
  if (asked.length === 0) return undefined
  const answers = await gitText(['cat-file', '--batch-check'], folder, variables, asked.join(''))
  return /^([0-9a-f]{40,64}) commit /m.exec(answers ?? '')?.[1]
}

/** Where the one went off from the other; `undefined` when git does not hold as much. */
export async function commonCommit(one: string, other: string, folder: string, variables: Variables): Promise<string | undefined> {
  return (await git(['merge-base', '--end-of-options', one, other], folder, variables)) || undefined
}

/** Parents as the commit names them; a clone that was cut off does not hold them, and names them all the same. */
export async function parentsOf(
  name: string,
  folder: string,
  variables: Variables,
): Promise<{ readonly commit: string; readonly parents: readonly string[] } | undefined> {
  const commit = await firstKnown([name], folder, variables)
  const text = commit === undefined ? undefined : await git(['cat-file', 'commit', commit], folder, variables)
  if (commit === undefined || text === undefined) return undefined
  const header = text.split('\n\n')[0] as string
  return { commit, parents: [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] as string) }
}

/** The newest commit of the branch that changes go to, as far as the remote is known. */
export async function defaultBranchOf(named: string | undefined, folder: string, variables: Variables): Promise<string | undefined> {
  const names = named === undefined ? ['origin/HEAD', 'origin/main', 'origin/master'] : [`origin/${named}`]
  return firstKnown(names, folder, variables)
}

/** A file that is less alike than this has taken the place of another, whatever its name was. */
const alike = '--find-renames=90%'

/** Changes below the folder, with paths from there; without a newer commit those of the working tree, new files included. */
export async function changesInGit(
  base: string,
  head: string | undefined,
  folder: string,
  variables: Variables,
): Promise<readonly Change[]> {
  const ends = head === undefined ? [base] : [base, head]
  const [listed, untracked] = await Promise.all([
    git(['diff', '--name-status', '-z', '--no-ext-diff', alike, '-l0', '--relative', ...ends, '--', '.'], folder, variables),
    head === undefined ? git(['ls-files', '--others', '--exclude-standard', '-z', '--', '.'], folder, variables) : undefined,
  ])
  const changes = readChanges(listed ?? '')
  if (head !== undefined) return changes
  return [
    ...changes,
    ...(untracked ?? '')
      .split('\0')
      .filter(Boolean)
      .map((path): Change => ({ kind: 'added', path })),
  ]
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
