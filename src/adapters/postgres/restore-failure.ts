import { ReleaseError } from '../../errors.ts'
import { restoreMessages } from './restore-messages.ts'

/** What a machine lacks, or a plain role may not do, says nothing of the backup. */
export function restoreFailure(what: string, stderr: string): ReleaseError {
  const said = restoreMessages(stderr)
  if (
    /server closed the connection|connection to server|terminating connection|could not (?:connect|extend|write)|No space left|out of memory/i.test(
      stderr,
    )
  ) {
    return new ReleaseError('scratch-failed', `The scratch cluster did not last: ${what}.\n${said}`, {
      hint: 'Look at memory and at the room for temporary files (TMPDIR, RUNNER_TEMP) of this machine, and run the drill again.',
    })
  }
  if (/superuser|permission denied|must be (?:owner|member|able to)/i.test(stderr)) {
    return new ReleaseError('restore-refused', `The plain role of the drill may not make what the backup holds: ${what}.\n${said}`, {
      hint: 'What is known to need a superuser is left out beforehand; this was not, and a drill never restores as one. Nothing is said about the backup.',
    })
  }
  return new ReleaseError('restore-failed', `The backup could not be restored: ${what}.${said === '' ? '' : `\n${said}`}`, {
    hint: 'The copy was restored by a plain role; what needs a superuser is left out beforehand. Look at the object that is named above.',
  })
}
