import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { type CommandDetail, codeCell } from '../command-report.ts'
import { fields, flag, list, text, texts } from '../lenient.ts'

const details = fields({
  written: texts,
  kept: texts,
  dryRun: flag,
  next: texts,
  files: list(fields({ name: text, standing: text })),
  toPaste: list(z.object({ intro: z.string(), text: z.string() })),
})

export function initDetail(command: CommandResult): CommandDetail {
  const { written, kept, dryRun, next, files, toPaste } = details.parse(command)
  const rows = [
    ...written.map((path) => [codeCell(path), dryRun ? 'would be written' : 'written']),
    ...kept.map((path) => [codeCell(path), 'there already, left alone']),
    ...files.map(({ name, standing }) => [codeCell(name), standing ?? '']),
  ]
  return {
    word: command.verdict === 'pass' && dryRun ? 'Dry run' : undefined,
    what: 'init',
    tables: rows.length === 0 ? [] : [{ title: 'Files', headers: ['File', ''], rows }],
    notes: [...next, ...toPaste.map(pasted)],
  }
}

/** With the lines as they are to be pasted below what is said of them. */
function pasted({ intro, text }: { readonly intro: string; readonly text: string }): string {
  return `\n${intro}\n\n${text.replace(/^(?=.)/gm, '    ').trimEnd()}`
}
