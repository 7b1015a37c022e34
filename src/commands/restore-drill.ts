import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { type FoundBackup, findBackup, newestBackup } from '../backup/find-backup.ts'
import type { Manifest } from '../backup/manifest.ts'
import type { Store } from '../backup/store.ts'
import { compareLedgerHeads, compareRowCounts } from '../drill/compare.ts'
import { conclude, type Findings } from '../drill/conclude.ts'
import { refuseMissingExtensions } from '../drill/extensions.ts'
import { fetchDump } from '../drill/fetch.ts'
import { PhaseTimer } from '../drill/phases.ts'
import { recordDrill } from '../drill/record.ts'
import { runSmoke } from '../drill/run-smoke.ts'
import { parseSmokeFile, type SmokeQuery } from '../drill/smoke.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import { asReleaseError } from '../explain-error.ts'
import type { InputValues } from '../inputs.ts'
import { textOf } from '../migration/layout.ts'
import { formatDuration, formatSize } from '../units.ts'
import { version } from '../version.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { openDrillPlace, placeInputNames } from './drill-place.ts'
import { withHeartbeat } from './heartbeat.ts'
import { storePlace } from './store-place.ts'

const inputNames = [
  'store',
  'key',
  'max-backup-age',
  'smoke',
  'smoke-timeout',
  'max-restore-time',
  'keep',
  'show-data',
  'state-schema',
  ...placeInputNames,
] as const
type Inputs = Pick<InputValues, (typeof inputNames)[number]>

/** A drill under way: what has been seen of it stays known when it breaks off. */
interface Drill {
  readonly backup: FoundBackup
  readonly store: Store
  readonly queries: readonly SmokeQuery[] | undefined
  readonly timer: PhaseTimer
  readonly findings: Findings
  readonly details: { isolation?: string; notRestored?: readonly string[]; kept?: string }
}

export default defineCommand({
  summary: 'Restore a backup into a scratch cluster, compare it with its manifest, and run smoke queries on it.',
  inputs: inputNames,
  positional: 'key',
  outputs: {
    'backup-id': 'Id of the backup that was restored.',
    'recovery-seconds': 'Seconds from looking for the backup to the last smoke query, on this machine.',
    level: 'What was shown of the backup: restored, or usable when smoke queries passed.',
  },

  async run(inputs, context): Promise<Outcome> {
    const startedAt = context.clock.now()
    const queries = await readSmokeQueries(inputs.smoke, context)
    const store = await context.openStore(inputs.store)
    const timer = new PhaseTimer(() => context.clock.monotonic())
    const backup = await timer.time('locate', () => locate(store, inputs.key, context))
    const drill: Drill = { backup, store, queries, timer, findings: {}, details: {} }
    try {
      await restoreAndLook(drill, inputs, context)
    } catch (error) {
      drill.findings.error = knownError(error, context)
      if (context.signal.aborted) delete drill.details.kept
    }
    const outcome = outcomeOf(drill, inputs, context)
    const record = context.signal.aborted ? undefined : await keepRecord(drill, outcome, startedAt, context)
    return { ...outcome, details: { ...outcome.details, ...(record === undefined ? {} : { record }) } }
  },
})

/** Every mistake in the queries is known before anything is downloaded. */
async function readSmokeQueries(folder: string | undefined, { readFolder }: Context): Promise<readonly SmokeQuery[] | undefined> {
  if (folder === undefined) return undefined
  const files = await readFolder(folder)
  if (files === undefined) {
    throw new ReleaseError('unreadable-file', `The folder of smoke queries ${folder} does not exist.`, { hint: 'Check the input smoke.' })
  }
  const queries: SmokeQuery[] = []
  for (const file of files.filter(({ name }) => name.endsWith('.sql'))) queries.push(...(await parseSmokeFile(file.path, textOf(file))))
  if (queries.length === 0) {
    throw new ReleaseError('invalid-smoke-query', `${folder} holds no *.sql file.`, { hint: 'Check the input smoke.' })
  }
  return queries
}

async function locate(store: Store, key: string | undefined, { project, environment, log }: Context): Promise<FoundBackup> {
  const scope = { project, environment }
  const backup = key === undefined ? await newestBackup(store, scope) : await findBackup(store, scope, key)
  const { manifest, ignored } = backup
  for (const { manifestKey, problem } of ignored) log.warn(`${manifestKey} was passed over: ${problem}`)
  if (manifest.project !== project || manifest.environment !== environment) {
    log.warn(`this backup is of ${manifest.project}, environment ${manifest.environment}`)
  }
  log.info(`${manifest.id}: ${formatSize(manifest.object.sizeBytes)} from ${manifest.dump.snapshotAt}`)
  return backup
}

async function restoreAndLook(drill: Drill, inputs: Inputs, context: Context): Promise<void> {
  const { backup, store, queries, timer, findings, details } = drill
  const { manifest } = backup
  const { signal } = context
  const time = <T>(name: string, work: () => Promise<T>) => timed(drill, name, work, context)

  await using folder = await context.makeFolder()
  await warnAboutRoom(manifest, folder.path, context)
  const archive = join(folder.path, 'backup.dump')
  await time('fetch', () => fetchDump(store, manifest.object, archive, signal))

  await using cluster = await time('provision', () =>
    openDrillPlace(
      inputs,
      {
        ours: true,
        major: Math.max(manifest.source.serverMajor, Number.parseInt(manifest.dump.clientVersion, 10) || 0),
        encoding: manifest.source.encoding,
        collate: manifest.source.collate,
        ctype: manifest.source.ctype,
        systemIdentifier: manifest.source.systemIdentifier,
        database: undefined,
      },
      context,
    ),
  )
  details.isolation = cluster.isolation
  if (inputs.keep) {
    cluster.keep()
    details.kept = cluster.directory
  }
  await time('extensions', async () => refuseMissingExtensions(await cluster.prepareExtensions(manifest.source.extensions)))
  for (const section of ['pre-data', 'data', 'post-data'] as const) {
    await time(section, () => cluster.restore(archive, section, signal))
  }
  findings.restored = true
  details.notRestored = await cluster.notRestored(archive)
  await time('analyze', () => cluster.analyze())
  await time('compare', async () => {
    findings.rowCounts = compareRowCounts(manifest.tables, await cluster.countRows(), details.notRestored ?? [])
    findings.ledgerHeads = compareLedgerHeads(
      manifest.ledgerHeads,
      await cluster.ledgerHeads(
        inputs['state-schema'],
        manifest.ledgerHeads.map(({ table }) => table),
      ),
    )
  })
  if (queries !== undefined) {
    const policy = { timeoutMs: inputs['smoke-timeout'], showData: inputs['show-data'], signal }
    findings.smoke = await time('smoke', () => runSmoke(queries, cluster, policy))
  }
  findings.recoveryTimeMs = timer.recoveryTimeMs
}

async function timed<T>({ timer }: Drill, name: string, work: () => Promise<T>, context: Context): Promise<T> {
  context.signal.throwIfAborted()
  const started = context.clock.monotonic()
  const elapsed = () => formatDuration(context.clock.monotonic() - started)
  const result = await timer.time(name, () => withHeartbeat(context, () => `${name}: ${elapsed()} so far`, work))
  context.log.info(`${name}: ${elapsed()}`)
  return result
}

/** The size on the source counts what a restore does not write, so too little room is a warning, not a refusal. */
async function warnAboutRoom({ object, source }: Manifest, path: string, { log }: Context): Promise<void> {
  const { bavail, bsize } = await statfs(path)
  const needed = object.sizeBytes + source.sizeBytes
  const free = bavail * bsize
  if (free < needed) log.warn(`${formatSize(free)} are free for temporary files; the drill may need ${formatSize(needed)}`)
}

function outcomeOf({ backup, timer, findings, details }: Drill, inputs: Inputs, context: Context): Outcome {
  const { manifest } = backup
  const limits = { maxAgeMs: inputs['max-backup-age'], maxRecoveryMs: inputs['max-restore-time'] }
  const { verdict, reason, checks, level } = conclude(manifest, findings, limits, context.clock.now())
  const { recoveryTimeMs, rowCounts, ledgerHeads, smoke, error } = findings
  return {
    verdict,
    reason: reason + storePlace(inputs.store, context),
    checks,
    outputs: {
      'backup-id': manifest.id,
      ...(recoveryTimeMs === undefined ? {} : { 'recovery-seconds': Math.round(recoveryTimeMs / 1000) }),
      ...(level === undefined ? {} : { level }),
    },
    details: {
      backup: { id: manifest.id, key: manifest.object.key, snapshotAt: manifest.dump.snapshotAt, sizeBytes: manifest.object.sizeBytes },
      ...(level === undefined ? {} : { level }),
      phases: timer.phases,
      ...(recoveryTimeMs === undefined ? {} : { recoveryTimeMs }),
      machine: { cpus: availableParallelism(), memoryBytes: totalmem() },
      ...details,
      mismatches: [...(rowCounts?.mismatches ?? []), ...(ledgerHeads?.mismatches ?? [])],
      ...(smoke === undefined ? {} : { smoke }),
    },
    ...(error === undefined ? {} : { error }),
  }
}

/** A reader's key is enough for a drill, so a record that cannot be written is a warning. */
async function keepRecord({ backup, store }: Drill, outcome: Outcome, startedAt: Date, context: Context): Promise<string | undefined> {
  const { run, signal, clock, log } = context
  const at = clock.now()
  const { details, error, outputs: _, ...rest } = outcome
  const facts = { tool: `shiplock/${version}`, run, startedAt: startedAt.toISOString(), finishedAt: at.toISOString() }
  try {
    return await recordDrill(
      store,
      backup.manifest,
      { run, at },
      { ...facts, ...rest, ...details, ...(error === undefined ? {} : { error: error.code }) },
      signal,
    )
  } catch (problem) {
    log.warn(`the record of this drill was not kept beside the backup: ${messageOf(problem)}`)
    return undefined
  }
}

/** A signal ends whatever is under way, and each part dies of it in its own words. */
function knownError(error: unknown, { signal }: Context): ReleaseError {
  if (signal.aborted) {
    return new ReleaseError('interrupted', 'The run was stopped by a signal; the scratch cluster is removed.', {
      hint: 'Run the same command again; nothing outside of the scratch cluster was changed.',
      cause: error,
    })
  }
  const known = asReleaseError(error)
  if (known.code === 'internal-error') throw error
  return known
}
