import type pg from 'pg'
import { type Membership, mergeMemberships } from '../../backup/membership.ts'

/** Every membership on the server but those that come with it. Needs a search path that begins with `pg_catalog`. */
export async function readMemberships(client: pg.Client): Promise<Membership[]> {
  const { rows } = await client.query<Parameters<typeof mergeMemberships>[0][number]>(`
    select pg_get_userbyid(m.roleid)::text as role, pg_get_userbyid(m.member)::text as member, m.admin_option as admin,
      coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) as inherit, coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) as set
    from pg_auth_members m
    where not (pg_get_userbyid(m.roleid) ~ '^pg_' and pg_get_userbyid(m.member) ~ '^pg_')
    order by 1, 2`)
  return mergeMemberships(rows)
}
