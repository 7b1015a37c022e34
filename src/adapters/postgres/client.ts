import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'
import pg from 'pg'
import type { Tunnel } from '../../commands/command.ts'
import { type Connection, describeConnection, isLocal, type TlsPolicy } from '../../connection.ts'
import { messageOf, ReleaseError, systemCode } from '../../errors.ts'
import { describeSshHost } from '../../ssh-host.ts'
import { formatDuration } from '../../units.ts'
import { refuseSharedSessions } from './pooler.ts'

/** A connection that is closed at the end of its scope, without waiting for a server that went away. */
export interface OpenClient extends AsyncDisposable {
  readonly client: pg.Client
  /** Whether the bytes are encrypted: `prefer` decides only when the server has answered. */
  readonly encrypted: boolean
  readonly pid: number
  readonly serverVersion: string
  readonly serverMajor: number
  /** Set once the connection broke; every later query fails. */
  readonly lost: () => string | undefined
}

interface ClientOptions {
  readonly connection: Connection
  readonly tls: TlsPolicy
  readonly tunnel?: Tunnel | undefined
  /** Only this name travels in the start-up packet; everything else is set afterwards. */
  readonly applicationName: string
  /** How long the answer to a query may take; by default any time. */
  readonly answerMs?: number
}

const oldestMajor = 13

/**
 * Connects, with keepalives from our side (30 s), and neutralises what would end long work of our own.
 * Throws a `ReleaseError` that says which of name, network, TLS, password or database was wrong.
 */
export async function openClient(options: ClientOptions): Promise<OpenClient> {
  const { client, encrypted } = await connectOnce(options)
  let lost: string | undefined
  client.on('error', (error) => {
    lost ??= messageOf(error)
  })
  client.on('end', () => {
    lost ??= 'the server closed the connection'
  })
  let silent = false
  const { connectTimeoutMs } = options.connection
  const timer = setTimeout(() => {
    silent = true
    streamOf(client)?.destroy(new Error(`it answered nothing for ${formatDuration(connectTimeoutMs)}`))
  }, connectTimeoutMs)
  try {
    const { rows } = await client.query<{ version: string; num: number; pid: number }>(
      "select pg_catalog.current_setting('server_version') as version, pg_catalog.current_setting('server_version_num')::int as num, pg_catalog.pg_backend_pid() as pid",
    )
    const { version = '', num = 0, pid = 0 } = rows[0] ?? {}
    const serverMajor = Math.floor(num / 10_000)
    if (serverMajor < oldestMajor) {
      throw new ReleaseError('unsupported-server', `The server runs PostgreSQL ${version}; Shiplock supports 13 and newer.`, {
        hint: 'Update the server first; until then its migrations have to be run without Shiplock.',
      })
    }
    // behind a pooler that shares sessions, the settings would stay with whoever gets the server process next
    if (announcedPid(client) !== pid) await compareWithSecond(client, await connect(options, encrypted))
    await client.query(sessionSettings(serverMajor, options.connection).join('; '))
    return {
      client,
      encrypted,
      pid,
      serverVersion: version.split(' ')[0] as string,
      serverMajor,
      lost: () => lost,
      [Symbol.asyncDispose]: () => closeClient(client),
    }
  } catch (error) {
    await closeClient(client)
    throw silent && !(error instanceof ReleaseError) ? explain(error, options.connection, options.tunnel) : error
  } finally {
    clearTimeout(timer)
  }
}

interface ByteStream {
  destroy(error?: Error): void
  write(bytes: Buffer): void
}

/** The socket below the protocol. */
export function streamOf(client: pg.Client): ByteStream | undefined {
  return (client as unknown as { connection?: { stream?: ByteStream } }).connection?.stream
}

async function compareWithSecond(client: pg.Client, second: pg.Client): Promise<void> {
  try {
    await refuseSharedSessions(client, second)
  } finally {
    await closeClient(second)
  }
}

/** The process id that came with the key for cancelling: a pooler makes one up. */
function announcedPid(client: pg.Client): number | undefined {
  return (client as unknown as { processID?: number | null }).processID ?? undefined
}

/** Statements that put a fresh session, or one after `discard all`, into the state that our work needs. */
export function sessionSettings(serverMajor: number, connection: Connection): readonly string[] {
  // as the server reads options: SET would take a search_path of two schemas for the name of one
  const asked = connection.settings.map(
    ([name, value]) => `select pg_catalog.set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, false)`,
  )
  const settings: (readonly [string, string])[] = [
    ['standard_conforming_strings', 'on'], // what the parser assumes when it splits a text
    ['statement_timeout', '0'],
    ['lock_timeout', '0'],
    ['idle_in_transaction_session_timeout', '0'],
    ['tcp_keepalives_idle', '30'],
    ['tcp_keepalives_interval', '10'],
    ['tcp_keepalives_count', '6'],
    ['tcp_user_timeout', '45s'], // keepalives stand still while bytes that were sent wait for an answer
  ]
  // a runner that dies leaves no backend waiting; PostgreSQL 14 and newer, on systems that can tell
  if (serverMajor >= 14) settings.push(['client_connection_check_interval', '1s'], ['idle_session_timeout', '0'])
  if (serverMajor >= 17) settings.push(['transaction_timeout', '0'])
  return [
    ...asked,
    ...settings.map(([name, value]) => `set ${name.split('.').map(pg.escapeIdentifier).join('.')} = ${pg.escapeLiteral(value)}`),
  ]
}

async function connectOnce(options: ClientOptions): Promise<{ client: pg.Client; encrypted: boolean }> {
  const { mode } = options.tls
  if (mode !== 'prefer') return { client: await connect(options, mode !== 'off'), encrypted: mode !== 'off' }
  try {
    return { client: await connect(options, true), encrypted: true }
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'tls-failed') throw error
    return { client: await connect(options, false), encrypted: false }
  }
}

async function connect({ connection, tls, tunnel, applicationName, answerMs }: ClientOptions, encrypted: boolean): Promise<pg.Client> {
  const { host, port } = (await tunnel?.open()) ?? connection
  const client = new pg.Client({
    host,
    port,
    user: connection.user,
    password: connection.password ?? '',
    sslnegotiation: 'postgres',
    database: connection.database,
    application_name: applicationName,
    ssl: encrypted ? tlsOptions(connection, tls) : false,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    connectionTimeoutMillis: connection.connectTimeoutMs,
    ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
  })
  forgetVariables(client, connection.password ?? '') // an empty text keeps pg from looking for ~/.pgpass
  client.on('error', () => {}) // a loss before the first query is reported by connect()
  try {
    await client.connect()
    return client
  } catch (error) {
    await closeClient(client)
    const refusal = error instanceof pg.DatabaseError ? undefined : await tunnel?.refusal()
    throw refusal ?? explain(error, connection, tunnel)
  }
}

/** node-postgres fills what is empty from PG* variables; where we connect, and how, is decided by our own parser alone. */
function forgetVariables(client: pg.Client, password: string): void {
  const { connectionParameters } = client as unknown as { connectionParameters: Record<string, unknown> }
  for (const name of ['options', 'replication', 'binary', 'client_encoding']) connectionParameters[name] = undefined
  Object.assign(client, { password, binary: false })
}

function tlsOptions(connection: Connection, { mode, ca }: TlsPolicy) {
  const verify = mode === 'verify-full' || mode === 'verify-ca'
  return {
    // through a tunnel, the certificate is that of the real host all the same
    host: connection.host,
    ...(isIP(connection.host) === 0 ? { servername: connection.host } : {}),
    rejectUnauthorized: verify,
    ca: verify ? (ca ?? [...rootCertificates]) : undefined,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(connection.sslcert === undefined ? {} : { cert: readFileSync(connection.sslcert) }),
    ...(connection.sslkey === undefined ? {} : { key: readFileSync(connection.sslkey) }),
  }
}

async function closeClient(client: pg.Client): Promise<void> {
  const closed = client.end().catch(() => {})
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000).unref())])
  // a server that no longer answers would keep the process alive
  streamOf(client)?.destroy()
}

/** Turns what a failed connection says into one error with a next step; the original may hold the password. */
function explain(error: unknown, connection: Connection, tunnel: Tunnel | undefined): ReleaseError {
  const where = `${describeConnection(connection)}${tunnel === undefined ? '' : ` (through ${describeSshHost(tunnel.through)})`}`
  const code = systemCode(error) ?? ''
  const message = messageOf(error)
  if (code === '28P01' || code === '28000' || /client password must be|no password supplied|empty password/.test(message)) {
    const reason = code === '28000' ? ` (${message})` : ''
    return new ReleaseError('authentication-failed', `${where} refused the user ${connection.user}${reason}.`, {
      hint: 'Check user and password in DATABASE_URL, and pg_hba.conf on the server. Special characters in the password must be percent-encoded.',
    })
  }
  if (code === '3D000') {
    return new ReleaseError('database-not-found', `${where}: the server has no database of this name.`, {
      hint: 'Check the name after the last slash of DATABASE_URL.',
    })
  }
  if (code === '42501' || code === '53300') {
    return new ReleaseError(code === '42501' ? 'insufficient-rights' : 'connection-failed', `${where}: ${message}.`, {
      hint:
        code === '42501'
          ? 'Grant the user the right to connect: grant connect on database … to …'
          : 'All connections of the server are in use: end some, or raise max_connections or the limit of the role.',
    })
  }
  if (/does not support SSL/.test(message)) {
    return new ReleaseError('tls-failed', `${where} offers no TLS.`, {
      hint: 'Switch it on at the server, or set sslmode=disable together with allow-insecure-tls: true when the network is trusted.',
    })
  }
  if (/^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|HOSTNAME)/.test(code)) {
    return new ReleaseError('tls-failed', `The certificate of ${where} was not accepted (${code}).`, {
      hint: "Name the authority's PEM file with database-ca (a managed database offers it for download), and connect by the name in the certificate.",
    })
  }
  const machine = tunnel === undefined ? 'this machine' : tunnel.through.host
  const hint = isLocal(connection)
    ? `Is the server running on ${machine}, and on this port?`
    : `Check host, port, firewall and trusted sources; "pg_isready" from ${machine} helps.`
  return new ReleaseError('connection-failed', `${where} could not be reached${code === '' ? `: ${message}` : ` (${code})`}.`, { hint })
}
