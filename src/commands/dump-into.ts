import type { FingerprintPolicy } from '../backup/content.ts'
import type { RolesDump, SourceDatabase } from '../backup/dump.ts'
import { describeEstimate, estimateBackup, refuseTooLarge } from '../backup/estimate.ts'
import { contentsKeyOf, dumpKey, manifestKeyOf, rolesKeyOf } from '../backup/key.ts'
import type { Manifest } from '../backup/manifest.ts'
import { standbyChecks } from '../backup/preflight.ts'
import type { Store } from '../backup/store.ts'
import { type WrittenDump, writeDump } from '../backup/write-dump.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { Check } from '../result.ts'
import { formatMoment, formatSize } from '../units.ts'
import type { Context } from './command.ts'
import { withHeartbeat } from './heartbeat.ts'

export const dumpInputNames = [
  'class',
  'lock-wait-timeout',
  'fingerprint',
  'fingerprint-time',
  'include-roles',
  'max-standby-lag',
  'max-duration',
] as const

type Inputs = Pick<InputValues, (typeof dumpInputNames)[number]>

/** What was dumped, and where it lies. */
export interface Dumped extends Pick<SourceDatabase, 'facts' | 'snapshot' | 'runnerAt'> {
  readonly key: string
  readonly dump: WrittenDump
  readonly roles: RolesDump
  readonly checks: readonly Check[]
}

/** Where a dump goes. */
interface Destination {
  readonly store: Store
  /** Backups of this database that the store holds, the newest first. */
  readonly earlier: readonly Manifest[]
}

/** The snapshot, which keeps the server from cleaning up, is held for the dump alone, not for reading it back. */
export async function dumpInto(
  { store, earlier }: Destination,
  openSource: () => Promise<SourceDatabase>,
  inputs: Inputs,
  context: Context,
): Promise<Dumped> {
  await using source = await openSource()
  const { facts, snapshot, runnerAt } = source
  const { checks, expectedBytes } = lookAhead(source, { store, earlier }, inputs, context)
  const key = keyOf(source, inputs.class, context)
  await refuseTaken(store, key)
  context.log.info(`dumping ${facts.database}, snapshot ${formatMoment(snapshot.at)}`)
  let sizeBytes = 0
  const onBytes = (count: number) => {
    sizeBytes = count
  }
  const { signal } = context
  const fingerprint = fingerprintPolicy(inputs)
  const dump = await withHeartbeat(
    context,
    () => `dumping: ${formatSize(sizeBytes)} so far`,
    () => writeDump({ source, store, key, lockWaitTimeoutMs: inputs['lock-wait-timeout'], fingerprint, expectedBytes, signal, onBytes }),
  )
  context.log.info(`dumped ${formatSize(dump.sizeBytes)} to ${key}`)
  sayWarnings(dump.warnings, context)
  const roles: RolesDump = inputs['include-roles'] ? await source.readRoles(signal) : { notKept: 'include-roles is false' }
  return { facts, snapshot, runnerAt, key, dump, roles, checks }
}

/** Says what is to be expected, and refuses what cannot come to a good end, before the dump starts. */
export function lookAhead(
  { facts, warnings }: SourceDatabase,
  { store, earlier }: Destination,
  inputs: Pick<Inputs, 'max-standby-lag' | 'max-duration'>,
  { log }: Context,
): { checks: Check[]; expectedBytes: number } {
  for (const warning of warnings) log.warn(warning)
  const checks = standbyChecks(facts, inputs['max-standby-lag'])
  const estimate = estimateBackup(facts.sizeBytes, earlier)
  log.info(describeEstimate(estimate))
  refuseTooLarge(estimate, inputs['max-duration'], store.largestBytes)
  return { checks, expectedBytes: Math.min(estimate.dumpBytes.high, store.largestBytes ?? Number.MAX_SAFE_INTEGER) }
}

export function fingerprintPolicy(inputs: Pick<Inputs, 'fingerprint' | 'fingerprint-time'>): FingerprintPolicy {
  return { mode: inputs.fingerprint, limitMs: inputs['fingerprint-time'] }
}

export function keyOf({ facts, snapshot }: SourceDatabase, className: string, { project, environment, release }: Context): string {
  return dumpKey({ project, environment, release, class: className, database: facts.database, at: snapshot.at })
}

function sayWarnings(lines: readonly string[], { log }: Context): void {
  if (lines.length === 0) return
  log.warn('pg_dump ended with 0, and said:')
  for (const line of lines) log.foreign(line)
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
