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
    // a right that a role of the copy lacks says nothing of the backup
    const actual = code === 'restore-failed' && sqlstate === '42501' ? 'restore-refused' : code
    throw new ReleaseError(actual, `${what}: ${withoutValue(message)} (${sqlstate ?? 'connection lost'}).`, { cause })
  }
}
