import { setTimeout as sleep } from 'node:timers/promises'
import type { PeerBench } from '../peer-bench.ts'
import { type Step, tableStep } from './checkout.ts'

/** What the gated migrations need of the database: a list of who ran, and a gate that a migration waits at. Prisma begins only in an empty schema. */
const gate = `
create schema gates;
create table gates.told (place int generated always as identity, number int);
create table gates.gate (closed boolean);
insert into gates.gate values (true);
create function gates.wait_at_gate() returns void language plpgsql as $$
begin
  while exists (select from gates.gate) loop
    perform pg_sleep(0.01);
  end loop;
end $$;`

export const closeGate = (bench: PeerBench) => bench.query(gate)
export const openGate = (bench: PeerBench) => bench.query('delete from gates.gate')

/**
 * Migrations that say when they run; the second waits at the gate in the middle of its work. Each makes a table, and so
 * cannot run twice, or writes a row alone, and could.
 */
const gatedSteps = (makesTable: boolean): readonly Step[] =>
  [1, 2, 3, 4].map((number) => {
    const step = tableStep(number)
    const tells = `${makesTable ? `${step.change.up}\n` : ''}insert into gates.told (number) values (${number});`
    return { ...step, change: { up: number === 2 ? `${tells}\nselect gates.wait_at_gate();` : tells } }
  })

export const gated = gatedSteps(true)
export const repeatable = gatedSteps(false)

/** Numbers of the gated migrations in the order in which they ran and stayed. */
export async function told(bench: PeerBench): Promise<number[]> {
  return (await bench.query<{ number: number }>('select number from gates.told order by place')).map(({ number }) => number)
}

/** Sessions on the database other than the one that asks. */
const others = "pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"

export const atGate = (bench: PeerBench) => until(bench, `select exists (select from ${others} and wait_event = 'PgSleep') as reached`)

/** Waits until a session of one of the two waits for a lock, or asks for one again and again, or `isOver`. */
export function blocked(bench: PeerBench, who: 'tool' | 'shiplock', isOver: () => boolean): Promise<void> {
  const asks = who === 'tool' ? " or wait_event = 'PgSleep' or query ilike '%pg_try_advisory%'" : ''
  const theirs = `${others} and application_name ${who === 'tool' ? 'not ' : ''}like 'shiplock%'`
  return until(bench, `select exists (select from ${theirs} and (wait_event_type = 'Lock'${asks})) as reached`, isOver)
}

async function until(bench: PeerBench, question: string, isOver = () => false): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(10)) {
    const [row] = await bench.query<{ reached: boolean }>(question)
    if (row?.reached || isOver()) return
  }
  throw new Error(`this never came true: ${question}`)
}

/** Keys of the advisory locks that sessions hold on the database. */
export async function heldKeys(bench: PeerBench): Promise<string[]> {
  const rows = await bench.query<{ key: string }>(
    `select distinct ((classid::bigint << 32) | objid::bigint)::text as key from pg_locks
     where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database()) order by 1`,
  )
  return rows.map(({ key }) => key)
}
