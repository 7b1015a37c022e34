import { z } from 'zod'

/** A role that is a member of another one; options are what makes it more, or less, than a plain membership. */
export const membershipSchema = z.object({
  role: z.string(),
  member: z.string(),
  options: z.array(z.enum(['admin', 'no inherit', 'no set'])),
})
export type Membership = z.infer<typeof membershipSchema>

/** Who may pass a role on, has its rights without asking, and may become it: one of these is enough of several memberships. */
interface Power {
  readonly admin: boolean
  readonly inherit: boolean
  readonly set: boolean
}

/** One for each pair of roles: before 16 there can be no other, and since then several roles may grant the same. */
export function mergeMemberships(granted: readonly (Pick<Membership, 'role' | 'member'> & Power)[]): Membership[] {
  const pairs = new Map<string, Pick<Membership, 'role' | 'member'> & Power>()
  for (const one of granted) {
    const key = membershipKey(one)
    const { admin, inherit, set } = pairs.get(key) ?? { admin: false, inherit: false, set: false }
    pairs.set(key, { ...one, admin: admin || one.admin, inherit: inherit || one.inherit, set: set || one.set })
  }
  return [...pairs.values()].map(({ role, member, admin, inherit, set }) => ({
    role,
    member,
    options: [...(admin ? ['admin' as const] : []), ...(inherit ? [] : ['no inherit' as const]), ...(set ? [] : ['no set' as const])],
  }))
}

export function membershipKey({ role, member }: Pick<Membership, 'role' | 'member'>): string {
  return JSON.stringify([member, role])
}
