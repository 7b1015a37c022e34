import { type BackupScope, keyLabel } from '../../backup/key.ts'
import { compactStamp } from '../../units.ts'

interface RescueName extends BackupScope {
  readonly database: string
  /** The migration whose down is about to run. */
  readonly migration: string
  /** The moment of the snapshot. */
  readonly at: Date
}

const fileEnd = '.sql'

/** `<project>/rescues/<environment>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<migration>.sql` */
export function rescueKey(name: RescueName): string {
  const stamp = compactStamp(name.at)
  const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`
  return `${keyLabel(name.project)}/rescues/${keyLabel(name.environment)}/${day}/${keyLabel(name.database)}-${stamp}-${keyLabel(name.migration)}${fileEnd}`
}

export function rescueManifestKey(key: string): string {
  return `${key.slice(0, -fileEnd.length)}.manifest.json`
}
