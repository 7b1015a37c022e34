import { messageOf } from '../errors.ts'
import type { Check } from './check.ts'
import type { Probes } from './probe.ts'
import type { Sample, Window, WindowSample } from './sample.ts'
import { type Turns, turns } from './turns.ts'

/** Asks a check's source for windows that follow one another. Never rejects: what cannot be had is a state of the samples. */
export type Ask = (check: Check, windows: readonly Window[], control: boolean) => Promise<readonly WindowSample[]>

/** Requests at once to one source: many checks must not look like an attack, and one dead source must not keep others waiting. */
const atOnce = { prometheus: 8, loki: 8, sql: 2 } as const

export function asker(probes: Probes, signal: AbortSignal): Ask {
  const lines: Readonly<Record<keyof typeof atOnce, Turns>> = {
    prometheus: turns(atOnce.prometheus),
    loki: turns(atOnce.loki),
    sql: turns(atOnce.sql),
  }
  return async (check, windows, control) => {
    if (windows.length === 0) return []
    const source = check.prometheus !== undefined ? 'prometheus' : check.loki !== undefined ? 'loki' : 'sql'
    const samples = await lines[source](async () => (signal.aborted ? [] : sampleSafely(check, windows, control, probes, signal)))
    const answered = windows.map((window, index) => ({ window, sample: samples[index] ?? missing }))
    // a request that was cut off says nothing of its windows
    const cut = signal.aborted ? answered.findIndex(({ sample }) => sample.state === 'error') : -1
    return cut < 0 ? answered : answered.slice(0, cut)
  }
}

const missing: Sample = { state: 'error', message: 'the source left this window out' }

async function sampleSafely(
  check: Check,
  windows: readonly Window[],
  control: boolean,
  probes: Probes,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  try {
    return await probes.for(check).sample(check, windows, { control, signal })
  } catch (error) {
    // a fault of ours in one check must end no other, and is no evidence for anything
    const message = `Shiplock failed to ask: ${messageOf(error)}`
    return windows.map(() => ({ state: 'error', message }))
  }
}
