import type { ReleaseError } from '../errors.ts'
import type { Context } from './command.ts'

/** Does work that is stopped, by the signal that it gets, when its time is over; then `tooLate` takes the place of its own error. */
export async function withinDuration<T>(
  limitMs: number | undefined,
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  tooLate: (cause: unknown) => ReleaseError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limitMs === undefined) return work(signal)
  const late = new AbortController()
  const ended = new AbortController()
  void clock.sleep(limitMs, ended.signal).then(() => {
    if (!ended.signal.aborted) late.abort()
  })
  try {
    return await work(AbortSignal.any([signal, late.signal]))
  } catch (error) {
    throw late.signal.aborted && !signal.aborted ? tooLate(error) : error
  } finally {
    ended.abort()
  }
}
