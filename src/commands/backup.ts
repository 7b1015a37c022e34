import type { Readable } from 'node:stream'
import { type BackupRun, composeManifest } from '../backup/compose-manifest.ts'
import type { FingerprintPolicy } from '../backup/content.ts'
import type { RolesDump, SourceDatabase } from '../backup/dump.ts'
import { keepBeside } from '../backup/keep-beside.ts'
import { contentsKeyOf, dumpKey, manifestKeyOf, rolesKeyOf } from '../backup/key.ts'
import { type Manifest, writeManifest } from '../backup/manifest.ts'
import { standbyChecks } from '../backup/preflight.ts'
import { probeStore } from '../backup/probe-store.ts'
import { inspect, type Shown } from '../backup/read-back.ts'
import type { Store } from '../backup/store.ts'
import { type WrittenDump, writeDump } from '../backup/write-dump.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { type Check, verdictOf } from '../result.ts'
import { formatDuration, formatSize, plural } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputNames, databaseInputs, lockInputNames, lockPolicy } from './database-inputs.ts'
import { withHeartbeat } from './heartbeat.ts'
import { checkIdentity } from './migration-state.ts'
import { openDatabase } from './open-database.ts'
import { storePlace } from './store-place.ts'

export default defineCommand({
  summary: 'Dump the database into the store, read the stored bytes back, and write the manifest last.',
  inputs: [
    ...databaseInputNames,
    ...lockInputNames,
    'migrations-table',
    'pg-bin-dir',
    'install-tools',
    'store',
    'class',
    'level',
    'lock-wait-timeout',
    'fingerprint',
    'fingerprint-time',
    'include-roles',
    'max-standby-lag',
    'dry-run',
  ],
  outputs: {
    id: 'Id of the backup, for the input key.',
    level: 'What was shown of the stored bytes: landed or read-back.',
    sha256: 'SHA-256 of the dump.',
    'size-bytes': 'Size of the dump in bytes.',
    'manifest-sha256': 'SHA-256 of the manifest.',
  },

  async run(inputs, context): Promise<Outcome> {
    const startedAt = context.clock.now()
    const store = await context.openStore(inputs.store)
    await using database = await databaseInputs(inputs, context)
    const options = {
      binDir: inputs['pg-bin-dir'],
      install: inputs['install-tools'],
      stateSchema: inputs['state-schema'],
      versionTable: inputs['migrations-table'],
    }
    await using lock = await openDatabase(database, inputs, context, { acceptStandby: true })
    const stamp = await checkIdentity(lock, context)
    if (inputs['dry-run']) {
      await using source = await context.openSource(database, options)
      for (const warning of source.warnings) context.log.warn(warning)
      standbyChecks(source.facts, inputs['max-standby-lag'])
      return describeDryRun(source, keyOf(source, inputs.class, context), store)
    }
    await probeStore(store, context.project, context.signal) // before the lock: a store that hangs must not hold back migrations
    await lock.lock(context.project, lockPolicy(inputs, context))
    const dumped = await dumpInto(
      store,
      () => context.openSource(database, { ...options, lockWaitTimeoutMs: inputs['lock-wait-timeout'] }),
      inputs,
      context,
    )
    const { dump, key } = dumped
    const decode = (archive: Readable) => context.decodeArchive(archive, { ...options, major: Number.parseInt(dump.clientVersion, 10) })
    const shown = await withHeartbeat(
      context,
      () => `reading ${formatSize(dump.sizeBytes)} back`,
      () => inspect(store, { ...dump, key }, inputs.level, decode, context.signal),
    ).catch((error: unknown) => {
      throw context.signal.aborted ? stoppedReading(key, store, error) : error
    })
    const proved: Check[] = [{ id: 'dump-exit', status: 'pass', value: 0 }, ...dumped.checks, ...shown.checks]
    if (verdictOf(proved) === 'fail') return describeFault(proved, key, store)
    const { roles, signal } = { ...dumped, ...context }
    const beside = await keepBeside({ store, key, serverMajor: dumped.facts.serverMajor, catalog: dump.catalog, roles, signal })
    const checks = [...proved, ...beside.checks]
    const fingerprint = policyOf(inputs)
    const made: BackupRun = { ...context, class: inputs.class, fingerprint, startedAt, finishedAt: context.clock.now() }
    const facts = inputs.history === 'store' ? { ...dumped.facts, stamp: stamp?.id } : dumped.facts
    const manifest = composeManifest(made, { ...dumped, facts }, dump, beside, { level: shown.level, checks })
    return await record(manifest, shown, store, inputs.store, context)
  },
})

/** What was dumped, and where it lies. */
interface Dumped extends Pick<SourceDatabase, 'facts' | 'snapshot' | 'runnerAt'> {
  readonly key: string
  readonly dump: WrittenDump
  readonly roles: RolesDump
  readonly checks: readonly Check[]
}

type DumpInputs = Pick<
  InputValues,
  'class' | 'lock-wait-timeout' | 'fingerprint' | 'fingerprint-time' | 'include-roles' | 'max-standby-lag'
>

/** The snapshot, which keeps the server from cleaning up, is held for the dump alone, not for reading it back. */
async function dumpInto(store: Store, openSource: () => Promise<SourceDatabase>, inputs: DumpInputs, context: Context): Promise<Dumped> {
  await using source = await openSource()
  const { facts, snapshot, runnerAt } = source
  for (const warning of source.warnings) context.log.warn(warning)
  const checks = standbyChecks(facts, inputs['max-standby-lag'])
  const key = keyOf(source, inputs.class, context)
  await refuseTaken(store, key)
  context.log.info(`dumping ${facts.database} (${formatSize(facts.sizeBytes)} on the server), snapshot ${snapshot.at.toISOString()}`)
  let sizeBytes = 0
  const onBytes = (count: number) => {
    sizeBytes = count
  }
  const dump = await withHeartbeat(
    context,
    () => `dumping: ${formatSize(sizeBytes)} so far`,
    () =>
      writeDump({
        source,
        store,
        key,
        lockWaitTimeoutMs: inputs['lock-wait-timeout'],
        fingerprint: policyOf(inputs),
        signal: context.signal,
        onBytes,
      }),
  )
  context.log.info(`dumped ${formatSize(dump.sizeBytes)} to ${key}`)
  sayWarnings(dump.warnings, context)
  const roles: RolesDump = inputs['include-roles'] ? await source.readRoles(context.signal) : { notKept: 'include-roles is false' }
  return { facts, snapshot, runnerAt, key, dump, roles, checks }
}

function policyOf(inputs: Pick<DumpInputs, 'fingerprint' | 'fingerprint-time'>): FingerprintPolicy {
  return { mode: inputs.fingerprint, limitMs: inputs['fingerprint-time'] }
}

function sayWarnings(lines: readonly string[], { log }: Context): void {
  if (lines.length === 0) return
  log.warn('pg_dump ended with 0, and said:')
  for (const line of lines) log.foreign(line)
}

function keyOf({ facts, snapshot }: SourceDatabase, className: string, { project, environment, release }: Context): string {
  return dumpKey({ project, environment, release, class: className, database: facts.database, at: snapshot.at })
}

/** A key holds the second of the snapshot: only a clock that was turned back, or a twin of this run, could have taken it. */
async function refuseTaken(store: Store, key: string): Promise<void> {
  for (const taken of [key, manifestKeyOf(key), contentsKeyOf(key), rolesKeyOf(key)]) {
    if ((await store.head(taken)) === undefined) continue
    throw new ReleaseError('backup-exists', `${store.description} holds ${taken} already, and nothing in it is ever overwritten.`, {
      hint: 'Was the same backup started twice? Run it again: a new one gets a key of its own.',
    })
  }
}

/** The manifest comes last: whatever goes wrong before it leaves a dump that nobody takes for a backup. */
async function record(manifest: Manifest, shown: Shown, store: Store, storeUrl: string, context: Context): Promise<Outcome> {
  const { object, tables, checks } = manifest
  try {
    const { manifestSha256 } = await writeManifest(store, manifest, context.signal)
    return {
      verdict: shown.hindrance === undefined ? 'pass' : 'inconclusive',
      reason: describe(manifest, shown) + storePlace(storeUrl, context),
      checks,
      outputs: {
        id: manifest.id,
        level: manifest.level,
        sha256: object.sha256,
        'size-bytes': object.sizeBytes,
        'manifest-sha256': manifestSha256,
      },
      details: { durationMs: Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt), store: store.description, manifest },
    }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return {
      verdict: error.verdict,
      reason: `The dump of ${plural(tables.length, 'table')} landed as ${object.key}, but its manifest could not be written, so it is no backup.`,
      checks,
      error,
    }
  }
}

function describe({ object, tables, dump, startedAt, finishedAt }: Manifest, { level, hindrance }: Shown): string {
  const rows = tables.reduce((sum, table) => sum + (table.rows ?? 0), 0)
  const facts = `${formatSize(object.sizeBytes)}, ${plural(tables.length, 'table')}, ${plural(rows, 'row')}, snapshot ${dump.snapshotAt}`
  const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
  if (hindrance !== undefined) return `The dump landed (${facts}), but could not be read back: ${hindrance}`
  if (level === 'landed') return `The dump landed: ${facts}, in ${took}. Its bytes were not read back.`
  return `Backup read back: ${facts}, in ${took}.`
}

function stoppedReading(key: string, { description }: Store, cause: unknown): ReleaseError {
  return new ReleaseError(
    'interrupted',
    `The run was stopped while the dump was read back; ${key} in ${description} has no manifest, so it is no backup.`,
    { hint: 'Run it again: a new backup gets a key of its own.', cause },
  )
}

function describeFault(checks: readonly Check[], key: string, store: Store): Outcome {
  const failed = checks.filter(({ status }) => status === 'fail')
  const problems = failed.map(({ id, message }) => `${id}: ${message}`).join('\n')
  const isIncomplete = failed.every(({ id }) => id === 'archive-rows')
  const what = isIncomplete ? 'The dump does not hold the rows of its snapshot' : 'The stored bytes are not those that were dumped'
  const reason = `${what}; no manifest was written, so this is no backup.`
  const code = isIncomplete || failed.some(({ id }) => id === 'landed') ? 'backup-failed' : 'backup-damaged'
  const look = isIncomplete ? "Is pg_dump really PostgreSQL's own? Check pg-bin-dir and PATH." : 'Check the store and the disks below it.'
  const error = new ReleaseError(code, `${key} in ${store.description}: ${reason}\n${problems}`, {
    hint: `${look} The object was left as it is for a look at it.`,
  })
  return { verdict: 'fail', reason, checks, error, details: { store: store.description, key } }
}

function describeDryRun({ facts, snapshot }: SourceDatabase, key: string, store: Store): Outcome {
  return {
    verdict: 'pass',
    reason: `${facts.database} (${formatSize(facts.sizeBytes)} on the server) would be dumped to ${key}; nothing was written.`,
    details: {
      dryRun: true,
      store: store.description,
      key,
      sizeBytes: facts.sizeBytes,
      serverVersion: facts.serverVersion,
      at: snapshot.at.toISOString(),
    },
  }
}
