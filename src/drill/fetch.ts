import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fingerprintStream } from '../backup/fingerprint-stream.ts'
import type { Store } from '../backup/store.ts'
import { ReleaseError } from '../errors.ts'

interface Expected {
  readonly key: string
  readonly sizeBytes: number
  readonly sha256: string
}

/**
 * Downloads a dump into a new file that only we can read. Throws `backup-damaged` when the bytes are not those that
 * the manifest describes: nothing may open it then, since a forged archive can run code in PostgreSQL's programs.
 */
export async function fetchDump(store: Store, expected: Expected, path: string, signal: AbortSignal): Promise<void> {
  const { key, sizeBytes, sha256 } = expected
  const { stream, result } = fingerprintStream((soFar) => {
    if (soFar > sizeBytes) stream.destroy(damaged(key, `it has more than the ${sizeBytes} bytes that the manifest says`))
  })
  await pipeline(await store.get(key), stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
  const found = result()
  if (found.sizeBytes !== sizeBytes) throw damaged(key, `it has ${found.sizeBytes} bytes, where the manifest says ${sizeBytes}`)
  if (found.sha256 !== sha256) throw damaged(key, `its SHA-256 is ${found.sha256}, where the manifest says ${sha256}`)
}

function damaged(key: string, problem: string): ReleaseError {
  return new ReleaseError('backup-damaged', `${key} is not what was backed up: ${problem}. It was not opened.`, {
    hint: 'Name another backup with key, make a new one, and find out who or what changed this one.',
  })
}
