import { expect, test } from 'vitest'
import { clientProblem, refuseUnsafeClient } from '../../src/drill/safe-client.ts'

test.each(['18.7', '17.12', '16.20', '15.20', '14.25', '19.0'])('says nothing of %s', (version) => {
  expect(clientProblem(version)).toBeUndefined()
})

test.each([
  ['18.6', 'update to 18.7'],
  ['15.18', 'update to 15.20'],
  ['13.23', 'gets no fixes'],
])('warns of %s', (version, advice) => {
  expect(clientProblem(version)).toContain(advice)
})

test('refuses it for an archive that nothing of ours describes, unless that is allowed', () => {
  expect(() => refuseUnsafeClient('15.18', { ours: false, allowed: false })).toThrow(
    expect.objectContaining({ code: 'unsafe-client', exitCode: 2, message: expect.stringContaining('15.18') }),
  )
  for (const given of [
    { ours: true, allowed: false },
    { ours: false, allowed: true },
  ]) {
    expect(() => refuseUnsafeClient('15.18', given)).not.toThrow()
  }
  expect(() => refuseUnsafeClient('15.20', { ours: false, allowed: false })).not.toThrow()
})
