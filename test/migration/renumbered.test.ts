import { expect, test } from 'vitest'
import type { HistoryRow } from '../../src/migration/history.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { renumbered } from '../../src/migration/renumbered.ts'

const file = (version: string, checksum: string) =>
  ({ version, id: `${version}_x`, path: `db/${version}_x.sql`, phase: 'pre', checksum }) as Migration
const entry = (version: string) => ({ version, phase: 'pre' as const, checksum: undefined, appliedAt: undefined })
const attempt = (version: string, checksum: string) =>
  ({ event: 'migration', version, phase: 'pre', name: `${version}_x`, checksum, state: 'applied', at: new Date(0) }) as HistoryRow
const warnings = (migrations: Migration[], rows: HistoryRow[], applied = ['2026']) =>
  renumbered({ migrations, entries: applied.map(entry), history: { rows, former: [] } })

test('warns of a pending file with the text of a version that ran and whose file is gone', () => {
  expect(warnings([file('2', 'same')], [attempt('2026', 'same')])).toEqual([
    'db/2_x.sql is pending, and holds just what ran as 2026_x, whose file is gone: it would run again. If it only has another number now, give it the old one back, or say that it ran: shiplock ledger mark-applied --migration 2_x --reason "…"',
  ])
})

test('is silent for another text, for a file that is still there, and for a version that was taken back', () => {
  expect(warnings([file('2', 'other')], [attempt('2026', 'same')])).toEqual([])
  expect(warnings([file('2', 'same'), file('2026', 'same')], [attempt('2026', 'same')])).toEqual([])
  expect(warnings([file('2', 'same')], [attempt('2026', 'same')], [])).toEqual([])
})
