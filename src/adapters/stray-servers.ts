import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runChild } from './process.ts'

const graceMs = 2000

/** Ends every PostgreSQL process whose data directory lies in this folder, and no other process. */
export async function killServersIn(folder: string): Promise<void> {
  const home = realpathSync(folder)
  for (const pid of await serversIn(home)) signal(pid, 'SIGQUIT') // immediate shutdown: nothing here is to be kept
  const deadline = performance.now() + graceMs
  while ((await serversIn(home)).length > 0 && performance.now() < deadline) await pause(50)
  // a backend in the middle of a computation outlives its postmaster
  for (const pid of await serversIn(home)) signal(pid, 'SIGKILL')
}

async function serversIn(home: string): Promise<readonly number[]> {
  const everyone = processIds()
  return everyone === undefined ? postmasterIn(home) : everyone.filter((pid) => isServerIn(pid, home))
}

/** `undefined` on systems without /proc. */
function processIds(): number[] | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return undefined
  }
}

/** A postmaster and all its backends work in the data directory. */
function isServerIn(pid: number, home: string): boolean {
  try {
    if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(`${home}/`)) return false
    return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '')) === 'postgres'
  } catch {
    return false // it ended meanwhile, or belongs to somebody else
  }
}

/** The process that postmaster.pid names, when its command line says that it serves this very folder. */
async function postmasterIn(home: string): Promise<readonly number[]> {
  const data = join(home, 'data')
  const pid = Number(firstLine(join(data, 'postmaster.pid')))
  if (!Number.isInteger(pid) || pid <= 1) return []
  const { stdout } = await runChild('/bin/ps', ['-o', 'command=', '-p', String(pid)], { env: {} })
  return /\bpostgres\b/.test(stdout) && stdout.includes(data) ? [pid] : []
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] ?? ''
  } catch {
    return ''
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it ended meanwhile
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
