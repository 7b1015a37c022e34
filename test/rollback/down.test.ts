import { describe, expect, test } from 'vitest'
import type { AttemptRow, HistoryRow } from '../../src/migration/history.ts'
import { appliedAttempts } from '../../src/migration/history.ts'
import { diesel } from '../../src/migration/layouts/diesel.ts'
import type { LedgerEntry } from '../../src/migration/ledger.ts'
import { refuseBarred } from '../../src/migration/post-rules.ts'
import { phraseOf, refuseOtherPhrase } from '../../src/rollback/down/confirm.ts'
import { findNamed } from '../../src/rollback/down/named.ts'
import { newestApplied } from '../../src/rollback/down/newest.ts'
import { wayBackOf } from '../../src/rollback/down/reversal.ts'

const confirmable = { database: 'app', migration: '0007_add_phone', total: 1204n }

describe('the phrase to type', () => {
  test('contains the migration, the database and what is lost', () => {
    expect([1204n, 0n, undefined].map((total) => phraseOf({ ...confirmable, total }))).toEqual([
      'take back 0007_add_phone on app, losing 1204',
      'take back 0007_add_phone on app, losing nothing',
      'take back 0007_add_phone on app, losing an unknown amount',
    ])
  })

  test.each([
    ['take back 0002_on x, losing 2 on shop, losing "3" on (x, losing 7', 'what is lost'],
    ['take back 0002_on x, losing 2 on staging, losing 1', 'the database'],
  ])('names only what differs, whatever its names hold: %s', (typed, part) => {
    const odd = { database: 'shop, losing "3" on (x', migration: '0002_on x, losing 2', total: 1n }
    const only = new RegExp(`^The phrase is not the one for what would happen now: ${part} is [^;]*\\. Nothing was changed\\.$`)
    expect(() => refuseOtherPhrase(typed, odd)).toThrow(only)
    expect(() => refuseOtherPhrase(phraseOf(odd), odd)).not.toThrow()
  })

  test('is taken as it was shown', () => {
    expect(() => refuseOtherPhrase(' take back 0007_add_phone on app, losing 1204\n', confirmable)).not.toThrow()
  })

  test.each([
    ['take back 0006_add_city on app, losing 1204', 'the migration is 0007_add_phone, and "0006_add_city" was typed'],
    ['take back 0007_add_phone on staging, losing 1204', 'the database is app, and "staging" was typed'],
    ['take back 0007_add_phone on app, losing 1200', 'what is lost is 1204, and "1200" was typed'],
    ['take back 0007_add_phone on app, losing nothing', 'what is lost is 1204, and "nothing" was typed'],
    ['yes', 'it is not of the form'],
    ['Take back 0007_add_phone on app, losing 1204', 'it is not of the form'],
  ])('is refused when it differs, and says in what: %s', (typed, message) => {
    const refused = () => refuseOtherPhrase(typed, confirmable)
    expect(refused).toThrow(expect.objectContaining({ code: 'confirmation-wrong', message: expect.stringContaining(message) }))
    expect(refused).toThrow(expect.objectContaining({ hint: expect.stringContaining(phraseOf(confirmable)) }))
  })
})

const entry = (version: string, rest: Partial<LedgerEntry> = {}): LedgerEntry => ({
  version,
  phase: 'pre',
  checksum: undefined,
  appliedAt: undefined,
  ...rest,
})
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 14, minute))
const common = { release: 'v1', commit: undefined }
const attempt = (version: string, minute: number): AttemptRow => ({
  ...common,
  event: 'migration',
  phase: 'pre',
  version,
  name: `${version}_m`,
  checksum: '',
  state: 'applied',
  at: at(minute),
})
const reversal = (version: string, minute: number, state: 'reverted' | 'failed'): HistoryRow => ({
  ...attempt(version, minute),
  event: 'reversal',
  state,
})
const history = (...rows: HistoryRow[]) => ({ rows, former: [] })

describe('the newest migration', () => {
  test.each<[string, readonly LedgerEntry[], HistoryRow[], string | undefined]>([
    [
      'the last row of a table that counts its rows, whatever its time and number',
      [entry('9', { place: 2, appliedAt: at(5) }), entry('3', { place: 3, appliedAt: at(1) })],
      [],
      '3',
    ],
    ['the latest of a table that only knows times', [entry('9', { appliedAt: at(1) }), entry('3', { appliedAt: at(2) })], [], '3'],
    [
      'the later of two tables, by our own attempts before their own times',
      [entry('9', { place: 7, appliedAt: at(50) }), entry('3', { phase: 'post', place: 1, appliedAt: at(2) })],
      [attempt('9', 1), attempt('3', 2)],
      '3',
    ],
    ['the larger number where nothing tells', [entry('9'), entry('10')], [], '10'],
    ['none on an empty database', [], [], undefined],
  ])('is %s', (_, entries, rows, newest) => {
    expect(newestApplied(entries, history(...rows))?.version).toBe(newest)
    expect(newestApplied([...entries].reverse(), history(...rows))?.version).toBe(newest)
  })
})

describe('what was named', () => {
  const known = { entries: [entry('7')], history: history({ ...attempt('7', 1), name: '0007_phone' }), target: [] }

  test.each(['7', '0007', '0007_phone', '0007_phone.sql'])('is found as %s', (typed) => {
    expect(findNamed(typed, known)).toMatchObject({ version: '7', name: '0007_phone', entry: { version: '7' } })
  })

  test.each([
    [undefined, 'invalid-input'],
    ['0007_other', 'unknown-migration'],
    ['8', 'unknown-migration'],
    ['phone', 'unknown-migration'],
  ])('is refused as %s, with the newest in the hint', (typed, code) => {
    expect(() => findNamed(typed, known)).toThrow(
      expect.objectContaining({ code, hint: expect.stringContaining('--migration 0007_phone') }),
    )
  })

  test('has been taken back before when the history says so, and only when it is in no version table', () => {
    const rows = history(attempt('7', 1), reversal('7', 2, 'reverted'))
    expect(findNamed('7', { ...known, entries: [], history: rows })).toMatchObject({ entry: undefined, takenBackAt: at(2) })
    expect(findNamed('7', { ...known, history: rows })).toMatchObject({ takenBackAt: undefined })
  })
})

describe('after a migration was taken back', () => {
  test('the attempt that applied it counts no more, until it is applied again', () => {
    const rows = [attempt('7', 1), reversal('7', 2, 'reverted')]
    expect(appliedAttempts(rows)).toEqual([])
    expect(appliedAttempts([...rows, attempt('7', 3)])).toEqual([attempt('7', 3)])
    expect(appliedAttempts([attempt('7', 1), reversal('7', 2, 'failed')])).toEqual([attempt('7', 1)])
  })

  test('the post phase is shut, also when the run died before it recorded the rollback', () => {
    const deployed = { ...common, event: 'deployed' as const, migrations: [], at: at(1) }
    expect(() => refuseBarred([deployed, reversal('7', 2, 'reverted')], deployed)).toThrow('A rollback was recorded')
    expect(() => refuseBarred([deployed, reversal('7', 2, 'failed')], deployed)).not.toThrow()
  })
})

describe('a way back without a statement', () => {
  const taken = (down: string) => () => {
    const file = (name: string, text: string) => ({ path: `db/${name}`, name, bytes: Buffer.from(text) })
    const [migration] = diesel.read([file('1_a/up.sql', 'create table a ();'), file('1_a/down.sql', down)], 'pre', {})
    return wayBackOf(migration as NonNullable<typeof migration>)
  }

  test.each(['', '\n', '-- This file should undo anything in `up.sql`\n', '/* drop table a; */ ; -- later'])('is none: %j', (down) => {
    expect(taken(down)).toThrow(expect.objectContaining({ code: 'no-down' }))
  })

  test('is one with a comment before its statement', () => {
    expect(taken('-- undo\ndrop table a;')().up.text).toBe('-- undo\ndrop table a;')
  })
})
