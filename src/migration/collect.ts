import { ReleaseError } from '../errors.ts'
import { type ChosenLayout, chooseLayout, explained, ownFiles } from './choose-layout.ts'
import type { Layout } from './layout.ts'
import { flywayName } from './layouts/flyway/file-name.ts'
import { byVersion, isRepeatable, lineageOf, type Migration, type Phase, type SourceFile } from './migration.ts'

/** The files of both folders; `undefined` for a folder that does not exist. */
export interface MigrationFolders {
  readonly pre: { readonly path: string; readonly files: readonly SourceFile[] | undefined }
  /** `named` when somebody chose it: the default folder may be missing. */
  readonly post: { readonly path: string; readonly files: readonly SourceFile[] | undefined; readonly named: boolean }
}

/** What stands in both folders. */
export interface ReadFolders extends ChosenLayout {
  readonly migrations: readonly Migration[]
}

/**
 * Reads both folders in the layout that is named, or that the files show.
 * Throws `migrations-not-found`, `unknown-layout`, `duplicate-version` (unless they are to be kept) or what the layout finds.
 */
export function collectMigrations(
  folders: MigrationFolders,
  layoutName: Layout['name'] | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): ReadFolders {
  const { pre, post } = filesOf(folders)
  const chosen = chooseLayout([...pre, ...post], layoutName)
  const { layout } = chosen
  try {
    const migrations = [...readOwn(layout, pre, 'pre', variables), ...readOwn(layout, post, 'post', variables)].sort(byVersion)
    if (migrations.length === 0) throw noneFound(folders.pre.path, layout, layoutName)
    refuseDuplicates(migrations)
    layout.refuseTogether?.(migrations)
    return { ...chosen, migrations }
  } catch (error) {
    throw explained(error, chosen, [...pre, ...post])
  }
}

/** What a layout reads of a folder, given those of its files that can be the layout's. */
export function readOwn(
  layout: Layout,
  files: readonly SourceFile[],
  phase: Phase,
  variables: Readonly<Record<string, string | undefined>>,
): Migration[] {
  return layout.read(ownFiles(layout, files), phase, variables)
}

/** A file that its layout does not accept, and why. */
export interface RefusedFile {
  readonly path: string
  readonly error: ReleaseError
}

/**
 * As `collectMigrations`, for whoever reports on every file: one that is malformed is refused by itself, and a version
 * may stand there twice. Throws `migrations-not-found` or `unknown-layout`.
 */
export function collectEach(
  folders: MigrationFolders,
  layoutName: Layout['name'] | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): ReadFolders & { readonly refused: readonly RefusedFile[] } {
  const { pre, post } = filesOf(folders)
  const { layout, shownBy } = chooseLayout([...pre, ...post], layoutName)
  const read = (files: readonly SourceFile[], phase: Phase) => readEach(layout, files, phase, variables)
  const both = [read(pre, 'pre'), read(post, 'post')]
  const migrations = both.flatMap((one) => one.migrations).sort(byVersion)
  const refused = [...both.flatMap((one) => one.refused), ...refusedTogether(layout, migrations)]
  if (migrations.length + refused.length === 0) {
    throw explained(noneFound(folders.pre.path, layout, layoutName), { layout, shownBy }, [...pre, ...post])
  }
  return { layout, shownBy, migrations, refused }
}

function refusedTogether(layout: Layout, migrations: readonly Migration[]): readonly RefusedFile[] {
  try {
    layout.refuseTogether?.(migrations)
    return []
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return [{ path: error.at ?? migrations[0]?.path ?? '', error }]
  }
}

/** A mistyped folder must not read as "nothing is pending". */
function filesOf({ pre, post }: MigrationFolders) {
  if (pre.files === undefined) throw notFound(`There is no folder ${pre.path}.`)
  if (post.files === undefined && post.named) throw notFound(`There is no folder ${post.path}.`)
  return { pre: pre.files, post: post.files ?? [] }
}

/** The whole folder at once; when that fails, each migration with the files that go by its name. */
function readEach(
  layout: Layout,
  files: readonly SourceFile[],
  phase: Phase,
  variables: Readonly<Record<string, string | undefined>>,
): { migrations: readonly Migration[]; refused: readonly RefusedFile[] } {
  try {
    return { migrations: readOwn(layout, files, phase, variables), refused: [] }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    const [first, ...others] = groupsByName(files)
    // alone already, so that nothing is left to part
    if (first === undefined || others.length === 0) return { migrations: [], refused: [{ path: files[0]?.path ?? '', error }] }
    const parts = [first, ...others].map((group) => readEach(layout, group, phase, variables))
    return { migrations: parts.flatMap((one) => one.migrations), refused: parts.flatMap((one) => one.refused) }
  }
}

function groupsByName(files: readonly SourceFile[]): readonly SourceFile[][] {
  const groups = new Map<string, SourceFile[]>()
  for (const file of files) {
    const stem = flywayName(file.name.replace(/\.conf$/, ''))?.version ?? (file.name.split(/[./]/)[0] as string)
    const group = groups.get(stem)
    if (group === undefined) groups.set(stem, [file])
    else group.push(file)
  }
  return [...groups.values()]
}

function notFound(problem: string): ReleaseError {
  return new ReleaseError('migrations-not-found', problem, {
    hint: 'Name the folders with migrations.pre and migrations.post in shiplock.yml, or with --migrations and --migrations-post; "shiplock new <name>" makes the first migration.',
  })
}

function noneFound(path: string, { nested }: Layout, named: Layout['name'] | undefined): ReleaseError {
  const what = named === undefined ? 'no migration' : `no migration of the layout ${named}`
  return notFound(`${path} holds ${what}${nested ? '' : '; files in subfolders are not read'}.`)
}

function refuseDuplicates(sorted: readonly Migration[]): void {
  for (const [index, migration] of sorted.entries()) {
    const before = sorted[index - 1]
    if (before === undefined || lineageOf(before.version) !== lineageOf(migration.version)) continue
    if (before.path === migration.path) {
      throw new ReleaseError(
        'duplicate-version',
        `${migration.path} would run before the deploy and after it: both phases read its folder.`,
        {
          at: migration.path,
          hint: 'Give the post migrations a folder of their own, which does not lie in that of the others: migrations.post.',
        },
      )
    }
    if (isRepeatable(migration)) {
      throw new ReleaseError('duplicate-version', `${before.path} and ${migration.path} are repeatable migrations of one name.`, {
        at: migration.path,
        hint: 'Rename one of them: nothing else tells whose turn it is.',
      })
    }
    throw new ReleaseError('duplicate-version', `${before.path} and ${migration.path} carry the same version, ${migration.version}.`, {
      at: migration.path,
      hint: 'Give the newer one a number of its own; numbers are unique across both folders.',
    })
  }
}
