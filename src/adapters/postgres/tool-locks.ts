import type pg from 'pg'
import { ReleaseError } from '../../errors.ts'
import type { LockPolicy } from '../../migration/database.ts'
import type { Layout } from '../../migration/layout.ts'
import { formatDuration } from '../../units.ts'
import { oneLine } from '../../visible-text.ts'

/** Whose locks they are, and where. */
interface ToolLocks {
  readonly client: pg.Client
  readonly layout: Layout['name']
  readonly keys: readonly string[]
  /** The database as it is printed. */
  readonly description: string
  readonly say: (text: string) => void
}

const pollMs = 500

/** Waits until nobody holds the tool's locks, and takes none of them: the tool that this run starts wants them itself. */
export async function awaitToolLocks(locks: ToolLocks, policy: LockPolicy): Promise<void> {
  await patiently(locks, policy, async (key) => !(await isHeld(locks.client, key)))
}

/**
 * Takes the advisory locks of the team's own tool, as long as this session lasts: a service that migrates at boot waits
 * for its turn. A tool that holds one is at work, and is never ended.
 */
export async function takeToolLocks(locks: ToolLocks, policy: LockPolicy): Promise<void> {
  await patiently(locks, policy, (key) => tryLock(locks.client, key))
}

async function patiently(
  { client, layout, keys, description, say }: ToolLocks,
  { onLocked, waitMs, signal }: LockPolicy,
  isDone: (key: string) => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + (onLocked === 'fail' ? 0 : waitMs)
  let told = false
  for (const key of keys) {
    while (!(await isDone(key))) {
      if (signal.aborted) throw new ReleaseError('interrupted', `The run was stopped while it waited for ${layout}.`)
      const left = deadline - performance.now()
      if (left <= 0) {
        throw new ReleaseError('run-in-progress', `${layout} itself works on ${description}: ${await holderOf(client, key)}.`, {
          hint: 'A service that migrates at boot, or a colleague. Wait until it has ended and run the same command again; lock-wait says how long to wait.',
        })
      }
      if (!told) say(`waiting up to ${formatDuration(waitMs)} for ${layout}: ${await holderOf(client, key)}`)
      told = true
      await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs, left)))
    }
  }
}

async function tryLock(client: pg.Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_catalog.pg_try_advisory_lock($1::bigint) as taken', [key])
  return rows[0]?.taken === true
}

async function isHeld(client: pg.Client, key: string): Promise<boolean> {
  const { rows } = await client.query(`select from ${holders}`, [key])
  return rows.length > 0
}

const holders = `pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.classid::bigint = ($1::bigint >> 32) & 4294967295 and l.objid::bigint = $1::bigint & 4294967295
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`

async function holderOf(client: pg.Client, key: string): Promise<string> {
  const { rows } = await client.query<{ pid: number; application: string | null; since: Date | null }>(
    `select l.pid, a.application_name as application, a.backend_start as since
     from ${holders}`,
    [key],
  )
  const [row] = rows
  if (row === undefined) return 'it has just ended'
  const since = row.since === null ? '' : `, connected since ${row.since.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return `server process ${row.pid}${row.application ? ` (${oneLine(row.application)})` : ''}${since}`
}
