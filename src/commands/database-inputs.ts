import { type Connection, decideTls, describeConnection } from '../connection.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { readKnownHosts } from '../known-hosts.ts'
import type { LockPolicy } from '../migration/database.ts'
import { readPrivateKey } from '../ssh-key.ts'
import type { Context, DatabaseInputs, Tunnel } from './command.ts'

/** The inputs that every command with a database has. */
export const databaseInputNames = [
  'database-url',
  'database-ca',
  'allow-insecure-tls',
  'connect',
  'ssh-key',
  'ssh-known-hosts',
  'expect-database',
  'role',
  'state-schema',
  'history',
] as const

/** What the commands that take the lock let people say about it. */
export const lockInputNames = ['on-locked', 'lock-wait'] as const

export function lockPolicy(inputs: Pick<InputValues, (typeof lockInputNames)[number]>, { signal }: Context): LockPolicy {
  return { onLocked: inputs['on-locked'], waitMs: inputs['lock-wait'], signal }
}

type Given = Pick<InputValues, (typeof databaseInputNames)[number]>

/**
 * Where the database is, how it is reached and how the connection is protected. Disposal closes the tunnel, if there is one.
 * Throws `wrong-database` when another name was expected, `insecure-tls` when nothing would protect it.
 */
export async function databaseInputs(inputs: Given, context: Context): Promise<DatabaseInputs & AsyncDisposable> {
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
  const tunnel = await tunnelTo(connection, inputs, context)
  return { connection, tls, role: inputs.role, tunnel, [Symbol.asyncDispose]: async () => tunnel?.[Symbol.asyncDispose]() }
}

async function tunnelTo(connection: Connection, inputs: Given, context: Context): Promise<Tunnel | undefined> {
  const { connect: through, 'ssh-key': key, 'ssh-known-hosts': knownHosts } = inputs
  if (through === undefined) return undefined
  if (knownHosts === undefined && context.inAction) {
    throw new ReleaseError('invalid-input', 'connect names an ssh host, and ssh-known-hosts does not say which host key it has.', {
      hint: `Print it with "ssh-keyscan ${through.host}", compare the fingerprint with the provider's, and give the line as ssh-known-hosts. It is no secret.`,
    })
  }
  return context.makeTunnel({
    through,
    connection,
    key: key === undefined ? undefined : readPrivateKey(key),
    knownHosts: knownHosts === undefined ? undefined : readKnownHosts(knownHosts),
  })
}
