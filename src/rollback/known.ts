import { ReleaseError } from '../errors.ts'
import { type AttemptRow, type History, type HistoryRow, newest, type ReversalRow } from '../migration/history.ts'
import type { LedgerEntry } from '../migration/ledger.ts'
import type { NotedVersion } from '../migration/ledger-note.ts'
import { type Migration, shownVersion } from '../migration/migration.ts'
import { formatDuration } from '../units.ts'
import type { RecordedRun, Records } from './records.ts'

/** The history of an environment that a store holds, read without the database. */
export interface StoredRun {
  readonly history: History
  /** Versions of which some statements have begun, and that were not recorded as applied. */
  readonly begun: ReadonlySet<string>
}

/** What had run, as the store tells it. */
export interface Known {
  /** What has run, and what may have. */
  readonly entries: readonly LedgerEntry[]
  readonly history: History
  readonly perhaps: readonly NotedVersion[]
  /** Later runs that may have changed the version tables, and do not say how. */
  readonly unaccounted: readonly RecordedRun[]
  readonly postgres: number | undefined
  readonly database: string | undefined
  readonly source: Source
  readonly notes: readonly string[]
}

/** What a decision without the database goes by. */
export interface Source {
  readonly kind: 'record' | 'history'
  readonly at: Date
  /** Such as `migrate, run 77.1`. */
  readonly run: string | undefined
}

/** The stored history goes before the results, which do not know of a run that was killed. Throws `record-not-found`. */
export function knownFrom(
  records: Records,
  stored: StoredRun | undefined,
  { environment, place }: { environment: string; place: string },
): Known {
  const { ledger } = records
  if (stored !== undefined && stored.history.rows.length > 0) return fromHistory(stored, records)
  if (ledger === undefined) throw notFound(records, environment, place)
  const { at, command, run, commit, postgres, database, ran, perhaps } = ledger
  const attempts = ran.flatMap((one) => attemptOf(one, { at, commit }))
  return {
    entries: [...ran, ...perhaps].map(entryOf),
    // the release before the one of that record is not the live one
    history: { rows: [...attempts, ...(records.liveUnread ? [] : records.live)], former: [] },
    perhaps,
    unaccounted: records.unaccounted,
    postgres,
    database,
    source: { kind: 'record', at, run: `${command}, run ${run}` },
    notes: records.liveUnread ? ['A newer record of a deploy or a rollback cannot be read: another release may be live.'] : [],
  }
}

/** Versions from before the history began are in no row of it; a result may hold them. */
function fromHistory({ history, begun }: StoredRun, { ledger }: Records): Known {
  const { rows } = history
  const attempts = new Map<string, AttemptRow>()
  const reversals = new Map<string, ReversalRow>()
  for (const row of [...history.former, ...rows]) {
    if (row.event === 'migration') {
      attempts.set(row.version, row)
      if (row.state === 'applied' || row.state === 'applied-unreported') reversals.delete(row.version)
    } else if (row.event === 'reversal' && (row.state === 'reverted' || row.state === 'running')) reversals.set(row.version, row)
  }
  const entries = new Map<string, LedgerEntry>()
  const perhaps: NotedVersion[] = []
  const noted = ledger?.ran ?? []
  const contained = rows.flatMap((row) => (row.event === 'deployed' ? row.migrations : [])).filter(({ phase }) => phase === 'pre')
  for (const { version, phase } of contained) entries.set(version, entryOf({ version, phase, checksum: undefined, name: undefined }))
  for (const one of noted) entries.set(one.version, entryOf(one))
  for (const { version, phase, checksum, name, state } of attempts.values()) {
    const ended = state === 'applied' || state === 'applied-unreported'
    const one = { version, phase, checksum, name }
    if (!ended && (state === 'running' || state === 'unknown' || begun.has(version))) perhaps.push(one)
    if (ended || perhaps.includes(one)) entries.set(version, entryOf(one))
  }
  for (const version of begun) {
    if (attempts.has(version)) continue
    perhaps.push({ version, phase: undefined, checksum: undefined, name: undefined })
    entries.set(version, entryOf({ version, phase: undefined, checksum: undefined, name: undefined }))
  }
  for (const { version, phase, checksum, name, state, at } of reversals.values()) {
    const later = ledger !== undefined && ledger.at > at ? noted.find((one) => one.version === version) : undefined
    if (later !== undefined) continue // the tool itself may have run it again
    entries.delete(version)
    if (state === 'reverted') continue
    const one = { version, phase, checksum, name }
    perhaps.push(one)
    entries.set(version, entryOf(one))
  }
  const last = newest(rows) as HistoryRow
  return {
    entries: [...entries.values()],
    history,
    perhaps,
    unaccounted: [],
    postgres: ledger?.postgres,
    database: ledger?.database,
    source: { kind: 'history', at: last.at, run: undefined },
    notes: [],
  }
}

/** Such as `the record of 2026-11-21 14:02:26 UTC (migrate, run 77.1), 3 h ago`. */
export function describeSource({ kind, at, run }: Source, now: Date): string {
  const moment = at.toISOString().slice(0, 19).replace('T', ' ')
  const age = `${formatDuration(Math.max(0, now.getTime() - at.getTime()))} ago`
  if (kind === 'history') return `the stored history, last added to on ${moment} UTC, ${age}`
  return `the record of ${moment} UTC (${run}), ${age}`
}

/**
 * Whatever may have run counts as run, unless it belongs to the target: then its code may miss what did not run.
 * Throws `half-applied`. Returns what is worth a note.
 */
export function countPerhaps(perhaps: readonly NotedVersion[], target: readonly Migration[], name: string): readonly string[] {
  const own = perhaps.find(({ version }) => target.some((one) => one.version === version && one.phase === 'pre'))
  if (own !== undefined) {
    throw new ReleaseError(
      'half-applied',
      `Version ${shownVersion(own.version)} of ${name} had begun when the run ended, and nothing tells whether it has finished.`,
      {
        hint: 'Only the database knows: run the same command without --from-record when it can be reached again.',
      },
    )
  }
  return perhaps.map(
    ({ version, name: id }) =>
      `Version ${shownVersion(version)}${id === undefined ? '' : ` (${id})`} had begun, and may have run: it counts as run.`,
  )
}

/** Versions of files that a run without an account may have applied. */
export function mayHaveRun(migrations: readonly Migration[], known: readonly Pick<LedgerEntry, 'version'>[]): readonly NotedVersion[] {
  const there = new Set(known.map(({ version }) => version))
  return migrations
    .filter(({ version }) => !there.has(version))
    .map(({ version, phase, checksum, id }) => ({ version, phase, checksum, name: id }))
}

export function entryOf({ version, phase, checksum }: NotedVersion): LedgerEntry {
  return { version, phase, checksum, appliedAt: undefined }
}

/** A version as if an attempt of the run had applied it: that gives it its name, and a commit that may hold its text. */
export function attemptOf(
  { version, phase = 'pre', checksum, name = '' }: NotedVersion,
  { at, commit }: Pick<RecordedRun, 'at' | 'commit'>,
): readonly AttemptRow[] {
  if (checksum === undefined) return []
  return [{ event: 'migration', release: '', commit, at, phase, version, name, checksum, state: 'applied' }]
}

function notFound({ environments, unaccounted }: Records, environment: string, place: string): ReleaseError {
  const others = environments.filter((one) => one !== environment)
  const why =
    unaccounted.length > 0
      ? `The records of ${environment} in ${place} do not say what had run.`
      : `${place} holds no record of ${environment} that says what had run.`
  const named = others.length === 0 ? '' : ` Environments with records there: ${others.join(', ')}; --environment names one.`
  return new ReleaseError('record-not-found', why, {
    hint: `Results of "plan", "migrate" and "record deployed" are kept where --store (or store in shiplock.yml) was named for them too.${named} Without a record only the database can tell: run the same command without --from-record.`,
  })
}
