import { recordedDurations } from '../backup/recorded-durations.ts'
import { messageOf } from '../errors.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { newestDurations, type ObservedDuration } from '../migration/durations.ts'
import type { Migration } from '../migration/migration.ts'
import type { Context } from './command.ts'

/** What is known of how long migrations take, by the checksum of the file. */
export interface ExpectedDurations {
  readonly byChecksum: ReadonlyMap<string, ObservedDuration>
  /** Why something may be missing. */
  readonly problem: string | undefined
}

/** A plan is wanted now; what a slow store knows is not worth more. */
const longestMs = 20_000

/** Looks into the history of the database and the records of the store. Whatever is wrong with the store is a warning. */
export async function expectedDurations(
  pending: readonly Migration[],
  database: MigrationDatabase,
  storeUrl: string | undefined,
  context: Context,
): Promise<ExpectedDurations> {
  if (pending.length === 0) return { byChecksum: new Map(), problem: undefined }
  const checksums = new Set(pending.map(({ checksum }) => checksum))
  const here = await database.state.durations([...checksums])
  const { observed, problem } = storeUrl === undefined ? nothing : await fromStore(storeUrl, checksums, context)
  if (problem !== undefined) context.log.warn(`how long migrations took elsewhere is not fully known: ${problem}`)
  return { byChecksum: newestDurations([...here, ...observed]), problem }
}

const nothing = { observed: [], problem: undefined }

async function fromStore(url: string, checksums: ReadonlySet<string>, { clock, signal, project, openStore }: Context) {
  const late = new AbortController()
  const ended = new AbortController()
  void clock.sleep(longestMs, ended.signal).then(() => late.abort())
  try {
    return await recordedDurations(await openStore(url), project, checksums, AbortSignal.any([signal, late.signal]))
  } catch (error) {
    return { observed: [], problem: messageOf(error).replace(/\.$/, '') }
  } finally {
    ended.abort()
  }
}
