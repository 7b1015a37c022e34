import { type BackupScope, keyLabel } from '../../backup/key.ts'
import { compactStamp } from '../../units.ts'

interface RescueName extends BackupScope {
  readonly database: string
  /** The migration whose down is about to run. */
  readonly migration: string
  /** The moment of the snapshot. */
  readonly at: Date
  /** Who saves it: a second run in the same second has a key of its own. */
  readonly run: { readonly id: string; readonly attempt: string }
}

const fileEnd = '.sql'

/** `<project>/rescues/<environment>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<migration>-<run>.<attempt>.sql` */
export function rescueKey(name: RescueName): string {
  const stamp = compactStamp(name.at)
  const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`
  return `${keyLabel(name.project)}/rescues/${keyLabel(name.environment)}/${day}/${keyLabel(name.database)}-${stamp}-${keyLabel(name.migration)}-${keyLabel(name.run.id)}.${keyLabel(name.run.attempt)}${fileEnd}`
}

export function rescueManifestKey(key: string): string {
  return `${key.slice(0, -fileEnd.length)}.manifest.json`
}
