import type { Person } from './environment.ts'

/** Who stands behind a login. GitHub ends the logins of its apps with a mark that no person can have. */
export function personOf(login: string | undefined, id: string | number | undefined): Person | undefined {
  if (!login) return undefined
  const known = id === undefined || id === '' ? undefined : Number(id)
  return { login, id: Number.isSafeInteger(known) ? known : undefined, bot: login.endsWith('[bot]') }
}
