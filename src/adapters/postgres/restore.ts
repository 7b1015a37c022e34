import { chmod, chown, constants, copyFile, link, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type EditedContents, type Existing, editContents } from '../../drill/contents.ts'
import { ReleaseError } from '../../errors.ts'
import { mayRead } from '../may-read.ts'
import { runChild, startChild } from '../process.ts'
import { type Account, isInOwnWorkspace } from '../workspace.ts'
import { restoreMessages } from './restore-messages.ts'
import type { Tools } from './tools.ts'

export interface RestoreOptions {
  readonly tools: Tools
  /** Whom `pg_restore` runs as: an archive can be crafted. */
  readonly account: Account | undefined
  /** A folder that the account can enter. */
  readonly folder: string
  /** With the `PG*` variables of the plain role. */
  readonly env: Readonly<Record<string, string>>
  readonly database: string
  readonly jobs: number
  /** Whether what is restored belongs to the roles that it belonged to, which must exist. */
  readonly withOwners: boolean
}

/** An archive that a plain role can restore, one section after the other. */
export interface PreparedArchive {
  readonly contents: EditedContents
  /** Throws `restore-failed`. */
  restore(section: string, signal: AbortSignal): Promise<void>
}

/** Lets the account read the archive, and edits its table of contents. Throws `restore-failed`. */
export async function prepareArchive(archive: string, existing: Existing, options: RestoreOptions): Promise<PreparedArchive> {
  const { tools, account, folder, env } = options
  const program = join(tools.binDir, 'pg_restore')
  const file = account === undefined ? archive : await admit(archive, folder, account)
  const listing = startChild(program, ['--list', '--verbose', file], { env, user: account, cwd: folder })
  const [lines, { exitCode }] = await Promise.all([text(listing.stdout), listing.ended])
  if (exitCode !== 0) throw failed('its table of contents cannot be read', listing.stderr())
  const contents = editContents(lines, existing)
  const list = join(folder, 'contents.list')
  await writeFile(list, contents.list, { mode: 0o600 })
  if (account !== undefined) await chown(list, account.uid, account.gid)
  return {
    contents,
    async restore(section, signal) {
      const args = [
        `--dbname=${options.database}`,
        `--section=${section}`,
        `--use-list=${list}`,
        `--jobs=${options.jobs}`,
        ...plainly(options),
        file,
      ]
      const run = await runChild(program, args, { env, user: account, cwd: folder, signal })
      signal.throwIfAborted()
      if (run.exitCode !== 0) throw failed(`${section} did not load`, run.stderr)
    },
  }
}

/** What a plain role without the source's rights, disks and publications can restore; nothing is passed over silently. */
function plainly({ tools, withOwners }: RestoreOptions): string[] {
  const options = [
    '--exit-on-error',
    ...(withOwners ? [] : ['--no-owner']),
    '--no-privileges',
    '--no-publications',
    '--no-subscriptions',
    '--no-security-labels',
    '--no-tablespaces',
  ]
  return tools.major >= 18 ? [...options, '--no-statistics'] : options
}

/**
 * Root's archive as a file of the account, in the account's folder. What we downloaded ourselves is handed over by a
 * second name; any other file stays as it is, and is copied where the account cannot open it.
 */
async function admit(archive: string, folder: string, account: Account): Promise<string> {
  const file = join(folder, 'archive')
  const isOurs = await isInOwnWorkspace(archive)
  if (!isOurs && (await mayRead(archive, account))) return archive
  const { uid, gid } = account
  const handedOver =
    isOurs &&
    (await link(archive, file).then(
      () => true,
      () => false,
    ))
  if (!handedOver) await copyFile(archive, file, constants.COPYFILE_FICLONE)
  await chown(file, uid, gid)
  await chmod(file, 0o400)
  return file
}

/** What a machine lacks, or a plain role may not do, says nothing of the backup. */
function failed(what: string, stderr: string): ReleaseError {
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
  if (/superuser|permission denied/i.test(stderr)) {
    return new ReleaseError('restore-refused', `The plain role of the drill may not make what the backup holds: ${what}.\n${said}`, {
      hint: 'C and LEAKPROOF functions, base types and some settings need a superuser, and a drill never restores as one. Nothing is said about the backup.',
    })
  }
  return new ReleaseError('restore-failed', `The backup could not be restored: ${what}.${said === '' ? '' : `\n${said}`}`, {
    hint: 'The copy was restored by a plain role; what needs a superuser is left out beforehand. Look at the object that is named above.',
  })
}
