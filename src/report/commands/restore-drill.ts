import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { formatCount, formatDuration, formatSize, plural } from '../../units.ts'
import { type Chart, type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, list, number, text, texts } from '../lenient.ts'

const value = z
  .union([z.string(), z.number().transform((one) => formatCount(one))])
  .optional()
  .catch(undefined)

const details = fields({
  backup: fields({ origin: text, id: text, key: text, name: text, snapshotAt: text, sizeBytes: number }),
  recoveryTimeMs: number,
  recoveryPointMs: number,
  machine: fields({ cpus: number, memoryBytes: number }),
  isolation: text,
  level: text,
  phases: list(z.object({ name: text, ms: number })),
  mismatches: list(z.object({ object: text, expected: value, found: value })),
  smoke: list(z.object({ file: text, line: number, status: text, message: text })),
  notRestored: texts,
  notes: texts,
  history: list(
    z.object({
      at: z.iso.datetime(),
      verdict: text,
      level: text,
      recoveryTimeMs: number,
      sizeBytes: number,
      machine: fields({ cpus: number, memoryBytes: number }),
    }),
  ),
})
type Details = ReturnType<typeof details.parse>

const statuses = new Map([
  ['pass', '✔ passed'],
  ['fail', '✖ failed'],
  ['not-checked', 'not checked'],
])

const checkNames = new Map([
  ['backup-age', 'age of the backup'],
  ['recovery-point', 'recovery point'],
  ['restored', 'restored without an error'],
  ['min-tables', 'enough tables'],
  ['row-counts', 'row counts'],
  ['fingerprints', 'fingerprints'],
  ['sequences', 'sequences'],
  ['schema', 'schema'],
  ['owners', 'owners'],
  ['grants', 'grants'],
  ['extensions', 'extensions'],
  ['locale', 'locale'],
  ['large-objects', 'large objects'],
  ['ledger-heads', 'version tables'],
  ['memberships', 'memberships of roles'],
  ['contents', 'contents'],
  ['smoke', 'smoke queries'],
  ['amcheck', 'pg_amcheck'],
  ['recovery-time', 'recovery time'],
])

const origins = new Map([
  ['dump', 'a dump without a manifest'],
  ['file', 'a file of this machine'],
  ['fresh', 'the database as it was at that moment'],
])

export function drillDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const { backup, recoveryTimeMs, recoveryPointMs, machine, isolation, level, notRestored } = given
  const passed = command.verdict === 'pass'
  const isChecked = (id: string) => command.checks.some((check) => check.id === id && check.value !== undefined)
  const leftOut = `Not restored, since it needs a superuser or belongs to a server: ${plural(notRestored.length, 'object')}, listed below.`
  return {
    facts: knownFacts([
      ['Backup', codeCell(backup.id ?? backup.key ?? backup.name)],
      ['Source', origins.get(backup.origin ?? '')],
      ['Holds the state of', moment(backup.snapshotAt)],
      ['Size', backup.sizeBytes === undefined ? undefined : formatSize(backup.sizeBytes)],
      [
        'Recovery time',
        recoveryTimeMs === undefined || isChecked('recovery-time') ? undefined : `${formatDuration(recoveryTimeMs)} on this runner`,
      ],
      [
        'Recovery point',
        recoveryPointMs === undefined || isChecked('recovery-point') ? undefined : `${formatDuration(recoveryPointMs)} before this drill`,
      ],
      ['Machine', machineOf(machine)],
      ['Isolation', isolation],
      ['Reached', level],
    ]),
    tables: [
      mismatchTable(given),
      foldedWhen(passed, smokeTable(given)),
      foldedWhen(passed, phaseTable(given)),
      historyTable(given),
      notRestoredTable(given),
    ].filter(({ rows }) => rows.length > 0),
    notes: [...given.notes, ...(notRestored.length === 0 ? [] : [leftOut])],
    chart: historyChart(command, given) ?? phaseChart(given),
    checkNames,
  }
}

/** Nobody has to look where all went well. */
function foldedWhen(passed: boolean, table: ReportTable): ReportTable {
  return passed ? { ...table, folded: true } : table
}

function mismatchTable({ mismatches }: Details): ReportTable {
  return {
    title: 'Not equal to the manifest',
    headers: ['Object', 'Expected', 'Found'],
    rows: mismatches.map(({ object, expected, found }) => [codeCell(object), expected ?? '', found ?? '']),
  }
}

function smokeTable({ smoke }: Details): ReportTable {
  return {
    title: 'Smoke queries',
    headers: ['Query', 'Result', 'Message'],
    rows: smoke.map(({ file, line, status, message }) => [
      codeCell(line === undefined ? file : `${file ?? ''}:${line}`),
      statuses.get(status ?? '') ?? status ?? '',
      message ?? '',
    ]),
  }
}

function phaseTable({ phases }: Details): ReportTable {
  return {
    title: 'Time of each phase, on this runner',
    headers: ['Phase', 'Time'],
    rows: phases.map(({ name, ms }) => [name ?? '', ms === undefined ? '' : formatDuration(ms)]),
  }
}

function notRestoredTable({ notRestored }: Details): ReportTable {
  return {
    title: `Not restored (${notRestored.length})`,
    headers: ['Object'],
    rows: notRestored.map((object) => [codeCell(object)]),
    folded: true,
  }
}

/** The newest first: a log shows the first rows of a folded table. */
function historyTable({ history }: Details): ReportTable {
  return {
    title: history.length === 1 ? 'The drill before this one' : `The ${history.length} drills before this one`,
    headers: ['When', 'Dump', 'Recovery time', 'Verdict', 'Machine'],
    rows: [...history]
      .reverse()
      .map(({ at, sizeBytes, recoveryTimeMs, verdict, level, machine }) => [
        moment(at)?.replace(/:\d\d UTC$/, ' UTC') ?? '',
        sizeBytes === undefined ? '' : formatSize(sizeBytes),
        recoveryTimeMs === undefined ? '' : formatDuration(recoveryTimeMs),
        [verdict, level].filter(Boolean).join(', '),
        sizeOf(machine),
      ]),
    folded: true,
  }
}

/** One bar a drill, this one last. */
function historyChart({ finishedAt }: CommandResult, { history, recoveryTimeMs }: Details): Chart | undefined {
  const all = [...history, { at: finishedAt ?? '', recoveryTimeMs }]
  const measured = all.flatMap(({ at, recoveryTimeMs: ms }) => (ms === undefined ? [] : [{ at, ms }]))
  const days = new Set(measured.map(({ at }) => at.slice(5, 10)))
  if (measured.length < 2) return undefined
  const labelOf = (at: string) => (days.size === measured.length ? at.slice(5, 10) : at.slice(5, 16).replace('T', ' '))
  return {
    title: 'Recovery time from drill to drill',
    unit: 'seconds',
    bars: measured.map(({ at, ms }) => ({ label: labelOf(at), value: Math.round(ms / 100) / 10 })),
  }
}

function phaseChart({ phases }: Details): Chart | undefined {
  const bars = phases.flatMap(({ name, ms }) =>
    name === undefined || ms === undefined ? [] : [{ label: name, value: Math.round(ms / 100) / 10 }],
  )
  return bars.length < 2 || bars.length > 40 ? undefined : { title: 'Where the recovery time went', unit: 'seconds', bars }
}

function machineOf(machine: Details['machine']): string {
  const size = sizeOf(machine)
  return size === '' ? '' : `${size}, on this runner`
}

function sizeOf({ cpus, memoryBytes }: Details['machine']): string {
  return [cpus === undefined ? undefined : plural(cpus, 'CPU'), memoryBytes === undefined ? undefined : formatSize(memoryBytes)]
    .filter(Boolean)
    .join(', ')
}
