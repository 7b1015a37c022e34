import { expect, test } from 'vitest'
import type { AttemptState, HistoryRow, ReversalState } from '../../src/migration/history.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { countPerhaps, describeSource, knownFrom, mayHaveRun } from '../../src/rollback/known.ts'
import type { Records } from '../../src/rollback/records.ts'

const at = new Date('2026-11-21T14:00:00Z')
const common = { release: 'v2', commit: 'b'.repeat(40), at }
const attempt = (version: string, state: AttemptState, phase: 'pre' | 'post' = 'pre'): HistoryRow => ({
  event: 'migration',
  ...common,
  version,
  phase,
  name: `${version}_x`,
  checksum: 'f',
  state,
})
const nothing: Records = { ledger: undefined, unaccounted: [], live: [], liveUnread: false, environments: [] }
const named = { environment: 'production', place: 'memory' }
const contained = (version: string, phase: 'pre' | 'post') => ({ version, phase, checksum: 'f' })

test('of a stored history what has run counts, and what was under way; what failed as a whole and what is held back does not', () => {
  const rows: HistoryRow[] = [
    { event: 'deployed', ...common, migrations: [contained('1', 'pre'), contained('2', 'pre'), contained('9', 'post')] },
    attempt('2', 'applied'),
    attempt('3', 'running'),
    attempt('4', 'failed'),
    attempt('5', 'failed'),
    attempt('6', 'not-applied'),
    attempt('7', 'failed'),
    attempt('7', 'applied-unreported'),
    attempt('8', 'applied', 'post'),
  ]
  const known = knownFrom(nothing, { history: { rows, former: [] }, begun: new Set(['5']) }, named)
  expect(known.entries.map(({ version }) => version).sort()).toEqual(['1', '2', '3', '5', '7', '8'])
  expect(known.perhaps.map(({ version }) => version)).toEqual(['3', '5'])
  expect(known.source).toEqual({ kind: 'history', at, run: undefined })
})

const files = plain.read(
  [{ name: '3_x.sql', path: 'db/migrations/3_x.sql', bytes: new TextEncoder().encode('select 1;') }],
  'pre',
  {},
) as readonly Migration[]
const perhaps = [{ version: '3', phase: 'pre' as const, checksum: 'f', name: '3_x' }]

test('what may have run counts as run, unless the target needs it: then only the database knows', () => {
  expect(countPerhaps(perhaps, [], 'v1')).toEqual(['Version 3 (3_x) had begun, and may have run: it counts as run.'])
  expect(() => countPerhaps(perhaps, files, 'v1')).toThrow(expect.objectContaining({ code: 'half-applied' }))
  expect(mayHaveRun(files, []).map(({ version }) => version)).toEqual(['3'])
  expect(mayHaveRun(files, [{ version: '3' }])).toEqual([])
})

test('the source is named with its run and its age', () => {
  const now = new Date('2026-11-24T16:00:00Z')
  const run = 'migrate, run 77.1'
  expect(describeSource({ kind: 'record', at, run }, now)).toBe('the record of 2026-11-21 14:00:00 UTC (migrate, run 77.1), 3 d 2 h ago')
})

test('of a stored history a migration that was taken back has not run, unless a later record has it; one whose way back was under way may have', () => {
  const reversal = (version: string, state: ReversalState): HistoryRow => ({
    event: 'reversal',
    ...common,
    version,
    phase: 'pre',
    name: `${version}_x`,
    checksum: 'f',
    state,
  })
  const rows: HistoryRow[] = [
    { event: 'deployed', ...common, migrations: [contained('1', 'pre'), contained('2', 'pre')] },
    ...['2', '3', '4', '5', '6'].map((version) => attempt(version, 'applied')),
    reversal('2', 'reverted'),
    reversal('3', 'running'),
    reversal('4', 'failed'),
    reversal('5', 'reverted'),
    attempt('5', 'applied'),
    reversal('6', 'not-reverted'),
  ]
  const versionsOf = (records: Records) => {
    const { entries, perhaps } = knownFrom(records, { history: { rows, former: [] }, begun: new Set() }, named)
    return [entries.map(({ version }) => version).sort(), perhaps.map(({ version }) => version)]
  }
  expect(versionsOf(nothing)).toEqual([['1', '3', '4', '5', '6'], ['3']])
  const run = { command: 'plan', run: '7.1', commit: undefined, postgres: 15, perhaps: [], database: undefined }
  const ran = [{ version: '2', phase: 'pre' as const, checksum: 'f', name: '2_x' }]
  const [before, later] = [-1000, 1000].map((ms) => ({ ...nothing, ledger: { ...run, ran, at: new Date(at.getTime() + ms) } }))
  expect(versionsOf(before as Records)).toEqual([['1', '3', '4', '5', '6'], ['3']])
  expect(versionsOf(later as Records)[0]).toContain('2')
})

test('where a newer record of a deploy cannot be read, the release before it is not taken for the one that is live', () => {
  const run = { command: 'plan', run: '7.1', commit: undefined, postgres: 15, perhaps: [], database: undefined, ran: perhaps, at }
  const live: HistoryRow[] = [{ event: 'deployed', ...common, migrations: [] }]
  const rowsOf = (liveUnread: boolean) => {
    const { history, notes } = knownFrom({ ...nothing, ledger: run, live, liveUnread }, undefined, named)
    return [history.rows.map(({ event }) => event), notes.length]
  }
  expect(rowsOf(false)).toEqual([['migration', 'deployed'], 0])
  expect(rowsOf(true)).toEqual([['migration'], 1])
})
