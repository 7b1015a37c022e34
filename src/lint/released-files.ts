import { isRepeatable, lineageOf, type Migration, type Phase } from '../migration/migration.ts'
import { partsOfPath, versionOfPath } from '../migration/migration-path.ts'
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
    if (kind === 'modified')
      return byPath.get(path) === undefined || isRepeatable(byPath.get(path) as Migration) ? [] : [{ kind: 'edited', path }]
    if (kind === 'renamed') return renamed(change.from ?? path, path, byPath.get(path), folders)
    if (kind === 'added' || !isMigration(path, folders)) return []
    const version = versionOfPath(path)
    const next = added.find((one) => lineageOf(one.version) === version)
    // git calls a file that was renamed and edited at once a new one
    return next === undefined ? [{ kind: 'removed', path }] : [{ kind: 'renamed', path: next.path, from: path }]
  })
}

function renamed(from: string, path: string, now: Migration | undefined, folders: ReadonlyMap<string, Phase>): ReleasedChange[] {
  if (now === undefined) return isMigration(from, folders) ? [{ kind: 'removed', path: from }] : []
  const version = versionOfPath(from)
  if (version === undefined || isDown(from)) return []
  if (version !== lineageOf(now.version)) return [{ kind: 'renumbered', path, from }]
  const phase = folders.get(partsOfPath(from).folder)
  if (phase !== undefined && phase !== now.phase) return [{ kind: 'moved', path, from }]
  // a whole folder that moved keeps its files' names
  return partsOfPath(from).name === partsOfPath(path).name ? [] : [{ kind: 'renamed', path, from }]
}

/** The folders that hold migrations, and the phase of each. */
export function foldersOf(migrations: readonly Migration[]): ReadonlyMap<string, Phase> {
  return new Map(migrations.map(({ path, phase }) => [partsOfPath(path).folder, phase]))
}

function isMigration(path: string, folders: ReadonlyMap<string, Phase>): boolean {
  return folders.has(partsOfPath(path).folder) && versionOfPath(path) !== undefined && !isDown(path)
}

/** Files beside a migration: its way back, and what says how it runs. */
function isDown(path: string): boolean {
  return /[./]down\.sql$|\/metadata\.toml$|\/U\d[^/]*\.sql$|\.sql\.conf$/i.test(path)
}

export function touchesFolders(paths: readonly string[], migrations: readonly Migration[]): boolean {
  const folders = [...foldersOf(migrations).keys()].map((folder) => (folder === '.' ? '' : `${folder}/`))
  return paths.some((path) => folders.some((folder) => path.startsWith(folder)))
}
