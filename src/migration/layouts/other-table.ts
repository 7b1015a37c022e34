import { ReleaseError } from '../../errors.ts'
import { oneLine } from '../../visible-text.ts'

/** For a setting of the tool's own that names another version table than Shiplock would keep; `where` is its file or variable. */
export function otherTable(where: string, named: string, usual: string): ReleaseError {
  return new ReleaseError(
    'invalid-input',
    `${where} names the version table ${JSON.stringify(named)}, and Shiplock would keep ${usual}: what ran by the one would be pending in the other.`,
    { hint: `Set migrations.table: ${oneLine(named)}. If ${where} is for another application, say so with migrations.table: ${usual}.` },
  )
}
