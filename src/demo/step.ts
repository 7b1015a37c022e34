import { formatCount, formatDuration } from '../units.ts'
import type { CommandRun, Time } from './stage.ts'
import { countQueries, type Span, tallyLine } from './timeline.ts'
import type { Traffic } from './traffic.ts'

/** A part of the release, to be run. */
export interface Step {
  readonly id: Span['id']
  readonly command: string
  run(): Promise<Ending>
}

export interface Ending {
  readonly passed: boolean
  readonly reason: string
}

interface Surroundings {
  readonly time: Time
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

const heartbeatMs = 3000
const signs = { passed: '✔', failed: '✖', stopped: '?' } as const

/** Runs a step, says how it goes, and takes down what the application did meanwhile. */
export async function takeStep({ id, command, run }: Step, traffic: Traffic, { time, signal, say }: Surroundings): Promise<Span> {
  say('')
  say(`${command.startsWith('shiplock ') ? '$ ' : ''}${command}`)
  const [startedAt, started] = [time.now(), time.monotonic()]
  const over = new AbortController()
  const beating = beat(traffic, time, AbortSignal.any([signal, over.signal]), say)
  try {
    const ending = await run()
    const ms = time.monotonic() - started
    const state = signal.aborted ? 'stopped' : ending.passed ? 'passed' : 'failed'
    const reason = signal.aborted ? 'Stopped by a signal.' : ending.reason
    const tally = traffic.cut()
    say(`  ${signs[state]} ${formatDuration(ms)}${reason === '' ? '' : `: ${reason}`}`)
    say(`    ${tallyLine(tally)}`)
    return { id, command, startedAt, ms, state, reason, tally }
  } finally {
    over.abort()
    await beating
  }
}

/** What a command concluded, in one sentence. */
export function endingOf({ exitCode, result, said }: CommandRun): Ending {
  const last = result?.commands.at(-1)
  if (exitCode === 0 && result?.verdict === 'pass') return { passed: true, reason: last?.reason ?? '' }
  const told = [last?.reason, last?.error?.message].filter((text, index, all) => text && all.indexOf(text) === index).join(' ')
  return { passed: false, reason: told || said.trim().split('\n').at(-1) || `It ended with ${exitCode ?? 'a signal'} and said nothing.` }
}

async function beat(traffic: Traffic, time: Time, over: AbortSignal, say: (line: string) => void): Promise<void> {
  for (let seconds = 0; ; ) {
    const before = traffic.now.queries
    await time.sleep(heartbeatMs, over)
    if (over.aborted) return
    seconds += heartbeatMs / 1000
    const { queries, failed } = traffic.now
    const rate = Math.round((queries - before) / (heartbeatMs / 1000))
    say(`  … ${seconds} s: ${countQueries(rate)} a second, ${formatCount(failed)} failed`)
  }
}
