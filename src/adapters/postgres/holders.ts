import type pg from 'pg'
import { z } from 'zod'
import type { Queue } from '../../migration/executor.ts'
import type { Holder } from '../../migration/holder.ts'
import { quoteText } from '../../migration/ledger.ts'
import type { LockTarget } from '../../migration/lock-target.ts'
import { conflictingModes, type LockMode, lockModes } from '../../sql/locks.ts'

export const holderRow = z.object({
  pid: z.number(),
  vxid: z.string(),
  relation: z.string(),
  age_ms: z.number().nullable(),
  vacuums: z.boolean(),
  backend_type: z.string().nullable(),
  state: z.string().nullable(),
  usename: z.string().nullable(),
  application: z.string().nullable(),
  wraparound: z.boolean().nullable(),
  prepared: z.string().nullable(),
})

/**
 * Who holds or awaits a lock that conflicts with one of these. Databases made from one template share relation oids,
 * so the database is compared too; a prepared transaction has no process and is found through its transaction id.
 */
export async function readHolders(
  client: pg.Client,
  targets: readonly LockTarget[],
  ownPids: readonly number[],
): Promise<readonly Holder[]> {
  if (targets.length === 0) return []
  const wanted = targets.flatMap(({ oid, mode }) => conflictingModes(mode).map((one) => `(${BigInt(oid)}, ${quoteText(`${one}Lock`)})`))
  const { rows } = await client.query(
    `select coalesce(l.pid, 0) as pid, l.virtualtransaction as vxid, min(l.relation::regclass::text) as relation,
       min(extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::float8 as age_ms,
       bool_or(l.granted and l.mode = 'ShareUpdateExclusiveLock') and min(a.usename) is null as vacuums,
       min(a.backend_type) as backend_type, min(a.state) as state, min(a.usename::text) as usename, min(a.application_name) as application,
       bool_or(a.query like 'autovacuum:%(to prevent wraparound)%') as wraparound, min(p.gid) as prepared
     from pg_locks l
     join (values ${wanted.join(', ')}) as want (relation, mode) on want.relation = l.relation and want.mode = l.mode
     left join pg_stat_activity a on a.pid = l.pid
     left join pg_locks x on l.pid is null and x.pid is null and x.locktype = 'transactionid' and x.virtualtransaction = l.virtualtransaction
     left join pg_prepared_xacts p on p.transaction = x.transactionid
     where l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
       and coalesce(l.pid, 0) <> all (array[${ownPids.map(Number).join(', ')}]::int4[])
     group by 1, 2`,
  )
  return z.array(holderRow).parse(rows).map(toHolder)
}

export function toHolder(row: z.output<typeof holderRow>): Holder {
  return {
    key: `${row.pid}/${row.vxid}`,
    pid: row.pid === 0 ? undefined : row.pid,
    relation: row.relation,
    ageMs: row.age_ms ?? undefined,
    kind: kindOf(row),
    user: row.usename ?? undefined,
    application: row.application || undefined,
    state: row.state ?? undefined,
    prepared: row.prepared ?? undefined,
  }
}

/** A role without `pg_read_all_stats` sees no kind of process; an autovacuum belongs to nobody and holds its own mode of lock. */
function kindOf({ pid, backend_type, wraparound, vacuums }: z.output<typeof holderRow>): Holder['kind'] {
  if (pid === 0) return 'prepared'
  if (backend_type === null ? !vacuums : backend_type !== 'autovacuum worker') return 'client'
  return wraparound === true ? 'wraparound' : 'autovacuum'
}

/** For what a process queues, and behind whom: rows and other transactions too, which belong to no relation's queue. */
export async function readQueue(client: pg.Client, pid: number): Promise<Queue> {
  const { rows } = await client.query(
    `with behind as (select unnest(pg_blocking_pids($1)) as pid)
     select b.pid, coalesce(w.relation::regclass::text, 'a row or transaction') as relation, w.relation::text as oid, w.mode,
       coalesce(l.virtualtransaction, '') as vxid,
       (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as age_ms, a.usename is null and b.pid <> 0 as vacuums,
       a.backend_type, a.state, a.usename::text, a.application_name as application,
       a.query like 'autovacuum:%(to prevent wraparound)%' as wraparound, null as prepared
     from behind b
     left join pg_stat_activity a on a.pid = b.pid
     left join lateral (select l.virtualtransaction from pg_locks l where l.pid = b.pid limit 1) l on true
     left join lateral (select q.relation, q.mode from pg_locks q where q.pid = $1 and not q.granted and q.locktype = 'relation'
       and q.database = (select oid from pg_database where datname = current_database()) limit 1) w on true`,
    [pid],
  )
  const queued = z.array(holderRow.extend({ oid: z.string().nullable(), mode: z.string().nullable() })).parse(rows)
  const targets = queued.flatMap(({ oid, relation, mode }): LockTarget[] => {
    const known = lockModes.find((one: LockMode) => `${one}Lock` === mode)
    return known === undefined || oid === null ? [] : [{ oid, name: relation, mode: known, lockable: false }]
  })
  return { targets, behind: queued.map(toHolder) }
}
