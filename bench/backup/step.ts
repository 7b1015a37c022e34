import { execFileSync, spawn } from 'node:child_process'
import { nowMs } from '../clock.ts'
import { cpuSecondsBelow, peakBytesOf, usageOf } from './processes.ts'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Whom it runs as, when not as this process. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined
}

/** What one command took. CPU seconds are of both cores together. */
export interface Step {
  readonly seconds: number
  /** Of the program itself, without what it starts. */
  readonly peakBytes: number
  readonly cpu: {
    readonly program: number
    /** What the program started. */
    readonly children: number
    readonly postgres: number
    readonly ceph: number
  }
  readonly stdout: string
  /** What was written to standard error, each line with its second. */
  readonly lines: readonly { readonly at: number; readonly text: string }[]
}

const servers = { postgres: ['postgres'], ceph: ['ceph-mon', 'ceph-osd', 'radosgw'] } as const
/** Each look costs some 50 µs. */
const lookMs = 20

/** Runs a command alone on the machine: what was written before is on the disk when it starts. Throws when it does not end with 0. */
export async function measure({ program, args, env, cwd, account }: Command, output: 'keep' | 'discard' = 'keep'): Promise<Step> {
  execFileSync('sync')
  const before = serverSeconds()
  const from = nowMs()
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env },
    cwd,
    ...account,
    stdio: ['ignore', output === 'keep' ? 'pipe' : 'ignore', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const { pid = 0 } = child
  let [peakBytes, own, children] = [0, 0, 0]
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakBytesOf(pid) ?? 0)
    const usage = usageOf(pid)
    if (usage !== undefined && usage.cpuSeconds > 0) [own, children] = [usage.cpuSeconds, usage.childrenCpuSeconds]
  }, lookMs)
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const lines: { at: number; text: string }[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) lines.push({ at: (nowMs() - from) / 1000, text: line })
  })
  try {
    const exitCode = await ended
    const seconds = (nowMs() - from) / 1000
    if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}:\n${stdout}\n${lines.map(({ text }) => text).join('\n')}`)
    const after = serverSeconds()
    const cpu = { program: own, children, postgres: after.postgres - before.postgres, ceph: after.ceph - before.ceph }
    return { seconds, peakBytes, cpu, stdout, lines }
  } finally {
    clearInterval(look)
  }
}

function serverSeconds(): { readonly postgres: number; readonly ceph: number } {
  return { postgres: cpuSecondsBelow(process.pid, servers.postgres), ceph: cpuSecondsBelow(process.pid, servers.ceph) }
}
