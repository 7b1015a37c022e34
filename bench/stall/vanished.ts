import { nowMs, pause, say } from '../clock.ts'
import type { Executor } from '../executors.ts'
import { startProxy } from '../proxy.ts'
import { goal, type Section } from '../report.ts'
import { startExecutor } from '../start-executor.ts'
import { type Arena, change } from './arena.ts'
import { disagrees, type Outcome, outcomeCells, outcomeOf, type Remains, remainsOf } from './remains.ts'
import { until } from './until.ts'

const waitMs = 3000
const holdMs = 10_000
const goneAfterMs = 90_000

/** The network between runner and server breaks while the migration waits: no packet arrives any more, in either direction. */
export async function vanishedPackets(arena: Arena): Promise<Section> {
  const { executors } = arena
  const all = [executors.shiplock, ...executors.rivals]
  say(`vanished: all executors side by side, ${(waitMs + goneAfterMs) / 1000} s`)
  const measured = await Promise.all(all.map((executor) => vanish(arena, executor)))
  const ours = measured[0] as Vanished
  return {
    title: 'Packets vanish',
    text: `A session has the table open; ${waitMs / 1000} s after the executor's first connection every packet between it and the server is dropped, and the session commits ${holdMs / 1000} s later. Counted ${goneAfterMs / 1000} s after the network broke. All run side by side, each in a database of its own.`,
    headers: [
      'executor',
      'server processes',
      'the last gone after s',
      'blocks the table',
      'column there',
      'finished version row',
      'ended after s',
    ],
    rows: measured.map((one, index) => [all[index]?.name ?? '', ...cellsOf(one)]),
    goals: [
      goal('vanished-server-processes-after-90s', ours.remains.processes, 0),
      goal('vanished-column-without-row-or-row-without-column', disagrees(ours.outcome) ? 1 : 0, 0),
    ],
  }
}

interface Vanished {
  readonly remains: Remains
  readonly outcome: Outcome
  /** `undefined` when there was still one, or the program was still running, at the end. */
  readonly lastGoneMs: number | undefined
  readonly endedMs: number | undefined
}

async function vanish({ bench, small }: Arena, executor: Executor): Promise<Vanished> {
  await using place = await bench.fresh(small.name)
  await using proxy = await startProxy({ port: bench.server.port })
  const holder = await place.connect('holder')
  await holder.query('begin; select from accounts limit 1')
  const url = new URL(place.url)
  url.port = String(proxy.port)
  await using started = await startExecutor(executor, [change], url.href)
  const watcher = await place.connect('watch')
  await until('the executor connects', async () => (await remainsOf(watcher)).processes > 0)
  await pause(waitMs)
  proxy.vanish()
  const brokenAt = nowMs()
  setTimeout(() => void holder.query('commit').catch(() => {}), holdMs)
  let endedMs: number | undefined
  void started.ended.then(({ at }) => {
    endedMs = at - brokenAt
  })
  let lastGoneMs: number | undefined
  for (let remains = await remainsOf(watcher); ; remains = await remainsOf(watcher)) {
    const passedMs = nowMs() - brokenAt
    if (remains.processes > 0) lastGoneMs = undefined
    else lastGoneMs ??= passedMs
    if (passedMs >= goneAfterMs) return { remains, outcome: await outcomeOf(place, executor), lastGoneMs, endedMs }
    await pause(500)
  }
}

function cellsOf({ remains, outcome, lastGoneMs, endedMs }: Vanished): string[] {
  const [column = '', row = ''] = outcomeCells(outcome)
  const seconds = (ms: number | undefined) => (ms === undefined ? 'not yet' : (ms / 1000).toFixed(0))
  return [String(remains.processes), seconds(lastGoneMs), remains.blocksTable ? 'yes' : 'no', column, row, seconds(endedMs)]
}
