import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

interface Start {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** What Node and the C library read only once, when the process starts. */
const readAtStart = /^(NODE_|LD_|SSL_|UV_|TZ$|LC_|LANG$)/

export function canBeWarm(env: Readonly<Record<string, string>>): boolean {
  return !Object.keys(env).some((name) => readAtStart.test(name))
}

const idle: ChildProcess[] = []

/**
 * Runs a program's file in a process that has loaded it already, if there is one that has nothing to do. A start costs a
 * quarter of a second of computing, nearly all of it to load what the last start had loaded. Starts that overlap have
 * processes of their own, and so have those that are killed, watched or need another Node: they are spawned as usual.
 */
export async function runWarm(program: string, start: Start): Promise<Ended> {
  const host = idle.pop() ?? open(program, start)
  const mark = `end of ${randomUUID()}`
  const [stdout, stderr] = [until(mark, host.stdout as Readable), until(mark, host.stderr as Readable)]
  keepAlive(host, true)
  return new Promise((resolve, reject) => {
    const closed = (exitCode: number | null, signal: NodeJS.Signals | null) =>
      resolve({ exitCode, signal, stdout: stdout.stop(), stderr: stderr.stop() })
    host.once('error', reject).once('close', closed)
    host.once('message', async ({ exitCode, reusable }: { exitCode: number; reusable: boolean }) => {
      const ended = { exitCode, signal: null, stdout: await stdout.text, stderr: await stderr.text }
      host.off('error', reject).off('close', closed)
      if (reusable) idle.push(host)
      else host.disconnect()
      keepAlive(host, false)
      resolve(ended)
    })
    host.send({ ...start, mark })
  })
}

function open(program: string, { cwd, env }: Start): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'warm-host.js'), program], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

/** What a stream says before the mark. */
function until(mark: string, stream: Readable): { readonly text: Promise<string>; stop(): string } {
  let said = ''
  let done = (_: string) => {}
  const text = new Promise<string>((resolve) => {
    done = resolve
  })
  const hear = (more: string) => {
    said += more
    if (!said.endsWith(mark)) return
    stream.off('data', hear)
    done(said.slice(0, -mark.length))
  }
  stream.setEncoding('utf8').on('data', hear)
  return { text, stop: () => said }
}

/** Only a start under way keeps our own process from ending. */
function keepAlive(host: ChildProcess, on: boolean): void {
  const verb = on ? 'ref' : 'unref'
  for (const handle of [host, host.channel, host.stdout, host.stderr])
    (handle as { ref(): void; unref(): void } | null | undefined)?.[verb]()
}
