import { expect, test } from 'vitest'
import { redactLine } from '../../src/canary/redact-line.ts'

test.each([
  ['user jane.doe+x@example.co.uk failed', 'user ***@*** failed'],
  ['password=hunter2 next', 'password=*** next'],
  ['{"api_key":"abc","user":7}', '{"api_key":***,"user":7}'],
  ['Authorization: Bearer abc.def', 'Authorization: *** ***'],
  ['postgres://app:pw@db/shop down', 'postgres://***@db/shop down'],
  ['card 4111-1111-1111-1111 declined', 'card *** declined'],
  ['from 10.1.2.3: refused', 'from *.*.*.*: refused'],
  ['eyJhbGciOi.eyJzdWIiOiIx.sig', '***'],
  [`key ${'a1B2'.repeat(10)}`, 'key ***'],
  ['ERROR column "name" does not exist at line 42', 'ERROR column "name" does not exist at line 42'],
])('of %j a report shows %j', (line, shown) => {
  expect(redactLine(line)).toBe(shown)
})

test('a long line is cut', () => {
  expect(redactLine('no '.repeat(1000)).length).toBeLessThan(310)
})
