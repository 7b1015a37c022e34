import type { CommandResult } from '../../result.ts'
import { type Cell, type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, flag, text, texts } from '../lenient.ts'

const identity = { environment: text, systemIdentifier: text, databaseOid: text, address: text }
const deploy = { release: text, commit: text, at: text }
const details = fields({
  action: text,
  dryRun: flag,
  database: text,
  kind: text,
  why: text,
  live: fields(deploy),
  previous: fields(deploy),
  heldBack: texts,
  migration: text,
  phase: text,
  as: text,
  table: text,
  change: text,
  who: text,
  statements: texts,
  notes: texts,
  stamp: fields({ ...identity, id: text }),
  found: fields(identity),
})
type Details = ReturnType<typeof details.parse>

export function ledgerDetail(command: CommandResult): CommandDetail {
  const given = details.parse(command)
  const { action, dryRun, database, kind, why, migration, phase, as, table, change, who } = given
  if (action === 'show') return shownDetail(given, command.environment)
  const passed = command.verdict === 'pass' && action !== undefined
  const isIdle = kind === undefined && migration === undefined
  return {
    word: passed && isIdle ? 'Nothing to do' : passed && dryRun ? 'Dry run' : undefined,
    what: ['ledger', action, command.environment].filter((part) => part !== undefined).join(' '),
    facts: knownFacts([
      ['Database', database],
      ['Kind', codeCell(kind)],
      ['Migration', codeCell(migration)],
      ['Phase', phase],
      ['Counts as', as],
      ['Version table', table === undefined || change === undefined ? undefined : `${table}: ${change}`],
      ['By', who],
      ['Reason', why],
    ]),
    notes: given.notes,
    blocks:
      given.statements.length === 0
        ? []
        : [
            {
              title: 'Statements',
              blocks: [{ intro: 'What is sent to the server:', text: given.statements.join(';\n'), language: 'sql' }],
            },
          ],
    tables: given.stamp.id === undefined ? [] : [identityTable(given)],
  }
}

function shownDetail({ database, live, previous, heldBack }: Details, environment: string | undefined): CommandDetail {
  const named = ({ release, commit, at }: Details['live']) =>
    release === undefined ? undefined : [release, commit === undefined ? '' : `(${commit.slice(0, 12)})`, moment(at)].join(' ')
  return {
    what: ['ledger show', environment].filter((part) => part !== undefined).join(' '),
    facts: knownFacts([
      ['Database', database],
      ['Live', named(live)],
      ['Before it', named(previous)],
      ['Held back', heldBack.join(', ')],
    ]),
  }
}

function identityTable({ stamp, found }: Details): ReportTable {
  const row = (name: string, said: string | undefined, is: string | undefined): Cell[] => [
    name,
    codeCell(said),
    codeCell(is),
    said === undefined || is === undefined ? 'not known' : said === is ? 'same' : 'differs',
  ]
  return {
    title: 'Which database this is',
    headers: ['', 'Stamp', 'Database', ''],
    rows: [
      row('Environment', stamp.environment, found.environment),
      row('Server cluster (system identifier)', stamp.systemIdentifier, found.systemIdentifier),
      row('Database (oid)', stamp.databaseOid, found.databaseOid),
      row('Address (hash of host, port and name)', stamp.address?.slice(0, 12), found.address?.slice(0, 12)),
    ],
  }
}
