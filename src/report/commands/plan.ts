import { z } from 'zod'
import { showArguments } from '../../argument-list.ts'
import type { CommandResult } from '../../result.ts'
import { formatCount, formatDuration, plural } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, moment, type ReportTable, severityWords } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'
import { changedKeysFields, changedKeysTables, changedKeysText } from './changed-keys.ts'
import { contractFields, contractTable } from './contract-table.ts'
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
  destructive: text,
})
type Pending = z.infer<typeof migration>

const hazard = z.object({
  rule: text,
  severity: z.enum(['error', 'warning', 'advice']).catch('error'),
  path: text,
  line: number,
  message: text,
})
type Hazard = z.infer<typeof hazard>

const reliance = z.object({ what: z.enum(['backup', 'drill']), phase: text, id: text, level: text, ageMs: number })

const outsideFields = z.object({ since: fields({ release: text, at: text }), count: number, changes: texts })

const debt = z.object({ id: text, since: text, ageMs: number })

const details = fields({
  database: text,
  serverVersion: text,
  applied: number,
  layout: text,
  layoutShownBy: text,
  phases: list(
    z.object({ phase: text, pending: list(migration), runs: texts, last: fields({ state: text, release: text, at: text }), warning: text }),
  ),
  drift: fields({ ahead: texts, unchecked: number }),
  debts: list(debt),
  longMigrationMs: number,
  durationsProblem: text,
  hazards: list(hazard),
  relies: list(reliance),
  outside: outsideFields.optional().catch(undefined),
  outsideProblem: text,
  keys: changedKeysFields.optional().catch(undefined),
  keysProblem: text,
  contracts: fields({ pre: contractFields.optional().catch(undefined), post: contractFields.optional().catch(undefined) }),
  releaseNotes: text,
  obstacles: texts,
  notes: texts,
  subscriberSql: texts,
  digests: fields({ pre: text, post: text, all: text }),
})

type Details = ReturnType<typeof details.parse>

export function planDetail(command: CommandResult): CommandDetail {
  const parsed = details.parse(command)
  const { database, serverVersion, applied, phases, drift, debts, digests, longMigrationMs, durationsProblem } = parsed
  const { layout, layoutShownBy } = parsed
  const { obstacles, notes, subscriberSql, hazards, relies, outside, outsideProblem, contracts, releaseNotes, keys, keysProblem } = parsed
  const passed = command.verdict === 'pass'
  const pending = phases.reduce((sum, { pending, runs }) => sum + pending.length + runs.length, 0)
  const byCommand = phases.filter(({ runs }) => runs.length > 0)
  return {
    word: passed && phases.length > 0 && pending === 0 ? 'Nothing to do' : undefined,
    facts: knownFacts([
      ['Database', database],
      ['Server', serverVersion && `PostgreSQL ${serverVersion}`],
      ['Applied so far', applied === undefined ? undefined : formatCount(applied)],
      ['Layout', layoutShownBy && `${layout}: ${layoutShownBy}`],
      ['Ahead of the files', drift.ahead.join(', ')],
      ['Edits not checked', drift.unchecked ? `${plural(drift.unchecked, 'applied migration')} without a recorded checksum` : undefined],
      [`Long migrations${over(longMigrationMs)}`, longOnes(phases)],
      ['Took elsewhere', durationsProblem && `not fully known: ${durationsProblem}`],
      ...relies.map(relianceFact),
      ['Changed outside Shiplock', outsideText(outside, outsideProblem)],
      ['Configuration keys', changedKeysText(keys, keysProblem)],
      ['The way back', wayBackSentence(command)],
      ['Digest, phase pre', codeCell(digests.pre)],
      ['Digest, phase post', codeCell(digests.post)],
      ['Digest, both phases', codeCell(digests.all)],
    ]),
    tables: [
      ...phases
        .filter(({ pending }) => pending.length > 0)
        .flatMap(({ phase, pending }) => [phaseTable(phase, pending, hazards), ...hazardTables(phase, pending, hazards)]),
      ...wayBackTables(command),
      ...(outside === undefined || outside.changes.length === 0 ? [] : [outsideTable(outside)]),
      ...changedKeysTables(keys),
      ...(byCommand.length === 0 ? [] : [commandTable(byCommand)]),
      ...(debts.length === 0 ? [] : [debtTable(debts)]),
      ...(subscriberSql.length === 0 ? [] : [subscriberTable(subscriberSql)]),
      ...[contracts.pre, contracts.post].flatMap((one) => (one === undefined || pending === 0 ? [] : [contractTable(one)])),
    ],
    blocks:
      releaseNotes === undefined
        ? []
        : [
            {
              title: 'Release notes',
              blocks: [{ intro: 'To be pasted into the release notes:', text: releaseNotes, language: 'markdown' }],
            },
          ],
    notes: [...obstacles.map((one) => `migrate would refuse ${one}`), ...notes, ...(passed ? ['Nothing has been changed.'] : [])],
  }
}

function phaseTable(phase: string | undefined, pending: readonly Pending[], hazards: readonly Hazard[]): ReportTable {
  return {
    title:
      { pre: 'Phase pre, before the deploy', post: 'Phase post, when no old code is left' }[phase ?? ''] ?? `Phase ${phase ?? 'unknown'}`,
    headers: ['#', 'Migration', 'Runs', 'Took elsewhere', 'Hazards', 'Note'],
    rows: pending.map((one, index) => [
      String(index + 1),
      codeCell(one.path ?? one.id ?? one.version),
      { true: 'in a transaction', false: 'outside a transaction', undefined: '' }[`${one.transactional}`],
      tookElsewhere(one),
      hazardCount(hazards.filter(({ path }) => path === one.path)),
      [
        one.long && 'long',
        one.destructive && `destructive: ${one.destructive}`,
        one.heldBack && 'held back',
        one.unwrapped && 'its outer begin and commit are taken off',
        one.warning,
      ]
        .filter(Boolean)
        .join('; '),
    ]),
  }
}

const severities = ['error', 'warning', 'advice'] as const

function hazardCount(hazards: readonly Hazard[]): string {
  const counts = severities.map((severity) => [severity, hazards.filter((one) => one.severity === severity).length] as const)
  return counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => (severity === 'advice' ? `${count} advice` : plural(count, severity)))
    .join(', ')
}

function hazardTables(phase: string | undefined, pending: readonly Pending[], hazards: readonly Hazard[]): ReportTable[] {
  const these = hazards.filter((one) => pending.some(({ path }) => path === one.path))
  if (these.length === 0) return []
  return [
    {
      title: `What lint says of phase ${phase ?? 'unknown'}`,
      headers: ['', 'Rule', 'Where', 'Problem'],
      rows: these.map(({ severity, rule, path, line, message }) => [
        severityWords[severity],
        codeCell(rule),
        codeCell(`${path}:${line}`),
        message ?? '',
      ]),
    },
  ]
}

function relianceFact({ what, phase, id, level, ageMs }: z.infer<typeof reliance>): [string, string] {
  const name = `${what === 'backup' ? 'Backup' : 'Drill'}, phase ${phase ?? 'unknown'}`
  return [name, `${id ?? 'unknown'} (${level ?? 'unknown'})${ageMs === undefined ? '' : `, ${formatDuration(ageMs)} old`}`]
}

type Outside = z.infer<typeof outsideFields>

function outsideText(outside: Outside | undefined, problem: string | undefined): string | undefined {
  if (outside === undefined) return problem === undefined ? undefined : `not known: ${problem}`
  const { count, changes } = outside
  if (changes.length > 0) return undefined // a table has them, under the same words
  return `${plural(count ?? changes.length, 'change')} ${sinceText(outside)}`
}

function sinceText({ since }: Outside): string {
  return `since the run of ${since.release ?? 'an unknown release'}, ${moment(since.at) ?? 'at an unknown time'}`
}

function outsideTable(outside: Outside): ReportTable {
  const { count = 0, changes } = outside
  const rest = count - changes.length
  return {
    title: `Changed outside Shiplock ${sinceText(outside)}`,
    headers: ['Change'],
    rows: [...changes.map((change) => [change]), ...(rest > 0 ? [[`… and ${formatCount(rest)} more`]] : [])],
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
