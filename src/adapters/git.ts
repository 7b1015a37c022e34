import { runChild } from './process.ts'

/** What a repository says, or nothing where there is none: git is a source of hints, never a requirement. */
async function git(
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const env = Object.fromEntries(
    ['PATH', 'HOME', 'LANG'].flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
  )
  try {
    const { exitCode, stdout } = await runChild('git', args, { env, cwd })
    return exitCode === 0 ? stdout.trim() : undefined
  } catch {
    return undefined
  }
}

export async function currentCommit(cwd: string, variables: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  return (await git(['rev-parse', '--verify', 'HEAD'], cwd, variables)) || undefined
}

export async function currentTag(cwd: string, variables: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  return (await git(['describe', '--tags', '--exact-match'], cwd, variables)) || undefined
}

/** The last part of the name of the repository that this one was cloned from. */
export async function repositoryName(cwd: string, variables: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const url = await git(['remote', 'get-url', 'origin'], cwd, variables)
  return url === undefined ? undefined : /([^/:\\]+?)(?:\.git)?\/?$/.exec(url)?.[1]
}

/** Every path below a folder that any ref has ever added. */
export async function pathsInHistory(
  folder: string,
  cwd: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const text = await git(['log', '--all', '--pretty=format:', '--name-only', '--diff-filter=AR', '--', folder], cwd, variables)
  return text === undefined ? [] : [...new Set(text.split('\n').filter(Boolean))]
}
