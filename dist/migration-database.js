import { a as esm_default, n as sessionSettings, r as streamOf, t as openClient } from "./client3.js";
import { At as literal, Dt as date, E as utf16FromCodePoints, Et as boolean, Ft as string, Jt as plural, Mt as number, Nt as object, Qt as oneLine, Rt as unknown, Tt as array, Wt as formatDuration, _t as lineageOf, an as describeConnection, fn as messageOf, gt as isRepeatable, pn as systemCode, un as ReleaseError, wt as _enum } from "./start.js";
import { r as refusePublished } from "./publishing.js";
import { a as isReplica, c as readIdentity, i as assumeRole, l as refusePooler, n as applicationName, o as isStandby, r as asLogin, s as openSession, t as advisoryKey } from "./session2.js";
import { Dn as quoteText, En as quoteTable, On as scopeOf, Sn as butNot, Tn as quoteRelation, fn as closedState, in as lockModes, mn as stampChanged, nn as reaches, on as strongerMode, rn as conflictingModes, wn as quoteName } from "./migrations.js";
import { n as schemaNoteShape } from "./schema-note.js";
import { t as asideName } from "./catalog.js";
import { i as relationQueries, n as definitionQueries, t as pinSettings } from "./settings.js";
import { i as readKnownTables, n as namesOfVersionTables, t as knownTables } from "./source-facts2.js";
import { t as _usingCtx } from "./usingCtx.js";
import { createHash } from "node:crypto";
// src/adapters/postgres/queue-watch.ts
const mostNamed = 3;
/**
* The processes that carry a name, and what they wait for. `pg_locks` shows its rows to every role, unlike
* `pg_stat_activity.wait_event`. https://www.postgresql.org/docs/current/view-pg-locks.html
*/
async function lookAtQueue(client, applicationName) {
	const { rows } = await client.query(`select a.pid, nullif(a.datname::text, pg_catalog.current_database()::text) as elsewhere, l.locktype, l.mode,
       case when l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) then l.relation::pg_catalog.regclass::text end as relation,
       pg_catalog.concat_ws('/', l.locktype, l.mode, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid, pg_catalog.to_jsonb(l) ->> 'waitstart') as lock,
       case when l.pid is not null then pg_catalog.pg_blocking_pids(l.pid) end as holders
     from pg_catalog.pg_stat_activity a left join pg_catalog.pg_locks l on l.pid = a.pid and not l.granted
     where a.application_name = $1 and a.pid <> pg_catalog.pg_backend_pid()`, [applicationName]);
	const names = await nameHolders(client, [...new Set(rows.flatMap(({ holders }) => holders ?? []))]);
	return {
		pids: [...new Set(rows.map(({ pid }) => pid))],
		elsewhere: new Map(rows.flatMap(({ pid, elsewhere }) => elsewhere === null ? [] : [[pid, oneLine(elsewhere)]])),
		waits: rows.flatMap((row) => {
			const { pid, lock, locktype, holders } = row;
			if (locktype === null) return [];
			const named = [...names].flatMap(([holder, name]) => holders?.includes(holder) ? [name] : []);
			const others = named.length > mostNamed ? [plural(named.length - mostNamed, "other")] : [];
			const heldBy = [...named.slice(0, mostNamed), ...others];
			return [{
				pid,
				key: `${pid}/${lock}`,
				kind: kindOf$1(locktype),
				waitsFor: nameLock(row),
				heldBy
			}];
		})
	};
}
/** Those of the processes that are in a transaction; `pg_locks` tells every role, `pg_stat_activity.state` does not. */
async function lookForWork(client, applicationName) {
	const { rows } = await client.query(`select a.pid from pg_catalog.pg_stat_activity a where a.application_name = $1 and a.pid <> pg_catalog.pg_backend_pid()
       and exists (select from pg_catalog.pg_locks l where l.pid = a.pid and l.locktype = 'virtualxid' and l.mode = 'ExclusiveLock')
     order by 1`, [applicationName]);
	return rows.map(({ pid }) => pid);
}
/** Only concurrent builds wait for virtual transactions, and they hold nothing then that a query needs. */
function kindOf$1(locktype) {
	if (locktype === "virtualxid") return "by-design";
	return locktype === "advisory" ? "advisory" : "queue";
}
function nameLock({ locktype, mode, relation }) {
	if (locktype === "transactionid") return "another transaction to end";
	if (locktype === "tuple") return `a row of ${relation ?? "a table of another database"}`;
	if (locktype === "relation") return `${mode} on ${relation ?? "a table of another database"}`;
	return `${mode} (${locktype}${relation === null ? "" : ` of ${relation}`})`;
}
/** Who holds it, as far as this role may see, the oldest transaction first. */
async function nameHolders(client, pids) {
	if (pids.length === 0) return /* @__PURE__ */ new Map();
	const { rows } = await client.query(`select pid, usename::text as role, application_name as application, state,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start) * 1000 as age
     from pg_catalog.pg_stat_activity where pid = any ($1::int[]) order by xact_start nulls last`, [pids]);
	const names = rows.map(({ pid, role, application, state, age }) => {
		const known = [
			role && `user ${role}`,
			application && `application ${application}`,
			state,
			age !== null && `transaction open for ${formatDuration(age)}`
		].filter(Boolean).join(", ");
		return [pid, `server process ${pid}${known === "" ? "" : ` (${known})`}`];
	});
	return new Map([...names, [0, "a prepared transaction"]]);
}
// src/adapters/postgres/command-observer.ts
/** How long an answer may take, packets that vanish included, and how long a new connection may. */
const silenceMs = 45e3;
const reconnectMs = 9e4;
/** A server notices within a second that a client went away while its statement ran. */
const leavingMs = 2e3;
var PostgresCommandObserver = class {
	applicationName;
	encrypted;
	#surroundings;
	#reconnecting;
	constructor(surroundings) {
		this.#surroundings = surroundings;
		const { pid, encrypted } = surroundings.session();
		const suffix = `/${pid}`;
		this.applicationName = applicationName(surroundings.run).slice(0, 63 - suffix.length) + suffix;
		this.encrypted = encrypted;
	}
	async closeUnfinished(waitMs, signal) {
		const open = await this.#ask(() => this.#surroundings.books.open());
		const names = open.flatMap(({ applicationName }) => applicationName ?? []);
		await this.#awaitEnd(names, waitMs, signal);
		for (const { id } of open) await this.#ask(() => this.#surroundings.books.end(id, "unknown", {}));
		return open.map(({ phase, release, startedAt }) => ({
			phase,
			release,
			startedAt
		}));
	}
	begin(phase, program) {
		return this.#ask(() => this.#surroundings.books.begin(phase, program, this.applicationName));
	}
	async end(id, state, durationMs, error, signal) {
		const write = () => this.#ask(() => this.#surroundings.books.end(id, state, {
			durationMs,
			error
		}));
		const deadline = performance.now() + reconnectMs;
		for (;;) try {
			await write();
			return;
		} catch (cause) {
			if (this.#surroundings.session().lost() === void 0 || signal.aborted || performance.now() > deadline) throw cause;
			await new Promise((resolve) => setTimeout(resolve, 1e3));
		}
	}
	look() {
		return this.#ask((client) => lookAtQueue(client, this.applicationName));
	}
	async leftAtWork(signal) {
		const deadline = performance.now() + leavingMs;
		for (;;) {
			const pids = await this.#ask((client) => lookForWork(client, this.applicationName));
			if (pids.length === 0 || signal.aborted || performance.now() > deadline) return pids;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
	async cancel(pids) {
		const refused = [];
		for (const pid of pids) try {
			await this.#ask((client) => client.query("select pg_catalog.pg_cancel_backend(pid) from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2", [pid, this.applicationName]));
		} catch (error) {
			if (systemCode(error) !== "42501") throw error;
			refused.push(pid);
		}
		return refused;
	}
	/** A killed run leaves its command behind: two of them must not run side by side. */
	async #awaitEnd(names, waitMs, signal) {
		const deadline = performance.now() + waitMs;
		for (let told = false;; told = true) {
			const { rows } = await this.#ask((client) => client.query("select pid from pg_catalog.pg_stat_activity where application_name = any ($1::text[]) order by pid", [names]));
			if (rows.length === 0) return;
			const who = `server process ${rows.map(({ pid }) => pid).join(", ")}`;
			if (signal.aborted) throw new ReleaseError("interrupted", "The run was stopped while it waited for the command of an earlier run.", { hint: "Run the same command again when that command has ended." });
			if (performance.now() >= deadline) throw new ReleaseError("run-in-progress", `What an earlier run left behind is still at work (${who}).`, { hint: "Wait until it has ended, or stop it where it was started; then run the same command again." });
			if (!told) this.#surroundings.say(`waiting for what an earlier run left at work (${who})`);
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
	}
	/** Over a new connection when the old one is lost. */
	async #ask(ask) {
		if (this.#surroundings.session().lost() !== void 0) await this.#reconnect();
		const session = this.#surroundings.session();
		let timer;
		const silence = new Promise((_, reject) => {
			timer = setTimeout(() => {
				session[Symbol.asyncDispose]();
				reject(/* @__PURE__ */ new Error(`no answer from the server for ${silenceMs / 1e3} s`));
			}, silenceMs);
		});
		try {
			return await Promise.race([ask(session.client), silence]);
		} finally {
			clearTimeout(timer);
		}
	}
	#reconnect() {
		this.#reconnecting ??= this.#connectAgain().finally(() => {
			this.#reconnecting = void 0;
		});
		return this.#reconnecting;
	}
	async #connectAgain() {
		try {
			await this.#surroundings.reconnect(AbortSignal.timeout(reconnectMs));
		} catch (error) {
			if (!(error instanceof ReleaseError) || error.code !== "run-in-progress") throw error;
			this.#surroundings.say(error.message);
		}
	}
};
// src/adapters/postgres/connected-books.ts
/**
* Books that are kept elsewhere, written only while the connection that holds the lock answers: rows in the database
* would notice by themselves that it is gone, and another run may have begun.
*/
var ConnectedBooks = class {
	#books;
	#observer;
	constructor(books, observer) {
		this.#books = books;
		this.#observer = observer;
	}
	async begin(migrations) {
		await this.#requireConnection();
		return this.#books.begin(migrations);
	}
	async beginReversal(migration, rollback) {
		await this.#requireConnection();
		return this.#books.beginReversal(migration, rollback);
	}
	async beginMark(migration, as, byHand) {
		await this.#requireConnection();
		return this.#books.beginMark(migration, as, byHand);
	}
	end(end) {
		this.#books.end(end);
	}
	async flush() {
		await this.#requireConnection();
		await this.#books.flush();
	}
	steps() {
		return this.#books.steps();
	}
	recordStep(migration, step) {
		return this.#books.recordStep(migration, step);
	}
	forgetSteps(migration) {
		return this.#books.forgetSteps(migration);
	}
	async saveStep(migration, step) {
		await this.#requireConnection();
		await this.#books.saveStep(migration, step);
	}
	settling(migration, index) {
		return this.#books.settling(migration, index);
	}
	async #requireConnection() {
		await this.#observer().query("select 1");
	}
};
// src/adapters/postgres/books.ts
/** Shiplock's books as tables of the state schema, written on the observer's connection. */
var PostgresBooks = class {
	#client;
	#schema;
	#scope;
	#ends = [];
	constructor(client, stateSchema, scope) {
		this.#client = client;
		this.#schema = quoteName(stateSchema);
		this.#scope = scope;
	}
	begin(migrations) {
		return this.#begin("migration", migrations);
	}
	async beginReversal(migration, rollback) {
		const [id = ""] = await this.#begin("reversal", [migration], rollback);
		return id;
	}
	async beginMark(migration, as, byHand) {
		const [id = ""] = await this.#begin(as === "applied" ? "migration" : "reversal", [migration], { byHand });
		return id;
	}
	/** Rows need no flush of their own to disk: what the worker commits later takes them along. */
	async #begin(event, migrations, fact) {
		const { project, environment, release, run } = this.#scope;
		const { commit, id, attempt, host } = run;
		const detail = fact === void 0 ? "null" : `${quoteText(JSON.stringify(fact))}::pg_catalog.jsonb`;
		const rows = migrations.map(({ phase, version, id: name, checksum }) => `(${[
			phase,
			version,
			name,
			checksum
		].map(quoteText).join(", ")})`);
		const common = [project, environment].map(quoteText).join(", ");
		const author = [
			release,
			commit,
			id,
			attempt,
			host
		].map((one) => one === void 0 ? "null" : quoteText(one)).join(", ");
		return (await this.#write(`insert into ${this.#schema}.history (project, environment, stamp, event, phase, version, name, checksum, state, release, commit, run, attempt, host, detail)
       select ${common}, stamp.id, ${quoteText(event)}, one.phase, one.version, one.name, one.checksum, 'running', ${author}, ${detail}
       from ${this.#schema}.stamp, (values ${rows.join(", ")}) as one (phase, version, name, checksum) returning id::pg_catalog.text`)).map((row) => String(row.id));
	}
	end(end) {
		this.#ends.push(end);
	}
	async flush() {
		if (this.#ends.length > 0) await this.#write("");
	}
	async steps() {
		const { rows } = await this.#client().query(`select version, index, hash, state from ${this.#schema}.step where project = $1 order by index`, [this.#scope.project]);
		const steps = /* @__PURE__ */ new Map();
		for (const { version, ...step } of rows) steps.set(version, [...steps.get(version) ?? [], step]);
		return steps;
	}
	recordStep({ version }, step) {
		const values = [this.#scope.project, version].map(quoteText);
		return `insert into ${this.#schema}.step (project, version, index, hash, state) values (${values.join(", ")}, ${step.index}, ${quoteText(step.hash)}, ${quoteText(step.state)}) on conflict (project, version, index) do update set state = excluded.state, hash = excluded.hash, at = pg_catalog.clock_timestamp()`;
	}
	forgetSteps({ version }) {
		const own = isRepeatable({ version }) ? `pg_catalog.starts_with(version, ${quoteText(`${lineageOf(version)}:`)})` : `version operator(pg_catalog.=) ${quoteText(version)}`;
		return `delete from ${this.#schema}.step where project operator(pg_catalog.=) ${quoteText(this.#scope.project)} and ${own}`;
	}
	async saveStep(migration, step) {
		await this.#client().query(this.recordStep(migration, step));
	}
	settling({ version }, index) {
		const row = `project = ${quoteText(this.#scope.project)} and version = ${quoteText(version)} and index = ${index}`;
		return {
			tookEffect: `update ${this.#schema}.step set state = 'finished' where ${row};`,
			didNot: `delete from ${this.#schema}.step where ${row};`
		};
	}
	/** Sends what `end` noted and one statement more as one message; returns the last one's rows. */
	async #write(sql) {
		const ends = this.#ends;
		const texts = [...ends.length === 0 ? [] : [this.#ending(ends)], ...sql === "" ? [] : [sql]];
		const settings = sql === "" ? [] : ["set local synchronous_commit = off"];
		const client = this.#client();
		const answer = await client.query([
			"begin",
			...settings,
			...texts,
			"commit"
		].join(";\n")).catch(async (error) => {
			await client.query("rollback").catch(() => {});
			throw error;
		});
		this.#ends = this.#ends.slice(ends.length);
		return answer.at(-2)?.rows ?? [];
	}
	#ending(ends) {
		const rows = ends.map(({ id, state, durationMs, error }) => `(${BigInt(id)}::pg_catalog.int8, ${quoteText(state)}, ${durationMs === void 0 ? "null" : Math.round(durationMs)}::pg_catalog.int8, ${error === void 0 ? "null" : quoteText(error)}::pg_catalog.text)`);
		return `update ${this.#schema}.history as one set state = ended.state, finished_at = pg_catalog.clock_timestamp(), duration_ms = ended.duration_ms, error = ended.error
      from (values ${rows.join(", ")}) as ended (id, state, duration_ms, error) where one.id operator(pg_catalog.=) ended.id`;
	}
};
// src/adapters/postgres/command-books.ts
/** Runs of the team's command as rows of the history. */
var PostgresCommandBooks = class {
	#client;
	#schema;
	#scope;
	constructor(client, stateSchema, scope) {
		this.#client = client;
		this.#schema = quoteName(stateSchema);
		this.#scope = scope;
	}
	async open() {
		const { rows } = await this.#client().query(`select id::text, phase, release, started_at as at, detail ->> 'application' as name from ${this.#schema}.history where project = $1 and event = 'command' and state = 'running' order by id`, [this.#scope.project]);
		return rows.map(({ id, phase, release, at, name }) => ({
			id,
			phase,
			release,
			startedAt: at,
			applicationName: name ?? void 0
		}));
	}
	async begin(phase, program, applicationName) {
		const { project, environment, release, run } = this.#scope;
		const { rows } = await this.#client().query(`insert into ${this.#schema}.history (project, environment, stamp, event, phase, name, state, release, commit, run, attempt, host, detail)
       select $1, $2, id, 'command', $3, $4, 'running', $5, $6, $7, $8, $9, $10::jsonb from ${this.#schema}.stamp returning id::text`, [
			project,
			environment,
			phase,
			program,
			release,
			run.commit ?? null,
			run.id,
			run.attempt,
			run.host,
			JSON.stringify({ application: applicationName })
		]);
		return rows[0].id;
	}
	async end(id, state, { durationMs, error }) {
		await this.#client().query(`update ${this.#schema}.history set state = $2, finished_at = clock_timestamp(), duration_ms = $3, error = $4 where id = $1::bigint`, [
			id,
			state,
			durationMs === void 0 ? null : Math.round(durationMs),
			error ?? null
		]);
	}
};
// src/adapters/postgres/durations.ts
/** What the history holds of these files, of every environment and every database that this one is a copy of. */
async function readDurations(client, schema, project, checksums) {
	const { rows } = await client.query(`select checksum, duration_ms::float8 as ms, environment, release, finished_at as at from ${quoteName(schema)}.history
     where project operator(pg_catalog.=) $1 and checksum operator(pg_catalog.=) any ($2::text[])
       and event operator(pg_catalog.=) 'migration' and state operator(pg_catalog.=) 'applied'
       and duration_ms is not null and finished_at is not null`, [project, checksums]);
	return rows.map(({ ms, ...rest }) => ({
		...rest,
		durationMs: ms
	}));
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
const stateTables$1 = [
	"stamp",
	"history",
	"step"
];
/** The statement that makes a schema, when it is missing: IF NOT EXISTS asks for the right to create even where a DBA has made it. */
async function schemaStatements(client, schema) {
	const { rows } = await client.query("select pg_catalog.to_regnamespace($1) is null as missing", [quoteName(schema)]);
	return rows[0]?.missing ? [`create schema ${quoteName(schema)}`] : [];
}
/** Runs statements that make something, all or none. */
async function createObjects(client, schema, statements) {
	try {
		await client.query(`begin;\n${statements.join(";\n")};\ncommit`);
	} catch (error) {
		await client.query("rollback").catch(() => {});
		if (systemCode(error) !== "42501") throw error;
		throw await insufficientRights(client, schema, "create objects in", error);
	}
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
/** Quoted, as the lines for a DBA name it. */
async function currentRole(client) {
	const { rows } = await client.query("select current_user::text as name").catch(() => ({ rows: [] }));
	return quoteName(rows[0]?.name ?? "the_role");
}
/** The error of a role that may not work in the state schema, with the lines that a DBA runs. */
async function insufficientRights(client, schema, what, cause) {
	const role = await currentRole(client);
	const s = quoteName(schema);
	const read = `grant usage on schema ${s} to ${role}; grant select on all tables in schema ${s} to ${role};`;
	const write = `grant usage, create on schema ${s} to ${role}; grant all on all tables in schema ${s} to ${role};`;
	return new ReleaseError("insufficient-rights", `The role ${role} may not ${what} the schema ${schema}, where Shiplock keeps its history.`, {
		hint: what === "read" ? `A DBA runs, for plan and dry-run:\n  ${read}\nand for all the rest:\n  ${write}` : `A DBA runs:\n  create schema if not exists ${s};\n  ${write}`,
		cause
	});
}
// src/adapters/postgres/history-rows.ts
const phase = _enum(["pre", "post"]);
/** Facts that another version of Shiplock writes and this one does not know are left out. */
const events = [
	"migration",
	"reversal",
	"command",
	"deployed",
	"rollback",
	"canary",
	"backup",
	"waived"
];
const historyRow = object({
	event: _enum(events),
	current: boolean(),
	phase: phase.or(literal("all")).nullable(),
	version: string().nullable(),
	name: string().nullable(),
	checksum: string().nullable(),
	state: _enum([
		"running",
		"applied",
		"failed",
		"applied-unreported",
		"not-applied",
		"unknown",
		"reverted",
		"not-reverted"
	]).nullable(),
	release: string(),
	commit: string().nullable(),
	started_at: date(),
	detail: unknown()
});
const deployDetail = object({ migrations: array(object({
	version: string(),
	phase,
	checksum: string(),
	name: string().optional()
})) });
/** What is not known to be good counts as a hold. */
const canaryDetail = object({
	verdict: _enum([
		"promote",
		"abort",
		"hold"
	]).catch("hold"),
	reason: string().catch(""),
	accepted: boolean().catch(false)
}).catch({
	verdict: "hold",
	reason: "",
	accepted: false
});
/** What cannot be read says of no table how it stood. */
const backupDetail = object({
	phase: phase.or(literal("all")),
	heads: array(object({
		table: string(),
		head: string(),
		empty: boolean()
	}))
}).catch({
	phase: "all",
	heads: []
});
/** That a person changed the books; the detail of what ran says other things, or nothing. */
const handDetail = object({ byHand: object({
	action: _enum([
		"mark-applied",
		"mark-reverted",
		"clear-dirty"
	]),
	reason: string(),
	who: string(),
	wasApplied: boolean()
}) });
/** Nothing is decided by a waiver: one that cannot be read is shown as what it is. */
const waiverDetail = object({
	what: literal("drill"),
	phase: phase.or(literal("all")),
	reason: string(),
	by: string()
}).catch({
	what: "drill",
	phase: "all",
	reason: "unreadable",
	by: "unknown"
});
async function readHistory(client, schema, { project, environment }) {
	const s = quoteName(schema);
	const { rows } = await readState(client, schema, `select event, coalesce(environment = ${quoteText(environment)} and stamp = (select id from ${s}.stamp), false) as current,
       phase, version, name, checksum, state, release, commit, started_at, detail
     from ${s}.history where project = ${quoteText(project)} and event in (${events.map(quoteText).join(", ")}) order by id`);
	const parsed = array(historyRow).parse(rows);
	const of = (current) => parsed.filter((row) => row.current === current).map(toHistoryRow);
	return {
		rows: of(true),
		former: of(false)
	};
}
function toHistoryRow(row) {
	const common = {
		release: row.release,
		commit: row.commit ?? void 0,
		at: row.started_at
	};
	if (row.event === "deployed") return {
		event: "deployed",
		...common,
		...deployDetail.safeParse(row.detail).data ?? { migrations: [] }
	};
	if (row.event === "canary") return {
		event: "canary",
		...common,
		...canaryDetail.parse(row.detail)
	};
	if (row.event === "backup") return {
		event: "backup",
		...common,
		...backupDetail.parse(row.detail)
	};
	if (row.event === "waived") return {
		event: "waived",
		...common,
		...waiverDetail.parse(row.detail)
	};
	if (row.event === "rollback") return {
		event: "rollback",
		...common
	};
	if (row.event === "command") return {
		event: "command",
		...common,
		phase: row.phase ?? "pre",
		state: attemptState(row.state)
	};
	const migration = {
		phase: row.phase === "post" ? "post" : "pre",
		version: row.version ?? "",
		name: row.name ?? "",
		checksum: row.checksum ?? "",
		...handDetail.safeParse(row.detail).data
	};
	if (row.event === "reversal") return {
		event: "reversal",
		...common,
		...migration,
		state: reversalState(row.state)
	};
	return {
		event: "migration",
		...common,
		...migration,
		state: attemptState(row.state)
	};
}
function attemptState(state) {
	return state === null || state === "reverted" || state === "not-reverted" ? "not-applied" : state;
}
function reversalState(state) {
	return state === "running" || state === "reverted" || state === "failed" ? state : "not-reverted";
}
/** The statement that writes a fact; its stamp's id comes from a table or a WITH of one row. */
function factStatement(schema, stamp, { event, detail }, scope) {
	const { project, environment, release, run } = scope;
	return {
		text: `insert into ${quoteName(schema)}.history (project, environment, stamp, event, release, commit, run, attempt, host, finished_at, detail)
      select $1, $2, id, $3, $4, $5, $6, $7, $8, clock_timestamp(), $9::jsonb from ${stamp}`,
		values: [
			project,
			environment,
			event,
			release,
			run.commit ?? null,
			run.id,
			run.attempt,
			run.host,
			JSON.stringify(detail)
		]
	};
}
// src/adapters/postgres/database-state.ts
/** The state as tables of a schema of its own in the target database, on the observer's connection. */
var DatabaseState = class {
	home = "database";
	place;
	#connection;
	#schema;
	#scope;
	#identity;
	#seen = false;
	constructor(connection, schema, scope, identity) {
		this.place = `the schema ${schema} of the database`;
		this.#connection = connection;
		this.#schema = schema;
		this.#scope = scope;
		this.#identity = identity;
	}
	get #client() {
		return this.#connection();
	}
	async stamp() {
		if (!await this.#exists()) return void 0;
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
		if (!await this.#exists()) return [];
		const { rows } = await readState(this.#client, this.#schema, `select distinct project from ${quoteName(this.#schema)}.history order by 1`);
		return rows.map(({ project }) => project);
	}
	async history() {
		return await this.#exists() ? readHistory(this.#client, this.#schema, this.#scope) : {
			rows: [],
			former: []
		};
	}
	async finishedSteps() {
		if (!await this.#exists()) return /* @__PURE__ */ new Map();
		const { rows } = await readState(this.#client, this.#schema, `select version, count(*)::int as done from ${quoteName(this.#schema)}.step where project = ${quoteText(this.#scope.project)} and state = 'finished' group by version`);
		return new Map(rows.map(({ version, done }) => [version, done]));
	}
	async durations(checksums) {
		return await this.#exists() ? readDurations(this.#client, this.#schema, this.#scope.project, checksums) : [];
	}
	async create() {
		if (await this.#exists()) return;
		await createObjects(this.#client, this.#schema, [...await schemaStatements(this.#client, this.#schema), ...stateStatements(this.#schema)]);
	}
	async makeStamp() {
		const existing = await this.stamp();
		if (existing !== void 0) return existing;
		const { systemIdentifier, databaseOid, address } = this.#identity;
		await this.#client.query(`insert into ${quoteName(this.#schema)}.stamp (environment, system_identifier, database_oid, address) values ($1, $2, $3, $4) on conflict do nothing`, [
			this.#scope.environment,
			systemIdentifier ?? null,
			databaseOid,
			address
		]);
		return await this.stamp();
	}
	async closeOpenAttempts(applied) {
		const s = quoteName(this.#schema);
		const { rows } = await this.#client.query(`select id::text, event, version from ${s}.history where project = $1 and event in ('migration', 'reversal') and state = 'running'`, [this.#scope.project]);
		if (rows.length === 0) return [];
		const versions = await applied();
		const closed = [];
		for (const { id, event, version } of rows) {
			const state = closedState(event === "reversal", versions.has(version));
			await this.#client.query(`update ${s}.history set state = $2, finished_at = clock_timestamp() where id = $1::bigint`, [id, state]);
			closed.push({
				version,
				state
			});
		}
		return closed;
	}
	async recordDeployed(migrations) {
		await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, "deployed", { migrations }));
	}
	async recordCanary(canary) {
		await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, "canary", canary));
	}
	async recordRollback(rollback) {
		await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, "rollback", rollback));
	}
	async recordOlderAllowed(older) {
		await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, "older-allowed", older));
	}
	async recordBackup(relied) {
		await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, "backup", relied));
	}
	async recordWaiver(waiver) {
		await this.#write(this.#fact(`${quoteName(this.#schema)}.stamp`, "waived", waiver));
	}
	/** Of the database, whichever project's run it was: a note of another project's run is as good. */
	async recordSchema(note) {
		const fact = this.#fact(`${quoteName(this.#schema)}.stamp`, "schema", note);
		await this.#write({
			text: `with older as (update ${quoteName(this.#schema)}.history set detail = null where event = 'schema' and detail is not null) ${fact.text}`,
			values: fact.values
		});
	}
	async lastSchema() {
		if (!await this.#exists()) return void 0;
		const s = quoteName(this.#schema);
		const { rows } = await readState(this.#client, this.#schema, `select project, release, started_at as at, detail from ${s}.history
       where event = 'schema' and stamp = (select id from ${s}.stamp) and detail is not null order by id desc limit 1`);
		const [row] = rows;
		const note = schemaNoteShape.safeParse(row?.detail).data;
		return row === void 0 || note === void 0 ? void 0 : {
			note,
			project: row.project,
			release: row.release,
			at: row.at
		};
	}
	async adopt({ kind, from, to }, reason) {
		const fact = this.#fact("changed", "adopted", {
			reason,
			kind,
			from,
			to
		});
		if (await this.#write({
			text: `with changed as (update ${quoteName(this.#schema)}.stamp
          set id = case when $10 then gen_random_uuid() else id end, environment = $11, system_identifier = $12, database_oid = $13, address = $14, stamped_at = clock_timestamp()
          where id = $15::uuid returning id)
        ${fact.text}`,
			values: [
				...fact.values,
				kind === "copy",
				to.environment,
				to.systemIdentifier ?? null,
				to.databaseOid,
				to.address,
				from.id
			]
		}) !== 1) throw stampChanged();
	}
	books() {
		return new PostgresBooks(this.#connection, this.#schema, this.#scope);
	}
	commandBooks() {
		return new PostgresCommandBooks(this.#connection, this.#schema, this.#scope);
	}
	/** Once seen, the state tables stay: `plan` asks for them four times, each a round trip. */
	async #exists() {
		this.#seen ||= await stateExists(this.#client, this.#schema);
		return this.#seen;
	}
	#fact(stamp, event, detail) {
		return factStatement(this.#schema, stamp, {
			event,
			detail
		}, this.#scope);
	}
	/** Number of rows written. */
	async #write(statement) {
		try {
			return (await this.#client.query(statement)).rowCount;
		} catch (error) {
			if (systemCode(error) !== "42501") throw error;
			throw await insufficientRights(this.#client, this.#schema, "write to", error);
		}
	}
};
// src/migration/ledger-texts.ts
/** The statements with which a message keeps the version table, as they are sent. */
var LedgerTexts = class {
	/** Puts the role back, inside a transaction, to what the connection had before the migration. */
	restoreRole;
	/** Puts a session back to how it was before a migration ran in it. */
	resetSession;
	#layout;
	#tables;
	#scopeOf;
	#heads = /* @__PURE__ */ new Map();
	constructor(layout, tables, options, session) {
		this.#layout = layout;
		this.#tables = tables;
		this.#scopeOf = (phase) => scopeOf(options, phase);
		this.restoreRole = session.restoreRole;
		this.resetSession = session.resetSession;
	}
	/** The head of each table as it is now, where the messages are to check it. */
	expect(heads) {
		for (const [phase, head] of heads) this.#heads.set(phase, head);
	}
	/**
	* SQL run first inside a transaction where the tool itself takes no lock: locks the version table and fails, by a
	* division by zero, when its head is not what it was after our last migration.
	*/
	guard(migration, chained = false) {
		if (!this.#layout.writtenByTool) return [];
		return this.#unmoved(migration, chained ? `pg_catalog.current_setting('shiplock.head')` : this.#expected(migration));
	}
	/** The same before a migration is taken back or marked, whoever writes the table. */
	reversalGuard(migration) {
		return this.#unmoved(migration, this.#expected(migration));
	}
	#expected(migration) {
		return quoteText(this.#heads.get(this.#tableOf(migration).phase) ?? "");
	}
	#unmoved(migration, expected) {
		const { table, phase } = this.#tableOf(migration);
		const head = this.#layout.ledger.head(table, this.#scopeOf(phase));
		return [`lock table ${quoteTable(table)} in share row exclusive mode`, `select pg_catalog.int4div(1, case when (${head})::pg_catalog.text operator(pg_catalog.=) ${expected} then 1 else 0 end)`];
	}
	/** SQL that records a migration in the version table; the last statement returns the table's new head. */
	record(migration) {
		const { table, phase } = this.#tableOf(migration);
		const scope = this.#scopeOf(phase);
		const record = this.#layout.ledger.record(table, migration, scope);
		if (!this.#layout.writtenByTool) return [record];
		return [record, `select pg_catalog.set_config('shiplock.head', (${this.#layout.ledger.head(table, scope)})::pg_catalog.text, false)`];
	}
	/** SQL that takes a migration out of the version table. */
	erase(migration) {
		const { table, phase } = this.#tableOf(migration);
		return this.#layout.ledger.erase(table, migration, this.#scopeOf(phase));
	}
	/** SQL that changes the version table as a person says; nothing where only what was noted of the statements is to go. */
	mark(migration, { as, row }) {
		const { table, phase } = this.#tableOf(migration);
		const { ledger } = this.#layout;
		const scope = this.#scopeOf(phase);
		if (row === "none") return [];
		if (row === "begun" && ledger.dirty !== void 0) return [ledger.dirty.settle(table, migration, as, scope)];
		if (as === "reverted") return [ledger.erase(table, migration, scope)];
		return [ledger.mark?.(table, migration, scope) ?? ledger.record(table, migration, scope)];
	}
	/** Takes in the head that a message returned. */
	recorded(migration, head) {
		if (head !== void 0 && this.#layout.writtenByTool) this.#heads.set(this.#tableOf(migration).phase, head);
	}
	#tableOf(migration) {
		return this.#tables.find(({ phase }) => phase === void 0 || phase === migration.phase) ?? this.#tables[0];
	}
};
// src/adapters/postgres/index-comparison.ts
/**
* Builds the statement's index on an empty temporary table with the same columns, and the same name, so that the
* statement reads the same there; compares what the catalog says of it with each of the table's indexes, and takes
* everything back. Two texts of one definition differ in many ways, what the server makes of them in none.
*/
async function compareIndexes(client, statement, table) {
	const copy = `pg_temp.${quoteName(table.relname)}`;
	const name = statement.name === void 0 ? "" : quoteName(statement.name);
	const columns = `(like ${table.name})`;
	try {
		await client.query("begin");
		await client.query("set local lock_timeout = '2s'; set local statement_timeout = '10s'; set local jit = off");
		await client.query("select pg_catalog.set_config('temp_tablespaces', pg_catalog.current_setting('default_tablespace'), true)");
		await client.query(`create temporary table ${quoteName(table.relname)} ${columns}`);
		await client.query(`create ${statement.unique ? "unique " : ""}index ${name} on ${copy} ${statement.tail}`);
		await client.query("set local search_path = pg_catalog");
		const { rows } = await client.query(comparison, [table.oid, copy]);
		const alike = rows.filter((row) => !row.own && row.alike).map(({ oid }) => oid);
		const chosenName = statement.name === void 0 ? rows.find(({ own }) => own)?.name : void 0;
		return {
			oids: new Set(alike),
			chosenName
		};
	} catch (error) {
		return { problem: messageOf(error) };
	} finally {
		await client.query("rollback").catch(() => {});
	}
}
/** All that tells two indexes apart but name, place in the table and validity; columns are compared by name, not by number. */
const comparison = `
  with described as (
    select i.indexrelid as oid, c.relname as name, i.indrelid <> $1::oid as own,
      jsonb_build_array(
        c.relam, c.reltablespace, i.indisunique, i.indisexclusion, i.indimmediate, to_jsonb(i) -> 'indnullsnotdistinct',
        i.indnkeyatts, i.indnatts, i.indclass::text, i.indcollation::text, i.indoption::text,
        pg_get_expr(i.indpred, i.indrelid),
        (select jsonb_agg(pg_get_indexdef(i.indexrelid, k, false) order by k) from generate_series(1, i.indnatts) k),
        (select jsonb_agg(o order by o) from unnest(c.reloptions) o),
        (select jsonb_agg(a.attoptions::text order by a.attnum) from pg_attribute a where a.attrelid = i.indexrelid)
      ) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ($1::oid, $2::regclass)
  )
  select d.oid::text as oid, d.name, d.own, d.definition = (select definition from described where own) as alike from described d`;
// src/adapters/postgres/rebuilds.ts
/** The table of an index or the table itself, its partitions, and where their long values are kept. */
const concerned = `
  with base as (select coalesce((select indrelid from pg_index where indexrelid = $1::oid), $1::oid) as oid),
    tables as (select oid from base union select relid from base, pg_partition_tree(base.oid::regclass)),
    concerned as (select oid from tables union select c.reltoastrelid from tables join pg_class c using (oid) where c.reltoastrelid <> 0)`;
async function readRebuiltTables(client, oid) {
	const { rows } = await client.query(`${concerned}
     select c.oid::text as oid, c.relname, format('%I.%I', n.nspname, c.relname) as name
     from tables join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace where c.relkind <> 'p' order by c.oid`, [oid]);
	return rows;
}
/** REINDEX CONCURRENTLY gives the index that it builds, and the one that it replaces, these endings. */
async function readRebuildRemains(client, oid) {
	const { rows } = await client.query(`${concerned}
     select c.oid::text as oid, c.relname, format('%I.%I', n.nspname, c.relname) as name,
       t.oid::text as table_oid, t.relname as table_relname, format('%I.%I', tn.nspname, t.relname) as table_name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace
     where not i.indisvalid and c.relkind = 'i' and c.relname ~ '_cc(new|old)[0-9]*$'
       and ($1::oid is null or i.indrelid in (select oid from concerned))
     order by c.oid`, [oid ?? null]);
	return rows.map(({ table_oid, table_relname, table_name, ...index }) => ({
		...index,
		table: {
			oid: table_oid,
			relname: table_relname,
			name: table_name
		}
	}));
}
// src/adapters/postgres/set-aside.ts
/**
* Renames an invalid index under a lock of the table that every builder of an index needs for itself, after looking
* whether it is still the one that was found. Readers and writers go on meanwhile.
*/
async function setAsideIndex(client, index, table, waitMs) {
	const name = asideName(index.oid);
	try {
		await client.query("begin");
		await client.query(`set local search_path = pg_catalog; set local lock_timeout = ${Math.round(waitMs)}`);
		if (table.kind === "table") await client.query(`lock table only ${table.name} in share update exclusive mode`);
		const { rowCount } = await client.query(stillTheSame, [
			index.oid,
			table.oid,
			index.relname,
			table.schema
		]);
		if (rowCount === 0) return { state: "changed" };
		await client.query(`alter index ${index.name} rename to ${name}`);
		await client.query("commit");
		return {
			state: "done",
			name: `${quoteName(table.schema)}.${quoteName(name)}`
		};
	} catch (error) {
		return systemCode(error) === "55P03" ? { state: "busy" } : {
			state: "refused",
			reason: messageOf(error)
		};
	} finally {
		await client.query("rollback").catch(() => {});
	}
}
const stillTheSame = `
  select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where i.indexrelid = $1::oid and i.indrelid = $2::oid and c.relname = $3 and n.nspname = $4
    and not i.indisvalid and c.relkind = 'i' and not c.relispartition
    and not exists (select from pg_constraint o where o.conindid = c.oid)
    and not exists (
      select from pg_locks l
      where l.locktype = 'relation' and l.relation in (i.indexrelid, i.indrelid) and l.pid is distinct from pg_backend_pid()
        and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        and l.granted and l.database = (select oid from pg_database where datname = current_database()))`;
// src/adapters/postgres/catalog.ts
/**
* The catalog. Names are found by the worker, in its own search path; everything else is read by the observer, whose
* search path nobody but us has set.
*/
var PostgresCatalog = class {
	#worker;
	#observer;
	constructor(worker, observer) {
		this.#worker = worker;
		this.#observer = observer;
	}
	async table(name) {
		const found = await this.#find(name);
		return found === void 0 ? void 0 : this.#table(found.oid);
	}
	async index(name) {
		const found = await this.#find(name);
		if (found === void 0) return void 0;
		const { rows } = await this.#observer().query("select indrelid::text as table from pg_index where indexrelid = $1::oid", [found.oid]);
		const table = rows[0] === void 0 ? void 0 : await this.#table(rows[0].table);
		const index = table && (await this.indexes(table)).find(({ oid }) => oid === found.oid);
		return table === void 0 || index === void 0 ? void 0 : {
			index,
			table,
			first: name.schema !== void 0 || found.first
		};
	}
	async indexes(table) {
		const { rows } = await this.#observer().query(`select c.oid::text as oid, c.relname, format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid,
         c.relkind <> 'i' or c.relispartition or exists (select from pg_constraint o where o.conindid = c.oid) as bound
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
       where i.indrelid = $1::oid order by c.oid`, [table.oid]);
		return rows;
	}
	alike(statement, table) {
		return compareIndexes(this.#worker(), statement, table);
	}
	setAside(index, table, waitMs) {
		return setAsideIndex(this.#worker(), index, table, waitMs);
	}
	async partitions(table) {
		const { rows } = await this.#observer().query(`select c.oid::text as oid, c.relname, n.nspname as schema, format('%I.%I', n.nspname, c.relname) as name,
         t.parentrelid::oid::text as parent, c.relkind = 'p' as partitioned
       from pg_partition_tree($1::oid::regclass) t join pg_class c on c.oid = t.relid join pg_namespace n on n.oid = c.relnamespace
       where t.level > 0 order by t.level, c.relname`, [table.oid]);
		return rows;
	}
	async rebuildRemains(relation) {
		const found = relation && await this.#find(relation);
		return readRebuildRemains(this.#observer(), found?.oid);
	}
	async rebuiltTables(relation) {
		const found = await this.#find(relation);
		return found === void 0 ? [] : readRebuiltTables(this.#observer(), found.oid);
	}
	async attachment(table, partition) {
		const parent = await this.table(table);
		const child = await this.table(partition);
		if (parent === void 0 || child === void 0) return void 0;
		const { rows } = await this.#observer().query(`select (to_jsonb(h) ->> 'inhdetachpending')::boolean as pending from pg_inherits h where inhparent = $1::oid and inhrelid = $2::oid`, [parent.oid, child.oid]);
		return {
			table: parent,
			partition: child,
			state: rows[0] === void 0 ? "detached" : rows[0].pending === true ? "pending" : "attached"
		};
	}
	async exists(what, name) {
		const { rowCount } = await this.#observer().query(existence[what], [name]);
		return rowCount !== 0;
	}
	/** `first` when no schema before its own in the search path could have held the name. */
	async #find(name) {
		const { rows } = await this.#worker().query("select pg_catalog.to_regclass($1)::pg_catalog.oid::pg_catalog.text as oid, pg_catalog.current_schemas(false)::pg_catalog.text[] as schemas", [quoteRelation(name)]);
		const { oid = null, schemas = [] } = rows[0] ?? {};
		if (oid === null) return void 0;
		const { rowCount } = await this.#observer().query("select from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid and n.nspname = $2", [oid, schemas[0] ?? ""]);
		return {
			oid,
			first: rowCount !== 0
		};
	}
	async #table(oid) {
		const { rows } = await this.#observer().query(`select c.oid::text as oid, c.relname, n.nspname as schema, format('%I.%I', n.nspname, c.relname) as name,
         case c.relkind when 'r' then 'table' when 'p' then 'partitioned' else 'other' end as kind
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid`, [oid]);
		return rows[0];
	}
};
const existence = {
	database: "select from pg_database where datname = $1",
	tablespace: "select from pg_tablespace where spcname = $1",
	subscription: "select from pg_subscription where subname = $1 and subdbid = (select oid from pg_database where datname = current_database())"
};
// src/adapters/postgres/existing-relations.ts
/** Whether any of these names is taken, as the session's own search path finds them. */
async function anyExists(client, names) {
	const texts = names.map((name) => quoteText(quoteRelation(name)));
	const { rows } = await client.query(`select pg_catalog.bool_or(pg_catalog.to_regclass(one.name) is not null) as taken from (values (${texts.join("), (")})) as one (name)`);
	return rows[0]?.taken === true;
}
// src/adapters/postgres/holders.ts
const holderRow = object({
	pid: number(),
	vxid: string(),
	relation: string(),
	age_ms: number().nullable(),
	vacuums: boolean(),
	backend_type: string().nullable(),
	state: string().nullable(),
	usename: string().nullable(),
	application: string().nullable(),
	wraparound: boolean().nullable(),
	prepared: string().nullable()
});
/**
* Who holds or awaits a lock that conflicts with one of these. Databases made from one template share relation oids,
* so the database is compared too; a prepared transaction has no process and is found through its transaction id.
*/
async function readHolders(client, targets, ownPids) {
	if (targets.length === 0) return [];
	const wanted = targets.flatMap(({ oid, mode }) => conflictingModes(mode).map((one) => `(${BigInt(oid)}, ${quoteText(`${one}Lock`)})`));
	const { rows } = await client.query(`select coalesce(l.pid, 0) as pid, l.virtualtransaction as vxid, min(l.relation::regclass::text) as relation,
       min(extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::float8 as age_ms,
       bool_or(l.granted and l.mode = 'ShareUpdateExclusiveLock') and min(a.usename) is null as vacuums,
       min(a.backend_type) as backend_type, min(a.state) as state, min(a.usename::text) as usename, min(a.application_name) as application,
       bool_or(a.query like 'autovacuum:%(to prevent wraparound)%') as wraparound, min(p.gid) as prepared
     from pg_locks l
     join (values ${wanted.join(", ")}) as want (relation, mode) on want.relation = l.relation and want.mode = l.mode
     left join pg_stat_activity a on a.pid = l.pid
     left join pg_locks x on l.pid is null and x.pid is null and x.locktype = 'transactionid' and x.virtualtransaction = l.virtualtransaction
     left join pg_prepared_xacts p on p.transaction = x.transactionid
     where l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
       and coalesce(l.pid, 0) <> all (array[${ownPids.map(Number).join(", ")}]::int4[])
     group by 1, 2`);
	return array(holderRow).parse(rows).map(toHolder);
}
function toHolder(row) {
	return {
		key: `${row.pid}/${row.vxid}`,
		pid: row.pid === 0 ? void 0 : row.pid,
		relation: row.relation,
		ageMs: row.age_ms ?? void 0,
		kind: kindOf(row),
		user: row.usename ?? void 0,
		application: row.application || void 0,
		state: row.state ?? void 0,
		prepared: row.prepared ?? void 0
	};
}
/** A role without `pg_read_all_stats` sees no kind of process; an autovacuum belongs to nobody and holds its own mode of lock. */
function kindOf({ pid, backend_type, wraparound, vacuums }) {
	if (pid === 0) return "prepared";
	if (backend_type === null ? !vacuums : backend_type !== "autovacuum worker") return "client";
	return wraparound === true ? "wraparound" : "autovacuum";
}
/** For what a process queues, and behind whom: rows and other transactions too, which belong to no relation's queue. */
async function readQueue(client, pid) {
	const { rows } = await client.query(`with behind as (select unnest(pg_blocking_pids($1)) as pid)
     select b.pid, coalesce(w.relation::regclass::text, 'a row or transaction') as relation, w.relation::text as oid, w.mode,
       coalesce(l.virtualtransaction, '') as vxid,
       (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as age_ms, a.usename is null and b.pid <> 0 as vacuums,
       a.backend_type, a.state, a.usename::text, a.application_name as application,
       a.query like 'autovacuum:%(to prevent wraparound)%' as wraparound, null as prepared
     from behind b
     left join pg_stat_activity a on a.pid = b.pid
     left join lateral (select l.virtualtransaction from pg_locks l where l.pid = b.pid limit 1) l on true
     left join lateral (select q.relation, q.mode from pg_locks q where q.pid = $1 and not q.granted and q.locktype = 'relation'
       and q.database = (select oid from pg_database where datname = current_database()) limit 1) w on true`, [pid]);
	const queued = array(holderRow.extend({
		oid: string().nullable(),
		mode: string().nullable()
	})).parse(rows);
	return {
		targets: queued.flatMap(({ oid, relation, mode }) => {
			const known = lockModes.find((one) => `${one}Lock` === mode);
			return known === void 0 || oid === null ? [] : [{
				oid,
				name: relation,
				mode: known,
				lockable: false
			}];
		}),
		behind: queued.map(toHolder)
	};
}
// src/adapters/postgres/ledger-tables.ts
/** One table when the layout lets both phases share it, else one a phase. */
async function locateTables(client, options, { stateSchema, settings }) {
	const { layout } = options;
	const [first = "", second] = options.table?.split(".") ?? [];
	const table = second ?? (options.table === void 0 ? layout.table.table : first);
	const path = await ownSearchPath(client, settings);
	const own = {
		state: stateSchema,
		current: path[0],
		asked: searchPathIn(settings) === void 0 ? "public" : path[0]
	};
	const schema = second === void 0 ? layout.table.schema && own[layout.table.schema] : first;
	const locate = async (name, phase) => {
		return {
			...await locate1(client, schema === void 0 ? path : [schema], name),
			phase
		};
	};
	if (layout.sharesTable) return [await locate(table, void 0)];
	const pre = await locate(table, "pre");
	return [pre, {
		...await locate1(client, [pre.table.schema], `${table}_post`),
		phase: "post"
	}];
}
/** The first of the schemas that has the table, as the tool itself would find it; new ones go into the very first. */
async function locate1(client, path, name) {
	const { rows } = await client.query(`select n.nspname::text as schema from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and c.relkind in ('r', 'p') and n.nspname = any($2::text[])
     order by pg_catalog.array_position($2::text[], n.nspname::text) limit 1`, [name, path]);
	const found = rows[0]?.schema;
	const home = found ?? path[0];
	if (home === void 0) throw new ReleaseError("insufficient-rights", `There is no schema in the role's search_path where the version table ${name} could stand.`, { hint: "Name it with its schema: migrations.table: app.goose_db_version." });
	return {
		table: {
			schema: home,
			table: name
		},
		exists: found !== void 0
	};
}
/** The schemas that the connection would search if our own session had not pinned its path. */
async function ownSearchPath(client, settings) {
	const asked = searchPathIn(settings);
	return (await client.query([
		"set local search_path to default",
		...asked === void 0 ? [] : [`select pg_catalog.set_config('search_path', ${quoteText(asked)}, true)`],
		"select pg_catalog.current_schemas(false)::text[] as schemas"
	].join("; "))).at(-1)?.rows[0]?.schemas ?? [];
}
function searchPathIn(settings) {
	return settings.findLast(([name]) => name === "search_path")?.[1];
}
const ledgerRow = object({
	version: string().regex(/^(?:-?\d+(?:\.\d+)*|R:.*)$/s),
	phase: _enum(["pre", "post"]).nullable(),
	checksum: string().nullable(),
	applied_at: date().nullable(),
	name: string().nullish(),
	covered: boolean().optional(),
	place: number().optional(),
	dirty: boolean().optional()
});
async function readEntries(client, tables, options, withDirty = false) {
	const entries = [];
	for (const { table, exists, phase } of tables) {
		if (!exists) {
			if (phase !== "post") await refuseElsewhere(client, table, options);
			continue;
		}
		const { rows } = await queryLedger(client, table, options.layout.ledger.select(table, scopeOf(options, phase)));
		for (const row of ledgerRows(rows, table, options.layout)) {
			if (row.dirty === true && !withDirty) throw dirtyVersion(row.version, table, options.layout.ledger.dirty);
			entries.push({
				version: row.version,
				phase: row.phase ?? phase,
				checksum: row.checksum ?? void 0,
				appliedAt: row.applied_at ?? void 0,
				...row.name == null ? {} : { name: row.name },
				...row.covered === true ? { covered: true } : {},
				...row.place === void 0 ? {} : { place: row.place },
				...row.dirty === true ? { dirty: true } : {}
			});
		}
	}
	return entries;
}
/**
* Throws `version-table-elsewhere` where the tool keeps another table than the one that was looked for, by settings that
* it alone reads: everything would count as pending. Whoever names the table has said which one counts, unless the
* server keeps the name in other letters: some tools leave it unquoted.
*/
async function refuseElsewhere(client, own, { layout, table: named }) {
	if (layout.tellTale === void 0) return;
	const { rows } = await client.query(`select n.nspname::text as schema, c.relname::text as table from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and (n.nspname::text, c.relname::text) <> ($1, $2)
       and (not $6 or pg_catalog.lower(n.nspname::text) = pg_catalog.lower($1) and pg_catalog.lower(c.relname::text) = pg_catalog.lower($4))
       and exists (
       select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       having $3::text[] <@ (pg_catalog.array_agg(a.attname::text) || pg_catalog.array_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, null)))
         and (not $5 or pg_catalog.count(*) = pg_catalog.cardinality($3)))
     order by c.relname <> $4, 1, 2 limit 1`, [
		own.schema,
		`${own.table}_post`,
		layout.tellTale.columns,
		own.table,
		layout.tellTale.only === true,
		named !== void 0
	]);
	const [found] = rows;
	if (found === void 0) return;
	const [here, there] = [own, found].map(({ schema, table }) => oneLine(`${schema}.${table}`));
	const settle = found.schema === own.schema ? `set migrations.table: ${oneLine(found.table)}` : found.table !== own.table || layout.runBy !== void 0 ? `set migrations.table: ${there}` : `let DATABASE_URL end in ?schema=${oneLine(found.schema)}, so that migrations run in that schema too; or, where the table alone stands there, set migrations.table: ${there}`;
	throw new ReleaseError("version-table-elsewhere", `There is no version table ${here} here, and ${there} is one of ${layout.name}'s: what it holds would count as pending.`, { hint: `If it is this application's, ${settle}. If it is another's, say that this one begins anew: migrations.table: ${here}.` });
}
/** The tool stops at it too, and only a look at the database says what is there. */
function dirtyVersion(version, table, dirty) {
	if (dirty === void 0) throw new Error("the version table notes what did not end, and nothing says what that means");
	const { says, hint } = dirty.explain(version);
	return new ReleaseError("dirty-version", `${quoteTable(table)} says that ${says}.`, { hint });
}
function ledgerRows(rows, table, { name: tool, nested }) {
	const parsed = array(ledgerRow).safeParse(rows);
	if (parsed.success) return parsed.data;
	const { version } = rows[Number(parsed.error.issues[0]?.path[0])] ?? {};
	const name = typeof version === "string" ? ` (${oneLine(version)})` : "";
	throw new ReleaseError("unknown-layout", `The version table ${quoteTable(table)} holds a row that this layout does not write${name}.`, {
		hint: nested === true ? `Names begin with a number. Where the folder of this one is gone for good, ${tool} does without the row: delete it. Where the folder was renamed, give the row its new name.` : "Check migrations.layout and migrations.table; somebody may have edited the table by hand.",
		cause: parsed.error
	});
}
async function readHeads(client, tables, options) {
	const heads = [];
	for (const { table, exists, phase } of tables) {
		const head = exists ? await readHead(client, table, options.layout.ledger.head(table, scopeOf(options, phase))) : "none";
		heads.push({
			table: `${table.schema}.${table.table}`,
			head
		});
	}
	return heads;
}
/** The same texts as `readHeads`, or as they were before some versions ran. */
async function readStanding(client, tables, options, without) {
	const standing = [];
	const { ledger } = options.layout;
	for (const { table, exists, phase } of tables) {
		const name = `${table.schema}.${table.table}`;
		if (!exists) {
			standing.push({
				table: name,
				head: "none",
				empty: true
			});
			continue;
		}
		const scope = scopeOf(options, phase);
		const entries = `(${ledger.select(table, scope)}) entry where ${butNot("entry.version", without)}`;
		const { rows } = await queryLedger(client, table, `select (${ledger.head(table, scope, without)})::text as head, not exists (select from ${entries}) as empty`);
		standing.push({
			table: name,
			head: String(rows[0]?.head),
			empty: rows[0]?.empty === true
		});
	}
	return standing;
}
async function readHead(client, table, sql) {
	const { rows } = await queryLedger(client, table, `select (${sql})::text as head`);
	return String(rows[0]?.head);
}
async function queryLedger(client, table, sql) {
	try {
		return await client.query(sql);
	} catch (error) {
		const code = systemCode(error);
		if (code === "42501") throw mayNotRead(await currentRole(client), table, error);
		if (code === "55P03") throw new ReleaseError("server-refused", `Another session has locked the version table ${quoteTable(table)} against readers.`, {
			hint: `Wait until it has ended and run the same command again. Who it is: select pid, usename, state, query from pg_stat_activity where pid in (select pid from pg_locks where granted and relation = ${quoteText(quoteTable(table))}::regclass);`,
			cause: error
		});
		if (code === "42703" || code === "42883") throw new ReleaseError("unknown-layout", `The version table ${quoteTable(table)} does not have the columns of this layout.`, {
			hint: "Check migrations.layout and migrations.table.",
			cause: error
		});
		throw error;
	}
}
function mayNotRead(role, table, cause) {
	const usage = `grant usage on schema ${quoteName(table.schema)} to ${role};`;
	const grant = (rights) => `${usage} grant ${rights} on ${quoteTable(table)} to ${role};`;
	return new ReleaseError("insufficient-rights", `The role ${role} may not read the version table ${quoteTable(table)}.`, {
		hint: `A DBA runs, for plan and dry-run:\n  ${grant("select")}\nand for all the rest:\n  ${grant("select, insert, update, delete")}`,
		cause
	});
}
// src/adapters/postgres/lock-survey/qualified.ts
const is = "operator(pg_catalog.=)";
const isNot = "operator(pg_catalog.<>)";
/** The number by which `pg_depend` calls a catalog. */
function classOf(catalog) {
	return `'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid`;
}
/** For words of our own: they are not quoted. */
function isOneOf(value, ...words) {
	return `${value}::pg_catalog.text ${is} any (array[${words.map((word) => `'${word}'`).join(", ")}]::pg_catalog.text[])`;
}
// src/adapters/postgres/lock-survey/dependencies.ts
/** Where a DROP starts: with the relation, or with the part of it that is named. */
const starts = [
	`select ${classOf("pg_class")}, r.oid, 0 where w.kind is null`,
	`select ${classOf("pg_class")}, r.oid, a.attnum::pg_catalog.int4 from pg_catalog.pg_attribute a
    where ${isOneOf("w.kind", "column")} and a.attrelid ${is} r.oid and a.attname ${is} w.part`,
	part("constraint", "pg_constraint", "conrelid", "conname"),
	part("trigger", "pg_trigger", "tgrelid", "tgname"),
	part("rule", "pg_rewrite", "ev_class", "rulename"),
	part("policy", "pg_policy", "polrelid", "polname")
];
function part(kind, catalog, relation, name) {
	return `select ${classOf(catalog)}, p.oid, 0 from pg_catalog.${catalog} p
    where ${isOneOf("w.kind", kind)} and p.${relation} ${is} r.oid and p.${name} ${is} w.part`;
}
/**
* Whatever goes with them: dependencies of every kind but the normal one, which only CASCADE follows. It also goes up
* from an internal part, such as a view's rule, to the whole. https://www.postgresql.org/docs/current/catalog-pg-depend.html
*/
const fallen = `
  fallen(cascades, mode, class, object, part) as (
    select ${isOneOf("w.reach", "dependents")}, w.mode, s.class, s.object, s.part
    from wish w join reached r on r.no ${is} w.no cross join lateral (${starts.join(" union all ")}) as s(class, object, part)
    where ${isOneOf("w.reach", "parts", "dependents")} and ${isOneOf("r.via", "named", "children")}
    union
    select f.cascades, f.mode, s.class, s.object, s.part from fallen f cross join lateral (
      select d.classid, d.objid, d.objsubid from pg_catalog.pg_depend d
        where d.refclassid ${is} f.class and d.refobjid ${is} f.object and (f.part ${is} 0 or d.refobjsubid ${is} f.part)
          and (f.cascades or not ${isOneOf("d.deptype", "n")})
      union all
      select d.refclassid, d.refobjid, d.refobjsubid from pg_catalog.pg_depend d
        where f.cascades and d.classid ${is} f.class and d.objid ${is} f.object and ${isOneOf("d.deptype", "i")}) as s(class, object, part))`;
/** The relation that is locked when an object of a catalog is dropped. */
function holder(catalog, relation, { object, kind } = {
	object: "oid",
	kind: catalog
}) {
	return `select h.${relation} from pg_catalog.${catalog} h where f.class ${is} ${classOf(kind)} and h.${object} ${is} f.object`;
}
const fallenRelations = `select s.oid, f.mode from fallen f cross join lateral (${[
	holder("pg_class", "oid"),
	holder("pg_index", "indrelid", {
		object: "indexrelid",
		kind: "pg_class"
	}),
	holder("pg_constraint", "conrelid"),
	holder("pg_trigger", "tgrelid"),
	holder("pg_rewrite", "ev_class"),
	holder("pg_attrdef", "adrelid"),
	holder("pg_policy", "polrelid")
].join(" union all ")}) as s(oid)`;
// src/adapters/postgres/lock-survey/steps.ts
/**
* Queries that lead from the relation `r` to others, each with the word by which it got there and a lock mode: `r` has
* the number of the lock that was asked for (`no`), and `via`, `named` for the relation itself.
*/
function stepsTo(reach) {
	return steps[reach];
}
const wished = `wish w where w.no ${is} r.no`;
const family = ["named", "children"];
const emptied = [...family, "referencing-chain"];
/** A step that is taken only where it was wished for. */
function step(reach, from, sql) {
	return `${sql} and ${isOneOf("w.reach", reach)} and ${isOneOf("r.via", ...from)}`;
}
/** Partitions and children of what was reached another way are locked as it is. */
function below(via) {
	return `select i.inhrelid, r.via, r.mode from pg_catalog.pg_inherits i where i.inhparent ${is} r.oid and ${isOneOf("r.via", via)}`;
}
/** Whether a foreign key is the one wished for; `key` holds the columns at this end of it. */
const isWishedKey = (key) => `(w.kind is null
  or (${isOneOf("w.kind", "constraint")} and k.conname ${is} w.part)
  or (${isOneOf("w.kind", "column")} and exists (select from pg_catalog.pg_attribute a
    where a.attrelid ${is} r.oid and a.attname ${is} w.part and a.attnum ${is} any (k.${key}))))`;
const isWishedIndex = `(w.kind is null
  or (${isOneOf("w.kind", "index")} and exists (select from pg_catalog.pg_class c where c.oid ${is} x.indexrelid and c.relname ${is} w.part))
  or (${isOneOf("w.kind", "constraint")} and exists (select from pg_catalog.pg_constraint k
    where k.conrelid ${is} r.oid and k.conname ${is} w.part and k.conindid ${is} x.indexrelid and ${isOneOf("k.contype", "p", "u", "x")})))`;
const isWishedSequence = `(w.kind is null or exists (select from pg_catalog.pg_attribute a
  where a.attrelid ${is} r.oid and a.attnum ${is} d.refobjsubid and a.attname ${is} w.part))`;
/** What the query of a view names. */
const readBy = (mode, from) => `select d.refobjid, 'underlying', ${mode}
  from pg_catalog.pg_rewrite v join pg_catalog.pg_depend d on d.objid ${is} v.oid, ${from}
  and v.ev_class ${is} r.oid and ${isOneOf("v.ev_type", "1")} and d.classid ${is} ${classOf("pg_rewrite")}
  and d.refclassid ${is} ${classOf("pg_class")} and d.refobjid ${isNot} r.oid`;
/** Reading a materialized view touches nothing below it. */
const isView = `exists (select from pg_catalog.pg_class c where c.oid ${is} r.oid and ${isOneOf("c.relkind", "v")})`;
const throughViews = `${readBy("r.mode", `(select) as nothing where ${isOneOf("r.via", "underlying")}`)} and ${isView}`;
const steps = {
	children: [step("children", family, `select i.inhrelid, 'children', w.mode from pg_catalog.pg_inherits i, ${wished} and i.inhparent ${is} r.oid`)],
	partitions: [step("partitions", family, `select c.oid, 'children', w.mode from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid ${is} i.inhrelid, ${wished}
        and i.inhparent ${is} r.oid and c.relispartition`)],
	parent: [step("parent", ["named"], `select i.inhparent, 'parent', w.mode from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid ${is} i.inhrelid, ${wished}
        and i.inhrelid ${is} r.oid and c.relispartition`), `select t.partdefid, 'sibling', r.mode from pg_catalog.pg_partitioned_table t where t.partrelid ${is} r.oid and ${isOneOf("r.via", "parent")}`],
	default: [step("default", ["named"], `select t.partdefid, 'default', w.mode from pg_catalog.pg_partitioned_table t, ${wished} and t.partrelid ${is} r.oid`), below("default")],
	referenced: [step("referenced", family, `select k.confrelid, 'referenced', w.mode from pg_catalog.pg_constraint k, ${wished}
        and k.conrelid ${is} r.oid and ${isOneOf("k.contype", "f")} and ${isWishedKey("conkey")}`), below("referenced")],
	referencing: [step("referencing", family, `select k.conrelid, 'referencing', w.mode from pg_catalog.pg_constraint k, ${wished}
        and k.confrelid ${is} r.oid and ${isOneOf("k.contype", "f")} and ${isWishedKey("confkey")}`)],
	"referencing-chain": [step("referencing-chain", emptied, `select k.conrelid, 'referencing-chain', w.mode from pg_catalog.pg_constraint k, ${wished}
        and k.confrelid ${is} r.oid and ${isOneOf("k.contype", "f")}`)],
	table: [step("table", family, `select x.indrelid, 'table', w.mode from pg_catalog.pg_index x, ${wished} and x.indexrelid ${is} r.oid`)],
	indexes: [step("indexes", emptied, `select x.indexrelid, 'indexes', w.mode from pg_catalog.pg_index x, ${wished} and x.indrelid ${is} r.oid and ${isWishedIndex}`)],
	sequences: [step("sequences", emptied, `select c.oid, 'sequences', w.mode from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid ${is} d.objid, ${wished}
        and d.refclassid ${is} ${classOf("pg_class")} and d.refobjid ${is} r.oid and d.classid ${is} ${classOf("pg_class")}
        and ${isOneOf("d.deptype", "a", "i")} and ${isOneOf("c.relkind", "S")} and ${isWishedSequence}`)],
	underlying: [
		step("underlying", family, `${readBy("w.mode", wished)} and ${isView}`),
		throughViews,
		below("underlying")
	],
	source: [
		step("source", ["named"], readBy("w.mode", wished)),
		throughViews,
		below("underlying")
	],
	parts: [],
	dependents: []
};
// src/adapters/postgres/lock-survey/query.ts
/** One query for the relations asked for and those reached from them. Modes are numbers, the lists JSON as SQL constants. */
function surveyQuery(asked) {
	const wanted = reaches.filter((reach) => asked.reach.has(reach));
	const steps = [...new Set(wanted.flatMap(stepsTo))];
	const drops = wanted.includes("parts") || wanted.includes("dependents");
	return `
with recursive ${names(asked.named)}, ${wishes(asked.wishes)}, ${reached(steps)}, ${drops ? `${fallen}, ` : ""}
  taken as (
    select h.oid, pg_catalog.max(h.mode) as mode, pg_catalog.array_agg(distinct h.mode) as modes
    from (select r.oid, r.mode from reached r ${drops ? `union all ${fallenRelations}` : ""}) as h group by h.oid)
select c.oid::pg_catalog.text as oid, n.nspname::pg_catalog.text as schema, c.relname::pg_catalog.text as table, t.modes,
  ${isOneOf("c.relkind", "r", "p")} and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and coalesce(pg_catalog.has_table_privilege(c.oid, ${rights}), false) as lockable
from taken t
join pg_catalog.pg_class c on c.oid ${is} t.oid
join pg_catalog.pg_namespace n on n.oid ${is} c.relnamespace
cross join (select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog./) 10000 as major) as v
where c.relpersistence ${isNot} 't' and not ${isOneOf("n.nspname", "pg_catalog", "pg_toast", "information_schema")}
order by n.nspname, c.relname`;
}
/** Names are found as the server finds them, in the schemas of the search path that exist and may be used. */
const names = (json) => `
  named as (
    select distinct on (a.no) a.no, c.oid, a.mode
    from pg_catalog.json_to_recordset(${json}::pg_catalog.json)
      as a(no pg_catalog.int4, schema pg_catalog.text, name pg_catalog.text, mode pg_catalog.int4)
    join pg_catalog.pg_class c on c.relname ${is} a.name::pg_catalog.name
    join pg_catalog.pg_namespace n on n.oid ${is} c.relnamespace
    left join pg_catalog.unnest(pg_catalog.current_schemas(true)) with ordinality as p(name, position) on p.name ${is} n.nspname
    where case when a.schema is null then p.position is not null else n.nspname ${is} a.schema::pg_catalog.name end
    order by a.no, p.position)`;
/** Children of one that has no such constraint do not have it either, and are left alone. */
const wishes = (json) => `
  wish as (
    select w.no, w.reach, w.mode, w.kind, w.part::pg_catalog.name as part
    from pg_catalog.json_to_recordset(${json}::pg_catalog.json)
      as w(no pg_catalog.int4, reach pg_catalog.text, mode pg_catalog.int4, kind pg_catalog.text, part pg_catalog.text)
    where not (${isOneOf("w.reach", "children")} and w.kind is not null) or exists (
      select from named m join pg_catalog.pg_constraint k on k.conrelid ${is} m.oid
      where m.no ${is} w.no and k.conname ${is} w.part::pg_catalog.name and ${isOneOf("k.contype", "c", "n")}))`;
const reached = (steps) => `
  reached(no, oid, via, mode) as (
    select no, oid, 'named', mode from named
    ${steps.length === 0 ? "" : "union select r.no, s.oid, s.via, s.mode from reached r cross join lateral ("}
    ${steps.join(" union all ")}${steps.length === 0 ? "" : ") as s(oid, via, mode)"})`;
/** Any one of these rights allows LOCK TABLE in the mode. https://www.postgresql.org/docs/current/sql-lock.html */
const rights = `case
  when v.major operator(pg_catalog.>=) 16 then pg_catalog.concat_ws(',', 'update,delete,truncate',
    case when v.major operator(pg_catalog.>=) 17 then 'maintain' end,
    case when t.mode operator(pg_catalog.<=) 2 then 'insert' end, case when t.mode ${is} 0 then 'select' end)
  when t.mode ${is} 0 then 'select'
  when t.mode ${is} 2 then 'insert,update,delete,truncate'
  else 'update,delete,truncate' end`;
// src/adapters/postgres/lock-survey.ts
/**
* The relations of the database that the locks fall on, each once with its strongest mode. Names are resolved by the
* session's own search path; what does not exist is left out, and so are the server's catalogs and temporary tables.
* One round trip; inside a transaction of the caller's, its later queries are not compiled (`jit`) either.
*/
async function surveyLocks(client, locks) {
	if (locks.length === 0) return [];
	const named = locks.map(({ schema, name, mode }, no) => ({
		no,
		schema,
		name,
		mode: lockModes.indexOf(mode)
	}));
	const wishes = locks.flatMap(({ reach }, no) => reach.map(({ to, mode, only }) => ({
		no,
		reach: to,
		mode: lockModes.indexOf(mode),
		kind: only?.kind,
		part: only?.name
	})));
	const reach = new Set(locks.flatMap((one) => one.reach.map(({ to }) => to)));
	const query = surveyQuery({
		named: quoteText(JSON.stringify(named)),
		wishes: quoteText(JSON.stringify(wishes)),
		reach
	});
	return ((await client.query(`set local jit = off; ${query}`))[1]?.rows ?? []).map(({ oid, schema, table, modes, lockable }) => {
		const mode = modes.map((index) => lockModes[index]).reduce(strongerMode);
		return {
			oid,
			name: quoteTable({
				schema,
				table
			}),
			mode,
			lockable
		};
	});
}
// src/adapters/postgres/reset-session.ts
/**
* What DISCARD ALL does, as statements that may share a message and a transaction with others, then our own settings
* and role again. Nothing frees only the advisory locks of others: ours is held by the transaction while the session's are freed,
* so that nobody gets it in between. https://www.postgresql.org/docs/current/sql-discard.html
*/
function resetStatements(serverMajor, { connection, role }, workerKey) {
	return [
		"close all",
		"set session authorization default",
		"reset all",
		"deallocate all",
		"unlisten *",
		`select pg_catalog.pg_advisory_xact_lock(${workerKey})`,
		"select pg_catalog.pg_advisory_unlock_all()",
		`select pg_catalog.pg_advisory_lock(${workerKey})`,
		"discard plans",
		"discard temp",
		"discard sequences",
		...sessionSettings(serverMajor, connection),
		...role === void 0 ? [] : [`set role ${quoteName(role)}`]
	];
}
// src/adapters/postgres/send-message.ts
/** Sends one simple-query message; what became of it is in the outcome, and nothing is thrown. */
function sendMessage(client, sql) {
	return new Promise((resolve) => {
		const query = new CountingQuery(sql);
		let value;
		query.on("row", (row) => {
			const [first] = Object.values(row);
			value = typeof first === "string" ? first : void 0;
		});
		query.on("end", () => resolve({
			state: "done",
			value
		}));
		query.on("error", (error) => resolve(outcomeOf(error, query.completed, value)));
		client.query(query);
	});
}
/** What a signal that came before says of a message. */
const notSent = {
	state: "failed",
	failure: {
		sqlstate: "57014",
		message: "not started",
		detail: void 0,
		hint: void 0,
		position: void 0,
		completed: 0
	},
	value: void 0
};
/** `pg` keeps no count of the statements that ended before an error; this query does. */
var CountingQuery = class extends esm_default.Query {
	completed = 0;
	handleCommandComplete(message, connection) {
		this.completed++;
		esm_default.Query.prototype.handleCommandComplete.call(this, message, connection);
	}
};
function outcomeOf(error, completed, value) {
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
		},
		value
	};
}
// src/adapters/postgres/versions-once.ts
/** How long others may have to wait behind one attempt of ours. */
const lockMs = 200;
const attempts = 5;
const pauseMs = 100;
/** How long a transaction that may be the tool's is waited for. */
const othersMs = 2e3;
/** Holds version tables to one row a version for the time of a run, where the layout knows how. */
var VersionsOnce = class {
	#surroundings;
	#tables;
	#made = /* @__PURE__ */ new Set();
	constructor(surroundings) {
		const { tables, options } = surroundings;
		this.#surroundings = surroundings;
		this.#tables = tables.flatMap(({ table, exists, phase }) => {
			const once = exists ? options.layout.ledger.onlyOnce?.(table) : void 0;
			return once === void 0 ? [] : [{
				...once,
				phase
			}];
		});
	}
	async begin(phases) {
		const reasons = [];
		for (const one of this.#tables.filter(({ phase }) => phase === void 0 || phases.has(phase))) {
			const reason = await this.#make(one);
			if (reason === void 0) this.#made.add(one);
			else reasons.push(`${one.index} could not be made: ${reason}`);
		}
		if (reasons.length === 0) return;
		const { name } = this.#surroundings.options.layout;
		this.#surroundings.warn(`${reasons.join("; ")}. A ${name} that starts meanwhile could run a migration twice: start no service that migrates at boot before this run has ended.`);
	}
	/** Drops what this run made, and what one that was killed has left. */
	async end() {
		const there = [];
		for (const one of this.#tables) if (await this.#isThere(one)) there.push(one);
		if (there.length === 0) return;
		const reason = await this.#othersAtWork() ?? await this.#drop(there);
		if (reason === void 0) return;
		const drop = `drop index ${there.map(({ index }) => index).join(", ")}`;
		this.#surroundings.warn(`What keeps a version from being recorded twice stays in the version table until the next run: ${reason}. To drop it by hand: ${drop};`);
	}
	async #make(one) {
		const reason = await this.#obstacle(one) ?? await this.#change(one.make);
		if (reason !== void 0) await this.#drop([one]);
		return reason;
	}
	async #obstacle({ obstacle }) {
		try {
			const { rows } = await this.#client.query(obstacle);
			return Object.values(rows[0] ?? {})[0];
		} catch (error) {
			return reasonOf(error);
		}
	}
	/** After a broken connection nobody can look: then what was made is still there. */
	async #isThere(one) {
		try {
			const { rows } = await this.#client.query("select pg_catalog.to_regclass($1) is not null as there", [one.index]);
			return rows[0]?.there === true;
		} catch {
			return this.#made.has(one);
		}
	}
	#drop(indexes) {
		return this.#change(`drop index if exists ${indexes.map(({ index }) => index).join(", ")}`);
	}
	/** Why it could not be done. */
	async #change(sql) {
		for (let tries = 1;; tries++) try {
			await this.#client.query(`set local lock_timeout = '${lockMs}ms'; ${sql}`);
			return;
		} catch (error) {
			if (systemCode(error) !== "55P03" || tries === attempts) return reasonOf(error);
			await pause$1(pauseMs);
		}
	}
	/**
	* A tool that read the table before our last migration may still be at that migration, and adds its row when it has
	* ended. It holds nothing of the version table before, and so each transaction that was open and has written, or
	* waits for a lock, could be the one.
	*/
	async #othersAtWork() {
		try {
			let open = await this.#writers();
			for (let waited = 0; open.size > 0 && waited < othersMs; waited += pauseMs) {
				await pause$1(pauseMs);
				const now = await this.#writers();
				open = new Map([...open].filter(([transaction]) => now.has(transaction)));
			}
			const processes = [...new Set(open.values())].join(", ");
			return open.size === 0 ? void 0 : `a transaction is open that could be a ${this.#surroundings.options.layout.name}'s (${processes})`;
		} catch (error) {
			return reasonOf(error);
		}
	}
	/** Transactions of other sessions, with their processes. Everybody may read this much of the views. */
	async #writers() {
		const { rows } = await this.#client.query(`select distinct l.virtualtransaction as transaction, l.pid, a.application_name as application
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where a.datname = pg_catalog.current_database() and a.usesysid is not null and l.pid <> pg_catalog.pg_backend_pid()
         and (not l.granted or (l.locktype = 'transactionid' and l.mode = 'ExclusiveLock'))`);
		return new Map(rows.map(({ transaction, pid, application }) => [transaction, `process ${pid}${application ? `, ${oneLine(application)}` : ""}`]));
	}
	get #client() {
		return this.#surroundings.observer().client;
	}
};
function reasonOf(error) {
	const detail = error instanceof esm_default.DatabaseError && error.code === "23505" ? `; ${error.detail ?? ""}` : "";
	return oneLine(`${messageOf(error)}${detail}`);
}
function pause$1(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
// src/adapters/postgres/watch.ts
const progressRow = object({
	work: _enum([
		"building",
		"rebuilding",
		"vacuuming",
		"clustering",
		"analyzing"
	]),
	phase: string().nullable(),
	subject: string().nullable(),
	index_oid: string().nullable(),
	done: number().nullable(),
	total: number().nullable()
});
/** What the observer sees of the worker and of others. */
var PostgresWatch = class {
	#client;
	#workerPid;
	constructor(client, workerPid) {
		this.#client = client;
		this.#workerPid = workerPid;
	}
	async progress() {
		const rows = await asLogin(this.#client(), progressQuery(this.#workerPid()));
		const [row] = array(progressRow).parse(rows);
		if (row === void 0 || row.phase === null) return void 0;
		const { work, phase, subject, index_oid: indexOid, done, total } = row;
		const share = done === null || total === null || total <= 0 ? void 0 : done / total;
		return {
			work,
			phase,
			subject: subject ?? void 0,
			indexOid: work === "building" && indexOid !== null ? indexOid : void 0,
			share
		};
	}
	async snapshots() {
		const rows = await asLogin(this.#client(), snapshotQuery(this.#workerPid()));
		return array(holderRow).parse(rows).map(toHolder);
	}
};
/** Blocks count while something is scanned, rows while they are sorted or loaded. https://www.postgresql.org/docs/current/progress-reporting.html */
const progressQuery = (pid) => `
  with seen (work, phase, relation, index, done, total) as (
    select case when command like 'REINDEX%' then 'rebuilding' else 'building' end, phase, relid, nullif(index_relid, 0),
      case when phase like '%scanning%' then blocks_done else tuples_done end, case when phase like '%scanning%' then blocks_total else tuples_total end
    from pg_stat_progress_create_index where pid = ${pid}
    union all
    select 'vacuuming', phase, relid, null, case phase when 'scanning heap' then heap_blks_scanned when 'vacuuming heap' then heap_blks_vacuumed end, heap_blks_total
    from pg_stat_progress_vacuum where pid = ${pid}
    union all
    select 'clustering', phase, relid, null, heap_blks_scanned, heap_blks_total from pg_stat_progress_cluster where pid = ${pid}
    union all
    select 'analyzing', phase, relid, null, sample_blks_scanned, sample_blks_total from pg_stat_progress_analyze where pid = ${pid}
  )
  select work, phase, c.relname as subject, index::text as index_oid, done::float8 as done, total::float8 as total
  from seen left join pg_class c on c.oid = coalesce(index, relation) limit 1`;
/**
* Who holds a snapshot that a build must outlive. A vacuum holds none that counts; builders of other indexes count only
* on servers older than 14, or with expressions, and let go of theirs while they wait: they are left to the build itself.
*/
const snapshotQuery = (pid) => `
  select a.pid, v.virtualtransaction as vxid, 'an older snapshot' as relation,
    (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::float8 as age_ms, a.usesysid is null as vacuums,
    a.backend_type, a.state, a.usename::text as usename, a.application_name as application,
    a.query like 'autovacuum:%(to prevent wraparound)%' as wraparound, null as prepared
  from pg_stat_activity a
  join pg_locks v on v.pid = a.pid and v.locktype = 'virtualxid' and v.virtualxid = v.virtualtransaction
  where a.datid = (select oid from pg_database where datname = current_database())
    and a.backend_xmin is not null and a.usesysid is not null and a.pid not in (${pid}, pg_backend_pid())
    and not exists (select from pg_stat_progress_vacuum p where p.pid = a.pid)
    and not exists (select from pg_stat_progress_create_index p where p.pid = a.pid)`;
// src/adapters/postgres/worker.ts
/** How long the statement of a killed run may go on before nobody waits for it any more. */
const oldStatementMs = 9e4;
/** Opens the connection that runs migrations, and waits for what a killed run left on the server. */
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
	const deadline = performance.now() + oldStatementMs;
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
// src/adapters/postgres/executor.ts
/** Opens the worker. Throws `pooler-detected` when both connections turn out to be one server process. */
async function openExecutor(surroundings) {
	const worker = await openWorker(surroundings);
	try {
		refusePooler(worker, surroundings.observer());
		const { ledger, deadlockTimeoutMs } = await ledgerTexts(worker, surroundings);
		return new PostgresExecutor(surroundings, worker, ledger, deadlockTimeoutMs);
	} catch (error) {
		await worker[Symbol.asyncDispose]();
		throw error;
	}
}
/** What a run would send, found out on a connection of its own that sends nothing but questions. */
async function openPreview(surroundings) {
	const { database, run, books } = surroundings;
	const session = await openClient({
		...database,
		applicationName: applicationName(run)
	});
	try {
		await assumeRole(session.client, database.role);
		const { ledger } = await ledgerTexts(session, surroundings);
		return {
			ledger,
			books,
			survey: (locks, creates) => survey(session.client, locks, creates),
			[Symbol.asyncDispose]: () => session[Symbol.asyncDispose]()
		};
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw error;
	}
}
async function survey(client, locks, creates) {
	return {
		targets: locks.length === 0 ? [] : await surveyLocks(client, locks),
		taken: creates.length > 0 && await anyExists(client, creates)
	};
}
async function ledgerTexts(worker, surroundings) {
	const { tables, options, database } = surroundings;
	const { role = "", login = "", deadlock_ms = 1e3 } = (await worker.client.query("select current_user::text as role, session_user::text as login, (select setting::int from pg_catalog.pg_settings where name = 'deadlock_timeout') as deadlock_ms")).rows[0] ?? {};
	const restoreRole = `set local session authorization default;\nset local role ${role === login ? "none" : quoteName(role)}`;
	const resetSession = resetStatements(worker.serverMajor, database, advisoryKey("worker", options.project));
	const ledger = new LedgerTexts(options.layout, tables, options, {
		restoreRole,
		resetSession
	});
	ledger.expect(await readTableHeads(surroundings.observer().client, surroundings));
	return {
		ledger,
		deadlockTimeoutMs: deadlock_ms
	};
}
/** A sign of life of both connections: firewalls and proxies drop what is silent, some after ten seconds. */
const heartbeatMs = 5e3;
/** Heartbeats in a row that may go unanswered. They are counted, not timed: a process that was suspended has missed nothing. */
const beatsInSilence = 7;
/** How long after the last sign of life a new connection is still tried for: with its own time limit the run ends within 90 s. */
const reachMs = 6e4;
/** How long an old session may take to disappear after the network broke. */
const settleMs = 9e4;
/** How long our own lost session may go on by itself, to end what it was about to commit. */
const lostGraceMs = 5e3;
var PostgresExecutor = class {
	books;
	ledger;
	catalog;
	watch;
	deadlockTimeoutMs;
	#surroundings;
	#once;
	#heart;
	#worker;
	/** Heartbeats since the observer last answered one. */
	#unanswered = 0;
	#settling = false;
	constructor(surroundings, worker, ledger, deadlockTimeoutMs) {
		this.#surroundings = surroundings;
		this.#worker = worker;
		this.ledger = ledger;
		this.deadlockTimeoutMs = deadlockTimeoutMs;
		this.books = surroundings.books;
		this.catalog = new PostgresCatalog(() => this.#worker.client, () => this.#observer);
		this.watch = new PostgresWatch(() => this.#observer, () => this.#worker.pid);
		this.#once = new VersionsOnce(surroundings);
		this.#heart = setInterval(() => this.#beat(), heartbeatMs);
		this.#heart.unref();
	}
	get #observer() {
		return this.#surroundings.observer().client;
	}
	async send(sql, signal) {
		const { client, pid, lost } = this.#worker;
		const reason = lost();
		if (reason !== void 0) return {
			state: "lost",
			reason
		};
		if (signal.aborted) return notSent;
		const cancel = () => {
			asLogin(this.#observer, `select pg_catalog.pg_cancel_backend(${pid})`).catch(() => client.end());
		};
		signal.addEventListener("abort", cancel, { once: true });
		try {
			return await sendMessage(client, sql);
		} finally {
			signal.removeEventListener("abort", cancel);
		}
	}
	survey(locks, creates) {
		return survey(this.#worker.client, locks, creates);
	}
	holders(targets) {
		return readHolders(this.#observer, targets, [this.#worker.pid, this.#surroundings.observer().pid]);
	}
	queue() {
		return readQueue(this.#observer, this.#worker.pid);
	}
	bookOnce(phases) {
		return this.#once.begin(phases);
	}
	async settle() {
		const { pid } = this.#worker;
		await this.#worker[Symbol.asyncDispose]();
		await this.#reach();
		const lostAt = performance.now();
		while (await this.#isAlive(pid, performance.now() - lostAt > lostGraceMs)) {
			if (performance.now() - lostAt > settleMs) throw new ReleaseError("connection-lost", `The old server process ${pid} is still there.`, { hint: `Wait until it has ended, or end it: select pg_terminate_backend(${pid}). Then run the same command again.` });
			await pause(250);
		}
		this.#worker = await openWorker(this.#surroundings);
		this.ledger.expect(await readTableHeads(this.#observer, this.#surroundings));
		return readEntries(this.#observer, this.#surroundings.tables, this.#surroundings.options);
	}
	async [Symbol.asyncDispose]() {
		clearInterval(this.#heart);
		await this.#worker[Symbol.asyncDispose]();
		await this.#once.end();
	}
	/** Connects the observer anew; nothing is asked of the old one meanwhile. */
	async #reach() {
		const deadline = performance.now() + reachMs - this.#unanswered * heartbeatMs;
		this.#settling = true;
		try {
			for (;;) try {
				return await this.#surroundings.reconnect(AbortSignal.timeout(settleMs));
			} catch (error) {
				if (performance.now() > deadline || error instanceof ReleaseError && error.code !== "connection-failed") throw error;
				await pause(1e3);
			}
		} finally {
			this.#unanswered = 0;
			this.#settling = false;
		}
	}
	/** Whether our lost session is still at work, which is ended when asked for: its outcome could not reach us any more. */
	async #isAlive(pid, end) {
		const { rowCount } = await this.#observer.query(`select ${end ? "pg_catalog.pg_terminate_backend(pid)" : ""} from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2`, [pid, applicationName(this.#surroundings.run)]);
		return rowCount !== 0;
	}
	/**
	* Asks the observer for a sign of life, and sends the worker a byte or two that the server reads without answering:
	* packets that vanish end nothing by themselves. When no answer comes in time both connections are given up, and
	* what became of the worker's message is for the ledger to say.
	*/
	#beat() {
		if (this.#settling) return;
		const worker = streamOf(this.#worker.client);
		const observer = this.#observer;
		if (this.#unanswered >= beatsInSilence) {
			const silent = /* @__PURE__ */ new Error(`no answer from the server for ${this.#unanswered * heartbeatMs / 1e3} s`);
			for (const stream of [worker, streamOf(observer)]) stream?.destroy(silent);
			return;
		}
		if (this.#unanswered++ === 0) observer.query("select 1").then(() => {
			if (observer === this.#observer) this.#unanswered = 0;
		}, () => {});
		if (this.#worker.lost() === void 0) worker?.write(flushMessage);
	}
};
/** Flush asks for nothing but what is waiting to be sent. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const flushMessage = Buffer.from([
	72,
	0,
	0,
	0,
	4
]);
async function readTableHeads(client, { tables, options }) {
	const heads = /* @__PURE__ */ new Map();
	for (const { table, phase, exists } of tables) if (exists) heads.set(phase, await readHead(client, table, options.layout.ledger.head(table, scopeOf(options, phase))));
	return heads;
}
function pause(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
// src/adapters/postgres/publications.ts
/** The publications of the database, most often none. */
async function readPublications(client, serverMajor) {
	const schemas = serverMajor >= 15 ? `(select coalesce(array_agg(n.nspname::text), '{}') from pg_catalog.pg_publication_namespace pn
          join pg_catalog.pg_namespace n on n.oid = pn.pnnspid where pn.pnpubid = p.oid)` : "'{}'::text[]";
	const { rows } = await client.query(`select p.pubname::text as name, p.puballtables as everything, ${schemas} as schemas
     from pg_catalog.pg_publication p where p.pubinsert or p.pubupdate or p.pubdelete order by 1`);
	return rows;
}
/** Which of the publications send rows of a table, or would as soon as it is made. */
async function publishedBy(client, publications, { schema, table }) {
	const { rows } = await client.query(`select exists (select from pg_catalog.pg_tables where schemaname = $1 and tablename = $2) as there,
       array(select pubname::text from pg_catalog.pg_publication_tables where schemaname = $1 and tablename = $2) as names`, [schema, table]);
	const { there = false, names = [] } = rows[0] ?? {};
	return publications.filter(({ name, everything, schemas }) => there ? names.includes(name) : everything || schemas.includes(schema)).map(({ name }) => name);
}
/** What follows the database's changes by logical decoding, connected right now or not. */
async function readLogicalSlots(client) {
	const { rows } = await client.query(`select slot_name::text as name from pg_catalog.pg_replication_slots
     where slot_type = 'logical' and database = pg_catalog.current_database() and not temporary order by 1`);
	return rows.map(({ name }) => name);
}
// src/adapters/postgres/read-publishing.ts
const none = {
	publications: [],
	state: [],
	versions: [],
	subscriberSql: [],
	takingNew: [],
	slots: []
};
/** What logical replication would do with the tables that a run makes and writes. */
async function readPublishing(client, ledger, { serverMajor, stateSchema, keepsState }) {
	const publications = await readPublications(client, serverMajor);
	if (publications.length === 0) return none;
	const names = /* @__PURE__ */ new Set();
	const covered = async (table) => {
		const by = await publishedBy(client, publications, table);
		for (const name of by) names.add(name);
		return by.length > 0;
	};
	const state = await filter(keepsState ? stateTables$1.map((table) => ({
		schema: stateSchema,
		table
	})) : [], covered);
	const versions = await filter(ledger === void 0 ? [] : ledger.tables.filter((one) => isOurs$1(one, ledger.options)).map(({ table }) => table), covered);
	const made = [...state, ...versions].some(({ schema }) => schema === stateSchema);
	return {
		publications: [...names].sort(),
		state,
		versions,
		subscriberSql: [
			...made ? [`create schema if not exists ${quoteName(stateSchema)}`] : [],
			...state.length > 0 ? stateStatements(stateSchema) : [],
			...ledger === void 0 ? [] : versions.map((table) => ledger.options.layout.ledger.createEmpty(table))
		],
		takingNew: publications.filter(({ everything, schemas }) => everything || schemas.length > 0).map(({ name }) => name),
		slots: await readLogicalSlots(client)
	};
}
/** A table that the team's own tool has been writing is where its subscribers know it; the others are our doing. */
function isOurs$1({ exists, phase }, { layout, hasPost }) {
	return layout.writtenByTool ? !exists && (phase !== "post" || hasPost) : true;
}
async function filter(all, keeps) {
	const kept = [];
	for (const one of all) if (await keeps(one)) kept.push(one);
	return kept;
}
// src/adapters/postgres/rights.ts
/**
* Throws `insufficient-rights` with the lines that a DBA runs, unless the role may do everything that a run does with its
* own tables. Without a state schema the state is kept elsewhere.
*/
async function requireRights(client, stateSchema, tables, options, erases) {
	const needed = [...stateSchema === void 0 ? [] : stateTables(stateSchema), ...ledgerTables(tables, options, erases)];
	const { rows } = await client.query("select current_user::text as role, current_database()::text as database, has_database_privilege(current_database(), 'CREATE') as may_create");
	const { role = "", database = "", may_create = false } = rows[0] ?? {};
	const schemas = await readSchemas(client, [...new Set(needed.map(({ schema }) => schema))]);
	const lines = [];
	for (const schema of schemas) {
		const existing = await readMissing(client, needed.filter((one) => one.schema === schema.schema));
		lines.push(...schemaLines(schema, existing.absent, role, may_create));
		lines.push(...[...existing.lacking, ...existing.sequences].map((one) => grantLine(one, role)));
	}
	if (lines.length === 0) return;
	throw new ReleaseError("insufficient-rights", `The role ${quoteName(role)} may not keep the books of a run in ${quoteName(database)}; nothing was run.`, { hint: `A DBA runs:\n${lines.map((line) => `  ${line}`).join("\n")}` });
}
function stateTables(schema) {
	return [
		{
			schema,
			table: "stamp",
			privileges: ["select", "insert"]
		},
		{
			schema,
			table: "history",
			privileges: [
				"select",
				"insert",
				"update"
			]
		},
		{
			schema,
			table: "step",
			privileges: [
				"select",
				"insert",
				"update",
				"delete"
			]
		}
	];
}
function ledgerTables(tables, { layout, hasPost }, erases) {
	const privileges = [
		"select",
		"insert",
		...layout.writtenByTool ? ["update"] : [],
		...erases ? ["delete"] : []
	];
	return tables.filter(({ exists, phase }) => exists || phase !== "post" || hasPost).map(({ table }) => ({
		...table,
		privileges
	}));
}
async function readSchemas(client, names) {
	const { rows } = await client.query(`select wanted.name as schema, n.oid is not null as exists,
       coalesce(has_schema_privilege(n.oid, 'USAGE'), false) as usage, coalesce(has_schema_privilege(n.oid, 'CREATE'), false) as create
     from unnest($1::text[]) with ordinality as wanted(name, place) left join pg_namespace n on n.nspname = wanted.name order by place`, [names]);
	return rows;
}
/** The tables that are not there, and the privileges that are lacking on those that are, and on what numbers their rows. */
async function readMissing(client, needed) {
	let absent = false;
	const lacking = [];
	const sequences = [];
	for (const one of needed) {
		const { rows } = await client.query(`select array(select wanted from unnest($3::text[]) wanted where not has_table_privilege(c.oid, wanted)) as lacking
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`, [
			one.schema,
			one.table,
			one.privileges
		]);
		const [row] = rows;
		if (row === void 0) absent = true;
		else if (row.lacking.length > 0) lacking.push({
			...one,
			privileges: row.lacking
		});
		sequences.push(...await readSequences(client, one));
	}
	return {
		absent,
		lacking,
		sequences
	};
}
/** Those of `serial` columns that the role may not use; an identity column asks for no right of its own. */
async function readSequences(client, { schema, table }) {
	const { rows } = await client.query(`select n.nspname::text as schema, s.relname::text as table
     from pg_class c join pg_namespace cn on cn.oid = c.relnamespace and cn.nspname = $1
       join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'a'
       join pg_class s on s.oid = d.objid join pg_namespace n on n.oid = s.relnamespace
     where c.relname = $2 and case when s.relkind = 'S' then not has_sequence_privilege(s.oid, 'USAGE, UPDATE') end`, [schema, table]);
	return rows.map((one) => ({
		...one,
		kind: "sequence ",
		privileges: ["usage"]
	}));
}
function schemaLines({ schema, exists, usage, create }, absent, role, mayCreate) {
	if (!exists && mayCreate) return [];
	const rights = [...usage ? [] : ["usage"], ...absent && !create ? ["create"] : []];
	return [...exists ? [] : [`create schema ${quoteName(schema)};`], ...rights.length === 0 ? [] : [`grant ${rights.join(", ")} on schema ${quoteName(schema)} to ${quoteName(role)};`]];
}
function grantLine({ privileges, kind, ...table }, role) {
	return `grant ${privileges.join(", ")} on ${kind ?? ""}${quoteTable(table)} to ${quoteName(role)};`;
}
// src/adapters/postgres/runner-lock.ts
const pollMs$1 = 500;
/**
* Takes the advisory lock that lets one run at a time work on a project's database. A holder's processes are ended only
* when they belong to an earlier attempt of the same run, or when the policy says `take-over`.
*/
async function takeRunnerLock(lock, { onLocked, waitMs, signal }) {
	const key = advisoryKey("runner", lock.project);
	const deadline = performance.now() + (onLocked === "fail" ? 0 : waitMs);
	let told = false;
	while (!await tryLock$1(lock.client, key)) {
		const holder = await holderOf$1(lock.client, key);
		if (holder !== void 0 && (onLocked === "take-over" || holder.pid === lock.brokenPid || isEarlierAttempt(holder, lock.run)) && await succeed(lock, holder, key)) return;
		if (signal.aborted) throw new ReleaseError("interrupted", "The run was stopped while it waited for another run.", { hint: "Run the same command again when the other run has ended." });
		if (performance.now() >= deadline) throw new ReleaseError("run-in-progress", `Another run works on ${lock.description}: ${await describe(lock, holder)}.`, { hint: "Wait until it has ended and run the same command again. on-locked and lock-wait say how long to wait; on-locked: take-over ends the other run." });
		if (!told) {
			lock.say(`waiting up to ${formatDuration(waitMs)} for another run: ${await describe(lock, holder)}`);
			told = true;
		}
		await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs$1, Math.max(1, deadline - performance.now()))));
	}
}
async function tryLock$1(client, key) {
	const { rows } = await client.query("select pg_catalog.pg_try_advisory_lock($1::bigint) as taken", [key]);
	return rows[0]?.taken === true;
}
async function holderOf$1(client, key) {
	const { rows } = await client.query(`select l.pid, a.application_name as application, a.client_addr::text as address, a.backend_start as since
     from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid::bigint = $1::bigint and l.objid::bigint = $2::bigint
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`, [(BigInt(key) >> 32n & 4294967295n).toString(), (BigInt(key) & 4294967295n).toString()]);
	return rows[0];
}
/** A job that GitHub runs again, while the runner of its first attempt is gone but its connection still open. */
function isEarlierAttempt({ application }, { id, attempt }) {
	const [, otherId, otherAttempt] = /^shiplock\/(\d+)\.(\d+)$/.exec(application ?? "") ?? [];
	return otherId === id && Number(otherAttempt) < Number(attempt);
}
/** How long the server may take to end a process. */
const succeedMs = 5e3;
/**
* Ends every process of the holder's run, so that what its worker had under way is rolled back, and takes the lock.
* Both in one message: our request stands in the queue before that run has connected again. False when it was not granted.
*/
async function succeed({ client, say, run }, holder, key) {
	const others = holder.application === applicationName(run) ? "" : holder.application ?? "";
	const message = [
		"begin",
		`set local lock_timeout = '${succeedMs}ms'`,
		`select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
     where pid = ${holder.pid} or (application_name like 'shiplock/%' and datname = current_database()
        and (application_name = ${quoteText(others)} or starts_with(application_name, ${quoteText(`${others}/`)})))`,
		`select pg_catalog.pg_advisory_lock(${key})`,
		"commit"
	];
	try {
		say(`ended ${(await client.query(message.join(";\n")))[2]?.rows.length ?? 0} server processes of ${holder.application || `process ${holder.pid}`}`);
		return true;
	} catch (cause) {
		await client.query("rollback").catch(() => {});
		if (systemCode(cause) === "55P03") return false;
		if (systemCode(cause) !== "42501") throw cause;
		throw new ReleaseError("insufficient-rights", `This role may not end the other run's server process ${holder.pid}.`, {
			hint: `A DBA runs: select pg_terminate_backend(${holder.pid}), or: grant pg_signal_backend to the role of the connection.`,
			cause
		});
	}
}
/** Run, host and since when, as far as this role may see. */
async function describe({ client, stateSchema }, holder) {
	if (holder === void 0) return "it has just ended";
	const host = await hostOf(client, stateSchema, holder.application);
	const facts = [
		`server process ${holder.pid}`,
		host === void 0 ? void 0 : `on ${host}`,
		holder.address === null ? void 0 : `from ${holder.address}`,
		holder.since === null ? void 0 : `since ${holder.since.toISOString()}`
	];
	return `${holder.application || "an unnamed program"} (${facts.filter((one) => one !== void 0).join(", ")})`;
}
async function hostOf(client, stateSchema, application) {
	const [, id, attempt] = /^shiplock\/(.+)\.([^.]+)$/.exec(application ?? "") ?? [];
	if (id === void 0) return void 0;
	const { rows } = await client.query(`select host from ${quoteName(stateSchema)}.history where run = $1 and attempt = $2 order by id desc limit 1`, [id, attempt]).catch(() => ({ rows: [] }));
	return rows[0]?.host;
}
// src/adapters/postgres/schema-note.ts
/** Whose it is and who may use it, what an analysis found, and whether a view was filled are no part of the schema. */
const leftOut = /* @__PURE__ */ new Set([
	"owner",
	"grants",
	"statistics",
	"populated"
]);
/** Reads the catalog in one round trip, and no row of a table. */
async function readSchemaNote(client, { serverMajor, stateSchema, versionTables }) {
	const sql = [...definitionQueries, ...relationQueries].map((query) => `(${query(serverMajor)})`).join("\nunion all\n");
	await client.query("begin read only");
	let rows;
	try {
		await pinSettings(client);
		await client.query("set local lock_timeout = '1s'");
		rows = (await client.query(sql)).rows;
	} finally {
		await client.query("rollback");
	}
	const objects = {};
	const partitions = /* @__PURE__ */ new Map();
	for (const row of rows) {
		const { of, part } = placeOf(row);
		if (isOurs(of, stateSchema) || versionTables.some((table) => isVersionTable(table, row, of))) continue;
		const parts = Object.hasOwn(objects, of) ? objects[of] : {};
		parts[part] = hashOf(row.facts);
		const { partitionBound, parents } = row.facts;
		if (partitionBound && Array.isArray(parents) && of === row.name) partitions.set(of, String(parents[0]));
		Object.defineProperty(objects, of, {
			value: parts,
			enumerable: true,
			configurable: true,
			writable: true
		});
	}
	return {
		serverMajor,
		objects,
		...partitions.size === 0 ? {} : { partitions: Object.fromEntries(partitions) }
	};
}
const identifier = `(?:"(?:[^"]|"")+"|[^".]+)`;
const partName = new RegExp(`^(${identifier}\\.${identifier})\\.(.+)$`, "s");
const partKinds = /* @__PURE__ */ new Set([
	"column",
	"constraint",
	"trigger",
	"rule",
	"policy"
]);
/** The object that a part belongs to, and what the part is called there. An object is its own part. */
function placeOf({ kind, name, facts }) {
	if (kind === "index" && typeof facts.table === "string") return {
		of: facts.table,
		part: `index ${name}`
	};
	const [, of, own] = partKinds.has(kind) && partName.exec(name) || [];
	return of === void 0 ? {
		of: name,
		part: kind.replaceAll(" ", "-")
	} : {
		of,
		part: `${kind} ${own}`
	};
}
function isOurs(of, stateSchema) {
	const quoted = /^[a-z_][a-z0-9_$]*$/.test(stateSchema) ? stateSchema : `"${stateSchema}"`;
	return of === quoted || of.startsWith(`${quoted}.`);
}
/** Names of version tables are plain; those with capitals are quoted in the catalog. */
function isVersionTable(table, { kind, facts }, of) {
	const plain = (name) => name.replaceAll("\"", "");
	const isIt = (name) => plain(name) === table || !table.includes(".") && plain(name).endsWith(`.${table}`);
	if (kind !== "sequence") return isIt(of);
	return typeof facts.ownedBy === "string" && isIt(facts.ownedBy.slice(0, facts.ownedBy.lastIndexOf(".")));
}
function hashOf(facts) {
	const sorted = Object.entries(facts).filter(([name]) => !leftOut.has(name)).sort(([a], [b]) => a < b ? -1 : 1);
	return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 8);
}
// src/adapters/postgres/tool-locks.ts
const pollMs = 500;
/** Waits until nobody holds the tool's locks, and takes none of them: the tool that this run starts wants them itself. */
async function awaitToolLocks(locks, policy) {
	await patiently(locks, policy, async (key) => !await isHeld(locks.client, key));
}
/**
* Takes the advisory locks of the team's own tool, as long as this session lasts: a service that migrates at boot waits
* for its turn. A tool that holds one is at work, and is never ended.
*/
async function takeToolLocks(locks, policy) {
	await patiently(locks, policy, (key) => tryLock(locks.client, key));
}
async function patiently({ client, layout, keys, description, say }, { onLocked, waitMs, signal }, isDone) {
	const deadline = performance.now() + (onLocked === "fail" ? 0 : waitMs);
	let told = false;
	for (const key of keys) while (!await isDone(key)) {
		if (signal.aborted) throw new ReleaseError("interrupted", `The run was stopped while it waited for ${layout}.`);
		const left = deadline - performance.now();
		if (left <= 0) throw new ReleaseError("run-in-progress", `${layout} itself works on ${description}: ${await holderOf(client, key)}.`, { hint: "A service that migrates at boot, or a colleague. Wait until it has ended and run the same command again; lock-wait says how long to wait." });
		if (!told) say(`waiting up to ${formatDuration(waitMs)} for ${layout}: ${await holderOf(client, key)}`);
		told = true;
		await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs, left)));
	}
}
async function tryLock(client, key) {
	const { rows } = await client.query("select pg_catalog.pg_try_advisory_lock($1::bigint) as taken", [key]);
	return rows[0]?.taken === true;
}
async function isHeld(client, key) {
	const { rows } = await client.query(`select from ${holders}`, [key]);
	return rows.length > 0;
}
const holders = `pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.classid::bigint = ($1::bigint >> 32) & 4294967295 and l.objid::bigint = $1::bigint & 4294967295
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`;
async function holderOf(client, key) {
	const { rows } = await client.query(`select l.pid, a.application_name as application, a.backend_start as since
     from ${holders}`, [key]);
	const [row] = rows;
	if (row === void 0) return "it has just ended";
	const since = row.since === null ? "" : `, connected since ${row.since.toISOString().slice(0, 19).replace("T", " ")} UTC`;
	return `server process ${row.pid}${row.application ? ` (${oneLine(row.application)})` : ""}${since}`;
}
// src/adapters/postgres/migration-database.ts
/** The observer's queries are short: a later answer would not come any more. Who locks our own tables must not hang the run. */
const observerLimits = {
	answerMs: 45e3,
	lockMs: 3e4
};
/** Opens the observer: the connection that holds the lock, keeps the books and cancels. */
async function openMigrationDatabase(surroundings) {
	const { database, history, storedState } = surroundings;
	const session = await openObserver(surroundings);
	try {
		const standby = await isStandby(session.client);
		if (standby && surroundings.acceptStandby !== true) throw isReplica(describeConnection(database.connection));
		const identity = {
			...await readIdentity(session.client, database),
			standby
		};
		const stored = history === "store" ? await storedState?.(surroundings, identity) : void 0;
		if (history === "store" && stored === void 0) throw new Error("history: store without a store");
		return new PostgresMigrationDatabase(surroundings, session, identity, stored);
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw error;
	}
}
function openObserver({ database, run }) {
	return openSession(database, applicationName(run), observerLimits);
}
var PostgresMigrationDatabase = class {
	description;
	serverVersion;
	serverMajor;
	database;
	identity;
	#surroundings;
	state;
	#inDatabase;
	#session;
	#locked;
	/** Keys of the tool's own locks that this run holds. */
	#toolLocks;
	constructor(surroundings, session, identity, stored) {
		this.#surroundings = surroundings;
		this.#session = session;
		this.identity = identity;
		this.#inDatabase = new DatabaseState(() => this.#client, surroundings.stateSchema, surroundings, identity);
		this.state = stored ?? this.#inDatabase;
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
	async stateElsewhere() {
		const other = await this.#otherState();
		return await other?.stamp() === void 0 ? void 0 : other?.place;
	}
	async entries(options, { withDirty } = { withDirty: false }) {
		return readEntries(this.#client, await this.#tables(options), options, withDirty);
	}
	async heads(options) {
		return readHeads(this.#client, await this.#tables(options), options);
	}
	async standing(options, without) {
		return readStanding(this.#client, await this.#tables(options), options, without);
	}
	async knownStanding(table) {
		return readKnownTables(this.#client, this.#schema, knownTables(this.#surroundings.project, table));
	}
	async schema(table) {
		const versionTables = namesOfVersionTables(knownTables(this.#surroundings.project, table));
		return readSchemaNote(this.#client, {
			serverMajor: this.serverMajor,
			stateSchema: this.#schema,
			versionTables
		});
	}
	async now() {
		const { rows } = await this.#client.query("select pg_catalog.clock_timestamp() as now");
		return rows[0].now;
	}
	async publishing(options) {
		const { serverMajor } = this;
		const asked = {
			serverMajor,
			stateSchema: this.#schema,
			keepsState: this.state === this.#inDatabase
		};
		return readPublishing(this.#client, options === void 0 ? void 0 : {
			options,
			tables: await this.#tables(options)
		}, asked);
	}
	/**
	* The server parses a whole message before it looks at the number of statements in it. A second statement is added,
	* so that the extended protocol always refuses the message: it can be judged, and can never run.
	* https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
	*/
	async syntaxProblem(sql) {
		const others = "\n;select 1;select 1";
		const message = {
			text: sql + others,
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
				message: error.message.replace(others, ""),
				offset: utf16FromCodePoints(sql, Number(error.position) - 1)
			};
		}
	}
	async lock(project, policy, ledger) {
		await this.#takeLock(project, policy);
		this.#locked = project;
		if (ledger?.layout.locks !== void 0) await this.#takeToolLocks(ledger, policy);
	}
	async isFresh() {
		const { rows } = await this.#client.query(`select not exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema', $1)
           and not exists (select from pg_catalog.pg_depend d
             where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')) as fresh`, [this.#schema]);
		return rows[0]?.fresh === true;
	}
	async prepareState(publishState) {
		refusePublished(await this.publishing(), publishState);
		await this.state.create();
		return this.state.makeStamp();
	}
	async prepare(options) {
		refusePublished(await this.publishing(options), options.publishState);
		await this.state.create();
		for (const { table, exists, phase } of await this.#tables(options)) {
			if (exists || phase === "post" && !options.hasPost) continue;
			const home = table.schema === this.#schema ? await schemaStatements(this.#client, this.#schema) : [];
			await createObjects(this.#client, this.#schema, [...home, options.layout.ledger.create(table)]);
		}
		return this.state.makeStamp();
	}
	closeOpenAttempts(options) {
		return this.state.closeOpenAttempts(async () => new Set((await this.entries(options)).map(({ version }) => version)));
	}
	async requireRights(options, { erases } = { erases: false }) {
		const kept = this.state === this.#inDatabase ? this.#schema : void 0;
		await requireRights(this.#client, kept, await this.#tables(options), options, erases);
	}
	async executor(options) {
		return openExecutor(await this.#executing(options));
	}
	async preview(options) {
		return openPreview(await this.#executing(options));
	}
	async #executing(options) {
		return {
			...this.#surroundings,
			tables: await this.#tables(options),
			options,
			books: this.state === this.#inDatabase ? this.state.books() : new ConnectedBooks(this.state.books(), () => this.#client),
			observer: () => this.#session,
			reconnect: (signal) => this.#reconnect(signal, 9e4)
		};
	}
	async commandObserver() {
		try {
			var _usingCtx$1 = _usingCtx();
			const { database, run } = this.#surroundings;
			const second = _usingCtx$1.a(await openClient({
				...database,
				applicationName: applicationName(run)
			}));
			refusePooler(second, this.#session);
			return new PostgresCommandObserver({
				...this.#surroundings,
				books: this.state.commandBooks(),
				session: () => this.#session,
				reconnect: (signal) => this.#reconnect(signal, 0)
			});
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
	async [Symbol.asyncDispose]() {
		await this.#session[Symbol.asyncDispose]();
	}
	/** A history that has begun in the database stays there: then the store is not looked at. */
	async #otherState() {
		if (this.state !== this.#inDatabase) return this.#inDatabase;
		if (await this.state.stamp() !== void 0) return void 0;
		return this.#surroundings.storedState?.(this.#surroundings, this.identity);
	}
	async #reconnect(signal, waitMs) {
		const brokenPid = this.#session.pid;
		await this.#session[Symbol.asyncDispose]();
		this.#session = await openObserver(this.#surroundings);
		const policy = {
			onLocked: "wait",
			waitMs,
			signal
		};
		if (this.#locked !== void 0) await this.#takeLock(this.#locked, policy, brokenPid);
		await this.#holdToolLocks(policy);
	}
	async toolAtWork(ledger) {
		const { name, locks } = ledger.layout;
		const keys = (await this.#tables(ledger)).flatMap(({ table }) => locks?.(this.database, table) ?? []);
		const policy = {
			onLocked: "fail",
			waitMs: 0,
			signal: new AbortController().signal
		};
		try {
			await awaitToolLocks({
				client: this.#client,
				layout: name,
				keys,
				description: this.description,
				say: () => {}
			}, policy);
			return;
		} catch (error) {
			if (error instanceof ReleaseError && error.code === "run-in-progress") return error;
			throw error;
		}
	}
	async #takeToolLocks(ledger, policy) {
		const { name, locks } = ledger.layout;
		const keys = (await this.#tables(ledger)).flatMap(({ table }) => locks?.(this.database, table) ?? []);
		if (ledger.layout.runBy !== void 0) {
			const { say } = this.#surroundings;
			await awaitToolLocks({
				client: this.#client,
				layout: name,
				keys,
				description: this.description,
				say
			}, policy);
			return;
		}
		this.#toolLocks = {
			layout: name,
			keys
		};
		await this.#holdToolLocks(policy);
	}
	async #holdToolLocks(policy) {
		if (this.#toolLocks === void 0) return;
		const { say } = this.#surroundings;
		await takeToolLocks({
			client: this.#client,
			...this.#toolLocks,
			description: this.description,
			say
		}, policy);
	}
	#tables(options) {
		return locateTables(this.#client, options, {
			stateSchema: this.#schema,
			settings: this.#surroundings.database.connection.settings
		});
	}
	#takeLock(project, policy, brokenPid) {
		const { run, say, stateSchema } = this.#surroundings;
		return takeRunnerLock({
			client: this.#client,
			project,
			run,
			description: this.description,
			stateSchema,
			say,
			brokenPid
		}, policy);
	}
};
export { openMigrationDatabase };
