import type { CommandResult } from '../../result.ts'
import { formatCount } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts } from '../command-report.ts'
import { fields, flag, number, text } from '../lenient.ts'

const details = fields({ fact: text, release: text, migrations: number, dryRun: flag })

export function recordDetail(command: CommandResult): CommandDetail {
  const { fact, release, migrations, dryRun } = details.parse(command)
  const where = command.environment === undefined ? '' : ` ${command.environment}`
  return {
    word: dryRun && command.verdict === 'pass' ? 'Dry run' : undefined,
    what: `record${fact === undefined ? '' : ` ${fact}`}${where}`,
    facts: knownFacts([
      ['Release', codeCell(release)],
      ['Migrations in it', migrations === undefined ? undefined : formatCount(migrations)],
    ]),
  }
}
