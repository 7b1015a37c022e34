import { type Connection, describeConnection } from '../../connection.ts'
import { ReleaseError } from '../../errors.ts'
import type { SshHost } from '../../ssh-host.ts'

/** What one start of ssh is told. */
export interface SshCall {
  readonly through: SshHost
  readonly connection: Connection
  /** The end of the tunnel on this machine. */
  readonly port: number
  /** The file `key` in the working directory is the only key. */
  readonly hasKey: boolean
  /** The file `known_hosts` in the working directory is the only one. */
  readonly isPinned: boolean
  /** Whether the ssh configuration of this user and machine counts. */
  readonly ownConfig: boolean
}

/** What ssh prints once it has logged in and listens: LocalCommand runs after both. */
export const openWord = 'shiplock-tunnel-is-open'

/**
 * The arguments of `ssh`. An option here goes before one of the same name in a configuration file. Files are named
 * relative to the working directory: ssh would expand signs in a longer path. https://man.openbsd.org/ssh_config
 */
export function sshArguments(call: SshCall): string[] {
  const { through, connection, port, hasKey, isPinned, ownConfig } = call
  const options = {
    BatchMode: 'yes',
    StrictHostKeyChecking: 'yes',
    ExitOnForwardFailure: 'yes',
    ConnectTimeout: String(Math.ceil(connection.connectTimeoutMs / 1000)),
    ServerAliveInterval: '10', // packets that vanish are noticed within 40 s, before a lost connection is given up
    ServerAliveCountMax: '3',
    ControlMaster: 'no', // a shared connection would live on after this one
    ControlPath: 'none',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    UpdateHostKeys: 'no',
    LogLevel: 'INFO', // less would hide why a connection through the tunnel was refused
    PermitLocalCommand: 'yes',
    LocalCommand: `echo ${openWord}`,
    ...(isPinned ? { UserKnownHostsFile: 'known_hosts', GlobalKnownHostsFile: '/dev/null', VerifyHostKeyDNS: 'no' } : {}),
    ...(hasKey ? { IdentitiesOnly: 'yes', IdentityAgent: 'none' } : {}),
  }
  return [
    '-N',
    '-T',
    ...(ownConfig ? [] : ['-F', '/dev/null']),
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(hasKey ? ['-i', 'key'] : []),
    ...(through.port === undefined ? [] : ['-p', String(through.port)]),
    '-L',
    `127.0.0.1:${port}:${target(connection)}`,
    '-l',
    through.user,
    '--',
    through.host,
  ]
}

/** The database as the ssh host names it: host and port, or the path of a socket there. */
function target(connection: Connection): string {
  const { host, port } = connection
  if (/^\/[\w./@+-]*$/.test(host)) return `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}`
  if (/^[\da-fA-F:.]+$/.test(host) && host.includes(':')) return `[${host}]:${port}`
  if (/^\w[\w.-]*$/.test(host)) return `${host}:${port}`
  throw new ReleaseError('invalid-input', `${describeConnection(connection)} cannot be the end of an ssh tunnel.`, {
    hint: 'Its host may be a name, an address, or the folder of a socket without blanks and colons.',
  })
}
