import { n as refuseObstacles, t as preflightWarnings } from "./preflight.js";
import { an as describeConnection, dt as runChild, fn as messageOf, ft as startChild, pn as systemCode, un as ReleaseError } from "./start.js";
import { r as makeWorkspace } from "./workspace.js";
import { t as readContent } from "./read-content.js";
import { t as readMemberships } from "./memberships.js";
import { n as isExecutable, r as toolEnvironment, t as findTools } from "./tools.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { c as readIdentity, l as refusePooler, r as asLogin, s as openSession } from "./session2.js";
import { d as listTables, f as notOfExtension, l as isConfigured, p as ownSchema, t as pinSettings } from "./settings.js";
import { o as readStampId, r as readDatabaseFacts } from "./source-facts2.js";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { text } from "node:stream/consumers";
// src/adapters/postgres/dump-roles.ts
/** Where roles come and go all the time, as with those that live for an hour. */
const attempts = 3;
/**
* Names, attributes, memberships and settings of the server's roles: `pg_dump` leaves them out, and a restore needs them.
* Memberships are read before and after, and told when they were the same: neither side is bound by a snapshot.
*/
async function dumpRoles(options) {
	try {
		var _usingCtx$1 = _usingCtx();
		const session = await options.connect().catch((error) => ({ problem: messageOf(error) }));
		if ("problem" in session) return { notKept: `no further connection could be opened: ${session.problem}` };
		const open = _usingCtx$1.a(session);
		for (let tries = 1, before = await readMemberships(open.client);; tries++) {
			const dump = await runDumpall(options);
			const after = await readMemberships(open.client);
			if ("notKept" in dump) return dump;
			if (isDeepStrictEqual(before, after)) return {
				...dump,
				memberships: after
			};
			if (tries === attempts) return dump;
			before = after;
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function runDumpall({ tools, database, role, env, signal }) {
	const program = join(tools.binDir, "pg_dumpall");
	if (!isExecutable(program)) return { notKept: `pg_dumpall is not installed in ${tools.binDir}` };
	const args = [
		"--roles-only",
		"--no-role-passwords",
		"--no-password",
		`--database=${connectionText(database)}`,
		...role === void 0 ? [] : [`--role=${role}`]
	];
	const child = startChild(program, args, {
		env,
		signal
	});
	try {
		const [sql, { exitCode, signal: endedBy }] = await Promise.all([text(child.stdout), child.ended]);
		if (exitCode === 0) return { sql };
		return { notKept: child.stderr().trim().split("\n")[0] || `pg_dumpall was ended by ${endedBy ?? `exit status ${exitCode}`}` };
	} catch (error) {
		return { notKept: `pg_dumpall could not be started: ${messageOf(error)}` };
	}
}
/** It ignores PGDATABASE, and would take some names for whole connection strings. */
function connectionText(database) {
	return `dbname='${database.replace(/[\\']/g, "\\$&")}'`;
}
// src/adapters/postgres/pg-dump.ts
const keptLines = 5;
/** Starts `pg_dump` on an exported snapshot. It says nowhere on its command line where, or as whom, it connects. */
async function startPgDump(options) {
	const { tools, env, signal } = options;
	const compress = await compression(tools, env);
	const args = dumpArguments(options, compress);
	const child = startChild(join(tools.binDir, "pg_dump"), args, {
		env,
		signal
	});
	const finished = awaitSuccess(child, signal);
	finished.catch(() => {});
	return {
		archive: child.stdout,
		clientVersion: tools.version,
		arguments: args,
		compression: compress === "1" ? "gzip:1" : compress,
		finished,
		child
	};
}
function dumpArguments({ tools, snapshot, role, lockWaitTimeoutMs }, compress) {
	return [
		"--format=custom",
		`--snapshot=${snapshot}`,
		"--no-password",
		`--lock-wait-timeout=${lockWaitTimeoutMs}`,
		`--compress=${compress}`,
		...role === void 0 ? [] : [`--role=${role}`],
		...tools.major >= 18 ? ["--no-statistics"] : []
	];
}
/** The fastest that this client surely has: both SHA-256 and a full decode look for damage, so speed may decide. */
async function compression({ binDir, major }, env) {
	if (major < 16) return "1";
	return (await runChild(join(binDir, "pg_config"), ["--configure"], { env: toolEnvironment(env) }).catch(() => void 0))?.stdout.includes("--with-zstd") ? "zstd:3" : "gzip:1";
}
async function awaitSuccess(child, signal) {
	const { exitCode, signal: endedBy } = await child.ended.catch((cause) => {
		throw new ReleaseError("backup-failed", `pg_dump could not be started: ${messageOf(cause)}.`, {
			hint: "Look whether pg-bin-dir names a folder whose programs this user may start.",
			cause
		});
	});
	if (exitCode === 0) return child.stderr().split("\n").map((line) => line.trim()).filter(Boolean);
	if (signal.aborted) throw new ReleaseError("interrupted", "The run was stopped; pg_dump was ended and nothing was stored.", { hint: "Run the same command again; a second run is safe." });
	const said = child.stderr().trim();
	const how = endedBy === void 0 ? `with exit status ${exitCode}` : `by ${endedBy}`;
	const killed = endedBy === void 0 ? void 0 : "Somebody or the system ended it, perhaps for lack of memory. Run the backup again.";
	const hint = hints.find(([pattern]) => pattern.test(said))?.[1] ?? killed;
	const lines = said.split("\n").slice(0, keptLines).join("\n");
	throw new ReleaseError("backup-failed", `pg_dump was ended ${how}; nothing was stored.${lines === "" ? "" : `\n${lines}`}`, hint === void 0 ? {} : { hint });
}
/** What the frequent failures need. They are English unless LC_ALL says otherwise; then the text alone must do. */
const hints = [
	[/lock timeout|statement timeout|could not obtain lock/, "Somebody holds a lock on a table. Run it again when they are done, or wait longer with lock-wait-timeout."],
	[/row-level security/, "Back up as a role that owns the tables or has BYPASSRLS: otherwise rows would be missing."],
	[/permission denied/, "Back up as a role that may read every object, such as the owner or a member of pg_read_all_data."],
	[/conflict with recovery/, "The standby had to apply what its primary removed. Set hot_standby_feedback = on there, raise max_standby_streaming_delay, or dump the primary."],
	[/server version mismatch/, "Name a newer pg_dump with pg-bin-dir, or set install-tools: true."],
	[/terminating connection|server closed the connection|connection to server/, "The connection broke. Run it again."]
];
// src/adapters/postgres/snapshot.ts
const tries = 3;
/**
* Exports a snapshot and opens the reader's transaction on it. The tables are locked before the snapshot is taken:
* TRUNCATE, and whatever rewrites a table, leave nothing in it for older snapshots, so that a dump that begins a moment
* later would miss its rows without an error. https://www.postgresql.org/docs/current/mvcc-caveats.html
*/
async function openSnapshot(sessions) {
	const { owner, reader, now, lockWaitTimeoutMs } = sessions;
	await pinSettings(reader);
	await reader.query(`set lock_timeout = ${Math.trunc(lockWaitTimeoutMs ?? 0)}`);
	if (lockWaitTimeoutMs === void 0) await reader.query(begin);
	else await lockTables(reader);
	await owner.query(begin);
	const runnerAt = now();
	const { rows } = await owner.query("select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at");
	const [snapshot] = rows;
	if (snapshot === void 0) throw new Error("pg_export_snapshot() returned nothing");
	await reader.query(`set transaction snapshot '${snapshot.id}'`);
	return {
		snapshot,
		runnerAt
	};
}
const begin = "begin isolation level repeatable read, read only";
/** Leaves a transaction that has locks and no snapshot yet. A table that was dropped since it was listed is looked for again. */
async function lockTables(client) {
	for (let attempt = 1;; attempt++) {
		const tables = await listTables(client);
		await client.query(begin);
		try {
			if (tables.length > 0) await client.query(`lock table ${tables.map(({ name }) => `only ${name}`).join(", ")} in access share mode`);
			return;
		} catch (error) {
			await client.query("rollback");
			if (systemCode(error) !== "42P01" || attempt === tries) throw error;
		}
	}
}
// src/adapters/postgres/source-preflight.ts
/** What pg_dump opens: sequences too, and partitioned tables, which it locks. */
const dumped = `c.relpersistence <> 't' and (${ownSchema} and ${notOfExtension("pg_class", "c.oid")} or ${isConfigured})`;
const nameOf = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`;
/** Asks for everything that would keep the role of this session from a whole dump. Needs the search path of `openSession`. */
async function readObstacles(client, inRecovery) {
	const { rows } = await client.query("select quote_ident(current_user) as role");
	return {
		role: rows[0]?.role ?? "",
		unreadable: await names(client, `select name from (
         select 'schema ' || quote_ident(n.nspname) as name from pg_namespace n
           where ${ownSchema} and ${notOfExtension("pg_namespace", "n.oid")} and not has_schema_privilege(n.oid, 'usage')
             and exists (select from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'S'))
         union all select ${nameOf} from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p') and not has_table_privilege(c.oid, 'select') and ${dumped}
         union all select 'sequence ' || ${nameOf} from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where case when c.relkind = 'S' then not has_sequence_privilege(c.oid, 'select') else false end and ${dumped}) as unreadable
       order by name`),
		largeObjects: await names(client, unreadableLargeObjects),
		filtered: (await client.query(`select ${nameOf} as table, pg_get_userbyid(c.relowner)::text as owner, c.relforcerowsecurity as forced
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and c.relrowsecurity and row_security_active(c.oid) and ${dumped} order by 1`)).rows,
		otherDumps: (await client.query(`select pid, usename::text as user, backend_start as since from pg_stat_activity
         where datname = current_database() and application_name in ('pg_dump', 'pg_dumpall') order by pid`)).rows,
		unlogged: inRecovery ? await names(client, `select ${nameOf} as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'S') and c.relpersistence = 'u' and ${ownSchema} order by 1`) : []
	};
}
/** There is no function that asks for the right before version 18. */
const unreadableLargeObjects = `
  select m.oid::text as name from pg_largeobject_metadata m
  where not current_setting('lo_compat_privileges')::boolean
    and not (select rolsuper from pg_roles where rolname = current_user)
    and not exists (select from aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) as granted
      where granted.privilege_type = 'SELECT' and (granted.grantee = 0 or pg_has_role(granted.grantee, 'usage')))
  order by m.oid`;
async function names(client, sql) {
	const { rows } = await client.query(sql);
	return rows.map(({ name }) => name);
}
/**
* Whether the server is a standby, and how far behind. One that streams and has applied all that it received is up to
* date, however long its primary has been idle; any other is as old as the last commit that it applied, and so is every
* one for a role that may not see whether it streams (`pg_read_all_stats`).
*/
async function readRecovery(client) {
	const { rows } = await client.query(`
    select pg_is_in_recovery() as recovering, case when pg_is_in_recovery() then
      case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver where status = 'streaming') then 0
        else greatest(0, extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000) end end::text as lag`);
	const { recovering = false, lag = null } = rows[0] ?? {};
	return {
		inRecovery: recovering,
		lagMs: lag === null ? void 0 : Math.round(Number(lag))
	};
}
// src/adapters/postgres/source.ts
/**
* Connects and exports a snapshot. The transaction that exports it stays open until disposal: everything read here,
* and the dump, see the database as it was at this one moment. Throws for what would keep the dump from being whole.
*/
async function openSource(options) {
	const { database, stateSchema } = options;
	const session = await openSession(database, options.applicationName);
	let reader;
	try {
		const { client, serverVersion, serverMajor } = session;
		reader = await openSession(database, options.applicationName);
		refusePooler(session, reader);
		const tools = await findTools({
			...options.tools,
			major: serverMajor,
			set: "client",
			env: options.env,
			say: options.say
		});
		const identity = await readIdentity(client, database);
		const recovery = await readRecovery(client);
		const obstacles = await readObstacles(client, recovery.inRecovery);
		refuseObstacles(obstacles, describeConnection(database.connection));
		const moment = await openSnapshot({
			...options,
			owner: client,
			reader: reader.client
		});
		const facts = {
			...await readDatabaseFacts(client),
			...recovery,
			serverVersion,
			serverMajor,
			...identity,
			stamp: await readStampId(client, stateSchema)
		};
		return new PostgresSource(options, {
			session,
			reader,
			tools
		}, {
			...moment,
			facts,
			warnings: preflightWarnings(obstacles, facts)
		});
	} catch (error) {
		await reader?.[Symbol.asyncDispose]();
		await session[Symbol.asyncDispose]();
		throw explainFailure("preparing the dump", error, describeConnection(database.connection));
	}
}
/** A program that is still running, because something else failed, ends here. */
async function stopChild(child) {
	child.kill("SIGTERM");
	child.stdout.destroy();
	const forced = setTimeout(() => child.kill("SIGKILL"), 2e3);
	await child.ended.catch(() => {});
	clearTimeout(forced);
}
var PostgresSource = class {
	facts;
	snapshot;
	runnerAt;
	warnings;
	#options;
	#parts;
	#workspace;
	#env;
	#reading = false;
	#disposed = false;
	#stopDump = async () => {};
	constructor(options, parts, { facts, snapshot, runnerAt, warnings }) {
		this.#options = options;
		this.#parts = parts;
		this.facts = facts;
		this.snapshot = snapshot;
		this.runnerAt = runnerAt;
		this.warnings = warnings;
	}
	async dump({ lockWaitTimeoutMs, signal }) {
		const { session, reader, tools } = this.#parts;
		const { child, ...dump } = await startPgDump({
			tools,
			snapshot: this.snapshot.id,
			role: this.#options.database.role,
			lockWaitTimeoutMs,
			env: await this.#environment(),
			signal
		});
		child.stdout.on("error", () => {});
		for (const { client } of [session, reader]) client.once("end", () => {
			child.kill("SIGTERM");
			child.stdout.destroy(this.#explainLoss("dumping", void 0));
		});
		this.#stopDump = () => stopChild(child);
		const finished = dump.finished.catch((error) => Promise.reject(this.#explainLoss("dumping", error) ?? error));
		finished.catch(() => {});
		return {
			...dump,
			finished
		};
	}
	async readContent(policy) {
		const { client } = this.#parts.reader;
		const { stateSchema, known } = this.#options;
		const { serverMajor, inRecovery } = this.facts;
		this.#reading = true;
		try {
			return await readContent(client, {
				stateSchema,
				known,
				serverMajor,
				inRecovery
			}, policy);
		} catch (error) {
			const what = "reading beside the dump";
			throw this.#explainLoss(what, error) ?? explainFailure(what, error, this.#description);
		} finally {
			this.#reading = false;
		}
	}
	async readRoles(signal) {
		const { database, applicationName } = this.#options;
		const { connection, role } = database;
		return dumpRoles({
			tools: this.#parts.tools,
			database: connection.database,
			role,
			env: await this.#environment(),
			signal,
			connect: () => openSession(database, applicationName)
		});
	}
	async [Symbol.asyncDispose]() {
		const { session, reader } = this.#parts;
		this.#disposed = true;
		await this.#stopDump();
		if (this.#reading) await asLogin(session.client, `select pg_catalog.pg_cancel_backend(${reader.pid})`).catch(() => {});
		await reader[Symbol.asyncDispose]();
		await session[Symbol.asyncDispose]();
		await this.#workspace?.[Symbol.asyncDispose]();
	}
	get #description() {
		return describeConnection(this.#options.database.connection);
	}
	/** Its files can be written only once. */
	#environment() {
		this.#env ??= this.#makeEnvironment();
		return this.#env;
	}
	async #makeEnvironment() {
		const { database, applicationName, env, roots } = this.#options;
		this.#workspace = await makeWorkspace({ roots });
		return libpqEnvironment({
			database,
			encrypted: this.#parts.session.encrypted,
			applicationName,
			env,
			folder: this.#workspace.path
		});
	}
	#explainLoss(what, cause) {
		const lost = this.#parts.session.lost() ?? this.#parts.reader.lost();
		if (lost === void 0 || this.#disposed) return void 0;
		return new ReleaseError("connection-lost", `${this.#description}: the connection broke while ${what} (${lost}); nothing was stored.`, {
			hint: "Run it again.",
			cause
		});
	}
};
/** What the server refuses while a source is read. */
function explainFailure(what, cause, description) {
	const code = systemCode(cause);
	const message = `${description}: ${messageOf(cause)}, while ${what}.`;
	if (code === "42501") return new ReleaseError("insufficient-rights", message, {
		hint: "Back up as a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.",
		cause
	});
	const hint = failureHints[code ?? ""];
	return hint === void 0 ? cause : new ReleaseError("backup-failed", message, {
		hint,
		cause
	});
}
const changed = "Somebody locks or changes tables at this moment. Run it again when they are done.";
/** By SQLSTATE. An object that is dropped while its definition is read is an internal error to the server. */
const failureHints = {
	"55P03": `${changed} Or wait longer with lock-wait-timeout.`,
	"42P01": changed,
	XX000: changed,
	"57014": "Somebody cancelled our query. Run it again.",
	"53200": "The server has no room for more locks: raise max_locks_per_transaction there.",
	"40001": "The standby had to apply what its primary removed. Set hot_standby_feedback = on there, or dump the primary."
};
export { openSource };
