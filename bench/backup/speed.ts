import { availableParallelism } from 'node:os'
import { formatSize } from '../../src/units.ts'
import { say } from '../clock.ts'
import { median } from '../median.ts'
import { goal, type Section } from '../report.ts'
import type { Rival } from '../rivals.ts'
import { bareDump, type Contender, dumpThenUpload, type Site, shiplock } from './contenders.ts'
import type { Step } from './step.ts'

interface SpeedCourse {
  readonly site: Site
  readonly rclone: Rival
  readonly sizeBytes: number
  readonly runs: number
}

/** How long a backup takes beside the bare dump, and beside a dump and an upload one after the other. */
export async function measureSpeed({ site, rclone, sizeBytes, runs }: SpeedCourse): Promise<readonly Section[]> {
  const limit = await bareDump(site)
  const today = await dumpThenUpload(site, rclone)
  const [landed, readBack] = [shiplock(site, 'landed'), shiplock(site, 'read-back')]
  const all = [limit, today, landed, readBack]
  const samples = await takeTurns(all, runs)
  const took = (one: Contender) => median((samples.get(one) ?? []).map(secondsOf))
  const ofLimit = (seconds: number) => (100 * seconds) / took(limit)
  const ofToday = (seconds: number) => (100 * seconds) / took(today)
  const speed = {
    title: `Backing up a database of ${formatSize(sizeBytes)}`,
    text: `To a Ceph gateway on this machine over TLS. The same database and bucket for all, taking turns; each is alone on the machine. Seconds of whole commands; of the second, pg_dump took ${shown(part(samples.get(today), 0))} and rclone ${shown(part(samples.get(today), 1))}.`,
    headers: ['command', 'median s', 'min', 'max'],
    rows: all.map((one) => {
      const seconds = (samples.get(one) ?? []).map(secondsOf)
      return [one.name, shown(took(one)), shown(Math.min(...seconds)), shown(Math.max(...seconds))]
    }),
    goals: [
      goal('landed-percent-of-bare-dump', ofLimit(took(landed)), 115),
      goal('landed-percent-of-dump-then-upload', ofToday(took(landed)), 60),
      goal('read-back-adds-percent-of-bare-dump', ofLimit(took(readBack) - took(landed)), 50),
      goal('read-back-percent-of-dump-then-upload', ofToday(took(readBack)), 100),
    ],
  }
  return [speed, phases([landed, readBack], samples), processors(all, samples)]
}

type Samples = ReadonlyMap<Contender, readonly (readonly Step[])[]>

async function takeTurns(contenders: readonly Contender[], runs: number): Promise<Samples> {
  const samples = new Map(contenders.map((one) => [one, [] as (readonly Step[])[]]))
  for (let round = 1; round <= runs; round++) {
    for (const one of contenders) {
      const steps = await one.run()
      samples.get(one)?.push(steps)
      say(`round ${round} of ${runs}: ${one.name} ${shown(secondsOf(steps))} s`)
    }
  }
  return samples
}

/** Between the lines that Shiplock prints: the dump is in the store when it says so. */
function phases(ours: readonly Contender[], samples: Samples): Section {
  return {
    title: 'Where the time goes',
    text: 'Seconds, medians.',
    headers: ['command', 'before the dump', 'dump and upload', 'after it'],
    rows: ours.map((one) => {
      const spans = (samples.get(one) ?? []).flat().map((step) => {
        const [start, end] = [lineAt(step, 'dumping '), lineAt(step, 'dumped ')]
        return [start, end - start, step.seconds - end]
      })
      return [one.name, ...[0, 1, 2].map((index) => shown(median(spans.map((span) => span[index] ?? Number.NaN))))]
    }),
    goals: [],
  }
}

function lineAt({ lines }: Step, start: string): number {
  const line = lines.find(({ text }) => text.startsWith(start))
  if (line === undefined) throw new Error(`Shiplock printed no line that starts with "${start}"`)
  return line.at
}

function processors(contenders: readonly Contender[], samples: Samples): Section {
  const cores = availableParallelism()
  return {
    title: 'Whose processor time it is',
    text: `CPU seconds, medians; ${cores} cores.`,
    headers: ['command', 'the program', 'what it starts', 'PostgreSQL', 'Ceph', 'all of them, % of the time'],
    rows: contenders.map((one) => {
      const runs = samples.get(one) ?? []
      const cpu = (who: keyof Step['cpu']) => median(runs.map((steps) => steps.reduce((sum, step) => sum + step.cpu[who], 0)))
      const all = [cpu('program'), cpu('children'), cpu('postgres'), cpu('ceph')]
      const busy = all.reduce((sum, seconds) => sum + seconds, 0) / (cores * median(runs.map(secondsOf)))
      return [one.name, ...all.map(shown), (100 * busy).toFixed(0)]
    }),
    goals: [],
  }
}

function secondsOf(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + step.seconds, 0)
}

function part(runs: readonly (readonly Step[])[] | undefined, index: number): number {
  return median((runs ?? []).map((steps) => steps[index]?.seconds ?? Number.NaN))
}

function shown(seconds: number): string {
  return seconds.toFixed(1)
}
