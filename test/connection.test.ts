import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { connectionFromVariables, decideTls, describeConnection, parseConnection } from '../src/connection.ts'

describe('a connection string', () => {
  test('is read with every part percent-decoded', () => {
    expect(
      parseConnection('postgres://us%65r:p%40ss%2F%25w@db.example.net:6432/my%20app?sslmode=verify-full&connect_timeout=5'),
    ).toMatchObject({
      host: 'db.example.net',
      port: 6432,
      user: 'user',
      password: 'p@ss/%w',
      database: 'my app',
      sslmode: 'verify-full',
      connectTimeoutMs: 5000,
    })
  })

  test.each([
    ['postgresql://u@[::1]:5433/d', { host: '::1', port: 5433 }],
    ['postgres://u:a@b@h/d', { host: 'h', password: 'a@b' }],
    ['postgres://u@/d?host=/var/run/postgresql', { host: '/var/run/postgresql', database: 'd' }],
    ['postgres://u@%2Ftmp%2Fsocket/d', { host: '/tmp/socket' }],
    ['postgres://u@h', { database: 'u', port: 5432 }],
    ["host=h user=u password='it''s' dbname=d", undefined],
    ["host=h user=u password='it\\'s \\\\ fine' dbname='my db'", { password: "it's \\ fine", database: 'my db' }],
    [
      'postgres://u@h/d?options=-c%20search_path%3Dapp%20--lock_timeout%3D5s',
      {
        settings: [
          ['search_path', 'app'],
          ['lock_timeout', '5s'],
        ],
      },
    ],
    [
      'postgresql://u@h/d?schema=my%20"app"&connection_limit=5&pool_timeout=0&pgbouncer=true',
      { settings: [['search_path', '"my ""app"""']] },
    ],
    ['postgresql://u@h/d?schema=', { settings: [] }],
    ['postgres://u@h/d?sslmode=disable&search_path=app%2Cpublic', { settings: [['search_path', 'app,public']] }],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(() => parseConnection(text)).toThrow()
    else expect(parseConnection(text)).toMatchObject(expected)
  })

  test.each([
    'postgres://a:s3cret@[x/db',
    'postgres://a:s3cret@h:port/db',
    'postgres://a:s3cret@h:99999/db',
    'postgres://a:s3cret%@h/db',
    'postgres://a:s3cret@h1,h2/db',
    'postgres://a:s3cret@h/db?sslmode=verify_full',
    'postgres://a:s3cret@h/db?s3cret!!=1',
    'mysql://a:s3cret@h/db',
    's3cret',
    'postgres://:s3cret@h/db',
  ])('that is wrong is refused without any part of it in the error: %s', (text) => {
    let thrown: unknown
    try {
      parseConnection(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'invalid-input' })
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain('s3cret')
  })

  test('survives any password, in both forms', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
        (password) => {
          expect(parseConnection(`postgres://u:${encodeURIComponent(password)}@h/d`).password).toBe(password)
          const fromVariables = connectionFromVariables({ PGHOST: 'h', PGUSER: 'u', PGPASSWORD: password })
          expect(parseConnection(fromVariables as string).password).toBe(password)
        },
      ),
    )
  })

  test('is printed as host, port and database alone', () => {
    expect(describeConnection(parseConnection('postgres://u:secret@[::1]/d'))).toBe('[::1]:5432/d')
  })
})

describe('the protection of a connection', () => {
  const policy = (text: string, allowInsecure = false, ca?: string) => decideTls(parseConnection(text), { ca, allowInsecure }).mode

  test('is verify-full for a remote host unless it is asked for otherwise', () => {
    expect(policy('postgres://u@db.example.net/d')).toBe('verify-full')
    expect(policy('postgres://u@db.example.net/d?sslmode=verify-ca')).toBe('verify-ca')
  })

  test('is none on this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', '%2Ftmp']) expect(policy(`postgres://u@${host}/d`)).toBe('off')
    expect(policy('postgres://u@localhost/d?sslmode=verify-full')).toBe('verify-full')
  })

  test('require keeps the meaning of libpq: no authentication of the server, unless an authority is named', () => {
    expect(policy('postgres://u@db.example.net/d?sslmode=require')).toBe('require')
    expect(policy('postgres://u@db.example.net/d?sslmode=require', false, 'PEM')).toBe('verify-ca')
  })

  test('weaker modes to a remote host are refused until somebody says so by name', () => {
    for (const mode of ['disable', 'allow', 'prefer']) {
      expect(() => policy(`postgres://u@db.example.net/d?sslmode=${mode}`)).toThrow(expect.objectContaining({ code: 'insecure-tls' }))
    }
    expect(policy('postgres://u@db.example.net/d?sslmode=disable', true)).toBe('off')
    expect(policy('postgres://u@db.example.net/d?sslmode=prefer', true)).toBe('prefer')
    expect(() => policy('postgres://u@localhost.example.net/d?sslmode=disable')).toThrow()
    expect(() => policy('postgres://u@1270.0.0.1/d?sslmode=disable')).toThrow()
  })
})
