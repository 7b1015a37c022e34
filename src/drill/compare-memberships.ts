import { type Membership, membershipKey } from '../backup/membership.ts'
import { plural } from '../units.ts'
import { type Comparison, comparisonOf } from './compare.ts'
import { isReplayed, type RoleFacts } from './roles.ts'

/** Memberships of a source and of its copy. */
export interface MembershipCase {
  /** Absent in a backup that does not tell them. */
  readonly expected: readonly Membership[] | undefined
  readonly found: readonly Membership[]
  /** What lies beside the dump; absent where no roles were kept. */
  readonly roles: RoleFacts | undefined
  /** Whether the copy has the roles of the source. */
  readonly hasOwners: boolean
}

/**
 * Compares who is a member of what: as the copy has it, and where a copy never gets a membership as the roles beside the
 * dump say it, from which people would restore it.
 */
export function compareMemberships({ expected, found, roles, hasOwners }: MembershipCase): Comparison {
  if (!hasOwners) return notCompared('roles were not restored here')
  if (roles === undefined) return notCompared('no roles are kept beside the dump')
  if (expected === undefined) return notCompared('the backup does not tell them')
  const textOnly = roles.memberships.filter((one) => !isReplayed(one, roles))
  const there = byPair(expected)
  const here = byPair([...found, ...textOnly])
  const mismatches = [...new Set([...there.keys(), ...here.keys()])]
    .filter((pair) => describeOptions(there.get(pair)) !== describeOptions(here.get(pair)))
    .sort()
    .map((pair) => ({
      object: describeMembership((there.get(pair) ?? here.get(pair)) as Membership),
      expected: describeOptions(there.get(pair)),
      found: describeOptions(here.get(pair)),
    }))
  const asText = expected.filter((one) => !isReplayed(one, roles)).length
  const except = asText === 0 ? '' : `, ${asText} of them as text alone`
  return comparisonOf('memberships', mismatches, `${plural(expected.length, 'membership')}${except}`)
}

/** Memberships that a copy never gets, as people know them. */
export function unreplayed(expected: readonly Membership[] = [], roles: RoleFacts | undefined): readonly string[] {
  return roles === undefined ? [] : expected.filter((one) => !isReplayed(one, roles)).map(describeMembership)
}

function byPair(memberships: readonly Membership[]): ReadonlyMap<string, Membership> {
  return new Map(memberships.map((one) => [membershipKey(one), one]))
}

function describeMembership({ role, member }: Membership): string {
  return `membership of ${member} in ${role}`
}

function describeOptions(membership: Membership | undefined): string | undefined {
  if (membership === undefined) return undefined
  return membership.options.length === 0 ? 'there' : `there, with ${[...membership.options].sort().join(', ')}`
}

function notCompared(message: string): Comparison {
  return { check: { id: 'memberships', status: 'not-checked', message }, mismatches: [] }
}
