import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient } from '../../src/adapters/postgres/client.ts'
import { parseConnection } from '../../src/connection.ts'
import { shiplock } from '../program.ts'
import type { Ended } from '../warm-program.ts'
import { makeAuthority, makeCertificate } from './certificates.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'
import { type SshServer, startSshServer } from './ssh-server.ts'

let folder: string
let server: TestServer
let plain: TestServer
let ssh: SshServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shiplock-tls-'))
  await chmod(folder, 0o755)
  await makeAuthority(folder, 'ca')
  await makeAuthority(folder, 'strangers')
  await makeCertificate(folder, 'server', 'ca', 'DNS:localhost,IP:127.0.0.2')
  const files = { ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') }
  server = await startServer({ settings: { ssl: 'on', listen_addresses: '127.0.0.1,127.0.0.2', ...files } })
  plain = await startServer()
  ssh = await startSshServer()
})
afterAll(async () => {
  await ssh?.[Symbol.asyncDispose]()
  await Promise.all([server?.stop(), plain?.stop()])
  await removeProjects()
  await rm(folder, { recursive: true, force: true })
})

/** Dumps through the tunnel, so that both clients connect; resolves with the error's code, or the exit status. */
async function backUp(host: string, sslmode: string, { ca = 'ca', to = server } = {}): Promise<Ended['exitCode'] | string> {
  const { project, env } = await makeRelease(to, {})
  const url = `${env.DATABASE_URL.replace('127.0.0.1', host)}?sslmode=${sslmode}`
  const authority = ['--database-ca', join(folder, `${ca}.crt`)]
  const way = ['--connect', ssh.url, '--ssh-known-hosts', ssh.knownHosts]
  const ended = await shiplock(['backup', ...way, ...authority], { cwd: project.dir, env: { DATABASE_URL: url, SSH_KEY: ssh.key } })
  return ended.result.commands[0]?.error?.code ?? ended.exitCode
}

describe('TLS through a tunnel, whose end on this machine is 127.0.0.1,', () => {
  test('is checked against the real name, by node-postgres and by pg_dump', async () => {
    expect(await backUp('localhost', 'verify-full')).toBe(0)
  })

  test('is checked against the real address', async () => {
    // a libpq before 15 compares addresses with names alone
    expect(await backUp('127.0.0.2', 'verify-full')).toBe(server.major >= 15 ? 0 : 'backup-failed')
  })

  test('is refused where the certificate has another name than the real one', async () => {
    expect(await backUp('127.0.0.1', 'verify-full')).toBe('tls-failed')
  })

  test('is refused where another authority signed', async () => {
    expect(await backUp('localhost', 'verify-full', { ca: 'strangers' })).toBe('tls-failed')
    expect(await backUp('127.0.0.1', 'verify-ca', { ca: 'strangers' })).toBe('tls-failed')
  })

  test('is refused where the server has none', async () => {
    expect(await backUp('localhost', 'verify-full', { to: plain })).toBe('tls-failed')
  })

  test('tells the real name to a server that chooses its certificate by it', async () => {
    expect(await nameAsked('db.example.net')).toBe('db.example.net')
    expect(await nameAsked('10.0.0.5')).toBe(false) // an address is never sent: RFC 6066
  })

  test('may not be left out to a remote host, although the end of the tunnel is local', async () => {
    expect(await backUp('db.example.net', 'disable')).toBe('insecure-tls')
  })
})

/** The name that node-postgres asks for when it begins TLS with a server at the end of a tunnel. */
async function nameAsked(host: string): Promise<string | false | null> {
  const [cert, key] = await Promise.all(['crt', 'key'].map((ending) => readFile(join(folder, `server.${ending}`))))
  let asked: string | false | null = null
  const listener = createServer((socket) => {
    socket.once('data', () => {
      socket.write('S') // whatever comes first is the request for TLS
      const secured = new TLSSocket(socket, { isServer: true, cert, key })
      secured.once('secure', () => {
        asked = secured.servername as string | false
        socket.destroy()
      })
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const tunnel = {
    through: { user: 'deploy', host: 'bastion', port: undefined },
    open: async () => ({ host: '127.0.0.1', port }),
    refusal: async () => undefined,
    [Symbol.asyncDispose]: async () => {},
  }
  const connection = { ...parseConnection('postgres://u:p@h/shop'), host }
  await openClient({ connection, tls: { mode: 'require', ca: undefined }, tunnel, applicationName: 'shiplock/test' }).catch(() => {})
  listener.close()
  return asked
}
