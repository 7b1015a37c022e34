import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { formatCount, formatDuration, formatSize, plural } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, list, number, text } from '../lenient.ts'

const details = fields({
  durationMs: number,
  manifest: fields({
    id: text,
    level: text,
    object: fields({ key: text, sizeBytes: number, sha256: text }),
    source: fields({ database: text, serverVersion: text }),
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
  ['fresh', 'younger than the limit'],
  ['environment', 'belongs to this environment'],
  ['newest', 'is the newest there is'],
  ['own-run', 'passed the checks of its own run'],
  ['stamp', 'is of this very database'],
  ['ledger-heads', 'holds the version tables as they stand'],
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
  const { manifest, durationMs } = details.parse(command)
  const { id, object, source, dump, tables } = manifest
  const known = id !== undefined || command.checks.length > 0
  const steps = known ? stepsOf(command, manifest) : []
  return {
    facts: knownFacts([
      ['Backup', codeCell(id)],
      ['Object', codeCell(object.key)],
      ['Size', object.sizeBytes === undefined ? undefined : `${formatSize(object.sizeBytes)} (${plural(object.sizeBytes, 'byte')})`],
      ['SHA-256', codeCell(object.sha256)],
      ['Database', source.database],
      ['Versions', versions(source.serverVersion, dump.clientVersion)],
      ['Holds the state of', moment(dump.snapshotAt)],
      [
        'Content',
        tables.length === 0
          ? undefined
          : `${plural(tables.length, 'table')}, ${plural(
              tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
              'row',
            )}`,
      ],
      ['Took', durationMs === undefined ? undefined : formatDuration(durationMs)],
    ]),
    tables: [
      ...(known ? [ladderTable(steps)] : []),
      ...(tables.length === 0
        ? []
        : [
            {
              title: `Rows of ${plural(tables.length, 'table')}`,
              headers: ['Table', 'Rows'],
              rows: tables.map(({ name, rows }) => [codeCell(name), rows === undefined ? '' : formatCount(rows)]),
              folded: true as const,
            },
          ]),
    ],
    notes:
      command.verdict !== 'pass' || !known
        ? []
        : [
            isNew(command)
              ? "It has not been restored yet: that is the drill's job."
              : 'Whether it can be restored is for the drill to show.',
          ],
    checkNames,
  }
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
function stepsOf(command: CommandResult, { level }: Details['manifest']): Step[] {
  const written = ladder.findIndex((step) => step.level === level)
  let broken = false
  return ladder.map(({ word, means, checks }, index) => {
    if (checks.length === 0 && !isNew(command)) return { word, means, state: 'not checked' }
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
