import { newestBackup } from '../backup/find-backup.ts'
import type { Store } from '../backup/store.ts'
import { backupSubject } from '../drill/backup-subject.ts'
import { findBackupOrDump } from '../drill/find-foreign.ts'
import { fileSubject, foreignSubject } from '../drill/foreign-subject.ts'
import { freshSubject } from '../drill/fresh-subject.ts'
import type { DrillSubject } from '../drill/subject.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { formatMoment, formatSize } from '../units.ts'
import type { Context } from './command.ts'
import { databaseInputNames, databaseInputs } from './database-inputs.ts'
import { fingerprintPolicy } from './dump-into.ts'

export const sourceInputNames = [
  ...databaseInputNames,
  'store',
  'key',
  'file',
  'source',
  'pg-bin-dir',
  'install-tools',
  'lock-wait-timeout',
  'fingerprint',
  'fingerprint-time',
] as const
export const optionalSourceInputs = ['database-url', 'store'] as const
type Optional = (typeof optionalSourceInputs)[number]
type Named = Pick<InputValues, (typeof sourceInputNames)[number]>
export type SourceInputs = Omit<Named, Optional> & { readonly [name in Optional]?: Named[name] | undefined }

/** What is drilled, before anything of it is fetched. Throws `invalid-input` for inputs that contradict each other. */
export async function findSubject(inputs: SourceInputs, store: Store | undefined, context: Context): Promise<DrillSubject> {
  if (inputs.source === 'fresh') return fresh(inputs, context)
  if (inputs.file !== undefined) return fileSubject(inputs.file)
  if (store === undefined) {
    throw new ReleaseError('invalid-input', 'restore-drill needs a backup, and no store was named.', {
      hint: 'Set store to the place of the backups; or drill a file (file: shop.dump) or the database as it is now (source: fresh).',
    })
  }
  return stored(inputs.key, store, context)
}

/** One place alone can be meant. Throws `invalid-input`. */
export function refuseSeveralSources({ source, key, file }: Pick<SourceInputs, 'source' | 'key' | 'file'>): void {
  const named = [
    source === 'fresh' ? 'source: fresh' : undefined,
    key === undefined ? undefined : 'key',
    file === undefined ? undefined : 'file',
  ]
  const given = named.filter((one) => one !== undefined)
  if (given.length < 2) return
  throw new ReleaseError('invalid-input', `${given.join(' and ')} name different things to drill.`, {
    hint: 'Give one of them: key for an object of the store, file for a file of this machine, or source: fresh for the database as it is now.',
  })
}

async function stored(key: string | undefined, store: Store, { project, environment, log }: Context): Promise<DrillSubject> {
  const scope = { project, environment }
  const found = key === undefined ? { backup: await newestBackup(store, scope) } : await findBackupOrDump(store, scope, key)
  if ('dump' in found) {
    log.warn(`${found.dump.key} has no manifest of Shiplock: nothing says what it must hold`)
    return foreignSubject(store, found.dump)
  }
  const { manifest, ignored } = found.backup
  for (const { manifestKey, problem } of ignored) log.warn(`${manifestKey} was passed over: ${problem}`)
  if (manifest.project !== project || manifest.environment !== environment) {
    log.warn(`this backup is of ${manifest.project}, environment ${manifest.environment}`)
  }
  log.info(`${manifest.id}: ${formatSize(manifest.object.sizeBytes)} of ${formatMoment(manifest.dump.snapshotAt)}`)
  return backupSubject(store, manifest)
}

function fresh(inputs: SourceInputs, context: Context): DrillSubject {
  const url = inputs['database-url']
  if (url === undefined) {
    throw new ReleaseError('invalid-input', 'source: fresh dumps the database as it is now, and no database was named.', {
      hint: 'Set the environment variable DATABASE_URL, or leave source out to drill the newest backup.',
    })
  }
  const { 'pg-bin-dir': binDir, 'install-tools': install, 'state-schema': stateSchema } = inputs
  return freshSubject({
    database: url.database,
    lockWaitTimeoutMs: inputs['lock-wait-timeout'],
    fingerprint: fingerprintPolicy(inputs),
    async withSource(work) {
      await using database = await databaseInputs({ ...inputs, 'database-url': url }, context)
      await using source = await context.openSource(database, { binDir, install, stateSchema })
      return await work(source)
    },
  })
}
