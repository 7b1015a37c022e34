import { expect, test } from 'vitest'
import { isSameRelease, unversioned } from '../src/release-name.ts'

test.each([
  [{ release: 'v1', commit: undefined }, { release: 'v1', commit: 'b' }, true],
  [{ release: 'v1', commit: 'a' }, { release: 'nightly', commit: 'a' }, true],
  [{ release: 'v1', commit: 'a' }, { release: 'v2', commit: 'b' }, false],
  [{ release: 'v1', commit: undefined }, { release: 'v2', commit: undefined }, false],
  [{ release: unversioned, commit: undefined }, { release: unversioned, commit: undefined }, false],
])('%j and %j: the same is %s', (one, other, same) => {
  expect(isSameRelease(one, other)).toBe(same)
})
