import { messageOf } from '../errors.ts'
import type { Check } from './check.ts'
import type { Probes } from './probe.ts'
import type { Sample, Window, WindowSample } from './sample.ts'
import { turns } from './turns.ts'

/** Asks a check's source for windows that follow one another. Never rejects: what cannot be had is a state of the samples. */
export type Ask = (check: Check, windows: readonly Window[], control: boolean) => Promise<readonly WindowSample[]>

/** Connections at once: the database has other work. Sources over HTTP see to this themselves. */
const mostSessions = 2

export function asker(probes: Probes, signal: AbortSignal): Ask {
  const turn = turns(mostSessions)
  return async (check, windows, control) => {
    if (windows.length === 0) return []
    const sample = async () => (signal.aborted ? [] : sampleSafely(check, windows, control, probes, signal))
    const samples = await (check.sql === undefined ? sample() : turn(sample))
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
