import { nowMs, pause, say, within } from '../clock.ts'
import type { Executor } from '../executors.ts'
import { startLoad } from '../load.ts'
import { type BenchServer, others, type Place } from '../server.ts'
import { type Ended, type Started, startExecutor } from '../start-executor.ts'
import { type Waits, waitsBetween } from '../waits.ts'
import { change, reservedRows, type Template } from './arena.ts'
import { type Seen, startWatch, type Watch } from './watch.ts'

/** What goes on in the database beside the application and the migration. */
export interface Company {
  /** Resolves when it has ended by itself; `undefined` when it goes on until it is stopped. */
  readonly over?: Promise<unknown>
  stop(): Promise<void>
}

export interface Scene<C extends Company> {
  readonly template: Template
  /** Resolves when the situation is there. */
  begin(place: Place): Promise<C>
}

/** One executor in one situation. */
export interface Trial<C extends Company> {
  readonly waits: Waits
  readonly seen: Seen
  readonly company: C
  readonly ended: Ended
  /** It took too long, and was ended with all that it had left on the server. */
  readonly stopped: boolean
}

const load = { perSecond: 300, connections: 20 }
const warmUpMs = 1000
const leadMs = 1000
const settleMs = 500

/** The longest wait and the like of the same situation when nothing is migrated. */
export async function measureNoise<C extends Company>(bench: BenchServer, scene: Scene<C>, forMs: number): Promise<Waits> {
  const { waits } = await underLoad(bench, scene, async ({ company }) => {
    await Promise.all([company.over, pause(forMs)])
  })
  return waits
}

export async function measure<C extends Company>(
  bench: BenchServer,
  scene: Scene<C>,
  executor: Executor,
  limitMs: number,
): Promise<Trial<C>> {
  const { waits, company, seen, result } = await underLoad(bench, scene, async ({ company, place }) => {
    await using started = await startExecutor(executor, [change], place.url)
    const stopped = (await within(limitMs, started.ended)) === undefined
    if (stopped) await endWith(started, place)
    await company.over
    const ended = await started.ended
    if (!stopped && ended.exitCode !== 0) say(`${executor.name} ended with ${ended.exitCode}: ${lastLine(ended)}`)
    return { ended, stopped }
  })
  return { waits, company, seen, ...result }
}

interface Scenery<C extends Company> {
  readonly place: Place
  readonly company: C
  readonly watch: Watch
}

/** Does something while the application is at work, and counts the application's waits from then on until it is done. */
export async function underLoad<C extends Company, Result>(
  bench: BenchServer,
  scene: Scene<C>,
  act: (scenery: Scenery<C>) => Promise<Result>,
): Promise<{ waits: Waits; company: C; seen: Seen; result: Result }> {
  await using place = await bench.fresh(scene.template.name)
  await using application = await startLoad({ ...load, url: place.url, rows: scene.template.rows - reservedRows })
  await pause(warmUpMs)
  const company = await scene.begin(place)
  await pause(leadMs)
  const watch = await startWatch(place)
  const from = nowMs()
  const result = await act({ place, company, watch })
  await pause(settleMs)
  const until = nowMs()
  await watch.stop()
  await company.stop()
  const asked = await application.stop()
  if (asked.errors[0] !== undefined) say(`the application was told: ${asked.errors[0]}`)
  return { waits: waitsBetween(asked, from, until), company, seen: watch.seen, result }
}

/** A killed client leaves a server process behind that goes on waiting: that is ended too. */
async function endWith(started: Started, place: Place): Promise<void> {
  started.kill()
  const client = await place.connect('stop')
  await client.query(`select pg_terminate_backend(a.pid) from pg_stat_activity a where ${others}`)
}

function lastLine({ stderr, stdout }: Ended): string {
  return (stderr || stdout).trim().split('\n').at(-1) ?? ''
}
