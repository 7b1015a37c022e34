import type { Readable } from 'node:stream'
import { type BackupRun, composeManifest } from '../backup/compose-manifest.ts'
import type { SourceDatabase } from '../backup/dump.ts'
import { previousBackups } from '../backup/find-backup.ts'
import { judgeNeed } from '../backup/judge-need.ts'
import { keepBeside } from '../backup/keep-beside.ts'
import type { Manifest } from '../backup/manifest.ts'
import { checkPlausible, earlierOf } from '../backup/plausible.ts'
import { probeStore } from '../backup/probe-store.ts'
import { inspect } from '../backup/read-back.ts'
import type { Store } from '../backup/store.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { Migration } from '../migration/migration.ts'
import { type Check, verdictOf } from '../result.ts'
import { formatDuration, formatSize, plural } from '../units.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputs, lockInputNames, lockPolicy } from './database-inputs.ts'
import { type Dumped, dumpInputNames, dumpInto, fingerprintPolicy, keyOf, lookAhead } from './dump-into.ts'
import { withHeartbeat } from './heartbeat.ts'
import { checkIdentity, migrationInputNames, readMigrations, readState } from './migration-state.ts'
import { openDatabase } from './open-database.ts'
import { recordBackup, recordInputNames } from './record-backup.ts'
import { withinDuration } from './within-duration.ts'

const inputNames = [
  ...migrationInputNames,
  ...lockInputNames,
  'pg-bin-dir',
  'install-tools',
  ...dumpInputNames,
  ...recordInputNames,
  'backup-when',
  'max-backup-age',
  'level',
  'min-tables',
  'min-size',
  'max-shrink',
  'dry-run',
] as const

type Inputs = Pick<InputValues, (typeof inputNames)[number]>

/** As many as an estimate goes by. */
const earlierLooked = 5

export default defineCommand({
  summary: 'Dump the database into the store, read the stored bytes back, and write the manifest last.',
  inputs: inputNames,
  outputs: {
    made: 'Whether a backup was made: true or false.',
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
    const need = await judgeNeed({
      ...{ store, scope: context, when: inputs['backup-when'], class: inputs.class, level: inputs.level },
      live: lock,
      ...{ stamp: stamp?.id, maxAgeMs: inputs['max-backup-age'], now: context.clock.now() },
      migrations: await pendingMigrations(inputs, lock, context),
    })
    if (!need.needed) return notNeeded(need.reason)
    if (inputs['backup-when'] === 'major' && inputs.class === 'releases') context.log.info(`a backup is needed: ${need.reason}`)
    const earlier = (await previousBackups(store, context, lock.database, earlierLooked)).map(({ manifest }) => manifest)
    if (inputs['dry-run']) {
      await using source = await context.openSource(database, options)
      lookAhead(source, { store, earlier }, inputs, context)
      return describeDryRun(source, keyOf(source, inputs.class, context), store)
    }
    await probeStore(store, context.project, context.signal) // before the lock: a store that hangs must not hold back migrations
    await lock.lock(context.project, lockPolicy(inputs, context))
    return await withinDuration(inputs['max-duration'], context, tooLate(inputs['max-duration']), async (signal) => {
      const limited = { ...context, signal }
      const sourceOptions = { ...options, lockWaitTimeoutMs: inputs['lock-wait-timeout'] }
      const dumped = await dumpInto({ store, earlier }, () => context.openSource(database, sourceOptions), inputs, limited)
      const checks: Check[] = [{ id: 'dump-exit', status: 'pass', value: 0 }, ...dumped.checks]
      try {
        const shown = await lookBack(dumped, store, inputs, limited)
        checks.push(...shown.checks)
        if (verdictOf(checks) === 'fail') return describeFault(checks, dumped.key, store)
        const { key, roles } = dumped
        const dump = { ...dumped.dump, tables: shown.tables }
        const beside = await keepBeside({ store, key, serverMajor: dumped.facts.serverMajor, catalog: dump.catalog, roles, signal })
        checks.push(...beside.checks, ...plausible(dump, earlier[0], stamp === undefined && earlier.length === 0, inputs))
        const fingerprint = fingerprintPolicy(inputs)
        const made: BackupRun = { ...context, class: inputs.class, fingerprint, startedAt, finishedAt: context.clock.now() }
        const facts = inputs.history === 'store' ? { ...dumped.facts, stamp: stamp?.id } : dumped.facts
        const manifest = composeManifest(made, { ...dumped, facts }, dump, beside, { level: shown.level, checks })
        return await recordBackup({ manifest, shown, store, previous: earlier[0] }, inputs, limited)
      } catch (error) {
        if (!(error instanceof ReleaseError) || signal.aborted) throw error
        return describeUnrecorded(error, checks, dumped)
      }
    })
  },
})

/** Of both phases; `undefined` when files and ledger do not tell. Only a backup before a release asks for them. */
async function pendingMigrations(inputs: Inputs, lock: MigrationDatabase, context: Context): Promise<readonly Migration[] | undefined> {
  if (inputs['backup-when'] === 'always' || inputs.class !== 'releases') return undefined
  try {
    const { plans } = await readState(inputs, await readMigrations(inputs, context), lock, context)
    return [...plans.pre, ...plans.post]
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return undefined
  }
}

async function lookBack({ dump, key }: Dumped, store: Store, inputs: Inputs, context: Context) {
  const tools = { binDir: inputs['pg-bin-dir'], install: inputs['install-tools'], major: Number.parseInt(dump.clientVersion, 10) }
  const decode = (archive: Readable) => context.decodeArchive(archive, tools)
  try {
    return await withHeartbeat(
      context,
      () => `reading ${formatSize(dump.sizeBytes)} back`,
      () => inspect(store, { ...dump, ...dump.stored, key }, inputs.level, decode, context.signal),
    )
  } catch (error) {
    throw context.signal.aborted ? stoppedReading(key, store, error) : error
  }
}

function plausible(dump: Dumped['dump'], previous: Manifest | undefined, isNew: boolean, inputs: Inputs): Check[] {
  const limits = { minTables: inputs['min-tables'], minSizeBytes: inputs['min-size'], maxShrink: inputs['max-shrink'], isNew }
  return checkPlausible(dump, previous === undefined ? undefined : earlierOf(previous), limits)
}

function notNeeded(reason: string): Outcome {
  return {
    verdict: 'pass',
    reason: `No backup was made: ${reason}.`,
    outputs: { made: 'false' },
    details: { made: false },
  }
}

function tooLate(limitMs: number | undefined) {
  return (cause: unknown) =>
    new ReleaseError('backup-failed', `The backup was stopped: it took longer than max-duration, ${formatDuration(limitMs ?? 0)}.`, {
      hint: 'There is no new backup. Dump a standby, leave it to a daily job (class: daily), or raise max-duration.',
      cause,
    })
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

/** The manifest comes last: whatever went wrong before it, or with it, leaves a dump that nobody may take for a backup. */
function describeUnrecorded(error: ReleaseError, checks: readonly Check[], { key, dump }: Dumped): Outcome {
  const what = `The dump of ${plural(dump.tables.length, 'table')} was written to ${key}`
  const reason = `${what}, but its manifest was not written and read back, so it is not to be counted on.`
  return { verdict: error.verdict, reason, checks, error, details: { key } }
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
