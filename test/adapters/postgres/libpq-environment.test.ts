import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { libpqEnvironment } from '../../../src/adapters/postgres/libpq-environment.ts'
import { parseConnection, type TlsPolicy } from '../../../src/connection.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shiplock-libpq-'))
})

afterEach(() => rm(folder, { recursive: true }))

const off: TlsPolicy = { mode: 'off', ca: undefined }

interface Given {
  readonly url?: string
  readonly tls?: TlsPolicy
  readonly encrypted?: boolean
  readonly env?: Record<string, string>
}

function environment({ url = 'postgres://app:secret@db-1:6432/shop', tls = off, encrypted = false, env = {} }: Given = {}) {
  const database = { connection: parseConnection(url), tls, role: undefined }
  return libpqEnvironment({ database, encrypted, applicationName: 'shiplock/7.1', env, folder })
}

describe('the environment of a libpq program', () => {
  test('says where to connect and as whom, and holds no password', async () => {
    const env = await environment()

    expect(env).toEqual({
      PGHOST: 'db-1',
      PGPORT: '6432',
      PGUSER: 'app',
      PGDATABASE: 'shop',
      PGPASSFILE: join(folder, 'pgpass'),
      PGAPPNAME: 'shiplock/7.1',
      PGCONNECT_TIMEOUT: '15',
      PGGSSENCMODE: 'disable',
      PGSSLMODE: 'disable',
    })
    expect(JSON.stringify(env)).not.toContain('secret')
  })

  test('leads into a tunnel, and keeps the real name for the certificate', async () => {
    const database = {
      connection: parseConnection('postgres://app@db-1:6432/shop'),
      tls: { mode: 'verify-full', ca: undefined } as const,
      role: undefined,
      tunnel: {
        through: { user: 'deploy', host: 'bastion', port: undefined },
        open: async () => ({ host: '127.0.0.1', port: 40_123 }),
        refusal: async () => undefined,
        [Symbol.asyncDispose]: async () => {},
      },
    }

    const env = await libpqEnvironment({ database, encrypted: true, applicationName: 'shiplock/7.1', env: {}, folder })

    expect(env).toMatchObject({ PGHOST: 'db-1', PGHOSTADDR: '127.0.0.1', PGPORT: '40123', PGSSLMODE: 'verify-full' })
  })

  test('inherits nothing that could change the target', async () => {
    const env = {
      PATH: '/bin',
      PGHOST: 'evil',
      PGHOSTADDR: '203.0.113.9',
      PGPASSWORD: 'x',
      PGOPTIONS: '-c x=y',
      PGSERVICE: 's',
      PGSERVICEFILE: '/x',
      HOME: '/root',
      GITHUB_TOKEN: 't',
    }

    expect(Object.keys(await environment({ env })).sort()).toEqual([
      'PATH',
      'PGAPPNAME',
      'PGCONNECT_TIMEOUT',
      'PGDATABASE',
      'PGGSSENCMODE',
      'PGHOST',
      'PGPASSFILE',
      'PGPORT',
      'PGSSLMODE',
      'PGUSER',
    ])
  })

  test('carries the session settings of the connection string', async () => {
    const url = `postgres://app@db-1/shop?options=${encodeURIComponent('-c application.user=a\\ b\\\\c -c work_mem=1MB')}`

    expect((await environment({ url })).PGOPTIONS).toBe('-c application.user=a\\ b\\\\c -c work_mem=1MB')
  })
})

describe('the password', () => {
  test('lies in a file for its owner alone, with what it needs escaped', async () => {
    const env = await environment({ url: `postgres://app:${encodeURIComponent('p:a\\ss #*ü')}@db-1/shop` })
    const path = env.PGPASSFILE as string

    expect(await readFile(path, 'utf8')).toBe('*:*:*:*:p\\:a\\\\ss #*ü\n')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('that does not exist leaves an empty file, so that no other is looked for', async () => {
    const env = await environment({ url: 'postgres://app@db-1/shop' })

    expect(await readFile(env.PGPASSFILE as string, 'utf8')).toBe('')
  })

  test.each(['a%0Ab', 'a%0D'])('with a line break is refused: %s', async (password) => {
    await expect(environment({ url: `postgres://app:${password}@db-1/shop` })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('the TLS policy', () => {
  const absent = () => join(folder, 'absent')

  test('is handed over in so many words, with nothing from ~/.postgresql', async () => {
    expect(await environment({ tls: { mode: 'require', ca: undefined }, encrypted: true })).toMatchObject({
      PGSSLMODE: 'require',
      PGSSLROOTCERT: absent(),
      PGSSLCERT: absent(),
      PGSSLKEY: absent(),
      PGSSLCRL: absent(),
    })
  })

  test.each([
    [true, 'require'],
    [false, 'disable'],
  ])('prefer follows the other client: encrypted %s means %s', async (encrypted, mode) => {
    expect((await environment({ tls: { mode: 'prefer', ca: undefined }, encrypted })).PGSSLMODE).toBe(mode)
  })

  test.each(['verify-ca', 'verify-full'] as const)('%s trusts the authority that was named', async (mode) => {
    const env = await environment({ tls: { mode, ca: 'PEM' }, encrypted: true })

    expect(env.PGSSLMODE).toBe(mode)
    expect(await readFile(env.PGSSLROOTCERT as string, 'utf8')).toBe('PEM')
  })

  test('verify-full trusts the public authorities when none is named, as the other client does', async () => {
    const env = await environment({ tls: { mode: 'verify-full', ca: undefined }, encrypted: true })

    expect((await readFile(env.PGSSLROOTCERT as string, 'utf8')).split('BEGIN CERTIFICATE')).toHaveLength(rootCertificates.length + 1)
  })

  test('gives a client key that libpq accepts, whatever its mode was', async () => {
    const key = join(folder, 'their.key')
    await writeFile(key, 'KEY', { mode: 0o644 })
    const url = `postgres://app@db-1/shop?sslcert=/etc/client.crt&sslkey=${key}`
    const env = await environment({ url, tls: { mode: 'verify-full', ca: 'PEM' }, encrypted: true })

    expect(env.PGSSLCERT).toBe('/etc/client.crt')
    expect(await readFile(env.PGSSLKEY as string, 'utf8')).toBe('KEY')
    expect((await stat(env.PGSSLKEY as string)).mode & 0o777).toBe(0o600)
  })
})
