import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { plural } from '../../units.ts'
import { type Cell, type CommandDetail, codeCell, knownFacts, type ReportTable } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'
import { rollbackDownDetail } from './rollback-down.ts'
import { issueDetail } from './rollback-issue.ts'

const data = z.object({ kind: z.enum(['lossless', 'lossy', 'impossible']), what: text })

const line = z.object({
  migration: text,
  path: z.string().catch(''),
  line: number,
  statement: text,
  effect: z.enum(['compatible', 'breaks-start', 'breaks-reads', 'breaks-writes', 'changes-meaning', 'unknown']).catch('unknown'),
  because: text,
  by: z.enum(['rules', 'queries']).catch('rules'),
  byRules: text,
  data: data.optional().catch(undefined),
})
type Line = z.output<typeof line>

const details = fields({
  database: text,
  from: text,
  to: text,
  commit: text,
  shape: text,
  asked: text,
  by: text,
  dryRun: flag,
  recorded: flag,
  queries: fields({ files: number, count: number }),
  lines: list(line),
  leftBehind: texts,
  source: fields({ kind: text, text }),
  hotfix: fields({ branch: text, commands: texts, checklist: texts }),
  checklist: texts,
  notes: texts,
})

export function rollbackDetail(command: CommandResult): CommandDetail {
  if (command.asked === 'down-one') return rollbackDownDetail(command)
  const { database, from, to, commit, shape, asked, by, dryRun, recorded, queries, lines, leftBehind, hotfix, checklist, notes, ...more } =
    details.parse(command)
  const { source } = more
  const told = issueDetail(command)
  const met = lines.filter(({ effect, byRules }) => effect !== 'compatible' || byRules !== undefined)
  const count =
    queries.count === undefined
      ? ''
      : ` (${queries.count} ${queries.count === 1 ? 'query' : 'queries'} in ${plural(queries.files ?? 0, 'file')})`
  return {
    word: command.verdict !== 'pass' ? undefined : asked === 'hotfix' ? 'Hotfix' : dryRun ? 'Dry run' : undefined,
    what: ['rollback', ...(to === undefined ? [] : [`to ${to}`]), ...(command.environment === undefined ? [] : [command.environment])]
      .join(' ')
      .concat(source.kind === undefined ? '' : `, from the ${source.kind}`),
    facts: knownFacts([
      [
        'Known from',
        source.text === undefined || command.reason.includes(source.text) ? undefined : `${source.text}, not from the database`,
      ],
      ['Database', database],
      ['From', codeCell(from)],
      ['To', codeCell(commit === undefined ? to : `${to} (${commit.slice(0, 12)})`)],
      ['Shape', codeCell(shape)],
      [
        'Decided by',
        by === undefined ? undefined : by === 'queries' ? `the target's queries${count}` : 'rules alone: no query of the target was given',
      ],
      ['Recorded', shape === undefined ? undefined : recorded ? 'yes: the post phase stays shut until the next deploy is recorded' : 'no'],
      ...told.facts,
    ]),
    tables: [
      ...(met.length === 0 ? [] : [effectTable(met)]),
      ...forwardTable(hotfix.commands, hotfix.branch),
      ...(leftBehind.length === 0 ? [] : [behindTable(leftBehind, lines)]),
      ...told.tables,
    ],
    checkNames: new Map([['target-ci', 'Checks of the target on GitHub']]),
    notes: [...notes, ...(checklist.length > 0 ? checklist : hotfix.checklist)],
  }
}

function effectTable(lines: readonly Line[]): ReportTable {
  return {
    title: 'What the older code meets',
    headers: ['Where', 'Effect', 'By', 'Why', 'Statement'],
    rows: lines.map(({ path, line: at, effect, by, byRules, because, statement }): Cell[] => [
      codeCell(at === undefined ? path : `${path}:${at}`),
      effect.replace('-', ' '),
      byRules === undefined ? by : `${by} (by rules: ${byRules.replace('-', ' ')})`,
      because ?? '',
      codeCell(statement?.split('\n')[0]?.slice(0, 120)),
    ]),
  }
}

function behindTable(ids: readonly string[], lines: readonly Line[]): ReportTable {
  return {
    title: 'What stays behind in the schema',
    headers: ['Migration', 'The data, when it is taken back later'],
    rows: ids.map((id) => {
      const all = lines.flatMap((one) => (one.migration === id && one.data !== undefined && one.data.kind !== 'lossless' ? [one.data] : []))
      return [codeCell(id), all.length === 0 ? 'nothing is lost' : all.map(({ kind, what }) => `${kind}: ${what ?? ''}`).join('; ')]
    }),
    folded: true,
  }
}

/** In a table, since a terminal shows it too. */
function forwardTable(commands: readonly string[], branch: string | undefined): readonly ReportTable[] {
  if (commands.length === 0) return []
  const title = `The way forward${branch === undefined ? '' : `, on ${branch}`}`
  return [{ title, headers: ['Command to copy'], rows: commands.map((one) => [codeCell(one)]) }]
}
