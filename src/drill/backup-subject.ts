import { join } from 'node:path'
import { readBeside, readContents } from '../backup/contents.ts'
import type { Manifest } from '../backup/manifest.ts'
import type { Store } from '../backup/store.ts'
import { leastMajor, readArchiveHeader } from './archive-header.ts'
import { fetchDump } from './fetch.ts'
import { parseRoles, type RoleFacts } from './roles.ts'
import type { DrillSubject } from './subject.ts'

/** A backup whose manifest says what its bytes are and what they must hold. */
export function backupSubject(store: Store, manifest: Manifest): DrillSubject {
  const { id, object, source, dump } = manifest
  const snapshotAt = new Date(dump.snapshotAt)
  return {
    origin: 'backup',
    name: id,
    id,
    key: object.key,
    snapshotAt,
    neededBytes: object.sizeBytes + source.sizeBytes,
    async fetch(folder, signal) {
      const path = join(folder, 'backup.dump')
      await fetchDump(store, object, path, signal)
      const roles = await rolesOf(store, manifest)
      const { objects, serverMajor, memberships } = await readContents(store, manifest.contents)
      const written = leastMajor(await readArchiveHeader(path, id))
      const major = Math.max(source.serverMajor, written, Number.parseInt(dump.clientVersion, 10) || 0)
      return {
        path,
        sizeBytes: object.sizeBytes,
        snapshotAt,
        zoneUnknown: false,
        source: { ...source, systemIdentifier: source.systemIdentifier, ours: true, major, ...roles },
        expectations: { ...manifest, catalog: objects, serverMajor, memberships },
      }
    },
  }
}

async function rolesOf(store: Store, { roles }: Manifest): Promise<{ roles?: RoleFacts }> {
  return 'key' in roles ? { roles: parseRoles((await readBeside(store, roles)).toString()) } : {}
}
