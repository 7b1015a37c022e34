import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Store, StoredObject } from '../backup/store.ts'
import { ReleaseError, systemCode } from '../errors.ts'
import { type ArchiveHeader, leastMajor, readArchiveHeader } from './archive-header.ts'
import { stampedMoment } from './stamped-moment.ts'
import type { Archive, DrillSubject } from './subject.ts'

/** How much larger than its dump a database may be, where nothing tells. */
const usualGrowth = 4

/** A dump that another tool left in the store. Only the archive itself says where it comes from, and nothing says whether it is whole. */
export function foreignSubject(store: Store, { key, sizeBytes }: StoredObject): DrillSubject {
  return {
    origin: 'dump',
    name: key,
    id: undefined,
    key,
    snapshotAt: undefined,
    neededBytes: sizeBytes * (1 + usualGrowth),
    async fetch(folder, signal) {
      const path = join(folder, 'backup.dump')
      await pipeline(await store.get(key), createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
      return describe(path, key)
    },
  }
}

/** A dump in a file of this machine, which stays where and as it is. Throws `unreadable-file` or `invalid-input`. */
export async function fileSubject(path: string): Promise<DrillSubject> {
  const facts = await stat(path).catch((cause) => {
    throw new ReleaseError('unreadable-file', `The file ${path} cannot be read (${systemCode(cause)}).`, {
      hint: 'Check the input file.',
      cause,
    })
  })
  if (!facts.isFile()) {
    const what = facts.isDirectory() ? 'a folder, perhaps a dump in the directory format' : 'no regular file'
    throw new ReleaseError('invalid-input', `${path} is ${what}, and a drill restores only the custom format of pg_dump.`, {
      hint: 'Make the dump with pg_dump --format=custom.',
    })
  }
  return {
    origin: 'file',
    name: basename(path),
    id: undefined,
    key: undefined,
    snapshotAt: undefined,
    neededBytes: facts.size * usualGrowth,
    fetch: () => describe(path, basename(path)),
  }
}

async function describe(path: string, name: string): Promise<Archive> {
  const header = await readArchiveHeader(path, name)
  return {
    path,
    sizeBytes: (await stat(path)).size,
    ...stampedMoment(name, header.writtenAt),
    source: {
      ours: false,
      systemIdentifier: undefined,
      major: leastMajor(header),
      encoding: encodingOf(header, name),
      // the archive does not say; with C every encoding works, and texts sort by their bytes
      collate: 'C',
      ctype: 'C',
      extensions: header.extensions,
    },
    expectations: undefined,
  }
}

function encodingOf({ encoding }: ArchiveHeader, name: string): string {
  if (encoding !== undefined) return encoding
  throw new ReleaseError('backup-damaged', `${name} does not say which encoding its texts have.`, {
    hint: 'A dump of a whole database does. Was it made from a part of another archive?',
  })
}
