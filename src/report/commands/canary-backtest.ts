import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { formatCount } from '../../units.ts'
import { type CommandDetail, codeCell } from '../command-report.ts'
import { fields, list, number, text } from '../lenient.ts'

const details = fields({
  days: number,
  backtest: list(z.object({ id: text, promote: number, hold: number, abort: number, unknown: number })),
})

/** How often each check would have raised an alarm when nothing was released. */
export function backtestDetail(command: CommandResult): CommandDetail {
  const { backtest, days } = details.parse(command)
  const where = command.environment === undefined ? '' : ` ${command.environment}`
  const span = days === undefined ? '' : `, every hour of ${days} days`
  return {
    what: `canary${where}, backtest${span}: nothing was watched`,
    tables: [
      {
        title: 'How watches would have ended when nothing was released',
        headers: ['Check', 'Promote', 'Hold', 'Abort', 'False alarms', 'Without data'],
        rows: backtest.map(({ id, promote = 0, hold = 0, abort = 0, unknown = 0 }) => [
          codeCell(id),
          ...[promote, hold, abort].map(formatCount),
          promote + hold + abort === 0 ? 'not known' : `${((100 * (hold + abort)) / (promote + hold + abort)).toFixed(1)} %`,
          formatCount(unknown),
        ]),
      },
    ],
    notes: [
      'A release on that day may be among them: look at the hours before you widen a line. A check with many false alarms wants a longer window, a floor, or dry-run.',
    ],
  }
}
