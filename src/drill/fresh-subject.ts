import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FingerprintPolicy } from '../backup/content.ts'
import type { SourceDatabase } from '../backup/dump.ts'
import { writeDump } from '../backup/write-dump.ts'
import { parseRoles } from './roles.ts'
import type { DrillSubject } from './subject.ts'

interface FreshDump {
  readonly database: string
  readonly lockWaitTimeoutMs: number
  readonly fingerprint: FingerprintPolicy
  /** Lets some work see the database through one exported snapshot. */
  withSource<T>(work: (source: SourceDatabase) => Promise<T>): Promise<T>
}

/** The database as it is now, dumped for this drill alone: what a copy must hold is read under the dump's own snapshot. */
export function freshSubject({ database, lockWaitTimeoutMs, fingerprint, withSource }: FreshDump): DrillSubject {
  return {
    origin: 'fresh',
    name: `A fresh dump of ${database}`,
    id: undefined,
    key: undefined,
    snapshotAt: undefined,
    neededBytes: undefined,
    fetch: (folder, signal) =>
      withSource(async (source) => {
        const { facts, snapshot } = source
        const path = join(folder, 'backup.dump')
        const store = folderFor(path)
        const expectedBytes = facts.sizeBytes
        const dump = await writeDump({
          source,
          store,
          key: 'backup.dump',
          lockWaitTimeoutMs,
          fingerprint,
          expectedBytes,
          signal,
          onBytes: () => {},
        })
        const roles = await source.readRoles(signal)
        return {
          path,
          sizeBytes: dump.sizeBytes,
          snapshotAt: snapshot.at,
          zoneUnknown: false,
          source: {
            ...facts,
            ours: true,
            major: Math.max(facts.serverMajor, Number.parseInt(dump.clientVersion, 10) || 0),
            ...('sql' in roles ? { roles: parseRoles(roles.sql) } : {}),
          },
          expectations: { ...dump, serverMajor: facts.serverMajor, ...('sql' in roles && { memberships: roles.memberships }) },
        }
      }),
  }
}

/** Takes the one object that a fresh dump is. */
function folderFor(path: string) {
  return {
    async put(key: string, source: NodeJS.ReadableStream, signal: AbortSignal) {
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
      await pipeline(source, file, { signal })
      return { key, sizeBytes: file.bytesWritten }
    },
  }
}
