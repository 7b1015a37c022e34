import { ReleaseError } from './errors.ts'

/**
 * Lines of a known_hosts file, as ssh reads them. Throws `invalid-input` when there is none, or for the first that is
 * no such line: ssh would pass over it in silence.
 */
export function readKnownHosts(text: string): string {
  const all = text.split(/\r?\n/).map((line) => line.trim())
  const lines = all.filter((line) => line !== '' && !line.startsWith('#'))
  const wrong = lines.find((line) => !knownHost.test(line))
  if (lines.length === 0 || wrong !== undefined) {
    const problem = wrong === undefined ? 'holds no line' : `holds a line, number ${all.indexOf(wrong) + 1}, that is none`
    throw new ReleaseError('invalid-input', `ssh-known-hosts ${problem} of a known_hosts file.`, {
      hint: 'A line is "host type key", such as "bastion.example.net ssh-ed25519 AAAA…", as ssh-keyscan prints it; a fingerprint is not enough.',
    })
  }
  return `${lines.join('\n')}\n`
}

/** https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT */
const knownHost = /^(?:@(?:cert-authority|revoked)\s+)?\S+\s+(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w.@-]+\s+AAAA[\w+/]+={0,2}(?:\s.*)?$/
