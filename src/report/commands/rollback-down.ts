import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { formatDuration } from '../../units.ts'
import { type Cell, type CommandDetail, codeCell, knownFacts, moment, type ReportTable, type Word } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'
import { closedTable } from './migrate.ts'
import { issueDetail } from './rollback-issue.ts'

const loss = z.object({ what: text, unit: text, count: text, place: text, statement: text, fails: flag })

const details = fields({
  database: text,
  from: text,
  to: text,
  commit: text,
  dryRun: flag,
  recorded: flag,
  state: text,
  phrase: text,
  migration: fields({ id: text, phase: text, path: text, commit: text, transactional: flag }),
  losses: list(loss),
  statements: texts,
  changes: list(z.object({ object: text, change: text })),
  after: fields({ shape: text, deciding: text }),
  durationMs: number,
  attempts: number,
  rescue: fields({ kind: text, id: text, key: text, snapshotAt: text, sha256: text, rows: number, command: text }),
  leftBehind: texts,
  closed: list(z.object({ version: text, state: text })),
  checklist: texts,
  notes: texts,
})
type Details = ReturnType<typeof details.parse>

export function rollbackDownDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const {
    database,
    from,
    to,
    commit,
    recorded,
    migration,
    phrase,
    after,
    durationMs,
    attempts,
    rescue,
    statements,
    notes,
    checklist,
    dryRun,
  } = given
  const where = command.environment === undefined ? [] : [command.environment]
  const took =
    durationMs === undefined
      ? undefined
      : `${formatDuration(durationMs)}${(attempts ?? 1) > 1 ? `, ${attempts} attempts at the locks` : ''}`
  const told = issueDetail(command)
  return {
    word: command.verdict === 'pass' && dryRun ? 'Dry run' : wordOf(given, command),
    what: ['rollback', ...(to === undefined ? [] : [`to ${to}`]), ...where].join(' '),
    facts: knownFacts([
      ['Database', database],
      ['From', codeCell(from)],
      ['To', codeCell(commit === undefined ? to : `${to} (${commit.slice(0, 12)})`)],
      ['Migration', codeCell(migration.id)],
      ['Way back from', codeCell(migration.path === undefined ? undefined : `${migration.path} at ${migration.commit?.slice(0, 12)}`)],
      ['To confirm, type', codeCell(phrase)],
      ['Schema', stateText(given)],
      ['Took', took],
      ['Code that may run after it', codeText(after.shape, to)],
      ['Speaks against it', after.deciding],
      ['Gives the data back', rescueText(rescue)],
      ['Recorded', recorded ? 'yes: the post phase stays shut until the next deploy is recorded' : 'no'],
      ...told.facts,
    ]),
    tables: [lossTable(given), changeTable(given), behindTable(given), commandTable(given), closedTable(given), ...told.tables].filter(
      ({ rows }) => rows.length > 0,
    ),
    checkNames: new Map([['target-ci', 'Checks of the target on GitHub']]),
    notes: [...notes, ...checklist],
    blocks:
      statements.length === 0
        ? []
        : [{ title: 'Statements', blocks: [{ intro: 'What is sent to the server:', text: statements.join(';\n'), language: 'sql' }] }],
  }
}

function wordOf({ state }: Details, { verdict }: CommandResult): Word | undefined {
  return state === 'reverted-before' && verdict === 'pass' ? 'Nothing to do' : undefined
}

function stateText({ state, migration }: Details): string | undefined {
  const texts = new Map([
    ['not-begun', 'as it was: nothing was changed'],
    ['reverted', `${migration.id} is taken back, and in no version table any more`],
    ['reverted-before', `${migration.id} had been taken back before; nothing was changed now`],
    [
      'failed',
      migration.transactional === false
        ? `${migration.id} is not taken back; statements that had finished stay done`
        : 'as it was: nothing was taken back',
    ],
    ['not-reverted', 'as it was: nothing was taken back'],
    ['running', 'not known: start the same command again, and it says so'],
  ])
  return texts.get(state ?? '')
}

function codeText(shape: string | undefined, to: string | undefined): string | undefined {
  const texts = new Map([
    ['code-only', `that of ${to}, by rules`],
    ['hotfix', `not that of ${to}, by rules`],
    ['undecided', `whether that of ${to} may is not known`],
  ])
  return texts.get(shape ?? '')
}

function rescueText({ kind, id, key, snapshotAt, rows }: Details['rescue']): Cell | undefined {
  if (kind === 'backup') return `the backup ${id}, of ${moment(snapshotAt)}; what was written since is not in it`
  return key === undefined ? undefined : codeCell(`${key} (${rows} rows, read back)`)
}

function lossTable({ losses, state }: Details): ReportTable {
  return {
    title: state === 'reverted' ? 'What was lost' : 'What would be lost',
    headers: ['What', 'How much', 'Where', 'Statement'],
    rows: losses.map(({ what, unit, count, place, statement, fails }): Cell[] => [
      what ?? '',
      `${count === undefined ? 'nobody can count it' : `${count} ${unit}`}${fails ? '; on them the statement fails' : ''}`,
      codeCell(place),
      codeCell(statement?.slice(0, 120)),
    ]),
  }
}

function changeTable({ changes }: Details): ReportTable {
  return {
    title: 'What is different in the schema then',
    headers: ['Object', 'Change'],
    rows: changes.map(({ object, change }): Cell[] => [codeCell(object), change ?? '']),
    folded: true,
  }
}

function behindTable({ leftBehind }: Details): ReportTable {
  return { title: 'What stays behind in the schema', headers: ['Migration'], rows: leftBehind.map((id) => [codeCell(id)]), folded: true }
}

function commandTable({ rescue: { command } }: Details): ReportTable {
  return {
    title: 'How the data comes back',
    headers: ['Command to copy'],
    rows: (command ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => [codeCell(line)]),
  }
}
