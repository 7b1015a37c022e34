import { ReleaseError } from './errors.ts'

/** The machine that a tunnel leads through. */
export interface SshHost {
  readonly user: string
  readonly host: string
  /** `undefined` means ssh's own: 22, or what this user's ssh configuration says. */
  readonly port: number | undefined
}

/**
 * Reads `direct` as `undefined`, and `ssh://user@host[:port]`.
 * Throws `invalid-input`; the error never holds any part of the text, since it may be a password.
 */
export function parseSshHost(text: string): SshHost | undefined {
  if (text === 'direct') return undefined
  const [, login = '', host = '', port] = /^ssh:\/\/([^@/]*)@(\[[^\]]*\]|[^:/@]*)(?::([^/]*))?\/?$/.exec(text) ?? []
  if (login.includes(':')) throw invalid('it holds a password; ssh logs in with a key (ssh-key, or an agent) and nothing else')
  // neither may begin with a dash: ssh would take it for an option
  if (!/^\w[\w.+-]*$/.test(login)) throw invalid('it is neither direct nor ssh://user@host')
  const name = host.startsWith('[') ? host.slice(1, -1) : host
  if (!/^\w[\w.-]*$/.test(name) && !/^[\da-fA-F:.]*:[\da-fA-F:.]*$/.test(name)) throw invalid('its host is no name and no address')
  return { user: login, host: name, port: port === undefined ? undefined : portOf(port) }
}

/** The only form in which it is printed. */
export function describeSshHost({ user, host, port }: SshHost): string {
  return `ssh://${user}@${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`
}

function portOf(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 65_535) throw invalid('its port is not a number from 1 to 65535')
  return number
}

function invalid(problem: string): ReleaseError {
  return new ReleaseError('invalid-input', `The way to the database cannot be used: ${problem}.`, {
    hint: 'The form is ssh://user@host or ssh://user@host:port; direct means without a tunnel.',
  })
}
