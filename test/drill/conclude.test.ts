import { describe, expect, test } from 'vitest'
import type { Comparison } from '../../src/drill/compare.ts'
import { conclude, type Drilled, type Findings, type Limits } from '../../src/drill/conclude.ts'
import { ReleaseError } from '../../src/errors.ts'
import type { Check } from '../../src/result.ts'

const backup: Drilled = {
  origin: 'backup',
  name: '20261121T020000Z-1f0c2b7a',
  snapshotAt: new Date('2026-11-21T02:00:00Z'),
  zoneUnknown: false,
}
const now = new Date('2026-11-21T14:00:00Z')
const hour = 3_600_000
const noLimits: Limits = { maxAgeMs: undefined, maxDataLossMs: undefined, maxRecoveryMs: undefined, minTables: 1 }
const values: Readonly<Record<string, string>> = { 'row-counts': '3 rows in 1 table', 'ledger-heads': '1 version table' }
const compared = [
  'row-counts',
  'fingerprints',
  'sequences',
  'large-objects',
  'ledger-heads',
  'schema',
  'owners',
  'grants',
  'extensions',
  'locale',
]
/** Every comparison passed, but for these. */
const comparisons = (others: Readonly<Record<string, Omit<Check, 'id'>>> = {}): Comparison[] =>
  compared.map((id) => ({ check: { id, status: 'pass', value: values[id] ?? id, ...others[id] }, mismatches: [] }))
const differing = { status: 'fail', message: 'public.t: expected 3 rows, found 2 rows' } as const
const good: Findings = {
  restored: true,
  counted: new Map([['public.t', 3]]),
  comparisons: comparisons({ fingerprints: { status: 'not-checked' } }),
  allHashed: false,
  amcheck: { passed: true },
  recoveryTimeMs: 372_000,
}
/** All of it was compared. */
const whole: Findings = { ...good, comparisons: comparisons(), allHashed: true }
/** Of what no manifest describes. */
const { comparisons: _, allHashed: __, ...uncompared } = good
const smoke = (...statuses: ('pass' | 'fail')[]) =>
  statuses.map((status, index) => ({ file: 'smoke/a.sql', line: index + 1, status, message: 'expected rows > 0, found 0 rows' }))
const statuses = (findings: Findings, limits = noLimits) =>
  Object.fromEntries(conclude(backup, findings, limits, now).checks.map(({ id, status }) => [id, status]))

describe('a drill', () => {
  test('that restored and compared is restored, not more, when nobody wrote smoke queries', () => {
    const { verdict, level, reason, checks } = conclude(backup, good, noLimits, now)
    expect({ verdict, level }).toEqual({ verdict: 'pass', level: 'restored' })
    expect(reason).toBe(
      `${backup.name} was restored in 6 min 12 s on this machine: 3 rows in 1 table, as the manifest says; no smoke queries are configured.`,
    )
    expect(Object.fromEntries(checks.map(({ id, status }) => [id, status]))).toEqual({
      'backup-age': 'not-checked',
      'recovery-point': 'not-checked',
      restored: 'pass',
      'min-tables': 'pass',
      ...Object.fromEntries(compared.map((id) => [id, id === 'fingerprints' ? 'not-checked' : 'pass'])),
      smoke: 'not-checked',
      amcheck: 'pass',
      'recovery-time': 'not-checked',
    })
  })

  test('is usable when its smoke queries passed', () => {
    expect(conclude(backup, { ...good, smoke: smoke('pass', 'pass') }, noLimits, now)).toMatchObject({
      verdict: 'pass',
      level: 'usable',
      reason: expect.stringContaining('2 of 2 queries passed.'),
    })
  })

  test('fails, and is only restored, when a smoke query fails; the reason names it', () => {
    expect(conclude(backup, { ...good, smoke: smoke('pass', 'fail') }, noLimits, now)).toMatchObject({
      verdict: 'fail',
      level: 'restored',
      reason: `${backup.name}: smoke queries failed, 1 of 2 queries passed (smoke/a.sql:2: expected rows > 0, found 0 rows).`,
    })
  })

  test('is not usable when its counts differ, whatever the smoke queries say', () => {
    const found: Findings = { ...good, smoke: smoke('pass'), comparisons: comparisons({ 'row-counts': differing }) }
    expect(conclude(backup, found, noLimits, now)).toMatchObject({ verdict: 'fail', level: 'restored' })
  })

  test('may show that a backup is usable although it is too old', () => {
    const old = conclude(backup, { ...good, smoke: smoke('pass') }, { ...noLimits, maxAgeMs: hour }, now)
    expect(old).toMatchObject({ verdict: 'fail', level: 'usable' })
  })

  test('fails when the backup is too old, or its snapshot lies in the future', () => {
    expect(statuses(good, { ...noLimits, maxAgeMs: 30 * hour })['backup-age']).toBe('pass')
    const old = conclude(backup, good, { ...noLimits, maxAgeMs: 10 * hour }, now)
    expect(old.reason).toBe(`${backup.name}: it is 12 h old, more than 10 h.`)
    expect(conclude(backup, good, noLimits, new Date('2026-11-21T01:00:00Z'))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('the clocks disagree'),
    })
  })

  test('fails when the recovery took longer than is acceptable', () => {
    expect(statuses(good, { ...noLimits, maxRecoveryMs: 400_000 })['recovery-time']).toBe('pass')
    expect(conclude(backup, good, { ...noLimits, maxRecoveryMs: 300_000 }, now).reason).toBe(
      `${backup.name}: the recovery took 6 min 12 s, more than 5 min.`,
    )
  })

  test('that broke off leaves what it did not reach unchecked', () => {
    const broken = conclude(backup, { error: new ReleaseError('restore-failed', 'data did not load.\nmore') }, noLimits, now)
    expect(broken).toMatchObject({ verdict: 'fail', level: undefined, reason: `${backup.name}: data did not load.` })
    expect(broken.checks.filter(({ status }) => status !== 'not-checked').map(({ id }) => id)).toEqual(['restored'])
  })

  test('that could not be made on this machine says nothing of the backup', () => {
    expect(statuses({ error: new ReleaseError('scratch-failed', 'No room.') })).toMatchObject({ restored: 'not-checked' })
  })

  test('that was stopped is inconclusive, never a pass', () => {
    expect(conclude(backup, { ...good, error: new ReleaseError('interrupted', 'Stopped.') }, noLimits, now).verdict).toBe('inconclusive')
  })

  test.each([noLimits, { maxAgeMs: hour, maxDataLossMs: hour, maxRecoveryMs: 1000, minTables: 9 }])(
    'never says equal, verified or OK of counts alone',
    (limits) => {
      for (const findings of [good, { ...good, smoke: smoke('pass') }, { ...good, smoke: smoke('fail') }]) {
        expect(JSON.stringify(conclude(backup, findings, limits, now))).not.toMatch(/\b(?:equal|verified|OK)\b/i)
      }
    },
  )

  test('measures from the snapshot what would be lost', () => {
    expect(conclude(backup, good, noLimits, now).recoveryPointMs).toBe(12 * hour)
    expect(conclude(backup, good, { ...noLimits, maxDataLossMs: 13 * hour }, now)).toMatchObject({ verdict: 'pass' })
    expect(conclude(backup, good, { ...noLimits, maxDataLossMs: hour }, now)).toMatchObject({
      verdict: 'fail',
      reason: `${backup.name}: what was written in the last 12 h would be lost, more than 1 h.`,
    })
  })

  test('of a dump that was made for it says nothing of what would be lost', () => {
    const fresh = conclude(
      { ...backup, origin: 'fresh', name: 'A fresh dump of shop' },
      good,
      { ...noLimits, maxDataLossMs: 1, maxAgeMs: 1 },
      now,
    )
    expect(fresh).toMatchObject({ verdict: 'pass', level: 'restored', recoveryPointMs: undefined })
    expect(fresh.checks.slice(0, 2)).toEqual([
      { id: 'backup-age', status: 'not-checked', message: 'the dump was made for this drill' },
      { id: 'recovery-point', status: 'not-checked', message: 'the dump was made for this drill' },
    ])
    expect(fresh.reason).toContain('3 rows in 1 table, as in the snapshot that was dumped')
  })

  test('fails when the copy holds fewer tables than a backup must', () => {
    expect(conclude(backup, { ...good, counted: new Map(), smoke: smoke('pass') }, noLimits, now)).toMatchObject({
      verdict: 'fail',
      level: 'restored',
      reason: `${backup.name}: it holds 0 tables, fewer than 1.`,
    })
  })

  test('fails, and is only restored, when pg_amcheck finds a fault', () => {
    const faulty: Findings = { ...good, smoke: smoke('pass'), amcheck: { problem: 'btree index "drill.public.i":\n    ERROR: …' } }
    expect(conclude(backup, faulty, noLimits, now)).toMatchObject({
      verdict: 'fail',
      level: 'restored',
      reason: `${backup.name}: pg_amcheck found a fault (btree index "drill.public.i":).`,
    })
    const { amcheck, ...without } = good
    const messageOf = (findings: Findings) => conclude(backup, findings, noLimits, now).checks.find(({ id }) => id === 'amcheck')
    expect(messageOf({ ...good, amcheck: { missing: 'it is not installed' } })).toMatchObject({
      status: 'not-checked',
      message: 'it is not installed',
    })
    expect(messageOf(without)).toMatchObject({ status: 'not-checked', message: 'amcheck: never' })
  })
})

describe('a copy is equal', () => {
  const levels = (findings: Findings, drilled = backup) => conclude(drilled, findings, noLimits, now).levels

  test('when every comparison passed and the rows of every table were hashed; usable on top of it when smoke queries passed', () => {
    expect(levels(whole)).toEqual(['restored', 'equal'])
    expect(conclude(backup, whole, noLimits, now)).toMatchObject({
      verdict: 'pass',
      level: 'equal',
      reason: expect.stringContaining('3 rows in 1 table, as the manifest says; it is equal to what was dumped; no smoke queries'),
    })
    expect(levels({ ...whole, smoke: smoke('pass') })).toEqual(['restored', 'equal', 'usable'])
    expect(levels({ ...whole, smoke: smoke('fail') })).toEqual(['restored', 'equal'])
    expect(levels({ ...good, smoke: smoke('pass') })).toEqual(['restored', 'usable'])
  })

  test('also when it is too old, or took too long', () => {
    expect(conclude(backup, whole, { ...noLimits, maxAgeMs: hour, maxRecoveryMs: 1 }, now)).toMatchObject({
      verdict: 'fail',
      level: 'equal',
    })
  })

  test('not when a table was only counted', () => {
    expect(levels({ ...whole, allHashed: false })).toEqual(['restored'])
  })

  test.each(compared)('not when %s differ, and then it is not usable either', (id) => {
    const found = { ...whole, smoke: smoke('pass'), comparisons: comparisons({ [id]: differing }) }
    expect(conclude(backup, found, noLimits, now)).toMatchObject({ verdict: 'fail', levels: ['restored'] })
    expect(conclude(backup, found, noLimits, now).reason).toContain('(public.t: expected 3 rows, found 2 rows).')
  })

  test.each(compared.filter((id) => !['fingerprints', 'ledger-heads'].includes(id)))('not when %s were not compared', (id) => {
    expect(levels({ ...whole, comparisons: comparisons({ [id]: { status: 'not-checked' } }) })).toEqual(['restored'])
  })

  test('where it has no version table, and where all tables are empty', () => {
    const none = comparisons({ 'ledger-heads': { status: 'not-checked' }, fingerprints: { status: 'not-checked' } })
    expect(levels({ ...whole, comparisons: none })).toEqual(['restored', 'equal'])
  })

  test('never when pg_amcheck found a fault, or it lacks tables that a backup must hold', () => {
    expect(levels({ ...whole, amcheck: { problem: 'btree index "i"' } })).toEqual(['restored'])
    expect(levels({ ...whole, counted: new Map() })).toEqual(['restored'])
  })

  test('to nothing, where no manifest describes it', () => {
    expect(levels(whole, { ...backup, origin: 'file' })).toEqual(['restored'])
    expect(levels(whole, { ...backup, origin: 'fresh' })).toEqual(['restored', 'equal'])
  })
})

describe('a drill of what no manifest describes', () => {
  const foreign: Drilled = { ...backup, origin: 'dump', name: 'daily/shop.dump' }

  test('compares nothing, and cannot tell anything unless somebody asked the copy', () => {
    const alone = conclude(foreign, uncompared, noLimits, now)
    expect(alone).toMatchObject({ verdict: 'inconclusive', level: 'restored' })
    expect(alone.reason).toBe(
      'daily/shop.dump was restored in 6 min 12 s on this machine: 3 rows in 1 table, and no manifest says whether that is all; nobody checked it, since no smoke queries are configured.',
    )
    expect(alone.checks).toEqual(
      expect.arrayContaining([
        {
          id: 'row-counts',
          status: 'not-checked',
          value: '3 rows in 1 table',
          message: 'no manifest',
        },
        { id: 'ledger-heads', status: 'not-checked', message: 'no manifest' },
      ]),
    )
  })

  test('is usable when its smoke queries passed, and fails when one did', () => {
    expect(conclude(foreign, { ...uncompared, smoke: smoke('pass') }, noLimits, now)).toMatchObject({ verdict: 'pass', level: 'usable' })
    expect(conclude(foreign, { ...uncompared, smoke: smoke('fail') }, noLimits, now)).toMatchObject({ verdict: 'fail', level: 'restored' })
  })

  test('says when its age is by a clock whose time zone nobody knows, which may be ahead', () => {
    const unknown = { ...foreign, zoneUnknown: true }
    const age = (drilled: Drilled, at: Date) => conclude(drilled, uncompared, { ...noLimits, maxAgeMs: 30 * hour }, at).checks[0]
    expect(age(unknown, now)).toMatchObject({ status: 'pass', message: 'by the clock of the machine that wrote it, read as UTC' })
    expect(age(unknown, new Date('2026-11-20T17:00:00Z'))).toMatchObject({ status: 'pass', value: '0 ms' })
    expect(age(unknown, new Date('2026-11-20T11:00:00Z'))).toMatchObject({ status: 'fail' })
    expect(age(foreign, new Date('2026-11-20T17:00:00Z'))).toMatchObject({ status: 'fail' })
  })
})
