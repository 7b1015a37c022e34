import { chmod, copyFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { DatabaseInputs } from '../../commands/command.ts'
import { settingOption } from '../../connection.ts'
import { ReleaseError } from '../../errors.ts'
import { toolEnvironment } from './tools.ts'

interface LibpqOptions {
  readonly database: DatabaseInputs
  /** What node-postgres found under the policy `prefer`: both clients go the same way. */
  readonly encrypted: boolean
  readonly applicationName: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** A private folder for the password and the certificates; it must outlive the child. */
  readonly folder: string
}

/**
 * The whole environment of a program that speaks libpq: the target, the password's file and the TLS policy in so many
 * words, so that no variable and no file of this machine's user changes what they mean.
 * https://www.postgresql.org/docs/current/libpq-envars.html
 */
export async function libpqEnvironment(options: LibpqOptions): Promise<Record<string, string>> {
  const { connection, tunnel } = options.database
  const end = await tunnel?.open()
  return {
    ...toolEnvironment(options.env),
    PGHOST: connection.host, // with an address beside it, a name for the certificate alone
    ...(end === undefined ? {} : { PGHOSTADDR: end.host }),
    PGPORT: String((end ?? connection).port),
    PGUSER: connection.user,
    PGDATABASE: connection.database,
    PGPASSFILE: await writePassword(options),
    PGAPPNAME: options.applicationName,
    PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(connection.connectTimeoutMs / 1000))),
    PGGSSENCMODE: 'disable', // tried before TLS otherwise, and not bound by its policy
    ...(connection.settings.length === 0 ? {} : { PGOPTIONS: connection.settings.map(settingOption).join(' ') }),
    ...(await tlsVariables(options)),
  }
}

/** A file even without a password: an empty one keeps libpq from looking for ~/.pgpass. */
async function writePassword({ database: { connection }, folder }: LibpqOptions): Promise<string> {
  const path = join(folder, 'pgpass')
  const { password = '' } = connection
  if (/[\r\n\0]/.test(password)) {
    throw new ReleaseError('invalid-input', "The password holds a line break, which PostgreSQL's own programs cannot be given.", {
      hint: 'Check the password in DATABASE_URL, or choose another one.',
    })
  }
  const line = password === '' ? '' : `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`
  await writeFile(path, line, { flag: 'wx', mode: 0o600 })
  return path
}

async function tlsVariables(options: LibpqOptions): Promise<Record<string, string>> {
  const mode = libpqMode(options)
  if (mode === 'disable') return { PGSSLMODE: mode }
  const { connection } = options.database
  const absent = join(options.folder, 'absent') // where ~/.postgresql would be looked at, there is nothing
  return {
    PGSSLMODE: mode,
    // with mode require, a root certificate that exists would mean verify-ca
    PGSSLROOTCERT: mode === 'require' ? absent : await writeAuthorities(options),
    PGSSLCERT: connection.sslcert === undefined ? absent : resolve(connection.sslcert),
    PGSSLKEY: connection.sslkey === undefined ? absent : await copyKey(connection.sslkey, options.folder),
    PGSSLCRL: absent,
  }
}

function libpqMode({ database: { tls }, encrypted }: LibpqOptions): 'disable' | 'require' | 'verify-ca' | 'verify-full' {
  if (tls.mode === 'off') return 'disable'
  if (tls.mode === 'prefer') return encrypted ? 'require' : 'disable'
  return tls.mode
}

async function writeAuthorities({ database: { tls }, folder }: LibpqOptions): Promise<string> {
  const path = join(folder, 'authorities.pem')
  await writeFile(path, tls.ca ?? rootCertificates.join('\n'), { flag: 'wx', mode: 0o600 })
  return path
}

/** libpq refuses a key that others may read; node-postgres has just accepted it. */
async function copyKey(sslkey: string, folder: string): Promise<string> {
  const path = join(folder, 'client.key')
  await copyFile(sslkey, path)
  await chmod(path, 0o600)
  return path
}
