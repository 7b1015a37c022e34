import { readdir, readFile } from 'node:fs/promises'

/** Kills a process and all that came from it, the parents first: nobody is left to clean up. */
export async function killTree(pid: number): Promise<void> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = /\) \S (\d+)/.exec(stat)?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const family = [pid]
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child)
  for (const one of family) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // it has ended meanwhile
    }
  }
}
