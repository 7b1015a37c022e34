import type { CommandResult } from '../../result.ts'
import { type CommandDetail, codeCell, knownFacts } from '../command-report.ts'
import { fields, text, texts } from '../lenient.ts'

const details = fields({ path: text, notes: texts })

export function newDetail(command: CommandResult): CommandDetail {
  const { path, notes } = details.parse(command)
  return { what: 'new', facts: knownFacts([['File', codeCell(path)]]), notes }
}
