// src/drill/roles.ts
const name = "(\"(?:[^\"]|\"\")+\"|[^\\s\";]+)";
/** Reads what `pg_dumpall --roles-only` wrote. Other attributes mean nothing to a restored copy. */
function parseRoles(sql) {
	return {
		superusers: [...sql.matchAll(new RegExp(`^ALTER ROLE ${name} WITH SUPERUSER\\b`, "gm"))].map(([, role = ""]) => unquote(role)),
		memberships: [...sql.matchAll(new RegExp(`^GRANT ${name} TO ${name}[ ;]`, "gm"))].map(([, role = "", member = ""]) => ({
			role: unquote(role),
			member: unquote(member)
		}))
	};
}
/** Roles that a copy needs: those that an archive names, and those through which they have what others have. */
function stubNames(named, { memberships }) {
	return [.../* @__PURE__ */ new Set([...named, ...memberships.flatMap(({ role, member }) => [role, member])])].filter((name) => !isPredefined(name));
}
/**
* Memberships that a copy gets. A superuser's, or one of PostgreSQL's own roles such as `pg_execute_server_program`,
* would hand the machine to whatever code a dump holds: they are never among them, however the source had them.
*/
function grantedMemberships({ superusers, memberships }, stubs) {
	const may = new Set(stubs.filter((stub) => !isPredefined(stub) && !superusers.includes(stub)));
	return memberships.filter(({ role, member }) => may.has(role) && may.has(member));
}
function isPredefined(role) {
	return role.startsWith("pg_");
}
function unquote(text) {
	return text.startsWith("\"") ? text.slice(1, -1).replaceAll("\"\"", "\"") : text;
}
export { stubNames as i, isPredefined as n, parseRoles as r, grantedMemberships as t };
