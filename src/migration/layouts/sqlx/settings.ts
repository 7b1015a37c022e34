import { parse } from 'smol-toml'
import { z } from 'zod'
import { ReleaseError } from '../../../errors.ts'
import { invalidMigration, type ToolSettings } from '../../layout.ts'
import { placeIn } from '../../migration.ts'
import { otherTable } from '../other-table.ts'

const usual = '_sqlx_migrations'

/** What of `sqlx.toml` changes the rows that sqlx writes. */
const schema = z.object({
  migrate: z.object({ 'table-name': z.string().optional(), 'ignored-chars': z.array(z.string()).optional() }).optional(),
})

/** `sqlx.toml`, which sqlx reads from 0.9 on. */
export const sqlxSettings: ToolSettings = {
  files: ['sqlx.toml'],
  refuse({ path, text }, migrations, table) {
    const { 'table-name': named = usual, 'ignored-chars': ignored = [] } = read(path, text)
    if (table === undefined && named !== usual) throw otherTable(path, named, usual)
    for (const migration of migrations) {
      const left = ignored.find((one) => one !== '' && migration.file.includes(one))
      if (left === undefined) continue
      const at = placeIn(migration, migration.up, migration.file.indexOf(left))
      throw new ReleaseError(
        'unsupported-migration',
        `${at}: ${path} has sqlx leave ${JSON.stringify(left)} out of its checksums, and Shiplock does not: each would take what the other ran for edited.`,
        { at, hint: `Take it out of the files and of ignored-chars. For ends of lines, let .gitattributes say: *.sql text eol=lf.` },
      )
    }
  },
}

function read(path: string, text: string) {
  try {
    return schema.parse(parse(text)).migrate ?? {}
  } catch {
    throw invalidMigration(path, 'cannot be read; sqlx stops at it too', 'Mend it, or delete it.')
  }
}
