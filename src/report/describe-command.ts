import type { Check, CommandResult } from '../result.ts'
import { formatDuration, plural } from '../units.ts'
import {
  type Cell,
  type Chart,
  type ChartGroup,
  type CommandDetail,
  moment,
  type ReportBlocks,
  type ReportFinding,
  type ReportScript,
  type ReportTable,
  type Word,
} from './command-report.ts'
import { commandDetails } from './commands/index.ts'
import { fields, list, text } from './lenient.ts'

/** All that a person is told of one command, as raw text in the order of reading. Every renderer prints this and no more. */
export interface CommandReport {
  readonly sign: '✔' | '✖' | '?' | '–'
  readonly word: Word
  /** What was done and where, such as `migrate production, phase pre`. */
  readonly what: string
  /** Absent when the error says the same. */
  readonly reason: string | undefined
  readonly error: CommandResult['error']
  readonly facts: readonly (readonly [name: string, value: Cell])[]
  readonly tables: readonly ReportTable[]
  /** Detail that only some readers want; it comes last. */
  readonly folded: readonly ReportTable[]
  readonly notes: readonly string[]
  readonly chart: Chart | undefined
  readonly chartGroup: ChartGroup | undefined
  /** For the summary, where it can be copied; a log is long enough. */
  readonly script: ReportScript | undefined
  readonly findings: readonly ReportFinding[]
  readonly blocks: readonly ReportBlocks[]
  /** Whether headline and reason say all. */
  readonly brief: boolean
  /** Tool, environment, release, run and time: for whoever looks it up later. */
  readonly footer: readonly string[]
}

/** So many checks of one reason stand in one line. */
const manyAlike = 4

/** A shorter text is in a sentence by chance. */
const worthTelling = 20

const verdicts = {
  pass: { sign: '✔', word: 'Passed' },
  fail: { sign: '✖', word: 'Failed' },
  inconclusive: { sign: '?', word: 'Could not tell' },
  promote: { sign: '✔', word: 'Promote' },
  abort: { sign: '✖', word: 'Abort' },
  hold: { sign: '?', word: 'Hold' },
  'not-run': { sign: '–', word: 'Not run' },
} as const

export function describeCommand(command: CommandResult): CommandReport {
  const detail = commandDetails.get(command.command)?.(command) ?? {}
  const { sign, word } = verdicts[command.verdict]
  const { environment, reason, error } = command
  const tables = [...saidTable(command), ...(detail.tables ?? [])]
  return {
    sign,
    word: detail.word ?? word,
    what: detail.what ?? (environment === undefined ? command.command : `${command.command} ${environment}`),
    reason: reason.trim() === '' || reason === error?.message ? undefined : reason,
    error,
    facts: detail.facts ?? [],
    tables: [...tables.filter((one) => !one.folded), ...checkTable(command, detail)].map(withoutEmptyColumns),
    folded: tables.filter((one) => one.folded),
    notes: detail.notes ?? [],
    chart: detail.chart,
    chartGroup: detail.chartGroup,
    script: detail.script,
    findings: detail.findings ?? [],
    blocks: detail.blocks ?? [],
    brief: detail.brief ?? false,
    footer: footerOf(command),
  }
}

const saidLines = list(fields({ at: text, text }))

/** How far a command had come that was stopped from outside. */
function saidTable({ said }: CommandResult): ReportTable[] {
  const rows = saidLines.parse(said).map(({ at, text }): Cell[] => [moment(at) ?? '', text ?? ''])
  return rows.length === 0 ? [] : [{ title: 'What it said last', headers: ['When', 'Line'], rows }]
}

function checkTable({ checks, reason, error }: CommandResult, { checkNames, shownElsewhere, notes = [] }: CommandDetail): ReportTable[] {
  const said = [reason, error?.message ?? '', ...notes]
  const listed = checks.filter(({ id, status }) => status !== 'pass' || !shownElsewhere?.has(id))
  if (listed.length === 0) return []
  const rows = gathered(listed).map(({ check, count }): Cell[] => [
    count > 1 ? plural(count, 'check') : (checkNames?.get(check.id) ?? { code: check.id }),
    statusOf(check),
    evidenceOf(check, said),
  ])
  return [{ title: 'Checks', headers: ['Check', 'Result', 'Evidence'], rows }]
}

/** Checks that were not made for one and the same reason are one line: a run that broke off has many. */
function gathered(checks: readonly Check[]): readonly { readonly check: Check; readonly count: number }[] {
  const same = (check: Check) =>
    checks.filter(
      (one) => one.status === 'not-checked' && one.value === undefined && one.limit === undefined && one.message === check.message,
    )
  return checks.flatMap((check) => {
    const alike = same(check)
    if (!alike.includes(check) || alike.length < manyAlike) return [{ check, count: 1 }]
    return alike[0] === check ? [{ check, count: alike.length }] : []
  })
}

function withoutEmptyColumns({ title, headers, rows }: ReportTable): ReportTable {
  const used = headers.map((_, column) => column === 0 || rows.some((row) => row[column] !== undefined && row[column] !== ''))
  return { title, headers: headers.filter((_, column) => used[column]), rows: rows.map((row) => row.filter((_, column) => used[column])) }
}

function statusOf({ status }: Check): string {
  return { pass: '✔ passed', fail: '✖ failed', 'not-checked': 'not checked' }[status]
}

/** What a sentence of the report says already is not said again. */
function evidenceOf({ value, limit, message = '' }: Check, said: readonly string[]): string {
  const isNew = message.length < worthTelling || !said.some((one) => one.includes(message))
  const measured = [value, limit === undefined ? undefined : `limit ${limit}`].filter((part) => part !== undefined).join(', ')
  return [measured, isNew ? message : ''].filter(Boolean).join(': ')
}

function footerOf({ tool, environment, release, run, startedAt, finishedAt }: CommandResult): string[] {
  const ms = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')
  return [
    tool?.replace('/', ' '),
    environment,
    release === undefined ? undefined : `release ${release}`,
    typeof run === 'string' ? `run ${run}` : undefined,
    Number.isNaN(ms) || ms < 0 ? undefined : formatDuration(ms),
    moment(finishedAt),
  ].filter((part) => part !== undefined && part !== '') as string[]
}

/** All that a brief report says beside its word. */
export function briefText({ what, reason, notes }: CommandReport): string {
  return [[what, reason].filter(Boolean).join(': '), ...notes].join(' ')
}
