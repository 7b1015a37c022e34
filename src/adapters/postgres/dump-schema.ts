import { join } from 'node:path'
import { formatDuration } from '../../units.ts'
import { runChild } from '../process.ts'
import type { Tools } from './tools.ts'

interface SchemaDumpOptions {
  readonly tools: Tools
  /** The file to write. */
  readonly archive: string
  readonly role: string | undefined
  /** From `libpqEnvironment`: the only thing that says where to connect. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** An archive for `pg_restore` when left out; `plain` is a script. */
  readonly format?: 'plain'
}

/** The tables are only looked at, so nobody should wait for us for long, nor we for them. */
const lockWaitMs = 5000

/** Writes an archive of the schema; no row leaves the server. Resolves with what `pg_dump` said when it could not. */
export async function dumpSchema({ tools, archive, role, env, signal, format }: SchemaDumpOptions): Promise<string | undefined> {
  const args = [
    '--schema-only',
    ...(format === 'plain' ? ['--format=plain'] : ['--format=custom', '--compress=0']),
    `--file=${archive}`,
    '--no-password',
    '--no-comments',
    `--lock-wait-timeout=${lockWaitMs}`,
    ...(role === undefined ? [] : [`--role=${role}`]),
  ]
  const { exitCode, stderr } = await runChild(join(tools.binDir, 'pg_dump'), args, { env, signal })
  return exitCode === 0 ? undefined : `pg_dump could not read the schema: ${whatItSaid(stderr)}`
}

/** `pg_dump: error: query failed: ERROR:  permission denied for table t` says it all in its end. */
function whatItSaid(stderr: string): string {
  if (/canceling statement due to (?:lock|statement) timeout/.test(stderr))
    return `somebody held a lock on a table for ${formatDuration(lockWaitMs)}`
  const line = stderr.split('\n').find((one) => /error:/i.test(one)) ?? stderr.split('\n')[0] ?? ''
  return line.replace(/^pg_dump: (?:error: )?(?:query failed: )?(?:ERROR: +)?/, '').trim() || 'it was ended before it said why'
}
