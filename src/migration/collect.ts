import { ReleaseError } from '../errors.ts'
import type { Layout } from './layout.ts'
import { flywayName } from './layouts/flyway/file-name.ts'
import { layouts } from './layouts/index.ts'
import { byVersion, isRepeatable, lineageOf, type Migration, type Phase, type SourceFile } from './migration.ts'
import { isNested } from './migration-path.ts'

/** The files of both folders; `undefined` for a folder that does not exist. */
export interface MigrationFolders {
  readonly pre: { readonly path: string; readonly files: readonly SourceFile[] | undefined }
  /** `named` when somebody chose it: the default folder may be missing. */
  readonly post: { readonly path: string; readonly files: readonly SourceFile[] | undefined; readonly named: boolean }
}

/** What stands in both folders. */
export interface ReadFolders {
  readonly layout: Layout
  /** What of the files shows the layout; missing when it was named. */
  readonly shownBy: string | undefined
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

const hangsOnLayout: ReadonlySet<string> = new Set(['invalid-migration', 'unsupported-migration', 'migrations-not-found'])

/** A file may be refused only because it is read as another tool's: what speaks for the layout stands beside what to do. */
function explained(error: unknown, chosen: ChosenLayout, files: readonly SourceFile[]): unknown {
  if (!(error instanceof ReleaseError) || !hangsOnLayout.has(error.code)) return error
  const { code, message, at, hint = '', cause } = error
  if (hint.includes('migrations.layout')) return error
  const said = chosen.shownBy === undefined ? otherwiseNamed(hint, chosen.layout, files) : `${hint} ${takenFor(chosen)}`
  if (said === undefined) return error
  return new ReleaseError(code, message, { ...(at === undefined ? {} : { at }), hint: said, cause })
}

function takenFor({ layout, shownBy }: ChosenLayout): string {
  return `The files were taken for ${layout.name} (${shownBy}); migrations.layout names another layout.`
}

/** Where no file shows the layout that was named, and all show another one, the name is the likelier mistake. */
function otherwiseNamed(hint: string, named: Layout, files: readonly SourceFile[]): string | undefined {
  const shown = layoutsShown(files)
  const [other, second] = shown.filter(({ layout }) => layout !== ownLayout)
  if (other === undefined || second !== undefined || shown.some(({ layout }) => layout === named)) return undefined
  const { layout, shownBy } = other
  return `The files look like ${layout.name} (${shownBy}), and ${named.name} is named: set migrations.layout to ${layout.name}, or leave it out. Otherwise: ${hint}`
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

function ownFiles({ nested, folderFile }: Layout, files: readonly SourceFile[]): readonly SourceFile[] {
  if (nested === 'deep') return files.filter(({ name }) => !isNested(name))
  return files.filter(({ name }) => (nested ? isNested(name) || name === folderFile : !name.includes('/')))
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

type ChosenLayout = Pick<ReadFolders, 'layout' | 'shownBy'>

const ownLayout = layouts.at(-1) as Layout

function chooseLayout(files: readonly SourceFile[], name: Layout['name'] | undefined): ChosenLayout {
  if (name !== undefined) return { layout: layouts.find((layout) => layout.name === name) ?? ownLayout, shownBy: undefined }
  const shown = layoutsShown(files)
  const [first, second] = shown.filter(({ layout }) => layout !== ownLayout)
  // the wrong version table would say that nothing has run
  if (first !== undefined && second !== undefined) {
    const both = [first, second].map(({ layout, shownBy }) => `${layout.name} (${shownBy})`).join(' or ')
    throw unknownLayout(`The files may be written for ${both}.`, [first, second].map(({ layout }) => layout.name).join(' or '))
  }
  const found = first ?? shown[0]
  if (found !== undefined) return found
  if (files.every((file) => !file.name.toLowerCase().endsWith('.sql'))) return { layout: ownLayout, shownBy: undefined }
  throw unknownLayout(`The files do not show which tool they are written for (${files[0]?.path}${files.length > 1 ? ' and others' : ''}).`)
}

function layoutsShown(files: readonly SourceFile[]): { layout: Layout; shownBy: string }[] {
  return layouts.flatMap((layout) => {
    const shownBy = layout.recognizes(ownFiles(layout, files))
    return shownBy === undefined ? [] : [{ layout, shownBy }]
  })
}

function unknownLayout(problem: string, names = `one of ${layouts.map((layout) => layout.name).join(', ')}`): ReleaseError {
  return new ReleaseError('unknown-layout', problem, { hint: `Set migrations.layout in shiplock.yml to ${names}.` })
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
