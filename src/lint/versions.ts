import { nextVersion } from '../migration/layout.ts'
import { byVersion, isRepeatable, lineageOf, type Migration } from '../migration/migration.ts'

/** Migrations that share a version with another, by version; those of one version in the order in which they were read. */
export function duplicateVersions(migrations: readonly Migration[]): readonly (readonly Migration[])[] {
  const byNumber = new Map<string, Migration[]>()
  for (const migration of [...migrations].sort(byVersion)) {
    const lineage = lineageOf(migration.version)
    const same = byNumber.get(lineage)
    if (same === undefined) byNumber.set(lineage, [migration])
    else same.push(migration)
  }
  return [...byNumber.values()].filter((same) => same.length > 1)
}

/** The first number behind all of them, written as the folders write theirs. */
export function freeVersion(migrations: readonly Migration[]): string {
  return nextVersion(migrations, new Date(0))
}

/** A new migration, and the newest released one of its phase, which has run before it could. */
export interface LateMigration {
  readonly late: Migration
  readonly behind: Migration
}

/** Released ones marked as a hotfix took their number ahead of their turn: older ones may follow them. */
export function lateMigrations(migrations: readonly Migration[], isNew: (migration: Migration) => boolean): readonly LateMigration[] {
  return (['pre', 'post'] as const).flatMap((phase) => {
    const ofPhase = migrations.filter((one) => one.phase === phase && !isRepeatable(one)).sort(byVersion)
    const behind = ofPhase.filter((one) => !isNew(one) && !one.hotfix).at(-1)
    if (behind === undefined) return []
    return ofPhase.filter((one) => isNew(one) && byVersion(one, behind) < 0).map((late) => ({ late, behind }))
  })
}
