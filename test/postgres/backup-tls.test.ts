import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient } from '../../src/adapters/postgres/client.ts'
import { libpqEnvironment } from '../../src/adapters/postgres/libpq-environment.ts'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { parseConnection, type TlsPolicy } from '../../src/connection.ts'
import { makeAuthority, makeCertificate } from './certificates.ts'
import { startServer, type TestServer } from './server.ts'

let folder: string
let secure: TestServer
let plain: TestServer
let ca: string
let strangers: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shiplock-tls-'))
  await chmod(folder, 0o755)
  ca = await makeAuthority(folder, 'ca')
  strangers = await makeAuthority(folder, 'strangers')
  await makeCertificate(folder, 'server', 'ca', 'DNS:localhost')
  secure = await startServer({
    settings: { ssl: 'on', ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') },
  })
  plain = await startServer()
})
afterAll(async () => {
  await Promise.all([secure?.stop(), plain?.stop()])
  await rm(folder, { recursive: true, force: true })
})

interface Row {
  readonly policy: () => TlsPolicy
  readonly host: string
  /** What both clients must answer with a server that has TLS, and with one that has none. */
  readonly secure: boolean
  readonly plain: boolean
}

const rows: Record<string, Row> = {
  off: { policy: () => ({ mode: 'off', ca: undefined }), host: '127.0.0.1', secure: true, plain: true },
  prefer: { policy: () => ({ mode: 'prefer', ca: undefined }), host: '127.0.0.1', secure: true, plain: true },
  require: { policy: () => ({ mode: 'require', ca: undefined }), host: '127.0.0.1', secure: true, plain: false },
  'verify-ca, its authority, any name': { policy: () => ({ mode: 'verify-ca', ca }), host: '127.0.0.1', secure: true, plain: false },
  'verify-ca, another authority': { policy: () => ({ mode: 'verify-ca', ca: strangers }), host: '127.0.0.1', secure: false, plain: false },
  'verify-full, its authority and name': { policy: () => ({ mode: 'verify-full', ca }), host: 'localhost', secure: true, plain: false },
  'verify-full, another name': { policy: () => ({ mode: 'verify-full', ca }), host: '127.0.0.1', secure: false, plain: false },
  'verify-full, another authority': {
    policy: () => ({ mode: 'verify-full', ca: strangers }),
    host: 'localhost',
    secure: false,
    plain: false,
  },
  'verify-full, the public authorities': {
    policy: () => ({ mode: 'verify-full', ca: undefined }),
    host: 'localhost',
    secure: false,
    plain: false,
  },
}

describe('node-postgres and pg_dump give the same answer', () => {
  test.each(Object.keys(rows))('with %s', async (name) => {
    const row = rows[name] as Row
    const answers = { secure: await ask(secure, row), plain: await ask(plain, row) }

    expect(answers).toEqual({
      secure: { node: row.secure, pgDump: row.secure },
      plain: { node: row.plain, pgDump: row.plain },
    })
  })
})

async function ask(server: TestServer, { policy, host }: Row): Promise<{ node: boolean; pgDump: boolean }> {
  const connection = { ...parseConnection(server.url()), host }
  const tls = policy()
  const applicationName = 'shiplock/test'
  const opened = await openClient({ connection, tls, applicationName }).catch(() => undefined)
  await opened?.[Symbol.asyncDispose]()
  const workspace = await mkdtemp(join(folder, 'dump-'))
  // what node-postgres found under prefer; where it was refused, pg_dump is asked all the same
  const encrypted = opened?.encrypted ?? true
  const env = await libpqEnvironment({
    database: { connection, tls, role: undefined },
    encrypted,
    applicationName,
    env: process.env,
    folder: workspace,
  })
  const { binDir } = await findTools({
    major: server.major,
    set: 'client',
    binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined,
    install: false,
    env: process.env,
    say: () => {},
  })
  const dumped = await runChild(join(binDir, 'pg_dump'), ['--schema-only', '--no-password', '--file=/dev/null'], { env })
  return { node: opened !== undefined, pgDump: dumped.exitCode === 0 }
}
