import { pause } from '../clock.ts'
import type { Place } from '../server.ts'
import type { Company } from './trial.ts'

/** A vacuum that the server began on the table by itself. */
export interface Vacuum extends Company {
  readonly pid: number
}

/** More than this many transactions lie between the copy's youngest frozen row and now, once `ageTransactions` has run. */
const freezeAge = 100_000

/** Makes every row that is there now old enough for a vacuum against wraparound; in all databases of the server. */
export async function ageTransactions(place: Place): Promise<void> {
  await place.query(`do $$ begin for i in 1..${freezeAge + 10_000} loop perform txid_current(); commit; end loop; end $$`)
}

/** Leaves dead rows everywhere, lets the server vacuum them at its slowest, and waits until it has begun. */
export async function beginVacuum(place: Place, { againstWraparound }: { readonly againstWraparound: boolean }): Promise<Vacuum> {
  await place.query('update accounts set balance = balance + 1 where id % 10 = 0')
  const settings = {
    autovacuum_enabled: 'true',
    autovacuum_vacuum_threshold: 1000,
    autovacuum_vacuum_scale_factor: 0,
    autovacuum_analyze_threshold: 2_000_000_000,
    autovacuum_vacuum_cost_delay: 100,
    autovacuum_vacuum_cost_limit: 1,
    ...(againstWraparound ? { autovacuum_freeze_max_age: freezeAge } : {}),
  }
  await place.query(
    `alter table accounts set (${Object.entries(settings)
      .map((pair) => pair.join(' = '))
      .join(', ')})`,
  )
  await place.query(`alter system set autovacuum_naptime = '1s'`)
  await place.query('select pg_reload_conf()')
  const pid = await vacuumOf(place, againstWraparound)
  return {
    pid,
    stop: async () => {
      await place.query('alter system reset autovacuum_naptime')
      await place.query('select pg_reload_conf()')
    },
  }
}

const patienceMs = 60_000

async function vacuumOf(place: Place, againstWraparound: boolean): Promise<number> {
  const client = await place.connect('vacuum')
  const query = `autovacuum: VACUUM public.accounts${againstWraparound ? ' (to prevent wraparound)' : ''}`
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await pause(100)) {
    const { rows } = await client.query<{ pid: number }>(
      `select a.pid from pg_stat_activity a join pg_stat_progress_vacuum using (pid) where a.datname = current_database() and a.query = $1`,
      [query],
    )
    if (rows[0] !== undefined) return rows[0].pid
  }
  throw new Error(`the server did not begin: ${query}`)
}
