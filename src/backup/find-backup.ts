import { ReleaseError } from '../errors.ts'
import { type BackupScope, backupsPrefix, dumpKeyOf, idHash, isDumpKey, isManifestKey, manifestKeyOf } from './key.ts'
import { readManifest, type StoredBackup } from './manifest.ts'
import type { Store } from './store.ts'

/** A manifest that was passed over, and why. */
export interface IgnoredManifest {
  readonly manifestKey: string
  readonly problem: string
}

export interface FoundBackup extends StoredBackup {
  /** Manifests of the same environment that could not be used: whoever reports the backup reports these too. */
  readonly ignored: readonly IgnoredManifest[]
}

/** How many manifests are read at once. */
const batchSize = 8

/**
 * The newest backup of an environment, over all classes, by the moment of its snapshot: neither by its key nor by
 * the time of its file. A dump without a manifest is not a backup. Throws `backup-not-found`.
 */
export async function newestBackup(store: Store, scope: BackupScope): Promise<FoundBackup> {
  const { backups, ignored } = await readBackups(store, scope)
  const newest = backups.sort(byAge).at(-1)
  if (newest === undefined) throw noneFound(store, scope, ignored)
  return { ...newest, ignored }
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

/** The backups of an environment, the newest snapshot first, and before them the manifests that cannot be used. */
export async function* backupsNewestFirst(
  store: Store,
  scope: BackupScope,
): AsyncGenerator<StoredBackup | IgnoredManifest, void, undefined> {
  const { backups, ignored } = await readBackups(store, scope)
  yield* ignored
  yield* backups.sort(byAge).reverse()
}

async function readBackups(store: Store, scope: BackupScope): Promise<{ backups: StoredBackup[]; ignored: IgnoredManifest[] }> {
  const backups: StoredBackup[] = []
  const ignored: IgnoredManifest[] = []
  const keys = await manifestKeys(store, scope)
  for (let start = 0; start < keys.length; start += batchSize) {
    await Promise.all(keys.slice(start, start + batchSize).map(read))
  }
  return { backups, ignored: ignored.sort((a, b) => (a.manifestKey < b.manifestKey ? -1 : 1)) }

  async function read(manifestKey: string): Promise<void> {
    try {
      const backup = await readManifest(store, manifestKey)
      const { project, environment } = backup.manifest
      if (project === scope.project && environment === scope.environment) backups.push(backup)
      else ignored.push({ manifestKey, problem: `It says that it is of ${project}, environment ${environment}.` })
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error
      if (error.code === 'backup-not-found') return // deleted since it was listed
      if (error.code !== 'backup-damaged') throw error
      ignored.push({ manifestKey, problem: error.message })
    }
  }
}

async function manifestKeys(store: Store, scope: BackupScope): Promise<string[]> {
  return (await store.list(backupsPrefix(scope))).map(({ key }) => key).filter(isManifestKey)
}

async function manifestKeyById(store: Store, scope: BackupScope, id: string): Promise<string | undefined> {
  return (await manifestKeys(store, scope)).find((key) => id.toLowerCase().endsWith(`-${idHash(dumpKeyOf(key))}`))
}

function byAge(a: StoredBackup, b: StoredBackup): number {
  const age = ({ manifest }: StoredBackup) => [Date.parse(manifest.dump.snapshotAt), Date.parse(manifest.finishedAt)] as const
  const [snapshotA, finishedA] = age(a)
  const [snapshotB, finishedB] = age(b)
  return snapshotA - snapshotB || finishedA - finishedB
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
