import { z } from 'zod'
import { showArguments } from '../../argument-list.ts'
import { formatDuration } from '../../units.ts'
import { type Cell, codeCell, type ReportTable } from '../command-report.ts'
import { list, text, texts } from '../lenient.ts'

/** What a digest covers, as a result holds it. */
export const contractFields = z.object({
  environment: text,
  phase: text,
  layout: text,
  folders: texts,
  tables: list(z.object({ table: text, head: text })),
  stamp: z.string().nullish().catch(undefined),
  migrations: list(z.object({ id: text, checksum: text, transactional: z.boolean().optional().catch(undefined) })),
  command: texts,
  policy: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).catch({}),
})

/** All that an approval of a phase covers, for whoever wants to know. */
export function contractTable({ phase, ...rest }: z.output<typeof contractFields>): ReportTable {
  const { environment, layout, folders, tables, stamp, migrations, command, policy } = rest
  const rows: (readonly [string, Cell])[] = [
    ['environment', codeCell(environment)],
    ['layout', codeCell(layout)],
    ...folders.map((folder) => ['folder', codeCell(folder)] as const),
    ...(command.length === 0 ? [] : [['command', codeCell(showArguments(command))] as const]),
    ['stamp', stamp === null ? 'none yet' : codeCell(stamp)],
    ...tables.map(({ table, head }) => [`head of ${table ?? 'a version table'}`, codeCell(head)] as const),
    ...migrations.map(
      ({ id, checksum, transactional }) =>
        [id ?? 'a migration', codeCell(`${checksum ?? ''}${transactional === false ? ', outside a transaction' : ''}`)] as const,
    ),
    ...Object.entries(policy).map(
      ([name, value]) =>
        [name, codeCell(name === 'lock-budget' && typeof value === 'number' ? formatDuration(value) : String(value))] as const,
    ),
  ]
  return { title: `What the digest of phase ${phase ?? 'unknown'} covers`, headers: ['', 'Is'], rows, folded: true, onlySummary: true }
}
