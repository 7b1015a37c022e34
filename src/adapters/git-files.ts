import { basename, dirname } from 'node:path/posix'
import { ReleaseError } from '../errors.ts'
import type { SourceFile } from '../migration/migration.ts'
import { isReadBelow } from '../migration/migration-path.ts'
import { bytesOfObject, filesOfCommit, type TreeEntry } from './git.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Files directly in a folder of a commit. Paths count from `cwd`, as in the checkout. */
export async function folderAt(
  commit: string,
  folder: string,
  cwd: string,
  variables: Variables,
  depth?: 'nested',
): Promise<readonly SourceFile[] | undefined> {
  const home = folder === '' ? '.' : folder
  const entries = await filesOfCommit(commit, home, cwd, variables, depth)
  const nameOf = (path: string) => (home === '.' ? path : path.slice(home.length + 1))
  const own = entries?.filter(({ path }) => dirname(path) === home || (depth === 'nested' && isReadBelow(nameOf(path))))
  if (own === undefined || own.length === 0) return undefined
  return (await readAll(own, cwd, variables)).map((file) => ({ ...file, name: nameOf(file.path) }))
}

/** Files of a commit that are wanted, at any depth. */
export async function filesAt(
  commit: string,
  isWanted: (path: string) => boolean,
  cwd: string,
  variables: Variables,
): Promise<readonly SourceFile[]> {
  const entries = (await filesOfCommit(commit, undefined, cwd, variables)) ?? []
  return readAll(
    entries.filter(({ path }) => isWanted(path)),
    cwd,
    variables,
  )
}

/** Some at a time: each is a program of its own. */
async function readAll(entries: readonly TreeEntry[], cwd: string, variables: Variables): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = []
  for (let at = 0; at < entries.length; at += 8) {
    const read = entries.slice(at, at + 8).map(async ({ path, object }): Promise<SourceFile> => {
      const bytes = await bytesOfObject(object, cwd, variables)
      if (bytes === undefined) throw missing(path)
      return { path, name: basename(path), bytes }
    })
    files.push(...(await Promise.all(read)))
  }
  return files
}

function missing(path: string): ReleaseError {
  return new ReleaseError('unreadable-file', `git names ${path} in that commit and does not hold what is in it.`, {
    hint: 'The clone leaves contents out: fetch it whole (fetch-depth: 0, without a filter).',
  })
}
