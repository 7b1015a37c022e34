import type { CommandResult } from '../../result.ts'
import { formatCount, formatDuration } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, type ReportTable } from '../command-report.ts'
import { fields, list, number, text } from '../lenient.ts'

const details = fields({
  serverVersion: text,
  rows: number,
  break: text,
  steps: list(
    fields({ id: text, command: text, ms: number, verdict: text, queries: number, failed: number, slowestMs: number, slowest: text }),
  ),
  application: fields({ queries: number, failed: number, slowestMs: number, slowest: text, firstError: text }),
})
type Details = ReturnType<typeof details.parse>

const checkNames = new Map([
  ['plan', 'the plan is made'],
  ['backup', 'a backup of the old schema is read back'],
  ['migrate-pre', 'the pre phase is applied'],
  ['deploy', 'version 1 is replaced by version 2'],
  ['record-deployed', 'the deploy is recorded'],
  ['columns-equal', 'no write of either version is lost'],
  ['migrate-post', 'the post phase is applied'],
  ['backup-after', 'a backup of the new schema is read back'],
  ['restore-drill', 'that backup is restored and compared'],
  ['application-errors', 'queries of the application that failed'],
  ['nothing-left-behind', 'nothing is left behind'],
])

export function demoDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const { serverVersion, rows, application } = given
  return {
    what: given.break === undefined ? 'demo' : `demo, with the break ${given.break}`,
    facts: knownFacts([
      ['Server', serverVersion && `PostgreSQL ${serverVersion}, removed again`],
      ['Orders at the start', rows === undefined ? undefined : formatCount(rows)],
      ['First error of the application', codeCell(application.firstError)],
    ]),
    tables: given.steps.length === 0 ? [] : [timeline(given)],
    notes: given.break === 'drop-early' ? [brokenNote] : [],
    checkNames,
  }
}

const brokenNote =
  'What happened: the column was dropped before the deploy, so that version 1 asked for something that was gone until its last worker had been replaced. ' +
  'A file in db/post_migrations waits until "record deployed" has said that no old code is left: then nobody misses the column. "shiplock demo" shows that.'

function timeline({ steps, application }: Details): ReportTable {
  const total = steps.reduce((sum, { ms }) => sum + (ms ?? 0), 0)
  return {
    title: 'Timeline, and what the application met meanwhile',
    headers: ['Step', 'Took', 'Queries', 'Failed', 'Slowest', 'Which was'],
    rows: [...steps, { ...application, id: undefined, command: 'together', ms: total, verdict: undefined }].map((one) => [
      `${one.verdict === 'pass' || one.verdict === undefined ? '' : '✖ '}${one.command ?? one.id ?? ''}`,
      milliseconds(one.ms),
      one.queries === undefined ? '' : formatCount(one.queries),
      one.failed === undefined ? '' : `${one.failed > 0 ? '✖ ' : ''}${formatCount(one.failed)}`,
      milliseconds(one.slowestMs),
      one.slowest ?? '',
    ]),
  }
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '' : formatDuration(ms)
}
