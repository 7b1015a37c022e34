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
/** Besides the parts on their way, one is being filled, and one waits to be collected. */
const inFlightBytes = 32 * mib

/**
 * Parts grow with the object, and fewer are on their way at once. The whole process stays below 250 MB up to parts of
 * 32 MiB, which is a dump of 234 GiB; beyond, it takes about four parts more: 64 MiB each for a dump of 468 GiB.
 * Throws `backup-failed` when no division fits.
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
  return { partSizeBytes, queueSize: Math.min(mostAtOnce, Math.max(1, Math.floor(inFlightBytes / partSizeBytes))) }
}
