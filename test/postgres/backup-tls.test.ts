import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient } from '../../src/adapters/postgres/client.ts'
import { libpqEnvironment } from '../../src/adapters/postgres/libpq-environment.ts'
import { findTools, type Tools } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import type { Tunnel } from '../../src/commands/command.ts'
import { decideTls, parseConnection, type TlsPolicy } from '../../src/connection.ts'
import { systemCode } from '../../src/errors.ts'
import { makeAuthority, makeCertificate, useCertificate } from './certificates.ts'
import { binDir, startServer, type TestServer } from './server.ts'

const remote = 'db.example.net'
const certificates = ['right', 'self-signed', 'another authority', 'another name', 'expired'] as const
let folder: string
let secure: TestServer
let plain: TestServer
let ca: string
let tools: Tools

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shiplock-tls-'))
  await chmod(folder, 0o755)
  ca = await makeAuthority(folder, 'ca')
  await makeAuthority(folder, 'self-signed')
  const names = `DNS:localhost,DNS:${remote}`
  await makeCertificate(folder, 'right', 'ca', names)
  await makeCertificate(folder, 'another authority', 'self-signed', names)
  await makeCertificate(folder, 'another name', 'ca', 'DNS:elsewhere.example.net')
  await makeCertificate(folder, 'expired', 'ca', names, -1)
  await useCertificate(folder, 'right', 'server')
  const files = { ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') }
  secure = await startServer({ settings: { ssl: 'on', ...files } })
  plain = await startServer()
  tools = await findTools({ major: secure.major, set: 'client', binDir, install: false, env: process.env, say: () => {} })
})
afterAll(async () => {
  await Promise.all([secure?.stop(), plain?.stop()])
  await rm(folder, { recursive: true, force: true })
})

/** What comes of a connection: its bytes are encrypted or not, or the code of the error that refuses it. */
type Answer = 'encrypted' | 'plain' | 'tls-failed' | 'insecure-tls' | 'invalid-input'

interface Way {
  readonly host: 'localhost' | typeof remote
  readonly sslmode: string
  readonly authority?: 'own' | 'public'
  readonly allowInsecure?: boolean
}

const letters: Readonly<Record<string, Answer>> = {
  e: 'encrypted',
  p: 'plain',
  '-': 'tls-failed',
  i: 'insecure-tls',
  x: 'invalid-input',
}

/** The answers, in the order of the certificates, and the last for a server without TLS. */
const matrix: readonly (readonly [answers: string, way: Way])[] = [
  ['pppppp', { host: 'localhost', sslmode: '' }],
  ['pppppp', { host: 'localhost', sslmode: 'disable' }],
  ['eeeeep', { host: 'localhost', sslmode: 'allow' }],
  ['eeeeep', { host: 'localhost', sslmode: 'prefer' }],
  ['e--e--', { host: 'localhost', sslmode: 'require' }],
  ['eeeee-', { host: 'localhost', sslmode: 'require', authority: 'public' }],
  ['e--e--', { host: 'localhost', sslmode: 'verify-ca' }],
  ['e-----', { host: 'localhost', sslmode: 'verify-full' }],
  ['xxxxxx', { host: 'localhost', sslmode: 'verify_full' }],
  ['e-----', { host: remote, sslmode: '' }],
  ['iiiiii', { host: remote, sslmode: 'disable' }],
  ['iiiiii', { host: remote, sslmode: 'allow' }],
  ['iiiiii', { host: remote, sslmode: 'prefer' }],
  ['e--e--', { host: remote, sslmode: 'require' }],
  ['eeeee-', { host: remote, sslmode: 'require', authority: 'public' }],
  ['e--e--', { host: remote, sslmode: 'verify-ca' }],
  ['------', { host: remote, sslmode: 'verify-ca', authority: 'public' }],
  ['e-----', { host: remote, sslmode: 'verify-full' }],
  ['------', { host: remote, sslmode: 'verify-full', authority: 'public' }],
  ['xxxxxx', { host: remote, sslmode: 'verify_full' }],
  ['e-----', { host: remote, sslmode: '', allowInsecure: true }],
  ['pppppp', { host: remote, sslmode: 'disable', allowInsecure: true }],
  ['eeeeep', { host: remote, sslmode: 'allow', allowInsecure: true }],
  ['eeeeep', { host: remote, sslmode: 'prefer', allowInsecure: true }],
  ['e--e--', { host: remote, sslmode: 'require', allowInsecure: true }],
  ['xxxxxx', { host: remote, sslmode: 'verify_full', allowInsecure: true }],
]

const certificatesAndNone = [...certificates, 'none'] as const

describe.each(certificatesAndNone)('node-postgres and libpq answer alike, where the server has this certificate: %s;', (certificate) => {
  const cells = matrix.map(([answers, way]) => {
    const answer = letters[answers[certificatesAndNone.indexOf(certificate)] as string] as Answer
    return [describeWay(way), answer, way] as const
  })

  beforeAll(async () => {
    if (certificate !== 'none') await serve(certificate)
  })

  test.concurrent.each(cells)('%s: %s', async (_, answer, way) => {
    expect(await ask(certificate === 'none' ? plain : secure, way)).toEqual({ node: answer, libpq: answer })
  })
})

test('pg_dump is such a client of libpq', async () => {
  const dump = async (way: Way) => {
    const args = ['--schema-only', '--no-password', '--file=/dev/null']
    return (await runLibpq(secure, way, policyOf(way, secure), true, 'pg_dump', args)).exitCode
  }
  const way = { host: remote, sslmode: 'verify-full' } as const
  await serve('right')
  const right = await dump(way)
  await serve('expired')

  expect([right, await dump(way), await dump({ ...way, authority: 'public', sslmode: 'require' })]).toEqual([0, 1, 0])
})

test('an sslmode that is misspelt is refused by name', () => {
  expect(() => connectionOf({ host: remote, sslmode: 'verify_full' }, secure)).toThrow(/its sslmode is not one of .*, verify-full\.$/)
})

function describeWay({ host, sslmode, authority = 'own', allowInsecure }: Way): string {
  return `sslmode=${sslmode} to ${host}, ${authority} authority${allowInsecure ? ', allow-insecure-tls' : ''}`
}

/** The server takes it at once: what connects later sees this certificate and no other. */
async function serve(certificate: (typeof certificates)[number]): Promise<void> {
  const [{ at } = {}] = await secure.query<{ at: string }>('select pg_conf_load_time()::text as at')
  await useCertificate(folder, certificate, 'server')
  await secure.query('select pg_reload_conf()')
  const isLater = `select pg_conf_load_time() > '${at}' as later`
  while (!(await secure.query<{ later: boolean }>(isLater))[0]?.later) await sleep(10)
}

function policyOf(way: Way, server: TestServer): TlsPolicy {
  return decideTls(connectionOf(way, server), {
    ca: way.authority === 'public' ? undefined : ca,
    allowInsecure: way.allowInsecure ?? false,
  })
}

function connectionOf({ host, sslmode }: Way, server: TestServer) {
  return parseConnection(`${server.url().replace('127.0.0.1', host)}?sslmode=${sslmode}`)
}

async function ask(server: TestServer, way: Way): Promise<{ node: Answer; libpq: Answer }> {
  let tls: TlsPolicy
  try {
    tls = policyOf(way, server)
  } catch (error) {
    const refused = systemCode(error) as Answer
    return { node: refused, libpq: refused } // neither of them is asked
  }
  const node = await askNode(server, way, tls)
  // what node-postgres found under prefer; where it was refused, libpq is asked all the same
  return { node, libpq: await askLibpq(server, way, tls, node !== 'plain') }
}

async function askNode(server: TestServer, way: Way, tls: TlsPolicy): Promise<Answer> {
  try {
    await using open = await openClient({ connection: connectionOf(way, server), tls, tunnel: tunnelTo(server, way), applicationName })
    const { rows } = await open.client.query<{ ssl: boolean }>(encrypted)
    expect(open.encrypted).toBe(rows[0]?.ssl)
    return rows[0]?.ssl ? 'encrypted' : 'plain'
  } catch (error) {
    return systemCode(error) as Answer
  }
}

async function askLibpq(server: TestServer, way: Way, tls: TlsPolicy, isEncrypted: boolean): Promise<Answer> {
  const args = ['--no-psqlrc', '--no-password', '--tuples-only', '--no-align', `--command=${encrypted}`]
  const { exitCode, stdout, stderr } = await runLibpq(server, way, tls, isEncrypted, 'psql', args)
  if (exitCode === 0) return stdout.trim() === 't' ? 'encrypted' : 'plain'
  expect(stderr).toMatch(/certificate|does not support SSL/)
  return 'tls-failed'
}

const applicationName = 'shiplock/test'
const encrypted = 'select ssl from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()'

async function runLibpq(server: TestServer, way: Way, tls: TlsPolicy, isEncrypted: boolean, program: string, args: readonly string[]) {
  const env = await libpqEnvironment({
    database: { connection: connectionOf(way, server), tls, role: undefined, tunnel: tunnelTo(server, way) },
    encrypted: isEncrypted,
    applicationName,
    env: process.env,
    folder: await mkdtemp(join(folder, 'libpq-')),
  })
  return runChild(join(tools.binDir, program), args, { env })
}

/** A remote host that is reached on this machine, as through ssh: its name is that of the URL, its address is not. */
function tunnelTo({ port }: TestServer, { host }: Way): Tunnel | undefined {
  if (host !== remote) return undefined
  return {
    through: { user: 'deploy', host: 'bastion', port: undefined },
    open: async () => ({ host: '127.0.0.1', port }),
    refusal: async () => undefined,
    [Symbol.asyncDispose]: async () => {},
  }
}
