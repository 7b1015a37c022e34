import { z } from 'zod'
import { gateCheckNames } from '../../gate/check-names.ts'
import type { CommandResult } from '../../result.ts'
import { type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, list, text, texts } from '../lenient.ts'
import { contractFields, contractTable } from './contract-table.ts'
import { passageDetail } from './gate-passage.ts'

const difference = z.object({ what: text, text: z.string() })

const details = fields({
  phase: text,
  database: text,
  digest: text,
  approvedDigest: text,
  contract: contractFields.optional().catch(undefined),
  differences: list(difference),
  opensAt: text,
  busyHoursAllowed: fields({ reason: text, by: text }),
  notes: texts,
})

export function gateDetail(command: CommandResult): CommandDetail {
  const { phase, database, digest, approvedDigest, contract, differences, opensAt, busyHoursAllowed, notes } = details.parse(command)
  const passage = passageDetail(command)
  return {
    what: `${['gate', command.environment].filter(Boolean).join(' ')}${phase === undefined ? '' : `, phase ${phase}`}`,
    tables: [
      ...(differences.length === 0 ? [] : [differenceTable(differences)]),
      // where the differences are named nobody has to look for them
      ...(contract === undefined || differences.length > 0 || approvedDigest === digest ? [] : [contractTable(contract)]),
      ...passage.tables,
    ],
    facts: knownFacts([
      ['Database', database],
      ['Approved', codeCell(approvedDigest?.slice(0, 12))],
      ['Now', approvedDigest === digest ? undefined : codeCell(digest?.slice(0, 12))],
      ['Quiet hours begin', moment(opensAt)],
      ['Busy hours allowed by', busyHoursAllowed.by],
      ...passage.facts,
    ]),
    notes: [...notes, 'Nothing has been changed.'],
    checkNames: gateCheckNames,
  }
}

function differenceTable(differences: readonly z.output<typeof difference>[]): ReportTable {
  return {
    title: 'Changed since the approval',
    headers: ['What', 'How'],
    rows: differences.map(({ what, text }) => [what ?? '', text]),
  }
}
