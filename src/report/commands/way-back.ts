import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { type Cell, codeCell, type ReportTable } from '../command-report.ts'
import { fields, flag, list, text } from '../lenient.ts'

const step = z.object({
  id: text,
  phase: text,
  shape: text,
  against: list(z.object({ at: text, because: text })),
  down: fields({ kind: text, exists: flag, what: text, at: text }),
})
type Step = z.output<typeof step>

const said = fields({ wayBack: fields({ sentence: text }) })
const details = fields({ wayBack: fields({ to: text.nullable(), steps: list(step) }) })

/** One sentence: until when, or whether, older code may come back; `undefined` in results without it. */
export function wayBackSentence(command: CommandResult): string | undefined {
  return said.parse(command).wayBack.sentence
}

/** What is open after each migration. */
export function wayBackTables(command: CommandResult): readonly ReportTable[] {
  const { steps, to } = details.parse(command).wayBack
  if (steps.length === 0) return []
  return [
    {
      title: `The way back${to == null ? '' : ` to ${to}`} after each migration, by rules`,
      headers: ['After', 'Way back', 'Its down', 'Why'],
      rows: steps.map((one): Cell[] => [
        codeCell(one.phase === undefined ? one.id : `${one.id} (${one.phase})`),
        one.shape === 'undecided' ? 'not known' : (one.shape ?? ''),
        downOf(one),
        one.against.map(({ at, because }) => `${at}: ${because}`).join(' '),
      ]),
      ...(steps.every(({ shape }) => shape === 'code-only') ? { folded: true } : {}),
    },
  ]
}

function downOf({ down: { kind, exists, what, at } }: Step): string {
  const where = at === undefined ? '' : ` (${at})`
  switch (kind) {
    case 'lossless':
      return 'loses nothing'
    case 'lossy':
      return `loses ${what ?? 'data'}${where}`
    case 'impossible':
      return `${exists ? '' : 'none; '}brings not everything back: ${what ?? ''}${where}`
    case 'unread':
      return 'not read'
    default:
      return kind === 'missing' ? 'none' : ''
  }
}
