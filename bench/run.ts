import { type Benchmark, machine, printReport, writePage } from './report.ts'

// npm run bench -- <name>: a table for people and, as the last line, one JSON object. Exit 0 when it could measure,
// whatever the figures say. With --write the figures also go to docs/benchmarks.md.

const benchmarks: Readonly<Record<string, () => Promise<{ default: Benchmark }>>> = {
  startup: () => import('./startup.ts'),
}

const [name = '', option] = process.argv.slice(2)
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
if (load === undefined) {
  console.error(`Name one of: ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
} else {
  const measured = await (await load()).default()
  const report = { name, machine: machine(), ...measured }
  if (option === '--write') writePage(report)
  printReport(report)
}
