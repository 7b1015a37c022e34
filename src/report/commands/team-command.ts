import { z } from 'zod'
import { showArguments } from '../../argument-list.ts'
import type { CommandResult } from '../../result.ts'
import { formatDuration } from '../../units.ts'
import { type Cell, codeCell, moment, type ReportTable } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'

const details = fields({
  runs: texts,
  exitCode: number,
  signal: text,
  durationMs: number,
  waits: list(z.object({ waitsFor: text, heldBy: texts, waitedMs: number, cancelled: flag })),
  output: texts,
  unfinished: list(z.object({ phase: text, release: text, startedAt: text })),
  environmentAdded: z.record(z.string(), z.string()).catch({}),
  environmentWithheld: texts,
})
type Details = ReturnType<typeof details.parse>

/** What a run of the team's own command adds to the report of `migrate`; empty where there was none. */
export function teamCommandDetail(command: CommandResult): {
  readonly facts: readonly (readonly [string, Cell | undefined])[]
  readonly tables: readonly ReportTable[]
} {
  const given = details.parse(command)
  if (given.runs.length === 0) return { facts: [], tables: [] }
  return {
    facts: [
      ['Command', codeCell(showArguments(given.runs))],
      ['Ended', endOf(given)],
      ['Time', given.durationMs === undefined ? undefined : formatDuration(given.durationMs)],
    ],
    tables: [waitTable(given), unfinishedTable(given), environmentTable(given), outputTable(given)].filter(({ rows }) => rows.length > 0),
  }
}

export const teamCheckNames: ReadonlyMap<string, string> = new Map([['lock-guard', 'waits for locks were watched']])

function endOf({ exitCode, signal }: Details): string | undefined {
  if (signal !== undefined) return `by ${signal}`
  return exitCode === undefined ? undefined : `with exit status ${exitCode}`
}

function waitTable({ waits }: Details): ReportTable {
  return {
    title: 'Waits for locks',
    headers: ['For', 'Held by', 'Time', 'Result'],
    rows: waits.map(({ waitsFor, heldBy, waitedMs, cancelled }) => [
      waitsFor ?? '',
      heldBy.join(' and '),
      waitedMs === undefined ? '' : formatDuration(waitedMs),
      cancelled ? 'the statement was cancelled' : '',
    ]),
  }
}

function unfinishedTable({ unfinished }: Details): ReportTable {
  return {
    title: 'Left open by an earlier run; what became of its command is not known',
    headers: ['Phase', 'Release', 'Started'],
    rows: unfinished.map(({ phase, release, startedAt }) => [phase ?? '', codeCell(release), moment(startedAt) ?? '']),
  }
}

function environmentTable({ environmentAdded, environmentWithheld }: Details): ReportTable {
  return {
    title: "The command's environment",
    headers: ['Variable', 'Value'],
    rows: [
      ...Object.entries(environmentAdded).map(([name, value]) => [codeCell(name), codeCell(value)]),
      ...environmentWithheld.map((name) => [codeCell(name), 'left out']),
    ],
  }
}

function outputTable({ output }: Details): ReportTable {
  return { title: "The command's last lines", headers: ['Output'], rows: output.map((line) => [codeCell(line)]), folded: true }
}
