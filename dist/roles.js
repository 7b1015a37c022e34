import { Zt as mergeMemberships } from "./migrations.js";
// src/drill/roles.ts
const name = "(\"(?:[^\"]|\"\")+\"|[^\\s\";]+)";
/** Reads what `pg_dumpall --roles-only` wrote. Other attributes mean nothing to a restored copy. */
function parseRoles(sql) {
	const having = (attribute) => [...sql.matchAll(new RegExp(`^ALTER ROLE ${name} WITH (?:[A-Z]+ )*${attribute}\\b`, "gm"))].map(([, role = ""]) => unquote(role));
	const memberships = [...sql.matchAll(new RegExp(`^GRANT ${name} TO ${name}(?: WITH (.*?))?(?: GRANTED BY ${name})?;$`, "gm"))].map(([, role = "", member = "", options = ""]) => ({
		role: unquote(role),
		member: unquote(member),
		admin: /\bADMIN (?:OPTION|TRUE)\b/.test(options),
		inherit: !/\bINHERIT FALSE\b/.test(options),
		set: !/\bSET FALSE\b/.test(options)
	}));
	return {
		superusers: having("SUPERUSER"),
		replicators: having("REPLICATION"),
		memberships: mergeMemberships(memberships)
	};
}
/** Roles that a copy needs: those that an archive names, and those through which they have what others have. */
function stubNames(named, { memberships }) {
	return [.../* @__PURE__ */ new Set([...named, ...memberships.flatMap(({ role, member }) => [role, member])])].filter((name) => !isPredefined(name));
}
/**
* Whether a copy gets a membership. A superuser's, one of a role that replicates, or one of PostgreSQL's own roles such
* as `pg_execute_server_program` would hand the machine to whatever code a dump holds: however the source had them.
*/
function isReplayed({ role, member }, { superusers, replicators }) {
	return [role, member].every((name) => !isPredefined(name) && !superusers.includes(name) && !replicators.includes(name));
}
function isPredefined(role) {
	return role.startsWith("pg_");
}
function unquote(text) {
	return text.startsWith("\"") ? text.slice(1, -1).replaceAll("\"\"", "\"") : text;
}
export { stubNames as i, isReplayed as n, parseRoles as r, isPredefined as t };
