import { type Connection, describeConnection } from '../../connection.ts'
import { ReleaseError } from '../../errors.ts'
import { describeSshHost, type SshHost } from '../../ssh-host.ts'

interface Attempt {
  readonly through: SshHost
  readonly connection: Connection
  readonly hasKey: boolean
  readonly isPinned: boolean
}

/** Turns what ssh said before it ended into one error with a next step. */
export function explainEnd(said: string, exitCode: number | undefined, attempt: Attempt): ReleaseError {
  const { through } = attempt
  const where = describeSshHost(through)
  if (exitCode === 127) {
    return new ReleaseError('tool-not-found', `The tunnel through ${where} needs the program ssh, which is not installed.`, {
      hint: 'Install OpenSSH: apt-get install openssh-client.',
    })
  }
  if (/HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/.test(said)) return hostKeyChanged(said, attempt)
  if (/Host key verification failed|host key is known for/.test(said)) return hostKeyUnknown(attempt)
  if (/Permission denied|Too many authentication failures/.test(said)) return loginRefused(said, attempt)
  const line = lastLine(said)
  const reason = line === '' ? '' : `: ${line.replace(/[.:]+$/, '')}`
  if (/Could not request local forwarding/.test(said)) {
    return failed(`${where}: no port of this machine could be used for the tunnel${reason}.`, {
      hint: 'Run it again. If it stays: the ssh configuration of this user may forward ports that are taken (LocalForward).',
    })
  }
  return failed(`${where} could not be reached${reason}.`, {
    hint: `Check host, port and firewall; "ssh -N -v ${through.port === undefined ? '' : `-p ${through.port} `}${through.user}@${through.host}" shows how far it comes.`,
  })
}

/** Turns what ssh said about one connection through the tunnel into an error. */
export function explainRefusal(complaint: string, { through, connection }: Attempt): ReleaseError {
  const where = describeSshHost(through)
  if (/administratively prohibited/.test(complaint)) {
    return failed(`${where} logged us in, but forwards nothing to ${connection.host}:${connection.port}.`, {
      hint: `Its sshd_config needs AllowTcpForwarding yes (or local), and the key's line in authorized_keys port-forwarding and, if it has one, permitopen="${connection.host}:${connection.port}".`,
    })
  }
  const reason = complaint.replace(/^.*open failed: (?:connect failed: )?/, '').replace(/[.:]+$/, '')
  return new ReleaseError('connection-failed', `${describeConnection(connection)} could not be reached from ${where} (${reason}).`, {
    hint: connection.host.startsWith('/')
      ? 'The path is one on the ssh host, where this user must be able to use the socket and sshd must allow AllowStreamLocalForwarding.'
      : "The name is looked up on the ssh host: check it there, and the database's firewall and trusted sources for that host.",
  })
}

function hostKeyUnknown({ through, isPinned }: Attempt): ReleaseError {
  const port = through.port === undefined ? '' : `-p ${through.port} `
  return failed(
    `The host key of ${describeSshHost(through)} is not known: ${isPinned ? 'ssh-known-hosts' : 'known_hosts of this user'} has no line for it.`,
    {
      hint: `Print it with "ssh-keyscan ${port}${through.host}", compare the fingerprint ("… | ssh-keygen -lf -") with the provider's, and only then put the line into ${isPinned ? 'ssh-known-hosts' : '~/.ssh/known_hosts or ssh-known-hosts'}.`,
    },
  )
}

function hostKeyChanged(said: string, { through, isPinned }: Attempt): ReleaseError {
  const shown = /SHA256:[\w+/]+/.exec(said)?.[0]
  return failed(
    `The host key of ${describeSshHost(through)} is not the one in ${isPinned ? 'ssh-known-hosts' : 'known_hosts of this user'}${shown === undefined ? '' : `; it showed ${shown}`}. Another machine may stand in between.`,
    { hint: "Compare the fingerprint with the provider's. Only when the host really has a new key, replace the old line." },
  )
}

function loginRefused(said: string, { through, hasKey }: Attempt): ReleaseError {
  const where = describeSshHost(through)
  if (hasKey && /^Load key /m.test(said)) {
    return failed(`${where}: ssh cannot read the private key in ssh-key.`, {
      hint: 'It is the whole file with its line breaks; "ssh-keygen -y -f file" prints its public half when it is sound.',
    })
  }
  return failed(`${where} refused ${hasKey ? 'the key in ssh-key' : 'every key of this user and its agent'}.`, {
    hint: `The public half must stand in authorized_keys of ${through.user} there${hasKey ? '' : '; name a key with SSH_KEY, or load one into the agent (ssh-add)'}.`,
  })
}

function failed(message: string, options: { readonly hint: string }): ReleaseError {
  return new ReleaseError('ssh-failed', message, options)
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
}
