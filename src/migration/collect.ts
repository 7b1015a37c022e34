import { ReleaseError } from '../errors.ts'
import type { Layout } from './layout.ts'
import { layouts } from './layouts/index.ts'
import { byVersion, type Migration, type SourceFile } from './migration.ts'

/** The files of both folders; `undefined` for a folder that does not exist. */
export interface MigrationFolders {
  readonly pre: { readonly path: string; readonly files: readonly SourceFile[] | undefined }
  /** `named` when somebody chose it: the default folder may be missing. */
  readonly post: { readonly path: string; readonly files: readonly SourceFile[] | undefined; readonly named: boolean }
}

/**
 * Reads both folders in the layout that is named, or that the files show.
 * Throws `migrations-not-found`, `unknown-layout`, `duplicate-version` (unless they are to be kept) or what the layout finds.
 */
export function collectMigrations(
  folders: MigrationFolders,
  layoutName: Layout['name'] | undefined,
  variables: Readonly<Record<string, string | undefined>>,
  duplicates: 'refuse' | 'keep' = 'refuse',
): { layout: Layout; migrations: readonly Migration[] } {
  const { pre, post } = folders
  // a mistyped folder must not read as "nothing is pending"
  if (pre.files === undefined) throw notFound(`There is no folder ${pre.path}.`)
  if (post.files === undefined && post.named) throw notFound(`There is no folder ${post.path}.`)
  const layout = chooseLayout([...(pre.files ?? []), ...(post.files ?? [])], layoutName)
  const migrations = [...layout.read(pre.files ?? [], 'pre', variables), ...layout.read(post.files ?? [], 'post', variables)].sort(
    byVersion,
  )
  if (migrations.length === 0) throw notFound(`${pre.path} holds no migration; files in subfolders are not read.`)
  if (duplicates === 'refuse') refuseDuplicates(migrations)
  return { layout, migrations }
}

function notFound(problem: string): ReleaseError {
  return new ReleaseError('migrations-not-found', problem, {
    hint: 'Name the folders with migrations.pre and migrations.post in shiplock.yml, or with --migrations and --migrations-post; "shiplock new <name>" makes the first migration.',
  })
}

function chooseLayout(files: readonly SourceFile[], name: Layout['name'] | undefined): Layout {
  const found = layouts.find((layout) => (name === undefined ? layout.recognizes(files) : layout.name === name))
  if (found !== undefined) return found
  if (files.every((file) => !file.name.toLowerCase().endsWith('.sql'))) return layouts.at(-1) as Layout
  throw new ReleaseError('unknown-layout', `The files do not show which tool they are written for (${files[0]?.path} and others).`, {
    hint: `Set migrations.layout in shiplock.yml to one of ${layouts.map((layout) => layout.name).join(', ')}.`,
  })
}

function refuseDuplicates(sorted: readonly Migration[]): void {
  for (const [index, migration] of sorted.entries()) {
    const before = sorted[index - 1]
    if (before === undefined || before.version !== migration.version) continue
    throw new ReleaseError('duplicate-version', `${before.path} and ${migration.path} carry the same version, ${migration.version}.`, {
      at: migration.path,
      hint: 'Give the newer one a number of its own; numbers are unique across both folders.',
    })
  }
}
