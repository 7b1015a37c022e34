import { z } from 'zod'
import { showArguments } from '../../argument-list.ts'
import type { CommandResult } from '../../result.ts'
import { formatCount, formatDuration, plural } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'
import { wayBackSentence, wayBackTables } from './way-back.ts'

const duration = z.object({ durationMs: z.number(), environment: text, release: text })

const migration = z.object({
  id: text,
  version: text,
  path: text,
  transactional: flag,
  heldBack: flag,
  unwrapped: flag,
  warning: text,
  /** Null when nothing is known; absent from results that older versions wrote. */
  expected: duration.nullish().catch(undefined),
  long: flag,
})
type Pending = z.infer<typeof migration>

const debt = z.object({ id: text, since: text, ageMs: number })

const details = fields({
  database: text,
  serverVersion: text,
  applied: number,
  phases: list(
    z.object({ phase: text, pending: list(migration), runs: texts, last: fields({ state: text, release: text, at: text }), warning: text }),
  ),
  drift: fields({ ahead: texts, unchecked: number }),
  debts: list(debt),
  longMigrationMs: number,
  durationsProblem: text,
  obstacles: texts,
  notes: texts,
  subscriberSql: texts,
  digests: fields({ pre: text, post: text, all: text }),
})

type Details = ReturnType<typeof details.parse>

export function planDetail(command: CommandResult): CommandDetail {
  const parsed = details.parse(command)
  const { database, serverVersion, applied, phases, drift, debts, digests, longMigrationMs, durationsProblem } = parsed
  const { obstacles, notes, subscriberSql } = parsed
  const passed = command.verdict === 'pass'
  const pending = phases.reduce((sum, { pending, runs }) => sum + pending.length + runs.length, 0)
  const byCommand = phases.filter(({ runs }) => runs.length > 0)
  return {
    word: passed && phases.length > 0 && pending === 0 ? 'Nothing to do' : undefined,
    facts: knownFacts([
      ['Database', database],
      ['Server', serverVersion && `PostgreSQL ${serverVersion}`],
      ['Applied so far', applied === undefined ? undefined : formatCount(applied)],
      ['Ahead of the files', drift.ahead.join(', ')],
      ['Edits not checked', drift.unchecked ? `${plural(drift.unchecked, 'applied migration')} without a recorded checksum` : undefined],
      [`Long migrations${over(longMigrationMs)}`, longOnes(phases)],
      ['Took elsewhere', durationsProblem && `not fully known: ${durationsProblem}`],
      ['The way back', wayBackSentence(command)],
      ['Digest, phase pre', codeCell(digests.pre)],
      ['Digest, phase post', codeCell(digests.post)],
      ['Digest, both phases', codeCell(digests.all)],
    ]),
    tables: [
      ...phases.filter(({ pending }) => pending.length > 0).map(({ phase, pending }) => phaseTable(phase, pending)),
      ...wayBackTables(command),
      ...(byCommand.length === 0 ? [] : [commandTable(byCommand)]),
      ...(debts.length === 0 ? [] : [debtTable(debts)]),
      ...(subscriberSql.length === 0 ? [] : [subscriberTable(subscriberSql)]),
    ],
    notes: [...obstacles.map((one) => `migrate would refuse ${one}`), ...notes, ...(passed ? ['Nothing has been changed.'] : [])],
  }
}

function phaseTable(phase: string | undefined, pending: readonly Pending[]): ReportTable {
  return {
    title:
      { pre: 'Phase pre, before the deploy', post: 'Phase post, when no old code is left' }[phase ?? ''] ?? `Phase ${phase ?? 'unknown'}`,
    headers: ['#', 'Migration', 'Runs', 'Took elsewhere', 'Note'],
    rows: pending.map((one, index) => [
      String(index + 1),
      codeCell(one.path ?? one.id ?? one.version),
      { true: 'in a transaction', false: 'outside a transaction', undefined: '' }[`${one.transactional}`],
      tookElsewhere(one),
      [one.long && 'long', one.heldBack && 'held back', one.unwrapped && 'its outer begin and commit are taken off', one.warning]
        .filter(Boolean)
        .join('; '),
    ]),
  }
}

function tookElsewhere({ expected }: Pending): string {
  if (expected === undefined) return ''
  if (expected === null) return 'not known'
  const { durationMs, environment, release } = expected
  const where = environment === undefined ? '' : ` in ${environment}`
  return `${formatDuration(durationMs)}${where}${release === undefined ? '' : `, ${release}`}`
}

function over(limitMs: number | undefined): string {
  return limitMs === undefined ? '' : ` (over ${formatDuration(limitMs).replace('.0 s', ' s')})`
}

/** In a line of their own, since release notes have to name them. */
function longOnes(phases: readonly { readonly pending: readonly Pending[] }[]): string {
  const long = phases.flatMap(({ pending }) => pending.filter((one) => one.long))
  return long.map((one) => `${one.id ?? one.path ?? one.version} (${tookElsewhere(one)})`).join('; ')
}

function commandTable(phases: Details['phases']): ReportTable {
  return {
    title: "The team's own command",
    headers: ['Phase', 'Command', 'Last run', 'Note'],
    rows: phases.map(({ phase, runs, last, warning }) => [
      phase ?? '',
      codeCell(showArguments(runs)),
      [last.state, last.release, moment(last.at)].filter(Boolean).join(', '),
      warning ?? '',
    ]),
  }
}

function subscriberTable(statements: readonly string[]): ReportTable {
  return {
    title: 'To be run in every database that subscribes, before publish-state: true',
    headers: ['SQL'],
    rows: statements.map((statement) => [codeCell(`${statement};`)]),
  }
}

function debtTable(debts: readonly z.infer<typeof debt>[]): ReportTable {
  return {
    title: 'Post migrations of a deployed release that have not run',
    headers: ['Migration', 'Deployed', 'Age'],
    rows: debts.map(({ id, since, ageMs }) => [codeCell(id), moment(since) ?? '', ageMs === undefined ? '' : formatDuration(ageMs)]),
  }
}
