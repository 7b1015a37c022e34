import { expect, test } from 'vitest'
import { type SshCall, sshArguments } from '../../../src/adapters/ssh/arguments.ts'
import { parseConnection } from '../../../src/connection.ts'

function words(given: Partial<Omit<SshCall, 'connection'>> & { url?: string } = {}): string[] {
  const { url = 'postgres://app:s3cret@db.internal:5433/shop?connect_timeout=7', ...rest } = given
  const through = { user: 'deploy', host: 'bastion', port: undefined }
  const connection = parseConnection(url)
  return sshArguments({ through, connection, port: 40_123, hasKey: true, isPinned: true, ownConfig: false, ...rest })
}

const forwarding = (url: string) => {
  const all = words({ url })
  return all[all.indexOf('-L') + 1]
}

test('ask nothing, run nothing on the host, take no unknown host key, and end when the forwarding fails', () => {
  const all = words()
  expect(all).toEqual(expect.arrayContaining(['-N', '-T', 'BatchMode=yes', 'StrictHostKeyChecking=yes', 'ExitOnForwardFailure=yes']))
  expect(all).toContain('ConnectTimeout=7')
  expect(all.slice(-4)).toEqual(['-l', 'deploy', '--', 'bastion'])
  expect(all.join(' ')).not.toContain('s3cret')
})

test('with what was pinned and given, nothing of this user and machine counts', () => {
  const all = words()
  expect(all).toEqual(expect.arrayContaining(['UserKnownHostsFile=known_hosts', 'GlobalKnownHostsFile=/dev/null', 'VerifyHostKeyDNS=no']))
  expect(all).toEqual(expect.arrayContaining(['IdentitiesOnly=yes', 'IdentityAgent=none', '-i', 'key']))
  expect(all.slice(all.indexOf('-F'))[1]).toBe('/dev/null')
})

test("without them, this user's configuration, known_hosts, agent and keys count", () => {
  const all = words({ hasKey: false, isPinned: false, ownConfig: true })
  expect(all.filter((word) => /KnownHosts|Identit|^-[iFp]$/.test(word))).toEqual([])
  expect(all).toEqual(expect.arrayContaining(['ControlMaster=no', 'ControlPath=none'])) // whatever that configuration says
})

test('name the port of the host only when it was given', () => {
  expect(words()).not.toContain('-p')
  const all = words({ through: { user: 'deploy', host: 'bastion', port: 2222 } })
  expect(all.slice(all.indexOf('-p'))[1]).toBe('2222')
})

test.each([
  ['postgres://u@db.internal/d', '127.0.0.1:40123:db.internal:5432'],
  ['postgres://u@10.0.0.5:6432/d', '127.0.0.1:40123:10.0.0.5:6432'],
  ['postgres://u@[2001:db8::5]/d', '127.0.0.1:40123:[2001:db8::5]:5432'],
  ['postgres://u@/d', '127.0.0.1:40123:localhost:5432'],
  ['host=/var/run/postgresql user=u port=5433', '127.0.0.1:40123:/var/run/postgresql/.s.PGSQL.5433'],
])('lead from a port of this machine to %s', (url, expected) => {
  expect(forwarding(url)).toBe(expected)
})

test.each(["host='db 1' user=u", "host='/run/a:b' user=u", "host='/run/%h' user=u", 'host=-x user=u', "host='/$HOME' user=u"])(
  'refuse a database that ssh would read as something else: %s',
  (url) => {
    expect(() => forwarding(url)).toThrow(expect.objectContaining({ code: 'invalid-input' }))
  },
)
