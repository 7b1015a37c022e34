import type pg from 'pg'
import type { LockMode } from '../../src/sql/locks/mode.ts'

/** Relations of a database at one moment, as the session sees them inside of its transaction. */
export type Moment = ReadonlyMap<string, Observed>

interface Observed {
  readonly name: string
  /** `r` a table, `p` a partitioned one, `m` a materialized view, `v` a view, `i` and `I` indexes. */
  readonly kind: string
  readonly file: string | null
  /** Scans of the whole that were begun: by this session and, where their count can be read at once, reported before. */
  readonly scans: number
  readonly isEmpty: boolean
  /** Modes that this session holds. */
  readonly modes: readonly LockMode[]
}

/** What happened between two moments to relations that were there at the first. */
export interface Happened {
  /** Names of all that was there and still is. */
  readonly there: ReadonlySet<string>
  /** Tables without a row. */
  readonly empty: ReadonlySet<string>
  /** Modes that the session did not hold before. */
  readonly taken: ReadonlyMap<string, readonly LockMode[]>
  /** All that it holds now. */
  readonly held: ReadonlyMap<string, readonly LockMode[]>
  readonly rewritten: readonly string[]
  readonly scanned: readonly string[]
}

/**
 * Lets the planner read whole tables only, so that what is read at all is counted as a scan, in a time zone that is not
 * one in which a change to `timestamptz` is free.
 */
export const readWhole = `set timezone = 'Europe/Oslo';
  set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off;
  set max_parallel_maintenance_workers = 0; set max_parallel_workers_per_gather = 0;
  select set_config(name, 'none', false) from pg_settings where name = 'stats_fetch_consistency';`

export async function lookAround(client: pg.Client): Promise<Moment> {
  const { rows } = await client.query<Observed & { oid: string }>(observation)
  return new Map(rows.map((row) => [row.oid, row]))
}

const observation = `
  select c.oid::text as oid, c.relname::text as name, c.relkind::text as kind, pg_relation_size(c.oid) = 0 as "isEmpty", pg_relation_filenode(c.oid)::text as file,
    (pg_stat_get_xact_numscans(c.oid) + case when current_setting('server_version_num')::int >= 150000 then pg_stat_get_numscans(c.oid) else 0 end)::int as scans,
    array(select replace(l.mode, 'Lock', '') from pg_locks l
      where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted and l.relation = c.oid) as modes
  from pg_class c where c.relkind in ('r', 'p', 'm', 'v', 'f', 'i', 'I') and c.relnamespace not in (
    select oid from pg_namespace where nspname in ('pg_catalog', 'information_schema', 'pg_toast'))`

/** Relations have the names that they had before, or those that they have after. */
export function between(before: Moment, after: Moment, named: 'before' | 'after' = 'before'): Happened {
  const both = [...before].flatMap(([oid, was]) => {
    const is = after.get(oid)
    return is === undefined ? [] : [{ was, is, name: (named === 'before' ? was : is).name }]
  })
  const modesOf = (modes: (was: Observed, is: Observed) => readonly LockMode[]) =>
    new Map(both.filter(({ was }) => isLockable(was)).map(({ was, is, name }) => [name, modes(was, is)] as const))
  return {
    there: new Set(both.map(({ name }) => name)),
    empty: new Set(both.filter(({ is }) => is.isEmpty).map(({ name }) => name)),
    taken: modesOf((was, is) => is.modes.filter((mode) => !was.modes.includes(mode))),
    held: modesOf((_, is) => is.modes),
    rewritten: both
      .filter(({ was, is }) => was.file !== is.file && is.file !== null)
      .map(({ name }) => name)
      .sort(),
    scanned: both
      .filter(({ was, is }) => ['r', 'm'].includes(was.kind) && is.scans > was.scans)
      .map(({ name }) => name)
      .sort(),
  }
}

/** Locks on indexes are left out: nobody has one for himself without its table. */
function isLockable({ kind }: Observed): boolean {
  return ['r', 'p', 'm', 'v', 'f'].includes(kind)
}
