import { isUtf8 } from 'node:buffer'
import { chmod, chown, constants, copyFile, link, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type Definition, parseScript } from '../../drill/archive-script.ts'
import { mayRead } from '../may-read.ts'
import { startChild } from '../process.ts'
import { type Account, isInOwnWorkspace } from '../workspace.ts'
import { restoreFailure } from './restore-failure.ts'
import type { Tools } from './tools.ts'

/** What `pg_restore` would write of an archive, read without a database. Throws `restore-failed`. */
export interface OpenedArchive {
  readonly file: string
  readonly listing: string
  readonly definitions: ReadonlyMap<string, Definition>
}

export interface Reading {
  readonly tools: Tools
  /** Whom `pg_restore` runs as: an archive can be crafted. */
  readonly account: Account | undefined
  /** A folder that the account can enter. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

/** Lets the account read the archive, and reads its table of contents with the definitions. Throws `restore-failed`. */
export async function openArchive(archive: string, options: Reading): Promise<OpenedArchive> {
  const { account, folder } = options
  const file = account === undefined ? archive : await admit(archive, folder, account)
  const listing = await output(['--list', '--verbose', file], 'its table of contents cannot be read', options)
  // large objects can be millions, and their entries say nothing that the list does not
  const described = listing
    .split('\n')
    .filter((line) => /^\d+; /.test(line) && !/^\d+; \d+ \d+ (?:BLOB|TABLE DATA|SEQUENCE SET)/.test(line))
  const list = await writeList('described.list', `${described.join('\n')}\n`, options)
  const script = await output(['--verbose', '--file=-', `--use-list=${list}`, file], 'its definitions cannot be read', options)
  return { file, listing, definitions: parseScript(script) }
}

/** The archive's own encoding is not known before it is read; names that are not UTF-8 come out as something, and ids as they are. */
async function output(args: readonly string[], problem: string, { tools, account, folder, env }: Reading): Promise<string> {
  const child = startChild(join(tools.binDir, 'pg_restore'), args, { env, user: account, cwd: folder })
  const [bytes, { exitCode }] = await Promise.all([buffer(child.stdout), child.ended])
  if (exitCode !== 0) throw restoreFailure(problem, child.stderr())
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1')
}

/** A file that the account can read. */
export async function writeList(name: string, list: string, { folder, account }: Reading): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, list, { mode: 0o600 })
  if (account !== undefined) await chown(path, account.uid, account.gid)
  return path
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
