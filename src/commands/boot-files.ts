import { join } from 'node:path'
import { mayBootFile } from '../lint/boot/boot-commands.ts'
import type { Review } from '../lint/review.ts'
import type { RepositoryFile } from '../lint/scope.ts'
import type { Layout } from '../migration/layout.ts'
import type { Migration } from '../migration/migration.ts'
import { refusedAtBoot } from '../rollback/boot.ts'
import type { DecidedLine } from '../rollback/decide.ts'
import type { Context } from './command.ts'

/** Files that may say what runs when a service starts; read only where a migration could run ahead of its phase. */
export async function bootFiles(
  migrations: readonly Migration[],
  isNew: (migration: Migration) => boolean,
  { changes }: Pick<Review, 'changes'>,
  context: Context,
): Promise<readonly RepositoryFile[]> {
  const post = migrations.filter(({ phase }) => phase === 'post')
  if (post.length === 0) return []
  if (!post.some(isNew) && !changes.some(({ path }) => mayBootFile(path))) return []
  return trackedBootFiles(context)
}

async function trackedBootFiles(context: Context): Promise<readonly RepositoryFile[]> {
  const paths = (await context.trackedPaths()).filter(mayBootFile)
  const texts = await Promise.all(paths.map((path) => context.readText(join(context.baseDir, path))))
  return paths.flatMap((path, index) => (texts[index] === undefined ? [] : [{ path, text: texts[index] }]))
}

/** Where the code of a commit, or of this checkout where git does not know it, would not start once the version table is newer than its files. */
export async function bootRefusal(layout: Layout, commit: string | undefined, context: Context): Promise<DecidedLine | undefined> {
  if (layout.toleratesMissing === true) return undefined
  const known = commit === undefined ? undefined : await context.gitCommit(commit)
  if (known === undefined) return refusedAtBoot(layout, await trackedBootFiles(context))
  const files = await context.gitFiles(known, mayBootFile)
  return refusedAtBoot(
    layout,
    files.map(({ path, bytes }) => ({ path, text: new TextDecoder().decode(bytes) })),
  )
}
