import type pg from 'pg'
import type { LockWait, QueueView } from '../../migration/command-observer.ts'
import { formatDuration, plural } from '../../units.ts'
import { oneLine } from '../../visible-text.ts'

interface Row {
  readonly pid: number
  readonly elsewhere: string | null
  readonly locktype: string | null
  readonly mode: string | null
  readonly relation: string | null
  readonly lock: string
  readonly holders: readonly number[] | null
}

const mostNamed = 3

/**
 * The processes that carry a name, and what they wait for. `pg_locks` shows its rows to every role, unlike
 * `pg_stat_activity.wait_event`. https://www.postgresql.org/docs/current/view-pg-locks.html
 */
export async function lookAtQueue(client: pg.Client, applicationName: string): Promise<QueueView> {
  // waitstart came with PostgreSQL 14; a relation of another database has no name here
  const { rows } = await client.query<Row>(
    `select a.pid, nullif(a.datname::text, pg_catalog.current_database()::text) as elsewhere, l.locktype, l.mode,
       case when l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) then l.relation::pg_catalog.regclass::text end as relation,
       pg_catalog.concat_ws('/', l.locktype, l.mode, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid, pg_catalog.to_jsonb(l) ->> 'waitstart') as lock,
       case when l.pid is not null then pg_catalog.pg_blocking_pids(l.pid) end as holders
     from pg_catalog.pg_stat_activity a left join pg_catalog.pg_locks l on l.pid = a.pid and not l.granted
     where a.application_name = $1 and a.pid <> pg_catalog.pg_backend_pid()`,
    [applicationName],
  )
  const names = await nameHolders(client, [...new Set(rows.flatMap(({ holders }) => holders ?? []))])
  return {
    pids: [...new Set(rows.map(({ pid }) => pid))],
    elsewhere: new Map(rows.flatMap(({ pid, elsewhere }) => (elsewhere === null ? [] : [[pid, oneLine(elsewhere)]]))),
    waits: rows.flatMap((row) => {
      const { pid, lock, locktype, holders } = row
      if (locktype === null) return []
      const named = [...names].flatMap(([holder, name]) => (holders?.includes(holder) ? [name] : []))
      const others = named.length > mostNamed ? [plural(named.length - mostNamed, 'other')] : []
      const heldBy = [...named.slice(0, mostNamed), ...others]
      return [{ pid, key: `${pid}/${lock}`, kind: kindOf(locktype), waitsFor: nameLock(row), heldBy }]
    }),
  }
}

/** Those of the processes that are in a transaction; `pg_locks` tells every role, `pg_stat_activity.state` does not. */
export async function lookForWork(client: pg.Client, applicationName: string): Promise<readonly number[]> {
  const { rows } = await client.query<{ pid: number }>(
    `select a.pid from pg_catalog.pg_stat_activity a where a.application_name = $1 and a.pid <> pg_catalog.pg_backend_pid()
       and exists (select from pg_catalog.pg_locks l where l.pid = a.pid and l.locktype = 'virtualxid' and l.mode = 'ExclusiveLock')
     order by 1`,
    [applicationName],
  )
  return rows.map(({ pid }) => pid)
}

/** Only concurrent builds wait for virtual transactions, and they hold nothing then that a query needs. */
function kindOf(locktype: string): LockWait['kind'] {
  if (locktype === 'virtualxid') return 'by-design'
  return locktype === 'advisory' ? 'advisory' : 'queue'
}

function nameLock({ locktype, mode, relation }: Row): string {
  if (locktype === 'transactionid') return 'another transaction to end'
  if (locktype === 'tuple') return `a row of ${relation ?? 'a table of another database'}`
  if (locktype === 'relation') return `${mode} on ${relation ?? 'a table of another database'}`
  return `${mode} (${locktype}${relation === null ? '' : ` of ${relation}`})`
}

/** Who holds it, as far as this role may see, the oldest transaction first. */
async function nameHolders(client: pg.Client, pids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (pids.length === 0) return new Map()
  const { rows } = await client.query<{
    pid: number
    role: string | null
    application: string | null
    state: string | null
    age: number | null
  }>(
    `select pid, usename::text as role, application_name as application, state,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start) * 1000 as age
     from pg_catalog.pg_stat_activity where pid = any ($1::int[]) order by xact_start nulls last`,
    [pids],
  )
  const names = rows.map(({ pid, role, application, state, age }): [number, string] => {
    const facts = [
      role && `user ${role}`,
      application && `application ${application}`,
      state,
      age !== null && `transaction open for ${formatDuration(age)}`,
    ]
    const known = facts.filter(Boolean).join(', ')
    return [pid, `server process ${pid}${known === '' ? '' : ` (${known})`}`]
  })
  return new Map([...names, [0, 'a prepared transaction']])
}
