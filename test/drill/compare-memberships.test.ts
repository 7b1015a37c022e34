import { describe, expect, test } from 'vitest'
import type { Membership } from '../../src/backup/membership.ts'
import { describeMismatch } from '../../src/drill/compare.ts'
import { compareMemberships, type MembershipCase, unreplayed } from '../../src/drill/compare-memberships.ts'

const membership = (member: string, role: string, ...options: Membership['options']): Membership => ({ member, role, options })
const app = membership('app', 'writers', 'admin')
const monitor = membership('app', 'pg_monitor')
const roles = { superusers: ['admin'], replicators: [], memberships: [app, monitor] }
const sound: MembershipCase = { expected: [app, monitor], found: [app], roles, hasOwners: true }

function compared(change: Partial<MembershipCase>) {
  const { check, mismatches } = compareMemberships({ ...sound, ...change })
  return { ...check, mismatches: mismatches.map(describeMismatch) }
}

describe('memberships', () => {
  test('pass as the copy has them, and as text where a copy never gets them', () => {
    expect(compared({})).toEqual({ id: 'memberships', status: 'pass', value: '2 memberships, 1 of them as text alone', mismatches: [] })
    expect(unreplayed(sound.expected, roles)).toEqual(['membership of app in pg_monitor'])
  })

  test.each<[what: string, change: Partial<MembershipCase>, difference: string]>([
    ['that the copy lacks', { found: [] }, 'membership of app in writers: expected there, with admin, not found'],
    [
      'that may no longer be passed on',
      { found: [membership('app', 'writers')] },
      'membership of app in writers: expected there, with admin, found there',
    ],
    [
      'that nobody had',
      { found: [app, membership('guest', 'writers')] },
      'membership of guest in writers: found there, the manifest does not know it',
    ],
    [
      'that only a text tells, and no longer does',
      { roles: { ...roles, memberships: [app] } },
      'membership of app in pg_monitor: expected there, not found',
    ],
    [
      'that only a text tells, and nobody had',
      { expected: [app] },
      'membership of app in pg_monitor: found there, the manifest does not know it',
    ],
  ])('differ by one %s', (_, change, difference) => {
    expect(compared(change)).toMatchObject({ status: 'fail', mismatches: [difference] })
  })

  test.each<[Partial<MembershipCase>, string]>([
    [{ expected: undefined }, 'the backup does not tell them'],
    [{ roles: undefined, found: [] }, 'no roles are kept beside the dump'],
    [{ hasOwners: false, found: [] }, 'roles were not restored here'],
  ])('are not checked where there is nothing to compare: %j', (change, message) => {
    expect(compared(change)).toEqual({ id: 'memberships', status: 'not-checked', message, mismatches: [] })
  })
})
