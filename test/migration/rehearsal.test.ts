import { expect, test } from 'vitest'
import { coveringMode } from '../../src/migration/rehearsal.ts'
import type { LockMode } from '../../src/sql/locks.ts'

test.each<[LockMode[], LockMode]>([
  [['AccessShare'], 'AccessShare'],
  [['AccessShare', 'AccessExclusive', 'RowExclusive'], 'AccessExclusive'],
  [['ShareUpdateExclusive', 'RowExclusive'], 'ShareUpdateExclusive'],
  [['AccessShare', 'Share', 'RowShare'], 'Share'],
  [['Share', 'RowExclusive'], 'ShareRowExclusive'],
  [['ShareUpdateExclusive', 'Share'], 'ShareRowExclusive'],
])('%j together conflict with what %s conflicts with', (modes, covering) => {
  expect(coveringMode(modes)).toBe(covering)
})
