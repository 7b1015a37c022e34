import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { DecodedArchive } from '../../backup/read-back.ts'
import { startChild } from '../process.ts'
import { ArchiveRowCounter } from './archive-rows.ts'
import { serverAccount } from './server-account.ts'
import { type Tools, toolEnvironment } from './tools.ts'

const keptLines = 5

/**
 * Lets `pg_restore` read an archive to its end and decode every byte, and counts the rows of what it prints. The problem
 * is empty when nothing was wrong, else the first lines of what it said. The stream is always consumed, also when `pg_restore` dies early,
 * so that whoever hashes it beside us gets all of it. Rejects when the stream fails or the signal fires.
 */
export async function decodeArchive(
  archive: Readable,
  tools: Tools,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<DecodedArchive> {
  const consumed = finished(archive, { writable: false })
  consumed.catch(() => {}) // awaited below, once the program has ended
  const child = startChild(join(tools.binDir, 'pg_restore'), ['--section=data', '--file=-'], {
    env: toolEnvironment(env),
    user: serverAccount(), // a crafted archive can run code in a client that is open to it: not as root
    cwd: '/', // that account may not be able to enter our folder
    input: archive,
    signal,
  })
  const counter = new ArchiveRowCounter()
  child.stdout.on('data', (chunk: Buffer) => counter.write(chunk))
  const { exitCode, signal: killedBy } = await child.ended
  if (signal.aborted) {
    archive.destroy()
    throw signal.reason
  }
  archive.unpipe()
  archive.resume()
  await consumed
  const problem = exitCode === 0 ? '' : firstLines(child.stderr()) || `pg_restore ended with ${killedBy ?? `exit status ${exitCode}`}`
  return { problem, rows: counter.result() }
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, keptLines).join('\n')
}
