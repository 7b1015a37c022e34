import { expect, test } from 'vitest'
import { readKnownHosts } from '../src/known-hosts.ts'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIPcbIsBjay4G68fpQPsqFI7A1i+2sbHU/3A0MEHhQlCd'

test.each([
  `bastion.example.net ssh-ed25519 ${key}`,
  `[bastion.example.net]:2222,203.0.113.9 ecdsa-sha2-nistp256 ${key}= a comment`,
  `|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa ${key}`,
  `@cert-authority *.example.net ssh-ed25519 ${key}`,
])('takes the line %s', (line) => {
  expect(readKnownHosts(line)).toBe(`${line}\n`)
})

test('leaves out comments and empty lines, as ssh-keyscan prints them', () => {
  expect(readKnownHosts(`# bastion:22 SSH-2.0-OpenSSH_9.2\r\nbastion ssh-ed25519 ${key}\r\n\r\n`)).toBe(`bastion ssh-ed25519 ${key}\n`)
})

test.each([
  ['# bastion:22 SSH-2.0-OpenSSH_9.2', 'holds no line'],
  [`# a comment\nbastion ssh-ed25519 ${key}\nssh-ed25519 ${key}`, 'number 3'],
  ['bastion SHA256:19MZEeMbhOXtjzsTdtO2spY6Li', 'number 1'],
  [`bastion ssh-ed25519 ${key.slice(4)}`, 'number 1'],
])('refuses %j', (text, problem) => {
  expect(() => readKnownHosts(text)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(problem) }))
})
