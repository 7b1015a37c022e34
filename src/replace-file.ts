import { randomBytes } from 'node:crypto'
import { lstat, rename, rm, writeFile } from 'node:fs/promises'

/** Writes the whole text in one step, so that a reader finds the old text or the new one and never a part. */
export async function replaceFile(path: string, text: string, mode?: number): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found !== undefined && !found.isFile()) return writeFile(path, text) // a device or a link keeps its place
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(fresh, text, { flag: 'wx', mode: mode ?? (found === undefined ? 0o666 : found.mode & 0o777) })
    await rename(fresh, path)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}
