import { describe, expect, test } from 'vitest'
import { conclude, type Drilled, type Findings, type Limits } from '../../src/drill/conclude.ts'
import { ReleaseError } from '../../src/errors.ts'

const backup: Drilled = {
  origin: 'backup',
  name: '20261121T020000Z-1f0c2b7a',
  snapshotAt: new Date('2026-11-21T02:00:00Z'),
  zoneUnknown: false,
}
const now = new Date('2026-11-21T14:00:00Z')
const hour = 3_600_000
const noLimits: Limits = { maxAgeMs: undefined, maxDataLossMs: undefined, maxRecoveryMs: undefined, minTables: 1 }
const good: Findings = {
  restored: true,
  counted: new Map([['public.t', 3]]),
  rowCounts: { check: { id: 'row-counts', status: 'pass', value: '3 rows in 1 table' }, mismatches: [] },
  ledgerHeads: { check: { id: 'ledger-heads', status: 'pass', value: '1 version table' }, mismatches: [] },
  amcheck: { passed: true },
  recoveryTimeMs: 372_000,
}
/** Of what no manifest describes. */
const { rowCounts: _, ledgerHeads: __, ...uncompared } = good
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
      'row-counts': 'pass',
      'ledger-heads': 'pass',
      contents: 'not-checked',
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
    const differing: Findings = {
      ...good,
      smoke: smoke('pass'),
      rowCounts: { check: { id: 'row-counts', status: 'fail', message: 'public.t: expected 3 rows, found 2 rows' }, mismatches: [] },
    }
    expect(conclude(backup, differing, noLimits, now)).toMatchObject({ verdict: 'fail', level: 'restored' })
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
