import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, link, lstat, mkdir, open, readdir, realpath, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Store, StoredObject } from '../../backup/store.ts'
import { checkStoreKey, storeKeyProblem } from '../../backup/store-key.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import { explainFolder, invalidStore, notAFolder } from './folder-errors.ts'

/** Objects under way have such names; whatever a killed process leaves behind never looks like an object. */
const partialStart = '.partial-'
/** Made beside the first object, and never an object itself. */
const ignoreFile = '.gitignore'
/** A partial file that nobody wrote to for so long belongs to a process that died. */
const staleMs = 24 * 60 * 60 * 1000

/** The folder that a `file:///` URL names. Throws `invalid-store`. */
export function folderOfUrl(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw invalidStore(`${url} does not name a folder of this machine`, 'Write it as file:///srv/backups.', error)
  }
}

/** A new store inside a checkout must never be committed: it holds production data. */
async function keepOutOfGit(root: string): Promise<void> {
  await writeFile(join(root, ignoreFile), '*\n', { mode: 0o600 })
}

/** A store in a folder, which the first object creates. Folders are made with mode 0700, files with 0600. */
export function folderStore(root: string, now: () => Date): Store {
  let cleaned: Promise<void> | undefined

  return {
    description: pathToFileURL(root).href,

    async put(key, source, signal) {
      source.on('error', () => {}) // it may fail while the folder is made; the pipeline below reports it
      try {
        const path = pathOf(root, key)
        await refuseExisting(path, key)
        const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        if (made !== undefined && root.startsWith(made)) await keepOutOfGit(root)
        cleaned ??= removeStale(root, now().getTime() - staleMs)
        await cleaned
        return { key, sizeBytes: await writeNew(path, key, source, signal) }
      } catch (error) {
        source.destroy()
        throw await explainFolder(error, root, key)
      }
    },

    async get(key) {
      const handle = await openObject(root, key)
      if (handle === undefined) {
        throw new ReleaseError('backup-not-found', `${pathToFileURL(root).href} holds no object ${key}.`, {
          hint: 'Check the key and the store.',
        })
      }
      return handle.createReadStream({ highWaterMark: 1024 * 1024 })
    },

    async head(key) {
      const handle = await openObject(root, key)
      if (handle === undefined) return undefined
      await using file = handle
      return { key, sizeBytes: (await file.stat()).size }
    },

    async list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      if (folder !== '') checkStoreKey(folder.slice(0, -1))
      const found: StoredObject[] = []
      try {
        await requireFolder(root)
        await collect(join(root, folder), folder, [], found)
      } catch (error) {
        throw await explainFolder(error, root, prefix)
      }
      return found.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1))
    },

    async delete(key) {
      try {
        await unlink(pathOf(root, key))
      } catch (error) {
        if (!isMissing(error)) throw await explainFolder(error, root, key)
      }
    },
  }
}

/**
 * The object appears by `link`, which is atomic and, unlike `rename`, refuses a name that is taken.
 * https://man7.org/linux/man-pages/man2/link.2.html
 */
async function writeNew(path: string, key: string, source: Readable, signal: AbortSignal): Promise<number> {
  const partial = join(dirname(path), `${partialStart}${process.pid}-${randomBytes(8).toString('hex')}`)
  const handle = await open(partial, 'wx', 0o600)
  try {
    const sizeBytes = await fill(handle, source, signal)
    signal.throwIfAborted()
    await link(partial, path)
    return sizeBytes
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw exists(key)
    throw error
  } finally {
    await unlink(partial)
    await syncFolder(dirname(path))
  }
}

async function fill(handle: FileHandle, source: Readable, signal: AbortSignal): Promise<number> {
  try {
    await pipeline(source, (chunks) => writeAll(handle, chunks), { signal })
    await handle.sync()
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) await handle.writeFile(chunk) // goes on where the last one ended
}

/** Without this, a power cut could take away the name of a file whose bytes are safe. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r')
  await folder.sync()
}

async function refuseExisting(path: string, key: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error
  })
  if (found !== undefined) throw exists(key)
}

/** A missing store holds nothing; something else in its place is a mistake. */
async function requireFolder(root: string): Promise<void> {
  const found = await stat(root).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error
  })
  if (found !== undefined && !found.isDirectory()) throw notAFolder(root)
}

async function openObject(root: string, key: string): Promise<FileHandle | undefined> {
  checkStoreKey(key)
  if (isPartial(key)) return undefined
  try {
    await requireFolder(root)
    const handle = await open(join(root, key), constants.O_RDONLY | constants.O_NONBLOCK) // never hangs on a named pipe
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    return undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw await explainFolder(error, root, key)
  }
}

/** Walks a folder, through symbolic links too: a class of backups may live on another disk. */
async function collect(folder: string, prefix: string, above: readonly string[], found: StoredObject[]): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (name === ignoreFile || isPartial(name) || storeKeyProblem(name) !== undefined) continue
    const path = join(folder, name)
    const entry = await stat(path).catch(skipMissing)
    if (entry?.isFile()) found.push({ key: prefix + name, sizeBytes: entry.size })
    if (entry?.isDirectory()) {
      const place = await realpath(path)
      if (!above.includes(place)) await collect(path, `${prefix}${name}/`, [...above, place], found)
    }
  }
}

/** Nothing depends on it, so what cannot be read or removed stays: another user's process may have left it. */
async function removeStale(folder: string, before: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await removeStale(path, before)
    if (!entry.isFile() || !entry.name.startsWith(partialStart)) continue
    const file = await lstat(path).catch(() => undefined)
    if (file !== undefined && file.mtimeMs < before) await unlink(path).catch(() => {})
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(skipMissing)) ?? []
}

function skipMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')
}

function isPartial(key: string): boolean {
  return key.split('/').some((name) => name.startsWith(partialStart))
}

function pathOf(root: string, key: string): string {
  checkStoreKey(key)
  if (isPartial(key))
    throw invalidStore(`The key ${JSON.stringify(key)} cannot be used: ${partialStart}… is a reserved name`, 'Name another key.')
  return join(root, key)
}

function exists(key: string): ReleaseError {
  return new ReleaseError('backup-exists', `The store holds ${key} already, and nothing in it is ever overwritten.`, {
    hint: 'Run the command again: a new backup gets a key of its own.',
  })
}
