import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html are hundredths of a second on every Linux that Node runs on. */
const ticksPerSecond = 100

/** What a process has used so far; nothing once it is gone. */
interface Usage {
  readonly name: string
  readonly parent: number
  readonly cpuSeconds: number
  /** Of the children that have ended and were waited for. */
  readonly childrenCpuSeconds: number
}

export function usageOf(pid: number): Usage | undefined {
  const line = read(`/proc/${pid}/stat`)
  if (line === undefined) return undefined
  const end = line.lastIndexOf(')') // a name may hold blanks and brackets
  const fields = line.slice(end + 2).split(' ')
  const seconds = (...indexes: number[]) => indexes.reduce((sum, index) => sum + Number(fields[index]), 0) / ticksPerSecond
  return {
    name: line.slice(line.indexOf('(') + 1, end),
    parent: Number(fields[1]),
    cpuSeconds: seconds(11, 12),
    childrenCpuSeconds: seconds(13, 14),
  }
}

/** The largest memory that a process has had in RAM, without its children. */
export function peakBytesOf(pid: number): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** CPU seconds of every process below this one with such a name, and of what they have started and outlived. */
export function cpuSecondsBelow(pid: number, names: readonly string[]): number {
  const all = new Map<number, Usage>()
  for (const name of readdirSync('/proc')) {
    const usage = /^\d+$/.test(name) ? usageOf(Number(name)) : undefined
    if (usage !== undefined) all.set(Number(name), usage)
  }
  const isBelow = (one: Usage | undefined): boolean => one !== undefined && (one.parent === pid || isBelow(all.get(one.parent)))
  return [...all.values()]
    .filter((one) => names.includes(one.name) && isBelow(one))
    .reduce((sum, one) => sum + one.cpuSeconds + one.childrenCpuSeconds, 0)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // it has ended
  }
}
