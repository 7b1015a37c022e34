import { majorReason } from '../migration/destructive.ts'
import type { Migration } from '../migration/migration.ts'
import { isUsable } from './find-backup.ts'
import type { BackupScope } from './key.ts'
import { backupsNewestFirst } from './list-backups.ts'
import { missingDump } from './missing-dump.ts'
import { backupNeed, isTooOld, type Need, type NeedQuestion } from './need.ts'
import { type LiveDatabase, otherDatabase } from './same-database.ts'
import type { Store } from './store.ts'

type Asked = Omit<NeedQuestion, 'pending' | 'other'> & {
  /** The database itself: a copy may carry its stamp. */
  readonly live: Omit<LiveDatabase, 'stampId'>
  readonly store: Store
  readonly scope: BackupScope
  /** Of all phases that are about to run; `undefined` when nobody could read them. */
  readonly migrations: readonly Migration[] | undefined
}

/**
 * Whether a release must make its backup. The store is asked only when the migrations leave it open, and no manifest
 * is read that is too old to matter.
 */
export async function judgeNeed({ store, scope, migrations, live, ...asked }: Asked): Promise<Need> {
  const pending = migrations === undefined ? undefined : await Promise.all(migrations.map(describe))
  const without = backupNeed({ ...asked, pending, other: undefined })
  const isOpen = asked.when === 'major' && asked.class === 'releases' && pending?.every(({ major }) => major === undefined)
  if (isOpen !== true) return without
  let nearest: Need | undefined
  for await (const one of backupsNewestFirst(store, scope)) {
    if (!('manifest' in one)) continue
    const { manifest } = one
    if (manifest.class !== asked.class && isUsable(manifest)) {
      const need = backupNeed({ ...asked, pending, other: manifest })
      const problem = need.needed
        ? undefined
        : (otherDatabase(manifest, { ...live, stampId: asked.stamp }) ?? (await missingDump(manifest, store)))
      if (!need.needed && problem === undefined) return need
      nearest ??= problem === undefined ? need : { needed: true, reason: `the backup ${manifest.id} does not count: ${problem}` }
    }
    if (isTooOld(manifest, asked)) break
  }
  return nearest ?? without
}

async function describe(migration: Migration) {
  return { id: migration.id, major: await majorReason(migration) }
}
