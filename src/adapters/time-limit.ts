import { formatDuration } from '../units.ts'

/** A signal that fires when the run is stopped or the time is over. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal
  /** Why it fired; `undefined` while it has not. */
  reason(): string | undefined
}

/** Starts to count at once. */
export function timeLimit(ms: number, run: AbortSignal): TimeLimit {
  const controller = new AbortController()
  const end = () => controller.abort()
  const timer = setTimeout(end, ms)
  run.addEventListener('abort', end, { once: true })
  if (run.aborted) end()
  return {
    signal: controller.signal,
    reason() {
      if (run.aborted) return 'the run was stopped'
      return controller.signal.aborted ? `it took longer than ${formatDuration(ms)}` : undefined
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      run.removeEventListener('abort', end)
    },
  }
}
