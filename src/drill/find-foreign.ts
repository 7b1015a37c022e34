import { type FoundBackup, findBackup } from '../backup/find-backup.ts'
import { type BackupScope, isDumpKey } from '../backup/key.ts'
import type { Store, StoredObject } from '../backup/store.ts'
import { storeKeyProblem } from '../backup/store-key.ts'
import { ReleaseError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'

type Found = { readonly backup: FoundBackup } | { readonly dump: StoredObject }

/** Of our own layout: such a dump without its manifest belongs to a run that did not reach its end. */
const ownLayout = /(?:^|\/)backups\/[^/]+\/[^/]+\/\d{4}\/\d\d\/\d\d\/[^/]+\.dump$/
const dumpNames = /\.(?:dump|backup|pgdump|dmp|bak|custom)$/i

/** A backup by its key or id, or a dump that another tool left under this key, without a manifest. Throws `backup-not-found`. */
export async function findBackupOrDump(store: Store, scope: BackupScope, key: string): Promise<Found> {
  try {
    return { backup: await findBackup(store, scope, key) }
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'backup-not-found') throw error
    if (ownLayout.test(key) && isDumpKey(key)) throw error
    const dump = storeKeyProblem(key) === undefined ? await store.head(key) : undefined
    if (dump !== undefined) return { dump }
    throw new ReleaseError('backup-not-found', `${store.description} holds no backup and no dump ${key}.${await suggestion(store, key)}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    })
  }
}

/** Names that lie nearby: in the folder of the key, else in those above it; never in the whole store. */
async function suggestion(store: Store, key: string): Promise<string> {
  const folders = key.split('/').slice(0, -1)
  if (storeKeyProblem(key) !== undefined) return ''
  for (; folders.length > 0; folders.pop()) {
    const listed = await store.list(`${folders.join('/')}/`)
    const dumps = listed.map((one) => one.key).filter((name) => dumpNames.test(name))
    const last = dumps.at(-1)
    if (last !== undefined) return didYouMean(key, dumps) || ` The last one in ${folders.join('/')}/ is ${last}.`
  }
  return ''
}
