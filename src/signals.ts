import { readFileSync } from 'node:fs'

/** What is used of the process: its signals and its end. */
type Signalled = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>

export interface Watch {
  readonly signal: AbortSignal
  /** What was thrown where nobody could catch it; the start then ends as on a signal. */
  readonly crash: () => unknown
  stop(): void
}

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
type Watched = keyof typeof exitCodes

/** A crash is no evidence of anything. */
const crashExitCode = 3

/** The exit status of a start that a signal ended. */
export function signalExitCode(signal: AbortSignal): number {
  return exitCodes[signal.reason as Watched] ?? 130
}

/** A runner grants 7.5 s after SIGINT; what has not ended by then is given up, so that we end by ourselves. */
const longestMs = 7000

/**
 * An abort signal that fires at SIGINT, SIGTERM or SIGHUP (a terminal that was closed), with the signal's name as reason. A second signal, or too long an
 * end, stops the process at once.
 */
export function watchSignals(process: Signalled, told: () => void): Watch {
  const controller = new AbortController()
  let last: NodeJS.Timeout | undefined
  const onSignal = (name: NodeJS.Signals) => {
    const code = exitCodes[name as Watched]
    if (controller.signal.aborted) process.exit(code)
    told()
    last = setTimeout(() => process.exit(code), longestMs)
    last.unref()
    controller.abort(name)
  }
  let crash: unknown
  const onCrash = (error: unknown) => {
    crash ??= error // one cause can throw again and again until its connection is closed
    last ??= setTimeout(() => process.exit(crashExitCode), longestMs).unref()
    controller.abort('crash')
  }
  process.on('uncaughtException', onCrash)
  const watched = Object.keys(exitCodes).filter((name) => name !== 'SIGHUP' || !ignoresHangUp())
  for (const name of watched) process.on(name, onSignal)
  return {
    signal: controller.signal,
    crash: () => crash,
    stop() {
      process.off('uncaughtException', onCrash)
      clearTimeout(last)
      for (const name of watched) process.off(name, onSignal)
    },
  }
}

/** Under `nohup` the signal is ignored, and must stay so. */
function ignoresHangUp(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n
  } catch {
    return false
  }
}
