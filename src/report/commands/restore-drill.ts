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
  backup: fields({ id: text, key: text, snapshotAt: text }),
  recoveryTimeMs: number,
  machine: fields({ cpus: number, memoryBytes: number }),
  isolation: text,
  level: text,
  phases: list(z.object({ name: text, ms: number })),
  mismatches: list(z.object({ object: text, expected: value, found: value })),
  smoke: list(z.object({ file: text, line: number, status: text, message: text })),
  notRestored: texts,
})
type Details = ReturnType<typeof details.parse>

const statuses = new Map([
  ['pass', '✔ passed'],
  ['fail', '✖ failed'],
  ['not-checked', 'not checked'],
])

export function drillDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const { backup, recoveryTimeMs, machine, isolation, level, notRestored } = given
  return {
    facts: knownFacts([
      ['Backup', codeCell(backup.id ?? backup.key)],
      ['Holds the state of', moment(backup.snapshotAt)],
      ['Recovery time', recoveryTimeMs === undefined ? undefined : `${formatDuration(recoveryTimeMs)} on this runner`],
      ['Machine', machineOf(machine)],
      ['Isolation', isolation],
      ['Reached', level],
    ]),
    tables: [mismatchTable(given), smokeTable(given), phaseTable(given), notRestoredTable(given)].filter(({ rows }) => rows.length > 0),
    notes:
      notRestored.length === 0 ? [] : [`Not restored, since it needs a superuser: ${plural(notRestored.length, 'object')}, listed below.`],
    chart: chartOf(given),
  }
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

function chartOf({ phases }: Details): Chart | undefined {
  const bars = phases.flatMap(({ name, ms }) =>
    name === undefined || ms === undefined ? [] : [{ label: name, value: Math.round(ms / 100) / 10 }],
  )
  return bars.length < 2 || bars.length > 40 ? undefined : { title: 'Where the recovery time went', unit: 'seconds', bars }
}

function machineOf({ cpus, memoryBytes }: Details['machine']): string {
  const parts = [
    cpus === undefined ? undefined : plural(cpus, 'CPU'),
    memoryBytes === undefined ? undefined : formatSize(memoryBytes),
  ].filter(Boolean)
  return parts.length === 0 ? '' : `${parts.join(', ')}, on this runner`
}
