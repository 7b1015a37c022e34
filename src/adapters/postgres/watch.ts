import type pg from 'pg'
import { z } from 'zod'
import type { Holder } from '../../migration/holder.ts'
import type { Progress, Watch } from '../../migration/watch.ts'
import { holderRow, toHolder } from './holders.ts'
import { asLogin } from './session.ts'

const progressRow = z.object({
  work: z.enum(['building', 'rebuilding', 'vacuuming', 'clustering', 'analyzing']),
  phase: z.string().nullable(),
  subject: z.string().nullable(),
  index_oid: z.string().nullable(),
  done: z.number().nullable(),
  total: z.number().nullable(),
})

/** What the observer sees of the worker and of others. */
export class PostgresWatch implements Watch {
  readonly #client: () => pg.Client
  readonly #workerPid: () => number

  constructor(client: () => pg.Client, workerPid: () => number) {
    this.#client = client
    this.#workerPid = workerPid
  }

  async progress(): Promise<Progress | undefined> {
    const rows = await asLogin(this.#client(), progressQuery(this.#workerPid()))
    const [row] = z.array(progressRow).parse(rows)
    if (row === undefined || row.phase === null) return undefined // a role that may not see it gets a row without values
    const { work, phase, subject, index_oid: indexOid, done, total } = row
    const share = done === null || total === null || total <= 0 ? undefined : done / total
    return { work, phase, subject: subject ?? undefined, indexOid: work === 'building' && indexOid !== null ? indexOid : undefined, share }
  }

  async snapshots(): Promise<readonly Holder[]> {
    const rows = await asLogin(this.#client(), snapshotQuery(this.#workerPid()))
    return z.array(holderRow).parse(rows).map(toHolder)
  }
}

/** Blocks count while something is scanned, rows while they are sorted or loaded. https://www.postgresql.org/docs/current/progress-reporting.html */
const progressQuery = (pid: number) => `
  with seen (work, phase, relation, index, done, total) as (
    select case when command like 'REINDEX%' then 'rebuilding' else 'building' end, phase, relid, nullif(index_relid, 0),
      case when phase like '%scanning%' then blocks_done else tuples_done end, case when phase like '%scanning%' then blocks_total else tuples_total end
    from pg_stat_progress_create_index where pid = ${pid}
    union all
    select 'vacuuming', phase, relid, null, case phase when 'scanning heap' then heap_blks_scanned when 'vacuuming heap' then heap_blks_vacuumed end, heap_blks_total
    from pg_stat_progress_vacuum where pid = ${pid}
    union all
    select 'clustering', phase, relid, null, heap_blks_scanned, heap_blks_total from pg_stat_progress_cluster where pid = ${pid}
    union all
    select 'analyzing', phase, relid, null, sample_blks_scanned, sample_blks_total from pg_stat_progress_analyze where pid = ${pid}
  )
  select work, phase, c.relname as subject, index::text as index_oid, done::float8 as done, total::float8 as total
  from seen left join pg_class c on c.oid = coalesce(index, relation) limit 1`

/**
 * Who holds a snapshot that a build must outlive. A vacuum holds none that counts; builders of other indexes count only
 * on servers older than 14, or with expressions, and let go of theirs while they wait: they are left to the build itself.
 */
const snapshotQuery = (pid: number) => `
  select a.pid, v.virtualtransaction as vxid, 'an older snapshot' as relation,
    (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as age_ms, a.usesysid is null as vacuums,
    a.backend_type, a.state, a.usename::text as usename, a.application_name as application,
    a.query like 'autovacuum:%(to prevent wraparound)%' as wraparound, null as prepared
  from pg_stat_activity a
  join pg_locks v on v.pid = a.pid and v.locktype = 'virtualxid' and v.virtualxid = v.virtualtransaction
  where a.datid = (select oid from pg_database where datname = current_database())
    and a.backend_xmin is not null and a.usesysid is not null and a.pid not in (${pid}, pg_backend_pid())
    and not exists (select from pg_stat_progress_vacuum p where p.pid = a.pid)
    and not exists (select from pg_stat_progress_create_index p where p.pid = a.pid)`
