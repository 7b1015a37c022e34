import { join } from 'node:path'
import { mayBootFile } from '../lint/boot/boot-commands.ts'
import type { Review } from '../lint/review.ts'
import type { RepositoryFile } from '../lint/scope.ts'
import type { Migration } from '../migration/migration.ts'
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
  const paths = (await context.trackedPaths()).filter(mayBootFile)
  const texts = await Promise.all(paths.map((path) => context.readText(join(context.baseDir, path))))
  return paths.flatMap((path, index) => (texts[index] === undefined ? [] : [{ path, text: texts[index] }]))
}
