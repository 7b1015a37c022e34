import { parseArgs } from 'node:util'
import { type Benchmark, machine, type Options, printReport, writePage } from './report.ts'

// npm run bench -- <name>: tables for people and, as the last line, one JSON object. Exit 0 when every goal is met, 1 when
// one is not, 2 on wrong usage. With --write the figures also go to docs/benchmarks.md.

interface Module {
  readonly default: Benchmark
  /** What it consists of, when it can be run in parts. */
  readonly parts?: readonly string[]
}

const benchmarks: Readonly<Record<string, () => Promise<Module>>> = {
  startup: () => import('./startup.ts'),
  stall: () => import('./stall.ts'),
  apply: () => import('./apply.ts'),
  backup: () => import('./backup.ts'),
  drill: () => import('./drill.ts'),
  canary: () => import('./canary.ts'),
  lint: () => import('./lint.ts'),
}

const usage = `npm run bench -- <${Object.keys(benchmarks).join('|')}> [--write] [--only part,part] [--runs n] [--quick]`

interface Order {
  readonly name: string
  readonly run: Benchmark
  readonly options: Options
  readonly write: boolean
}

/** Throws an error that says what is wrong with the command line. */
async function readOrder(args: readonly string[]): Promise<Order> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { write: { type: 'boolean' }, only: { type: 'string' }, runs: { type: 'string' }, quick: { type: 'boolean' } },
  })
  const [name = '', ...more] = positionals
  const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
  if (load === undefined || more.length > 0) throw new Error('Name one benchmark.')
  const { write = false, quick = false, only, runs = '3' } = values
  if (!/^[1-9]\d?$/.test(runs)) throw new Error('--runs is a number from 1 to 99.')
  if (write && (quick || only !== undefined)) throw new Error('--write takes whole measurements: leave --quick and --only out.')
  const { default: run, parts = [] } = await load()
  const unknown = only?.split(',').find((part) => !parts.includes(part))
  if (unknown !== undefined) throw new Error(`--only: ${name} has no part ${unknown}, only ${parts.join(', ') || 'one'}.`)
  return { name, run, write, options: { quick, only: only?.split(',') ?? parts, runs: Number(runs) } }
}

async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  let order: Order
  try {
    order = await readOrder(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return 2
  }
  const measured = await order.run(order.options)
  const report = { name: order.name, machine: machine(), ...measured }
  if (order.write) writePage(report)
  printReport(report)
  return report.sections.every(({ goals }) => goals.every(({ met }) => met)) ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
