import { expect, test } from 'vitest'
import { unsafeClient } from '../../src/drill/safe-client.ts'

test.each(['18.7', '17.12', '16.20', '15.20', '14.25', '19.0'])('says nothing of %s', (version) => {
  expect(unsafeClient(version)).toBeUndefined()
})

test.each([
  ['18.6', 'update to 18.7'],
  ['15.18', 'update to 15.20'],
  ['13.23', 'gets no fixes'],
])('warns of %s', (version, advice) => {
  expect(unsafeClient(version)).toContain(advice)
})
