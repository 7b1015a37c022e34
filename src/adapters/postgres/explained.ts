import { messageOf, ReleaseError, systemCode } from '../../errors.ts'
import { withoutValue } from './restore-messages.ts'

/** What the server refuses, or its end, is an error with a code; its values may be personal data. */
export async function explained<T>(code: 'scratch-failed' | 'restore-failed', what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const sqlstate = systemCode(cause)
    const message = messageOf(cause)
    if (sqlstate === undefined && !/^Connection terminated/.test(message)) throw cause
    throw new ReleaseError(code, `${what}: ${withoutValue(message)} (${sqlstate ?? 'connection lost'}).`, { cause })
  }
}
