import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

export interface ChildOptions {
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Drops to another user, for programs that refuse root. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly cwd?: string
  readonly input?: Readable
}

export interface ChildResult {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly stdout: string
  readonly stderr: string
}

interface ChildStatus {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
}

/** A child whose output is streamed. */
export interface RunningChild {
  readonly pid: number | undefined
  readonly stdout: Readable
  /** Standard error as it comes. */
  readonly errors: Readable
  /** What it wrote to standard error so far, the last 64 KiB. */
  stderr(): string
  /** Resolves when the child itself has ended; a program that it left running may still hold its streams. */
  readonly exited: Promise<ChildStatus>
  /** Resolves when the child and its streams have ended; rejects only when it could not be started. */
  readonly ended: Promise<ChildStatus>
  kill(signal: NodeJS.Signals): void
}

const keptBytes = 64 * 1024
/** After a polite signal, the child gets this long before it is killed; a runner grants 7.5 s in all. */
const graceMs = 2000

/** Starts a program with an argument list, never through a shell, in a process group of its own. */
export function startChild(program: string, args: readonly string[], options: ChildOptions): RunningChild {
  const child = spawn(program, args, {
    env: options.env,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true, // a Ctrl-C of the terminal reaches us alone, and a kill reaches its children too
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.user,
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-keptBytes)
  })
  if (options.input !== undefined && child.stdin !== null) {
    const { stdin } = child
    options.input.on('error', () => child.kill('SIGTERM'))
    stdin.on('error', () => {}) // the child went away first; its exit code says why
    options.input.pipe(stdin)
  }
  let isClosed = false
  const kill = (signal: NodeJS.Signals) => {
    if (!isClosed) killGroup(child, signal)
  }
  let forced: NodeJS.Timeout | undefined
  const abort = () => {
    kill('SIGTERM')
    forced = setTimeout(() => kill('SIGKILL'), graceMs)
  }
  const when = (event: 'exit' | 'close') =>
    new Promise<ChildStatus>((resolve, reject) => {
      child.on('error', reject)
      child.on(event, (code: number | null, signal: string | null) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined }))
    })
  child.on('close', () => {
    isClosed = true
    clearTimeout(forced)
    options.signal?.removeEventListener('abort', abort)
  })
  const [exited, ended] = [when('exit'), when('close')]
  for (const promise of [exited, ended]) promise.catch(() => {}) // whoever awaits it sees the error; nobody else should crash for it
  if (options.signal?.aborted) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  return { pid: child.pid, stdout: child.stdout as Readable, errors: child.stderr as Readable, stderr: () => errors, exited, ended, kill }
}

/** Runs a short program to its end and keeps what it said, the last 64 KiB of each stream. */
export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const child = startChild(program, args, options)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-keptBytes)
  })
  const { exitCode, signal } = await child.ended
  return { exitCode, signal, stdout, stderr: child.stderr() }
}

/** Also when the child itself has ended: what it started may be at work, and hold its streams. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    child.kill(signal)
  }
}
