import { pause, say } from '../clock.ts'
import type { Executor } from '../executors.ts'
import { goal, type Section } from '../report.ts'
import type { Place } from '../server.ts'
import type { Arena } from './arena.ts'
import { appliedMs, attemptsOf, ms, waitCells, waitHeaders } from './cells.ts'
import { type Company, measure, measureNoise, type Scene } from './trial.ts'

const clients = 8
const limitMs = 15_000

/** A table that never has a quiet moment: transactions of 20 to 620 ms, one after another in each of eight sessions. */
export async function busyTable({ bench, plain, executors, options }: Arena): Promise<Section> {
  const scene: Scene<Company> = { template: plain, begin: (place) => beginTransactions(place, plain.rows) }
  const noise = await measureNoise(bench, scene, 6000)
  const rows = [['no migration', ...waitCells(noise), '–', '–']]
  const runs = options.quick ? 1 : 5
  const ours: { appliedMs: number; longestMs: number; failed: number }[] = []
  const turns: [Executor, number][] = Array.from({ length: runs }, (_, run) => [executors.shiplock, run + 1])
  for (const executor of [shortRetries(executors.psql), ...executors.rivals]) turns.push([executor, 1])
  for (const [executor, run] of turns) {
    const { waits, seen, ended } = await measure(bench, scene, executor, limitMs)
    const applied = appliedMs(seen)
    if (executor === executors.shiplock) ours.push({ ...waits, appliedMs: applied })
    rows.push([
      executor === executors.shiplock ? `${executor.name}, run ${run}` : executor.name,
      ...waitCells(waits),
      ms(applied),
      ms(attemptsOf(ended)),
    ])
    say(`busy: ${executor.name}, run ${run}, longest wait ${ms(waits.longestMs)} ms, applied after ${ms(applied)} ms`)
  }
  return {
    title: 'A table that is never idle',
    text: `${clients} sessions change rows of the table in transactions of 20 to 620 ms, without a pause and out of phase. Applied: from the executor's first connection; – is not within ${limitMs / 1000} s. The loop tries with lock_timeout = 100 ms every half second.`,
    headers: ['executor', ...waitHeaders, 'applied after ms', 'attempts'],
    rows,
    goals: [
      goal('busy-runs-not-applied', ours.filter(({ appliedMs }) => !Number.isFinite(appliedMs)).length, 0),
      goal('busy-slowest-applied-ms', Math.max(...ours.map(({ appliedMs }) => appliedMs)), 5000),
      goal('busy-longest-wait-ms', Math.max(...ours.map(({ longestMs }) => longestMs)), 1000),
      goal('busy-failed-queries', Math.max(...ours.map(({ failed }) => failed)), 0),
    ],
  }
}

async function beginTransactions(place: Place, rows: number): Promise<Company> {
  let stopping = false
  const session = async (index: number) => {
    const client = await place.connect('transactions')
    await pause(Math.random() * 300)
    while (!stopping) {
      const lengthMs = 20 + 600 * Math.random()
      await client.query(
        `begin; update accounts set balance = balance + 1 where id = ${rows - index}; select pg_sleep(${lengthMs / 1000}); commit`,
      )
    }
  }
  const sessions = Promise.all(Array.from({ length: clients }, (_, index) => session(index)))
  sessions.catch(() => {}) // whoever stops them learns of it
  return {
    stop: async () => {
      stopping = true
      await sessions
    },
  }
}

/** What is often recommended instead of waiting in the queue. */
function shortRetries(psql: Executor): Executor {
  return {
    ...psql,
    name: 'psql, 100 ms again and again',
    command: (url) => {
      const { program, args } = psql.command(url)
      return {
        program: 'sh',
        args: ['-c', 'until "$@"; do sleep 0.5; done', 'sh', program, ...args],
        env: { PGOPTIONS: '-c lock_timeout=100ms' },
      }
    },
  }
}
