import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Fingerprint, fingerprintStream } from '../../backup/fingerprint-stream.ts'
import type { BackupScope } from '../../backup/key.ts'
import { putBack, type StorePlace } from '../../backup/restore-by-hand.ts'
import type { Store } from '../../backup/store.ts'
import { ReleaseError } from '../../errors.ts'
import type { TableName } from '../../migration/ledger.ts'
import { version } from '../../version.ts'
import type { DownLoss } from './loss.ts'
import { composeRescue } from './rescue-file.ts'
import { rescueKey, rescueManifestKey } from './rescue-key.ts'
import { writeRescueManifest } from './rescue-manifest.ts'
import type { RescuePart } from './rescue-part.ts'
import { RescueRowCounter, rescueBytes } from './rescue-rows.ts'
import type { CountedLoss, RescueSource } from './rescue-source.ts'
import type { Piece } from './restore-pieces.ts'

/** A rescue copy that was read back: its stored bytes and rows are those that were written. */
export interface Rescue {
  readonly key: string
  readonly bytes: number
  readonly sha256: string
  readonly rows: bigint
  readonly manifestKey: string
  /** One exact shell command that puts it back. */
  readonly command: string
}

/** Counts every loss, and marks it, under the one snapshot of the source. A loss that nobody can count stays in the list. */
export function countLosses(source: RescueSource, losses: readonly DownLoss[]): Promise<readonly CountedLoss[]> {
  return source.count(losses)
}

/** The tables that a rescue source must lock before its snapshot. */
export function lostTables(losses: readonly DownLoss[]): readonly TableName[] {
  const tables = losses.flatMap(({ table, copy }) =>
    table === undefined || copy?.kind === 'sequence' || copy?.kind === 'position' ? [] : [table],
  )
  return tables.filter((one, index) => tables.findIndex((other) => other.schema === one.schema && other.table === one.table) === index)
}

/** The losses that a rescue copy cannot hold; it needs a whole backup while there is one. */
export function notRescued<Loss extends DownLoss>(losses: readonly Loss[]): readonly Loss[] {
  return losses.filter(({ copy }) => copy === undefined)
}

export interface RescueWork extends BackupScope {
  readonly source: RescueSource
  readonly store: Store
  readonly place: StorePlace
  /** The migration whose down is about to run. */
  readonly migration: string
  readonly run: { readonly id: string; readonly attempt: string; readonly host: string }
  readonly losses: readonly CountedLoss[]
  readonly signal: AbortSignal
  readonly onBytes?: (sizeBytes: number) => void
}

/**
 * Copies what the losses are about into the store, and reads it back. Throws `rescue-incomplete` where a loss cannot be
 * copied, and `rescue-failed` where the store does not give back what was written; then nothing of it is left there.
 */
export async function saveRescue(work: RescueWork): Promise<Rescue> {
  const { source, store, losses, signal, place } = work
  const [missing] = notRescued(losses)
  if (missing !== undefined) {
    throw new ReleaseError('rescue-incomplete', `No rescue copy can hold ${missing.what} (${missing.place}).`, {
      hint: 'Only a whole backup does: make one with backup, or go forward with a hotfix.',
    })
  }
  const { database, at } = source.facts
  const key = rescueKey({ ...work, database, at })
  const tag = `shiplock-rows-${key.slice(key.lastIndexOf('/') + 1)}`
  const pieces = await composeRescue(source, inOrder(losses), {
    migration: work.migration,
    tool: `shiplock/${version}`,
    what: losses.map(({ what, counted }) => `${what}${counted === undefined ? '' : ` (${counted})`}`),
  })
  const expected = await expectedRows(source, pieces)
  const { sizeBytes, sha256 } = await write(work, key, rescueBytes(source, pieces, tag, expected))
  const manifestKey = rescueManifestKey(key)
  const rows = expected.reduce((sum, one) => sum + one, 0n)
  const command = putBack(key, database, place)
  try {
    await readBack(work, key, { tag, expected, written: { sizeBytes, sha256 } })
    await writeRescueManifest(
      store,
      manifestKey,
      {
        schema: 'shiplock/rescue-manifest@1',
        tool: `shiplock/${version}`,
        project: work.project,
        environment: work.environment,
        migration: work.migration,
        run: work.run,
        source: {
          database,
          serverVersion: source.facts.serverVersion,
          ...(source.facts.systemIdentifier === undefined ? {} : { systemIdentifier: source.facts.systemIdentifier }),
          databaseOid: source.facts.databaseOid,
          snapshotAt: at.toISOString(),
        },
        object: { key, sizeBytes, sha256, rows: String(rows) },
        losses: losses.map(({ what, place: at, counted, markedAs }) => ({
          what,
          place: at,
          ...(counted === undefined ? {} : { count: String(counted) }),
          ...(markedAs === undefined ? {} : { mark: markedAs }),
        })),
        command,
      },
      signal,
    )
  } catch (error) {
    for (const one of [manifestKey, key]) await store.delete(one).catch(() => {}) // the first error says what happened
    throw error
  }
  return { key, bytes: sizeBytes, sha256, rows, manifestKey, command }
}

/** What went last comes back first, as foreign keys want it; what one statement takes is listed with what others lean on first. */
function inOrder(losses: readonly CountedLoss[]): readonly RescuePart[] {
  const statements = new Map<string, CountedLoss[]>()
  for (const loss of losses) {
    const name = `${loss.place} ${loss.statement}`
    statements.set(name, [...(statements.get(name) ?? []), loss])
  }
  return [...statements.values()].reverse().flatMap((of) => of.flatMap(({ copy }) => copy ?? []))
}

async function expectedRows(source: RescueSource, pieces: readonly Piece[]): Promise<readonly bigint[]> {
  const expected: bigint[] = []
  for (const piece of pieces) if (typeof piece !== 'string') expected.push(await source.countRows(piece.select, piece.ownPath))
  return expected
}

/** The object appears only when the last byte was made. */
async function write({ store, signal, onBytes }: RescueWork, key: string, bytes: AsyncGenerator<Buffer>): Promise<Fingerprint> {
  const { stream, result } = fingerprintStream(onBytes)
  const flow = pipeline(Readable.from(bytes, { objectMode: false }), stream, { signal })
  flow.catch(() => {}) // what breaks the flow breaks the object too
  try {
    await store.put(key, stream, signal)
    await flow
    return result()
  } catch (error) {
    const cause = await flow.then(
      () => error,
      (why: unknown) => (why instanceof ReleaseError ? why : error),
    )
    if (!signal.aborted) throw cause
    throw new ReleaseError('interrupted', 'The run was stopped in the middle of the rescue copy; nothing of it was stored.', {
      hint: 'Run the same command again; a second run is safe.',
      cause,
    })
  }
}

interface Expected {
  readonly tag: string
  readonly expected: readonly bigint[]
  readonly written: Fingerprint
}

/** Fetches the stored bytes anew, from the first to the last. */
async function readBack({ store, signal }: RescueWork, key: string, { tag, expected, written }: Expected): Promise<void> {
  const counter = new RescueRowCounter(tag)
  const { stream, result } = fingerprintStream()
  await pipeline(
    await store.get(key),
    stream,
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) counter.write(chunk)
    },
    { signal },
  )
  const found = result()
  if (found.sha256 !== written.sha256 || found.sizeBytes !== written.sizeBytes) {
    const sizes = `${found.sizeBytes} bytes were read, ${written.sizeBytes} were written`
    throw damaged(key, `the stored bytes are not those that were written (${sizes})`)
  }
  const counts = counter.counts
  const isWhole = counter.isWhole && counts.length === expected.length && counts.every((one, index) => one === expected[index])
  if (!isWhole) throw damaged(key, `it holds ${counts.join(' + ') || 'no'} rows, where ${expected.join(' + ') || 'none'} were counted`)
}

function damaged(key: string, problem: string): ReleaseError {
  return new ReleaseError('rescue-failed', `The rescue copy ${key} was not read back: ${problem}.`, {
    hint: 'Nothing was changed in the database. Look after the store, and run it again; or make a whole backup.',
  })
}
