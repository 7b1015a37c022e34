import type { CommandResult } from '../../result.ts'
import { type CommandDetail, codeCell, knownFacts } from '../command-report.ts'
import { fields, flag, text } from '../lenient.ts'

const details = fields({ issue: fields({ url: text, isNew: flag }), issueDraft: text })

/** The issue that says what happened, or the address where a person opens it. */
export function issueDetail(command: CommandResult): Required<Pick<CommandDetail, 'facts' | 'tables'>> {
  const { issue, issueDraft } = details.parse(command)
  return {
    facts: knownFacts([
      ['Issue', issue.url === undefined ? undefined : codeCell(issue.isNew ? issue.url : `${issue.url} (a comment below it)`)],
    ]),
    tables:
      issueDraft === undefined
        ? []
        : [{ title: 'The issue, to open by hand', headers: ['Address to open'], rows: [[codeCell(issueDraft)]], folded: true }],
  }
}
