import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { say } from '../clock.ts'
import { median } from '../median.ts'
import { goal, type Section } from '../report.ts'
import type { Rival } from '../rivals.ts'
import { generatedHistory } from './generated.ts'

const counts = [1, 300, 3000] as const

interface Sample {
  readonly ms: number
  readonly peakBytes: number
}

/** Whole commands from start to end, on files that are all new. */
export function measureSpeed(squawk: Rival, folder: string, runs: number): Section {
  const rows: (string | number)[][] = []
  const medians = new Map<string, number>()
  const cli = resolve('dist/cli.js')
  for (const count of counts) {
    const project = join(folder, String(count))
    makeProject(project, count)
    const files = readdirSync(join(project, 'db/migrations')).map((name) => join('db/migrations', name))
    const contenders = { Shiplock: [cli, 'lint', '--all'], squawk: [squawk.program, ...files] }
    for (const [name, samples] of Object.entries(takeTurns(contenders, project, runs))) {
      const times = samples.map(({ ms }) => ms)
      medians.set(`${name} ${count}`, median(times))
      const peak = median(samples.map(({ peakBytes }) => peakBytes))
      const figures = [median(times), Math.min(...times), Math.max(...times)].map((ms) => ms.toFixed(0))
      rows.push([name, count, ...figures, (peak / 1e6).toFixed(0)])
    }
  }
  const ofSquawk = (count: number) => (100 * of(medians, `Shiplock ${count}`)) / of(medians, `squawk ${count}`)
  const perFile = (count: number) => of(medians, `Shiplock ${count}`) / count
  return {
    title: 'Time and memory',
    text: 'Generated migrations, in a git repository: tables, columns, concurrent indexes, constraints that are validated later, views, updates and drops. Milliseconds of the whole command, every file new, default rules; the peak is the most that was resident, in millions of bytes. squawk is started through the Node script that npm installs.',
    headers: ['linter', 'migrations', 'median ms', 'min', 'max', 'peak MB'],
    rows,
    goals: [
      goal('percent-of-squawk-1', ofSquawk(1), 150),
      goal('percent-of-squawk-300', ofSquawk(300), 100),
      goal('percent-of-squawk-3000', ofSquawk(3000), 100),
      goal('percent-per-file-at-3000-of-300', (100 * perFile(3000)) / perFile(300), 150),
    ],
  }
}

function makeProject(project: string, count: number): void {
  mkdirSync(join(project, 'db/migrations'), { recursive: true })
  writeFileSync(join(project, 'shiplock.yml'), 'project: bench\n')
  for (const [name, text] of Object.entries(generatedHistory(count))) writeFileSync(join(project, 'db/migrations', name), text)
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com']
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...author, 'commit', '--quiet', '--message', 'all'],
  ]) {
    execFileSync('git', args, { cwd: project, stdio: 'ignore' })
  }
}

/** The commands take turns in each round; the first round warms up and does not count. */
function takeTurns(contenders: Readonly<Record<string, readonly string[]>>, cwd: string, runs: number): Record<string, Sample[]> {
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as Sample[]]))
  for (let round = 0; round <= runs; round++) {
    for (const [name, args] of Object.entries(contenders)) {
      say(`${name}, round ${round}`)
      const sample = timed(args, cwd)
      if (round > 0) samples[name]?.push(sample)
    }
  }
  return samples
}

/** Findings make an exit code of 1. */
function timed(args: readonly string[], cwd: string): Sample {
  const before = performance.now()
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', process.execPath, ...args], { cwd, encoding: 'utf8', maxBuffer: 1e9 })
  const ms = performance.now() - before
  if (status !== 0 && status !== 1) throw new Error(`${args[0]} ended with ${status}: ${stderr}`)
  return { ms, peakBytes: Number(stderr.trim().split('\n').at(-1)) * 1024 }
}

function of(medians: ReadonlyMap<string, number>, name: string): number {
  return medians.get(name) ?? Number.NaN
}
