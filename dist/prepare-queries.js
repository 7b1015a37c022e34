import { a as esm_default, t as openClient } from "./client3.js";
import { pn as systemCode } from "./start.js";
import { i as assumeRole } from "./session2.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/adapters/postgres/prepare-queries.ts
/** Longest time for one query: preparing waits for locks on what the query names. */
const limitMs = 1e4;
/**
* Asks the server to prepare queries, each in a read-only transaction that is rolled back, with the search path that the
* role has. Nothing is executed. ON CONFLICT finds its index only when a plan is made, so that such a query is planned too.
*/
async function prepareQueries(queries, database, applicationName) {
	try {
		var _usingCtx$1 = _usingCtx();
		const session = _usingCtx$1.a(await openClient({
			...database,
			applicationName
		}));
		await assumeRole(session.client, database.role);
		const answers = [];
		for (const sql of queries) answers.push(await prepareOne(session.client, sql));
		return answers;
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function prepareOne(client, sql) {
	await client.query(`begin transaction read only; set local statement_timeout = ${limitMs}; set local lock_timeout = ${limitMs}`);
	try {
		await client.query({
			text: `prepare shiplock_query as ${sql}`,
			queryMode: "extended"
		});
		if (/\bon\s+conflict\b/i.test(sql)) await plan(client);
		return { state: "prepared" };
	} catch (error) {
		if (!(error instanceof esm_default.DatabaseError)) throw error;
		return judged(error);
	} finally {
		await client.query("rollback; deallocate all").catch(() => {});
	}
}
/** EXPLAIN plans, and runs nothing. */
async function plan(client) {
	const { rows } = await client.query("select coalesce(pg_catalog.cardinality(parameter_types), 0) as count from pg_catalog.pg_prepared_statements where name = 'shiplock_query'");
	const count = rows[0]?.count ?? 0;
	const values = count === 0 ? "" : `(${Array.from({ length: count }, () => "null").join(", ")})`;
	await client.query(`set local plan_cache_mode = force_generic_plan; explain execute shiplock_query${values}`);
}
/** What the server could not do for reasons that say nothing of the schema is not held against the query. */
function judged(error) {
	const code = systemCode(error) ?? "";
	const { message } = error;
	if (code === "42601" && !/than (?:target columns|expressions)|same number of columns/.test(message)) return {
		state: "not-tried",
		because: `it is no statement that can be prepared (${message})`
	};
	if (code === "42P18" || code === "42P08") return {
		state: "not-tried",
		because: `the type of a parameter is not told (${message})`
	};
	if (code === "57014" || code === "55P03") return {
		state: "not-tried",
		because: `it took longer than ${limitMs / 1e3} s (${message})`
	};
	return {
		state: "failed",
		code,
		message
	};
}
export { prepareQueries };
