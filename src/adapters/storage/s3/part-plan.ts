import { ReleaseError } from '../../../errors.ts'
import { formatSize } from '../../../units.ts'

/** How an upload is divided. */
export interface PartPlan {
  readonly partSizeBytes: number
  /** How many parts are on their way at once. */
  readonly queueSize: number
}

const mib = 1024 ** 2
const largestObjectBytes = 5 * 1024 ** 4
/** S3 takes 10,000 parts: the rest is room for a dump that grows while it is made. */
const plannedParts = 9000
const growth = 1.2
const smallestPartBytes = 8 * mib
const mostAtOnce = 4
/** What larger parts may take together. */
const inFlightBytes = 24 * mib

/**
 * Parts grow with the object, and fewer are on their way at once. Beside each of them, one is being filled, one is
 * copied for TLS, and some wait to be collected: the whole process was seen with 212 MB for 4 parts of 8 MiB, and with
 * 228 MB for one of 16 MiB, which is a dump of 117 GiB. Beyond that it is more than 250 MB: 273 MB for parts of 32 MiB
 * (a dump of 234 GiB), 470 MB for parts of 64 MiB. Throws `backup-failed` when no division fits.
 */
export function partPlan(expectedBytes = 0): PartPlan {
  if (expectedBytes > largestObjectBytes) {
    throw new ReleaseError(
      'backup-failed',
      `A dump of up to ${formatSize(expectedBytes)} may not fit into S3, where an object ends at ${formatSize(largestObjectBytes)}.`,
      { hint: 'Use a store in a folder for a database of this size.' },
    )
  }
  const needed = Math.ceil((expectedBytes * growth) / plannedParts / mib) * mib
  const partSizeBytes = Math.max(smallestPartBytes, needed)
  const queueSize = partSizeBytes === smallestPartBytes ? mostAtOnce : Math.max(1, Math.floor(inFlightBytes / partSizeBytes))
  return { partSizeBytes, queueSize }
}
