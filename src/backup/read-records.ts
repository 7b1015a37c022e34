import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { ReleaseError } from '../errors.ts'
import type { DeployRow, HistoryRow } from '../migration/history.ts'
import { ledgerNote } from '../migration/ledger-note.ts'
import type { RecordedRun, Records } from '../rollback/records.ts'
import type { Store, StoredObject } from './store.ts'

interface Placed extends RecordedRun {
  readonly environment: string
  readonly stamp: string
  readonly object: StoredObject
}

const largestBytes = 4 * 1024 * 1024
/** Errors with which a run may end that had begun already. */
const cutShort = ['interrupted', 'internal-error', 'connection-lost']

const record = z.object({
  release: z.string().default(''),
  verdict: z.string(),
  finishedAt: z.iso.datetime().transform((at) => new Date(at)),
  database: z.string().optional(),
  ledger: ledgerNote.optional(),
  applied: z.unknown().optional(),
  fact: z.string().optional(),
  recorded: z.boolean().optional(),
  error: z.object({ code: z.string() }).optional(),
})
type Read = z.output<typeof record> & { readonly place: Placed }

/** What the results that a store keeps say of an environment. Throws what the store throws when it cannot be listed or read. */
export async function readRecords(store: Store, scope: { readonly project: string; readonly environment: string }): Promise<Records> {
  const all = (await store.list(`${scope.project}/records/`)).flatMap((object) => placeOf(object, scope.project) ?? [])
  const here = all.filter(({ environment }) => environment === scope.environment)
  const { ledger, unaccounted } = await findLedger(store, here)
  const { live, liveUnread } = await findLive(store, here)
  return { ledger, unaccounted, live, liveUnread, environments: [...new Set(all.map(({ environment }) => environment))].sort() }
}

function placeOf(object: StoredObject, project: string): Placed | undefined {
  const rest = object.key.slice(`${project}/records/`.length)
  const [, commit, environment, stamp, command, run] =
    /^([^/]+)\/([^/]+)\/(\d{8}T\d{6}Z)-([a-z]+(?:-[a-z]+)*)-([^/]+)\.json$/.exec(rest) ?? []
  if (commit === undefined || environment === undefined || stamp === undefined || command === undefined || run === undefined)
    return undefined
  const at = new Date(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
  return { object, environment, stamp, command, run, at, commit: commit === 'no-commit' ? undefined : commit }
}

async function findLedger(store: Store, here: readonly Placed[]): Promise<Pick<Records, 'ledger' | 'unaccounted'>> {
  const unaccounted: RecordedRun[] = []
  for await (const read of newestFirst(store, here, ['migrate', 'plan', 'record', 'rollback', 'ledger'])) {
    const { place } = read
    if (!('verdict' in read)) {
      if (['migrate', 'rollback', 'ledger'].includes(place.command)) unaccounted.push(place)
      continue
    }
    if (read.ledger !== undefined)
      return { ledger: { ...place, at: read.finishedAt, database: read.database, ...read.ledger }, unaccounted }
    const refused = read.error !== undefined && read.applied === undefined && !cutShort.includes(read.error.code)
    const isMark = place.command === 'ledger' && cutShort.includes(read.error?.code ?? '')
    if ((place.command === 'migrate' && !refused) || isMark) unaccounted.push({ ...place, at: read.finishedAt })
  }
  return { ledger: undefined, unaccounted }
}

async function findLive(store: Store, here: readonly Placed[]): Promise<Pick<Records, 'live' | 'liveUnread'>> {
  const rollbacks: HistoryRow[] = []
  let liveUnread = false
  for await (const read of newestFirst(store, here, ['record', 'rollback'])) {
    if (!('verdict' in read)) {
      liveUnread = true
      continue
    }
    const { release, finishedAt: at, place } = read
    const common = { release, commit: place.commit, at }
    if (place.command === 'rollback' && read.recorded === true) rollbacks.unshift({ event: 'rollback', ...common })
    if (place.command !== 'record' || read.fact !== 'deployed' || read.verdict !== 'pass') continue
    const deployed: DeployRow = { event: 'deployed', ...common, migrations: [] }
    return { live: [deployed, ...rollbacks], liveUnread }
  }
  return { live: rollbacks, liveUnread }
}

/** Keys tell the second, and the results themselves the moment; those of one second are read together. */
async function* newestFirst(
  store: Store,
  here: readonly Placed[],
  commands: readonly string[],
): AsyncGenerator<Read | { readonly place: Placed }> {
  const wanted = here.filter(({ command }) => commands.includes(command))
  const stamps = [...new Set(wanted.map(({ stamp }) => stamp))].sort().reverse()
  for (const stamp of stamps) {
    const places = wanted.filter((one) => one.stamp === stamp)
    const read = await Promise.all(places.map(async (place) => ({ place, ...(await readOne(store, place)) })))
    const moment = (one: (typeof read)[number]) => ('finishedAt' in one ? one.finishedAt.getTime() : Number.POSITIVE_INFINITY)
    yield* read.sort((one, other) => moment(other) - moment(one))
  }
}

/** Nothing for an object that is no result. */
async function readOne(store: Store, { object: { key, sizeBytes } }: Placed): Promise<z.output<typeof record> | undefined> {
  if (sizeBytes > largestBytes) return undefined
  try {
    return record.safeParse(JSON.parse(await text(await store.get(key)))).data
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof ReleaseError && error.code === 'backup-not-found')) return undefined
    throw error
  }
}
