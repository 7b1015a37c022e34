import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Account, isReachable } from './workspace.ts'

/** Whether an account can open a file where it lies, by the rights that stand on it and on its folders. */
export async function mayRead(path: string, account: Account): Promise<boolean> {
  const file = await realpath(path)
  const { mode, uid, gid } = await stat(file)
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
  return ((mode >> shift) & 4) !== 0 && (await isReachable(dirname(file), account))
}
