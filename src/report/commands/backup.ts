import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { formatCount, formatSize, plural } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'

const previous = fields({ id: text, snapshotAt: text, sizeBytes: number, databaseBytes: number, tables: number, rows: number })

const retention = fields({
  mode: text,
  class: text,
  removed: list(z.object({ key: z.string(), snapshotAt: text, sizeBytes: number, why: text })),
  kept: number,
  keptBecause: list(z.object({ why: z.string(), count: z.number() })),
  leftovers: list(z.object({ key: z.string(), sizeBytes: number, removed: flag })),
  warnings: texts,
})

const details = fields({
  made: flag,
  dryRun: flag,
  previous,
  retention,
  restoreByHand: texts,
  drill: fields({ at: text, verdict: text, levels: texts }),
  notes: texts,
  manifest: fields({
    id: text,
    level: text,
    object: fields({ key: text, sizeBytes: number, sha256: text }),
    source: fields({ database: text, serverVersion: text, sizeBytes: number }),
    dump: fields({ clientVersion: text, snapshotAt: text }),
    tables: list(z.object({ name: z.string(), rows: number })),
  }),
})
type Details = ReturnType<typeof details.parse>

const checkNames = new Map([
  ['dump-exit', 'pg_dump ended with 0'],
  ['landed', 'size and part checksums agree'],
  ['sha256', 'SHA-256 of the stored bytes'],
  ['decoded', 'decoded to the last byte'],
  ['archive-rows', 'the archive holds the rows of the snapshot'],
  ['min-tables', 'enough tables'],
  ['min-size', 'large enough'],
  ['shrink', 'not much smaller than the previous one'],
  ['standby-lag', 'the standby is not far behind'],
  ['roles', 'roles kept beside the dump, without passwords'],
  ['retention', 'what becomes of older backups'],
  ['fresh', 'younger than the limit'],
  ['environment', 'belongs to this environment'],
  ['newest', 'is the newest there is'],
  ['made', 'passed the checks of its own run'],
  ['stamp', 'is of this very database'],
  ['ledger-heads', 'holds the version tables as they stand'],
  ['restored', 'was restored by a drill'],
])

/** What a backup can be, step by step, with the checks that show it. */
const ladder = [
  { level: 'dumped', word: 'dumped', checks: ['dump-exit'], means: 'pg_dump ended with 0' },
  { level: 'landed', word: 'landed', checks: ['landed'], means: 'size and part checksums agree' },
  { level: 'read-back', word: 'read back', checks: ['sha256', 'decoded'], means: 'SHA-256 of the stored bytes, and decoded to the end' },
  { level: 'restored', word: 'restored', checks: [], means: 'loaded into a scratch cluster' },
  { level: 'equal', word: 'equal', checks: [], means: 'holds what the manifest says' },
  { level: 'usable', word: 'usable', checks: [], means: 'smoke queries pass' },
] as const

export function backupDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const { manifest, restoreByHand } = given
  const { id, object, source, dump, tables } = manifest
  const known = id !== undefined || command.checks.length > 0
  const content = tables.length === 0 ? '' : `${plural(tables.length, 'table')}, ${describeRows(tables)}`
  const steps = known ? stepsOf(command, given) : []
  return {
    word: command.verdict !== 'pass' ? undefined : given.made === false ? 'Nothing to do' : given.dryRun === true ? 'Dry run' : undefined,
    facts: knownFacts([
      ['Backup', codeCell(id)],
      ['Object', codeCell(object.key)],
      ['Size', object.sizeBytes === undefined ? undefined : sizeText(object.sizeBytes)],
      ['SHA-256', codeCell(object.sha256)],
      ['Database', source.database],
      ['Versions', versions(source.serverVersion, dump.clientVersion)],
      ['Holds the state of', moment(dump.snapshotAt)],
      ['Content', command.reason.includes(content) ? undefined : content],
    ]),
    tables: [
      ...(known ? [ladderTable(steps)] : []),
      ...(given.previous.id === undefined ? [] : [comparisonTable(given)]),
      ...(tables.length === 0
        ? []
        : [
            {
              title: `Rows of ${plural(tables.length, 'table')}`,
              headers: ['Table', 'Rows'],
              rows: tables.map(({ name, rows }) => [codeCell(name), rows === undefined ? 'not counted' : formatCount(rows)]),
              folded: true as const,
            },
          ]),
      ...retentionTable(given.retention),
    ],
    notes: [...given.notes, ...given.retention.warnings, ...(command.verdict === 'pass' && known ? [outlook(command, given)] : [])],
    script:
      restoreByHand.length === 0 ? undefined : { title: 'How to restore it by hand, with plain PostgreSQL tools', lines: restoreByHand },
    checkNames,
    shownElsewhere: new Set(known ? ladder.flatMap(({ checks }) => checks) : []),
  }
}

function sizeText(bytes: number): string {
  const size = formatSize(bytes)
  return size.endsWith(' B') ? size : `${size} (${plural(bytes, 'byte')})`
}

function outlook(command: CommandResult, { drill }: Details): string {
  if (drill.verdict === 'pass') return `It was last restored by the drill of ${moment(drill.at) ?? 'an unknown moment'}.`
  return isNew(command) ? "It has not been restored yet: that is the drill's job." : 'Whether it can be restored is for the drill to show.'
}

/** Sizes beside those of the backup before. */
function comparisonTable({ manifest, previous }: Details): ReportTable {
  const rows = isCounted(manifest.tables) ? sumRows(manifest.tables) : undefined
  const line = (name: string, now: number | undefined, before: number | undefined, format: (value: number) => string) =>
    now === undefined || before === undefined ? [] : [[name, format(now), format(before), change(now, before)]]
  return {
    title: `Compared with the backup before, of ${moment(previous.snapshotAt) ?? 'an unknown moment'}`,
    headers: ['', 'This one', 'The one before', 'Change'],
    rows: [
      ...line('Dump', manifest.object.sizeBytes, previous.sizeBytes, formatSize),
      ...line('Database on the server', manifest.source.sizeBytes, previous.databaseBytes, formatSize),
      ...line('Tables', manifest.tables.length, previous.tables, formatCount),
      ...line('Rows', rows, previous.rows, formatCount),
    ],
  }
}

type Tables = Details['manifest']['tables']

function describeRows(tables: Tables): string {
  return `${isCounted(tables) ? '' : 'at least '}${plural(sumRows(tables), 'row')}`
}

function isCounted(tables: Tables): boolean {
  return tables.every(({ rows }) => rows !== undefined)
}

function sumRows(tables: Tables): number {
  return tables.reduce((sum, { rows = 0 }) => sum + rows, 0)
}

/** What went or would go; when nothing does, the check says all there is to say. */
function retentionTable({ mode, class: name = '', removed, kept, keptBecause, leftovers }: Details['retention']): ReportTable[] {
  if (removed.length + leftovers.length === 0) return []
  const becomes = mode === 'apply' ? 'deleted' : 'would be deleted'
  const size = (bytes: number | undefined) => (bytes === undefined ? '' : formatSize(bytes))
  return [
    {
      title: `Older backups of ${name}: ${formatCount(removed.length)} ${becomes}, ${formatCount(kept ?? 0)} kept`,
      headers: ['Backup', 'Size', 'What becomes of it', 'Why'],
      rows: [
        ...removed.map(({ key, sizeBytes, why = '' }) => [codeCell(key), size(sizeBytes), becomes, why]),
        ...leftovers.map((one) => [
          codeCell(one.key),
          size(one.sizeBytes),
          one.removed === true ? 'deleted' : 'left over',
          'its run did not reach its end',
        ]),
        ...keptBecause.map(({ why, count }) => [plural(count, 'backup'), '', 'kept', why]),
      ],
      folded: true,
    },
  ]
}

function change(now: number, before: number): string {
  if (before === 0) return now === 0 ? 'none' : 'new'
  const percent = (100 * (now - before)) / before
  return now === before ? 'none' : `${percent > 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`
}

type State = 'reached' | 'failed' | 'not checked' | 'not reached'
interface Step {
  readonly word: string
  readonly means: string
  readonly state: State
}

/** A backup that was made a moment ago cannot have been restored; an older one may have been. */
function isNew({ command }: CommandResult): boolean {
  return command === 'backup'
}

/** A step counts when its own checks passed, or when it has none here and the manifest was written at its level; never above one that failed. */
function stepsOf(command: CommandResult, { manifest: { level }, drill }: Details): Step[] {
  const written = ladder.findIndex((step) => step.level === level)
  let broken = false
  return ladder.map(({ word, means, checks }, index) => {
    if (checks.length === 0 && !isNew(command)) return { word, means, state: drilledState(word, drill, broken) }
    const found = command.checks.filter(({ id }) => (checks as readonly string[]).includes(id))
    const state = broken
      ? 'not reached'
      : stateOf(
          found.map(({ status }) => status),
          checks.length,
          index <= written,
        )
    broken ||= state === 'failed' || state === 'not reached'
    return { word, means, state }
  })
}

/** What a drill showed counts on, unless the stored bytes are found to be others now. */
function drilledState(word: string, { verdict, levels }: Details['drill'], broken: boolean): State {
  if (levels.includes(word)) return broken ? 'not reached' : 'reached'
  if (verdict !== 'fail') return 'not checked'
  return word === 'restored' ? 'failed' : 'not reached'
}

function stateOf(statuses: readonly string[], needed: number, written: boolean): State {
  if (statuses.includes('fail')) return 'failed'
  if (statuses.includes('not-checked')) return 'not checked'
  if (written || (needed > 0 && statuses.length === needed)) return 'reached'
  return 'not reached'
}

function ladderTable(steps: readonly Step[]): ReportTable {
  const signs: Record<State, string> = { reached: '✔ ', failed: '✖ ', 'not checked': '', 'not reached': '' }
  return {
    title: 'What is proved, and what is not',
    headers: ['The backup is', 'State', 'Which means'],
    rows: steps.map(({ word, means, state }) => [word, signs[state] + state, means]),
  }
}

function versions(server: string | undefined, client: string | undefined): string {
  return [server && `server ${server}`, client && `pg_dump ${client}`].filter(Boolean).join(', ')
}
