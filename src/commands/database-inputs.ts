import { decideTls, describeConnection } from '../connection.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { LockPolicy } from '../migration/database.ts'
import type { Context, DatabaseInputs } from './command.ts'

/** The inputs that every command with a database has. */
export const databaseInputNames = ['database-url', 'database-ca', 'allow-insecure-tls', 'expect-database', 'role', 'state-schema'] as const

/** What the commands that take the lock let people say about it. */
export const lockInputNames = ['on-locked', 'lock-wait'] as const

export function lockPolicy(inputs: Pick<InputValues, (typeof lockInputNames)[number]>, { signal }: Context): LockPolicy {
  return { onLocked: inputs['on-locked'], waitMs: inputs['lock-wait'], signal }
}

type Given = Pick<InputValues, (typeof databaseInputNames)[number]>

/**
 * Where the database is and how the connection is protected.
 * Throws `wrong-database` when another name was expected, `insecure-tls` when nothing would protect it.
 */
export async function databaseInputs(inputs: Given, context: Context): Promise<DatabaseInputs> {
  const connection = inputs['database-url']
  const expected = inputs['expect-database']
  if (expected !== undefined && expected !== connection.database) {
    throw new ReleaseError(
      'wrong-database',
      `expect-database names ${expected}, but the connection goes to ${describeConnection(connection)}.`,
      {
        hint: 'Check which environment this URL belongs to. Nothing was sent to the server.',
      },
    )
  }
  const named = inputs['database-ca'] ?? (connection.sslrootcert === 'system' ? undefined : connection.sslrootcert)
  const ca = await context.readAuthority(named)
  const tls = decideTls(connection, { ca, allowInsecure: inputs['allow-insecure-tls'] })
  if (tls.mode === 'require') {
    context.log.warn(`${describeConnection(connection)}: encrypted, but the server is not authenticated (sslmode=require)`)
  }
  if (tls.mode === 'prefer' || (tls.mode === 'off' && inputs['allow-insecure-tls'])) {
    context.log.warn(`${describeConnection(connection)}: the connection may not be encrypted (allow-insecure-tls)`)
  }
  return { connection, tls, role: inputs.role }
}
