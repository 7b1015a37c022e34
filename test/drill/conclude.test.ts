import { describe, expect, test } from 'vitest'
import { conclude, type Findings, type Limits } from '../../src/drill/conclude.ts'
import { ReleaseError } from '../../src/errors.ts'
import { manifestOf } from './manifest.ts'

const manifest = manifestOf({ snapshotAt: '2026-11-21T02:00:00.000Z' })
const now = new Date('2026-11-21T14:00:00Z')
const hour = 3_600_000
const noLimits: Limits = { maxAgeMs: undefined, maxRecoveryMs: undefined }
const good: Findings = {
  restored: true,
  rowCounts: { check: { id: 'row-counts', status: 'pass', value: '3 rows in 1 table' }, mismatches: [] },
  ledgerHeads: { check: { id: 'ledger-heads', status: 'pass', value: '1 version table' }, mismatches: [] },
  recoveryTimeMs: 372_000,
}
const smoke = (...statuses: ('pass' | 'fail')[]) =>
  statuses.map((status, index) => ({ file: 'smoke/a.sql', line: index + 1, status, message: 'expected rows > 0, found 0 rows' }))
const statuses = (findings: Findings, limits = noLimits) =>
  Object.fromEntries(conclude(manifest, findings, limits, now).checks.map(({ id, status }) => [id, status]))

describe('a drill', () => {
  test('that restored and compared is restored, not more, when nobody wrote smoke queries', () => {
    const { verdict, level, reason, checks } = conclude(manifest, good, noLimits, now)
    expect({ verdict, level }).toEqual({ verdict: 'pass', level: 'restored' })
    expect(reason).toBe(
      `${manifest.id} was restored in 6 min 12 s on this machine: 3 rows in 1 table, as the manifest says; no smoke queries are configured.`,
    )
    expect(Object.fromEntries(checks.map(({ id, status }) => [id, status]))).toEqual({
      'backup-age': 'not-checked',
      restored: 'pass',
      'row-counts': 'pass',
      'ledger-heads': 'pass',
      contents: 'not-checked',
      smoke: 'not-checked',
      'recovery-time': 'not-checked',
    })
  })

  test('is usable when its smoke queries passed', () => {
    expect(conclude(manifest, { ...good, smoke: smoke('pass', 'pass') }, noLimits, now)).toMatchObject({
      verdict: 'pass',
      level: 'usable',
      reason: expect.stringContaining('2 of 2 queries passed.'),
    })
  })

  test('fails, and is only restored, when a smoke query fails; the reason names it', () => {
    expect(conclude(manifest, { ...good, smoke: smoke('pass', 'fail') }, noLimits, now)).toMatchObject({
      verdict: 'fail',
      level: 'restored',
      reason: `${manifest.id}: smoke queries failed, 1 of 2 queries passed (smoke/a.sql:2: expected rows > 0, found 0 rows).`,
    })
  })

  test('is not usable when its counts differ, whatever the smoke queries say', () => {
    const differing: Findings = {
      ...good,
      smoke: smoke('pass'),
      rowCounts: { check: { id: 'row-counts', status: 'fail', message: 'public.t: expected 3 rows, found 2 rows' }, mismatches: [] },
    }
    expect(conclude(manifest, differing, noLimits, now)).toMatchObject({ verdict: 'fail', level: 'restored' })
  })

  test('may show that a backup is usable although it is too old', () => {
    const old = conclude(manifest, { ...good, smoke: smoke('pass') }, { ...noLimits, maxAgeMs: hour }, now)
    expect(old).toMatchObject({ verdict: 'fail', level: 'usable' })
  })

  test('fails when the backup is too old, or its snapshot lies in the future', () => {
    expect(statuses(good, { ...noLimits, maxAgeMs: 30 * hour })['backup-age']).toBe('pass')
    const old = conclude(manifest, good, { ...noLimits, maxAgeMs: 10 * hour }, now)
    expect(old.reason).toBe(`${manifest.id}: it is 12 h old, more than 10 h.`)
    expect(conclude(manifest, good, noLimits, new Date('2026-11-21T01:00:00Z'))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('the clocks disagree'),
    })
  })

  test('fails when the recovery took longer than is acceptable', () => {
    expect(statuses(good, { ...noLimits, maxRecoveryMs: 400_000 })['recovery-time']).toBe('pass')
    expect(conclude(manifest, good, { ...noLimits, maxRecoveryMs: 300_000 }, now).reason).toBe(
      `${manifest.id}: the recovery took 6 min 12 s, more than 5 min.`,
    )
  })

  test('that broke off leaves what it did not reach unchecked', () => {
    const broken = conclude(manifest, { error: new ReleaseError('restore-failed', 'data did not load.\nmore') }, noLimits, now)
    expect(broken).toMatchObject({ verdict: 'fail', level: undefined, reason: `${manifest.id}: data did not load.` })
    expect(broken.checks.filter(({ status }) => status !== 'not-checked').map(({ id }) => id)).toEqual(['restored'])
  })

  test('that could not be made on this machine says nothing of the backup', () => {
    expect(statuses({ error: new ReleaseError('scratch-failed', 'No room.') })).toMatchObject({ restored: 'not-checked' })
  })

  test('that was stopped is inconclusive, never a pass', () => {
    expect(conclude(manifest, { ...good, error: new ReleaseError('interrupted', 'Stopped.') }, noLimits, now).verdict).toBe('inconclusive')
  })

  test.each([noLimits, { maxAgeMs: hour, maxRecoveryMs: 1000 }])('never says equal, verified or OK of counts alone', (limits) => {
    for (const findings of [good, { ...good, smoke: smoke('pass') }, { ...good, smoke: smoke('fail') }]) {
      expect(JSON.stringify(conclude(manifest, findings, limits, now))).not.toMatch(/\b(?:equal|verified|OK)\b/i)
    }
  })
})
