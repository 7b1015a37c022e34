import { z } from 'zod'
import { plural } from '../../units.ts'
import { type Cell, codeCell, type ReportTable } from '../command-report.ts'
import { fields, list, text, texts } from '../lenient.ts'

/** Keys of the configuration that are not as the live release has them. */
export const changedKeysFields = fields({
  since: text,
  added: list(z.object({ name: z.string(), need: z.enum(['required', 'conditional', 'optional']) })),
  removed: texts,
  becameRequired: texts,
})

type ChangedKeys = z.infer<typeof changedKeysFields>

export function changedKeysText(keys: ChangedKeys | undefined, problem: string | undefined): string | undefined {
  if (keys === undefined) return problem && `what changed is not known: ${problem}`
  const count = rowsOf(keys).length
  return `${count === 0 ? 'no change' : plural(count, 'change')} since ${keys.since ?? 'the live release'}`
}

export function changedKeysTables(keys: ChangedKeys | undefined): ReportTable[] {
  const rows = keys === undefined ? [] : rowsOf(keys)
  if (rows.length === 0) return []
  return [{ title: `Configuration keys that changed since ${keys?.since ?? 'the live release'}`, headers: ['Key', 'Change'], rows }]
}

function rowsOf({ added, removed, becameRequired }: ChangedKeys): Cell[][] {
  return [
    ...added.map(({ name, need }) => [codeCell(name), `new, ${need}`]),
    ...becameRequired.map((name) => [codeCell(name), 'required now']),
    ...removed.map((name) => [codeCell(name), 'no longer used']),
  ]
}
