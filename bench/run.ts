import { type Benchmark, machine, printReport } from './report.ts'

// npm run bench -- <name>: a table for people and, as the last line, one JSON object. Exit 0 when it could measure.

const benchmarks: Readonly<Record<string, () => Promise<{ default: Benchmark }>>> = {
  startup: () => import('./startup.ts'),
}

const [name = ''] = process.argv.slice(2)
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
if (load === undefined) {
  console.error(`Name one of: ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
} else {
  const measured = await (await load()).default()
  printReport({ name, machine: machine(), ...measured })
}
