/** What is used of the process: its signals and its end. */
type Signalled = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

/** A runner grants 7.5 s after SIGINT; what has not ended by then is given up, so that we end by ourselves. */
const longestMs = 7000

/**
 * An abort signal that fires at SIGINT or SIGTERM, with the signal's name as reason. A second signal, or too long an
 * end, stops the process at once.
 */
export function watchSignals(process: Signalled, told: () => void): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController()
  let last: NodeJS.Timeout | undefined
  const onSignal = (name: NodeJS.Signals) => {
    const code = exitCodes[name as keyof typeof exitCodes]
    if (controller.signal.aborted) process.exit(code)
    told()
    last = setTimeout(() => process.exit(code), longestMs)
    last.unref()
    controller.abort(name)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(last)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
