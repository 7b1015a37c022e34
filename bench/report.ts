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

export interface Measured {
  readonly goals: readonly Goal[]
  readonly headers: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** Names and versions of all that was measured. */
  readonly versions: Readonly<Record<string, string>>
}

export type Benchmark = () => Promise<Measured>

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

function markdown({ name, machine, versions, headers, rows, goals }: Report): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`)
  const table = [line(headers), line(headers.map((_, column) => (column === 0 ? '---' : '--:'))), ...rows.map(line)]
  const limits = goals.map(({ id, value, limit, met }) => `- ${id}: ${value}, limit ${limit}: ${met ? 'met' : 'not met'}`)
  return `## ${name}\n\n${machine}; ${tools.join(', ')}. Run it: \`npm run bench -- ${name}\`.\n\n${table.join('\n')}\n\n${limits.join('\n')}\n`
}

export function printReport(report: Report): void {
  const { name, goals, headers, rows, versions } = report
  console.log(`\n${name} on ${report.machine}`)
  for (const [tool, version] of Object.entries(versions)) console.log(`  ${tool} ${version}`)
  console.log('')
  for (const line of aligned([headers, ...rows])) console.log(line)
  console.log('')
  console.log(JSON.stringify({ name, machine: report.machine, versions, headers, rows, goals }))
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
