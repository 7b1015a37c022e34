import { spawn } from 'node:child_process'
import { makeProject } from '../test/program.ts'
import { nowMs } from './clock.ts'
import type { Change, Executor } from './executors.ts'

/** How an executor came to its end, and when, on the clock of `nowMs`. */
export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly at: number
}

/** An executor at work, in a folder that holds nothing but its migrations. */
export interface Started extends AsyncDisposable {
  readonly at: number
  readonly ended: Promise<Ended>
  /** Ends it with all that it has started, without asking. */
  kill(): void
}

/** Writes its files, then starts it. Rejects when there is no such program. */
export async function startExecutor(executor: Executor, changes: readonly Change[], url: string): Promise<Started> {
  const project = await makeProject(executor.files(changes))
  const { program, args, env } = executor.command(url)
  const at = nowMs()
  const child = spawn(program, args, {
    cwd: project.dir,
    env: { PATH: process.env.PATH, HOME: project.dir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr, at: nowMs() })))
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  return {
    at,
    ended,
    kill,
    [Symbol.asyncDispose]: async () => {
      kill()
      await ended
      await project[Symbol.asyncDispose]()
    },
  }
}
