import { ReleaseError } from '../errors.ts'
import { type BackupScope, backupsPrefix, classPrefix, isManifestKey, mayBeOfDatabase, stampIn } from './key.ts'
import { readManifest, type StoredBackup } from './manifest.ts'
import type { Store, StoredObject } from './store.ts'

/** A manifest that was passed over, and why. */
export interface IgnoredManifest {
  readonly manifestKey: string
  readonly problem: string
}

interface Wanted {
  /** Every class when left out. */
  readonly class?: string
  /** Every database when left out. */
  readonly database?: string
  /** How many manifests are read at once: more than one for whoever goes through all of them. */
  readonly ahead?: number
  /** What the store holds, when it was listed already. */
  readonly objects?: readonly StoredObject[]
}

/**
 * The backups of an environment, the newest snapshot first, and between them the manifests that cannot be used. A
 * manifest is read when its turn has come, together with those of the same second. The stamp in a key gives the order;
 * a key without one, whose age only its manifest tells, is read at the start.
 */
export async function* backupsNewestFirst(
  store: Store,
  scope: BackupScope,
  wanted: Wanted = {},
): AsyncGenerator<StoredBackup | IgnoredManifest, void, undefined> {
  const keys = await manifestKeys(store, scope, wanted)
  const ahead = wanted.ahead ?? 1
  let early = await readAll(
    store,
    scope,
    keys.filter((key) => stampIn(key) === undefined),
    Math.max(ahead, mostAtOnce),
  )
  for (const turn of turns(keys, ahead)) {
    const oldest = startOf(stampIn(turn.at(-1) as string) as string)
    const due = early.filter((one) => momentOf(one) >= oldest)
    early = early.filter((one) => !due.includes(one))
    yield* [...due, ...(await readAll(store, scope, turn, Math.max(ahead, mostAtOnce)))].sort(newestFirst)
  }
  yield* early.sort(newestFirst)
}

/** How many manifests of the same second, or without a stamp, are read at once. */
const mostAtOnce = 8

async function manifestKeys(store: Store, scope: BackupScope, wanted: Wanted): Promise<string[]> {
  const { class: name, database } = wanted
  const prefix = name === undefined ? backupsPrefix(scope) : classPrefix({ ...scope, class: name })
  const objects = wanted.objects ?? (await store.list(prefix))
  const keys = objects.map(({ key }) => key).filter((key) => key.startsWith(prefix) && isManifestKey(key))
  return database === undefined ? keys : keys.filter((key) => mayBeOfDatabase(key, database))
}

/** Keys that are read together: all of one second, and of further seconds until there are enough. */
function* turns(keys: readonly string[], ahead: number): Generator<string[]> {
  const dated = keys.flatMap((key) => {
    const stamp = stampIn(key)
    return stamp === undefined ? [] : [{ key, stamp }]
  })
  dated.sort((a, b) => compare(b.stamp, a.stamp))
  let turn: string[] = []
  for (const [index, { key, stamp }] of dated.entries()) {
    turn.push(key)
    if (turn.length < ahead || dated[index + 1]?.stamp === stamp) continue
    yield turn
    turn = []
  }
  if (turn.length > 0) yield turn
}

async function readAll(
  store: Store,
  scope: BackupScope,
  keys: readonly string[],
  atOnce: number,
): Promise<(StoredBackup | IgnoredManifest)[]> {
  const found: (StoredBackup | IgnoredManifest | undefined)[] = []
  for (let start = 0; start < keys.length; start += atOnce) {
    found.push(...(await Promise.all(keys.slice(start, start + atOnce).map((key) => readOne(store, scope, key)))))
  }
  return found.filter((one) => one !== undefined)
}

async function readOne(store: Store, scope: BackupScope, manifestKey: string): Promise<StoredBackup | IgnoredManifest | undefined> {
  try {
    const backup = await readManifest(store, manifestKey)
    const { project, environment } = backup.manifest
    if (project === scope.project && environment === scope.environment) return backup
    return { manifestKey, problem: `It says that it is of ${project}, environment ${environment}.` }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    if (error.code === 'backup-not-found') return undefined // deleted since it was listed
    if (error.code !== 'backup-damaged') throw error
    return { manifestKey, problem: error.message }
  }
}

/** What cannot be used comes before what can: it may be the newer one. */
function newestFirst(a: StoredBackup | IgnoredManifest, b: StoredBackup | IgnoredManifest): number {
  return compare(momentOf(b), momentOf(a)) || compare(finishedAt(b), finishedAt(a)) || compare(a.manifestKey, b.manifestKey)
}

/** As text that compares; a manifest that cannot be read may be the newest of its second, and without a stamp of all. */
function momentOf(one: StoredBackup | IgnoredManifest): string {
  if ('manifest' in one) return new Date(one.manifest.dump.snapshotAt).toISOString().replaceAll(/[-:]/g, '')
  const stamp = stampIn(one.manifestKey)
  return stamp === undefined ? '~' : endOf(stamp)
}

function startOf(stamp: string): string {
  return stamp.replace('Z', '.000Z')
}

function endOf(stamp: string): string {
  return stamp.replace('Z', '.999Z')
}

function finishedAt(one: StoredBackup | IgnoredManifest): string {
  return 'manifest' in one ? one.manifest.finishedAt : '~'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
