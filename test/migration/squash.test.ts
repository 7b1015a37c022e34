import { expect, test } from 'vitest'
import { squashNote } from '../../src/migration/squash.ts'

const plans = (applied: number, ahead: readonly string[]) => ({ pre: [], post: [], debts: [], unchecked: 0, applied, ahead })
const run = [{ id: '0_init' }]

test('warns where files of all that ran are gone and a new one is to run', () => {
  expect(squashNote(plans(2, ['1', '2']), run)).toBe(
    '2 migrations ran here, and no file of them is left. If 0_init stands for what ran, say so before it runs: shiplock ledger mark-applied --migration 0_init --reason "…"',
  )
})

test.each([
  ['a file of what ran is left', plans(2, ['1']), run],
  ['nothing is to run', plans(2, ['1', '2']), []],
  ['nothing ran', plans(0, []), run],
])('says nothing where %s', (_, all, pending) => {
  expect(squashNote(all, pending)).toBeUndefined()
})
