import { r as describeConnection } from "./connection.js";
import { n as messageOf, r as systemCode, t as ReleaseError } from "./errors.js";
import { n as makeWorkspace } from "./workspace.js";
import { t as openClient } from "./client.js";
import { i as readStampId, n as readDatabaseFacts, r as readLedgerHeads, t as countRows } from "./count-rows.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { n as startChild, t as runChild } from "./process.js";
import { n as toolEnvironment, t as findTools } from "./tools2.js";
import { a as openSession, c as refuseReplica, o as readIdentity, s as refusePooler } from "./session2.js";
import { t as _usingCtx } from "./usingCtx.js";
import { join } from "node:path";
// src/adapters/postgres/pg-dump.ts
const keptLines = 5;
/** Starts `pg_dump` on an exported snapshot. It says nowhere on its command line where, or as whom, it connects. */
async function startPgDump(options) {
	const { tools, env, signal } = options;
	const args = dumpArguments(options, await compression(tools, env));
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
		throw new ReleaseError("backup-failed", `pg_dump could not be started: ${messageOf(cause)}.`, { cause });
	});
	if (exitCode === 0) return;
	if (signal.aborted) throw new ReleaseError("interrupted", "The run was stopped; pg_dump was ended and nothing was stored.");
	const said = child.stderr().trim();
	const how = endedBy === void 0 ? `with exit status ${exitCode}` : `by ${endedBy}`;
	const killed = endedBy === void 0 ? void 0 : "Somebody or the system ended it, perhaps for lack of memory. Run the backup again.";
	const hint = hints.find(([pattern]) => pattern.test(said))?.[1] ?? killed;
	const lines = said.split("\n").slice(0, keptLines).join("\n");
	throw new ReleaseError("backup-failed", `pg_dump was ended ${how}; nothing was stored.${lines === "" ? "" : `\n${lines}`}`, hint === void 0 ? {} : { hint });
}
/** What the frequent failures need. They are English unless LC_ALL says otherwise; then the text alone must do. */
const hints = [
	[/lock timeout|could not obtain lock/, "Somebody holds a lock on a table. Run it again when they are done, or wait longer with lock-wait-timeout."],
	[/row-level security/, "Back up as a role that owns the tables or has BYPASSRLS: otherwise rows would be missing."],
	[/permission denied/, "Back up as a role that may read every object, such as the owner or a member of pg_read_all_data."],
	[/server version mismatch/, "Name a newer pg_dump with pg-bin-dir, or set install-tools: true."],
	[/terminating connection|server closed the connection|connection to server/, "The connection broke. Run it again."]
];
// src/adapters/postgres/source.ts
/**
* Connects and exports a snapshot. The transaction that exports it stays open until disposal: everything read here,
* and the dump, see the database as it was at this one moment.
*/
async function openSource(options) {
	const { database, stateSchema } = options;
	const session = await openSession(database, options.applicationName);
	try {
		const { client, serverVersion, serverMajor } = session;
		await refuseReplica(client, describeConnection(database.connection));
		await compareWithSecond(session, options);
		const tools = await findTools({
			...options.tools,
			major: serverMajor,
			set: "client",
			env: options.env,
			say: options.say
		});
		const { systemIdentifier } = await readIdentity(client, database);
		await client.query("begin isolation level repeatable read, read only");
		return new PostgresSource(options, session, tools, await exportSnapshot(session), {
			...await readDatabaseFacts(client),
			serverVersion,
			serverMajor,
			systemIdentifier,
			stamp: await readStampId(client, stateSchema)
		});
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw error;
	}
}
/** Behind a transaction-mode pooler `pg_dump`'s settings would go to one server process and its queries to another. */
async function compareWithSecond(session, { database, applicationName }) {
	try {
		var _usingCtx$1 = _usingCtx();
		const second = _usingCtx$1.a(await openClient({
			...database,
			applicationName
		}));
		refusePooler(session, second);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** The moment is the one at which the statement began: whatever was committed before it is in the snapshot. */
async function exportSnapshot({ client }) {
	const { rows } = await client.query("select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at");
	const [snapshot] = rows;
	if (snapshot === void 0) throw new Error("pg_export_snapshot() returned nothing");
	return snapshot;
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
	#options;
	#session;
	#tools;
	#workspace;
	#disposed = false;
	#stopDump = async () => {};
	constructor(options, session, tools, snapshot, facts) {
		this.#options = options;
		this.#session = session;
		this.#tools = tools;
		this.snapshot = snapshot;
		this.facts = facts;
	}
	async dump({ lockWaitTimeoutMs, signal }) {
		const { database, applicationName, env, roots } = this.#options;
		const { client, encrypted } = this.#session;
		await client.query(`set local lock_timeout = ${Math.trunc(lockWaitTimeoutMs)}`);
		this.#workspace ??= await makeWorkspace({ roots });
		const { child, ...dump } = await startPgDump({
			tools: this.#tools,
			snapshot: this.snapshot.id,
			role: database.role,
			lockWaitTimeoutMs,
			env: await libpqEnvironment({
				database,
				encrypted,
				applicationName,
				env,
				folder: this.#workspace.path
			}),
			signal
		});
		child.stdout.on("error", () => {});
		client.once("end", () => {
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
	async countRows() {
		return this.#read("counting rows", () => countRows(this.#session.client));
	}
	async ledgerHeads() {
		return this.#read("reading the version tables", () => readLedgerHeads(this.#session.client, this.#options.stateSchema));
	}
	async [Symbol.asyncDispose]() {
		this.#disposed = true;
		await this.#stopDump();
		await this.#session[Symbol.asyncDispose]();
		await this.#workspace?.[Symbol.asyncDispose]();
	}
	async #read(what, read) {
		try {
			return await read();
		} catch (error) {
			throw this.#explain(what, error);
		}
	}
	#explain(what, cause) {
		const loss = this.#explainLoss(what, cause);
		if (loss !== void 0) return loss;
		const message = `${describeConnection(this.#options.database.connection)}: ${messageOf(cause)}, while ${what}.`;
		const code = systemCode(cause);
		if (code === "42501") return new ReleaseError("insufficient-rights", message, {
			hint: "Back up as a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.",
			cause
		});
		if (code === "55P03" || code === "42P01") return new ReleaseError("backup-failed", message, {
			hint: "Somebody locks or changes tables at this moment. Run it again when they are done.",
			cause
		});
		return cause;
	}
	#explainLoss(what, cause) {
		const lost = this.#session.lost();
		if (lost === void 0 || this.#disposed) return void 0;
		const where = describeConnection(this.#options.database.connection);
		return new ReleaseError("connection-lost", `${where}: the connection broke while ${what} (${lost}); nothing was stored.`, {
			hint: "Run it again.",
			cause
		});
	}
};
export { openSource };
