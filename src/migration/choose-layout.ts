import { ReleaseError } from '../errors.ts'
import type { Layout } from './layout.ts'
import { layouts } from './layouts/index.ts'
import type { SourceFile } from './migration.ts'
import { isNested } from './migration-path.ts'

/** A layout, and what of the files shows it; missing when it was named. */
export interface ChosenLayout {
  readonly layout: Layout
  readonly shownBy: string | undefined
}

const ownLayout = layouts.at(-1) as Layout

/** The layout that is named, or that the files show. Throws `unknown-layout` where they show none, or two. */
export function chooseLayout(files: readonly SourceFile[], name: Layout['name'] | undefined): ChosenLayout {
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

/** The files that can be the layout's. */
export function ownFiles({ nested, folderFile }: Layout, files: readonly SourceFile[]): readonly SourceFile[] {
  if (nested === 'deep') return files.filter(({ name }) => !isNested(name))
  return files.filter(({ name }) => (nested ? isNested(name) || name === folderFile : !name.includes('/')))
}

const hangsOnLayout: ReadonlySet<string> = new Set(['invalid-migration', 'unsupported-migration', 'migrations-not-found'])

/** A file may be refused only because it is read as another tool's: what speaks for the layout stands beside what to do. */
export function explained(error: unknown, chosen: ChosenLayout, files: readonly SourceFile[]): unknown {
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
