import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { type Cell, type CommandDetail, codeCell, knownFacts, moment } from '../command-report.ts'
import { fields, list, text, texts } from '../lenient.ts'

const plan = z.object({ run: text, by: texts })
const record = z.object({ command: text, status: text, verdict: text, finishedAt: text, release: text, key: text })
const details = fields({
  protection: fields({ repository: text, name: text, approvedBy: texts }),
  secondPerson: fields({ planned: list(plan), startedBy: texts, event: text }),
  promotion: fields({ from: text, commit: text, records: list(record) }),
})

/** Who let a release through, and what its commit has passed before; the checks say whether that is enough. */
export function passageDetail(command: CommandResult): Required<Pick<CommandDetail, 'facts' | 'tables'>> {
  const { protection, secondPerson, promotion } = details.parse(command)
  const { from, commit, records } = promotion
  const planners = secondPerson.planned.map(({ run, by }) => `${by.join(' and ') || 'nobody knows'} (run ${run ?? 'unknown'})`)
  return {
    facts: knownFacts([
      ['Repository', codeCell(protection.repository)],
      ['Approved by', protection.approvedBy.join(', ') || undefined],
      ['Planned by', planners.join(', ') || undefined],
      ['Started by', secondPerson.startedBy.join(' and ') || undefined],
    ]),
    tables:
      records.length === 0
        ? []
        : [
            {
              title: `What ${commit?.slice(0, 12) ?? 'the commit'} has passed in ${from ?? 'the environment before'}`,
              headers: ['Command', 'Verdict', 'Ended', 'Release', 'Record'],
              rows: records.map((one): Cell[] => [
                codeCell(one.command),
                one.verdict ?? 'no record',
                moment(one.finishedAt) ?? '',
                codeCell(one.release),
                codeCell(one.key),
              ]),
              folded: true,
            },
          ],
  }
}
