import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { isDeepStrictEqual } from 'node:util'
import type { RolesDump } from '../../backup/dump.ts'
import { messageOf } from '../../errors.ts'
import { startChild } from '../process.ts'
import type { OpenClient } from './client.ts'
import { readMemberships } from './memberships.ts'
import { isExecutable, type Tools } from './tools.ts'

/** Where roles come and go all the time, as with those that live for an hour. */
const attempts = 3

interface RolesOptions {
  readonly tools: Tools
  readonly database: string
  readonly role: string | undefined
  /** From `libpqEnvironment`. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Opens a session that no snapshot binds. */
  readonly connect: () => Promise<OpenClient>
}

/**
 * Names, attributes, memberships and settings of the server's roles: `pg_dump` leaves them out, and a restore needs them.
 * Memberships are read before and after, and told when they were the same: neither side is bound by a snapshot.
 */
export async function dumpRoles(options: RolesOptions): Promise<RolesDump> {
  const session = await options.connect().catch((error) => ({ problem: messageOf(error) }))
  if ('problem' in session) return { notKept: `no further connection could be opened: ${session.problem}` }
  await using open = session
  for (let tries = 1, before = await readMemberships(open.client); ; tries++) {
    const dump = await runDumpall(options)
    const after = await readMemberships(open.client)
    if ('notKept' in dump) return dump
    if (isDeepStrictEqual(before, after)) return { ...dump, memberships: after }
    if (tries === attempts) return dump
    before = after
  }
}

async function runDumpall({ tools, database, role, env, signal }: RolesOptions): Promise<{ sql: string } | { notKept: string }> {
  const program = join(tools.binDir, 'pg_dumpall')
  if (!isExecutable(program)) return { notKept: `pg_dumpall is not installed in ${tools.binDir}` }
  const args = [
    '--roles-only',
    '--no-role-passwords',
    '--no-password',
    `--database=${connectionText(database)}`,
    ...(role === undefined ? [] : [`--role=${role}`]),
  ]
  const child = startChild(program, args, { env, signal })
  try {
    const [sql, { exitCode, signal: endedBy }] = await Promise.all([text(child.stdout), child.ended])
    if (exitCode === 0) return { sql }
    return { notKept: child.stderr().trim().split('\n')[0] || `pg_dumpall was ended by ${endedBy ?? `exit status ${exitCode}`}` }
  } catch (error) {
    return { notKept: `pg_dumpall could not be started: ${messageOf(error)}` }
  }
}

/** It ignores PGDATABASE, and would take some names for whole connection strings. */
function connectionText(database: string): string {
  return `dbname='${database.replace(/[\\']/g, '\\$&')}'`
}
