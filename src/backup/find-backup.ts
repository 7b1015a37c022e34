import { ReleaseError } from '../errors.ts'
import { type Check, verdictOf } from '../result.ts'
import { type BackupScope, backupsPrefix, dumpKeyOf, idHash, isDumpKey, isManifestKey, manifestKeyOf } from './key.ts'
import { backupsNewestFirst, type IgnoredManifest } from './list-backups.ts'
import { type Manifest, readManifest, type StoredBackup } from './manifest.ts'
import type { Store } from './store.ts'

export interface FoundBackup extends StoredBackup {
  /** Newer manifests of the same environment that could not be used: whoever reports the backup reports these too. */
  readonly ignored: readonly IgnoredManifest[]
}

/** Which of the usable backups is looked for. */
export interface Sought {
  /** Every database when left out. */
  readonly database?: string
  /** Says why one is passed over, `undefined` when it will do. */
  readonly refuse?: (manifest: Manifest) => string | undefined
}

/**
 * The newest backup of an environment, over all classes, by the moment of its snapshot and not by the time of its
 * file. A dump without a manifest is not a backup. Throws `backup-not-found`.
 */
export async function newestBackup(store: Store, scope: BackupScope): Promise<FoundBackup> {
  return await search(store, scope, {}, () => undefined)
}

/** The newest backup of which no check failed when it was made. Throws `backup-not-found`, and names those passed over. */
export async function newestUsable(store: Store, scope: BackupScope, sought: Sought = {}): Promise<FoundBackup> {
  return await search(store, scope, sought, (manifest) => failureWhenMade(manifest) ?? sought.refuse?.(manifest))
}

/** The usable backups of a database that are there already, the newest first. */
export async function previousBackups(store: Store, scope: BackupScope, database: string, most: number): Promise<StoredBackup[]> {
  const found: StoredBackup[] = []
  for await (const one of backupsNewestFirst(store, scope, { database })) {
    if ('manifest' in one && isUsable(one.manifest) && one.manifest.source.database === database) found.push(one)
    if (found.length === most) break
  }
  return found
}

/** A dump that was kept although a check of it failed is evidence for people, not a backup to count on. */
export function isUsable({ checks }: Manifest): boolean {
  return verdictOf(checks) === 'pass'
}

/** What a look at a backup says of the checks that failed when it was made. */
export function checkMade(manifest: Manifest): Check[] {
  const message = failureWhenMade(manifest)
  return message === undefined ? [] : [{ id: 'made', status: 'fail', message }]
}

/**
 * One backup by the key of its dump, the key of its manifest, or its id. A key may name a backup of another
 * environment: the caller compares. Throws `backup-not-found`, or `backup-damaged` when the manifest is unusable.
 */
export async function findBackup(store: Store, scope: BackupScope, keyOrId: string): Promise<FoundBackup> {
  const manifestKey = isManifestKey(keyOrId)
    ? keyOrId
    : isDumpKey(keyOrId)
      ? manifestKeyOf(keyOrId)
      : await manifestKeyById(store, scope, keyOrId)
  if (manifestKey === undefined || (await store.head(manifestKey)) === undefined) {
    throw await notFound(store, scope, keyOrId)
  }
  const backup = await readManifest(store, manifestKey)
  const { id, object } = backup.manifest
  if (![manifestKey, object.key].includes(keyOrId) && id.toLowerCase() !== keyOrId.toLowerCase()) {
    throw await notFound(store, scope, keyOrId)
  }
  return { ...backup, ignored: [] }
}

async function search(
  store: Store,
  scope: BackupScope,
  { database }: Sought,
  refuse: (manifest: Manifest) => string | undefined,
): Promise<FoundBackup> {
  const ignored: IgnoredManifest[] = []
  for await (const one of backupsNewestFirst(store, scope, database === undefined ? {} : { database })) {
    if (!('manifest' in one)) {
      ignored.push(one)
      continue
    }
    if (database !== undefined && one.manifest.source.database !== database) continue
    const problem = refuse(one.manifest)
    if (problem === undefined) return { ...one, ignored }
    ignored.push({ manifestKey: one.manifestKey, problem })
  }
  throw noneFound(store, scope, ignored)
}

/** Why nothing may rely on a backup that is kept for a look at it, `undefined` when every check of its own run passed. */
export function failureWhenMade({ checks }: Manifest): string | undefined {
  const failed = checks.filter(({ status }) => status === 'fail')
  if (failed.length === 0) return undefined
  return `when it was made, ${failed.map(({ id, message }) => (message === undefined ? `${id} failed` : `${id} failed: ${message}`)).join('; ')}`
}

async function manifestKeyById(store: Store, scope: BackupScope, id: string): Promise<string | undefined> {
  const objects = await store.list(backupsPrefix(scope))
  return objects.map(({ key }) => key).find((key) => isManifestKey(key) && id.toLowerCase().endsWith(`-${idHash(dumpKeyOf(key))}`))
}

function noneFound(store: Store, scope: BackupScope, ignored: readonly IgnoredManifest[]): ReleaseError {
  const unusable = ignored.map(({ manifestKey, problem }) => `\n  ${manifestKey}: ${problem}`).join('')
  const also = ignored.length === 0 ? '' : ` ${ignored.length} cannot be used:${unusable}`
  return new ReleaseError(
    'backup-not-found',
    `${store.description} holds no backup of ${scope.project} for the environment ${scope.environment}.${also}`,
    { hint: 'Make one with the command backup, or check store, project and environment.' },
  )
}

async function notFound(store: Store, scope: BackupScope, keyOrId: string): Promise<ReleaseError> {
  if (isDumpKey(keyOrId) && (await store.head(keyOrId)) !== undefined) {
    return new ReleaseError(
      'backup-not-found',
      `${keyOrId} has no manifest in ${store.description}: the run that wrote it did not reach its end, so it is not a backup.`,
      { hint: 'Make a new one with the command backup.' },
    )
  }
  return new ReleaseError('backup-not-found', `${store.description} holds no backup ${keyOrId}.`, {
    hint: `Name the key of a dump (${backupsPrefix(scope)}….dump), the key of its manifest, or its id; leave key out for the newest.`,
  })
}
