import { expect, test } from 'vitest'
import { standbyChecks } from '../../src/backup/preflight.ts'
import { sourceFacts } from '../fakes/source.ts'

test('a primary has no lag and no check', () => {
  expect(standbyChecks(sourceFacts, 1000)).toEqual([])
})

test('the lag of a standby without a limit is not checked, and said', () => {
  expect(standbyChecks({ ...sourceFacts, inRecovery: true, lagMs: 4200 }, undefined)).toEqual([
    { id: 'standby-lag', status: 'not-checked', value: '4.2 s', message: 'max-standby-lag was not given' },
  ])
})

test('a standby within its limit passes', () => {
  expect(standbyChecks({ ...sourceFacts, inRecovery: true, lagMs: 4200 }, 5000)).toEqual([
    { id: 'standby-lag', status: 'pass', value: '4.2 s', limit: '5.0 s' },
  ])
})

test.each([5001, undefined])('a standby beyond its limit, or one that cannot tell, is not dumped: %s', (lagMs) => {
  expect(() => standbyChecks({ ...sourceFacts, inRecovery: true, lagMs }, 5000)).toThrow('nothing was dumped')
})
