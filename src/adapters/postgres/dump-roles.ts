import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { RolesDump } from '../../backup/dump.ts'
import { messageOf } from '../../errors.ts'
import { startChild } from '../process.ts'
import { isExecutable, type Tools } from './tools.ts'

interface RolesOptions {
  readonly tools: Tools
  readonly database: string
  readonly role: string | undefined
  /** From `libpqEnvironment`. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Names, attributes, memberships and settings of the server's roles: `pg_dump` leaves them out, and a restore needs them. */
export async function dumpRoles({ tools, database, role, env, signal }: RolesOptions): Promise<RolesDump> {
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
