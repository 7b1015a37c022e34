import { expect, test } from 'vitest'
import type { HistoryRow } from '../../src/migration/history.ts'
import { settledElsewhere } from '../../src/migration/settled-elsewhere.ts'

const entry = { version: '2', phase: 'pre' as const, checksum: undefined, appliedAt: undefined }
const row = (event: 'migration' | 'reversal', day: number) => ({ event, version: '2', at: new Date(Date.UTC(2026, 0, day)) }) as HistoryRow
const warnings = (rows: HistoryRow[], noted = ['2'], entries = [entry]) =>
  settledElsewhere(noted, { entries, history: { rows, former: [] } })

test('names what is in the version table although our attempt stopped half-way', () => {
  expect(warnings([row('reversal', 1), row('migration', 2)])).toEqual([
    '2 stopped half-way here, and somebody else has finished it since; its statements are still noted. Say so before it is ever taken back: shiplock ledger mark-applied --migration 2 --reason "…"',
  ])
})

test('is silent for what is still pending, for a way back that stopped, and where nothing is noted', () => {
  expect(warnings([row('migration', 1)], ['2'], [])).toEqual([])
  expect(warnings([row('migration', 1), row('reversal', 2)])).toEqual([])
  expect(warnings([row('migration', 1)], [])).toEqual([])
})
