import { un as ReleaseError } from "./start.js";
import { t as schemaFromDump } from "./from-dump.js";
import { n as searchPathOf } from "./replay.js";
import { r as makeWorkspace } from "./workspace.js";
import { t as openClient } from "./client3.js";
import { n as dumpSchema, t as readSchemaFacts } from "./schema-facts.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { i as assumeRole } from "./session2.js";
import { t as findTools } from "./tools.js";
import { t as _usingCtx } from "./usingCtx.js";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
// src/adapters/postgres/read-schema.ts
/** Reads the schema of a live database, and no row. Throws `schema-not-read`. */
async function readSchema(surroundings) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { database, applicationName, roots, env, say, binDir, install, signal } = surroundings;
		const source = _usingCtx$1.a(await openClient({
			...database,
			applicationName
		}));
		await assumeRole(source.client, database.role);
		const { searchPath } = await readSchemaFacts(source.client);
		const tools = await findTools({
			binDir,
			install,
			major: source.serverMajor,
			set: "client",
			env,
			say
		});
		const folder = _usingCtx$1.a(await makeWorkspace({ roots }));
		const libpq = await libpqEnvironment({
			database,
			encrypted: source.encrypted,
			applicationName,
			env,
			folder: folder.path
		});
		const archive = join(folder.path, "schema.sql");
		const problem = await dumpSchema({
			tools,
			archive,
			role: database.role,
			env: libpq,
			signal,
			format: "plain"
		});
		signal.throwIfAborted();
		if (problem !== void 0) throw notRead(problem);
		const { rows } = await source.client.query(invalidIndexes);
		const { rows: filled } = await source.client.query("select schemaname::text as schema, matviewname::text as name from pg_catalog.pg_matviews where ispopulated");
		const { rows: settings } = await source.client.query(`select pg_catalog.current_setting('TimeZone') as zone`);
		const read = await schemaFromDump({
			script: await readFile(archive, "utf8"),
			invalidIndexes: rows,
			filledViews: filled,
			searchPath: searchPathOf(searchPath),
			timeZone: settings[0]?.zone
		});
		if ("problem" in read) throw notRead(`the parser does not accept what pg_dump wrote (${read.problem.message})`);
		return read.schema;
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Those of partitioned tables are written, and are invalid in the model for the same reason. */
const invalidIndexes = `
  select n.nspname::text as schema, c.relname::text as name, pg_catalog.pg_get_indexdef(i.indexrelid) as definition
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
  where not i.indisvalid and c.relkind operator(pg_catalog.=) 'i' and c.relpersistence operator(pg_catalog.<>) 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  order by 1, 2`;
function notRead(reason) {
	return new ReleaseError("schema-not-read", `The schema of the database could not be read: ${reason}.`, { hint: "The role needs usage of every schema and select on every table; or leave schema-from out, and the schema is read from the migrations." });
}
export { readSchema };
