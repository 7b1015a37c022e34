import { say } from '../clock.ts'
import { type Executor, shiplock } from '../executors.ts'
import { goal, type Section } from '../report.ts'
import type { Place } from '../server.ts'
import type { Arena } from './arena.ts'
import { appliedMs, attemptsOf, errorOf, ms, waitCells, waitHeaders } from './cells.ts'
import { type Company, measure, measureNoise, type Scene, type Trial } from './trial.ts'
import { ageTransactions, beginVacuum, type Vacuum } from './vacuum.ts'

/** The server vacuums the table, slowly. */
export async function plainVacuum(arena: Arena): Promise<Section> {
  const { bench, plain, executors } = arena
  const scene: Scene<Vacuum> = { template: plain, begin: (place) => beginVacuum(place, { againstWraparound: false }) }
  const noise = await measureNoise(bench, scene, 5000)
  const rows = [['no migration', ...waitCells(noise), '–', '–']]
  const measured = new Map<Executor, Trial<Vacuum>>()
  for (const executor of [executors.shiplock, ...executors.rivals]) {
    const trial = await measure(bench, scene, executor, 12_000)
    measured.set(executor, trial)
    rows.push([executor.name, ...waitCells(trial.waits), ms(appliedMs(trial.seen)), ms(attemptsOf(trial.ended))])
    say(`autovacuum: ${executor.name}, longest wait ${ms(trial.waits.longestMs)} ms, applied after ${ms(appliedMs(trial.seen))} ms`)
  }
  const ours = measured.get(executors.shiplock) as Trial<Vacuum>
  return {
    title: 'A slow autovacuum',
    text: "The server vacuums the table, as slowly as it can, and would for minutes. Applied: from the executor's first connection.",
    headers: ['executor', ...waitHeaders, 'applied after ms', 'attempts'],
    rows,
    goals: [
      goal('autovacuum-applied-ms', appliedMs(ours.seen), 3000),
      goal('autovacuum-longest-wait-over-noise-ms', ours.waits.longestMs - noise.longestMs, 100),
      goal('autovacuum-failed-queries', ours.waits.failed, 0),
    ],
  }
}

/** A vacuum that nothing interrupts. */
export async function wraparoundVacuum(arena: Arena): Promise<Section> {
  await using place = await arena.bench.fresh()
  await ageTransactions(place)
  return neverFree(arena, 'wraparound', {
    title: 'An autovacuum against wraparound',
    text: 'The server vacuums the table to prevent transaction id wraparound, which it interrupts for nobody.',
    begin: (database) => beginVacuum(database, { againstWraparound: true }),
  })
}

/** Somebody read the table and forgot to commit. */
export function idleInTransaction(arena: Arena): Promise<Section> {
  return neverFree(arena, 'idle', {
    title: 'Idle in transaction',
    text: 'A session has read the table and leaves its transaction open.',
    begin: beginIdle,
  })
}

interface Blocker extends Company {
  readonly pid: number
}

async function beginIdle(place: Place): Promise<Blocker> {
  const client = await place.connect('idle')
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  await client.query('begin')
  await client.query('select from accounts limit 1')
  return {
    pid: rows[0]?.pid ?? 0,
    stop: async () => {
      await client.query('commit')
    },
  }
}

interface Impasse {
  readonly title: string
  readonly text: string
  readonly begin: (place: Place) => Promise<Blocker>
}

/** The lock cannot be had: what counts is that the application does not notice, and that a person learns whom to ask. */
async function neverFree({ bench, plain, executors, options }: Arena, id: string, { title, text, begin }: Impasse): Promise<Section> {
  const scene: Scene<Blocker> = { template: plain, begin }
  const budgetMs = options.quick ? 4000 : 15_000
  const rivalMs = Math.min(budgetMs, 8000)
  const limited = shiplock(`--lock-budget=${budgetMs}ms`)
  const noise = await measureNoise(bench, scene, rivalMs)
  const rows = [['no migration', ...waitCells(noise), '–', '–', '–']]
  const ours = await measure(bench, scene, limited, budgetMs + 30_000)
  rows.push([
    `Shiplock, lock-budget ${budgetMs / 1000} s`,
    ...waitCells(ours.waits),
    `exit ${ours.ended.exitCode}`,
    ms(stoppedMs(ours)),
    ms(attemptsOf(ours.ended)),
  ])
  say(`${id}: Shiplock, longest wait ${ms(ours.waits.longestMs)} ms; it says: ${errorOf(ours.ended)}`)
  for (const executor of executors.rivals) {
    const trial = await measure(bench, scene, executor, rivalMs)
    rows.push([
      executor.name,
      ...waitCells(trial.waits),
      trial.stopped ? 'goes on waiting' : `exit ${trial.ended.exitCode}`,
      ms(trial.stopped ? undefined : stoppedMs(trial)),
      '–',
    ])
    say(`${id}: ${executor.name}, longest wait ${ms(trial.waits.longestMs)} ms`)
  }
  const names = new RegExp(`\\b${ours.company.pid}\\b`).test(errorOf(ours.ended))
  return {
    title,
    text: `${text} Shiplock has ${budgetMs / 1000} s; the others were ended, together with what they had left on the server, after ${rivalMs / 1000} s.`,
    headers: ['executor', ...waitHeaders, 'ended', 'after ms', 'attempts'],
    rows,
    goals: [
      goal(`${id}-longest-wait-over-noise-ms`, ours.waits.longestMs - noise.longestMs, 100),
      goal(`${id}-failed-queries`, ours.waits.failed, 0),
      goal(`${id}-ends-without-exit-status-1`, ours.ended.exitCode === 1 ? 0 : 1, 0),
      goal(`${id}-ended-beside-budget-ms`, Math.abs(stoppedMs(ours) - budgetMs), 3000),
      goal(`${id}-blocker-not-named`, names ? 0 : 1, 0),
    ],
  }
}

function stoppedMs({ seen, ended }: Trial<Company>): number {
  return ended.at - (seen.connectedAt ?? 0)
}
