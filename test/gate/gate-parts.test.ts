import { expect, test } from 'vitest'
import { ReleaseError } from '../../src/errors.ts'
import { judgeHours } from '../../src/gate/busy-hours.ts'
import type { PlanContract } from '../../src/gate/digest.ts'
import { plansBefore } from '../../src/gate/earlier-attempt.ts'
import { concludeParts, type PartOutcome } from '../../src/gate/part.ts'
import { parseQuietHours, type QuietHours } from '../../src/gate/quiet-hours.ts'
import { notesOfCommand, releaseNotes } from '../../src/gate/release-notes.ts'
import { uncoveredNotes } from '../../src/gate/uncovered.ts'
import { goose } from '../../src/migration/layouts/goose.ts'

const hours = parseQuietHours('22:00-06:00 Europe/Berlin') as QuietHours
const noon = new Date('2026-11-20T11:00:00Z')
const night = new Date('2026-11-20T23:00:00Z')
const slow = { id: '7_backfill', durationMs: 240_000 }
const judged = { hours, pending: [slow], longMs: 30_000, now: noon, allowed: undefined }

test('a long migration outside the quiet hours stops, and the next window is named', () => {
  const { checks, error, details } = judgeHours(judged)
  expect(checks).toMatchObject([{ id: 'quiet-hours', status: 'fail', value: 'Fri 12:00 Europe/Berlin' }])
  expect(error?.code).toBe('outside-quiet-hours')
  expect(error?.message).toBe(
    'It is Fri 12:00 Europe/Berlin, and 7_backfill (4 min) would take longer than 30.0 s: that is for the quiet hours (22:00-06:00 Europe/Berlin); they begin again at Fri 22:00 Europe/Berlin (2026-11-20 21:00:00 UTC).',
  )
  expect(details.opensAt).toBe('2026-11-20T21:00:00.000Z')
})

test('it may begin in the quiet hours, and what would end after them is said', () => {
  expect(judgeHours({ ...judged, now: night })).toMatchObject({ checks: [{ status: 'pass' }], notes: [] })
  const late = judgeHours({ ...judged, now: new Date('2026-11-21T04:58:00Z') })
  expect(late).toMatchObject({
    checks: [{ status: 'pass' }],
    notes: [expect.stringMatching(/expected to take 4 min, and would end after/)],
  })
})

test('a reason lets it begin in busy hours, which is no tick', () => {
  const allowed = { reason: 'the disk is filling up', by: 'ada' }
  const { checks, error, details } = judgeHours({ ...judged, allowed })
  expect(checks).toMatchObject([{ status: 'not-checked', message: expect.stringContaining('by ada: the disk is filling up') }])
  expect([error, details.busyHoursAllowed]).toEqual([undefined, allowed])
})

test('what is short passes at any time, and what nobody measured is only noted', () => {
  expect(judgeHours({ ...judged, pending: [{ id: '8_a', durationMs: 30_000 }] })).toMatchObject({ checks: [{ status: 'pass' }], notes: [] })
  expect(judgeHours({ ...judged, pending: [{ id: '8_a', durationMs: undefined }] })).toMatchObject({
    checks: [{ status: 'pass' }],
    notes: ['How long 8_a takes is not known: no run of it was recorded.'],
  })
})

const part = (status: 'pass' | 'fail' | 'not-checked', error?: ReleaseError): PartOutcome => ({
  checks: [{ id: status, status }],
  notes: [],
  details: {},
  ...(error === undefined ? {} : { error }),
})
const unclear = new ReleaseError('github-unreachable', 'GitHub did not answer.')
const changed = new ReleaseError('plan-changed', 'The plan changed.')

test.each([
  ['pass', [part('pass'), part('not-checked')], undefined],
  ['inconclusive', [part('pass'), part('not-checked', unclear)], unclear],
  ['fail', [part('not-checked', unclear), part('fail', changed)], changed],
  // a part may fail by its checks alone: the other's exit status must not take its place
  ['fail', [part('not-checked', unclear), part('fail')], undefined],
] as const)('the worst answer counts: %s', (verdict, parts, error) => {
  const concluded = concludeParts(parts)
  expect([concluded.verdict, concluded.error]).toEqual([verdict, error])
  const isSaid = error === unclear || concluded.details.notes.some((note: string) => note.includes('GitHub did not answer'))
  expect(isSaid).toBe(parts.some((one) => one.error === unclear))
})

test('values that files take from the environment are not covered by the digest, which is said', () => {
  const read = (text: string) => {
    const file = { path: 'db/migrations/00001_a.sql', name: '00001_a.sql', bytes: new TextEncoder().encode(text) }
    return goose.read([file], 'pre', { TABLE: 'users' })
  }
  const [plain, taking] = [read('-- +goose Up\ndrop table a;\n'), read('-- +goose Up\n-- +goose ENVSUB ON\ndrop table $TABLE;\n')]
  expect(uncoveredNotes(plain)).toEqual([])
  expect(uncoveredNotes(taking)).toEqual(['00001_a takes values from the environment; the digest does not cover them.'])
  expect(uncoveredNotes([{ id: 'R__v', version: 'R:v:1', takesVariables: true }])).toEqual([])
})

test('the plan that a release began with is the present one with its own migrations taken back', () => {
  const migration = (version: string) => ({ id: version, version, phase: 'pre' as const, checksum: version, transactional: true })
  const now: PlanContract = {
    environment: 'production',
    phase: 'pre',
    layout: 'plain',
    folders: [],
    tables: [{ table: 'l', head: '2/2' }],
    stamp: 'id',
    migrations: [migration('10')],
    policy: {},
  }
  const run = { applied: [migration('9')], heads: [{ table: 'l', head: '0/', empty: true }] }
  const [before, ...others] = plansBefore(now, { ...run, isFirst: false })
  expect(others).toEqual([])
  expect(before).toEqual({ ...now, tables: [{ table: 'l', head: '0/' }], migrations: [migration('9'), migration('10')] })
  expect(plansBefore(now, { ...run, isFirst: true }).map(({ stamp, tables }) => `${stamp} ${tables[0]?.head}`)).toEqual([
    'id 0/',
    'null 0/',
    'id none',
    'null none',
  ])
})

test('release notes call out what is long and what is destructive, in plain words', () => {
  const calm = {
    id: '1_a',
    phase: 'pre' as const,
    long: false,
    expected: { durationMs: 20, environment: 'staging' },
    destructive: undefined,
  }
  const notes = releaseNotes({
    release: 'v2',
    longMs: 30_000,
    migrations: [
      calm,
      { ...calm, id: '2_fill', long: true, expected: { durationMs: 240_000, environment: 'staging' } },
      { ...calm, id: '3_drop', phase: 'post', destructive: 'DROP TABLE', expected: undefined },
    ],
  })
  expect(notes).toMatchInlineSnapshot(`
    "**Database:** v2 runs 3 migrations: 2 before the deploy, 1 after it, when no old code is left.

    **Long migrations** (over 30.0 s): \`2_fill\` took 4 min in staging (before the deploy). Deploy off-peak, and expect a service that migrates when it starts to be away for as long.

    **Destructive migrations:** \`3_drop\` (after the deploy): DROP TABLE. Whatever they remove or overwrite comes back only from a backup.

    How long \`3_drop\` takes has not been measured."
  `)
  expect(releaseNotes({ release: 'v2', longMs: 1, migrations: [calm] })).toMatchInlineSnapshot(`
    "**Database:** v2 runs 1 migration: 1 before the deploy.

    None of them is long or destructive."
  `)
  const post = { ...calm, phase: 'post' as const }
  expect(releaseNotes({ release: 'v2', longMs: 1, migrations: [post] })).toContain('1 after the deploy, when no old code is left')
  expect(releaseNotes({ release: 'v2', longMs: 1, migrations: [] })).toBe('v2 changes nothing in the database.')
  expect(notesOfCommand('v2')).toContain('is not known to Shiplock')
})
