import { ReleaseError } from '../errors.ts'
import { formatCount, formatDuration, formatSize, plural } from '../units.ts'
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
  /** Of the upload, for the most that is likely. */
  readonly parts: { readonly count: number; readonly sizeBytes: number } | undefined
}

/** What a store takes. */
export interface UploadLimits {
  readonly largestBytes: number
  readonly mostParts: number
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const s3Limits: UploadLimits = { largestBytes: 5 * 1024 ** 4, mostParts: 10_000 }

const mostEarlier = 5
/** A busy server or network may make one backup slower than the last; a quiet one faster. */
const spread: Range = { low: 0.7, high: 1.5 }
/** Bytes of the database in a second, from a slow disk and network to fast ones. */
const guessedSpeed: Range = { low: 20_000_000, high: 150_000_000 }
/** A dump has no indexes and is compressed, but what is compressed already stays as large as it is. */
const guessedSize: Range = { low: 0.05, high: 1 }

/**
 * How long a backup will take and how large it will be, from the size of the database and the earlier backups of it,
 * the newest first. `partBytes` tells the size of an upload's parts where there are any.
 */
export function estimateBackup(databaseBytes: number, earlier: readonly Manifest[], partBytes?: (dumpBytes: number) => number): Estimate {
  const known = earlier.filter(({ source }) => source.sizeBytes > 0).slice(0, mostEarlier)
  const dumpBytes = known.length === 0 ? times(databaseBytes, guessedSize) : scaled(databaseBytes, known.map(sizeShare))
  const durationMs =
    known.length === 0
      ? { low: (databaseBytes / guessedSpeed.high) * 1000, high: (databaseBytes / guessedSpeed.low) * 1000 }
      : scaled(databaseBytes, known.map(msPerByte))
  const sizeBytes = partBytes?.(dumpBytes.high)
  const parts = sizeBytes === undefined ? undefined : { sizeBytes, count: Math.max(1, Math.ceil(dumpBytes.high / sizeBytes)) }
  return { databaseBytes, durationMs, dumpBytes, earlier: known.length, parts }
}

/** What the log says before the dump. */
export function describeEstimate({ databaseBytes, durationMs, dumpBytes, earlier, parts }: Estimate): string {
  const upload = parts === undefined ? '' : `, at most ${plural(parts.count, 'part')} of ${formatSize(parts.sizeBytes)}`
  const expected = `about ${formatRange(durationMs, formatDuration)} and ${formatRange(dumpBytes, formatSize)}${upload}`
  const database = `${formatSize(databaseBytes)} on the server`
  if (earlier > 0) return `${database}: ${expected}, going by ${plural(earlier, 'earlier backup')}`
  return `${database}, and no earlier backup to go by; at 20 to 150 MB/s ${expected}`
}

/** Throws `backup-too-large` when even the best that is likely is beyond a limit: better now than after hours. */
export function refuseTooLarge(estimate: Estimate, maxDurationMs: number | undefined, limits: UploadLimits | undefined): void {
  const { databaseBytes, durationMs, dumpBytes, parts } = estimate
  if (maxDurationMs !== undefined && durationMs.low > maxDurationMs) {
    throw new ReleaseError(
      'backup-too-large',
      `A backup of this database (${formatSize(databaseBytes)}) would take at least ${formatDuration(durationMs.low)}, and max-duration is ${formatDuration(maxDurationMs)}. ${describeEstimate(estimate)}.`,
      {
        hint: `Nothing was dumped. Dump a standby, or leave it to a daily job (class: daily) and set backup-when: major; or raise max-duration.`,
      },
    )
  }
  if (limits === undefined) return
  if (dumpBytes.low > limits.largestBytes) {
    throw new ReleaseError(
      'backup-too-large',
      `The dump of this database (${formatSize(databaseBytes)}) would have at least ${formatSize(dumpBytes.low)}, and the store takes no object above ${formatSize(limits.largestBytes)}.`,
      { hint: 'Nothing was dumped. One object cannot hold it: use physical backups (pgBackRest, WAL-G, Barman) for this database.' },
    )
  }
  const least = parts === undefined ? 0 : Math.ceil(dumpBytes.low / parts.sizeBytes)
  if (least > limits.mostParts) {
    throw new ReleaseError(
      'backup-too-large',
      `The dump of this database would need at least ${formatCount(least)} parts of ${formatSize(parts?.sizeBytes ?? 0)}, and the store takes ${formatCount(limits.mostParts)}.`,
      { hint: 'Nothing was dumped. This is a fault of Shiplock, which chooses the size of the parts: please report it.' },
    )
  }
}

/** A warning for what may be beyond the limits of a store, but need not. */
export function warnOfLimits({ dumpBytes, parts }: Estimate, { largestBytes, mostParts }: UploadLimits): string | undefined {
  if (dumpBytes.high <= largestBytes && (parts?.count ?? 0) <= mostParts) return undefined
  return `the dump may become as large as ${formatSize(dumpBytes.high)}, and the store takes no object above ${formatSize(largestBytes)} or of more than ${formatCount(mostParts)} parts`
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
