import { n as sessionSettings, r as esm_default, t as openClient } from "./client.js";
import { r as describeConnection } from "./connection.js";
import { n as messageOf, r as systemCode, t as ReleaseError } from "./errors.js";
import { d as object, f as string, i as array, o as date, r as _enum } from "./schemas.js";
import { n as quoteTable, r as quoteText, t as quoteName } from "./ledger.js";
import { n as utf16FromCodePoints } from "./position.js";
import { r as formatDuration } from "./units.js";
import { a as readIdentity, i as openSession, n as applicationName, o as refusePooler, r as assumeRole, s as refuseReplica, t as advisoryKey } from "./session2.js";
// src/adapters/postgres/ledger-tables.ts
/** One table when the layout lets both phases share it, else one a phase. */
async function locateTables(client, options, stateSchema) {
	const { layout } = options;
	const [first = "", second] = options.table?.split(".") ?? [];
	const table = second ?? (options.table === void 0 ? layout.table.table : first);
	const schema = second === void 0 ? layout.table.schema === "state" ? stateSchema : layout.table.schema : first;
	const locate = async (name, phase) => {
		return {
			...await locate1(client, schema, name),
			phase
		};
	};
	if (layout.sharesTable) return [await locate(table, void 0)];
	const pre = await locate(table, "pre");
	return [pre, {
		...await locate1(client, pre.table.schema, `${table}_post`),
		phase: "post"
	}];
}
/** Without a schema, the first of the role's own search path that has the table, as the tool itself would find it. */
async function locate1(client, schema, name) {
	const path = await ownSearchPath(client);
	const { rows } = await client.query(`select n.nspname::text as schema from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and c.relkind in ('r', 'p') and n.nspname = any($2::text[])
     order by pg_catalog.array_position($2::text[], n.nspname::text) limit 1`, [name, schema === void 0 ? path : [schema]]);
	const found = rows[0]?.schema;
	const home = found ?? schema ?? path[0];
	if (home === void 0) throw new ReleaseError("insufficient-rights", `There is no schema in the role's search_path where the version table ${name} could stand.`, { hint: "Name it with its schema: migrations.table: app.goose_db_version." });
	return {
		table: {
			schema: home,
			table: name
		},
		exists: found !== void 0
	};
}
/** The schemas that the role would search if our own session had not pinned its path. */
async function ownSearchPath(client) {
	await client.query("begin; set local search_path to default");
	const { rows } = await client.query("select pg_catalog.current_schemas(false)::text[] as schemas");
	await client.query("commit");
	return rows[0]?.schemas ?? [];
}
const ledgerRow = object({
	version: string(),
	phase: _enum(["pre", "post"]).nullable(),
	checksum: string().nullable(),
	applied_at: date().nullable()
});
async function readEntries(client, tables, { layout, project }) {
	const entries = [];
	for (const { table, exists, phase } of tables) {
		if (!exists) continue;
		const { rows } = await queryLedger(client, table, layout.ledger.select(table, { project }));
		for (const row of ledgerRows(rows, table)) entries.push({
			version: row.version,
			phase: row.phase ?? phase,
			checksum: row.checksum ?? void 0,
			appliedAt: row.applied_at ?? void 0
		});
	}
	return entries;
}
function ledgerRows(rows, table) {
	const parsed = array(ledgerRow).safeParse(rows);
	if (parsed.success) return parsed.data;
	throw new ReleaseError("unknown-layout", `The version table ${quoteTable(table)} holds a row that this layout does not write.`, {
		hint: "Check migrations.layout and migrations.table; somebody may have edited the table by hand.",
		cause: parsed.error
	});
}
async function readHeads(client, tables, { layout, project }) {
	const heads = [];
	for (const { table, exists } of tables) {
		const head = exists ? await readHead(client, table, layout.ledger.head(table, { project })) : "none";
		heads.push({
			table: `${table.schema}.${table.table}`,
			head
		});
	}
	return heads;
}
async function readHead(client, table, sql) {
	const { rows } = await queryLedger(client, table, `select (${sql})::text as head`);
	return String(rows[0]?.head);
}
/** SQL that fails, by a division by zero, when the table's head is no longer the expected one. */
function headCheck(head, sql) {
	return `select pg_catalog.int4div(1, case when (${sql})::pg_catalog.text operator(pg_catalog.=) ${quoteText(head)} then 1 else 0 end)`;
}
async function queryLedger(client, table, sql) {
	try {
		return await client.query(sql);
	} catch (error) {
		const code = systemCode(error);
		if (code === "42501") throw new ReleaseError("insufficient-rights", `The role may not read the version table ${quoteTable(table)}.`, {
			hint: `A DBA runs: grant select, insert on ${quoteTable(table)} to the role of the connection.`,
			cause: error
		});
		if (code === "42703" || code === "42883") throw new ReleaseError("unknown-layout", `The version table ${quoteTable(table)} does not have the columns of this layout.`, {
			hint: "Check migrations.layout and migrations.table.",
			cause: error
		});
		throw error;
	}
}
// src/adapters/postgres/executor.ts
/** Opens the worker. Throws `pooler-detected` when both connections turn out to be one server process. */
async function openExecutor(surroundings) {
	const worker = await openWorker(surroundings);
	try {
		refusePooler(worker, surroundings.observer());
		return await executorOn(worker, surroundings);
	} catch (error) {
		await worker[Symbol.asyncDispose]();
		throw error;
	}
}
async function executorOn(worker, surroundings) {
	const { role = "", login = "" } = (await worker.client.query("select current_user::text as role, session_user::text as login")).rows[0] ?? {};
	const known = await readEntries(surroundings.observer().client, surroundings.tables, surroundings.options);
	return new PostgresExecutor(surroundings, worker, `set local session authorization default;\nset local role ${role === login ? "none" : quoteName(role)}`, new Set(known.map((entry) => entry.version)));
}
/** The observer's heartbeat, and how long an answer may take: together well below the 90 s that settling may need. */
const heartbeatMs = 15e3;
const silenceMs = 45e3;
/** How long an old session may take to disappear after the network broke. */
const settleMs = 9e4;
var PostgresExecutor = class {
	restoreRole;
	#surroundings;
	#known;
	#worker;
	constructor(surroundings, worker, restoreRole, known) {
		this.#surroundings = surroundings;
		this.#worker = worker;
		this.restoreRole = restoreRole;
		this.#known = known;
	}
	get #observer() {
		return this.#surroundings.observer().client;
	}
	get #schema() {
		return quoteName(this.#surroundings.stateSchema);
	}
	async send(sql, signal) {
		const { client, pid, lost } = this.#worker;
		const reason = lost();
		if (reason !== void 0) return {
			state: "lost",
			reason
		};
		const cancel = () => {
			this.#observer.query("select pg_catalog.pg_cancel_backend($1)", [pid]).catch(() => client.end());
		};
		if (signal.aborted) return {
			state: "failed",
			failure: {
				sqlstate: "57014",
				message: "not started",
				detail: void 0,
				hint: void 0,
				position: void 0,
				completed: 0
			}
		};
		signal.addEventListener("abort", cancel, { once: true });
		const stopWatching = this.#watch(client);
		try {
			return await sendMessage(client, sql);
		} finally {
			stopWatching();
			signal.removeEventListener("abort", cancel);
		}
	}
	async resetSession() {
		const { client, serverMajor } = this.#worker;
		const { connection, role } = this.#surroundings.database;
		await client.query("discard all");
		await client.query(sessionSettings(serverMajor, connection));
		await assumeRole(client, role);
		await lockWorker(this.#worker, this.#surroundings);
	}
	async guard(migration) {
		const { options, tables } = this.#surroundings;
		if (!options.layout.writtenByTool) return [];
		const { table } = this.#tableOf(migration);
		const sql = options.layout.ledger.head(table, { project: options.project });
		const head = await readHead(this.#observer, table, sql);
		const entries = await readEntries(this.#observer, tables, options);
		const moved = entries.length !== this.#known.size || entries.some((entry) => !this.#known.has(entry.version));
		return [`lock table ${quoteTable(table)} in share row exclusive mode`, headCheck(moved ? "moved" : head, sql)];
	}
	record(migration) {
		const { options } = this.#surroundings;
		return `${options.layout.ledger.record(this.#tableOf(migration).table, migration, { project: options.project })}${migration.transactional ? "" : `;\ndelete from ${this.#schema}.step where project operator(pg_catalog.=) ${quoteText(options.project)} and version operator(pg_catalog.=) ${quoteText(migration.version)}`}`;
	}
	async beginAttempt(migration) {
		const { options, run } = this.#surroundings;
		const { rows } = await this.#observer.query(`insert into ${this.#schema}.history (project, environment, stamp, event, phase, version, name, checksum, state, release, commit, run, attempt, host)
       select $1, $2, id, 'migration', $3, $4, $5, $6, 'running', $7, $8, $9, $10, $11 from ${this.#schema}.stamp returning id::text`, [
			options.project,
			options.environment,
			migration.phase,
			migration.version,
			migration.id,
			migration.checksum,
			options.release,
			run.commit ?? null,
			run.id,
			run.attempt,
			run.host
		]);
		return rows[0].id;
	}
	async endAttempt(id, state, durationMs, error) {
		const { rows } = await this.#observer.query(`update ${this.#schema}.history set state = $2, finished_at = clock_timestamp(), duration_ms = $3, error = $4 where id = $1::bigint returning version`, [
			id,
			state,
			Math.round(durationMs),
			error ?? null
		]);
		if (state === "applied" && rows[0] !== void 0) this.#known.add(rows[0].version);
	}
	async steps(migration) {
		const { rows } = await this.#observer.query(`select index, hash, state from ${this.#schema}.step where project = $1 and version = $2 order by index`, [this.#surroundings.options.project, migration.version]);
		return rows;
	}
	recordStep(migration, step) {
		const values = [this.#surroundings.options.project, migration.version].map(quoteText);
		return `insert into ${this.#schema}.step (project, version, index, hash, state) values (${values.join(", ")}, ${step.index}, ${quoteText(step.hash)}, ${quoteText(step.state)}) on conflict (project, version, index) do update set state = excluded.state, hash = excluded.hash, at = pg_catalog.clock_timestamp()`;
	}
	async saveStep(migration, step) {
		await this.#observer.query(this.recordStep(migration, step));
	}
	async effectState(effect) {
		if (effect.kind === "repeatable") return "absent";
		const table = effect.kind === "index-created" ? qualified({
			schema: effect.schema,
			name: effect.table
		}) : null;
		const { rows } = await this.#worker.client.query(`select i.indisvalid as valid, $2::text is null or i.indrelid = pg_catalog.to_regclass($2) as same,
         exists (select from pg_catalog.pg_locks l where l.relation = c.oid and l.pid <> pg_catalog.pg_backend_pid()
           and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())) as busy
       from pg_catalog.pg_class c left join pg_catalog.pg_index i on i.indexrelid = c.oid where c.oid = pg_catalog.to_regclass($1)`, [qualified(effect), table]);
		const [row] = rows;
		if (row === void 0) return "absent";
		if (row.valid === null || row.same !== true) return "other";
		if (row.valid) return "done";
		return row.busy ? "busy" : "invalid";
	}
	async dropInvalidIndex(effect) {
		if (effect.kind === "repeatable") return;
		await this.#worker.client.query(`drop index concurrently if exists ${qualified(effect)}`);
	}
	async settle() {
		const deadline = Date.now() + settleMs;
		const { pid } = this.#worker;
		await this.#worker[Symbol.asyncDispose]();
		for (;;) try {
			await this.#surroundings.reconnect(AbortSignal.timeout(settleMs));
			break;
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await new Promise((resolve) => setTimeout(resolve, 1e3));
		}
		while (await this.#isAlive(pid)) {
			if (Date.now() > deadline) throw new ReleaseError("connection-lost", `The old server process ${pid} is still there.`);
			await new Promise((resolve) => setTimeout(resolve, 250));
		}
		return readEntries(this.#observer, this.#surroundings.tables, this.#surroundings.options);
	}
	async [Symbol.asyncDispose]() {
		await this.#worker[Symbol.asyncDispose]();
	}
	async #isAlive(pid) {
		const name = applicationName(this.#surroundings.run);
		const { rowCount } = await this.#observer.query("select from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2", [pid, name]);
		return rowCount !== 0;
	}
	/**
	* Asks the server for a sign of life while the worker is busy: packets that vanish end nothing by themselves. When
	* none comes in time, the worker's connection is given up, and what became of the message is for the ledger to say.
	*/
	#watch(worker) {
		let asked;
		const timer = setInterval(() => {
			if (asked !== void 0) {
				if (performance.now() - asked > silenceMs) streamOf(worker)?.destroy(/* @__PURE__ */ new Error(`no answer from the server for ${silenceMs / 1e3} s`));
				return;
			}
			asked = performance.now();
			this.#observer.query("select 1").then(() => {
				asked = void 0;
			}, () => {});
		}, heartbeatMs);
		timer.unref();
		return () => clearInterval(timer);
	}
	#tableOf(migration) {
		const { tables } = this.#surroundings;
		return tables.find(({ phase }) => phase === void 0 || phase === migration.phase) ?? tables[0];
	}
};
async function openWorker(surroundings) {
	const worker = await openClient({
		...surroundings.database,
		applicationName: applicationName(surroundings.run)
	});
	try {
		worker.client.on("notice", (notice) => surroundings.sayForeign(`${notice.severity ?? "NOTICE"}: ${notice.message ?? ""}`));
		await assumeRole(worker.client, surroundings.database.role);
		await lockWorker(worker, surroundings);
		return worker;
	} catch (error) {
		await worker[Symbol.asyncDispose]();
		throw error;
	}
}
/**
* The worker holds a lock of its own. The observer's ends at once when a runner is killed, while the statement it had
* sent may still be running: whoever comes next waits for that, else it would run the same migration beside it.
*/
async function lockWorker(worker, { options, say }) {
	const key = advisoryKey("worker", options.project);
	const deadline = performance.now() + settleMs;
	let told = false;
	for (;;) {
		const { rows } = await worker.client.query("select pg_catalog.pg_try_advisory_lock($1::bigint) as taken", [key]);
		if (rows[0]?.taken === true) return;
		if (performance.now() > deadline) throw new ReleaseError("run-in-progress", "The statement of an earlier run, which was killed, is still running on the server.", { hint: "Wait until it has ended, or cancel it: select pg_cancel_backend(pid) from pg_stat_activity where application_name like 'shiplock/%'." });
		if (!told) say("waiting for the statement of an earlier run that was killed");
		told = true;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}
function streamOf(client) {
	return client.connection?.stream;
}
/** `pg` keeps no count of the statements that ended before an error; this query does. */
var CountingQuery = class extends esm_default.Query {
	completed = 0;
	handleCommandComplete(message, connection) {
		this.completed++;
		esm_default.Query.prototype.handleCommandComplete.call(this, message, connection);
	}
};
function sendMessage(client, sql) {
	return new Promise((resolve) => {
		const query = new CountingQuery(sql);
		query.on("row", () => {});
		query.on("end", () => resolve({ state: "done" }));
		query.on("error", (error) => resolve(outcomeOf(error, query.completed)));
		client.query(query);
	});
}
function outcomeOf(error, completed) {
	if (!(error instanceof esm_default.DatabaseError && !["FATAL", "PANIC"].includes(error.severity ?? ""))) return {
		state: "lost",
		reason: messageOf(error)
	};
	const position = error.position === void 0 ? void 0 : Number(error.position) - 1;
	return {
		state: "failed",
		failure: {
			sqlstate: error.code,
			message: error.message,
			detail: error.detail,
			hint: error.hint,
			position,
			completed
		}
	};
}
function qualified({ schema, name }) {
	return schema === void 0 ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}
// src/adapters/postgres/state.ts
/**
* Tables of Shiplock's own, beside the tool's: `history` (every attempt, and facts of the release), `step` (finished
* statements of files that run outside a transaction) and `stamp` (which database this is).
*/
const schemaVersion = 1;
/** The statements that make the state tables, each safe to run again. */
function stateStatements(schema) {
	const s = quoteName(schema);
	return [
		`create table if not exists ${s}.stamp (
      only_row boolean primary key default true check (only_row),
      id uuid not null default pg_catalog.gen_random_uuid(),
      schema_version integer not null default ${schemaVersion},
      environment text not null,
      system_identifier text,
      database_oid text not null,
      address text not null,
      stamped_at timestamptz not null default pg_catalog.clock_timestamp())`,
		`create table if not exists ${s}.history (
      id bigint generated always as identity primary key,
      project text not null,
      environment text not null,
      stamp uuid not null,
      event text not null,
      phase text,
      version text,
      name text,
      checksum text,
      state text,
      release text not null,
      commit text,
      run text not null,
      attempt text not null,
      host text not null,
      started_at timestamptz not null default pg_catalog.clock_timestamp(),
      finished_at timestamptz,
      duration_ms bigint,
      error text,
      detail jsonb)`,
		`create table if not exists ${s}.step (
      project text not null,
      version text not null,
      index integer not null,
      hash text not null,
      state text not null,
      at timestamptz not null default pg_catalog.clock_timestamp(),
      primary key (project, version, index))`
	];
}
/** Whether the state tables are there; `state-newer` when a newer Shiplock wrote them. */
async function stateExists(client, schema) {
	if ((await readState(client, schema, `select pg_catalog.to_regclass(${quoteText(`${quoteName(schema)}.stamp`)}) is not null and pg_catalog.to_regclass(${quoteText(`${quoteName(schema)}.history`)}) is not null as found`)).rows[0]?.found !== true) return false;
	const { rows } = await readState(client, schema, `select pg_catalog.max(schema_version) as version from ${quoteName(schema)}.stamp`);
	if ((rows[0]?.version ?? 0) > schemaVersion) throw new ReleaseError("state-newer", `The schema ${schema} was written by a newer Shiplock.`, { hint: "Use the version of Shiplock that the other stages use, or a newer one." });
	return true;
}
/** Reads from the state schema; a missing right becomes one error with what a DBA runs. */
async function readState(client, schema, sql) {
	try {
		return await client.query(sql);
	} catch (error) {
		if (systemCode(error) !== "42501") throw error;
		throw await insufficientRights(client, schema, "read", error);
	}
}
/** The error of a role that may not work in the state schema, with the two lines that a DBA runs. */
async function insufficientRights(client, schema, what, cause) {
	const { rows } = await client.query("select current_user::text as name").catch(() => ({ rows: [] }));
	const role = quoteName(rows[0]?.name ?? "the_role");
	const s = quoteName(schema);
	return new ReleaseError("insufficient-rights", `The role ${role} may not ${what} the schema ${schema}, where Shiplock keeps its history.`, {
		hint: `A DBA runs:\n  create schema if not exists ${s};\n  grant usage, create on schema ${s} to ${role}; grant all on all tables in schema ${s} to ${role};`,
		cause
	});
}
// src/adapters/postgres/migration-database.ts
/** Opens the observer: the connection that holds the lock, keeps the books and cancels. */
async function openMigrationDatabase(surroundings) {
	const { database } = surroundings;
	const session = await openSession(database, applicationName(surroundings.run));
	try {
		await session.client.query("set lock_timeout = '30s'");
		await refuseReplica(session.client, describeConnection(database.connection));
		return new PostgresMigrationDatabase(surroundings, session, await readIdentity(session.client, database));
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw error;
	}
}
const historyRow = object({
	event: _enum(["migration", "deployed"]),
	phase: _enum(["pre", "post"]).nullable(),
	version: string().nullable(),
	checksum: string().nullable(),
	state: _enum([
		"running",
		"applied",
		"failed",
		"applied-unreported",
		"not-applied"
	]).nullable(),
	release: string(),
	started_at: date(),
	detail: object({ migrations: array(object({
		version: string(),
		phase: _enum(["pre", "post"]),
		checksum: string()
	})) }).nullable()
});
var PostgresMigrationDatabase = class {
	description;
	serverVersion;
	serverMajor;
	database;
	identity;
	#surroundings;
	#session;
	#locked;
	#stateSeen = false;
	constructor(surroundings, session, identity) {
		this.#surroundings = surroundings;
		this.#session = session;
		this.identity = identity;
		this.description = describeConnection(surroundings.database.connection);
		this.serverVersion = session.serverVersion;
		this.serverMajor = session.serverMajor;
		this.database = surroundings.database.connection.database;
	}
	get #client() {
		return this.#session.client;
	}
	get #schema() {
		return this.#surroundings.stateSchema;
	}
	async stamp() {
		if (!await this.#hasState()) return void 0;
		const { rows } = await readState(this.#client, this.#schema, `select id::text, environment, system_identifier, database_oid, address from ${quoteName(this.#schema)}.stamp`);
		const [row] = rows;
		if (row === void 0) return void 0;
		return {
			id: row.id,
			environment: row.environment,
			systemIdentifier: row.system_identifier ?? void 0,
			databaseOid: row.database_oid,
			address: row.address
		};
	}
	async projects() {
		if (!await this.#hasState()) return [];
		const { rows } = await readState(this.#client, this.#schema, `select distinct project from ${quoteName(this.#schema)}.history order by 1`);
		return rows.map(({ project }) => project);
	}
	async finishedSteps(project) {
		if (!await this.#hasState()) return /* @__PURE__ */ new Map();
		const { rows } = await readState(this.#client, this.#schema, `select version, count(*)::int as done from ${quoteName(this.#schema)}.step where project = ${quoteText(project)} and state = 'finished' group by version`);
		return new Map(rows.map(({ version, done }) => [version, done]));
	}
	async entries(options) {
		return readEntries(this.#client, await this.#tables(options), options);
	}
	async heads(options) {
		return readHeads(this.#client, await this.#tables(options), options);
	}
	async history(options) {
		if (!await this.#hasState()) return [];
		const s = quoteName(this.#schema);
		const { rows } = await readState(this.#client, this.#schema, `select event, phase, version, checksum, state, release, started_at, detail from ${s}.history where project = ${quoteText(options.project)} and environment = ${quoteText(options.environment)} and stamp = (select id from ${s}.stamp) order by id`);
		return array(historyRow).parse(rows).map(toHistoryRow);
	}
	/**
	* The server parses a whole message before it looks at the number of statements in it. A second statement is added,
	* so that the extended protocol always refuses the message: it can be judged, and can never run.
	* https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
	*/
	async syntaxProblem(sql) {
		const message = {
			text: `${sql}\n;select 1;select 1`,
			queryMode: "extended"
		};
		try {
			await this.#client.query(message);
			return {
				message: "the text could not be judged",
				offset: 0
			};
		} catch (error) {
			if (!(error instanceof esm_default.DatabaseError)) throw error;
			if (error.position === void 0) return void 0;
			return {
				message: error.message,
				offset: utf16FromCodePoints(sql, Number(error.position) - 1)
			};
		}
	}
	async lock(project, waitMs, signal) {
		const key = advisoryKey("runner", project);
		const deadline = Date.now() + waitMs;
		let told = false;
		while (!await this.#tryLock(key)) {
			const holder = await this.#holder(key);
			if (signal.aborted) throw new ReleaseError("interrupted", "The run was stopped while it waited for another run.");
			if (Date.now() >= deadline) throw new ReleaseError("run-in-progress", `Another run works on ${this.description}: ${holder}.`, { hint: "Wait until it has ended and run the same command again. on-locked and lock-wait say how long to wait." });
			if (!told) this.#surroundings.say(`waiting up to ${formatDuration(waitMs)} for another run: ${holder}`);
			told = true;
			await new Promise((resolve) => setTimeout(resolve, Math.min(500, Math.max(1, deadline - Date.now()))));
		}
		this.#locked = project;
	}
	async prepare(options) {
		if (!await this.#hasState()) {
			const { rows } = await this.#client.query("select pg_catalog.to_regnamespace($1) is null as missing", [quoteName(this.#schema)]);
			await this.#create([...rows[0]?.missing ? [`create schema ${quoteName(this.#schema)}`] : [], ...stateStatements(this.#schema)]);
		}
		for (const { table, exists, phase } of await this.#tables(options)) if (!exists && (phase !== "post" || options.hasPost)) await this.#create([options.layout.ledger.create(table)]);
		const { systemIdentifier, databaseOid, address } = this.identity;
		const existing = await this.stamp();
		if (existing !== void 0) return existing;
		await this.#client.query(`insert into ${quoteName(this.#schema)}.stamp (environment, system_identifier, database_oid, address) values ($1, $2, $3, $4) on conflict do nothing`, [
			options.environment,
			systemIdentifier ?? null,
			databaseOid,
			address
		]);
		return await this.stamp();
	}
	async closeOpenAttempts(options) {
		const s = quoteName(this.#schema);
		const { rows } = await this.#client.query(`select id::text, version from ${s}.history where project = $1 and event = 'migration' and state = 'running'`, [options.project]);
		if (rows.length === 0) return [];
		const applied = new Set((await this.entries(options)).map((entry) => entry.version));
		const closed = [];
		for (const { id, version } of rows) {
			const state = applied.has(version) ? "applied-unreported" : "not-applied";
			await this.#client.query(`update ${s}.history set state = $2, finished_at = clock_timestamp() where id = $1::bigint`, [id, state]);
			closed.push({
				version,
				state
			});
		}
		return closed;
	}
	async recordDeployed(options, migrations) {
		const s = quoteName(this.#schema);
		const { run } = this.#surroundings;
		await this.#client.query(`insert into ${s}.history (project, environment, stamp, event, release, commit, run, attempt, host, finished_at, detail) select $1, $2, id, 'deployed', $3, $4, $5, $6, $7, clock_timestamp(), $8::jsonb from ${s}.stamp`, [
			options.project,
			options.environment,
			options.release,
			run.commit ?? null,
			run.id,
			run.attempt,
			run.host,
			JSON.stringify({ migrations })
		]);
	}
	async executor(options) {
		const tables = await this.#tables(options);
		return openExecutor({
			...this.#surroundings,
			tables,
			options,
			observer: () => this.#session,
			reconnect: async (signal) => {
				await this.#session[Symbol.asyncDispose]();
				this.#session = await openSession(this.#surroundings.database, applicationName(this.#surroundings.run));
				if (this.#locked !== void 0) await this.lock(this.#locked, 9e4, signal);
			}
		});
	}
	async [Symbol.asyncDispose]() {
		await this.#session[Symbol.asyncDispose]();
	}
	/** Once seen, the state tables stay: `plan` asks for them four times, each a round trip. */
	async #hasState() {
		this.#stateSeen ||= await stateExists(this.#client, this.#schema);
		return this.#stateSeen;
	}
	#tables(options) {
		return locateTables(this.#client, options, this.#schema);
	}
	async #create(statements) {
		try {
			await this.#client.query(`begin;\n${statements.join(";\n")};\ncommit`);
		} catch (error) {
			await this.#client.query("rollback").catch(() => {});
			if (systemCode(error) !== "42501") throw error;
			throw await insufficientRights(this.#client, this.#schema, "create objects in", error);
		}
	}
	async #tryLock(key) {
		const { rows } = await this.#client.query("select pg_catalog.pg_try_advisory_lock($1::bigint) as taken", [key.toString()]);
		return rows[0]?.taken === true;
	}
	/** Who holds the lock, as far as this role may see. */
	async #holder(key) {
		const { rows } = await this.#client.query(`select l.pid, a.application_name as application, a.client_addr::text as address, a.backend_start as since
       from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid::bigint = $1::bigint and l.objid::bigint = $2::bigint
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`, [(BigInt(key) >> 32n & 4294967295n).toString(), (BigInt(key) & 4294967295n).toString()]);
		const [row] = rows;
		if (row === void 0) return "it has just ended";
		const since = row.since === null ? "" : `, since ${row.since.toISOString()}`;
		return `${row.application || "an unnamed program"} (server process ${row.pid}${row.address === null ? "" : ` from ${row.address}`}${since})`;
	}
};
function toHistoryRow(row) {
	const common = {
		release: row.release,
		at: row.started_at
	};
	if (row.event === "deployed") return {
		event: "deployed",
		...common,
		migrations: row.detail?.migrations ?? []
	};
	return {
		event: "migration",
		...common,
		phase: row.phase ?? "pre",
		version: row.version ?? "",
		checksum: row.checksum ?? "",
		state: row.state ?? "not-applied"
	};
}
export { openMigrationDatabase };
