import { formatSize } from '../../src/units.ts'
import { say } from '../clock.ts'
import { median } from '../median.ts'
import { goal, type Section } from '../report.ts'
import { type Contender, type Run, type Site, script, shiplock } from './contenders.ts'

interface SpeedCourse {
  readonly site: Site
  readonly sizeBytes: number
  readonly runs: number
}

/** How long a drill takes beside the script that only restores, and what looking at the copy adds. */
export async function measureSpeed({ site, sizeBytes, runs }: SpeedCourse): Promise<readonly Section[]> {
  const [ours, theirs] = [shiplock(site), script(site)]
  const samples = new Map([theirs, ours].map((one) => [one, [] as Run[]]))
  for (let round = 1; round <= runs; round++) {
    for (const [one, taken] of samples) {
      const run = await one.run()
      taken.push(run)
      say(
        `round ${round} of ${runs}: ${one.name} ${shown(run.seconds)} s (${[...run.parts].map(([name, s]) => `${name} ${shown(s)}`).join(', ')})`,
      )
    }
  }
  const of = (one: Contender, ...names: readonly string[]) =>
    median((samples.get(one) ?? []).map(({ parts }) => names.reduce((sum, name) => sum + (parts.get(name) ?? Number.NaN), 0)))
  const ofTheirs = (seconds: number) => (100 * seconds) / of(theirs, 'pg_restore')
  const whole = {
    title: `Restoring a database of ${formatSize(sizeBytes)}`,
    text: 'From the dump in a folder to a copy whose smoke queries passed. The script restores into a server with default settings, and compares nothing; the drill also checks the SHA-256 of the dump, compares the copy with the source, each row by its hash, and lets pg_amcheck look at it. Both restore the same dump, taking turns; what was written before is on the disk when a step begins. Seconds of whole commands.',
    headers: ['command', 'median s', 'min', 'max'],
    rows: [...samples].map(([{ name }, taken]) => {
      const seconds = taken.map((run) => run.seconds)
      return [name, shown(median(seconds)), shown(Math.min(...seconds)), shown(Math.max(...seconds))]
    }),
    goals: [
      goal('restore-percent-of-pg-restore', ofTheirs(of(ours, 'pre-data', 'data', 'post-data')), 90),
      goal('compare-and-smoke-percent-of-pg-restore', ofTheirs(of(ours, 'compare', 'smoke')), 30),
    ],
  }
  return [whole, phases(samples)]
}

function phases(samples: ReadonlyMap<Contender, readonly Run[]>): Section {
  const rows = [...samples].flatMap(([{ name }, taken]) => {
    const names = [...(taken[0]?.parts.keys() ?? [])]
    return names.map((part) => {
      const seconds = taken.map(({ parts }) => parts.get(part) ?? Number.NaN)
      return [name, part, shown(median(seconds)), shown(Math.min(...seconds)), shown(Math.max(...seconds))]
    })
  })
  return { title: 'Where the time goes', text: 'Seconds.', headers: ['command', 'part', 'median', 'min', 'max'], rows, goals: [] }
}

function shown(seconds: number): string {
  return seconds.toFixed(1)
}
