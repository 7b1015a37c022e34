import { pause, say } from '../clock.ts'
import type { Executor } from '../executors.ts'
import { goal, type Section } from '../report.ts'
import type { BenchServer, Place } from '../server.ts'
import { startExecutor } from '../start-executor.ts'
import type { Waits } from '../waits.ts'
import { type Arena, change } from './arena.ts'
import { ms, waitCells, waitHeaders } from './cells.ts'
import { disagrees, type Outcome, outcomeCells, outcomeOf, type Remains, remainsOf } from './remains.ts'
import { type Company, type Scene, underLoad } from './trial.ts'
import { until } from './until.ts'
import type { Watch } from './watch.ts'

const reportMs = 9000
const killAfterMs = 3000
const goneAfterMs = 2000

/** The runner dies while the migration waits for a report. */
export async function killedWhileWaiting(arena: Arena): Promise<Section> {
  const { executors } = arena
  const rows: string[][] = []
  let ours: Killed | undefined
  for (const executor of [executors.shiplock, ...executors.rivals]) {
    const killed = await killWhileWaiting(arena, executor)
    if (executor === executors.shiplock) ours = killed
    rows.push([executor.name, ...waitCells(killed.waits), String(killed.remains.processes), ...outcomeCells(killed.outcome)])
    say(`killed: ${executor.name}, ${killed.remains.processes} processes after 2 s, longest wait ${ms(killed.waits.longestMs)} ms`)
  }
  const moments = arena.options.quick ? [0, 30] : [0, 20, 40, 80, 200, 400]
  const outcomes: Outcome[] = []
  for (const afterMs of moments) outcomes.push(await killAsTheLockIsFree(arena, executors.shiplock, afterMs))
  const applied = outcomes.filter(({ column }) => column).length
  say(`killed: Shiplock, ${moments.length} times as the lock came free; applied ${applied} times`)
  return {
    title: 'The runner is killed',
    text: `A report reads the table for ${reportMs / 1000} s; SIGKILL hits the executor ${killAfterMs / 1000} s after its first connection. Shiplock was also killed ${moments.length} times, 0 to ${moments.at(-1)} ms after the lock had come free: ${applied} times the migration was applied, and ${outcomes.filter(disagrees).length} times column and version row did not agree.`,
    headers: ['executor', ...waitHeaders, 'server processes after 2 s', 'column there', 'finished version row'],
    rows,
    goals: [
      goal('killed-server-processes-after-2s', ours?.remains.processes ?? Number.NaN, 0),
      goal(
        'killed-column-without-row-or-row-without-column',
        [ours?.outcome, ...outcomes].filter((one) => one && disagrees(one)).length,
        0,
      ),
    ],
  }
}

interface Killed {
  readonly waits: Waits
  readonly remains: Remains
  readonly outcome: Outcome
}

async function killWhileWaiting({ bench, small }: Arena, executor: Executor): Promise<Killed> {
  const scene: Scene<Company> = { template: small, begin: async (place) => holdFor(place, reportMs) }
  const { waits, result } = await underLoad(bench, scene, async ({ place, watch, company }) => {
    await using started = await startExecutor(executor, [change], place.url)
    await connected(watch)
    await pause(killAfterMs)
    started.kill()
    await pause(goneAfterMs)
    const remains = await remainsOf(await place.connect('remains'))
    await company.over
    await pause(1000)
    return { remains, outcome: await outcomeOf(place, executor) }
  })
  return { waits, ...result }
}

function holdFor(place: Place, forMs: number): Company {
  const over = place.query(`begin; select pg_sleep(${forMs / 1000}) from accounts limit 1; commit`)
  over.catch(() => {}) // whoever waits for it learns of it
  return { over, stop: async () => {} }
}

/** Around the commit: what counts is that column and row come together or not at all. */
async function killAsTheLockIsFree(
  { bench, small }: { bench: BenchServer; small: Arena['small'] },
  executor: Executor,
  afterMs: number,
): Promise<Outcome> {
  await using place = await bench.fresh(small.name)
  const holder = await place.connect('holder')
  await holder.query('begin; select from accounts limit 1')
  await using started = await startExecutor(executor, [change], place.url)
  const watcher = await place.connect('watch')
  await until('the executor connects', async () => (await remainsOf(watcher)).processes > 0)
  await pause(1500)
  await holder.query('commit')
  await pause(afterMs)
  started.kill()
  await started.ended
  await until('its server processes are gone', async () => (await remainsOf(watcher)).processes === 0)
  return await outcomeOf(place, executor)
}

function connected({ seen }: Watch): Promise<void> {
  return until('the executor connects', async () => seen.connectedAt !== undefined)
}
