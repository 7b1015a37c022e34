import { messageOf, ReleaseError, systemCode } from '../../errors.ts'
import { withoutValue } from './restore-messages.ts'

const hints = {
  'scratch-failed': 'Run the drill again; when it fails in the same way, look at the log of the server that it restored into.',
  'restore-failed': 'Look at what the server objects to; then make a new backup, and drill that one.',
  'restore-refused': 'Let the drill make its own cluster, without target-url, or give the role of the target that right.',
} as const

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
    throw new ReleaseError(actual, `${what}: ${withoutValue(message)} (${sqlstate ?? 'connection lost'}).`, {
      hint: hints[actual],
      cause,
    })
  }
}
