import { Readable } from 'node:stream'
import type { CommitRelation } from '../migration/commit-order.ts'
import { startChild } from './process.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What a repository says, or nothing where there is none: git is a source of hints, never a requirement. */
export async function git(args: readonly string[], cwd: string, variables: Variables): Promise<string | undefined> {
  return (await gitText(args, cwd, variables))?.trim()
}

/** What git prints, to the last line end. */
export async function gitText(args: readonly string[], cwd: string, variables: Variables, input?: string): Promise<string | undefined> {
  let stdout = ''
  const read = (text: string) => {
    stdout += text
  }
  const exitCode = await streamGit(args, cwd, variables, read, input)
  return exitCode === 0 ? stdout : undefined
}

/** Hands over what git prints as it comes: a list of paths may be long. */
async function streamGit(
  args: readonly string[],
  cwd: string,
  variables: Variables,
  read: (text: string) => void,
  input?: string,
): Promise<number | undefined> {
  const env = environment(variables)
  try {
    const child = startChild('git', args, { env, cwd, ...(input === undefined ? {} : { input: Readable.from([input]) }) })
    child.stdout.setEncoding('utf8').on('data', read)
    return (await child.ended).exitCode
  } catch {
    return undefined
  }
}

function environment(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    ['PATH', 'HOME', 'LANG'].flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name] as string]])),
  )
}

/** A file of a commit, as git lists it. */
export interface TreeEntry {
  /** From the folder that was asked in. */
  readonly path: string
  readonly object: string
}

/** Regular files of a commit below a folder, at any depth or directly in it; `undefined` when git does not hold the commit. */
export async function filesOfCommit(
  commit: string,
  folder: string | undefined,
  cwd: string,
  variables: Variables,
  depth?: 'nested',
): Promise<readonly TreeEntry[] | undefined> {
  const which = folder === undefined ? ['-r', commit] : [...(depth === 'nested' ? ['-r'] : []), commit, '--', `${folder}/`]
  const listed = await gitText(['ls-tree', '-z', ...which], cwd, variables)
  return listed?.split('\0').flatMap((line) => {
    const [, mode, kind, object, path] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? []
    return kind !== 'blob' || mode === '120000' || object === undefined || path === undefined ? [] : [{ path, object }]
  })
}

/** What a file of a commit holds, byte by byte. */
export async function bytesOfObject(object: string, cwd: string, variables: Variables): Promise<Uint8Array | undefined> {
  const env = environment(variables)
  const chunks: Buffer[] = []
  try {
    const child = startChild('git', ['cat-file', 'blob', object], { env, cwd })
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    return (await child.ended).exitCode === 0 ? Buffer.concat(chunks) : undefined
  } catch {
    return undefined
  }
}

/** Commits of any ref that added or changed a file, the newest first. */
export async function commitsWith(path: string, cwd: string, variables: Variables): Promise<readonly string[]> {
  const listed = await git(['log', '--all', '--full-history', '-m', '--pretty=format:%H', '--diff-filter=AMR', '--', path], cwd, variables)
  return [...new Set((listed ?? '').split('\n').filter(Boolean))]
}

export async function currentCommit(cwd: string, variables: Variables): Promise<string | undefined> {
  return (await git(['rev-parse', '--verify', 'HEAD'], cwd, variables)) || undefined
}

export async function currentTag(cwd: string, variables: Variables): Promise<string | undefined> {
  return (await git(['describe', '--tags', '--exact-match'], cwd, variables)) || undefined
}

/** The last part of the name of the repository that this one was cloned from. */
export async function repositoryName(cwd: string, variables: Variables): Promise<string | undefined> {
  const url = await git(['remote', 'get-url', 'origin'], cwd, variables)
  return url === undefined ? undefined : /([^/:\\]+?)(?:\.git)?\/?$/.exec(url)?.[1]
}

/** Owner and name, as the remote's address ends with them. */
export async function originRepository(cwd: string, variables: Variables): Promise<string | undefined> {
  const url = await git(['remote', 'get-url', 'origin'], cwd, variables)
  return url === undefined ? undefined : /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1]
}

/** Every path below a folder that any ref has ever added, also one that only a merge added. */
export async function pathsInHistory(folder: string, cwd: string, variables: Variables): Promise<readonly string[]> {
  const format = ['-z', '--pretty=format:', '--name-only', '--no-renames', '--diff-filter=A']
  const paths = new Set<string>()
  let rest = ''
  const read = (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop() as string
    for (const part of parts) if (part.trim() !== '') paths.add(part.trim())
  }
  await streamGit(['log', '--all', '--full-history', '-m', ...format, '--', folder], cwd, variables, read)
  read('\0')
  return [...paths]
}

/** Files below a folder that are in the index. */
export async function trackedPaths(folder: string, variables: Variables): Promise<readonly string[]> {
  return ((await gitText(['ls-files', '-z'], folder, variables)) ?? '').split('\0').filter(Boolean)
}

export async function repositoryDepth(cwd: string, variables: Variables): Promise<'whole' | 'shallow' | 'none'> {
  const shallow = await git(['rev-parse', '--is-shallow-repository'], cwd, variables)
  return shallow === undefined ? 'none' : shallow === 'true' ? 'shallow' : 'whole'
}

/** A path between two commits that is found is there; one that is not found may have been cut off from a shallow clone. */
export async function compareCommits(
  current: string | undefined,
  other: string,
  cwd: string,
  variables: Variables,
): Promise<CommitRelation> {
  if (current === other) return 'same'
  if (current === undefined || !isCommit(current) || !isCommit(other)) return 'unknown'
  const [older, newer] = [await isAncestor(current, other, cwd, variables), await isAncestor(other, current, cwd, variables)]
  if (older) return 'older'
  if (newer) return 'newer'
  if (older === undefined || newer === undefined) return 'unknown'
  return (await repositoryDepth(cwd, variables)) === 'whole' ? 'diverged' : 'unknown'
}

/** `undefined` when git does not know one of them. */
async function isAncestor(one: string, other: string, cwd: string, variables: Variables): Promise<boolean | undefined> {
  const exitCode = await streamGit(['merge-base', '--is-ancestor', one, other], cwd, variables, () => {})
  return exitCode === 0 ? true : exitCode === 1 ? false : undefined
}

/** A name from a history row must not be read as an option, nor as a branch that moves. */
function isCommit(text: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(text)
}
