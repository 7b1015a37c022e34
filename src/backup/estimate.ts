import { ReleaseError } from '../errors.ts'
import { formatDuration, formatSize, plural } from '../units.ts'
import type { Manifest } from './manifest.ts'

/** From the least that is likely to the most. */
interface Range {
  readonly low: number
  readonly high: number
}

export interface Estimate {
  readonly databaseBytes: number
  readonly durationMs: Range
  readonly dumpBytes: Range
  /** How many earlier backups it goes by; with none it is a guess. */
  readonly earlier: number
}

const mostEarlier = 5
/** Milliseconds that nobody plans by. */
const aMoment = 10_000
/** A busy server or network may make one backup slower than the last; a quiet one faster. */
const spread: Range = { low: 0.7, high: 1.5 }
/** Bytes of the database in a second, from a slow disk and network to fast ones. */
const guessedSpeed: Range = { low: 20_000_000, high: 150_000_000 }
/** A dump has no indexes and is compressed, but what is compressed already stays as large as it is. */
const guessedSize: Range = { low: 0.05, high: 1 }

/**
 * How long a backup will take and how large it will be, from the size of the database and the earlier backups of it,
 * the newest first.
 */
export function estimateBackup(databaseBytes: number, earlier: readonly Manifest[]): Estimate {
  const known = earlier.filter(({ source }) => source.sizeBytes > 0).slice(0, mostEarlier)
  const dumpBytes = known.length === 0 ? times(databaseBytes, guessedSize) : scaled(databaseBytes, known.map(sizeShare))
  const durationMs =
    known.length === 0
      ? { low: (databaseBytes / guessedSpeed.high) * 1000, high: (databaseBytes / guessedSpeed.low) * 1000 }
      : scaled(databaseBytes, known.map(msPerByte))
  return { databaseBytes, durationMs, dumpBytes, earlier: known.length }
}

/** What the log says before the dump. */
export function describeEstimate({ databaseBytes, durationMs, dumpBytes, earlier }: Estimate): string {
  const takes = durationMs.high < aMoment ? 'a few seconds' : formatRange(durationMs, formatDuration)
  const basis = earlier > 0 ? `going by ${plural(earlier, 'earlier backup')}` : 'a guess at 20 to 150 MB/s: there is no earlier backup'
  return `${formatSize(databaseBytes)} on the server; expected: ${takes}, a dump of ${formatRange(dumpBytes, formatSize)} (${basis})`
}

/** Throws `backup-too-large` when even the best that is likely is beyond a limit: better now than after hours. */
export function refuseTooLarge(estimate: Estimate, maxDurationMs: number | undefined, largestBytes: number | undefined): void {
  const { databaseBytes, durationMs, dumpBytes } = estimate
  if (maxDurationMs !== undefined && durationMs.low > maxDurationMs) {
    throw new ReleaseError(
      'backup-too-large',
      `A backup of this database (${formatSize(databaseBytes)}) would take at least ${formatDuration(durationMs.low)}, and max-duration is ${formatDuration(maxDurationMs)}. ${describeEstimate(estimate)}.`,
      {
        hint: `Nothing was dumped. Dump a standby, or leave it to a daily job (class: daily) and set backup-when: major; or raise max-duration.`,
      },
    )
  }
  if (largestBytes === undefined || dumpBytes.low <= largestBytes) return
  throw new ReleaseError(
    'backup-too-large',
    `The dump of this database (${formatSize(databaseBytes)}) would have at least ${formatSize(dumpBytes.low)}, and the store takes no object above ${formatSize(largestBytes)}.`,
    { hint: 'Nothing was dumped. One object cannot hold it: use physical backups (pgBackRest, WAL-G, Barman) for this database.' },
  )
}

function sizeShare({ source, object }: Manifest): number {
  return object.sizeBytes / source.sizeBytes
}

function msPerByte({ source, startedAt, finishedAt }: Manifest): number {
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / source.sizeBytes
}

function scaled(databaseBytes: number, shares: readonly number[]): Range {
  return times(databaseBytes, { low: Math.min(...shares) * spread.low, high: Math.max(...shares) * spread.high })
}

function times(databaseBytes: number, { low, high }: Range): Range {
  return { low: databaseBytes * low, high: databaseBytes * high }
}

function formatRange({ low, high }: Range, format: (value: number) => string): string {
  const [from, to] = [format(Math.round(low)), format(Math.round(high))]
  return from === to ? from : `${from} to ${to}`
}
