import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { privateKeyForms, readPrivateKey } from '../src/ssh-key.ts'
import { makeKey } from './postgres/ssh-server.ts'

let folder: string
let key: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
  key = (await makeKey(folder, 'plain')).privateKey
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const protectedBy = { cipher: 'aes-256-cbc', passphrase: 'x' } as const
const rsa = (privateKeyEncoding: object): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { format: 'pem', ...privateKeyEncoding } } as never)
    .privateKey as unknown as string

describe('a private key', () => {
  test('gets back the line feeds that inputs and editors take from it', () => {
    expect(readPrivateKey(key.trim())).toBe(key)
    expect(readPrivateKey(`\n${key.replaceAll('\n', '\r\n')}`)).toBe(key)
  })

  test('may have each of the forms that ssh reads', () => {
    for (const type of ['pkcs1', 'pkcs8']) expect(readPrivateKey(rsa({ type }))).toContain('PRIVATE KEY')
  })

  test('with a passphrase is refused in each form', async () => {
    const texts = [
      (await makeKey(folder, 'locked', 'open sesame')).privateKey,
      rsa({ type: 'pkcs1', ...protectedBy }),
      rsa({ type: 'pkcs8', ...protectedBy }),
    ]
    for (const text of texts) expect(() => readPrivateKey(text)).toThrow('passphrase')
  })

  test.each([
    ['a path', '/home/deploy/.ssh/id_ed25519'],
    ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPcbIsBjay4G68fpQPsqFI7A1i'],
    ['half of one', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA'],
    ['a truncated one', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----BEGIN'],
  ])('that is %s is refused, and nothing of it is repeated', (_, text) => {
    expect(() => readPrivateKey(text)).toThrow(expect.objectContaining({ code: 'invalid-input' }))
    expect(() => readPrivateKey(text)).not.toThrow(text.slice(-12))
  })

  test('is hidden as a whole and line by line, and a word that is none is not', () => {
    const lines = key.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'))
    expect(privateKeyForms(key)).toEqual([key, ...lines])
    expect(privateKeyForms('deploy')).toEqual([])
  })
})
