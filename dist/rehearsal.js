import { a as esm_default, t as openClient } from "./client3.js";
import { n as missingExtensions } from "./extensions.js";
import { H as asReleaseError, Wt as formatDuration, un as ReleaseError, y as parseStatements } from "./start.js";
import { r as makeWorkspace } from "./workspace.js";
import { n as dumpSchema, t as readSchemaFacts } from "./schema-facts.js";
import { in as lockModes } from "./migrations.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { m as withoutValue } from "./smoke-session.js";
import { t as makeScratchCluster } from "./scratch.js";
import { i as assumeRole } from "./session2.js";
import { t as findTools } from "./tools.js";
import { t as _usingCtx } from "./usingCtx.js";
import { join } from "node:path";
// src/adapters/time-limit.ts
/** Starts to count at once. */
function timeLimit(ms, run) {
	const controller = new AbortController();
	const end = () => controller.abort();
	const timer = setTimeout(end, ms);
	run.addEventListener("abort", end, { once: true });
	if (run.aborted) end();
	return {
		signal: controller.signal,
		reason() {
			if (run.aborted) return "the run was stopped";
			return controller.signal.aborted ? `it took longer than ${formatDuration(ms)}` : void 0;
		},
		[Symbol.dispose]() {
			clearTimeout(timer);
			run.removeEventListener("abort", end);
		}
	};
}
// src/migration/rehearsal.ts
/** The weakest mode that conflicts with whatever any of these conflicts with. */
function coveringMode(modes) {
	const strongest = lockModes.findLast((mode) => modes.includes(mode)) ?? "AccessShare";
	const besideShare = modes.includes("RowExclusive") || modes.includes("ShareUpdateExclusive");
	return strongest === "Share" && besideShare ? "ShareRowExclusive" : strongest;
}
// src/adapters/postgres/held-locks.ts
const kinds = {
	r: "table",
	p: "table",
	v: "view",
	m: "materialized view",
	f: "foreign table",
	i: "index",
	I: "index",
	S: "sequence"
};
/** The relations of user schemas by object id: what has been dropped can be named by such a list alone. */
async function userRelations(client) {
	const { rows } = await client.query(`select c.oid::text as id, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.relkind::text operator(pg_catalog.=) any ($1::text[])
       and not pg_catalog.starts_with(n.nspname::text, 'pg_') and n.nspname operator(pg_catalog.<>) 'information_schema'`, [Object.keys(kinds)]);
	return new Map(rows.map(({ id, kind, ...named }) => [id, {
		...named,
		kind: kinds[kind]
	}]));
}
/** What a transaction of another session holds at this moment of these relations, one entry each. */
async function heldLocks(client, pid, relations) {
	const { rows } = await client.query(`select l.relation::text as id, l.mode from pg_catalog.pg_locks l
     where l.pid operator(pg_catalog.=) $1 and l.granted and l.locktype operator(pg_catalog.=) 'relation'
       and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d where d.datname operator(pg_catalog.=) pg_catalog.current_database())`, [pid]);
	const modes = /* @__PURE__ */ new Map();
	for (const { id, mode } of rows) {
		const known = lockModes.find((one) => `${one}Lock` === mode);
		if (known !== void 0) modes.set(id, [...modes.get(id) ?? [], known]);
	}
	return [...relations].flatMap(([id, relation]) => {
		const taken = modes.get(id);
		return taken === void 0 ? [] : [{
			...relation,
			mode: coveringMode(taken)
		}];
	});
}
// src/adapters/postgres/rehearsal.ts
const longestMs = 6e4;
/**
* Copies the schema, without a row, into a scratch cluster of the same major version. Reads from the database, and
* never installs anything. Whatever keeps it from working is the answer; only a bug is thrown.
*/
async function makeRehearsal(surroundings) {
	const limit = timeLimit(surroundings.limitMs ?? longestMs, surroundings.signal);
	try {
		return await copySchema(surroundings, limit);
	} catch (error) {
		const reason = limit.reason() ?? reasonOf(error);
		limit[Symbol.dispose]();
		return { notPossible: reason };
	}
}
async function copySchema(surroundings, limit) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { roots, env, say, binDir } = surroundings;
		const { signal } = limit;
		const folder = _usingCtx$1.a(await makeWorkspace({ roots }));
		const archive = join(folder.path, "schema");
		const { major, ...facts } = await dumpSource(surroundings, archive, signal);
		const { roles, ...place } = facts;
		const cluster = await makeScratchCluster({
			...place,
			major,
			ours: true,
			binDir,
			install: false,
			roots,
			env,
			say,
			signal
		});
		try {
			await cluster.stubRoles(roles);
			const missing = missingExtensions(await cluster.prepareExtensions(facts.extensions));
			if (missing.length > 0) throw impossible(`the copy would lack extensions that are not to be had here: ${missing.join(", ")}`);
			await cluster.restore(archive, "pre-data", signal);
			await cluster.restore(archive, "post-data", signal);
			const leftOut = await cluster.notRestored(archive);
			if (leftOut.length > 0) say(`the copy for the rehearsal is without what only a superuser can make: ${leftOut.join(", ")}`);
			return new CopiedSchema(cluster, facts.searchPath, limit);
		} catch (error) {
			await cluster[Symbol.asyncDispose]();
			throw error;
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Password and certificates are gone before anything that came from the database is run. */
async function dumpSource({ database, applicationName, roots, env, say, binDir }, archive, signal) {
	try {
		var _usingCtx3 = _usingCtx();
		const source = _usingCtx3.a(await openClient({
			...database,
			applicationName
		}));
		const major = source.serverMajor;
		const giveUp = () => void source[Symbol.asyncDispose]();
		signal.addEventListener("abort", giveUp, { once: true });
		try {
			try {
				var _usingCtx4 = _usingCtx();
				await assumeRole(source.client, database.role);
				const facts = await readSchemaFacts(source.client);
				const search = {
					binDir,
					install: false,
					major,
					env,
					say
				};
				const server = await findTools({
					...search,
					set: "server"
				});
				if (server.major !== major) throw impossible(`this machine has PostgreSQL ${server.version}, and the server has ${major}`);
				const tools = await findTools({
					...search,
					set: "client"
				});
				const secrets = _usingCtx4.a(await makeWorkspace({ roots }));
				const libpq = await libpqEnvironment({
					database,
					encrypted: source.encrypted,
					applicationName,
					env,
					folder: secrets.path
				});
				const problem = await dumpSchema({
					tools,
					archive,
					role: database.role,
					env: libpq,
					signal
				});
				if (problem !== void 0) throw impossible(problem);
				return {
					...facts,
					major
				};
			} catch (_) {
				_usingCtx4.e = _;
			} finally {
				await _usingCtx4.d();
			}
		} finally {
			signal.removeEventListener("abort", giveUp);
		}
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
var CopiedSchema = class {
	#cluster;
	#searchPath;
	#limit;
	constructor(cluster, searchPath, limit) {
		this.#cluster = cluster;
		this.#searchPath = searchPath;
		this.#limit = limit;
	}
	async run(migrations) {
		const outcomes = [];
		for (const { sql, transactional } of migrations) outcomes.push(await this.#failing(() => transactional ? this.#locksOf(sql) : this.#runAlone(sql)));
		return outcomes;
	}
	async [Symbol.asyncDispose]() {
		this.#limit[Symbol.dispose]();
		await this.#cluster[Symbol.asyncDispose]();
	}
	/** A second session looks, so that nothing which the migration did to its own can mislead us. */
	async #locksOf(sql) {
		try {
			var _usingCtx5 = _usingCtx();
			const observer = _usingCtx5.a(await this.#cluster.connect());
			const relations = await userRelations(observer.client);
			const worker = _usingCtx5.a(await this.#worker());
			await worker.client.query(`begin;\n${sql}\n;set constraints all immediate`);
			const locks = await heldLocks(observer.client, worker.pid, relations);
			await worker.client.query("commit");
			return { locks };
		} catch (_) {
			_usingCtx5.e = _;
		} finally {
			await _usingCtx5.d();
		}
	}
	async #runAlone(sql) {
		try {
			var _usingCtx6 = _usingCtx();
			const parsed = await parseStatements(sql);
			const statements = "statements" in parsed ? parsed.statements : [];
			const worker = _usingCtx6.a(await this.#worker());
			for (const { start, end } of statements) await worker.client.query(sql.slice(start, end));
			return { failed: "runs outside a transaction" };
		} catch (_) {
			_usingCtx6.e = _;
		} finally {
			await _usingCtx6.d();
		}
	}
	/** A session of its own for each, as a setting of one must not reach the next. */
	async #worker() {
		const worker = await this.#cluster.connect();
		await worker.client.query({
			text: `select pg_catalog.set_config('search_path', $1, false)`,
			values: [this.#searchPath]
		});
		return worker;
	}
	async #failing(work) {
		const over = this.#limit.reason();
		if (over !== void 0) return { failed: over };
		try {
			return await work();
		} catch (error) {
			return { failed: this.#limit.reason() ?? reasonOf(error) };
		}
	}
};
function impossible(reason) {
	return new ReleaseError("scratch-failed", reason);
}
/** One line, without a full stop. Throws what is a bug. */
function reasonOf(error) {
	return textOf(error).replaceAll(/\s*\n\s*/g, " ").replace(/\.$/, "");
}
function textOf(error) {
	if (error instanceof esm_default.DatabaseError) return `${withoutValue(error.message)} (SQLSTATE ${error.code})`;
	const known = asReleaseError(error);
	if (known.code === "internal-error") throw error;
	return known.message;
}
export { makeRehearsal };
