import { pause, say } from '../clock.ts'
import { goal, type Section } from '../report.ts'
import type { Place } from '../server.ts'
import { type Arena, partition, partitions } from './arena.ts'
import { appliedMs, attemptsOf, ms, waitCells, waitHeaders } from './cells.ts'
import { type Company, measure, measureNoise, type Scene, type Trial } from './trial.ts'
import type { Seen } from './watch.ts'

const limitMs = 30_000
const readMs = 250
const firstEndMs = 2400
const staggerMs = 400

/** Each partition has its readers, which end one after another: a limit for each lock bounds nothing of their sum. */
export async function eightPartitions({ bench, partitioned, executors }: Arena): Promise<Section> {
  const scene: Scene<Company> = { template: partitioned, begin: beginReaders }
  const noise = await measureNoise(bench, scene, 6000)
  const rows = [['no migration', ...waitCells(noise), '–', '–', '–']]
  let ours: Trial<Company> | undefined
  for (const executor of [executors.shiplock, ...executors.rivals]) {
    const trial = await measure(bench, scene, executor, limitMs)
    if (executor === executors.shiplock) ours = trial
    const applied = ms(appliedMs(trial.seen))
    rows.push([executor.name, ...waitCells(trial.waits), applied, limitCell(trial.seen), ms(attemptsOf(trial.ended))])
    say(
      `partitions: ${executor.name}, longest wait ${ms(trial.waits.longestMs)} ms, applied after ${applied} ms, own limit ${limitCell(trial.seen)}`,
    )
  }
  const longestMs = ours?.waits.longestMs ?? Number.NaN
  const ownLimitMs = ours?.seen.limitMs ?? 0
  const lastEndMs = firstEndMs + staggerMs * (partitions.length - 1)
  return {
    title: 'Eight partitions',
    text: `Each partition has a reader that ends ${firstEndMs / 1000} to ${lastEndMs / 1000} s after the first, and then one that reads for ${readMs} ms and pauses as long. The own limit is what the executor had told the server while it stood in a queue.`,
    headers: ['executor', ...waitHeaders, 'applied after ms', 'own limit ms', 'attempts'],
    rows,
    goals: [
      goal('partitions-longest-wait-over-own-limit-ms', longestMs - ownLimitMs, 50),
      goal('partitions-failed-queries', ours?.waits.failed ?? Number.NaN, 0),
    ],
  }
}

function limitCell({ limitMs }: Seen): string {
  if (limitMs === undefined) return 'never queued'
  return Number.isFinite(limitMs) ? ms(limitMs) : 'none'
}

async function beginReaders(place: Place): Promise<Company> {
  let stopping = false
  const reader = async (remainder: number) => {
    const client = await place.connect('reader')
    const read = (forMs: number) => client.query(`begin; select pg_sleep(${forMs / 1000}) from ${partition(remainder)} limit 1; commit`)
    await read(firstEndMs + staggerMs * remainder)
    while (!stopping) {
      await pause(readMs)
      await read(readMs)
    }
  }
  const readers = Promise.all(partitions.map(reader))
  readers.catch(() => {}) // whoever stops them learns of it
  return {
    stop: async () => {
      stopping = true
      await readers
    },
  }
}
