import { z } from 'zod'
import { shownVersion } from '../../migration/migration.ts'
import type { CommandResult } from '../../result.ts'
import { formatDuration, plural } from '../../units.ts'
import { type Cell, type CommandDetail, codeCell, knownFacts, moment, type ReportTable, type Word } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'
import { teamCheckNames, teamCommandDetail } from './team-command.ts'
import { wayBackSentence, wayBackTables } from './way-back.ts'

const details = fields({
  phase: text,
  dryRun: flag,
  database: text,
  digest: text,
  runs: texts,
  applied: list(z.object({ id: text, version: text, durationMs: number, attempts: number })),
  failed: fields({ id: text, path: text, sqlstate: text, attempts: number, durationMs: number, stepsDone: number }),
  notRun: texts,
  heldBack: texts,
  closed: list(z.object({ version: text, state: text })),
  notes: texts,
  backup: fields({ id: text, level: text, snapshotAt: text, evidence: text }),
})
type Details = ReturnType<typeof details.parse>

export function migrateDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const team = teamCommandDetail(command)
  const where = command.environment === undefined ? '' : ` ${command.environment}`
  return {
    word: command.verdict === 'pass' ? wordOf(given) : undefined,
    what: `migrate${where}${given.phase === undefined ? '' : `, phase ${given.phase}`}`,
    facts: knownFacts([
      ...team.facts,
      ['Database', given.database],
      ['Relies on', backupOf(given)],
      ['The way back', wayBackSentence(command)],
      ['Plan digest', codeCell(given.digest?.slice(0, 12))],
    ]),
    tables: [
      ...[migrationTable(given), closedTable(given)].filter(({ rows }) => rows.length > 0),
      ...wayBackTables(command),
      ...team.tables,
    ],
    checkNames: new Map([
      ...teamCheckNames,
      ['backup', 'a backup to go back to'],
      ['drill', 'a drill that shows what such a backup is worth'],
    ]),
    notes: given.notes,
  }
}

/** A kind of backup that a command attested is never more than that. */
function backupOf({ backup: { id, level, snapshotAt, evidence } }: Details): string | undefined {
  if (level === 'attested') return `another kind of backup, attested: ${evidence ?? ''}`
  return id === undefined ? undefined : `the backup ${id} (${level?.replace('-', ' ')}, snapshot ${moment(snapshotAt)})`
}

function wordOf({ dryRun, runs, applied, notRun, closed, phase }: Details): Word | undefined {
  if (dryRun && (notRun.length > 0 || runs.length > 0)) return 'Dry run'
  if (runs.length > 0) return undefined // only the command itself knows whether it had anything to do
  return phase !== undefined && applied.length === 0 && closed.length === 0 ? 'Nothing to do' : undefined
}

function migrationTable({ phase, dryRun, applied, failed, notRun, heldBack }: Details): ReportTable {
  const name = failed.id ?? failed.path
  return {
    title: 'Migrations',
    headers: ['Migration', 'Result', 'Time', 'Attempts'],
    rows: [
      ...applied.map((one) => row(one.id ?? one.version, 'applied', one)),
      ...(name === undefined ? [] : [row(name, failure(failed), failed)]),
      ...notRun.map((id) => row(id, dryRun ? 'would run' : 'not run')),
      ...heldBack.map((id) => row(id, phase === 'pre' ? 'held back for phase post' : 'held back')),
    ],
  }
}

function row(
  name: string | undefined,
  result: string,
  took: { durationMs?: number | undefined; attempts?: number | undefined } = {},
): Cell[] {
  return [codeCell(name), result, took.durationMs === undefined ? '' : formatDuration(took.durationMs), took.attempts?.toString() ?? '']
}

function failure({ sqlstate, stepsDone }: Details['failed']): string {
  const state = sqlstate === undefined ? '' : `, SQLSTATE ${sqlstate}`
  if (!stepsDone) return `✖ not applied${state}`
  return `✖ not finished${state}; ${plural(stepsDone, 'statement')} before it ${stepsDone === 1 ? 'stays' : 'stay'} done`
}

/** Attempts of a dead run, of migrations or of ways back, and what the version table says of them. */
export function closedTable({ closed }: Pick<Details, 'closed'>): ReportTable {
  const states = new Map([
    ['applied-unreported', 'had been applied, but the run ended before it said so'],
    ['not-applied', 'had not been applied'],
    ['reverted', 'had been taken back, but the run ended before it said so'],
    ['not-reverted', 'had not been taken back'],
  ])
  return {
    title: 'Left open by an earlier run, closed from the ledger',
    headers: ['Version', 'State'],
    rows: closed.map(({ version, state }) => [
      codeCell(version === undefined ? undefined : shownVersion(version)),
      states.get(state ?? '') ?? state ?? '',
    ]),
  }
}
