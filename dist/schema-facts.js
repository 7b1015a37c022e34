import { Wt as formatDuration, dt as runChild } from "./start.js";
import { wn as quoteName } from "./migrations.js";
import { r as readDatabaseFacts } from "./source-facts2.js";
import { join } from "node:path";
// src/adapters/postgres/dump-schema.ts
/** The tables are only looked at, so nobody should wait for us for long, nor we for them. */
const lockWaitMs = 5e3;
/** Writes an archive of the schema; no row leaves the server. Resolves with what `pg_dump` said when it could not. */
async function dumpSchema({ tools, archive, role, env, signal, format }) {
	const args = [
		"--schema-only",
		...format === "plain" ? ["--format=plain"] : ["--format=custom", "--compress=0"],
		`--file=${archive}`,
		"--no-password",
		"--no-comments",
		`--lock-wait-timeout=${lockWaitMs}`,
		...role === void 0 ? [] : [`--role=${role}`]
	];
	const { exitCode, stderr } = await runChild(join(tools.binDir, "pg_dump"), args, {
		env,
		signal
	});
	return exitCode === 0 ? void 0 : `pg_dump could not read the schema: ${whatItSaid(stderr)}`;
}
/** `pg_dump: error: query failed: ERROR:  permission denied for table t` says it all in its end. */
function whatItSaid(stderr) {
	if (/canceling statement due to (?:lock|statement) timeout/.test(stderr)) return `somebody held a lock on a table for ${formatDuration(lockWaitMs)}`;
	return (stderr.split("\n").find((one) => /error:/i.test(one)) ?? stderr.split("\n")[0] ?? "").replace(/^pg_dump: (?:error: )?(?:query failed: )?(?:ERROR: +)?/, "").trim() || "it was ended before it said why";
}
// src/adapters/postgres/schema-facts.ts
/** Reads, and nothing else, in a session whose search path is still the role's own. */
async function readSchemaFacts(client) {
	await client.query("begin read only");
	const { encoding, collate, ctype, extensions } = await readDatabaseFacts(client);
	const { rows: roles } = await client.query(`select rolname::text as name from pg_catalog.pg_roles where not pg_catalog.starts_with(rolname::text, 'pg_') order by rolname`);
	const { rows: session } = await client.query(`select pg_catalog.current_setting('search_path') as path, current_user::text as role`);
	await client.query("commit");
	const { path = "", role = "" } = session[0] ?? {};
	return {
		encoding,
		collate,
		ctype,
		extensions,
		roles: roles.map(({ name }) => name),
		searchPath: path.replace(/"\$user"|\$user\b/g, () => quoteName(role))
	};
}
export { dumpSchema as n, readSchemaFacts as t };
