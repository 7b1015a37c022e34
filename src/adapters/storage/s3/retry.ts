import { systemClock } from '../../clock.ts'
import { answerOf, NotS3Error } from './answer.ts'

/** Whether the server was ever reached. */
export interface Contact {
  made: boolean
}

/** How long the first wait is at most. */
export const firstDelayMs = 200
const longestDelayMs = 10_000

/** Sends until it succeeds, or until trying again makes no sense. The delays double, and are spread at random. */
export async function retrying<T>(send: () => Promise<T>, contact: Contact, delayMs: number, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      return await send()
    } catch (error) {
      signal.throwIfAborted()
      if (attempt >= mostAttempts(error, contact.made)) throw error
      await backOff(attempt, delayMs, signal)
    }
  }
}

/** Waits before the next try; returns early when the signal fires. */
export function backOff(attempt: number, delayMs: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(delayMs * 2 ** (attempt - 1), longestDelayMs)
  return systemClock.sleep(longest / 2 + (Math.random() * longest) / 2, signal)
}

/** A server that never answered is a mistake more often than an accident, so that it is found quickly. */
function mostAttempts(error: unknown, contactMade: boolean): number {
  if (error instanceof NotS3Error) return 1
  const { name, status, isClockCorrected } = answerOf(error)
  if (isClockCorrected || name === 'RequestTimeTooSkewed') return 2
  if (isStall(error)) return contactMade ? 3 : 1
  if (isNetworkTrouble(error)) return contactMade ? 8 : 3
  if (badDigests.has(name)) return 4
  if (passingNames.has(name) || passingStatuses.has(status ?? 0)) return 8
  return 1
}

/** What was sent arrived changed: the network did it, or a proxy. */
export const badDigests: ReadonlySet<string> = new Set(['BadDigest', 'XAmzContentSHA256Mismatch', 'InvalidDigest'])
const passingNames = new Set([
  'SlowDown',
  'RequestTimeout',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'InternalError',
])
const passingStatuses = new Set([429, 500, 502, 503, 504])

const networkCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
])

/** A connection that broke or could not be made; no answer came. */
export function isNetworkTrouble(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  return networkCodes.has(code ?? '') || message === 'aborted' || message === 'socket hang up'
}

/** Not one byte moved for as long as was allowed. */
export function isStall(error: unknown): boolean {
  return answerOf(error).name === 'TimeoutError' && !isNetworkTrouble(error)
}
