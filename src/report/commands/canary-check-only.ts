import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { type CommandDetail, codeCell } from '../command-report.ts'
import { fields, list, number, text, texts } from '../lenient.ts'
import { queryBlocks } from './canary-queries.ts'

const details = fields({
  examined: list(z.object({ id: text, query: text, windows: number, notes: texts, series: texts })),
})

/** Most series of a check that are listed: a query that returns a thousand is wrong in any case. */
const mostSeries = 20

/** Whether each check could be judged, before anything is deployed. */
export function checkOnlyDetail(command: CommandResult): CommandDetail {
  const { examined } = details.parse(command)
  const where = command.environment === undefined ? '' : ` ${command.environment}`
  return {
    what: `canary${where}, checks only: nothing was watched`,
    tables: [
      {
        title: 'Good to know',
        headers: ['Check', 'Note'],
        rows: examined.flatMap(({ id, notes }) => notes.map((note) => [codeCell(id), note])),
      },
      {
        title: 'What was found in the baseline',
        headers: ['Check', 'Windows with a value', 'Series'],
        rows: examined.map(({ id, windows, series }) => [
          codeCell(id),
          windows === undefined ? '' : String(windows),
          `${series.slice(0, mostSeries).join(', ')}${series.length > mostSeries ? ` and ${series.length - mostSeries} more` : ''}`,
        ]),
        folded: true as const,
      },
    ].filter(({ rows }) => rows.length > 0),
    blocks: queryBlocks(examined),
  }
}
