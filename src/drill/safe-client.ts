import { ReleaseError } from '../errors.ts'

/**
 * The first minor version of each major in which a crafted archive does not run code as the user of `pg_restore`
 * (CVE-2026-116314). https://www.postgresql.org/support/security/
 */
const safeMinors: Readonly<Record<number, number>> = { 14: 25, 15: 20, 16: 16, 17: 12, 18: 7 }

/** What to say of a client that a crafted archive can take over; `undefined` for a safe one. */
export function clientProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  const safe = safeMinors[major]
  if (safe === undefined ? major > 18 : minor >= safe) return undefined
  const advice = safe === undefined ? 'this major version gets no fixes' : `update to ${major}.${safe} or newer`
  return `pg_restore ${version} is open to crafted archives (CVE-2026-116314); ${advice}`
}

/** An archive that nothing of ours describes may be anybody's. Throws `unsafe-client`. */
export function refuseUnsafeClient(version: string, { ours, allowed }: { ours: boolean; allowed: boolean }): void {
  const problem = clientProblem(version)
  if (problem === undefined || ours || allowed) return
  throw new ReleaseError('unsafe-client', `The archive has no manifest of Shiplock's, and ${problem}.`, {
    hint: 'Update the PostgreSQL programs, or set allow-unsafe-client: true when you know who made the archive.',
  })
}
