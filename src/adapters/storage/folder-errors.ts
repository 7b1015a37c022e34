import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { messageOf, ReleaseError, systemCode } from '../../errors.ts'

/** Turns what the file system says into an error with a next step. */
export async function explainFolder(error: unknown, root: string, key: string): Promise<unknown> {
  if (error instanceof ReleaseError) return error
  const code = systemCode(error) ?? ''
  const where = `${pathToFileURL(root).href} (${key === '' ? code : `${code} at ${key}`})`
  if (code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS' || (code === 'EPERM' && isLink(error))) {
    return invalidStore(
      `The file system of the store ${where} has no hard links, which keep a backup from being overwritten`,
      'Name a folder on a local disk.',
      error,
    )
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return invalidStore(
      `The store ${where} may not be used`,
      `Give this user the right to read and write ${root}, or name another folder.`,
      error,
    )
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    if (!(await isFolder(root))) return notAFolder(root, error)
    return invalidStore(`A file stands where the store needs a folder: ${where}`, 'Move the file away.', error)
  }
  if (code === 'ENAMETOOLONG' || code === 'ELOOP')
    return invalidStore(`The store ${where} cannot be used: ${messageOf(error)}`, 'Name another folder.', error)
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new ReleaseError('backup-failed', `The store ${where} is full; nothing was kept of what was being written.`, {
      hint: 'Make room, or name a folder on a larger disk.',
      cause: error,
    })
  }
  return error
}

/** Linux answers EPERM to `link` where the file system knows none. */
function isLink(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'link'
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

export function notAFolder(root: string, cause?: unknown): ReleaseError {
  return invalidStore(
    `${root} is not a folder, or something above it is not`,
    'Name a folder as the store, such as file:///srv/backups.',
    cause,
  )
}

export function invalidStore(problem: string, hint: string, cause?: unknown): ReleaseError {
  return new ReleaseError('invalid-store', `${problem}.`, { hint, cause })
}
