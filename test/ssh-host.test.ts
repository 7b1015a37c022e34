import { describe, expect, test } from 'vitest'
import { describeSshHost, parseSshHost } from '../src/ssh-host.ts'

describe('the way to a database', () => {
  test.each([
    ['ssh://deploy@bastion.example.net', { user: 'deploy', host: 'bastion.example.net', port: undefined }],
    ['ssh://deploy.ci-1@bastion:2222/', { user: 'deploy.ci-1', host: 'bastion', port: 2222 }],
    ['ssh://deploy@[2001:db8::1]:22', { user: 'deploy', host: '2001:db8::1', port: 22 }],
  ])('%s is read, and printed again', (text, host) => {
    expect(parseSshHost(text)).toEqual(host)
    expect(describeSshHost(host)).toBe(text.replace(/\/$/, ''))
  })

  test('direct is without a tunnel', () => {
    expect(parseSshHost('direct')).toBeUndefined()
  })

  test.each([
    ['ssh://deploy:s3cret@bastion', 'holds a password'],
    ['ssh://bastion', 'neither direct nor ssh://user@host'],
    ['bastion', 'neither direct nor'],
    ['ssh://-oProxyCommand=s3cret@bastion', 'neither direct nor'],
    ['ssh://deploy@-oProxyCommand=s3cret', 'host is no name'],
    ['ssh://deploy@bastion;s3cret', 'host is no name'],
    ['ssh://deploy@bastion:s3cret', 'port is not a number'],
    ['ssh://deploy@bastion:0', 'port is not a number'],
    ['ssh://deploy@bastion/s3cret', 'neither direct nor'],
  ])('%s is refused, and nothing of it is repeated', (text, problem) => {
    expect(() => parseSshHost(text)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(problem) }))
    expect(() => parseSshHost(text)).not.toThrow('s3cret')
  })
})
