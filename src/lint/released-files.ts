import { basename, dirname } from 'node:path/posix'
import { numberedName } from '../migration/layout.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import type { Change } from './review.ts'

/** What a change did to a file that every database has run by now. */
export interface ReleasedChange {
  readonly kind: 'edited' | 'removed' | 'renamed' | 'renumbered' | 'moved'
  readonly path: string
  /** Its path before, when it has another now. */
  readonly from?: string
}

/** Changes to migrations that the base has already. Files of the way back may be improved at any time. */
export function releasedChanges(changes: readonly Change[], migrations: readonly Migration[]): readonly ReleasedChange[] {
  const byPath = new Map(migrations.map((migration) => [migration.path, migration]))
  const folders = foldersOf(migrations)
  const added = changes.flatMap(({ kind, path }) => (kind === 'added' ? (byPath.get(path) ?? []) : []))
  return changes.flatMap((change): ReleasedChange[] => {
    const { kind, path } = change
    if (kind === 'modified') return byPath.has(path) ? [{ kind: 'edited', path }] : []
    if (kind === 'renamed') return renamed(change.from ?? path, path, byPath.get(path), folders)
    if (kind === 'added' || !isMigration(path, folders)) return []
    const version = versionOf(path)
    const next = added.find((one) => one.version === version)
    // git calls a file that was renamed and edited at once a new one
    return next === undefined ? [{ kind: 'removed', path }] : [{ kind: 'renamed', path: next.path, from: path }]
  })
}

function renamed(from: string, path: string, now: Migration | undefined, folders: ReadonlyMap<string, Phase>): ReleasedChange[] {
  if (now === undefined) return isMigration(from, folders) ? [{ kind: 'removed', path: from }] : []
  const version = versionOf(from)
  if (version === undefined || isDown(from)) return []
  if (version !== now.version) return [{ kind: 'renumbered', path, from }]
  const phase = folders.get(dirname(from))
  if (phase !== undefined && phase !== now.phase) return [{ kind: 'moved', path, from }]
  // a whole folder that moved keeps its files' names
  return basename(from) === basename(path) ? [] : [{ kind: 'renamed', path, from }]
}

/** The folders that hold migrations, and the phase of each. */
export function foldersOf(migrations: readonly Migration[]): ReadonlyMap<string, Phase> {
  return new Map(migrations.map(({ path, phase }) => [dirname(path), phase]))
}

function isMigration(path: string, folders: ReadonlyMap<string, Phase>): boolean {
  return folders.has(dirname(path)) && versionOf(path) !== undefined && !isDown(path)
}

function versionOf(path: string): string | undefined {
  return numberedName(basename(path))?.version
}

function isDown(path: string): boolean {
  return path.toLowerCase().endsWith('.down.sql')
}

export function touchesFolders(paths: readonly string[], migrations: readonly Migration[]): boolean {
  const folders = [...foldersOf(migrations).keys()].map((folder) => (folder === '.' ? '' : `${folder}/`))
  return paths.some((path) => folders.some((folder) => path.startsWith(folder)))
}
