import { ReleaseError } from '../../../errors.ts'
import { formatSize } from '../../../units.ts'

/** How an upload is divided. */
export interface PartPlan {
  readonly partSizeBytes: number
  /** How many parts are in memory at once: one is filled while the others are on their way. */
  readonly blockCount: number
}

const mib = 1024 ** 2
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const largestObjectBytes = 5 * 1024 ** 4
/** S3 takes 10,000 parts: the rest is room for a dump that grows while it is made. */
const plannedParts = 9000
const growth = 1.2
const smallestPartBytes = 8 * mib
const mostBlocks = 5
/** What all blocks may take together. */
const blockBytes = 96 * mib

/**
 * Parts grow with the object, and fewer are in memory at once. Beyond 48 MiB, a dump of 351 GiB, there is only one, which
 * is filled and sent by turns; beyond 96 MiB, a dump of 703 GiB, memory grows with the parts. Throws `backup-failed` when
 * no division fits.
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
  return { partSizeBytes, blockCount: Math.max(1, Math.min(mostBlocks, Math.floor(blockBytes / partSizeBytes))) }
}
