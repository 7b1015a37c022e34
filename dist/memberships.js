import { Zt as mergeMemberships } from "./migrations.js";
// src/adapters/postgres/memberships.ts
/** Every membership on the server but those that come with it. Needs a search path that begins with `pg_catalog`. */
async function readMemberships(client) {
	const { rows } = await client.query(`
    select pg_get_userbyid(m.roleid)::text as role, pg_get_userbyid(m.member)::text as member, m.admin_option as admin,
      coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) as inherit, coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) as set
    from pg_auth_members m
    where not (pg_get_userbyid(m.roleid) ~ '^pg_' and pg_get_userbyid(m.member) ~ '^pg_')
    order by 1, 2`);
	return mergeMemberships(rows);
}
export { readMemberships as t };
