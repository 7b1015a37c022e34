import { expect, test } from 'vitest'
import { newestDurations, type ObservedDuration } from '../../src/migration/durations.ts'

const observed = (given: Partial<ObservedDuration>): ObservedDuration => ({
  checksum: 'a',
  durationMs: 1000,
  environment: 'staging',
  release: 'v1',
  at: new Date('2026-11-01T00:00:00Z'),
  ...given,
})

test('the newest run of a file counts, whatever the environment and wherever it stands in the list', () => {
  const newest = observed({ durationMs: 7, environment: 'test', release: 'v3', at: new Date('2026-11-03T00:00:00Z') })
  const older = [observed({}), observed({ at: new Date('2026-11-02T00:00:00Z') })]
  expect(newestDurations([...older, newest]).get('a')).toBe(newest)
  expect(newestDurations([newest, ...older]).get('a')).toBe(newest)
})

test('a file is known by its checksum alone', () => {
  const known = newestDurations([observed({ checksum: 'a', durationMs: 1 }), observed({ checksum: 'b', durationMs: 2 })])
  expect([...known].map(([checksum, { durationMs }]) => [checksum, durationMs])).toEqual([
    ['a', 1],
    ['b', 2],
  ])
  expect(known.get('c')).toBeUndefined()
})
