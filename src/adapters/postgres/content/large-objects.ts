import type pg from 'pg'
import type { FingerprintPolicy, LargeObjects } from '../../../backup/content.ts'
import type { TimeLimit } from './time-limit.ts'

type Method = NonNullable<LargeObjects['method']>

const pieceBytes = 1024 * 1024

/** Counts, measures and hashes the large objects that are in the snapshot; every one must be readable. */
export async function readLargeObjects(client: pg.Client, mode: FingerprintPolicy['mode'], limit: TimeLimit): Promise<LargeObjects> {
  const method = { auto: 'piece-sha256-1', full: 'piece-sha256-1', sample: 'piece-sha256-sample-64-1', counts: undefined } as const
  return readLargeObjectsBy(client, method[mode], limit)
}

/** The same in a way that is given: what a restored copy is compared by. */
export async function readLargeObjectsBy(client: pg.Client, method: Method | undefined, limit: TimeLimit): Promise<LargeObjects> {
  const { rows } = await client.query<{ count: string }>('select count(*)::text as count from pg_largeobject_metadata')
  const count = Number(rows[0]?.count)
  if (count === 0) return { count, bytes: 0, ...(method === undefined ? {} : { method, fingerprint: '0' }) }
  const found = await limit.run(client, async () => {
    const bytes = await measure(client)
    return method === undefined ? { bytes } : { bytes, method, fingerprint: await hash(client, method) }
  })
  return { count, ...found }
}

/** Opened for reading (INV_READ), by which the server reads under the transaction's snapshot, and closed again: there may be many. */
const sizes = `
  select m.oid, s.bytes from pg_largeobject_metadata m
  cross join lateral (select lo_lseek64(o.fd, 0, 2) as bytes, lo_close(o.fd) as closed from lo_open(m.oid, 262144) as o (fd)) s
  where s.closed = 0`

async function measure(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(`select coalesce(sum(bytes), 0)::text as bytes from (${sizes}) sized`)
  return Number(rows[0]?.bytes)
}

/** In pieces: an object may be larger than the memory that a value may take. */
async function hash(client: pg.Client, method: Method): Promise<string> {
  const sample = method === 'piece-sha256-1' ? '' : ' and hashint8extended(m.oid::bigint, 0) & 63 = 0'
  const { rows } = await client.query<{ fingerprint: string }>(`
    select coalesce(sum(hashtextextended(
      concat(sized.oid, ' ', piece.start, ' ', encode(sha256(lo_get(sized.oid, piece.start, ${pieceBytes})), 'hex')) collate "C", 0)), 0)::text as fingerprint
    from (${sizes}${sample}) sized
    cross join lateral generate_series(0, greatest(sized.bytes - 1, 0), ${pieceBytes}) as piece (start)`)
  return rows[0]?.fingerprint ?? '0'
}
