import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { readIdentity } from '../../../src/adapters/postgres/session.ts'
import { parseConnection } from '../../../src/connection.ts'
import { parseSshHost } from '../../../src/ssh-host.ts'

const client = { query: async () => ({ rows: [{ oid: '5', id: '7' }] }) } as unknown as pg.Client

async function address(url: string, way?: string): Promise<string> {
  const through = parseSshHost(way ?? 'direct')
  const tunnel = through && {
    through,
    open: async () => ({ host: '127.0.0.1', port: 40_123 }),
    refusal: async () => undefined,
    [Symbol.asyncDispose]: async () => {},
  }
  return (await readIdentity(client, { connection: parseConnection(url), tls: { mode: 'off', ca: undefined }, role: undefined, tunnel }))
    .address
}

describe('the address by which a database is recognised', () => {
  test('is that of the real host, with and without a tunnel', async () => {
    expect(await address('postgres://u@db/shop', 'ssh://deploy@bastion')).toBe(await address('postgres://u@db/shop'))
    expect(await address('postgres://u@db/shop')).not.toBe(await address('postgres://u@db-2/shop'))
  })

  test('is the ssh host for what is local there', async () => {
    const there = await address('postgres://u@localhost/shop', 'ssh://deploy@bastion')
    expect(there).toBe(await address('postgres://u@bastion/shop'))
    expect(there).toBe(await address('host=/var/run/postgresql user=u dbname=shop', 'ssh://deploy@bastion'))
    expect(there).not.toBe(await address('postgres://u@localhost/shop'))
    expect(there).not.toBe(await address('postgres://u@localhost/shop', 'ssh://deploy@other'))
  })

  test('is this machine for what is local to an ssh server on it', async () => {
    expect(await address('postgres://u@localhost/shop', 'ssh://deploy@127.0.0.1')).toBe(await address('postgres://u@127.0.0.1/shop'))
  })
})
