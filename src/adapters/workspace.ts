import { constants, readFileSync, readlinkSync } from 'node:fs'
import { chmod, chown, lstat, mkdtemp, open, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { messageOf, ReleaseError } from '../errors.ts'
import { killServersIn } from './stray-servers.ts'

/** An account of this machine. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** A private folder that is removed at the end of its scope; after a crash `sweepWorkspaces` removes it. */
export interface Workspace extends AsyncDisposable {
  readonly path: string
  /** Leaves the folder in place, at disposal and for later sweeps. */
  keep(): Promise<void>
}

interface WorkspaceOptions {
  /** Where to make it, the best place first; `/tmp` and `/var/tmp` follow. */
  readonly roots: readonly string[]
  /** Who must be able to work in it, when that is not us. */
  readonly owner?: Account | undefined
}

const namePattern = /^shiplock-[A-Za-z0-9]{6}$/
const ownerFile = 'owner.json'
const lastRoots = ['/tmp', '/var/tmp']

const ownerSchema = z.object({
  pid: z.int().positive(),
  /** Clock ticks since the machine started, where the system tells: process ids are used again. */
  startTime: z.string().optional(),
  /** Where the process id means something. */
  boot: z.string().optional(),
  pidNamespace: z.string().optional(),
})
type Owner = z.infer<typeof ownerSchema>

/** Makes a folder with mode 0700 below the first root that the account can reach. Throws `scratch-failed`. */
export async function makeWorkspace({ roots, owner }: WorkspaceOptions): Promise<Workspace> {
  const problems: string[] = []
  for (const root of new Set([...roots, ...lastRoots])) {
    try {
      const home = await realpath(root)
      if (owner !== undefined && !(await isReachable(home, owner))) throw new Error(`user ${owner.uid} cannot enter it`)
      return await makeIn(home, owner)
    } catch (error) {
      problems.push(`${root}: ${messageOf(error)}`)
    }
  }
  throw new ReleaseError('scratch-failed', `No temporary folder could be made (${problems.join('; ')}).`, {
    hint: 'Set TMPDIR to a folder that may be written, on a disk with room.',
  })
}

/**
 * Removes the folders below these roots, `/tmp` and `/var/tmp` whose owner is dead, and stops the servers that still run in them. Returns what it removed.
 * One folder that cannot be removed does not keep it from the others; one without a readable owner is not ours.
 */
export async function sweepWorkspaces(roots: readonly string[]): Promise<readonly string[]> {
  const removed: string[] = []
  for (const root of new Set([...roots, ...lastRoots])) {
    const names = await readdir(root).catch(() => [])
    for (const name of names.filter((one) => namePattern.test(one))) {
      const path = join(root, name)
      try {
        const owner = await readOwner(path)
        if (owner === undefined || mayBeAlive(owner)) continue
        await killServersIn(path)
        await removeFolder(path)
        removed.push(path)
      } catch {
        // somebody else sweeps it, or it cannot be removed: the next run tries again
      }
    }
  }
  return removed
}

/** Whether this very process made the folder that a file lies in. */
export async function isInOwnWorkspace(file: string): Promise<boolean> {
  const folder = dirname(file)
  if (!namePattern.test(basename(folder))) return false
  return (await readOwner(folder).catch(() => undefined))?.pid === process.pid
}

async function makeIn(root: string, owner: Account | undefined): Promise<Workspace> {
  const path = await mkdtemp(join(root, 'shiplock-'))
  const marker = join(path, ownerFile)
  let kept = false
  try {
    await writeFile(marker, JSON.stringify(ourselves()), { flag: 'wx', mode: 0o600 })
    await chmod(path, 0o700) // whatever the umask is
    if (owner !== undefined) await chown(path, owner.uid, owner.gid)
  } catch (error) {
    await removeFolder(path)
    throw error
  }
  return {
    path,
    keep: async () => {
      kept = true
      await rm(marker, { force: true })
    },
    [Symbol.asyncDispose]: async () => {
      if (!kept) await removeFolder(path)
    },
  }
}

function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** Whether an account can pass through each folder down to this one and write there. */
export async function isReachable(path: string, account: Account): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
    if (((mode >> shift) & 1) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** `undefined` when the folder is not one that we, and nobody else, could have made. */
async function readOwner(path: string): Promise<Owner | undefined> {
  const us = process.getuid?.()
  const folder = await lstat(path)
  // root hands its folders to another account, so there the marker tells; nobody else can make a file of root's
  if (!folder.isDirectory() || (us !== 0 && folder.uid !== us)) return undefined
  await using file = await open(join(path, ownerFile), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const facts = await file.stat()
  if (!facts.isFile() || facts.uid !== us || facts.size > 4096) return undefined
  return ownerSchema.parse(JSON.parse(await file.readFile('utf8')))
}

function mayBeAlive(owner: Owner): boolean {
  const here = ourselves()
  if (owner.boot !== here.boot) return false
  if (owner.pidNamespace !== here.pidNamespace) return true // another container: its processes cannot be seen
  return isRunning(owner.pid) && (owner.startTime === undefined || owner.startTime === startTimeOf(owner.pid))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function ourselves(): Owner {
  const { pid } = process
  return {
    pid,
    startTime: startTimeOf(pid),
    boot: readable(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: readable(() => readlinkSync('/proc/self/ns/pid')),
  }
}

/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; a process name may hold blanks and brackets. */
function startTimeOf(pid: number): string | undefined {
  return readable(() => {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19]
  })
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
