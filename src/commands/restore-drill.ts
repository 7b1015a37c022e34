import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import type { Store } from '../backup/store.ts'
import { compareContent, isFullyHashed } from '../drill/compare-content.ts'
import { unreplayed } from '../drill/compare-memberships.ts'
import { conclude, type Findings } from '../drill/conclude.ts'
import { readEarlierDrills } from '../drill/earlier-drills.ts'
import { refuseMissingExtensions } from '../drill/extensions.ts'
import { undumped } from '../drill/left-out.ts'
import { PhaseTimer } from '../drill/phases.ts'
import { runSmoke } from '../drill/run-smoke.ts'
import type { ScratchCluster } from '../drill/scratch.ts'
import type { SmokeQuery } from '../drill/smoke.ts'
import type { Archive, DrillSubject } from '../drill/subject.ts'
import { trendWarning } from '../drill/trend.ts'
import { ReleaseError } from '../errors.ts'
import { asReleaseError } from '../explain-error.ts'
import type { InputValues } from '../inputs.ts'
import { formatDuration, formatSize } from '../units.ts'
import { type Context, type DatabaseInputs, defineCommand, type Outcome } from './command.ts'
import { databaseInputs } from './database-inputs.ts'
import { openDrillPlace, placeInputNames, refusePreparedTarget } from './drill-place.ts'
import { keepDrillRecord } from './drill-record.ts'
import { findSubject, optionalSourceInputs, refuseSeveralSources, type SourceInputs, sourceInputNames } from './drill-source.ts'
import { withHeartbeat } from './heartbeat.ts'
import { readSmokeQueries } from './smoke-queries.ts'
import { storePlace } from './store-place.ts'

const ownInputNames = [
  'max-backup-age',
  'max-data-loss',
  'max-restore-time',
  'min-tables',
  'smoke',
  'smoke-timeout',
  'amcheck',
  'keep',
  'show-data',
  ...placeInputNames,
] as const
type Inputs = SourceInputs & Pick<InputValues, (typeof ownInputNames)[number]>

/** A drill under way: what has been seen of it stays known when it breaks off. */
interface Drill {
  readonly subject: DrillSubject
  readonly queries: readonly SmokeQuery[] | undefined
  readonly timer: PhaseTimer
  readonly findings: Findings
  readonly details: { isolation?: string; notRestored?: readonly string[]; kept?: string }
  archive?: Archive
}

export default defineCommand({
  summary: 'Restore a backup into a scratch cluster, compare it with its manifest, and run smoke queries on it.',
  inputs: [...sourceInputNames, ...ownInputNames],
  optional: optionalSourceInputs,
  positional: 'key',
  outputs: {
    'backup-id': 'Id of the backup that was restored, when it has a manifest.',
    'recovery-seconds': 'Seconds from looking for the backup to the last smoke query, on this machine.',
    'recovery-point-seconds': 'Seconds from the snapshot of the backup to now: what would be lost.',
    level: 'The most that was shown of the backup: restored, equal when it holds what was dumped, or usable when smoke queries passed.',
  },

  async run(inputs, context): Promise<Outcome> {
    const startedAt = context.clock.now()
    refuseSeveralSources(inputs)
    refusePreparedTarget(inputs)
    const queries = await readSmokeQueries(inputs.smoke, context)
    const store = inputs.store === undefined ? undefined : await context.openStore(inputs.store)
    const timer = new PhaseTimer(() => context.clock.monotonic())
    const subject = await timer.time('locate', () => findSubject(inputs, store, context))
    const drill: Drill = { subject, queries, timer, findings: {}, details: {} }
    try {
      await restoreAndLook(drill, inputs, context)
    } catch (error) {
      drill.findings.error = knownError(error, drill, context)
      if (context.signal.aborted) delete drill.details.kept
    }
    const outcome = outcomeOf(drill, inputs, context)
    if (store === undefined || context.signal.aborted) return outcome
    const past = await lookBack(outcome, drill, store, inputs, context)
    const record = subject.key === undefined ? undefined : await keepDrillRecord(store, subject.key, outcome, startedAt, context)
    return { ...outcome, details: { ...outcome.details, ...past, ...(record === undefined ? {} : { record }) } }
  },
})

async function restoreAndLook(drill: Drill, inputs: Inputs, context: Context): Promise<void> {
  const { subject, queries, timer, findings, details } = drill
  const { signal } = context
  const time = <T>(name: string, work: () => Promise<T>) => timed(drill, name, work, context)

  await using folder = await context.makeFolder()
  await warnAboutRoom(subject, folder.path, context)
  const archive = await time(subject.origin === 'fresh' ? 'dump' : 'fetch', () => subject.fetch(folder.path, signal))
  drill.archive = archive

  await using source = await sourceBeside(inputs, context)
  const restored = { ...archive.source, database: source }
  await using cluster = await time('provision', () => openDrillPlace(inputs, restored, context))
  details.isolation = cluster.isolation
  if (inputs.keep) {
    cluster.keep()
    details.kept = cluster.directory
  }
  await time('extensions', async () => refuseMissingExtensions(await cluster.prepareExtensions(archive.source.extensions)))
  for (const section of ['pre-data', 'data', 'post-data'] as const) {
    await time(section, () => cluster.restore(archive.path, section, signal))
  }
  findings.restored = true
  details.notRestored = await cluster.notRestored(archive.path)
  await time('analyze', () => cluster.analyze())
  await time('compare', () => compare(archive, cluster, drill, inputs['state-schema']))
  if (queries !== undefined) {
    const policy = { timeoutMs: inputs['smoke-timeout'], showData: inputs['show-data'], signal }
    findings.smoke = await time('smoke', () => runSmoke(queries, cluster, policy))
  }
  findings.recoveryTimeMs = timer.recoveryTimeMs
  if (inputs.amcheck !== 'never') findings.amcheck = await time('amcheck', () => cluster.amcheck())
}

/** A named target may be the very server that the archive is from: that server is asked where it was given. */
async function sourceBeside(inputs: Inputs, context: Context): Promise<(DatabaseInputs & AsyncDisposable) | undefined> {
  const { 'database-url': url, 'target-url': target } = inputs
  return url === undefined || target === undefined ? undefined : databaseInputs({ ...inputs, 'database-url': url }, context)
}

async function compare(
  { expectations, source }: Archive,
  cluster: ScratchCluster,
  { findings, details }: Drill,
  stateSchema: string,
): Promise<void> {
  if (expectations === undefined) {
    findings.counted = await cluster.countRows()
    return
  }
  const content = await cluster.readContent(stateSchema, expectations)
  findings.counted = new Map(content.tables.map(({ name, rows }) => [name, rows ?? 0]))
  const { hasOwners, version } = cluster
  const memberships = await cluster.readMemberships()
  const leftOut = details.notRestored ?? []
  const copy = { content, serverMajor: Number.parseInt(version, 10), leftOut, hasOwners, memberships, roles: source.roles }
  findings.comparisons = compareContent(expectations, copy)
  details.notRestored = [...leftOut, ...undumped(expectations.catalog), ...unreplayed(expectations.memberships, source.roles)]
  findings.allHashed = isFullyHashed(expectations)
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
async function warnAboutRoom({ neededBytes }: DrillSubject, path: string, { log }: Context): Promise<void> {
  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  if (neededBytes === undefined || free >= neededBytes) return
  log.warn(`${formatSize(free)} are free for temporary files; the drill may need ${formatSize(neededBytes)}`)
}

function outcomeOf({ subject, archive, timer, findings, details }: Drill, inputs: Inputs, context: Context): Outcome {
  const { origin, name, id, key } = subject
  const snapshotAt = archive?.snapshotAt ?? subject.snapshotAt
  const drilled = { origin, name, snapshotAt, zoneUnknown: archive?.zoneUnknown ?? false }
  const limits = {
    maxAgeMs: inputs['max-backup-age'],
    maxDataLossMs: inputs['max-data-loss'],
    maxRecoveryMs: inputs['max-restore-time'],
    minTables: inputs['min-tables'],
  }
  const { verdict, reason, checks, level, levels, recoveryPointMs } = conclude(drilled, findings, limits, context.clock.now())
  const { recoveryTimeMs, comparisons = [], smoke, error } = findings
  return {
    verdict,
    reason: reason + (key === undefined || inputs.store === undefined ? '' : storePlace(inputs.store, context)),
    checks,
    outputs: {
      ...(id === undefined ? {} : { 'backup-id': id }),
      ...(recoveryTimeMs === undefined ? {} : { 'recovery-seconds': Math.round(recoveryTimeMs / 1000) }),
      ...(recoveryPointMs === undefined ? {} : { 'recovery-point-seconds': Math.round(recoveryPointMs / 1000) }),
      ...(level === undefined ? {} : { level }),
    },
    details: {
      backup: { origin, id, name, key, snapshotAt: snapshotAt?.toISOString(), sizeBytes: archive?.sizeBytes },
      ...(level === undefined ? {} : { level, levels }),
      phases: timer.phases,
      ...(recoveryTimeMs === undefined ? {} : { recoveryTimeMs }),
      ...(recoveryPointMs === undefined ? {} : { recoveryPointMs }),
      machine: thisMachine(),
      ...details,
      mismatches: comparisons.flatMap(({ mismatches }) => mismatches),
      ...(smoke === undefined ? {} : { smoke }),
    },
    ...(error === undefined ? {} : { error }),
  }
}

function thisMachine() {
  return { cpus: availableParallelism(), memoryBytes: totalmem() }
}

/** Earlier drills beside this one, and whether the recovery time comes near its limit. */
async function lookBack(outcome: Outcome, { subject, archive, findings }: Drill, store: Store, inputs: Inputs, context: Context) {
  const foreignKey = subject.origin === 'dump' ? subject.key : undefined
  const { drills, problem } = await readEarlierDrills(store, context, foreignKey)
  const { verdict } = outcome
  const now = {
    at: context.clock.now().toISOString(),
    verdict,
    level: undefined,
    recoveryTimeMs: findings.recoveryTimeMs,
    sizeBytes: archive?.sizeBytes,
    machine: thisMachine(),
  }
  const limitMs = inputs['max-restore-time']
  const warning = limitMs === undefined ? undefined : trendWarning([...drills, now], limitMs)
  if (problem !== undefined) context.log.warn(problem)
  if (warning !== undefined) context.log.warn(warning)
  return { history: drills, notes: [warning, problem].filter((note) => note !== undefined) }
}

/** A signal ends whatever is under way, and each part dies of it in its own words. */
function knownError(error: unknown, { details }: Drill, { signal }: Context): ReleaseError {
  if (signal.aborted) {
    return new ReleaseError('interrupted', 'The run was stopped by a signal; the scratch cluster is removed.', {
      hint: 'Run the same command again; nothing outside of the scratch cluster was changed.',
      cause: error,
    })
  }
  const known = asReleaseError(error)
  if (known.code === 'internal-error') throw error
  const isMade = details.isolation !== undefined
  if (isMade && (known.code === 'connection-lost' || known.code === 'connection-failed')) {
    return new ReleaseError('scratch-failed', 'The scratch server ended while the drill was at work in it.', {
      hint: 'Is there enough memory on this machine, and room for temporary files (TMPDIR, RUNNER_TEMP)? Nothing is said about the backup.',
      cause: error,
    })
  }
  return known
}
