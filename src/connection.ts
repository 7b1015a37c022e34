import { ReleaseError } from './errors.ts'

/** Where a database is and who asks, understood once for both node-postgres and libpq. */
export interface Connection {
  /** A host name, an address, or the absolute path of a folder with a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | undefined
  readonly database: string
  readonly sslmode: SslMode | undefined
  /** Paths of PEM files; `system` in `sslrootcert` means the system's authorities. */
  readonly sslrootcert: string | undefined
  readonly sslcert: string | undefined
  readonly sslkey: string | undefined
  readonly connectTimeoutMs: number
  /** Session settings from `options=-c name=value`, in order. */
  readonly settings: readonly (readonly [name: string, value: string])[]
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type SslMode = (typeof sslModes)[number]

/** How a connection is protected: decided once and handed to both clients in their own words. */
export interface TlsPolicy {
  readonly mode: 'off' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  /** PEM text of the accepted authorities; `undefined` means the public ones. */
  readonly ca: string | undefined
}

/**
 * Reads a `postgres://` URL or a libpq keyword string.
 * Throws `invalid-input`; the error never holds any part of the text, since it may be a password.
 */
export function parseConnection(text: string): Connection {
  const parameters = /^postgres(?:ql)?:\/\//i.test(text) ? urlParameters(text) : keywordParameters(text)
  for (const name of parameters.keys()) {
    if (!known.has(name)) throw invalid(`it has a parameter that is not supported: ${printable(name)}`)
  }
  const user = parameters.get('user') || undefined
  if (user === undefined) throw invalid('it names no user')
  const host = parameters.get('host') || parameters.get('hostaddr') || 'localhost'
  if (host.includes(',')) throw invalid('it names several hosts; name the primary alone')
  return {
    host,
    port: port(parameters.get('port')),
    user,
    password: parameters.get('password') || undefined,
    database: parameters.get('dbname') || user,
    sslmode: sslMode(parameters.get('sslmode')),
    sslrootcert: parameters.get('sslrootcert') || undefined,
    sslcert: parameters.get('sslcert') || undefined,
    sslkey: parameters.get('sslkey') || undefined,
    connectTimeoutMs: seconds(parameters.get('connect_timeout')),
    settings: [
      ...sessionSettings(parameters.get('options') ?? ''),
      ...searchPathSetting(parameters.get('search_path')),
      ...schemaSetting(parameters.get('schema')),
    ],
  }
}

/** Go's drivers take a setting of the session for a parameter of its own. */
function searchPathSetting(path: string | undefined): [string, string][] {
  return path ? [['search_path', path]] : []
}

/** Prisma's connection strings name the one schema that is searched. */
function schemaSetting(schema: string | undefined): [string, string][] {
  return schema ? [['search_path', `"${schema.replaceAll('"', '""')}"`]] : []
}

/** The keyword string that libpq's own `PG*` variables describe, or `undefined` when they name nothing. */
export function connectionFromVariables(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (!env.PGHOST && !env.PGDATABASE && !env.PGUSER) return undefined
  const named = {
    host: env.PGHOST,
    port: env.PGPORT,
    user: env.PGUSER ?? env.USER ?? env.LOGNAME,
    password: env.PGPASSWORD,
    dbname: env.PGDATABASE,
    sslmode: env.PGSSLMODE,
    sslrootcert: env.PGSSLROOTCERT,
    sslcert: env.PGSSLCERT,
    sslkey: env.PGSSLKEY,
  }
  return Object.entries(named)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}='${String(value).replace(/[\\']/g, '\\$&')}'`)
    .join(' ')
}

/** The only form in which a connection is printed. */
export function describeConnection(connection: Connection): string {
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host
  return `${host}:${connection.port}/${connection.database}`
}

/** A session setting as it stands in libpq's `options`. */
export function settingOption([name, value]: readonly [string, string]): string {
  return `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`
}

/** A folder with a socket, `localhost`, 127.0.0.0/8 or ::1: bytes that never leave the machine. */
export function isLocal({ host }: Pick<Connection, 'host'>): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/**
 * Decides how a connection is protected. No `sslmode` and a remote host means verify-full; `require` keeps
 * libpq's meaning (encrypted, server not authenticated, unless an authority is named); weaker modes to a remote
 * host need `allowInsecure`. https://www.postgresql.org/docs/current/libpq-ssl.html
 */
export function decideTls(connection: Connection, { ca, allowInsecure }: { ca: string | undefined; allowInsecure: boolean }): TlsPolicy {
  if (connection.host.startsWith('/')) return { mode: 'off', ca: undefined }
  const mode = connection.sslmode ?? (isLocal(connection) ? 'disable' : 'verify-full')
  if (mode === 'verify-full' || mode === 'verify-ca') return { mode, ca }
  if (mode === 'require') return { mode: ca === undefined ? 'require' : 'verify-ca', ca }
  if (!isLocal(connection) && !allowInsecure) {
    throw new ReleaseError(
      'insecure-tls',
      `sslmode=${mode} to the remote host ${connection.host} protects nothing: anybody in between can read and change the data.`,
      {
        hint: 'Leave sslmode out (it then means verify-full), name your authority with database-ca, or set allow-insecure-tls: true.',
      },
    )
  }
  return { mode: mode === 'disable' ? 'off' : 'prefer', ca: undefined }
}

const known = new Set([
  'host',
  'hostaddr',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'connect_timeout',
  'options',
  'search_path',
  // accepted because connection strings in the wild carry them; Shiplock sets its own
  'application_name',
  'channel_binding',
  'gssencmode',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'client_encoding',
  'target_session_attrs',
  // Prisma's, of which all but the first are about its own pool
  'schema',
  'connection_limit',
  'pool_timeout',
  'socket_timeout',
  'statement_cache_size',
  'pgbouncer',
])

function urlParameters(text: string): Map<string, string> {
  const rest = text.slice(text.indexOf('://') + 3)
  const [location = '', query = ''] = splitAt(rest, rest.indexOf('?'))
  const [authority = '', path = ''] = splitAt(location, location.indexOf('/'))
  const at = authority.lastIndexOf('@')
  const parameters = new Map<string, string>()
  if (at >= 0) {
    const [user = '', password = ''] = splitAt(authority.slice(0, at), authority.slice(0, at).indexOf(':'))
    parameters.set('user', decode(user, 'user'))
    if (password !== '') parameters.set('password', decode(password, 'password'))
  }
  const address = hostAndPort(authority.slice(at + 1))
  if (address.host !== '') parameters.set('host', decode(address.host, 'host'))
  if (address.port !== '') parameters.set('port', address.port)
  if (path !== '') parameters.set('dbname', decode(path, 'database'))
  for (const pair of query.split('&').filter(Boolean)) {
    const [name = '', value = ''] = splitAt(pair, pair.indexOf('='))
    parameters.set(decode(name, 'parameter'), decode(value, 'parameter'))
  }
  return parameters
}

function hostAndPort(text: string): { host: string; port: string } {
  if (text.startsWith('[')) {
    const end = text.indexOf(']')
    if (end < 0) throw invalid('its host opens a bracket that never closes')
    const tail = text.slice(end + 1)
    if (tail !== '' && !tail.startsWith(':')) throw invalid('something other than a port follows its bracketed host')
    return { host: text.slice(1, end), port: tail.slice(1) }
  }
  if (text.includes(',')) throw invalid('it names several hosts; name the primary alone')
  const [host = '', port = ''] = splitAt(text, text.indexOf(':'))
  return { host, port }
}

function keywordParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)+))\s*/gy
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text)
    if (match === null) {
      throw invalid('it is neither a postgres:// URL nor a list such as host=… user=… dbname=…')
    }
    parameters.set(match[1] as string, (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'))
  }
  return parameters
}

function splitAt(text: string, index: number): [string, string?] {
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

function decode(text: string, part: string): string {
  try {
    const decoded = decodeURIComponent(text)
    if (decoded.includes('\0')) throw new Error('NUL')
    return decoded
  } catch {
    throw invalid(`its ${part} is not percent-encoded correctly; write % as %25`)
  }
}

function port(text: string | undefined): number {
  if (text === undefined || text === '') return 5432
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 65_535) throw invalid('its port is not a number from 1 to 65535')
  return number
}

function seconds(text: string | undefined): number {
  if (text === undefined || text === '') return 15_000
  if (!/^\d{1,4}$/.test(text)) throw invalid('its connect_timeout is not a number of seconds')
  return Math.max(2, Number(text)) * 1000
}

function sslMode(text: string | undefined): SslMode | undefined {
  if (text === undefined || text === '') return undefined
  const mode = sslModes.find((one) => one === text)
  if (mode === undefined) throw invalid(`its sslmode is not one of ${sslModes.join(', ')}`)
  return mode
}

function sessionSettings(options: string): [string, string][] {
  const settings: [string, string][] = []
  const word = /\s*(?:-c\s*|--)([A-Za-z_][\w.]*)=((?:[^\s\\]|\\.)*)\s*/gy
  while (word.lastIndex < options.length) {
    const match = word.exec(options)
    if (match === null) throw invalid('its options hold something other than -c name=value')
    settings.push([match[1] as string, (match[2] ?? '').replace(/\\(.)/g, '$1')])
  }
  return settings
}

function printable(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : 'one whose name is unreadable'
}

function invalid(problem: string): ReleaseError {
  return new ReleaseError('invalid-input', `The connection string cannot be used: ${problem}.`, {
    hint: 'The form is postgres://user:password@host:5432/database; percent-encode special characters in the password.',
  })
}
