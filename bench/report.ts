import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

/** One figure with its limit; `met` is what it says, whatever is hoped for. */
export interface Goal {
  readonly id: string
  readonly value: number
  readonly limit: number
  readonly met: boolean
}

/** One table, and what it should show. */
export interface Section {
  /** `undefined` when the report is this one table. */
  readonly title?: string
  /** How it was measured. */
  readonly text?: string
  readonly headers: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  readonly goals: readonly Goal[]
}

export interface Measured {
  readonly sections: readonly Section[]
  /** Names and versions of all that was measured. */
  readonly versions: Readonly<Record<string, string>>
}

/** What may be asked of a benchmark; each takes what it knows. */
export interface Options {
  /** Names of the parts to run, in this order. */
  readonly only: readonly string[]
  readonly runs: number
  /** Small and short: shows that the benchmark works, not what the figures are. */
  readonly quick: boolean
}

export type Benchmark = (options: Options) => Promise<Measured>

/** `Infinity` is what never happened. */
export function goal(id: string, value: number, limit: number): Goal {
  return { id, value: Math.round(value * 10) / 10, limit, met: value <= limit }
}

export function machine(): string {
  const gib = Math.round(totalmem() / 1024 ** 3)
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${gib} GiB, ${process.platform} ${release()}, Node ${process.version}`
}

type Report = Measured & { readonly name: string; readonly machine: string }

const page = 'docs/benchmarks.md'

/** Puts the report between its markers in docs/benchmarks.md, at the end when it has none yet. */
export function writePage(report: Report): void {
  const [start, end] = [`<!-- bench: ${report.name} -->`, `<!-- end of ${report.name} -->`]
  const text = readFileSync(page, 'utf8')
  const section = `${start}\n${markdown(report)}${end}`
  const from = text.indexOf(start)
  const until = text.indexOf(end) + end.length
  writeFileSync(page, from < 0 ? `${text.trimEnd()}\n\n${section}\n` : text.slice(0, from) + section + text.slice(until))
}

function markdown({ name, machine, versions, sections }: Report): string {
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`)
  const parts = sections.map(({ title, text, headers, rows, goals }) => [
    ...(title === undefined ? [] : [`### ${title}`]),
    ...(text === undefined ? [] : [text]),
    [headers, headers.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    goals.map((one) => `- ${describe(one)}`).join('\n'),
  ])
  return `## ${name}\n\n${machine}; ${tools.join(', ')}. Run it: \`npm run bench -- ${name}\`.\n\n${parts.flat().join('\n\n')}\n`
}

function describe({ id, value, limit, met }: Goal): string {
  return `${id}: ${Number.isFinite(value) ? value : 'never'}, limit ${limit}: ${met ? 'met' : 'not met'}`
}

export function printReport(report: Report): void {
  console.log(`\n${report.name} on ${report.machine}`)
  for (const [tool, version] of Object.entries(report.versions)) console.log(`  ${tool} ${version}`)
  for (const { title, text, headers, rows, goals } of report.sections) {
    for (const line of [title, text]) if (line !== undefined) console.log(`\n${line}`)
    console.log('')
    for (const line of aligned([headers, ...rows])) console.log(line)
    console.log('')
    for (const one of goals) console.log(describe(one))
  }
  console.log(`\n${JSON.stringify(report)}`)
}

function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? String(cell).padEnd(widths[column] ?? 0) : String(cell).padStart(widths[column] ?? 0)))
      .join('  '),
  )
}

export interface Timing {
  readonly median: number
  readonly min: number
  readonly max: number
}

/**
 * Times whole commands in milliseconds. The commands take turns in each round, so that what the machine does besides
 * touches all of them alike; the first round warms up and does not count.
 */
export function timeCommands<Name extends string>(
  commands: Readonly<Record<Name, () => readonly [string, readonly string[], object?]>>,
  rounds: number,
): Record<Name, Timing> {
  const names = Object.keys(commands) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const [program, args, options] = commands[name]()
      const start = performance.now()
      execFileSync(program, args, { stdio: 'ignore', ...options })
      if (round > 0) samples[name].push(performance.now() - start)
    }
  }
  return Object.fromEntries(names.map((name) => [name, timingOf(samples[name])])) as Record<Name, Timing>
}

function timingOf(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN }
}
