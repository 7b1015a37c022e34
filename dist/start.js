import { t as version$1 } from "./version.js";
import { createHash, randomBytes } from "node:crypto";
import { access, mkdir, readFile, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { pid } from "node:process";
import { spawn } from "node:child_process";
import { basename as basename$1, dirname as dirname$1 } from "node:path/posix";
import { readFileSync, statSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
// src/errors.ts
/** Every code a user can meet. Codes are listed in docs/errors.md and never change their meaning. */
const errorCodes = {
	"unknown-command": {
		exit: "usage",
		meaning: "The command does not exist."
	},
	"unknown-input": {
		exit: "usage",
		meaning: "An input or flag does not exist, or no named command uses it."
	},
	"invalid-input": {
		exit: "usage",
		meaning: "One or more inputs are missing, malformed or contradict each other."
	},
	"invalid-config": {
		exit: "usage",
		meaning: "shiplock.yml is malformed or holds an unknown key."
	},
	"config-not-found": {
		exit: "usage",
		meaning: "The configuration file that was named does not exist."
	},
	"insecure-tls": {
		exit: "usage",
		meaning: "The connection to a remote server would not be authenticated."
	},
	"ssh-failed": {
		exit: "usage",
		meaning: "The tunnel to the database could not be opened."
	},
	"tls-failed": {
		exit: "usage",
		meaning: "The server offers no TLS, or its certificate was not accepted."
	},
	"connection-failed": {
		exit: "usage",
		meaning: "The server could not be reached."
	},
	"authentication-failed": {
		exit: "usage",
		meaning: "The server refused the user or the password."
	},
	"database-not-found": {
		exit: "usage",
		meaning: "The server has no database of this name."
	},
	"database-is-replica": {
		exit: "usage",
		meaning: "The server is a read replica."
	},
	"pooler-detected": {
		exit: "usage",
		meaning: "A transaction-mode pooler stands between Shiplock and the server."
	},
	"unsupported-server": {
		exit: "usage",
		meaning: "The server is older than PostgreSQL 13."
	},
	"insufficient-rights": {
		exit: "usage",
		meaning: "The role lacks a right that this step needs."
	},
	"wrong-database": {
		exit: "usage",
		meaning: "The database is not the one that was expected or stamped."
	},
	"not-stamped": {
		exit: "usage",
		meaning: "The database carries no stamp that could be adopted."
	},
	"wrong-project": {
		exit: "usage",
		meaning: "The database has the history of other projects only, and this one was not named."
	},
	"state-newer": {
		exit: "usage",
		meaning: "The state schema was written by a newer Shiplock."
	},
	"history-elsewhere": {
		exit: "usage",
		meaning: "The history of this environment is kept in another place than the one that was named."
	},
	"publication-covers-state": {
		exit: "usage",
		meaning: "A publication covers tables that Shiplock makes and writes: the first row would stop subscribers that do not have them."
	},
	"migrations-not-found": {
		exit: "usage",
		meaning: "The folder of migrations does not exist or is empty."
	},
	"unknown-layout": {
		exit: "usage",
		meaning: "The layout of the migrations cannot be told from the files."
	},
	"version-table-elsewhere": {
		exit: "usage",
		meaning: "The version table is not there, and another place of the database holds one of the same tool's."
	},
	"invalid-migration": {
		exit: "usage",
		meaning: "A migration file is malformed for its layout."
	},
	"unsupported-migration": {
		exit: "usage",
		meaning: "A migration is of a kind that Shiplock cannot run."
	},
	"duplicate-version": {
		exit: "usage",
		meaning: "Two migration files carry the same version."
	},
	"syntax-error": {
		exit: "usage",
		meaning: "A migration holds SQL that the parser does not accept."
	},
	"transaction-control": {
		exit: "usage",
		meaning: "A migration controls transactions where it must not."
	},
	"client-command": {
		exit: "usage",
		meaning: "A migration holds a psql command or COPY FROM STDIN."
	},
	"unknown-target": {
		exit: "usage",
		meaning: "The release that is to come back is no tag and no commit that git knows here."
	},
	"unknown-migration": {
		exit: "usage",
		meaning: "The migration that was named is none that has run here, or none of this checkout."
	},
	"unknown-base": {
		exit: "usage",
		meaning: "The commit that new migrations are new to cannot be found."
	},
	"unsafe-event": {
		exit: "usage",
		meaning: "The event would give code of a pull request what only this repository may have."
	},
	"wrong-checkout": {
		exit: "usage",
		meaning: "The checkout does not hold the commit that is under review."
	},
	"github-refused": {
		exit: "usage",
		meaning: "GitHub does not allow what was asked, or does not know it."
	},
	"invalid-template": {
		exit: "usage",
		meaning: "A template of an env file is malformed, or holds a mark that does not exist."
	},
	"unknown-config-base": {
		exit: "usage",
		meaning: "The release that newly required keys are new to is no tag and no commit that git knows here."
	},
	"missing-variable": {
		exit: "usage",
		meaning: "A migration names an environment variable that is not set."
	},
	"file-exists": {
		exit: "usage",
		meaning: "The file to be written exists already."
	},
	"unreadable-file": {
		exit: "usage",
		meaning: "A file or folder cannot be read, or is not UTF-8."
	},
	"tool-not-found": {
		exit: "usage",
		meaning: "A program that this step needs is not installed, or not in a suitable version."
	},
	"unsafe-client": {
		exit: "usage",
		meaning: "An archive of unknown origin would be opened by a program with a known hole."
	},
	"unsafe-target": {
		exit: "usage",
		meaning: "The database that was named is not one that a drill may restore into."
	},
	"command-not-found": {
		exit: "usage",
		meaning: "The team's own command could not be started."
	},
	"invalid-store": {
		exit: "usage",
		meaning: "The store cannot be used as named."
	},
	"backup-too-large": {
		exit: "usage",
		meaning: "The backup would surely take longer than max-duration allows, or be larger than the store takes; nothing was dumped."
	},
	"invalid-smoke-query": {
		exit: "usage",
		meaning: "A smoke query file cannot be understood."
	},
	"unknown-version": {
		exit: "fault",
		meaning: "The ledger holds a version that no file, history row or git ref knows."
	},
	"dirty-version": {
		exit: "fault",
		meaning: "The tool's version table says that a migration began and did not end."
	},
	"checksum-mismatch": {
		exit: "fault",
		meaning: "A migration was edited after it ran."
	},
	"version-clash": {
		exit: "fault",
		meaning: "Another file ran under the number of a migration."
	},
	"out-of-order": {
		exit: "fault",
		meaning: "A pending migration is older than one that has run."
	},
	"phase-moved": {
		exit: "fault",
		meaning: "A migration that ran in one phase stands in the other now."
	},
	"unphased-refused": {
		exit: "fault",
		meaning: "Both phases at once were asked for on a database with a history."
	},
	"post-not-allowed": {
		exit: "fault",
		meaning: "Post migrations were asked for before the release was recorded as deployed, or after a rollback, an abort or a hold."
	},
	"target-newer": {
		exit: "fault",
		meaning: "The release that is to come back has migrations that have not run on the database."
	},
	"target-is-live": {
		exit: "fault",
		meaning: "The release that is to come back is the one that is live."
	},
	"target-contains": {
		exit: "fault",
		meaning: "The migration that is to be taken back belongs to the release that is to come back."
	},
	"not-newest": {
		exit: "fault",
		meaning: "Another migration ran after the one that is to be taken back."
	},
	"down-not-found": {
		exit: "fault",
		meaning: "The migration as it ran is in no release that git knows, so its way back is not known."
	},
	"no-down": {
		exit: "fault",
		meaning: "The migration that is to be taken back has no way back."
	},
	"down-not-transactional": {
		exit: "fault",
		meaning: "A way back that loses data runs outside a transaction."
	},
	"down-would-fail": {
		exit: "fault",
		meaning: "The way back of a migration would fail on values that are in the database now."
	},
	"confirmation-required": {
		exit: "fault",
		meaning: "A migration would be taken back, and nobody has typed the phrase that confirms it."
	},
	"confirmation-wrong": {
		exit: "fault",
		meaning: "The phrase that was typed is not the one for this database, migration and loss."
	},
	"rescue-impossible": {
		exit: "fault",
		meaning: "What a way back would lose cannot be copied, or there is no place for the copy."
	},
	"recount-too-slow": {
		exit: "fault",
		meaning: "Counting the loss again under locks would keep the application waiting for too long."
	},
	"loss-changed": {
		exit: "fault",
		meaning: "What a way back would lose changed between the look at it and the locks."
	},
	"half-applied": {
		exit: "fault",
		meaning: "A migration has run in part: nobody can say what the schema is."
	},
	"post-changed": {
		exit: "fault",
		meaning: "A post migration was changed after its release was recorded as deployed."
	},
	"post-debt": {
		exit: "fault",
		meaning: "Post migrations of an older release have been held back for too long, or touch what the next pre phase touches."
	},
	"older-commit": {
		exit: "fault",
		meaning: "The checkout is older than the commit that has already run in this environment."
	},
	"migration-failed": {
		exit: "fault",
		meaning: "A statement of a migration failed."
	},
	"post-ran-early": {
		exit: "fault",
		meaning: "The team's own program ran post migrations that it was told to leave out."
	},
	"version-missing": {
		exit: "fault",
		meaning: "The team's own program ended well, and the version table does not hold all that it was to run."
	},
	"ledger-moved": {
		exit: "fault",
		meaning: "Another program changed the ledger during the run."
	},
	"lock-not-obtained": {
		exit: "fault",
		meaning: "The locks of a migration were not granted within the lock budget."
	},
	"invalid-index": {
		exit: "fault",
		meaning: "A half-built index stands where one is to be built, and it is not certain that it may be dropped."
	},
	"in-doubt-statement": {
		exit: "fault",
		meaning: "A statement was under way when a run ended, and nothing tells whether it took effect."
	},
	"history-damaged": {
		exit: "fault",
		meaning: "The history in the store is not whole."
	},
	"backup-required": {
		exit: "fault",
		meaning: "require-backup is set, and no backup counts for this run."
	},
	"drill-required": {
		exit: "fault",
		meaning: "require-drill is set, and no drill counts for this run."
	},
	"backup-failed": {
		exit: "fault",
		meaning: "The backup was not made or does not hold what it should."
	},
	"backup-damaged": {
		exit: "fault",
		meaning: "A stored backup is not whole."
	},
	"backup-exists": {
		exit: "fault",
		meaning: "A stored object of this name exists and is never overwritten."
	},
	"loss-not-counted": {
		exit: "fault",
		meaning: "What a down would lose could not be counted on the live database."
	},
	"rescue-incomplete": {
		exit: "fault",
		meaning: "A down would lose something that no rescue copy can hold."
	},
	"rescue-failed": {
		exit: "fault",
		meaning: "The rescue copy was not made, or the store does not hold what was written."
	},
	"restore-failed": {
		exit: "fault",
		meaning: "The backup could not be restored without errors."
	},
	"not-protected": {
		exit: "fault",
		meaning: "The environment is not protected as it has to be, or the run did not pass its rules."
	},
	"no-second-person": {
		exit: "fault",
		meaning: "The person who made the plan carries it out too, or nobody does."
	},
	"not-promoted": {
		exit: "fault",
		meaning: "The commit has not passed the environment before this one."
	},
	"config-key-missing": {
		exit: "fault",
		meaning: "The host lacks a configuration key that the release requires."
	},
	"plan-changed": {
		exit: "fault",
		meaning: "The plan is not the one that was approved."
	},
	"outside-quiet-hours": {
		exit: "fault",
		meaning: "A long migration would begin outside the quiet hours."
	},
	"demo-failed": {
		exit: "fault",
		meaning: "The demonstration did not end as it should."
	},
	"schema-not-read": {
		exit: "inconclusive",
		meaning: "The schema of the database could not be read."
	},
	"scratch-failed": {
		exit: "inconclusive",
		meaning: "The scratch cluster could not be made on this machine, or did not last."
	},
	"restore-refused": {
		exit: "inconclusive",
		meaning: "The drill's plain role may not make an object of the backup; nothing is said about the backup."
	},
	"disk-full": {
		exit: "inconclusive",
		meaning: "There is no room left for what this step writes."
	},
	"run-in-progress": {
		exit: "inconclusive",
		meaning: "Another run holds the lock of this database, or what a run left behind is still at work in it."
	},
	"record-not-found": {
		exit: "inconclusive",
		meaning: "No record of the environment says what had run, and the database was not asked."
	},
	"backup-not-found": {
		exit: "inconclusive",
		meaning: "The store holds no such backup."
	},
	"connection-lost": {
		exit: "inconclusive",
		meaning: "The connection to the database or to the store broke; the ledger says what was applied."
	},
	"config-not-read": {
		exit: "inconclusive",
		meaning: "The names of configuration keys could not be read from where they were said to be."
	},
	"github-unreachable": {
		exit: "inconclusive",
		meaning: "GitHub did not answer, or wants to be asked later."
	},
	"protection-unread": {
		exit: "inconclusive",
		meaning: "GitHub did not tell how the environment is protected, or who stands behind a run."
	},
	"records-unread": {
		exit: "inconclusive",
		meaning: "The records of the release in the store could not be read."
	},
	"second-person-unknown": {
		exit: "inconclusive",
		meaning: "Nobody can tell whether a second person started the run."
	},
	"server-refused": {
		exit: "inconclusive",
		meaning: "The server refused a statement of Shiplock's own."
	},
	"internal-error": {
		exit: "inconclusive",
		meaning: "Shiplock itself failed: a bug."
	},
	interrupted: {
		exit: "inconclusive",
		meaning: "The run was stopped by a signal."
	}
};
/** Something that the user can act on. Everything else that is thrown is a bug and keeps its stack. */
var ReleaseError = class extends Error {
	name = "ReleaseError";
	code;
	hint;
	at;
	constructor(code, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.code = code;
		this.hint = options.hint;
		this.at = options.at;
	}
	/** The verdict of a command that ends with this error. */
	get verdict() {
		return errorCodes[this.code].exit === "inconclusive" ? "inconclusive" : "fail";
	}
	/** The exit status of a process that ends with this error. */
	get exitCode() {
		return {
			usage: 2,
			fault: 1,
			inconclusive: 3
		}[errorCodes[this.code].exit];
	}
};
/** The text of any thrown value, without its stack. */
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}
/** The `code` that Node and PostgreSQL put on their errors, such as `ENOENT` or `55P03`. */
function systemCode(error) {
	if (typeof error !== "object" || error === null || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}
// src/live-line.ts
/** A kept log gets no more than one line in this time. */
const intervalMs = 1e4;
const barWidth = 20;
/** Shows the newest line only: replaced in place on a terminal, now and then in a log. */
var LiveLine = class {
	#screen;
	#shown = false;
	#last = Number.NEGATIVE_INFINITY;
	constructor(screen) {
		this.#screen = screen;
	}
	show({ text, share }) {
		const columns = this.#screen.columns();
		const percent = share === void 0 ? "" : `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;
		if (columns === void 0) {
			if (this.#screen.now() - this.#last < intervalMs) return;
			this.#last = this.#screen.now();
			this.#screen.write(`${text}${percent === "" ? "" : `, ${percent}`}\n`);
			return;
		}
		const bar = share === void 0 ? "" : `${barOf(share)} ${percent} `;
		this.#screen.write(`\r\u001b[2K${`${bar}${text}`.slice(0, columns - 1)}`);
		this.#shown = true;
	}
	/** Makes room for a line that is kept. */
	clear() {
		if (!this.#shown) return;
		this.#screen.write("\r\x1B[2K");
		this.#shown = false;
	}
};
function barOf(share) {
	const done = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
	return `[${"#".repeat(done)}${"-".repeat(barWidth - done)}]`;
}
// src/connection.ts
const sslModes = [
	"disable",
	"allow",
	"prefer",
	"require",
	"verify-ca",
	"verify-full"
];
/**
* Reads a `postgres://` URL or a libpq keyword string.
* Throws `invalid-input`; the error never holds any part of the text, since it may be a password.
*/
function parseConnection(text) {
	const parameters = /^postgres(?:ql)?:\/\//i.test(text) ? urlParameters(text) : keywordParameters(text);
	for (const name of parameters.keys()) if (!known.has(name)) throw invalid$1(`it has a parameter that is not supported: ${printable$1(name)}`);
	const user = parameters.get("user") || void 0;
	if (user === void 0) throw invalid$1("it names no user");
	const host = parameters.get("host") || parameters.get("hostaddr") || "localhost";
	if (host.includes(",")) throw invalid$1("it names several hosts; name the primary alone");
	return {
		host,
		port: port(parameters.get("port")),
		user,
		password: parameters.get("password") || void 0,
		database: parameters.get("dbname") || user,
		sslmode: sslMode(parameters.get("sslmode")),
		sslrootcert: parameters.get("sslrootcert") || void 0,
		sslcert: parameters.get("sslcert") || void 0,
		sslkey: parameters.get("sslkey") || void 0,
		connectTimeoutMs: seconds(parameters.get("connect_timeout")),
		settings: [
			...sessionSettings(parameters.get("options") ?? ""),
			...searchPathSetting(parameters.get("search_path")),
			...schemaSetting(parameters.get("schema"))
		]
	};
}
/** Go's drivers take a setting of the session for a parameter of its own. */
function searchPathSetting(path) {
	return path ? [["search_path", path]] : [];
}
/** Prisma's connection strings name the one schema that is searched. */
function schemaSetting(schema) {
	return schema ? [["search_path", `"${schema.replaceAll("\"", "\"\"")}"`]] : [];
}
/** The keyword string that libpq's own `PG*` variables describe, or `undefined` when they name nothing. */
function connectionFromVariables(env) {
	if (!env.PGHOST && !env.PGDATABASE && !env.PGUSER) return void 0;
	const named = {
		host: env.PGHOST,
		port: env.PGPORT,
		user: env.PGUSER ?? env.USER ?? env.LOGNAME,
		password: env.PGPASSWORD,
		dbname: env.PGDATABASE,
		sslmode: env.PGSSLMODE,
		sslrootcert: env.PGSSLROOTCERT,
		sslcert: env.PGSSLCERT,
		sslkey: env.PGSSLKEY
	};
	return Object.entries(named).filter(([, value]) => value).map(([name, value]) => `${name}='${String(value).replace(/[\\']/g, "\\$&")}'`).join(" ");
}
/** The only form in which a connection is printed. */
function describeConnection(connection) {
	return `${connection.host.includes(":") ? `[${connection.host}]` : connection.host}:${connection.port}/${connection.database}`;
}
/** A session setting as it stands in libpq's `options`. */
function settingOption([name, value]) {
	return `-c ${name}=${value.replace(/[\\\s]/g, "\\$&")}`;
}
/** A folder with a socket, `localhost`, 127.0.0.0/8 or ::1: bytes that never leave the machine. */
function isLocal({ host }) {
	return host.startsWith("/") || host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
/**
* Decides how a connection is protected. No `sslmode` and a remote host means verify-full; `require` keeps
* libpq's meaning (encrypted, server not authenticated, unless an authority is named); weaker modes to a remote
* host need `allowInsecure`. https://www.postgresql.org/docs/current/libpq-ssl.html
*/
function decideTls(connection, { ca, allowInsecure }) {
	if (connection.host.startsWith("/")) return {
		mode: "off",
		ca: void 0
	};
	const mode = connection.sslmode ?? (isLocal(connection) ? "disable" : "verify-full");
	if (mode === "verify-full" || mode === "verify-ca") return {
		mode,
		ca
	};
	if (mode === "require") return {
		mode: ca === void 0 ? "require" : "verify-ca",
		ca
	};
	if (!isLocal(connection) && !allowInsecure) throw new ReleaseError("insecure-tls", `sslmode=${mode} to the remote host ${connection.host} protects nothing: anybody in between can read and change the data.`, { hint: "Leave sslmode out (it then means verify-full), name your authority with database-ca, or set allow-insecure-tls: true." });
	return {
		mode: mode === "disable" ? "off" : "prefer",
		ca: void 0
	};
}
const known = /* @__PURE__ */ new Set([
	"host",
	"hostaddr",
	"port",
	"user",
	"password",
	"dbname",
	"sslmode",
	"sslrootcert",
	"sslcert",
	"sslkey",
	"connect_timeout",
	"options",
	"search_path",
	"application_name",
	"channel_binding",
	"gssencmode",
	"keepalives",
	"keepalives_idle",
	"keepalives_interval",
	"keepalives_count",
	"client_encoding",
	"target_session_attrs",
	"schema",
	"connection_limit",
	"pool_timeout",
	"socket_timeout",
	"statement_cache_size",
	"pgbouncer"
]);
function urlParameters(text) {
	const rest = text.slice(text.indexOf("://") + 3);
	const [location = "", query = ""] = splitAt(rest, rest.indexOf("?"));
	const [authority = "", path = ""] = splitAt(location, location.indexOf("/"));
	const at = authority.lastIndexOf("@");
	const parameters = /* @__PURE__ */ new Map();
	if (at >= 0) {
		const [user = "", password = ""] = splitAt(authority.slice(0, at), authority.slice(0, at).indexOf(":"));
		parameters.set("user", decode$1(user, "user"));
		if (password !== "") parameters.set("password", decode$1(password, "password"));
	}
	const address = hostAndPort(authority.slice(at + 1));
	if (address.host !== "") parameters.set("host", decode$1(address.host, "host"));
	if (address.port !== "") parameters.set("port", address.port);
	if (path !== "") parameters.set("dbname", decode$1(path, "database"));
	for (const pair of query.split("&").filter(Boolean)) {
		const [name = "", value = ""] = splitAt(pair, pair.indexOf("="));
		parameters.set(decode$1(name, "parameter"), decode$1(value, "parameter"));
	}
	return parameters;
}
function hostAndPort(text) {
	if (text.startsWith("[")) {
		const end = text.indexOf("]");
		if (end < 0) throw invalid$1("its host opens a bracket that never closes");
		const tail = text.slice(end + 1);
		if (tail !== "" && !tail.startsWith(":")) throw invalid$1("something other than a port follows its bracketed host");
		return {
			host: text.slice(1, end),
			port: tail.slice(1)
		};
	}
	if (text.includes(",")) throw invalid$1("it names several hosts; name the primary alone");
	const [host = "", port = ""] = splitAt(text, text.indexOf(":"));
	return {
		host,
		port
	};
}
function keywordParameters(text) {
	const parameters = /* @__PURE__ */ new Map();
	const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)+))\s*/gy;
	while (pair.lastIndex < text.length) {
		const match = pair.exec(text);
		if (match === null) throw invalid$1("it is neither a postgres:// URL nor a list such as host=… user=… dbname=…");
		parameters.set(match[1], (match[2] ?? match[3] ?? "").replace(/\\(.)/g, "$1"));
	}
	return parameters;
}
function splitAt(text, index) {
	return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
function decode$1(text, part) {
	try {
		const decoded = decodeURIComponent(text);
		if (decoded.includes("\0")) throw new Error("NUL");
		return decoded;
	} catch {
		throw invalid$1(`its ${part} is not percent-encoded correctly; write % as %25`);
	}
}
function port(text) {
	if (text === void 0 || text === "") return 5432;
	const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (number < 1 || number > 65535) throw invalid$1("its port is not a number from 1 to 65535");
	return number;
}
function seconds(text) {
	if (text === void 0 || text === "") return 15e3;
	if (!/^\d{1,4}$/.test(text)) throw invalid$1("its connect_timeout is not a number of seconds");
	return Math.max(2, Number(text)) * 1e3;
}
function sslMode(text) {
	if (text === void 0 || text === "") return void 0;
	const mode = sslModes.find((one) => one === text);
	if (mode === void 0) throw invalid$1(`its sslmode is not one of ${sslModes.join(", ")}`);
	return mode;
}
function sessionSettings(options) {
	const settings = [];
	const word = /\s*(?:-c\s*|--)([A-Za-z_][\w.]*)=((?:[^\s\\]|\\.)*)\s*/gy;
	while (word.lastIndex < options.length) {
		const match = word.exec(options);
		if (match === null) throw invalid$1("its options hold something other than -c name=value");
		settings.push([match[1], (match[2] ?? "").replace(/\\(.)/g, "$1")]);
	}
	return settings;
}
function printable$1(name) {
	return /^[\w.-]{1,40}$/.test(name) ? name : "one whose name is unreadable";
}
function invalid$1(problem) {
	return new ReleaseError("invalid-input", `The connection string cannot be used: ${problem}.`, { hint: "The form is postgres://user:password@host:5432/database; percent-encode special characters in the password." });
}
// src/redact.ts
/** Removes known secrets from every text that leaves the process. */
var Redactor = class Redactor {
	/** The longest first. */
	#secrets = [];
	/** Shorter texts are not removed: they would blank half the log and protect nothing. */
	static shortest = 4;
	add(secret) {
		if (secret.length < Redactor.shortest) return;
		this.#secrets = [.../* @__PURE__ */ new Set([...this.#secrets, secret])].sort((a, b) => b.length - a.length);
	}
	get isEmpty() {
		return this.#secrets.length === 0;
	}
	/** The text with each secret replaced, longest first, so that a secret inside another leaves nothing behind. */
	redact(text) {
		let clean = text;
		for (const secret of this.#secrets) clean = clean.replaceAll(secret, "***");
		return clean;
	}
	has(text) {
		return this.redact(text) !== text;
	}
};
/** Every form in which the secret of a connection string may turn up in a log; a text that cannot be parsed included. */
function secretForms(url) {
	const connection = tryParse(url);
	const forms = /* @__PURE__ */ new Set();
	if (connection?.password !== void 0 || connection === void 0) forms.add(url);
	const raw = /\/\/[^:/]*:(.*)@/s.exec(url)?.[1];
	if (raw !== void 0) forms.add(raw);
	const password = connection?.password;
	if (password !== void 0) {
		forms.add(password);
		forms.add(encodeURIComponent(password));
		forms.add(JSON.stringify(password).slice(1, -1));
		forms.add(Buffer.from(`${connection?.user}:${password}`).toString("base64"));
		forms.add(Buffer.from(password).toString("base64"));
	}
	return [...forms].filter((form) => form.length > 0);
}
function tryParse(url) {
	try {
		return parseConnection(url);
	} catch {
		return;
	}
}
/** Fields with words of our own: a password that happens to be "pass" must not blank a verdict. */
const ownWords = /* @__PURE__ */ new Set([
	"schema",
	"tool",
	"command",
	"verdict",
	"status",
	"code",
	"startedAt",
	"finishedAt"
]);
/** A result without secrets: only its texts are touched, never its keys. */
function redacted(value, redactor) {
	if (redactor.isEmpty) return value;
	const clean = (one, key) => {
		if (typeof one === "string") return ownWords.has(key) ? one : redactor.redact(one);
		if (Array.isArray(one)) return one.map((item) => clean(item, key));
		if (typeof one !== "object" || one === null) return one;
		return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, clean(inner, name)]));
	};
	return clean(value, "");
}
// src/visible-text.ts
/** Controls (ESC, NUL …), formats (bidi marks, zero-width and soft hyphens) and lone surrogates: they hide or reorder text. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** The text with U+FFFD for each character that hides or reorders others; line ends count as such. */
function visible(text) {
	return text.replace(hidden, "�");
}
/** The text on one line: each run of white space and line ends is a space. */
function oneLine(text) {
	return visible(text.replace(/[\s\u0085]+/g, " ")).trim();
}
// src/report/foreign.ts
/** Every way in which a line can end for a runner, a terminal or a browser. */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/**
* Text from a database, a log, a migration or a child process, as it may stand in a job's log: each of its lines
* has a bar in front, and none of it is a workflow command, whatever it holds.
*/
function foreign(text) {
	const lines = text.split(lineEnds);
	if (lines.length > 1 && lines.at(-1) === "") lines.pop();
	return lines.map((line) => `│ ${printable(line)}`.trimEnd()).join("\n");
}
/** A line of our own that may embed foreign text; `\n` stays a line end, and no line is a workflow command. */
function harmless(text) {
	return text.split(/\r?\n/).map((line) => printable(line).replace(/^(\s*)::/, "$1: :")).join("\n");
}
/** The runner looks for `##[` anywhere in a line. */
function printable(line) {
	return visible(line.replaceAll("	", "    ")).replaceAll("##[", "## [");
}
// src/units.ts
const durationUnits = {
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
const sizeUnits = {
	B: 1,
	KiB: 1024,
	MiB: 1024 ** 2,
	GiB: 1024 ** 3,
	TiB: 1024 ** 4
};
/** Milliseconds of a text such as `500ms`, `5s`, `2m`, `1h30m` or `14d`; `undefined` when it is not one. */
function parseDuration(text) {
	if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return void 0;
	const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
	let sum = 0;
	for (const [, number, unit] of parts) sum += Number(number) * durationUnits[unit];
	return Math.round(sum);
}
/** Bytes of a text such as `868B`, `20MiB` or `1.5GiB`; `undefined` when it is not one. */
function parseSize(text) {
	const [, number, unit] = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB|TiB)$/.exec(text) ?? [];
	return unit === void 0 ? void 0 : Math.round(Number(number) * sizeUnits[unit]);
}
/** A duration for people: `12 ms`, `4.2 s`, `3 min 48 s`, `2 h 5 min`, `3 d 4 h`. */
function formatDuration(ms) {
	if (ms < 1e3) return `${Math.round(ms)} ms`;
	if (ms < 59950) return `${(ms / 1e3).toFixed(1)} s`;
	const seconds = Math.round(ms / 1e3);
	if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
	const minutes = Math.round(seconds / 60);
	if (minutes < 1440) return joinUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
	const hours = Math.round(minutes / 60);
	return joinUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}
/** A duration without the part of a second, for a line that is written again every moment. */
function wholeSeconds(ms) {
	return Math.round(ms / 1e3) * 1e3;
}
/** A number of bytes for people, in binary units: `868 B`, `1.2 MiB`. */
function formatSize(bytes) {
	let unit = "B";
	for (const [name, factor] of Object.entries(sizeUnits)) if (bytes >= factor) unit = name;
	return unit === "B" ? `${bytes} B` : `${(bytes / sizeUnits[unit]).toFixed(1)} ${unit}`;
}
/** A count with its noun: `1 migration`, `3 migrations`. */
function plural(count, noun) {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
/** A whole number with commas between the thousands; `Intl` would take 30 ms to load. */
function formatCount(count) {
	return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
/** A moment for people: `2026-11-21 14:02:26 UTC`; a text that is none stays as it is. */
function formatMoment(at) {
	return (typeof at === "string" ? at : at.toISOString()).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, "$1 $2 UTC");
}
/** A moment as it stands in keys and ids: `20261121T140410Z`. */
function compactStamp(moment) {
	return moment.toISOString().replace(/\.\d+Z$/, "Z").replace(/[-:]/g, "");
}
function joinUnits(big, bigUnit, small, smallUnit) {
	return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
// node_modules/zod/v4/core/util.js
function getEnumValues(entries) {
	const numericValues = Object.values(entries).filter((v) => typeof v === "number");
	return Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
}
function joinValues(array, separator = "|") {
	return array.map((val) => stringifyPrimitive(val)).join(separator);
}
function jsonStringifyReplacer(_, value) {
	if (typeof value === "bigint") return value.toString();
	return value;
}
var Cached = class {
	constructor(getter) {
		this._getter = getter;
		this._value = void 0;
	}
	get value() {
		const getter = this._getter;
		if (getter !== void 0) {
			this._value = getter();
			this._getter = void 0;
		}
		return this._value;
	}
};
function cached(getter) {
	return new Cached(getter);
}
function nullish(input) {
	return input === null || input === void 0;
}
function cleanRegex(source) {
	const start = source.startsWith("^") ? 1 : 0;
	const end = source.endsWith("$") ? source.length - 1 : source.length;
	return source.slice(start, end);
}
function floatSafeRemainder(val, step) {
	const ratio = val / step;
	const roundedRatio = Math.round(ratio);
	const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);
	if (Math.abs(ratio - roundedRatio) < tolerance) return 0;
	return ratio - roundedRatio;
}
const EVALUATING = /* @__PURE__*/ Symbol("evaluating");
function defineLazy(object, key, getter) {
	let value = void 0;
	Object.defineProperty(object, key, {
		get() {
			if (value === EVALUATING) return;
			if (value === void 0) {
				value = EVALUATING;
				value = getter();
			}
			return value;
		},
		set(v) {
			Object.defineProperty(object, key, { value: v });
		},
		configurable: true
	});
}
function assignProp(target, prop, value) {
	Object.defineProperty(target, prop, {
		value,
		writable: true,
		enumerable: true,
		configurable: true
	});
}
/**
* Whichever object a def's `shape` currently answers from: the one the caller passed until the first read, the frozen copy after it.
*
* Its keys and descriptors read without invoking anything, which is what lets a discriminated union check its discriminator, and the cycle walk read a shape, without resolving a getter that references the schema being constructed. A def that answers `shape` from an accessor of its own has none.
*/
function rawShape(def) {
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	return desc?.get ? desc.get.raw : desc?.value;
}
function sourceShape(schema) {
	return rawShape(schema._zod.def) ?? schema._zod.def.shape;
}
function deferProp(target, key, getter) {
	Object.defineProperty(target, key, {
		get() {
			const value = getter();
			assignProp(this, key, value);
			return value;
		},
		enumerable: true,
		configurable: true
	});
}
function putProp(target, key, value) {
	if (key in target) assignProp(target, key, value);
	else target[key] = value;
}
/**
* Copies `keys` of `source`'s shape onto `target`, each value passed through `wrap`.
*
* A key the source has resolved is copied through now, so the derived shape states it outright and nothing has to resolve it to learn what it holds. A key the source still defers stays deferred, and reads back through the source's own `shape`, so it resolves once and both shapes get that one schema.
*/
function mirrorShape(target, source, keys, wrap) {
	const raw = sourceShape(source);
	for (const key of keys) {
		const desc = Object.getOwnPropertyDescriptor(raw, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => {
			const value = source._zod.def.shape[key];
			return wrap ? wrap(value, key) : value;
		});
		else putProp(target, key, wrap ? wrap(desc.value, key) : desc.value);
	}
}
function mirrorProps(target, source) {
	for (const key of Reflect.ownKeys(source)) {
		const desc = Object.getOwnPropertyDescriptor(source, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => source[key]);
		else putProp(target, key, desc.value);
	}
}
function mergeDefs(...defs) {
	const mergedDescriptors = {};
	for (const def of defs) {
		const descriptors = Object.getOwnPropertyDescriptors(def);
		Object.assign(mergedDescriptors, descriptors);
	}
	return Object.defineProperties({}, mergedDescriptors);
}
function esc(str) {
	return JSON.stringify(str);
}
function slugify(input) {
	return input.toLowerCase().trim().replace(/[^\w\s-]/g, "").replace(/[\s_-]+/g, "-").replace(/^-+|-+$/g, "");
}
const captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {};
function isObject(data) {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}
const allowsEval = /* @__PURE__*/ cached(() => {
	if (globalConfig.jitless) return false;
	if (typeof navigator !== "undefined" && navigator?.userAgent?.includes("Cloudflare")) return false;
	try {
		new Function("");
		return true;
	} catch (_) {
		return false;
	}
});
function isPlainObject(o) {
	if (isObject(o) === false) return false;
	const ctor = o.constructor;
	if (ctor === void 0) return true;
	if (typeof ctor !== "function") return true;
	const prot = ctor.prototype;
	if (isObject(prot) === false) return false;
	if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) return false;
	return true;
}
function shallowClone(o) {
	if (isPlainObject(o)) return { ...o };
	if (Array.isArray(o)) return [...o];
	if (o instanceof Map) return new Map(o);
	if (o instanceof Set) return new Set(o);
	return o;
}
const propertyKeyTypes = /* @__PURE__*/ new Set([
	"string",
	"number",
	"symbol"
]);
function escapeRegex(str) {
	return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
	const cl = new inst._zod.constr(def ?? inst._zod.def);
	if (!def || params?.parent) cl._zod.parent = inst;
	return cl;
}
function normalizeParams(_params) {
	const params = _params;
	if (!params) return {};
	if (typeof params === "string") return { error: () => params };
	if (params?.message !== void 0) {
		if (params?.error !== void 0) throw new Error("Cannot specify both `message` and `error` params");
		params.error = params.message;
	}
	delete params.message;
	if (typeof params.error === "string") return {
		...params,
		error: () => params.error
	};
	return params;
}
function stringifyPrimitive(value) {
	if (typeof value === "bigint") return value.toString() + "n";
	if (typeof value === "string") return `"${value}"`;
	return `${value}`;
}
function optionalKeys(shape) {
	return Object.keys(shape).filter((k) => {
		return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
	});
}
const NUMBER_FORMAT_RANGES = /*@__PURE__*/ (() => ({
	safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	int32: [-2147483648, 2147483647],
	uint32: [0, 4294967295],
	float32: [-34028234663852886e22, 34028234663852886e22],
	float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
const BIGINT_FORMAT_RANGES = {
	int64: [/* @__PURE__*/ BigInt("-9223372036854775808"), /* @__PURE__*/ BigInt("9223372036854775807")],
	uint64: [/* @__PURE__*/ BigInt(0), /* @__PURE__*/ BigInt("18446744073709551615")]
};
function pick(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".pick() cannot be used on object schemas containing refinements");
	const newShape = {};
	mirrorShape(newShape, schema, maskedKeys(schema, mask));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function maskedKeys(schema, mask) {
	const raw = sourceShape(schema);
	const keys = [];
	for (const key of Reflect.ownKeys(mask)) {
		if (!Object.getOwnPropertyDescriptor(raw, key)?.enumerable) throw new Error(`Unrecognized key: "${String(key)}"`);
		if (mask[key]) keys.push(key);
	}
	return keys;
}
function omit(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".omit() cannot be used on object schemas containing refinements");
	const omitted = new Set(maskedKeys(schema, mask));
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)).filter((key) => !omitted.has(key)));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function extend(schema, shape) {
	if (!isPlainObject(shape)) throw new Error("Invalid input to extend: expected a plain object");
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) {
		const existingShape = sourceShape(schema);
		for (const key of Reflect.ownKeys(shape)) if (Object.getOwnPropertyDescriptor(existingShape, key) !== void 0) throw new Error("Cannot overwrite keys on object schemas containing refinements. Use `.safeExtend()` instead.");
	}
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function extended(schema, shape) {
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)));
	mirrorProps(newShape, shape);
	return newShape;
}
function safeExtend(schema, shape) {
	if (!isPlainObject(shape)) throw new Error("Invalid input to safeExtend: expected a plain object");
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function merge(a, b) {
	if (!b?._zod?.def) throw new Error("Invalid input to merge: expected an object schema. To merge a plain shape, use `.extend()`.");
	if (a._zod.def.checks?.length) throw new Error(".merge() cannot be used on object schemas containing refinements. Use .safeExtend() instead.");
	const newShape = {};
	mirrorShape(newShape, a, Reflect.ownKeys(sourceShape(a)));
	mirrorShape(newShape, b, Reflect.ownKeys(sourceShape(b)));
	return clone(a, mergeDefs(a._zod.def, {
		shape: newShape,
		get catchall() {
			return b._zod.def.catchall;
		},
		checks: b._zod.def.checks ?? []
	}));
}
function partial(Class, schema, mask, name = "partial") {
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) throw new Error(`.${name}() cannot be used on object schemas containing refinements`);
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), Class && ((value, key) => selected && !selected.has(key) ? value : new Class({
		type: "optional",
		innerType: value
	})));
	return clone(schema, mergeDefs(schema._zod.def, {
		shape: newShape,
		checks: []
	}));
}
function required(Class, schema, mask) {
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), (value, key) => selected && !selected.has(key) ? value : new Class({
		type: "nonoptional",
		innerType: value
	}));
	return clone(schema, mergeDefs(schema._zod.def, { shape: newShape }));
}
function aborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue !== true) return true;
	return false;
}
function explicitlyAborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue === false) return true;
	return false;
}
function prefixIssues(path, issues) {
	return issues.map((iss) => {
		var _a;
		(_a = iss).path ?? (_a.path = []);
		iss.path.unshift(path);
		return iss;
	});
}
function unwrapMessage(message) {
	return typeof message === "string" ? message : message?.message;
}
/** The leading size checks of `defChecks` that set an upper bound, each paired with it. */
function sizeCaps(defChecks) {
	const caps = [];
	for (const ch of defChecks ?? []) {
		const d = ch._zod.def;
		if (!/_(length|size)$|_equals$/.test(d.check)) break;
		const max = d.maximum ?? d.length ?? d.size;
		if (max >= 0) caps.push([max, ch]);
	}
	return caps;
}
function attachSchema(issues, start, inst) {
	var _a;
	for (let i = start; i < issues.length; i++) (_a = issues[i]).schema ?? (_a.schema = inst);
}
function finalizeIssue(iss, ctx, config) {
	var _a;
	const traits = iss.inst?._zod?.traits;
	if (traits?.has("$ZodType")) {
		if (traits.has("$ZodCheck")) (_a = iss).schema ?? (_a.schema = iss.inst);
		else iss.schema = iss.inst;
	}
	const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
	const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config.customError?.(iss)) ?? unwrapMessage(config.localeError?.(iss)) ?? "Invalid input";
	const full = {};
	for (const k of Object.keys(iss)) {
		if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__") continue;
		full[k] = iss[k];
	}
	full.path ?? (full.path = []);
	full.message = message;
	if (ctx?.reportInput) full.input = iss.input;
	return full;
}
const highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
	const units = str.length;
	if (!highSurrogate.test(str)) return units;
	let count = units;
	for (let i = 0; i < units - 1; i++) if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
		count--;
		i++;
	}
	return count;
}
function getLengthableOrigin(input) {
	if (Array.isArray(input)) return "array";
	if (typeof input === "string") return "string";
	return "unknown";
}
function parsedType(data) {
	const t = typeof data;
	switch (t) {
		case "number": return Number.isNaN(data) ? "nan" : "number";
		case "object": {
			if (data === null) return "null";
			if (Array.isArray(data)) return "array";
			const obj = data;
			if (obj && Object.getPrototypeOf(obj) !== Object.prototype && "constructor" in obj && obj.constructor) return obj.constructor.name;
		}
	}
	return t;
}
function issue(...args) {
	const [iss, input, inst] = args;
	if (typeof iss === "string") return {
		message: iss,
		code: "custom",
		input,
		inst
	};
	return { ...iss };
}
/**
* Installs a trait's members on its prototype. Each value builds that member for the instance on first read; the built value shadows the accessor as an own property, so a detached `const { parse } = schema` keeps working.
*
* Call this from a `proto` initializer, which runs once per prototype — never per instance.
*/
function members(proto, table) {
	for (const key in table) {
		const desc = Object.getOwnPropertyDescriptor(table, key);
		if (desc.get) Object.defineProperty(proto, key, {
			...desc,
			enumerable: false
		});
		else defineBound(proto, key, desc.value);
	}
}
/** Shadows a prototype member with an own value, so a getter that builds from the instance runs once. */
function own(inst, key, value, enumerable = true) {
	Object.defineProperty(inst, key, {
		configurable: true,
		writable: true,
		enumerable,
		value
	});
	return value;
}
/** Like {@link own}, for a member that was never an own data property and has to stay out of `Object.keys`. */
function hide(inst, key, value) {
	return own(inst, key, value, false);
}
/** Adds members a table derives from the instance: each builds on first read and shadows as own data, and assignment shadows the same way, as when these were own properties. */
/* @__NO_SIDE_EFFECTS__ */
function derived(computes, table) {
	for (const key in computes) {
		const compute = computes[key];
		Object.defineProperty(table, key, {
			configurable: true,
			enumerable: true,
			get() {
				return own(this, key, compute(this));
			},
			set(value) {
				own(this, key, value);
			}
		});
	}
	return table;
}
function defineBound(proto, key, fn) {
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			return this == null ? fn : own(this, key, fn.bind(this));
		},
		set(value) {
			own(this, key, value);
		}
	});
}
/** Returns the prototype to install on, or `undefined` if this group is already installed on it. */
function claim(inst, sentinel) {
	const proto = Object.getPrototypeOf(inst);
	return sentinel in proto ? void 0 : proto;
}
let installing;
let broke = false;
const breaker = {
	configurable: true,
	get() {
		broke = true;
	}
};
/**
* Installs a lazily-derived internal on the `_zod` prototype of `inst`'s
* constructor, computed from the internals object itself and cached there on
* first read. One accessor per constructor rather than one per instance.
*/
function defineLazyInternal(inst, key, compute) {
	const proto = Object.getPrototypeOf(inst._zod);
	if (key in proto && installing !== inst._zod) {
		installing = void 0;
		return;
	}
	installing = inst._zod;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			Object.defineProperty(this, key, breaker);
			const outer = broke;
			broke = false;
			try {
				const value = compute(this);
				if (broke) delete this[key];
				else Object.defineProperty(this, key, {
					configurable: true,
					writable: true,
					value
				});
				broke = broke || outer;
				return value;
			} catch (err) {
				delete this[key];
				broke = broke || outer;
				throw err;
			}
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				value
			});
		}
	});
}
/**
* Installs `key` on `inst`'s prototype, computed by `make` on first read and cached there as an own
* data property. One accessor per constructor rather than one per instance, because an own accessor
* puts every instance after the first into v8 dictionary mode. The key doubles as the sentinel.
*/
function installLazyProp(inst, key, make, enumerable) {
	const proto = claim(inst, key);
	if (!proto) return;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			const desc = {
				configurable: true,
				writable: true,
				enumerable,
				value: void 0
			};
			Object.defineProperty(this, key, desc);
			desc.value = make(this);
			Object.defineProperty(this, key, desc);
			return desc.value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				enumerable,
				value
			});
		}
	});
}
/** Marks the thunk `_catch` synthesises for a constant catch value. `Function.length` cannot tell that thunk from a user callback — rest and defaulted parameters both report arity 0 — and a user callback reads `ctx.error`, whose issues only finalize correctly against the caller's per-parse error map. Provenance can say what arity cannot. A plain string key rather than `Symbol.for`, whose call at module scope no bundler can prove pure — the same shape that anchored `urlCanParse` into every build. */
const CONSTANT_CATCH = "~constantCatch";
/** Wraps a constant catch value in a thunk tagged with {@link CONSTANT_CATCH}. */
function constantCatch(value) {
	const fn = () => value;
	fn[CONSTANT_CATCH] = true;
	return fn;
}
// node_modules/zod/v4/core/core.js
var _a$1;
/** A special constant with type `never` */
const NEVER = /*@__PURE__*/ Object.freeze({ status: "aborted" });
const _zodDesc = {
	value: void 0,
	enumerable: false
};
let _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
	const E = _E;
	if (E) {
		const saved = E.stackTraceLimit;
		if (typeof saved === "number") {
			try {
				E.stackTraceLimit = 0;
			} catch {
				_E = null;
				return new Definition();
			}
			try {
				return new Definition();
			} finally {
				E.stackTraceLimit = saved;
			}
		}
	}
	return new Definition();
}
/* @__NO_SIDE_EFFECTS__ */
function $constructor(name, initializer, proto, params) {
	const zodProto = {};
	function Internals(def) {
		this.def = def;
		this.constr = _;
		this.traits = /* @__PURE__ */ new Set();
	}
	Internals.prototype = zodProto;
	const protoMembers = proto;
	const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
	function init(inst, def) {
		if (!inst._zod) {
			_zodDesc.value = new Internals(def);
			try {
				Object.defineProperty(inst, "_zod", _zodDesc);
			} finally {
				_zodDesc.value = void 0;
			}
		} else if (inst._zod.traits.has(name)) return;
		inst._zod.traits.add(name);
		initializer(inst, def);
		if (initialized) {
			const own = Object.getPrototypeOf(inst);
			const ctorProto = inst._zod.constr.prototype;
			let up = own;
			while (up && up !== ctorProto) up = Object.getPrototypeOf(up);
			const target = up ?? own;
			if (!initialized.has(target)) {
				initialized.add(target);
				members(target, protoMembers);
			}
		}
		const proto = _.prototype;
		for (const k in proto) {
			if (!Object.prototype.hasOwnProperty.call(proto, k)) continue;
			if (!(k in inst)) inst[k] = proto[k].bind(inst);
		}
	}
	const Parent = params?.Parent ?? Object;
	class Definition extends Parent {}
	Object.defineProperty(Definition, "name", { value: name });
	function _(def) {
		const inst = params?.Parent ? newError(Definition) : this;
		init(inst, def);
		const deferred = inst._zod.deferred;
		if (deferred) {
			for (const fn of deferred) fn();
			inst._zod.deferred = void 0;
		}
		const pp = globalThis.__zod_globalConfig?.postProcessor;
		if (pp) pp(inst);
		return inst;
	}
	Object.defineProperty(_, "init", { value: init });
	Object.defineProperty(_, Symbol.hasInstance, { value: (inst) => {
		if (params?.Parent && inst instanceof params.Parent) return true;
		return inst?._zod?.traits?.has(name);
	} });
	Object.defineProperty(_, "name", { value: name });
	return _;
}
var $ZodAsyncError = class extends Error {
	constructor() {
		super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
	}
};
var $ZodEncodeError = class extends Error {
	constructor(name) {
		super(`Encountered unidirectional transform during encode: ${name}`);
		this.name = "ZodEncodeError";
	}
};
(_a$1 = globalThis).__zod_globalConfig ?? (_a$1.__zod_globalConfig = {});
const globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
	if (newConfig) Object.assign(globalConfig, newConfig);
	return globalConfig;
}
// node_modules/zod/v4/core/errors.js
function _getMessage() {
	const internals = this._zod;
	internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
	return internals.message;
}
function _setMessage(value) {
	this._zod.message = value;
}
const _messageDesc = {
	get: _getMessage,
	set: _setMessage,
	enumerable: true,
	configurable: true
};
const _issuesDesc = {
	value: void 0,
	enumerable: false
};
const _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
const initializer$1 = (inst, def) => {
	inst.name = "$ZodError";
	_issuesDesc.value = def;
	Object.defineProperty(inst, "issues", _issuesDesc);
	_issuesDesc.value = void 0;
	Object.defineProperty(inst, "message", _messageDesc);
	const proto = Object.getPrototypeOf(inst);
	if (!_installedToString.has(proto)) {
		_installedToString.add(proto);
		Object.defineProperty(proto, "toString", {
			configurable: true,
			enumerable: false,
			get() {
				const value = () => this.message;
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
				return value;
			},
			set(value) {
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
			}
		});
	}
};
const $ZodError = /* @__PURE__ */ $constructor("$ZodError", initializer$1);
/** Get-or-create `obj[key]` as an own data property. A path segment naming an inherited member
* ("toString", "constructor") would otherwise read through to the prototype, and assigning
* "__proto__" would hit the setter instead of creating a key. */
function node(obj, key, make) {
	if (!Object.prototype.hasOwnProperty.call(obj, key)) {
		if (key === "__proto__") Object.defineProperty(obj, key, {
			value: make(),
			writable: true,
			enumerable: true,
			configurable: true
		});
		else obj[key] = make();
	}
	return obj[key];
}
function flattenError(error, mapper = (issue) => issue.message) {
	const fieldErrors = {};
	const formErrors = [];
	for (const sub of error.issues) if (sub.path.length > 0) node(fieldErrors, sub.path[0], () => []).push(mapper(sub));
	else formErrors.push(mapper(sub));
	return {
		formErrors,
		fieldErrors
	};
}
function formatError(error, mapper = (issue) => issue.message) {
	const fieldErrors = { _errors: [] };
	const processError = (error, path = []) => {
		for (const issue of error.issues) if (issue.code === "invalid_union" && issue.errors.length) issue.errors.map((issues) => processError({ issues }, [...path, ...issue.path]));
		else if (issue.code === "invalid_key") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else if (issue.code === "invalid_element") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else {
			const fullpath = [...path, ...issue.path];
			if (fullpath.length === 0) fieldErrors._errors.push(mapper(issue));
			else {
				let curr = fieldErrors;
				let i = 0;
				while (i < fullpath.length) {
					const el = fullpath[i];
					const terminal = i === fullpath.length - 1;
					if (el === "_errors") {
						if (terminal) curr._errors.push(mapper(issue));
						i++;
						continue;
					}
					if (!Object.prototype.hasOwnProperty.call(curr, el)) Object.defineProperty(curr, el, {
						value: { _errors: [] },
						enumerable: true,
						writable: true,
						configurable: true
					});
					const node = curr[el];
					if (terminal) node._errors.push(mapper(issue));
					curr = node;
					i++;
				}
			}
		}
	};
	processError(error);
	return fieldErrors;
}
/** Format a ZodError as a human-readable string in the following form.
*
* From
*
* ```ts
* ZodError {
*   issues: [
*     {
*       expected: 'string',
*       code: 'invalid_type',
*       path: [ 'username' ],
*       message: 'Invalid input: expected string'
*     },
*     {
*       expected: 'number',
*       code: 'invalid_type',
*       path: [ 'favoriteNumbers', 1 ],
*       message: 'Invalid input: expected number'
*     }
*   ];
* }
* ```
*
* to
*
* ```
* username
*   ✖ Expected number, received string at "username
* favoriteNumbers[0]
*   ✖ Invalid input: expected number
* ```
*/
function toDotPath(_path) {
	const segs = [];
	const path = _path.map((seg) => typeof seg === "object" ? seg.key : seg);
	for (const seg of path) if (typeof seg === "number") segs.push(`[${seg}]`);
	else if (typeof seg === "symbol") segs.push(`[${JSON.stringify(String(seg))}]`);
	else if (/[^\w$]/.test(seg)) segs.push(`[${JSON.stringify(seg)}]`);
	else {
		if (segs.length) segs.push(".");
		segs.push(seg);
	}
	return segs.join("");
}
function prettifyError(error) {
	const lines = [];
	const issues = [...error.issues].sort((a, b) => (a.path ?? []).length - (b.path ?? []).length);
	for (const issue of issues) {
		lines.push(`✖ ${issue.message}`);
		if (issue.path?.length) lines.push(`  → at ${toDotPath(issue.path)}`);
	}
	return lines.join("\n");
}
// node_modules/zod/v4/core/parse.js
function finalizeParams(callee, params) {
	return {
		callee: params?.callee ?? callee,
		Err: params?.Err
	};
}
const _parse = (_Err) => {
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: false
		} : { async: false };
		const result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) throw new $ZodAsyncError();
		if (result.issues.length) {
			const e = new ((_params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, _params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const _parseAsync = (_Err) => {
	const fn = async (schema, value, _ctx, params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true
		} : { async: true };
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		if (result.issues.length) {
			const e = new ((params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const _safeParse = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: false
	} : { async: false };
	const result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length ? failure(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
function failure(Err, issues, ctx) {
	let error;
	return {
		success: false,
		get error() {
			if (!error) {
				error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
				issues = void 0;
				ctx = void 0;
			}
			return error;
		},
		set error(e) {
			error = e;
			issues = void 0;
			ctx = void 0;
		}
	};
}
const _safeParseAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true
	} : { async: true };
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length ? failure(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const COMPILE_INVALID = /* @__PURE__ */ Symbol.for("zod.compile.invalid");
const COMPILE_FALLBACK = /* @__PURE__ */ Symbol.for("zod.compile.fallback");
const validate = ((schema, value, _ctx) => {
	const validator = schema._zod.bag.validator;
	if (validator !== void 0) {
		if (validator(value) !== COMPILE_INVALID) return true;
		if (validator.definite === true && _ctx === void 0) return false;
	}
	return validateFallback(schema, value, _ctx);
});
function validateFallback(schema, value, _ctx) {
	const ctx = _ctx ? {
		..._ctx,
		async: false,
		abortEarly: true
	} : {
		async: false,
		abortEarly: true
	};
	const fallbackRun = schema._zod.bag.fallbackRun;
	let result;
	if (fallbackRun) {
		ctx[COMPILE_FALLBACK] = true;
		result = fallbackRun({
			value,
			issues: []
		}, ctx);
	} else result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length === 0;
}
const validateAsync$1 = async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true,
		abortEarly: true
	} : {
		async: true,
		abortEarly: true
	};
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length === 0;
};
const _encode = (_Err) => {
	const parse = _parse(_Err);
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return parse(schema, value, ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _decode = (_Err) => {
	const parse = _parse(_Err);
	const fn = (schema, value, _ctx, _params) => {
		return parse(schema, value, _ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _encodeAsync = (_Err) => {
	const parseAsync = _parseAsync(_Err);
	const fn = async (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return await parseAsync(schema, value, ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _decodeAsync = (_Err) => {
	const parseAsync = _parseAsync(_Err);
	const fn = async (schema, value, _ctx, _params) => {
		return await parseAsync(schema, value, _ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _safeEncode = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		direction: "backward"
	} : { direction: "backward" };
	return _safeParse(_Err)(schema, value, ctx);
};
const _safeDecode = (_Err) => (schema, value, _ctx) => {
	return _safeParse(_Err)(schema, value, _ctx);
};
const _safeEncodeAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		direction: "backward"
	} : { direction: "backward" };
	return _safeParseAsync(_Err)(schema, value, ctx);
};
const _safeDecodeAsync = (_Err) => async (schema, value, _ctx) => {
	return _safeParseAsync(_Err)(schema, value, _ctx);
};
// node_modules/zod/v4/core/regexes.js
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link cuid2} instead.
* See https://github.com/paralleldrive/cuid.
*/
const cuid = /^[cC][0-9a-z]{6,}$/;
const cuid2 = /^[0-9a-z]+$/;
const ulid = /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;
const xid = /^[0-9a-vA-V]{20}$/;
const ksuid = /^[A-Za-z0-9]{27}$/;
const nanoid = /^[a-zA-Z0-9_-]{21}$/;
function nanoidOfLength(length) {
	return new RegExp(`^[a-zA-Z0-9_-]{${length}}$`);
}
/** ISO 8601-1 duration regex. Does not support the 8601-2 extensions like negative durations or fractional/negative components. */
const duration$1 = /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/;
/** A regex for any UUID-like identifier: 8-4-4-4-12 hex pattern */
const guid = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;
/** Returns a regex for validating an RFC 9562/4122 UUID.
*
* @param version Optionally specify a version 1-8. If no version is specified, all versions are supported. */
const uuid = (version) => {
	if (!version) return /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;
	return new RegExp(`^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-${version}[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$`);
};
/** Practical email validation */
const email = /^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/;
const _emoji$1 = `^(?=[\\s\\S]*[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20E3])[\\p{Extended_Pictographic}\\p{Emoji_Component}]+$`;
function emoji() {
	return new RegExp(_emoji$1, "u");
}
const ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$/;
const ipv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$/;
const cidrv4 = /^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\/([0-9]|[1-2][0-9]|3[0-2])$/;
const cidrv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$/;
const base64 = /^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$/;
const base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
const httpProtocol = /^https?$/;
const e164 = /^\+[1-9]\d{6,14}$/;
const dateSource = `(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))`;
/** Anchors a pattern source. The interpolation lives here rather than at the call site because
* esbuild will not drop a `@__PURE__` call whose own argument interpolates a variable, but it
* will drop `anchor(dateSource)`. Keeping it inline pinned `date` into every bundle. */
function anchor(source) {
	return new RegExp(`^${source}$`);
}
const date$1 = /*@__PURE__*/ anchor(dateSource);
function timeSource(args) {
	const hhmm = `(?:[01]\\d|2[0-3]):[0-5]\\d`;
	return typeof args.precision === "number" ? args.precision === -1 ? `${hhmm}` : args.precision === 0 ? `${hhmm}:[0-5]\\d` : `${hhmm}:[0-5]\\d\\.\\d{${args.precision}}` : args.seconds ? `${hhmm}:[0-5]\\d(?:\\.\\d+)?` : `${hhmm}(?::[0-5]\\d(?:\\.\\d+)?)?`;
}
function time(args) {
	return new RegExp(`^${timeSource(args)}$`);
}
function datetime$1(args) {
	const opts = ["Z"];
	if (args.offset) opts.push(`([+-](?:[01]\\d|2[0-3]):[0-5]\\d)`);
	const qualified = `${timeSource({
		precision: args.precision,
		seconds: true
	})}(?:${opts.join("|")})`;
	const timeRegex = args.local ? `${qualified}|${timeSource({ precision: args.precision })}` : qualified;
	return new RegExp(`^${dateSource}T(?:${timeRegex})$`);
}
const anyString = /^[\s\S]{0,}$/;
const integer = /^-?\d+$/;
const number$1 = /^-?\d+(?:\.\d+)?$/;
const boolean$1 = /^(?:true|false)$/i;
const lowercase = /^[^A-Z]*$/;
const uppercase = /^[^a-z]*$/;
// node_modules/zod/v4/core/checks.js
const $ZodCheck = /*@__PURE__*/ $constructor("$ZodCheck", (inst, def) => {
	var _a;
	inst._zod ?? (inst._zod = {});
	inst._zod.def = def;
	(_a = inst._zod).onattach ?? (_a.onattach = []);
});
/** Default `when` for length-based checks: run only on non-nullish values with a `length`. */
const _whenHasLength = (payload) => {
	const val = payload.value;
	return !nullish(val) && val.length !== void 0;
};
const numericOriginMap = {
	number: "number",
	bigint: "bigint",
	object: "date"
};
const $ZodCheckLessThan = /*@__PURE__*/ $constructor("$ZodCheckLessThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value <= def.value : payload.value < def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_big",
			maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckGreaterThan = /*@__PURE__*/ $constructor("$ZodCheckGreaterThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value >= def.value : payload.value > def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_small",
			minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMultipleOf = /*@__PURE__*/ $constructor("$ZodCheckMultipleOf", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		if (typeof payload.value !== typeof def.value) throw new Error("Cannot mix number and bigint in multiple_of check.");
		if (typeof payload.value === "bigint" ? def.value !== BigInt(0) && payload.value % def.value === BigInt(0) : floatSafeRemainder(payload.value, def.value) === 0) return;
		payload.issues.push({
			origin: typeof payload.value,
			code: "not_multiple_of",
			divisor: def.value,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckNumberFormat = /*@__PURE__*/ $constructor("$ZodCheckNumberFormat", (inst, def) => {
	$ZodCheck.init(inst, def);
	def.format = def.format || "float64";
	const isInt = def.format?.includes("int");
	const origin = isInt ? "int" : "number";
	const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
	inst._zod.check = (payload) => {
		const input = payload.value;
		if (isInt) {
			if (!Number.isInteger(input)) {
				payload.issues.push({
					expected: origin,
					format: def.format,
					code: "invalid_type",
					continue: false,
					input,
					inst
				});
				return;
			}
			if (!Number.isSafeInteger(input)) {
				if (input > 0) payload.issues.push({
					input,
					code: "too_big",
					maximum: Number.MAX_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				else payload.issues.push({
					input,
					code: "too_small",
					minimum: Number.MIN_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				return;
			}
		}
		if (input < minimum) payload.issues.push({
			origin: "number",
			input,
			code: "too_small",
			minimum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
		if (input > maximum) payload.issues.push({
			origin: "number",
			input,
			code: "too_big",
			maximum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMaxLength = /*@__PURE__*/ $constructor("$ZodCheckMaxLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units > def.maximum ? codePointLength(input) : units) <= def.maximum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_big",
			maximum: def.maximum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMinLength = /*@__PURE__*/ $constructor("$ZodCheckMinLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units) >= def.minimum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_small",
			minimum: def.minimum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckLengthEquals = /*@__PURE__*/ $constructor("$ZodCheckLengthEquals", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		const length = typeof input === "string" && units >= def.length && units <= def.length * 2 ? codePointLength(input) : units;
		if (length === def.length) return;
		const origin = getLengthableOrigin(input);
		const tooBig = length > def.length;
		payload.issues.push({
			origin,
			...tooBig ? {
				code: "too_big",
				maximum: def.length
			} : {
				code: "too_small",
				minimum: def.length
			},
			inclusive: true,
			exact: true,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStringFormat = /*@__PURE__*/ $constructor("$ZodCheckStringFormat", (inst, def) => {
	var _a, _b;
	$ZodCheck.init(inst, def);
	if (def.pattern) (_a = inst._zod).check ?? (_a.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: def.format,
			input: payload.value,
			...def.pattern ? { pattern: def.pattern.toString() } : {},
			inst,
			continue: !def.abort
		});
	});
	else (_b = inst._zod).check ?? (_b.check = () => {});
});
const $ZodCheckRegex = /*@__PURE__*/ $constructor("$ZodCheckRegex", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "regex",
			input: payload.value,
			pattern: def.pattern.toString(),
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckLowerCase = /*@__PURE__*/ $constructor("$ZodCheckLowerCase", (inst, def) => {
	def.pattern ?? (def.pattern = lowercase);
	$ZodCheckStringFormat.init(inst, def);
});
const $ZodCheckUpperCase = /*@__PURE__*/ $constructor("$ZodCheckUpperCase", (inst, def) => {
	def.pattern ?? (def.pattern = uppercase);
	$ZodCheckStringFormat.init(inst, def);
});
const $ZodCheckIncludes = /*@__PURE__*/ $constructor("$ZodCheckIncludes", (inst, def) => {
	$ZodCheck.init(inst, def);
	const escapedRegex = escapeRegex(def.includes);
	def.pattern = new RegExp(typeof def.position === "number" ? `^.{${def.position},}${escapedRegex}` : escapedRegex);
	inst._zod.check = (payload) => {
		if (payload.value.includes(def.includes, def.position)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "includes",
			includes: def.includes,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStartsWith = /*@__PURE__*/ $constructor("$ZodCheckStartsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`^${escapeRegex(def.prefix)}.*`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.startsWith(def.prefix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "starts_with",
			prefix: def.prefix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckEndsWith = /*@__PURE__*/ $constructor("$ZodCheckEndsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`.*${escapeRegex(def.suffix)}$`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.endsWith(def.suffix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "ends_with",
			suffix: def.suffix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckOverwrite = /*@__PURE__*/ $constructor("$ZodCheckOverwrite", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		payload.value = def.tx(payload.value);
	};
});
// node_modules/zod/v4/core/doc.js
var Doc = class {
	constructor(args = [], closed = {}) {
		this.content = [];
		this.indent = 0;
		this.args = args;
		this.closed = closed;
	}
	indented(fn) {
		this.indent += 1;
		try {
			fn(this);
		} finally {
			this.indent -= 1;
		}
	}
	write(arg) {
		if (typeof arg === "function") {
			arg(this, { execution: "sync" });
			arg(this, { execution: "async" });
			return;
		}
		const lines = arg.split("\n").filter((x) => x);
		const minIndent = Math.min(...lines.map((x) => x.length - x.trimStart().length));
		const dedented = lines.map((x) => x.slice(minIndent)).map((x) => " ".repeat(this.indent * 2) + x);
		for (const line of dedented) this.content.push(line);
	}
	compile() {
		const F = Function;
		const content = this?.content ?? [``];
		return new F(...Object.keys(this.closed), `return function (${this.args.join(", ")}) {\n${content.join("\n")}\n};`)(...Object.values(this.closed));
	}
};
// node_modules/zod/v4/core/versions.js
const version = {
	major: 4,
	minor: 6,
	patch: 7
};
// node_modules/zod/v4/core/schemas.js
const $ZodType = /*@__PURE__*/ $constructor("$ZodType", (inst, def) => {
	var _a;
	inst ?? (inst = {});
	inst._zod.def = def;
	inst._zod.bag = inst._zod.bag || {};
	inst._zod.version = version;
	const defChecks = inst._zod.def.checks;
	const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
	for (const ch of checks) for (const fn of ch._zod.onattach) fn(inst);
	if (checks.length === 0) {
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred?.push(() => {
			inst._zod.run = inst._zod.parse;
		});
	} else {
		const runChecks = (payload, checks, ctx) => {
			if (payload.memo) return payload;
			let isAborted = aborted(payload);
			let asyncResult;
			for (const ch of checks) {
				if (ch._zod.def.when) {
					if (explicitlyAborted(payload)) continue;
					if (!ch._zod.def.when(payload)) continue;
				} else if (isAborted) continue;
				const currLen = payload.issues.length;
				const _ = ch._zod.check(payload);
				if (_ instanceof Promise && ctx?.async === false) throw new $ZodAsyncError();
				if (asyncResult || _ instanceof Promise) asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
					await _;
					if (payload.issues.length === currLen) return;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				});
				else {
					if (payload.issues.length === currLen) continue;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				}
			}
			if (asyncResult) return asyncResult.then(() => {
				return payload;
			});
			return payload;
		};
		const handleCanaryResult = (canary, payload, ctx) => {
			if (aborted(canary)) {
				canary.aborted = true;
				return canary;
			}
			const checkResult = runChecks(payload, checks, ctx);
			if (checkResult instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return checkResult.then((checkResult) => inst._zod.parse(checkResult, ctx));
			}
			return inst._zod.parse(checkResult, ctx);
		};
		inst._zod.run = (payload, ctx) => {
			if (ctx.skipChecks) return inst._zod.parse(payload, ctx);
			if (ctx.direction === "backward") {
				const canary = inst._zod.parse({
					value: payload.value,
					issues: []
				}, {
					...ctx,
					skipChecks: true
				});
				if (canary instanceof Promise) return canary.then((canary) => {
					return handleCanaryResult(canary, payload, ctx);
				});
				return handleCanaryResult(canary, payload, ctx);
			}
			const result = inst._zod.parse(payload, ctx);
			if (result instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return result.then((result) => runChecks(result, checks, ctx));
			}
			return runChecks(result, checks, ctx);
		};
	}
}, {
	get "~standard"() {
		return hide(this, "~standard", standardProps(this));
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	}
});
/** The Standard Schema surface for `inst`. Shared so wrappers can extend it without forcing it. */
const toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
	const ctx = { async: true };
	return toStandardResult(await inst._zod.run({
		value,
		issues: []
	}, ctx), ctx);
}
function standardProps(inst) {
	return {
		validate: (value) => {
			const ctx = { async: false };
			try {
				const r = inst._zod.run({
					value,
					issues: []
				}, ctx);
				if (!(r instanceof Promise)) return toStandardResult(r, ctx);
			} catch (_) {}
			return validateAsync(inst, value);
		},
		vendor: "zod",
		version: 1
	};
}
const $ZodString = /*@__PURE__*/ $constructor("$ZodString", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = def.pattern ?? anyString;
	inst._zod.parse = (payload, _) => {
		if (def.coerce) try {
			payload.value = String(payload.value);
		} catch (_) {}
		if (typeof payload.value === "string") return payload;
		payload.issues.push({
			expected: "string",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
const $ZodStringFormat = /*@__PURE__*/ $constructor("$ZodStringFormat", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	$ZodString.init(inst, def);
});
const $ZodGUID = /*@__PURE__*/ $constructor("$ZodGUID", (inst, def) => {
	def.pattern ?? (def.pattern = guid);
	$ZodStringFormat.init(inst, def);
});
const $ZodUUID = /*@__PURE__*/ $constructor("$ZodUUID", (inst, def) => {
	if (def.version) {
		const v = {
			v1: 1,
			v2: 2,
			v3: 3,
			v4: 4,
			v5: 5,
			v6: 6,
			v7: 7,
			v8: 8
		}[def.version];
		if (v === void 0) throw new Error(`Invalid UUID version: "${def.version}"`);
		def.pattern ?? (def.pattern = uuid(v));
	} else def.pattern ?? (def.pattern = uuid());
	$ZodStringFormat.init(inst, def);
});
const $ZodEmail = /*@__PURE__*/ $constructor("$ZodEmail", (inst, def) => {
	def.pattern ?? (def.pattern = email);
	$ZodStringFormat.init(inst, def);
});
function canParseURL(input) {
	try {
		if (typeof URL !== "undefined" && typeof URL.canParse === "function") return URL.canParse(input);
		new URL(input);
		return true;
	} catch {
		return false;
	}
}
function validateURL(trimmed, def) {
	if (!("normalize" in def) && !("hostname" in def) && !("protocol" in def)) return canParseURL(trimmed) || 2;
	return parseURLObject(trimmed, def);
}
/** Parses a URL while preserving the non-normalizing HTTP guard. */
function parseURLObject(trimmed, def) {
	if (!def.normalize && def.protocol?.source === httpProtocol.source && !/^https?:\/\//i.test(trimmed)) return 1;
	try {
		if (typeof URL !== "undefined") {
			const URLStatic = URL;
			if (typeof URLStatic.parse === "function") return URLStatic.parse(trimmed) ?? 2;
		}
		return new URL(trimmed);
	} catch {
		return 2;
	}
}
const asciiTabOrNewline = /[\t\n\r]/g;
/** The URL parser deletes every ASCII tab, LF and CR from its input before it parses, so `new URL("https://exa\nmple.com")` reports on `example.com`. Applying the same deletion to the returned value closes the half of that divergence which can move the host; the parser's other rewrite, stripping C0 controls at the edges, cannot. */
function stripTabAndNewline(value) {
	return value.replace(asciiTabOrNewline, "");
}
function urlHostnameOk(url, hostname) {
	hostname.lastIndex = 0;
	return hostname.test(url.hostname);
}
function urlProtocolOk(url, protocol) {
	protocol.lastIndex = 0;
	return protocol.test(url.protocol.endsWith(":") ? url.protocol.slice(0, -1) : url.protocol);
}
const $ZodURL = /*@__PURE__*/ $constructor("$ZodURL", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		try {
			const trimmed = payload.value.trim();
			const url = validateURL(trimmed, def);
			if (url === 1) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					note: "Invalid URL format",
					input: payload.value,
					inst,
					continue: !def.abort
				});
				return;
			}
			if (url === 2) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					input: payload.value,
					inst,
					continue: !def.abort
				});
				return;
			}
			if (url === true) {
				payload.value = stripTabAndNewline(trimmed);
				return;
			}
			if (def.hostname && !urlHostnameOk(url, def.hostname)) payload.issues.push({
				code: "invalid_format",
				format: "url",
				note: "Invalid hostname",
				pattern: def.hostname.source,
				input: payload.value,
				inst,
				continue: !def.abort
			});
			if (def.protocol && !urlProtocolOk(url, def.protocol)) payload.issues.push({
				code: "invalid_format",
				format: "url",
				note: "Invalid protocol",
				pattern: def.protocol.source,
				input: payload.value,
				inst,
				continue: !def.abort
			});
			payload.value = def.normalize ? url.href : stripTabAndNewline(trimmed);
			return;
		} catch (_) {
			payload.issues.push({
				code: "invalid_format",
				format: "url",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		}
	};
});
const $ZodEmoji = /*@__PURE__*/ $constructor("$ZodEmoji", (inst, def) => {
	def.pattern ?? (def.pattern = emoji());
	$ZodStringFormat.init(inst, def);
});
const $ZodNanoID = /*@__PURE__*/ $constructor("$ZodNanoID", (inst, def) => {
	if (def.length !== void 0 && (!Number.isInteger(def.length) || def.length < 1)) throw new Error(`Invalid nanoid length: ${def.length}`);
	def.pattern ?? (def.pattern = def.length === void 0 ? nanoid : nanoidOfLength(def.length));
	$ZodStringFormat.init(inst, def);
});
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link $ZodCUID2} instead.
* See https://github.com/paralleldrive/cuid.
*/
const $ZodCUID = /*@__PURE__*/ $constructor("$ZodCUID", (inst, def) => {
	def.pattern ?? (def.pattern = cuid);
	$ZodStringFormat.init(inst, def);
});
const $ZodCUID2 = /*@__PURE__*/ $constructor("$ZodCUID2", (inst, def) => {
	def.pattern ?? (def.pattern = cuid2);
	$ZodStringFormat.init(inst, def);
});
const $ZodULID = /*@__PURE__*/ $constructor("$ZodULID", (inst, def) => {
	def.pattern ?? (def.pattern = ulid);
	$ZodStringFormat.init(inst, def);
});
const $ZodXID = /*@__PURE__*/ $constructor("$ZodXID", (inst, def) => {
	def.pattern ?? (def.pattern = xid);
	$ZodStringFormat.init(inst, def);
});
const $ZodKSUID = /*@__PURE__*/ $constructor("$ZodKSUID", (inst, def) => {
	def.pattern ?? (def.pattern = ksuid);
	$ZodStringFormat.init(inst, def);
});
const $ZodISODateTime = /*@__PURE__*/ $constructor("$ZodISODateTime", (inst, def) => {
	def.pattern ?? (def.pattern = datetime$1(def));
	$ZodStringFormat.init(inst, def);
});
const $ZodISODate = /*@__PURE__*/ $constructor("$ZodISODate", (inst, def) => {
	def.pattern ?? (def.pattern = date$1);
	$ZodStringFormat.init(inst, def);
});
const $ZodISOTime = /*@__PURE__*/ $constructor("$ZodISOTime", (inst, def) => {
	def.pattern ?? (def.pattern = time(def));
	$ZodStringFormat.init(inst, def);
});
const $ZodISODuration = /*@__PURE__*/ $constructor("$ZodISODuration", (inst, def) => {
	def.pattern ?? (def.pattern = duration$1);
	$ZodStringFormat.init(inst, def);
});
const $ZodIPv4 = /*@__PURE__*/ $constructor("$ZodIPv4", (inst, def) => {
	def.pattern ?? (def.pattern = ipv4);
	$ZodStringFormat.init(inst, def);
});
/** An IPv6 address is written with hex digits, colons and dots, and nothing else. The guard is what makes the check below an IPv6 check: `new URL("http://[...]")` parses an authority, not an address, so `@` and `\` re-delimit it and `"::@1\\"` validates against the host `0.0.0.1`. The URL parser also deletes ASCII tab, LF and CR rather than failing, which is how `"::1\n"` validated as `::1`. */
const ipv6Alphabet = /^[0-9a-fA-F:.]+$/;
function isValidIPv6(value) {
	if (!ipv6Alphabet.test(value)) return false;
	return canParseURL(`http://[${value}]`);
}
const $ZodIPv6 = /*@__PURE__*/ $constructor("$ZodIPv6", (inst, def) => {
	def.pattern ?? (def.pattern = ipv6);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (!isValidIPv6(payload.value)) payload.issues.push({
			code: "invalid_format",
			format: "ipv6",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCIDRv4 = /*@__PURE__*/ $constructor("$ZodCIDRv4", (inst, def) => {
	def.pattern ?? (def.pattern = cidrv4);
	$ZodStringFormat.init(inst, def);
});
function isValidCIDRv6(value) {
	const parts = value.split("/");
	if (parts.length !== 2) return false;
	const [address, prefix] = parts;
	if (!prefix) return false;
	const prefixNum = Number(prefix);
	if (`${prefixNum}` !== prefix) return false;
	if (prefixNum < 0 || prefixNum > 128) return false;
	return isValidIPv6(address);
}
const $ZodCIDRv6 = /*@__PURE__*/ $constructor("$ZodCIDRv6", (inst, def) => {
	def.pattern ?? (def.pattern = cidrv6);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (!isValidCIDRv6(payload.value)) payload.issues.push({
			code: "invalid_format",
			format: "cidrv6",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
function isValidBase64(data) {
	if (data === "") return true;
	if (/\s/.test(data)) return false;
	if (data.length % 4 !== 0) return false;
	try {
		atob(data);
		return true;
	} catch {
		return false;
	}
}
const base64Charset = /^[0-9a-zA-Z+/]*={0,2}$/;
const $ZodBase64 = /*@__PURE__*/ $constructor("$ZodBase64", (inst, def) => {
	def.pattern ?? (def.pattern = base64Charset);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidBase64(payload.value)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "base64",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const base64urlCharset = /^[A-Za-z0-9_-]*$/;
function isValidBase64URL(data) {
	if (!base64urlCharset.test(data)) return false;
	const base64 = data.replace(/[-_]/g, (c) => c === "-" ? "+" : "/");
	return isValidBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));
}
const $ZodBase64URL = /*@__PURE__*/ $constructor("$ZodBase64URL", (inst, def) => {
	def.pattern ?? (def.pattern = base64urlCharset);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidBase64URL(payload.value)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "base64url",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodE164 = /*@__PURE__*/ $constructor("$ZodE164", (inst, def) => {
	def.pattern ?? (def.pattern = e164);
	$ZodStringFormat.init(inst, def);
});
function isValidJWT(token, algorithm = null) {
	try {
		const tokensParts = token.split(".");
		if (tokensParts.length !== 3) return false;
		const [header] = tokensParts;
		if (!header) return false;
		const parsedHeader = JSON.parse(atob(header));
		if ("typ" in parsedHeader && parsedHeader?.typ !== "JWT") return false;
		if (!parsedHeader.alg) return false;
		if (algorithm && (!("alg" in parsedHeader) || parsedHeader.alg !== algorithm)) return false;
		return true;
	} catch {
		return false;
	}
}
const $ZodJWT = /*@__PURE__*/ $constructor("$ZodJWT", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidJWT(payload.value, def.alg)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "jwt",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodNumber = /*@__PURE__*/ $constructor("$ZodNumber", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = number$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Number(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) return payload;
		const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
		payload.issues.push({
			expected: "number",
			code: "invalid_type",
			input,
			inst,
			...received ? { received } : {}
		});
		return payload;
	};
});
const $ZodNumberFormat = /*@__PURE__*/ $constructor("$ZodNumberFormat", (inst, def) => {
	$ZodCheckNumberFormat.init(inst, def);
	$ZodNumber.init(inst, def);
});
const $ZodBoolean = /*@__PURE__*/ $constructor("$ZodBoolean", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = boolean$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Boolean(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "boolean") return payload;
		payload.issues.push({
			expected: "boolean",
			code: "invalid_type",
			input,
			inst
		});
		return payload;
	};
});
const $ZodUnknown = /*@__PURE__*/ $constructor("$ZodUnknown", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload) => payload;
});
const $ZodNever = /*@__PURE__*/ $constructor("$ZodNever", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _ctx) => {
		payload.issues.push({
			expected: "never",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
const $ZodDate = /*@__PURE__*/ $constructor("$ZodDate", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = new Date(payload.value);
		} catch (_err) {}
		const input = payload.value;
		const isDate = input instanceof Date;
		if (isDate && !Number.isNaN(input.getTime())) return payload;
		payload.issues.push({
			expected: "date",
			code: "invalid_type",
			input,
			...isDate ? { received: "Invalid Date" } : {},
			inst
		});
		return payload;
	};
});
function capSize(inst, size) {
	const caps = sizeCaps(inst._zod.def.checks);
	if (!caps.length) return;
	const cap = Math.min(...caps.map((c) => c[0]));
	const parse = inst._zod.parse;
	inst._zod.parse = (payload, ctx) => {
		const n = size(payload.value);
		if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
			for (const [max, ch] of sizeCaps(inst._zod.def.checks)) if (n > max && ch._zod.def.when(payload)) {
				const start = payload.issues.length;
				ch._zod.check(payload);
				payload.issues[start].continue = false;
				attachSchema(payload.issues, start, inst);
				return payload;
			}
		}
		return parse(payload, ctx);
	};
}
const arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
const $ZodArray = /*@__PURE__*/ $constructor("$ZodArray", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!Array.isArray(input)) {
			payload.issues.push({
				expected: "array",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
		const proms = [];
		const abortEarly = ctx?.abortEarly;
		for (let i = 0; i < input.length; i++) {
			const item = input[i];
			const result = def.element._zod.run({
				value: item,
				issues: []
			}, ctx);
			if (result instanceof Promise) proms.push(result.then((result) => handleArrayResult(result, payload, i)));
			else {
				handleArrayResult(result, payload, i);
				if (abortEarly && result.issues.length !== 0 && aborted(result)) break;
			}
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
	capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
	const isPresent = key in input;
	const isOptionalOut = optout === "optional";
	if (!isPresent && isOptionalOut && optin === "optional") return;
	if (result.issues.length) {
		if (optin !== void 0 && isOptionalOut && !isPresent) return;
		final.issues.push(...prefixIssues(key, result.issues));
	}
	if (!isPresent && optin === void 0) {
		if (!result.issues.length) final.issues.push({
			code: "invalid_type",
			expected: "nonoptional",
			input: void 0,
			path: [key]
		});
		return;
	}
	if (result.value === void 0) {
		if (isPresent || optin === "defaulted" && !isOptionalOut) final.value[key] = void 0;
	} else final.value[key] = result.value;
}
const NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
	const keys = Object.keys(def.shape);
	const ownSymbols = Object.getOwnPropertySymbols(def.shape);
	const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
	const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
	for (const k of allKeys) if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
	const okeys = optionalKeys(def.shape);
	return {
		...def,
		allKeys,
		symbolKeys,
		keySet: new Set(keys),
		numKeys: keys.length,
		optionalKeys: new Set(okeys)
	};
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
	const unrecognized = [];
	const keySet = def.keySet;
	const _catchall = def.catchall._zod;
	const t = _catchall.def.type;
	const optin = _catchall.optin;
	const optout = _catchall.optout;
	let seen = 0;
	for (const key in input) {
		if (abortEarly && payload.issues.length !== seen) {
			if (aborted(payload, seen)) break;
			seen = payload.issues.length;
		}
		if (keySet.has(key)) continue;
		if (key === "__proto__") {
			if (t === "never") unrecognized.push(key);
			continue;
		}
		if (t === "never") {
			unrecognized.push(key);
			continue;
		}
		const r = _catchall.run({
			value: input[key],
			issues: []
		}, ctx);
		if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
		else handlePropertyResult(r, payload, key, input, optin, optout);
	}
	if (unrecognized.length) payload.issues.push({
		code: "unrecognized_keys",
		keys: unrecognized,
		input,
		inst,
		continue: true
	});
	if (!proms.length) return payload;
	return Promise.all(proms).then(() => {
		return payload;
	});
}
const $ZodObject = /*@__PURE__*/ $constructor("$ZodObject", (inst, def) => {
	$ZodType.init(inst, def);
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	const sh = desc?.get ? desc.get.raw : def.shape ?? {};
	if (sh) {
		const get = () => {
			const newSh = { ...sh };
			Object.defineProperty(def, "shape", { value: newSh });
			get.raw = newSh;
			return newSh;
		};
		get.raw = sh;
		Object.defineProperty(def, "shape", { get });
	}
	const _normalized = cached(() => normalizeDef(def));
	defineLazyInternal(inst, "propValues", (zod) => {
		const shape = zod.def.shape;
		const propValues = {};
		for (const key in shape) {
			const field = shape[key]._zod;
			if (field.values) {
				if (!Object.prototype.hasOwnProperty.call(propValues, key)) assignProp(propValues, key, /* @__PURE__ */ new Set());
				for (const v of field.values) propValues[key].add(v);
				if (field.optin !== void 0) propValues[key].add(void 0);
			}
		}
		return propValues;
	});
	const isObject$1 = isObject;
	const catchall = def.catchall;
	let value;
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$1(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
		const proms = [];
		const shape = value.shape;
		const abortEarly = ctx?.abortEarly;
		let seen = payload.issues.length;
		for (const key of value.allKeys) {
			if (abortEarly && payload.issues.length !== seen) {
				if (aborted(payload, seen)) break;
				seen = payload.issues.length;
			}
			if (key === "__proto__") continue;
			const el = shape[key];
			const optin = el._zod.optin;
			const optout = el._zod.optout;
			const r = el._zod.run({
				value: input[key],
				issues: []
			}, ctx);
			if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
			else handlePropertyResult(r, payload, key, input, optin, optout);
		}
		if (!catchall) return proms.length ? Promise.all(proms).then(() => payload) : payload;
		return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
	};
});
const $ZodObjectJIT = /*@__PURE__*/ $constructor("$ZodObjectJIT", (inst, def) => {
	$ZodObject.init(inst, def);
	const superParse = inst._zod.parse;
	const _normalized = cached(() => normalizeDef(def));
	const memo = globalConfig.memoizer;
	const generateFastpass = (shape) => {
		const normalized = _normalized.value;
		const syms = normalized.symbolKeys;
		const doc = new Doc(["payload", "ctx"], {
			shape,
			inst,
			memo,
			syms
		});
		const parseStr = (k) => `shape[${k}]._zod.run({ value: input[${k}], issues: [] }, ctx)`;
		const prefixStr = (id, k) => `
          let ${id}_ab = false;
          for (let i = 0; i < ${id}.issues.length; i++) {
            const iss = ${id}.issues[i];
            iss.path = iss.path ? [${k}, ...iss.path] : [${k}];
            payload.issues.push(iss);
            if (iss.continue !== true) ${id}_ab = true;
          }
          if (${id}_ab && ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }`;
		doc.write(`const input = payload.value;`);
		const ids = Object.create(null);
		let counter = 0;
		for (const key of normalized.allKeys) ids[key] = `key_${counter++}`;
		doc.write(memo ? `const newResult = memo.alloc(inst, payload, {}, ctx);` : `const newResult = {};`);
		for (const key of normalized.allKeys) {
			if (key === "__proto__") continue;
			const id = ids[key];
			const k = typeof key === "symbol" ? `syms[${syms.indexOf(key)}]` : esc(key);
			const isPresent = `${k} in input`;
			const schema = shape[key];
			const optin = schema?._zod?.optin;
			const isOptionalIn = optin !== void 0;
			const isOptionalOut = schema?._zod?.optout === "optional";
			doc.write(`const ${id} = ${parseStr(k)};`);
			if (isOptionalIn && isOptionalOut) {
				const assign = optin === "optional" ? `${id}_present` : `${id}.value !== undefined || ${id}_present`;
				doc.write(`
        const ${id}_present = ${isPresent};
        if (!${id}.issues.length || ${id}_present) {
          if (${id}.issues.length) {${prefixStr(id, k)}
          }

          if (${assign}) {
            newResult[${k}] = ${id}.value;
          }
        }

      `);
			} else if (!isOptionalIn) doc.write(`
        const ${id}_present = ${isPresent};
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
        if (!${id}_present && !${id}.issues.length) {
          payload.issues.push({
            code: "invalid_type",
            expected: "nonoptional",
            input: undefined,
            path: [${k}]
          });
          if (ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }
        }

        if (${id}_present) {
          newResult[${k}] = ${id}.value;
        }

      `);
			else {
				doc.write(`
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
      `);
				if (optin === "defaulted") doc.write(`newResult[${k}] = ${id}.value;`);
				else doc.write(`
        if (${id}.value !== undefined || ${isPresent}) {
          newResult[${k}] = ${id}.value;
        }
      `);
			}
		}
		doc.write(`payload.value = newResult;`);
		doc.write(`return payload;`);
		return doc.compile();
	};
	let fastpass;
	const isObject$2 = isObject;
	const jit = !globalConfig.jitless;
	const fastEnabled = jit && allowsEval.value;
	const catchall = def.catchall;
	let value;
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$2(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		if (jit && fastEnabled && ctx?.async === false && ctx.jitless !== true) {
			if (!fastpass) fastpass = generateFastpass(def.shape);
			payload = fastpass(payload, ctx);
			if (!catchall) return payload;
			return handleCatchall([], input, payload, ctx, value, inst, ctx?.abortEarly === true);
		}
		return superParse(payload, ctx);
	};
});
function handleUnionResults(results, final, inst, ctx) {
	for (const result of results) if (result.issues.length === 0) {
		final.value = result.value;
		return final;
	}
	const nonaborted = results.filter((r) => !aborted(r));
	if (nonaborted.length === 1) {
		final.value = nonaborted[0].value;
		return nonaborted[0];
	}
	final.issues.push({
		code: "invalid_union",
		input: final.value,
		inst,
		errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
	});
	return final;
}
const $ZodUnion = /*@__PURE__*/ $constructor("$ZodUnion", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
	defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
	defineLazyInternal(inst, "values", (zod) => {
		if (zod.def.options.every((o) => o._zod.values)) return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		if (zod.def.options.every((o) => o._zod.pattern)) {
			const patterns = zod.def.options.map((o) => o._zod.pattern);
			return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
		}
	});
	const first = def.options.length === 1 ? def.options[0]._zod.run : null;
	inst._zod.parse = (payload, ctx) => {
		if (first) return first(payload, ctx);
		let async = false;
		const results = [];
		for (const option of def.options) {
			const result = option._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) {
				results.push(result);
				async = true;
			} else {
				if (result.issues.length === 0) return result;
				results.push(result);
			}
		}
		if (!async) return handleUnionResults(results, payload, inst, ctx);
		return Promise.all(results).then((results) => {
			return handleUnionResults(results, payload, inst, ctx);
		});
	};
});
function discriminatorMap(def) {
	const map = /* @__PURE__ */ new Map();
	for (const option of def.options) {
		const values = option._zod.propValues?.[def.discriminator];
		if (!values || values.size === 0) throw new Error(`Invalid discriminated union option at index "${def.options.indexOf(option)}"`);
		for (const value of values) if (map.has(value)) {
			if (value !== void 0) throw new Error(`Duplicate discriminator value "${String(value)}"`);
			map.set(value, null);
		} else map.set(value, option);
	}
	return map;
}
const $ZodDiscriminatedUnion = /*@__PURE__*/ $constructor("$ZodDiscriminatedUnion", (inst, def) => {
	def.inclusive = false;
	$ZodUnion.init(inst, def);
	const _super = inst._zod.parse;
	defineLazyInternal(inst, "propValues", (zod) => {
		const propValues = {};
		let undefinedCount = 0;
		for (const option of zod.def.options) {
			const pv = option._zod.propValues;
			if (!pv || Object.keys(pv).length === 0) throw new Error(`Invalid discriminated union option at index "${zod.def.options.indexOf(option)}"`);
			if (pv[zod.def.discriminator]?.has(void 0)) undefinedCount++;
			for (const [k, v] of Object.entries(pv)) {
				if (!Object.prototype.hasOwnProperty.call(propValues, k)) assignProp(propValues, k, /* @__PURE__ */ new Set());
				for (const val of v) propValues[k].add(val);
			}
		}
		if (!zod.def.unionFallback && undefinedCount > 1) propValues[zod.def.discriminator]?.delete(void 0);
		return propValues;
	});
	def.options.forEach((option, i) => {
		const propShape = rawShape(option._zod.def);
		if (propShape && !Object.prototype.hasOwnProperty.call(propShape, def.discriminator)) throw new Error(`Invalid discriminated union option at index "${i}"`);
	});
	const disc = cached(() => discriminatorMap(def));
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isObject(input)) {
			payload.issues.push({
				code: "invalid_type",
				expected: "object",
				input,
				inst
			});
			return payload;
		}
		const value = input?.[def.discriminator];
		const opt = disc.value.get(value);
		if (opt && (value !== void 0 || ctx.direction !== "backward")) return opt._zod.run(payload, ctx);
		if (def.unionFallback || ctx.direction === "backward") return _super(payload, ctx);
		payload.issues.push({
			code: "invalid_union",
			errors: [],
			note: "No matching discriminator",
			discriminator: def.discriminator,
			options: Array.from(disc.value.keys()).filter((value) => disc.value.get(value) !== null),
			input,
			path: [def.discriminator],
			inst
		});
		return payload;
	};
});
const $ZodIntersection = /*@__PURE__*/ $constructor("$ZodIntersection", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		const left = def.left._zod.run({
			value: input,
			issues: []
		}, ctx);
		const right = def.right._zod.run({
			value: input,
			issues: []
		}, ctx);
		if (left instanceof Promise || right instanceof Promise) return Promise.all([left, right]).then(([left, right]) => {
			return handleIntersectionResults(payload, left, right);
		});
		return handleIntersectionResults(payload, left, right);
	};
});
function mergeValues(a, b) {
	if (a === b) return {
		valid: true,
		data: a
	};
	if (a instanceof Date && b instanceof Date && +a === +b) return {
		valid: true,
		data: a
	};
	if (isPlainObject(a) && isPlainObject(b)) {
		const bKeys = Object.keys(b);
		const sharedKeys = Object.keys(a).filter((key) => bKeys.indexOf(key) !== -1);
		const newObj = {
			...a,
			...b
		};
		if (Object.prototype.hasOwnProperty.call(newObj, "__proto__")) delete newObj.__proto__;
		for (const key of sharedKeys) {
			if (key === "__proto__") continue;
			const sharedValue = mergeValues(a[key], b[key]);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [key, ...sharedValue.mergeErrorPath]
			};
			newObj[key] = sharedValue.data;
		}
		return {
			valid: true,
			data: newObj
		};
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		if (a.length !== b.length) return {
			valid: false,
			mergeErrorPath: []
		};
		const newArray = [];
		for (let index = 0; index < a.length; index++) {
			const itemA = a[index];
			const itemB = b[index];
			const sharedValue = mergeValues(itemA, itemB);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [index, ...sharedValue.mergeErrorPath]
			};
			newArray.push(sharedValue.data);
		}
		return {
			valid: true,
			data: newArray
		};
	}
	return {
		valid: false,
		mergeErrorPath: []
	};
}
function handleIntersectionResults(result, left, right) {
	const unrecKeys = /* @__PURE__ */ new Map();
	let unrecIssue;
	const keyIssues = /* @__PURE__ */ new Map();
	const collect = (iss, side) => {
		let keys;
		if (iss.code === "unrecognized_keys" && !iss.path?.length) {
			unrecIssue ?? (unrecIssue = iss);
			keys = iss.keys;
		} else if (iss.code === "invalid_key" && iss.origin === "record" && iss.path?.length === 1) {
			const k = String(iss.path[0]);
			if (!keyIssues.has(k)) keyIssues.set(k, iss);
			keys = [k];
		} else return false;
		for (const k of keys) {
			if (!unrecKeys.has(k)) unrecKeys.set(k, {});
			unrecKeys.get(k)[side] = true;
		}
		return true;
	};
	for (const iss of left.issues) if (!collect(iss, "l")) result.issues.push(iss);
	for (const iss of right.issues) if (!collect(iss, "r")) result.issues.push(iss);
	const bothKeys = [...unrecKeys].filter(([, f]) => f.l && f.r).map(([k]) => k);
	if (bothKeys.length) {
		const aggregated = unrecIssue ? bothKeys.filter((k) => unrecIssue.keys.includes(k)) : [];
		if (aggregated.length) result.issues.push({
			...unrecIssue,
			keys: aggregated
		});
		for (const k of bothKeys) if (!aggregated.includes(k) && keyIssues.has(k)) result.issues.push(keyIssues.get(k));
	}
	const merged = mergeValues(left.value, right.value);
	if (!merged.valid) {
		if (aborted(result)) return result;
		throw new Error(`Unmergable intersection. Error path: ${JSON.stringify(merged.mergeErrorPath)}`);
	}
	result.value = merged.data;
	return result;
}
const $ZodTuple = /*@__PURE__*/ $constructor("$ZodTuple", (inst, def) => {
	$ZodType.init(inst, def);
	const items = def.items;
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!Array.isArray(input)) {
			payload.issues.push({
				input,
				inst,
				expected: "tuple",
				code: "invalid_type"
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, [], ctx) : [];
		const proms = [];
		const optinStart = getTupleOptStart(items, "optin");
		const optoutStart = getTupleOptStart(items, "optout");
		if (!def.rest) {
			if (input.length < optinStart) {
				payload.issues.push({
					code: "too_small",
					minimum: optinStart,
					inclusive: true,
					input,
					inst,
					origin: "array"
				});
				return payload;
			}
			if (input.length > items.length) payload.issues.push({
				code: "too_big",
				maximum: items.length,
				inclusive: true,
				input,
				inst,
				origin: "array"
			});
		}
		const itemResults = new Array(items.length);
		const abortEarly = def.rest ? ctx?.abortEarly : void 0;
		let itemAborted = false;
		for (let i = 0; i < items.length; i++) {
			const r = items[i]._zod.run({
				value: input[i],
				issues: []
			}, ctx);
			if (r instanceof Promise) proms.push(r.then((rr) => {
				itemResults[i] = rr;
			}));
			else {
				itemResults[i] = r;
				if (abortEarly && !itemAborted && r.issues.length) itemAborted = aborted(r);
			}
		}
		if (def.rest && !itemAborted) {
			let i = items.length - 1;
			const rest = input.slice(items.length);
			let seen = payload.issues.length;
			for (const el of rest) {
				if (abortEarly && payload.issues.length !== seen) {
					if (aborted(payload, seen)) break;
					seen = payload.issues.length;
				}
				i++;
				const result = def.rest._zod.run({
					value: el,
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((r) => handleTupleResult(r, payload, i)));
				else handleTupleResult(result, payload, i);
			}
		}
		if (proms.length) return Promise.all(proms).then(() => handleTupleResults(itemResults, payload, items, input, optoutStart));
		return handleTupleResults(itemResults, payload, items, input, optoutStart);
	};
});
function getTupleOptStart(items, key) {
	for (let i = items.length - 1; i >= 0; i--) if (!(key === "optin" ? items[i]._zod.optin !== void 0 : items[i]._zod.optout === "optional")) return i + 1;
	return 0;
}
function handleTupleResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
function handleTupleResults(itemResults, final, items, input, optoutStart) {
	for (let i = 0; i < items.length; i++) {
		const r = itemResults[i];
		const isPresent = i < input.length;
		if (!isPresent && i >= optoutStart && items[i]._zod.optin === "optional") {
			final.value.length = i;
			break;
		}
		if (r.issues.length) {
			if (!isPresent && i >= optoutStart) {
				final.value.length = i;
				break;
			}
			final.issues.push(...prefixIssues(i, r.issues));
		}
		final.value[i] = r.value;
	}
	for (let i = final.value.length - 1; i >= input.length; i--) if (items[i]._zod.optout === "optional" && final.value[i] === void 0) final.value.length = i;
	else break;
	return final;
}
const $ZodRecord = /*@__PURE__*/ $constructor("$ZodRecord", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isPlainObject(input)) {
			payload.issues.push({
				expected: "record",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		const proms = [];
		const values = def.keyType._zod.values;
		if (values && !def.partial) {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			const recordKeys = /* @__PURE__ */ new Set();
			for (const key of values) if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
				recordKeys.add(typeof key === "number" ? key.toString() : key);
				if (key === "__proto__") continue;
				const keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (keyResult.issues.length) {
					payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			let unrecognized;
			for (const key in input) if (!recordKeys.has(key)) {
				if (def.mode === "loose") {
					if (key === "__proto__") continue;
					payload.value[key] = input[key];
				} else {
					unrecognized = unrecognized ?? [];
					unrecognized.push(key);
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		} else {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			let unrecognized;
			for (const key of Reflect.ownKeys(input)) {
				if (key === "__proto__") continue;
				if (!Object.prototype.propertyIsEnumerable.call(input, key)) continue;
				let keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (typeof key === "string" && number$1.test(key) && keyResult.issues.length) {
					const retryResult = def.keyType._zod.run({
						value: Number(key),
						issues: []
					}, ctx);
					if (retryResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
					if (retryResult.issues.length === 0) keyResult = retryResult;
				}
				if (keyResult.issues.length) {
					if (def.mode === "loose") payload.value[key] = input[key];
					else if (values) {
						unrecognized = unrecognized ?? [];
						unrecognized.push(key);
					} else payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
});
const $ZodEnum = /*@__PURE__*/ $constructor("$ZodEnum", (inst, def) => {
	$ZodType.init(inst, def);
	const values = getEnumValues(def.entries);
	const valuesSet = new Set(values);
	inst._zod.values = valuesSet;
	defineLazyInternal(inst, "pattern", (zod) => {
		const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
		return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (valuesSet.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodLiteral = /*@__PURE__*/ $constructor("$ZodLiteral", (inst, def) => {
	$ZodType.init(inst, def);
	const values = new Set(def.values);
	inst._zod.values = values;
	defineLazyInternal(inst, "pattern", (zod) => {
		const vals = zod.def.values;
		return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (values.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values: def.values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodTransform = /*@__PURE__*/ $constructor("$ZodTransform", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "optional";
	globalConfig.memoizer?.guard(inst);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		const _out = def.transform(payload.value, payload);
		if (ctx.async) return (_out instanceof Promise ? _out : Promise.resolve(_out)).then((output) => {
			payload.value = output;
			return payload;
		});
		if (_out instanceof Promise) throw new $ZodAsyncError();
		payload.value = _out;
		return payload;
	};
});
function handleOptionalResult(payload, result) {
	payload.value = result.issues.length ? void 0 : result.value;
	return payload;
}
const $ZodOptional = /*@__PURE__*/ $constructor("$ZodOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	inst._zod.optout = "optional";
	defineLazyInternal(inst, "values", (zod) => {
		const values = zod.def.innerType._zod.values;
		return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === void 0) {
			if (def.innerType._zod.optin !== "defaulted") return payload;
			const result = def.innerType._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) return result.then((result) => handleOptionalResult(payload, result));
			return handleOptionalResult(payload, result);
		}
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodExactOptional = /*@__PURE__*/ $constructor("$ZodExactOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "pattern", (zod) => zod.def.innerType._zod.pattern);
	inst._zod.parse = (payload, ctx) => {
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNullable = /*@__PURE__*/ $constructor("$ZodNullable", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
	});
	defineLazyInternal(inst, "values", (zod) => {
		return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === null) return payload;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodDefault = /*@__PURE__*/ $constructor("$ZodDefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) {
			payload.value = def.defaultValue;
			/**
			* $ZodDefault returns the default value immediately in forward direction.
			* It doesn't pass the default value into the validator ("prefault"). There's no reason to pass the default value through validation. The validity of the default is enforced by TypeScript statically. Otherwise, it's the responsibility of the user to ensure the default is valid. In the case of pipes with divergent in/out types, you can specify the default on the `in` schema of your ZodPipe to set a "prefault" for the pipe.   */
			return payload;
		}
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleDefaultResult(result, def));
		return handleDefaultResult(result, def);
	};
});
function handleDefaultResult(payload, def) {
	if (payload.value === void 0) payload.value = def.defaultValue;
	return payload;
}
const $ZodPrefault = /*@__PURE__*/ $constructor("$ZodPrefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) payload.value = def.defaultValue;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNonOptional = /*@__PURE__*/ $constructor("$ZodNonOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => {
		const v = zod.def.innerType._zod.values;
		return v ? new Set([...v].filter((x) => x !== void 0)) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleNonOptionalResult(result, inst));
		return handleNonOptionalResult(result, inst);
	};
});
function handleNonOptionalResult(payload, inst) {
	if (!payload.issues.length && payload.value === void 0) payload.issues.push({
		code: "invalid_type",
		expected: "nonoptional",
		input: payload.value,
		inst
	});
	return payload;
}
function handleCatchResult(payload, result, def, ctx) {
	if (!result.issues.length) {
		payload.value = result.value;
		if (result.memo) payload.memo = true;
		return payload;
	}
	payload.value = def.catchValue({
		...result,
		value: payload.value,
		error: { issues: result.issues.map((iss) => finalizeIssue(iss, ctx, config())) },
		input: payload.value
	});
	return payload;
}
const $ZodCatch = /*@__PURE__*/ $constructor("$ZodCatch", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run({
			value: payload.value,
			issues: []
		}, ctx);
		if (result instanceof Promise) return result.then((result) => handleCatchResult(payload, result, def, ctx));
		return handleCatchResult(payload, result, def, ctx);
	};
});
const $ZodPipe = /*@__PURE__*/ $constructor("$ZodPipe", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") {
			const right = def.out._zod.run(payload, ctx);
			if (right instanceof Promise) return right.then((right) => handlePipeResult(right, def.in, ctx));
			return handlePipeResult(right, def.in, ctx);
		}
		const left = def.in._zod.run(payload, ctx);
		if (left instanceof Promise) return left.then((left) => handlePipeResult(left, def.out, ctx));
		return handlePipeResult(left, def.out, ctx);
	};
});
function handlePipeResult(left, next, ctx) {
	if (left.issues.some((iss) => iss.code !== "unrecognized_keys")) {
		left.aborted = true;
		return left;
	}
	return next._zod.run({
		value: left.value,
		issues: left.issues
	}, ctx);
}
const $ZodPreprocess = /*@__PURE__*/ $constructor("$ZodPreprocess", (inst, def) => {
	$ZodPipe.init(inst, def);
});
const $ZodReadonly = /*@__PURE__*/ $constructor("$ZodReadonly", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.innerType._zod.propValues);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType?._zod?.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType?._zod?.optout);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then(handleReadonlyResult);
		return handleReadonlyResult(result);
	};
});
function handleReadonlyResult(payload) {
	if (!payload.memo) payload.value = Object.freeze(payload.value);
	return payload;
}
const $ZodLazy = /*@__PURE__*/ $constructor("$ZodLazy", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazy(inst._zod, "innerType", () => {
		const d = def;
		if (!d._cachedInner) d._cachedInner = def.getter();
		return d._cachedInner;
	});
	defineLazyInternal(inst, "pattern", (zod) => zod.innerType?._zod?.pattern);
	defineLazyInternal(inst, "propValues", (zod) => zod.innerType?._zod?.propValues);
	defineLazyInternal(inst, "optin", (zod) => zod.innerType?._zod?.optin ?? void 0);
	defineLazyInternal(inst, "optout", (zod) => zod.innerType?._zod?.optout ?? void 0);
	inst._zod.parse = (payload, ctx) => {
		return inst._zod.innerType._zod.run(payload, ctx);
	};
});
const $ZodCustom = /*@__PURE__*/ $constructor("$ZodCustom", (inst, def) => {
	$ZodCheck.init(inst, def);
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _) => {
		return payload;
	};
	inst._zod.check = (payload) => {
		const input = payload.value;
		const r = def.fn(input);
		if (r instanceof Promise) return r.then((r) => handleRefineResult(r, payload, input, inst));
		handleRefineResult(r, payload, input, inst);
	};
});
function handleRefineResult(result, payload, input, inst) {
	if (!result) {
		const _iss = {
			code: "custom",
			input,
			inst,
			path: [...inst._zod.def.path ?? []],
			continue: !inst._zod.def.abort
		};
		if (inst._zod.def.params) _iss.params = inst._zod.def.params;
		payload.issues.push(issue(_iss));
	}
}
// node_modules/zod/v4/core/memoizer.js
var $ZodCyclicError = class extends Error {
	constructor() {
		super(`Cannot parse a reference cycle that closes through a transform`);
		this.name = "ZodCyclicError";
	}
};
/** Keyed off the context object every schema in one parse call already shares. */
const STATE = "~memo";
const NO_ISSUES = [];
function isRef(value) {
	return value !== null && typeof value === "object";
}
function cloneIssues(issues) {
	return issues.map((iss) => iss.path ? {
		...iss,
		path: iss.path.slice()
	} : { ...iss });
}
const recursive = /*@__PURE__*/ new WeakMap();
/** What the walk established, in order of certainty: ordered so the strongest answer among children wins. */
const NONE = 0;
const ASSUMED = 1;
const PROVEN = 2;
/** Whether this schema's subtree contains a cycle, so one parse can re-enter it. */
function isRecursive(inst, stack, resolve) {
	const cached = recursive.get(inst);
	if (cached !== void 0) return cached ? PROVEN : NONE;
	if (stack.has(inst)) return PROVEN;
	stack.add(inst);
	let result = NONE;
	const check = (child) => {
		if (result !== PROVEN && child?._zod) {
			const answer = isRecursive(child, stack, resolve);
			if (answer > result) result = answer;
		}
	};
	const shape = (sh, spread) => {
		let answer = NONE;
		for (const key of Reflect.ownKeys(sh)) {
			const desc = Object.getOwnPropertyDescriptor(sh, key);
			if (spread && !desc.enumerable) continue;
			const child = desc.get ? ASSUMED : desc.value?._zod ? isRecursive(desc.value, stack, resolve) : NONE;
			if (child > answer) answer = child;
		}
		return answer;
	};
	const merge = (answer) => {
		if (answer > result) result = answer;
	};
	const def = inst._zod.def;
	switch (def.type) {
		case "object": {
			const raw = rawShape(def);
			merge(raw ? shape(raw, true) : ASSUMED);
			check(def.catchall);
			break;
		}
		case "array":
			check(def.element);
			break;
		case "tuple":
			for (const el of def.items) check(el);
			check(def.rest);
			break;
		case "record":
		case "map":
			check(def.keyType);
			check(def.valueType);
			break;
		case "set":
			check(def.valueType);
			break;
		case "union":
			for (const el of def.options) check(el);
			break;
		case "intersection":
			check(def.left);
			check(def.right);
			break;
		case "optional":
		case "nullable":
		case "default":
		case "prefault":
		case "catch":
		case "readonly":
		case "nonoptional":
		case "promise":
		case "success":
			check(def.innerType);
			break;
		case "pipe":
			check(def.in);
			check(def.out);
			break;
		case "function":
			check(def.input);
			check(def.output);
			break;
		case "lazy": {
			const inner = def._cachedInner ?? (resolve ? inst._zod.innerType : void 0);
			merge(inner ? isRecursive(inner, stack, false) : ASSUMED);
			break;
		}
		case "template_literal":
		case "string":
		case "number":
		case "int":
		case "boolean":
		case "bigint":
		case "symbol":
		case "undefined":
		case "null":
		case "void":
		case "never":
		case "any":
		case "unknown":
		case "date":
		case "nan":
		case "enum":
		case "literal":
		case "file":
		case "transform":
		case "custom": break;
		default: for (const key in def) {
			const desc = Object.getOwnPropertyDescriptor(def, key);
			if (!desc || desc.get) continue;
			const value = desc.value;
			if (!value || typeof value !== "object") continue;
			if (value._zod) check(value);
			else if (Array.isArray(value)) for (const el of value) check(el);
		}
	}
	stack.delete(inst);
	return settle(inst, result);
}
/** An assumed answer must not outlive the resolution that settles it, so only a certain one is cached. */
function settle(inst, answer) {
	if (answer !== ASSUMED) recursive.set(inst, answer === PROVEN);
	return answer;
}
function bucketFor(state, inst) {
	let bucket = state.buckets.get(inst);
	if (!bucket) {
		bucket = /* @__PURE__ */ new WeakMap();
		state.buckets.set(inst, bucket);
	}
	return bucket;
}
let handoff;
const open = [];
const memo = {
	alloc(_inst, payload, empty) {
		const bucket = handoff;
		if (!bucket) return empty;
		handoff = void 0;
		const entry = {
			value: empty,
			issues: null
		};
		bucket.set(payload.value, entry);
		open.push(entry);
		return empty;
	},
	guard(inst) {
		var _a;
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred.push(() => {
			const base = inst._zod.parse;
			const wrapped = (payload, ctx) => {
				if (ctx.direction !== "backward" && isBackEdge(ctx, payload.value)) throw new $ZodCyclicError();
				return base(payload, ctx);
			};
			inst._zod.parse = wrapped;
			if (inst._zod.run === base) inst._zod.run = wrapped;
		});
	},
	attach(inst) {
		var _a;
		let isRecursiveInst;
		let rechecked = false;
		let lastCtx;
		let lastBucket;
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred.push(() => {
			const base = inst._zod.parse;
			const wrapped = (payload, ctx) => {
				if (isRecursiveInst === void 0) {
					const walked = isRecursive(inst, /* @__PURE__ */ new Set(), false);
					if (walked === NONE) {
						inst._zod.parse = base;
						if (inst._zod.run === wrapped) inst._zod.run = base;
						return base(payload, ctx);
					}
					if (walked === PROVEN || rechecked) isRecursiveInst = true;
					else rechecked = true;
				}
				const input = payload.value;
				if (!isRef(input)) return base(payload, ctx);
				let state = ctx[STATE];
				if (!state) {
					state = {
						buckets: /* @__PURE__ */ new WeakMap(),
						backEdges: void 0
					};
					ctx[STATE] = state;
				}
				let bucket;
				if (lastCtx === ctx) bucket = lastBucket;
				else {
					bucket = bucketFor(state, inst);
					lastCtx = ctx;
					lastBucket = bucket;
				}
				const hit = bucket.get(input);
				if (hit) {
					payload.value = hit.value;
					if (hit.issues) {
						if (hit.issues.length) payload.issues.push(...cloneIssues(hit.issues));
					} else {
						payload.memo = true;
						state.backEdges ?? (state.backEdges = /* @__PURE__ */ new WeakSet());
						state.backEdges.add(hit.value);
					}
					return payload;
				}
				handoff = bucket;
				const depth = open.length;
				const result = base(payload, ctx);
				handoff = void 0;
				const entry = open.length > depth ? open.pop() : void 0;
				if (result instanceof Promise) return result.then((r) => {
					if (entry) entry.issues = r.issues.length ? cloneIssues(r.issues) : NO_ISSUES;
					return r;
				});
				if (entry) entry.issues = result.issues.length ? cloneIssues(result.issues) : NO_ISSUES;
				return result;
			};
			inst._zod.parse = wrapped;
			if (inst._zod.run === base) inst._zod.run = wrapped;
		});
	}
};
/** The memoizer that gives containers cycle support. `zod` installs it by default; `zod/mini` opts in with `config({ memoizer: memoizer() })`. */
function memoizer() {
	return memo;
}
/** Whether this value is a node a back-edge resolved to before it finished. */
function isBackEdge(ctx, value) {
	const backEdges = ctx[STATE]?.backEdges;
	return backEdges !== void 0 && isRef(value) && backEdges.has(value);
}
// node_modules/zod/v4/locales/en.js
const error = () => {
	const Sizable = {
		string: {
			unit: "characters",
			verb: "to have"
		},
		file: {
			unit: "bytes",
			verb: "to have"
		},
		array: {
			unit: "items",
			verb: "to have"
		},
		set: {
			unit: "items",
			verb: "to have"
		},
		map: {
			unit: "entries",
			verb: "to have"
		}
	};
	function getSizing(origin) {
		return Sizable[origin] ?? null;
	}
	const FormatDictionary = {
		regex: "input",
		email: "email address",
		url: "URL",
		emoji: "emoji",
		uuid: "UUID",
		uuidv4: "UUIDv4",
		uuidv6: "UUIDv6",
		nanoid: "nanoid",
		guid: "GUID",
		cuid: "cuid",
		cuid2: "cuid2",
		ulid: "ULID",
		xid: "XID",
		ksuid: "KSUID",
		datetime: "ISO datetime",
		date: "ISO date",
		time: "ISO time",
		duration: "ISO duration",
		ipv4: "IPv4 address",
		ipv6: "IPv6 address",
		mac: "MAC address",
		cidrv4: "IPv4 range",
		cidrv6: "IPv6 range",
		base64: "base64-encoded string",
		base64url: "base64url-encoded string",
		json_string: "JSON string",
		e164: "E.164 number",
		currency_code: "currency code",
		credit_card: "credit card number",
		iban: "IBAN",
		jwt: "JWT",
		template_literal: "input"
	};
	const TypeDictionary = { nan: "NaN" };
	function getTypeName(type, input) {
		if (type === "number" && typeof input === "number" && !Number.isFinite(input)) return String(input);
		return TypeDictionary[type] ?? type;
	}
	return (issue) => {
		switch (issue.code) {
			case "invalid_type": return `Invalid input: expected ${getTypeName(issue.expected)}, received ${getTypeName(parsedType(issue.input), issue.input)}`;
			case "invalid_value":
				if (issue.values.length === 1) return `Invalid input: expected ${stringifyPrimitive(issue.values[0])}`;
				return `Invalid option: expected one of ${joinValues(issue.values, "|")}`;
			case "too_big": {
				const adj = issue.exact ? "exactly " : issue.inclusive ? "<=" : "<";
				const sizing = getSizing(issue.origin);
				if (sizing) return `Too big: expected ${issue.origin ?? "value"} to have ${adj}${issue.maximum.toString()} ${sizing.unit ?? "elements"}`;
				return `Too big: expected ${issue.origin ?? "value"} to be ${adj}${issue.maximum.toString()}`;
			}
			case "too_small": {
				const adj = issue.exact ? "exactly " : issue.inclusive ? ">=" : ">";
				const sizing = getSizing(issue.origin);
				if (sizing) return `Too small: expected ${issue.origin} to have ${adj}${issue.minimum.toString()} ${sizing.unit}`;
				return `Too small: expected ${issue.origin} to be ${adj}${issue.minimum.toString()}`;
			}
			case "invalid_format": {
				const _issue = issue;
				if (_issue.format === "starts_with") return `Invalid string: must start with "${_issue.prefix}"`;
				if (_issue.format === "ends_with") return `Invalid string: must end with "${_issue.suffix}"`;
				if (_issue.format === "includes") return `Invalid string: must include "${_issue.includes}"`;
				if (_issue.format === "regex") return `Invalid string: must match pattern ${_issue.pattern}`;
				return `Invalid ${FormatDictionary[_issue.format] ?? issue.format}`;
			}
			case "not_multiple_of": return `Invalid number: must be a multiple of ${issue.divisor}`;
			case "unrecognized_keys": return `Unrecognized key${issue.keys.length > 1 ? "s" : ""}: ${joinValues(issue.keys, ", ")}`;
			case "invalid_key": return `Invalid key in ${issue.origin}`;
			case "invalid_union":
				if (issue.options && Array.isArray(issue.options) && issue.options.length > 0) return `Invalid discriminator value. Expected ${issue.options.map((o) => `'${o}'`).join(" | ")}`;
				if (issue.inclusive === false) return "Invalid input: more than one option matched";
				return "Invalid input";
			case "invalid_element": return `Invalid value in ${issue.origin}`;
			default: return `Invalid input`;
		}
	};
};
function en_default() {
	return { localeError: error() };
}
// node_modules/zod/v4/core/registries.js
var _a;
var $ZodRegistry = class {
	constructor() {
		this._map = /* @__PURE__ */ new WeakMap();
		this._idmap = /* @__PURE__ */ new Map();
	}
	add(schema, ..._meta) {
		const meta = _meta[0];
		this._map.set(schema, meta);
		if (meta && typeof meta === "object" && "id" in meta) this._idmap.set(meta.id, schema);
		return this;
	}
	clear() {
		this._map = /* @__PURE__ */ new WeakMap();
		this._idmap = /* @__PURE__ */ new Map();
		return this;
	}
	remove(schema) {
		const meta = this._map.get(schema);
		if (meta && typeof meta === "object" && "id" in meta) this._idmap.delete(meta.id);
		this._map.delete(schema);
		return this;
	}
	get(schema) {
		const p = schema._zod.parent;
		if (p) {
			const pm = { ...this.get(p) ?? {} };
			delete pm.id;
			const f = {
				...pm,
				...this._map.get(schema)
			};
			return Object.keys(f).length ? f : void 0;
		}
		return this._map.get(schema);
	}
	has(schema) {
		return this._map.has(schema);
	}
};
function registry() {
	return new $ZodRegistry();
}
(_a = globalThis).__zod_globalRegistry ?? (_a.__zod_globalRegistry = registry());
const globalRegistry = globalThis.__zod_globalRegistry;
// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
	if (def.checks) def.checks = [...def.checks];
	return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
	return new Class(snapshotChecks({
		type: "string",
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _email(Class, params) {
	return new Class({
		type: "string",
		format: "email",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _guid(Class, params) {
	return new Class({
		type: "string",
		format: "guid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuid(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv4(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v4",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv6(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v6",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv7(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v7",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _url(Class, params) {
	return new Class({
		type: "string",
		format: "url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _emoji(Class, params) {
	return new Class({
		type: "string",
		format: "emoji",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _nanoid(Class, params) {
	return new Class({
		type: "string",
		format: "nanoid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link _cuid2} instead.
* See https://github.com/paralleldrive/cuid.
*/
// @__NO_SIDE_EFFECTS__
function _cuid(Class, params) {
	return new Class({
		type: "string",
		format: "cuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cuid2(Class, params) {
	return new Class({
		type: "string",
		format: "cuid2",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ulid(Class, params) {
	return new Class({
		type: "string",
		format: "ulid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _xid(Class, params) {
	return new Class({
		type: "string",
		format: "xid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ksuid(Class, params) {
	return new Class({
		type: "string",
		format: "ksuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv4(Class, params) {
	return new Class({
		type: "string",
		format: "ipv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv6(Class, params) {
	return new Class({
		type: "string",
		format: "ipv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv4(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv6(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64(Class, params) {
	return new Class({
		type: "string",
		format: "base64",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64url(Class, params) {
	return new Class({
		type: "string",
		format: "base64url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _e164(Class, params) {
	return new Class({
		type: "string",
		format: "e164",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _jwt(Class, params) {
	return new Class({
		type: "string",
		format: "jwt",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDateTime(Class, params) {
	return new Class({
		type: "string",
		format: "datetime",
		check: "string_format",
		offset: false,
		local: false,
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDate(Class, params) {
	return new Class({
		type: "string",
		format: "date",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoTime(Class, params) {
	return new Class({
		type: "string",
		format: "time",
		check: "string_format",
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDuration(Class, params) {
	return new Class({
		type: "string",
		format: "duration",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _number(Class, params) {
	return new Class(snapshotChecks({
		type: "number",
		checks: [],
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _int(Class, params) {
	return new Class({
		type: "number",
		check: "number_format",
		abort: false,
		format: "safeint",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
	return new Class({
		type: "boolean",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
	return new Class({ type: "unknown" });
}
// @__NO_SIDE_EFFECTS__
function _never(Class, params) {
	return new Class({
		type: "never",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _date(Class, params) {
	return new Class({
		type: "date",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _lt(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _lte(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _gt(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _gte(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _multipleOf(value, params) {
	return new $ZodCheckMultipleOf({
		check: "multiple_of",
		...normalizeParams(params),
		value
	});
}
// @__NO_SIDE_EFFECTS__
function _maxLength(maximum, params) {
	return new $ZodCheckMaxLength({
		check: "max_length",
		...normalizeParams(params),
		maximum
	});
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
	return new $ZodCheckMinLength({
		check: "min_length",
		...normalizeParams(params),
		minimum
	});
}
// @__NO_SIDE_EFFECTS__
function _length(length, params) {
	return new $ZodCheckLengthEquals({
		check: "length_equals",
		...normalizeParams(params),
		length
	});
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern, params) {
	return new $ZodCheckRegex({
		check: "string_format",
		format: "regex",
		...normalizeParams(params),
		pattern
	});
}
// @__NO_SIDE_EFFECTS__
function _lowercase(params) {
	return new $ZodCheckLowerCase({
		check: "string_format",
		format: "lowercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uppercase(params) {
	return new $ZodCheckUpperCase({
		check: "string_format",
		format: "uppercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _includes(includes, params) {
	return new $ZodCheckIncludes({
		check: "string_format",
		format: "includes",
		...normalizeParams(params),
		includes
	});
}
// @__NO_SIDE_EFFECTS__
function _startsWith(prefix, params) {
	return new $ZodCheckStartsWith({
		check: "string_format",
		format: "starts_with",
		...normalizeParams(params),
		prefix
	});
}
// @__NO_SIDE_EFFECTS__
function _endsWith(suffix, params) {
	return new $ZodCheckEndsWith({
		check: "string_format",
		format: "ends_with",
		...normalizeParams(params),
		suffix
	});
}
// @__NO_SIDE_EFFECTS__
function _overwrite(tx) {
	return new $ZodCheckOverwrite({
		check: "overwrite",
		tx
	});
}
// @__NO_SIDE_EFFECTS__
function _normalize(form) {
	return /* @__PURE__ */ _overwrite((input) => input.normalize(form));
}
// @__NO_SIDE_EFFECTS__
function _trim() {
	return /* @__PURE__ */ _overwrite((input) => input.trim());
}
// @__NO_SIDE_EFFECTS__
function _toLowerCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toLowerCase());
}
// @__NO_SIDE_EFFECTS__
function _toUpperCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toUpperCase());
}
// @__NO_SIDE_EFFECTS__
function _slugify() {
	return /* @__PURE__ */ _overwrite((input) => slugify(input));
}
// @__NO_SIDE_EFFECTS__
function _array(Class, element, params) {
	return new Class({
		type: "array",
		element,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _refine(Class, fn, _params) {
	return new Class({
		type: "custom",
		check: "custom",
		fn,
		...normalizeParams(_params)
	});
}
// @__NO_SIDE_EFFECTS__
function _superRefine(fn, params) {
	const ch = /* @__PURE__ */ _check((payload) => {
		payload.addIssue = (issue$2) => {
			if (typeof issue$2 === "string") payload.issues.push(issue(issue$2, payload.value, ch._zod.def));
			else {
				const _issue = issue$2;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = ch);
				_issue.continue ?? (_issue.continue = !ch._zod.def.abort);
				payload.issues.push(issue(_issue));
			}
		};
		return fn(payload.value, payload);
	}, params);
	return ch;
}
// @__NO_SIDE_EFFECTS__
function _check(fn, params) {
	const ch = new $ZodCheck({
		check: "custom",
		...normalizeParams(params)
	});
	ch._zod.check = fn;
	return ch;
}
// node_modules/zod/v4/core/to-json-schema.js
function assignProps(target, ...sources) {
	for (const source of sources) for (const key of Reflect.ownKeys(source)) if (Object.prototype.propertyIsEnumerable.call(source, key)) assignProp(target, key, source[key]);
	return target;
}
function initializeContext(params) {
	let target = params?.target ?? "draft-2020-12";
	if (target === "draft-4") target = "draft-04";
	if (target === "draft-7") target = "draft-07";
	return {
		processors: params.processors ?? {},
		metadataRegistry: params?.metadata ?? globalRegistry,
		target,
		unrepresentable: params?.unrepresentable ?? "throw",
		override: params?.override ?? (() => {}),
		io: params?.io ?? "output",
		counter: 0,
		seen: /* @__PURE__ */ new Map(),
		sharedDefsExtractedFor: void 0,
		sharedEmitDoneFor: void 0,
		cycles: params?.cycles ?? "ref",
		reused: params?.reused ?? "inline",
		intersections: [],
		deferred: [],
		external: params?.external ?? void 0
	};
}
/**
* Applies the `unrepresentable` setting at a site that has no JSON Schema equivalent. Throws
* `message` unless the setting (or the handler's return value) says otherwise. Returns `true` if a
* custom JSON Schema was written into `json`, in which case the caller must not write its own.
*/
function handleUnrepresentable(schema, ctx, json, params, message) {
	const result = typeof ctx.unrepresentable === "function" ? ctx.unrepresentable({
		zodSchema: schema,
		path: params.path,
		message
	}) : ctx.unrepresentable;
	if (result === "any") return false;
	if (result === void 0 || result === "throw") throw new Error(message);
	Object.assign(json, result);
	return true;
}
function processSchema(schema, ctx, _params = {
	path: [],
	schemaPath: []
}) {
	var _a;
	const def = schema._zod.def;
	const seen = ctx.seen.get(schema);
	if (seen) {
		seen.count++;
		if (_params.schemaPath.includes(schema)) seen.cycle = _params.path;
		return seen.schema;
	}
	const result = {
		schema: {},
		count: 1,
		cycle: void 0,
		path: _params.path
	};
	ctx.seen.set(schema, result);
	ctx.sharedDefsExtractedFor = void 0;
	ctx.sharedEmitDoneFor = void 0;
	const overrideSchema = schema._zod.toJSONSchema?.();
	if (overrideSchema) result.schema = overrideSchema;
	else {
		const params = {
			..._params,
			schemaPath: [..._params.schemaPath, schema],
			path: _params.path
		};
		if (schema._zod.processJSONSchema) schema._zod.processJSONSchema(ctx, result.schema, params);
		else {
			const _json = result.schema;
			const processor = ctx.processors[def.type];
			if (!processor) throw new Error(`[toJSONSchema]: Non-representable type encountered: ${def.type}`);
			processor(schema, ctx, _json, params);
		}
		const parent = schema._zod.parent;
		if (parent) {
			if (!result.ref) result.ref = parent;
			processSchema(parent, ctx, params);
			ctx.seen.get(parent).isParent = true;
		}
	}
	const meta = ctx.metadataRegistry.get(schema);
	if (meta) assignProps(result.schema, meta);
	if (ctx.io === "input" && isTransforming(schema)) {
		delete result.schema.examples;
		delete result.schema.default;
	}
	if (ctx.io === "input" && "_prefault" in result.schema) (_a = result.schema).default ?? (_a.default = result.schema._prefault);
	delete result.schema._prefault;
	return ctx.seen.get(schema).schema;
}
function encodeJSONPointerSegment(segment) {
	return segment.replace(/~/g, "~0").replace(/\//g, "~1");
}
function extractDefs(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	if (ctx.external && ctx.sharedDefsExtractedFor === ctx.external) return;
	const idToSchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.entries()) {
		const id = ctx.metadataRegistry.get(entry[0])?.id;
		if (id) {
			const existing = idToSchema.get(id);
			if (existing && existing !== entry[0]) throw new Error(`Duplicate schema id "${id}" detected during JSON Schema conversion. Two different schemas cannot share the same id when converted together.`);
			idToSchema.set(id, entry[0]);
		}
	}
	const makeURI = (entry) => {
		const defsSegment = ctx.target === "draft-2020-12" ? "$defs" : "definitions";
		if (ctx.external) {
			const externalId = ctx.external.registry.get(entry[0])?.id;
			const uriGenerator = ctx.external.uri ?? ((id) => id);
			if (externalId) return { ref: uriGenerator(externalId) };
			const id = entry[1].defId ?? entry[1].schema.id ?? `schema${ctx.counter++}`;
			entry[1].defId = id;
			return {
				defId: id,
				ref: `${uriGenerator("__shared")}#/${defsSegment}/${encodeJSONPointerSegment(id)}`
			};
		}
		const uriPrefix = `#`;
		const defUriPrefix = `${uriPrefix}/${defsSegment}/`;
		if (entry[1] === root && !entry[1].schema.id) return { ref: uriPrefix };
		const defId = entry[1].schema.id ?? `__schema${ctx.counter++}`;
		return {
			defId,
			ref: defUriPrefix + encodeJSONPointerSegment(defId)
		};
	};
	const extractToDef = (entry) => {
		if (entry[1].schema.$ref) return;
		const seen = entry[1];
		const { ref, defId } = makeURI(entry);
		seen.def = { ...seen.schema };
		if (defId) seen.defId = defId;
		const schema = seen.schema;
		for (const key in schema) delete schema[key];
		schema.$ref = ref;
	};
	if (ctx.cycles === "throw") for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.cycle) throw new Error(`Cycle detected: #/${seen.cycle?.join("/")}/<root>

Set the \`cycles\` parameter to \`"ref"\` to resolve cyclical schemas with defs.`);
	}
	for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (schema === entry[0]) {
			extractToDef(entry);
			continue;
		}
		if (ctx.external) {
			const ext = ctx.external.registry.get(entry[0])?.id;
			if (schema !== entry[0] && ext) {
				extractToDef(entry);
				continue;
			}
		}
		if (ctx.metadataRegistry.get(entry[0])?.id) {
			extractToDef(entry);
			continue;
		}
		if (seen.cycle) {
			extractToDef(entry);
			continue;
		}
		if (seen.count > 1) {
			if (ctx.reused === "ref") extractToDef(entry);
		}
	}
	if (ctx.external) ctx.sharedDefsExtractedFor = ctx.external;
}
/** Rewrites `anyOf: [{type: "a"}, {type: "b"}]` to `type: ["a", "b"]`, which every JSON Schema draft treats as equivalent and most consumers render far better for the nullable case. Only branches that are a bare type assertion qualify — anything carrying a constraint, `$ref`, `const` or metadata is left alone. Runs after `flattenRef`, so a branch an override decorated or `$defs` extraction turned into a `$ref` is no longer bare and correctly stays in `anyOf`. `oneOf` is excluded: `integer` and `number` overlap, so "exactly one" and "at least one" are not the same there. OpenAPI 3.0 is excluded: its `type` must be a single string. */
function compactTypeUnion(schema) {
	const options = schema.anyOf;
	if (!Array.isArray(options) || options.length === 0 || schema.type !== void 0) return;
	const types = [];
	for (const option of options) {
		if (!option || typeof option !== "object") return;
		compactTypeUnion(option);
		const keys = Object.keys(option);
		if (keys.length !== 1 || keys[0] !== "type") return;
		const type = option.type;
		for (const member of Array.isArray(type) ? type : [type]) {
			if (typeof member !== "string") return;
			if (!types.includes(member)) types.push(member);
		}
	}
	delete schema.anyOf;
	schema.type = types.length === 1 ? types[0] : types;
}
/** Keywords `foldIntersection` knows how to combine. Anything else — `$ref`, `patternProperties`,
* an annotation like `description` — makes a member unfoldable, so a constraint this does not
* understand leaves the `allOf` alone instead of being silently dropped or misattributed. */
const FOLDABLE_KEYS = /* @__PURE__ */ new Set([
	"type",
	"properties",
	"required",
	"additionalProperties"
]);
const UNION_KEYS = ["oneOf", "anyOf"];
/** A member's constraint on a key it does not declare itself. A `catchall` states one; `false`, an absent `additionalProperties`, and the empty schema a loose object emits state nothing. */
function undeclaredConstraint(member) {
	const extra = member.additionalProperties;
	if (extra === void 0 || extra === false || typeof extra !== "object" || extra === null) return null;
	return Object.keys(extra).length ? extra : null;
}
/** Combines object members into the single object they describe together, or returns `null` if any of them carries a keyword outside {@link FOLDABLE_KEYS}. */
function foldObjects(members) {
	const objects = [];
	for (const member of members) {
		if (typeof member !== "object" || member.type !== "object") return null;
		for (const key in member) if (!FOLDABLE_KEYS.has(key)) return null;
		objects.push(member);
	}
	const properties = {};
	const required = /* @__PURE__ */ new Set();
	for (const object of objects) {
		for (const key in object.properties) {
			if (Object.prototype.hasOwnProperty.call(properties, key)) continue;
			const parts = [];
			for (const other of objects) {
				const part = other.properties?.[key] ?? undeclaredConstraint(other);
				if (part === null || part === void 0) continue;
				if (!parts.some((seen) => JSON.stringify(seen) === JSON.stringify(part))) parts.push(part);
			}
			assignProp(properties, key, parts.length === 1 ? parts[0] : foldObjects(parts) ?? { allOf: parts });
		}
		for (const key of object.required ?? []) required.add(key);
	}
	const folded = {
		type: "object",
		properties
	};
	if (required.size) folded.required = [...required];
	if (objects.every((object) => object.additionalProperties === false)) folded.additionalProperties = false;
	else {
		const constraints = [];
		for (const object of objects) {
			const constraint = undeclaredConstraint(object);
			if (constraint && !constraints.some((seen) => JSON.stringify(seen) === JSON.stringify(constraint))) constraints.push(constraint);
		}
		if (constraints.length === 1) folded.additionalProperties = constraints[0];
		else if (constraints.length > 1) folded.additionalProperties = { allOf: constraints };
	}
	return folded;
}
/** `additionalProperties` in an `allOf` member sees only that member's own `properties`, so two
* closed object members reject each other's keys and the schema validates nothing. Zod's parser
* pools the key sets instead — `handleIntersectionResults` reports a key as unrecognized only when
* *every* side rejects it — so the emitted schema has to pool them too, and folding the members
* into one object is the encoding that says so on every target.
*
* This runs from `finalize`, after `extractDefs`, which is what keeps it clear of the `$ref`
* machinery: a member extracted into `$defs` is already a `$ref` by now and declines to fold, so it
* keeps its reference and its own closedness rather than being inlined as a stale copy. */
function foldIntersection(json) {
	const allOf = json.allOf;
	if (!Array.isArray(allOf) || allOf.length < 2) return;
	for (const key of FOLDABLE_KEYS) if (key in json) return;
	const unions = allOf.filter((m) => UNION_KEYS.some((k) => Array.isArray(m[k])));
	let folded = null;
	if (!unions.length) folded = foldObjects(allOf);
	else {
		const union = unions[0];
		const keyword = UNION_KEYS.find((k) => Array.isArray(union[k]));
		if (Object.keys(union).length !== 1) return;
		const rest = allOf.filter((m) => m !== union);
		const branches = union[keyword].map((branch) => foldObjects([...rest, branch]));
		if (branches.some((b) => !b)) return;
		folded = { [keyword]: branches };
	}
	if (!folded) return;
	delete json.allOf;
	assignProps(json, folded);
}
function finalize(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	const flattenRef = (zodSchema) => {
		const seen = ctx.seen.get(zodSchema);
		if (seen.ref === null) return;
		const schema = seen.def ?? seen.schema;
		const _cached = { ...schema };
		const ref = seen.ref;
		seen.ref = null;
		if (ref) {
			flattenRef(ref);
			const refSeen = ctx.seen.get(ref);
			const refSchema = refSeen.schema;
			if (refSchema.$ref && (ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0")) {
				schema.allOf = schema.allOf ?? [];
				schema.allOf.push(refSchema);
			} else assignProps(schema, refSchema);
			assignProps(schema, _cached);
			if (zodSchema._zod.parent === ref) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (!(key in _cached)) delete schema[key];
			}
			if (refSchema.$ref && refSeen.def) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (key in refSeen.def && JSON.stringify(schema[key]) === JSON.stringify(refSeen.def[key])) delete schema[key];
			}
		}
		const parent = zodSchema._zod.parent;
		if (parent && parent !== ref) {
			flattenRef(parent);
			const parentSeen = ctx.seen.get(parent);
			if (parentSeen?.schema.$ref) {
				schema.$ref = parentSeen.schema.$ref;
				if (parentSeen.def) for (const key in schema) {
					if (key === "$ref" || key === "allOf") continue;
					if (key in parentSeen.def && JSON.stringify(schema[key]) === JSON.stringify(parentSeen.def[key])) delete schema[key];
				}
			}
		}
		ctx.override({
			zodSchema,
			jsonSchema: schema,
			path: seen.path ?? []
		});
	};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) {
		for (const entry of [...ctx.seen.entries()].reverse()) flattenRef(entry[0]);
		if (ctx.target !== "openapi-3.0") for (const entry of ctx.seen.entries()) compactTypeUnion(entry[1].def ?? entry[1].schema);
		for (const rewrite of ctx.deferred) rewrite();
		if (ctx.intersections.length) {
			const carriers = /* @__PURE__ */ new Map();
			for (const seen of ctx.seen.values()) for (const json of [seen.schema, seen.def]) {
				const allOf = json?.allOf;
				if (!Array.isArray(allOf)) continue;
				const existing = carriers.get(allOf);
				if (existing) existing.push(json);
				else carriers.set(allOf, [json]);
			}
			for (const allOf of ctx.intersections) for (const json of carriers.get(allOf) ?? []) foldIntersection(json);
		}
	}
	const result = {};
	if (ctx.target === "draft-2020-12") result.$schema = "https://json-schema.org/draft/2020-12/schema";
	else if (ctx.target === "draft-07") result.$schema = "http://json-schema.org/draft-07/schema#";
	else if (ctx.target === "draft-04") result.$schema = "http://json-schema.org/draft-04/schema#";
	else if (ctx.target === "openapi-3.0") {}
	if (ctx.external?.uri) {
		const id = ctx.external.registry.get(schema)?.id;
		if (!id) throw new Error("Schema is missing an `id` property");
		result.$id = ctx.external.uri(id);
	}
	assignProps(result, root.defId ? root.schema : root.def ?? root.schema);
	const rootMetaId = ctx.metadataRegistry.get(schema)?.id;
	if (rootMetaId !== void 0 && result.id === rootMetaId) delete result.id;
	const defs = ctx.external?.defs ?? {};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.def && seen.defId) {
			if (seen.def.id === seen.defId) delete seen.def.id;
			assignProp(defs, seen.defId, seen.def);
		}
	}
	if (ctx.external) ctx.sharedEmitDoneFor = ctx.external;
	if (ctx.external) {} else if (Object.keys(defs).length > 0) {
		if (ctx.target === "draft-2020-12") result.$defs = defs;
		else result.definitions = defs;
	}
	try {
		const finalized = JSON.parse(JSON.stringify(result));
		Object.defineProperty(finalized, "~standard", {
			value: {
				...schema["~standard"],
				jsonSchema: {
					input: createStandardJSONSchemaMethod(schema, "input", ctx.processors),
					output: createStandardJSONSchemaMethod(schema, "output", ctx.processors)
				}
			},
			enumerable: false,
			writable: false
		});
		return finalized;
	} catch (_err) {
		throw new Error("Error converting schema to JSON.");
	}
}
function isTransforming(_schema, _ctx) {
	const ctx = _ctx ?? { seen: /* @__PURE__ */ new Set() };
	if (ctx.seen.has(_schema)) return false;
	ctx.seen.add(_schema);
	const def = _schema._zod.def;
	if (def.type === "transform") return true;
	if (def.type === "array") return isTransforming(def.element, ctx);
	if (def.type === "set") return isTransforming(def.valueType, ctx);
	if (def.type === "lazy") return isTransforming(def.getter(), ctx);
	if (def.type === "promise" || def.type === "optional" || def.type === "nonoptional" || def.type === "nullable" || def.type === "readonly" || def.type === "default" || def.type === "prefault" || def.type === "catch") return isTransforming(def.innerType, ctx);
	if (def.type === "intersection") return isTransforming(def.left, ctx) || isTransforming(def.right, ctx);
	if (def.type === "record" || def.type === "map") return isTransforming(def.keyType, ctx) || isTransforming(def.valueType, ctx);
	if (def.type === "pipe") {
		if (_schema._zod.traits.has("$ZodCodec")) return true;
		return isTransforming(def.in, ctx) || isTransforming(def.out, ctx);
	}
	if (def.type === "object") {
		for (const key in def.shape) if (isTransforming(def.shape[key], ctx)) return true;
		return false;
	}
	if (def.type === "union") {
		for (const option of def.options) if (isTransforming(option, ctx)) return true;
		return false;
	}
	if (def.type === "tuple") {
		for (const item of def.items) if (isTransforming(item, ctx)) return true;
		if (def.rest && isTransforming(def.rest, ctx)) return true;
		return false;
	}
	return false;
}
/**
* Creates a toJSONSchema method for a schema instance.
* This encapsulates the logic of initializing context, processing, extracting defs, and finalizing.
*/
const createToJSONSchemaMethod = (schema, processors = {}) => (params) => {
	const ctx = initializeContext({
		...params,
		processors
	});
	processSchema(schema, ctx);
	extractDefs(ctx, schema);
	return finalize(ctx, schema);
};
const createStandardJSONSchemaMethod = (schema, io, processors = {}) => (params) => {
	const { libraryOptions, target } = params ?? {};
	const ctx = initializeContext({
		...libraryOptions ?? {},
		target,
		io,
		processors
	});
	processSchema(schema, ctx);
	extractDefs(ctx, schema);
	return finalize(ctx, schema);
};
// node_modules/zod/v4/core/json-schema-processors.js
const narrowMin = (agg, key, value) => {
	if (agg[key] === void 0 || value > agg[key]) agg[key] = value;
};
const narrowMax = (agg, key, value) => {
	if (agg[key] === void 0 || value < agg[key]) agg[key] = value;
};
const narrowBoth = (agg, value) => {
	narrowMin(agg, "minimum", value);
	narrowMax(agg, "maximum", value);
};
const addDivisor = (agg, value) => {
	agg.multipleOf ?? (agg.multipleOf = []);
	if (!agg.multipleOf.includes(value)) agg.multipleOf.push(value);
};
const addPattern = (agg, pattern) => {
	agg.patterns ?? (agg.patterns = /* @__PURE__ */ new Set());
	agg.patterns.add(pattern);
};
const intersectMime = (agg, mime) => {
	agg.mime = agg.mime ? agg.mime.filter((m) => mime.includes(m)) : [...mime];
};
const setFormat = (agg, format) => {
	agg.format = format;
	if (format.includes("int")) agg.isInt = true;
};
const minContributor = (agg, def) => narrowMin(agg, "minimum", def.minimum);
const maxContributor = (agg, def) => narrowMax(agg, "maximum", def.maximum);
const formatContributor = (ranges) => (agg, def) => {
	setFormat(agg, def.format);
	const [minimum, maximum] = ranges[def.format];
	narrowMin(agg, "minimum", minimum);
	narrowMax(agg, "maximum", maximum);
};
const contributors = {
	greater_than: (agg, def) => narrowMin(agg, def.inclusive ? "minimum" : "exclusiveMinimum", def.value),
	less_than: (agg, def) => narrowMax(agg, def.inclusive ? "maximum" : "exclusiveMaximum", def.value),
	multiple_of: (agg, def) => addDivisor(agg, def.value),
	number_format: formatContributor(NUMBER_FORMAT_RANGES),
	bigint_format: formatContributor(BIGINT_FORMAT_RANGES),
	min_length: minContributor,
	max_length: maxContributor,
	length_equals: (agg, def) => narrowBoth(agg, def.length),
	min_size: minContributor,
	max_size: maxContributor,
	size_equals: (agg, def) => narrowBoth(agg, def.size),
	string_format: (agg, def) => {
		setFormat(agg, def.format);
		if (def.pattern) addPattern(agg, def.pattern);
		if (def.format === "base64" || def.format === "base64url") agg.contentEncoding = def.format;
		if (def.local || def.precision === -1) agg.laxFormat = true;
	},
	mime_type: (agg, def) => intersectMime(agg, def.mime)
};
function aggregateChecks(schema) {
	const agg = {};
	const def = schema._zod.def;
	const list = schema._zod.traits.has("$ZodCheck") ? [schema, ...def.checks ?? []] : def.checks ?? [];
	for (const ch of list) contributors[ch._zod.def.check]?.(agg, ch._zod.def);
	const bag = schema._zod.bag;
	if (bag.minimum !== void 0) narrowMin(agg, "minimum", bag.minimum);
	if (bag.exclusiveMinimum !== void 0) narrowMin(agg, "exclusiveMinimum", bag.exclusiveMinimum);
	if (bag.maximum !== void 0) narrowMax(agg, "maximum", bag.maximum);
	if (bag.exclusiveMaximum !== void 0) narrowMax(agg, "exclusiveMaximum", bag.exclusiveMaximum);
	if (bag.multipleOf !== void 0) addDivisor(agg, bag.multipleOf);
	if (bag.format !== void 0) {
		agg.format ?? (agg.format = bag.format);
		if (bag.format.includes("int")) agg.isInt = true;
	}
	if (bag.mime) intersectMime(agg, bag.mime);
	for (const pattern of bag.patterns ?? []) addPattern(agg, pattern);
	return agg;
}
const formatMap = {
	guid: "uuid",
	url: "uri",
	datetime: "date-time",
	json_string: "json-string",
	regex: ""
};
const exactPatterns = /* @__PURE__ */ new Map([[base64Charset, base64], [base64urlCharset, base64url]]);
const exactPattern = (p) => exactPatterns.get(p) ?? p;
const stringProcessor = (schema, ctx, _json, _params) => {
	const json = _json;
	json.type = "string";
	const { minimum, maximum, format, patterns, contentEncoding, laxFormat } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minLength = minimum;
	if (typeof maximum === "number") json.maxLength = maximum;
	if (format) {
		json.format = formatMap[format] ?? format;
		if (json.format === "") delete json.format;
		if (format === "time" || laxFormat) delete json.format;
	}
	if (contentEncoding) json.contentEncoding = contentEncoding;
	if (patterns && patterns.size > 0) {
		const patternList = [...patterns].map(exactPattern);
		if (patternList.length === 1) json.pattern = patternList[0].source;
		else if (patternList.length > 1) json.allOf = [...patternList.map((regex) => ({
			...ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0" ? { type: "string" } : {},
			pattern: regex.source
		}))];
	}
};
const numberProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const { minimum, maximum, multipleOf, exclusiveMaximum, exclusiveMinimum, isInt } = aggregateChecks(schema);
	json.type = isInt ? "integer" : "number";
	const exMin = typeof exclusiveMinimum === "number" && exclusiveMinimum >= (minimum ?? Number.NEGATIVE_INFINITY);
	const exMax = typeof exclusiveMaximum === "number" && exclusiveMaximum <= (maximum ?? Number.POSITIVE_INFINITY);
	const legacy = ctx.target === "draft-04" || ctx.target === "openapi-3.0";
	if (exMin) {
		if (legacy) {
			json.minimum = exclusiveMinimum;
			json.exclusiveMinimum = true;
		} else json.exclusiveMinimum = exclusiveMinimum;
	} else if (typeof minimum === "number") json.minimum = minimum;
	if (exMax) {
		if (legacy) {
			json.maximum = exclusiveMaximum;
			json.exclusiveMaximum = true;
		} else json.exclusiveMaximum = exclusiveMaximum;
	} else if (typeof maximum === "number") json.maximum = maximum;
	if (multipleOf) {
		const divisors = /* @__PURE__ */ new Set();
		for (const divisor of multipleOf) if (Number.isFinite(divisor) && divisor !== 0) divisors.add(Math.abs(divisor));
		else handleUnrepresentable(schema, ctx, json, params, `A multipleOf divisor of ${divisor} cannot be represented in JSON Schema`);
		const [first, ...rest] = divisors;
		if (first !== void 0) json.multipleOf = first;
		if (rest.length) json.allOf = [...json.allOf ?? [], ...rest.map((m) => ({ multipleOf: m }))];
	}
};
const booleanProcessor = (_schema, _ctx, json, _params) => {
	json.type = "boolean";
};
const neverProcessor = (_schema, _ctx, json, _params) => {
	json.not = {};
};
const dateProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Date cannot be represented in JSON Schema");
};
const enumProcessor = (schema, _ctx, json, _params) => {
	const def = schema._zod.def;
	const values = getEnumValues(def.entries);
	if (values.length === 0) {
		json.not = {};
		return;
	}
	if (values.every((v) => typeof v === "number")) json.type = "number";
	if (values.every((v) => typeof v === "string")) json.type = "string";
	json.enum = values;
};
const literalProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	if (def.values.length === 0) {
		json.not = {};
		return;
	}
	const vals = [];
	for (const val of def.values) if (val === void 0) {
		if (handleUnrepresentable(schema, ctx, json, params, "Literal `undefined` cannot be represented in JSON Schema")) return;
	} else if (typeof val === "bigint") {
		if (handleUnrepresentable(schema, ctx, json, params, "BigInt literals cannot be represented in JSON Schema")) return;
		vals.push(Number(val));
	} else vals.push(val);
	if (vals.length === 0) {} else if (vals.length === 1) {
		const val = vals[0];
		json.type = val === null ? "null" : typeof val;
		if (ctx.target === "draft-04" || ctx.target === "openapi-3.0") json.enum = [val];
		else json.const = val;
	} else {
		if (vals.every((v) => typeof v === "number")) json.type = "number";
		if (vals.every((v) => typeof v === "string")) json.type = "string";
		if (vals.every((v) => typeof v === "boolean")) json.type = "boolean";
		if (vals.every((v) => v === null)) json.type = "null";
		json.enum = vals;
	}
};
const customProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Custom types cannot be represented in JSON Schema");
};
const transformProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Transforms cannot be represented in JSON Schema");
};
const arrayProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	const { minimum, maximum } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minItems = minimum;
	if (typeof maximum === "number") json.maxItems = maximum;
	json.type = "array";
	json.items = processSchema(def.element, ctx, {
		...params,
		path: [...params.path, "items"]
	});
};
function inputOptin(schema) {
	const def = schema._zod.def;
	if (def.type === "pipe" && def.in._zod.traits.has("$ZodTransform")) return inputOptin(def.out);
	if (def.type === "catch") return inputOptin(def.innerType);
	return schema._zod.optin;
}
const objectProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	const shape = def.shape;
	if (Object.getOwnPropertySymbols(shape).length && handleUnrepresentable(schema, ctx, json, params, "Symbol keys cannot be represented in JSON Schema")) return;
	json.type = "object";
	json.properties = {};
	for (const key in shape) assignProp(json.properties, key, processSchema(shape[key], ctx, {
		...params,
		path: [
			...params.path,
			"properties",
			key
		]
	}));
	const requiredKeys = [];
	for (const key of Object.keys(shape)) {
		const field = def.shape[key];
		if (ctx.io === "input" ? inputOptin(field) === void 0 : field._zod.optout === void 0) requiredKeys.push(key);
	}
	if (requiredKeys.length > 0) json.required = requiredKeys;
	if (def.catchall?._zod.def.type === "never") json.additionalProperties = false;
	else if (!def.catchall) {
		if (ctx.io === "output") json.additionalProperties = false;
	} else if (def.catchall) json.additionalProperties = processSchema(def.catchall, ctx, {
		...params,
		path: [...params.path, "additionalProperties"]
	});
};
const unionProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const isExclusive = def.inclusive === false;
	const options = def.options.map((x, i) => processSchema(x, ctx, {
		...params,
		path: [
			...params.path,
			isExclusive ? "oneOf" : "anyOf",
			i
		]
	}));
	if (isExclusive) json.oneOf = options;
	else json.anyOf = options;
};
const intersectionProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const a = processSchema(def.left, ctx, {
		...params,
		path: [
			...params.path,
			"allOf",
			0
		]
	});
	const b = processSchema(def.right, ctx, {
		...params,
		path: [
			...params.path,
			"allOf",
			1
		]
	});
	const isSimpleIntersection = (val) => "allOf" in val && Object.keys(val).length === 1;
	const allOf = [...isSimpleIntersection(a) ? a.allOf : [a], ...isSimpleIntersection(b) ? b.allOf : [b]];
	json.allOf = allOf;
	ctx.intersections.push(allOf);
};
const tupleProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	json.type = "array";
	const prefixPath = ctx.target === "draft-2020-12" ? "prefixItems" : "items";
	const restPath = ctx.target === "draft-2020-12" ? "items" : ctx.target === "openapi-3.0" ? "items" : "additionalItems";
	const prefixItems = def.items.map((x, i) => processSchema(x, ctx, {
		...params,
		path: [
			...params.path,
			prefixPath,
			i
		]
	}));
	const rest = def.rest ? processSchema(def.rest, ctx, {
		...params,
		path: [
			...params.path,
			restPath,
			...ctx.target === "openapi-3.0" ? [def.items.length] : []
		]
	}) : null;
	let minItems = def.items.length;
	while (minItems > 0) {
		const item = def.items[minItems - 1];
		if (!(ctx.io === "input" ? inputOptin(item) !== void 0 : item._zod.optout === "optional")) break;
		minItems--;
	}
	const maxItems = def.items.length;
	const isClosed = !def.rest;
	if (ctx.target === "draft-2020-12") {
		json.prefixItems = prefixItems;
		if (isClosed) json.items = false;
		else if (rest) json.items = rest;
		if (minItems > 0) json.minItems = minItems;
		if (isClosed) json.maxItems = maxItems;
	} else if (ctx.target === "openapi-3.0") {
		json.items = { anyOf: prefixItems };
		if (rest) json.items.anyOf.push(rest);
		if (minItems > 0) json.minItems = minItems;
		if (isClosed) json.maxItems = maxItems;
	} else {
		json.items = prefixItems;
		if (isClosed) json.additionalItems = false;
		else if (rest) json.additionalItems = rest;
		if (minItems > 0) json.minItems = minItems;
		if (isClosed) json.maxItems = maxItems;
	}
	const { minimum, maximum } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minItems = minimum;
	if (typeof maximum === "number") json.maxItems = maximum;
};
/** JSON object keys are always strings, so a numeric record key schema is re-expressed over the
* numeric-string form the record parser matches. Deferred to `finalize`, after the flatten: a key
* behind a wrapper only carries its own `type` before then, and a union key only has its branches.
*
* A numeric bound cannot apply to a property name, so `minimum` and its siblings are dropped rather
* than carried over: keeping them beside `type: "string"` reproduces the match-nothing schema this
* exists to fix. A key that carries one therefore emits wider than the record parses — `z.record(z.number().min(5), V)`
* accepts `"3"` — which is the deliberate trade, since throwing on it would reject an ordinary schema
* outright. */
function stringifyKeyNames(bySchema, json, visited) {
	if (json.$ref) {
		if (visited.has(json)) return json;
		visited.add(json);
		const def = bySchema.get(json)?.def;
		if (!def) return json;
		const inlined = stringifyKeyNames(bySchema, def, visited);
		return inlined === def ? json : inlined;
	}
	for (const keyword of ["anyOf", "oneOf"]) {
		const branches = json[keyword];
		if (!Array.isArray(branches)) continue;
		const mapped = branches.map((branch) => stringifyKeyNames(bySchema, branch, visited));
		if (mapped.some((branch, i) => branch !== branches[i])) json = {
			...json,
			[keyword]: mapped
		};
	}
	const types = Array.isArray(json.type) ? json.type : [json.type];
	const numericType = !types.includes("string") && types.some((t) => t === "number" || t === "integer");
	const values = json.enum ?? (json.const !== void 0 ? [json.const] : void 0);
	if (!numericType && !values?.some((v) => typeof v === "number")) return json;
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format, id, ...rest } = json;
	if (rest.enum) rest.enum = rest.enum.map((v) => typeof v === "number" ? String(v) : v);
	else if (typeof rest.const === "number") rest.const = String(rest.const);
	if (!numericType) return rest;
	rest.type = "string";
	if (!values) rest.pattern = (types.includes("number") ? number$1 : integer).source;
	return rest;
}
/** Every record of one conversion, so the carriers are found in a single pass rather than once per record. */
const pendingRecords = /* @__PURE__ */ new WeakMap();
function rewriteKeyNames(ctx) {
	const bySchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.values()) if (entry.def && !bySchema.has(entry.schema)) bySchema.set(entry.schema, entry);
	const rewrites = /* @__PURE__ */ new Map();
	for (const record of pendingRecords.get(ctx) ?? []) {
		const seen = ctx.seen.get(record);
		const names = (seen?.def ?? seen?.schema)?.propertyNames;
		if (!names || names === true || rewrites.has(names)) continue;
		const rewritten = stringifyKeyNames(bySchema, names, /* @__PURE__ */ new Set());
		if (rewritten !== names) rewrites.set(names, rewritten);
	}
	if (!rewrites.size) return;
	for (const entry of ctx.seen.values()) for (const carrier of [entry.schema, entry.def]) {
		const rewritten = carrier && rewrites.get(carrier.propertyNames);
		if (rewritten) carrier.propertyNames = rewritten;
	}
}
const recordProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	json.type = "object";
	const keyType = def.keyType;
	const patterns = aggregateChecks(keyType).patterns;
	if (def.mode === "loose" && patterns && patterns.size > 0) {
		const valueSchema = processSchema(def.valueType, ctx, {
			...params,
			path: [
				...params.path,
				"patternProperties",
				"*"
			]
		});
		json.patternProperties = {};
		for (const pattern of patterns) assignProp(json.patternProperties, exactPattern(pattern).source, valueSchema);
	} else {
		if (ctx.target === "draft-07" || ctx.target === "draft-2020-12") {
			json.propertyNames = processSchema(def.keyType, ctx, {
				...params,
				path: [...params.path, "propertyNames"]
			});
			let pending = pendingRecords.get(ctx);
			if (!pending) {
				pending = [];
				pendingRecords.set(ctx, pending);
				ctx.deferred.push(() => rewriteKeyNames(ctx));
			}
			pending.push(schema);
		}
		json.additionalProperties = processSchema(def.valueType, ctx, {
			...params,
			path: [...params.path, "additionalProperties"]
		});
	}
	const keyValues = keyType._zod.values;
	const omittableOnInput = ctx.io === "input" && inputOptin(def.valueType) !== void 0;
	if (keyValues && !def.partial && !omittableOnInput) {
		const validKeyValues = [...keyValues].filter((v) => typeof v === "string" || typeof v === "number");
		if (validKeyValues.length > 0) json.required = validKeyValues.map(String);
	}
};
const nullableProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const inner = processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	if (ctx.target === "openapi-3.0") {
		seen.ref = def.innerType;
		json.nullable = true;
	} else json.anyOf = [inner, { type: "null" }];
};
const nonoptionalProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
};
/** Round-trips a default value through JSON so the emitted schema is guaranteed to be valid JSON.
* A BigInt has no reliable encoding, so it goes through `unrepresentable` like any other
* unrepresentable value. Returns a sentinel when the caller must not write a default of its own. */
const UNREPRESENTABLE_DEFAULT = Symbol();
function serializeDefaultValue(value, schema, ctx, json, params) {
	let unrepresentable = false;
	const serialized = JSON.stringify(value, (_, val) => {
		if (typeof val !== "bigint") return val;
		unrepresentable = true;
		return null;
	});
	if (!unrepresentable) return JSON.parse(serialized);
	handleUnrepresentable(schema, ctx, json, params, "BigInt defaults cannot be represented in JSON Schema");
	return UNREPRESENTABLE_DEFAULT;
}
const defaultProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
	if (value !== UNREPRESENTABLE_DEFAULT) json.default = value;
};
const prefaultProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	if (ctx.io !== "input") return;
	const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
	if (value !== UNREPRESENTABLE_DEFAULT) json._prefault = value;
};
const catchProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	let catchValue;
	try {
		catchValue = def.catchValue(void 0);
	} catch {
		handleUnrepresentable(schema, ctx, json, params, "Dynamic catch values are not supported in JSON Schema");
		return;
	}
	json.default = catchValue;
};
const pipeProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	const inIsTransform = def.in._zod.traits.has("$ZodTransform");
	const innerType = ctx.io === "input" ? inIsTransform ? def.out : def.in : def.out;
	processSchema(innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = innerType;
};
const readonlyProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	json.readOnly = true;
};
const optionalProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
};
const lazyProcessor = (schema, ctx, _json, params) => {
	const innerType = schema._zod.innerType;
	processSchema(innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = innerType;
};
// node_modules/zod/v4/classic/errors.js
const _installedErrorProtos = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
function _lazyMethod(proto, key, make) {
	Object.defineProperty(proto, key, {
		configurable: true,
		enumerable: false,
		get() {
			const value = make(this);
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
			return value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
		}
	});
}
const initializer = (inst, issues) => {
	$ZodError.init(inst, issues);
	inst.name = "ZodError";
	const proto = Object.getPrototypeOf(inst);
	if (_installedErrorProtos.has(proto)) return;
	_installedErrorProtos.add(proto);
	_lazyMethod(proto, "format", (self) => (mapper) => formatError(self, mapper));
	_lazyMethod(proto, "flatten", (self) => (mapper) => flattenError(self, mapper));
	_lazyMethod(proto, "addIssue", (self) => (issue) => {
		self.issues.push(issue);
		self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
	});
	_lazyMethod(proto, "addIssues", (self) => (issues) => {
		self.issues.push(...issues);
		self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
	});
	Object.defineProperty(proto, "isEmpty", {
		configurable: true,
		enumerable: false,
		get() {
			return this.issues.length === 0;
		}
	});
};
const ZodError = /*@__PURE__*/ $constructor("ZodError", initializer);
const ZodRealError = /*@__PURE__*/ $constructor("ZodError", initializer, void 0, { Parent: Error });
// node_modules/zod/v4/classic/parse.js
const parse = /* @__PURE__ */ _parse(ZodRealError);
const parseAsync = /* @__PURE__ */ _parseAsync(ZodRealError);
const safeParse = /* @__PURE__ */ _safeParse(ZodRealError);
const safeParseAsync = /* @__PURE__ */ _safeParseAsync(ZodRealError);
const encode = /* @__PURE__ */ _encode(ZodRealError);
const decode = /* @__PURE__ */ _decode(ZodRealError);
const encodeAsync = /* @__PURE__ */ _encodeAsync(ZodRealError);
const decodeAsync = /* @__PURE__ */ _decodeAsync(ZodRealError);
const safeEncode = /* @__PURE__ */ _safeEncode(ZodRealError);
const safeDecode = /* @__PURE__ */ _safeDecode(ZodRealError);
const safeEncodeAsync = /* @__PURE__ */ _safeEncodeAsync(ZodRealError);
const safeDecodeAsync = /* @__PURE__ */ _safeDecodeAsync(ZodRealError);
// node_modules/zod/v4/classic/schemas.js
function _ensureDefaultLocale() {
	if (!globalConfig.localeError) config(en_default());
}
function _ensureDefaultMemoizer() {
	if (!globalConfig.memoizer) config({ memoizer: memoizer() });
}
const ZodType = /*@__PURE__*/ $constructor("ZodType", (inst, def) => {
	_ensureDefaultLocale();
	$ZodType.init(inst, def);
	inst.def = def;
	inst.type = def.type;
	return inst;
}, {
	check(...chks) {
		const def = this.def;
		return this.clone(mergeDefs(def, { checks: [...def.checks ?? [], ...chks.map((ch) => typeof ch === "function" ? { _zod: {
			check: ch,
			def: { check: "custom" },
			onattach: []
		} } : ch)] }), { parent: true });
	},
	with(...chks) {
		return this.check(...chks);
	},
	clone(def, params) {
		return clone(this, def, params);
	},
	brand() {
		return this;
	},
	register(reg, meta) {
		reg.add(this, meta);
		return this;
	},
	refine(check, params) {
		return this.check(refine(check, params));
	},
	superRefine(refinement, params) {
		return this.check(superRefine(refinement, params));
	},
	overwrite(fn) {
		return this.check(/* @__PURE__ */ _overwrite(fn));
	},
	optional() {
		return optional(this);
	},
	exactOptional() {
		return exactOptional(this);
	},
	nullable() {
		return nullable(this);
	},
	nullish() {
		return optional(nullable(this));
	},
	nonoptional(params) {
		return nonoptional(this, params);
	},
	array() {
		return array(this);
	},
	or(arg) {
		return union([this, arg]);
	},
	and(arg) {
		return intersection(this, arg);
	},
	transform(tx) {
		return pipe(this, transform(tx));
	},
	default(d) {
		return _default(this, d);
	},
	prefault(d) {
		return prefault(this, d);
	},
	catch(params) {
		return _catch(this, params);
	},
	pipe(target) {
		return pipe(this, target);
	},
	readonly() {
		return readonly(this);
	},
	describe(description) {
		const cl = this.clone();
		globalRegistry.add(cl, { description });
		return cl;
	},
	meta(...args) {
		if (args.length === 0) return globalRegistry.get(this);
		const cl = this.clone();
		globalRegistry.add(cl, args[0]);
		return cl;
	},
	isOptional() {
		return this.safeParse(void 0).success;
	},
	isNullable() {
		return this.safeParse(null).success;
	},
	apply(fn, ...args) {
		return args.length === 0 ? fn(this) : fn(this, ...args);
	},
	get "~standard"() {
		return hide(this, "~standard", {
			...standardProps(this),
			jsonSchema: {
				input: createStandardJSONSchemaMethod(this, "input"),
				output: createStandardJSONSchemaMethod(this, "output")
			}
		});
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	},
	parse: function _parse(data, params) {
		return parse(this, data, params, { callee: _parse });
	},
	parseAsync: async function _parseAsync(data, params) {
		return await parseAsync(this, data, params, { callee: _parseAsync });
	},
	safeParse(data, params) {
		return safeParse(this, data, params);
	},
	async safeParseAsync(data, params) {
		return safeParseAsync(this, data, params);
	},
	get spa() {
		return this?.safeParseAsync;
	},
	set spa(value) {
		own(this, "spa", value);
	},
	validate(data, params) {
		return validate(this, data, params);
	},
	validateAsync(data, params) {
		return validateAsync$1(this, data, params);
	},
	encode: function _encode(data, params) {
		return encode(this, data, params, { callee: _encode });
	},
	decode: function _decode(data, params) {
		return decode(this, data, params, { callee: _decode });
	},
	encodeAsync: async function _encodeAsync(data, params) {
		return await encodeAsync(this, data, params, { callee: _encodeAsync });
	},
	decodeAsync: async function _decodeAsync(data, params) {
		return await decodeAsync(this, data, params, { callee: _decodeAsync });
	},
	safeEncode(data, params) {
		return safeEncode(this, data, params);
	},
	safeDecode(data, params) {
		return safeDecode(this, data, params);
	},
	async safeEncodeAsync(data, params) {
		return safeEncodeAsync(this, data, params);
	},
	async safeDecodeAsync(data, params) {
		return safeDecodeAsync(this, data, params);
	},
	toJSONSchema(params) {
		return createToJSONSchemaMethod(this, {})(params);
	},
	get description() {
		return globalRegistry.get(this)?.description;
	},
	get _def() {
		return this._zod.def;
	}
});
/** @internal */
const _ZodString = /*@__PURE__*/ $constructor("_ZodString", (inst, def) => {
	$ZodString.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => stringProcessor(inst, ctx, json, params);
}, /*@__PURE__*/ derived({
	format: (inst) => aggregateChecks(inst).format ?? null,
	minLength: (inst) => aggregateChecks(inst).minimum ?? null,
	maxLength: (inst) => aggregateChecks(inst).maximum ?? null
}, {
	regex(...args) {
		return this.check(/* @__PURE__ */ _regex(...args));
	},
	includes(...args) {
		return this.check(/* @__PURE__ */ _includes(...args));
	},
	startsWith(...args) {
		return this.check(/* @__PURE__ */ _startsWith(...args));
	},
	endsWith(...args) {
		return this.check(/* @__PURE__ */ _endsWith(...args));
	},
	min(...args) {
		return this.check(/* @__PURE__ */ _minLength(...args));
	},
	max(...args) {
		return this.check(/* @__PURE__ */ _maxLength(...args));
	},
	length(...args) {
		return this.check(/* @__PURE__ */ _length(...args));
	},
	nonempty(...args) {
		return this.check(/* @__PURE__ */ _minLength(1, ...args));
	},
	lowercase(params) {
		return this.check(/* @__PURE__ */ _lowercase(params));
	},
	uppercase(params) {
		return this.check(/* @__PURE__ */ _uppercase(params));
	},
	trim() {
		return this.check(/* @__PURE__ */ _trim());
	},
	normalize(...args) {
		return this.check(/* @__PURE__ */ _normalize(...args));
	},
	toLowerCase() {
		return this.check(/* @__PURE__ */ _toLowerCase());
	},
	toUpperCase() {
		return this.check(/* @__PURE__ */ _toUpperCase());
	},
	slugify() {
		return this.check(/* @__PURE__ */ _slugify());
	}
}));
const ZodString = /*@__PURE__*/ $constructor("ZodString", (inst, def) => {
	$ZodString.init(inst, def);
	_ZodString.init(inst, def);
}, {
	email(params) {
		return this.check(/* @__PURE__ */ _email(ZodEmail, params));
	},
	url(params) {
		return this.check(/* @__PURE__ */ _url(ZodURL, params));
	},
	jwt(params) {
		return this.check(/* @__PURE__ */ _jwt(ZodJWT, params));
	},
	emoji(params) {
		return this.check(/* @__PURE__ */ _emoji(ZodEmoji, params));
	},
	guid(params) {
		return this.check(/* @__PURE__ */ _guid(ZodGUID, params));
	},
	uuid(params) {
		return this.check(/* @__PURE__ */ _uuid(ZodUUID, params));
	},
	uuidv4(params) {
		return this.check(/* @__PURE__ */ _uuidv4(ZodUUID, params));
	},
	uuidv6(params) {
		return this.check(/* @__PURE__ */ _uuidv6(ZodUUID, params));
	},
	uuidv7(params) {
		return this.check(/* @__PURE__ */ _uuidv7(ZodUUID, params));
	},
	nanoid(params) {
		return this.check(/* @__PURE__ */ _nanoid(ZodNanoID, params));
	},
	cuid(params) {
		return this.check(/* @__PURE__ */ _cuid(ZodCUID, params));
	},
	cuid2(params) {
		return this.check(/* @__PURE__ */ _cuid2(ZodCUID2, params));
	},
	ulid(params) {
		return this.check(/* @__PURE__ */ _ulid(ZodULID, params));
	},
	base64(params) {
		return this.check(/* @__PURE__ */ _base64(ZodBase64, params));
	},
	base64url(params) {
		return this.check(/* @__PURE__ */ _base64url(ZodBase64URL, params));
	},
	xid(params) {
		return this.check(/* @__PURE__ */ _xid(ZodXID, params));
	},
	ksuid(params) {
		return this.check(/* @__PURE__ */ _ksuid(ZodKSUID, params));
	},
	ipv4(params) {
		return this.check(/* @__PURE__ */ _ipv4(ZodIPv4, params));
	},
	ipv6(params) {
		return this.check(/* @__PURE__ */ _ipv6(ZodIPv6, params));
	},
	cidrv4(params) {
		return this.check(/* @__PURE__ */ _cidrv4(ZodCIDRv4, params));
	},
	cidrv6(params) {
		return this.check(/* @__PURE__ */ _cidrv6(ZodCIDRv6, params));
	},
	e164(params) {
		return this.check(/* @__PURE__ */ _e164(ZodE164, params));
	},
	datetime(params) {
		return this.check(/* @__PURE__ */ _isoDateTime(ZodISODateTime, params));
	},
	date(params) {
		return this.check(/* @__PURE__ */ _isoDate(ZodISODate, params));
	},
	time(params) {
		return this.check(/* @__PURE__ */ _isoTime(ZodISOTime, params));
	},
	duration(params) {
		return this.check(/* @__PURE__ */ _isoDuration(ZodISODuration, params));
	}
});
function string(params) {
	return /* @__PURE__ */ _string(ZodString, params);
}
const ZodStringFormat = /*@__PURE__*/ $constructor("ZodStringFormat", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	_ZodString.init(inst, def);
});
const ZodISODateTime = /*@__PURE__*/ $constructor("ZodISODateTime", (inst, def) => {
	$ZodISODateTime.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISODate = /*@__PURE__*/ $constructor("ZodISODate", (inst, def) => {
	$ZodISODate.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISOTime = /*@__PURE__*/ $constructor("ZodISOTime", (inst, def) => {
	$ZodISOTime.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISODuration = /*@__PURE__*/ $constructor("ZodISODuration", (inst, def) => {
	$ZodISODuration.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodEmail = /*@__PURE__*/ $constructor("ZodEmail", (inst, def) => {
	$ZodEmail.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodGUID = /*@__PURE__*/ $constructor("ZodGUID", (inst, def) => {
	$ZodGUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodUUID = /*@__PURE__*/ $constructor("ZodUUID", (inst, def) => {
	$ZodUUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodURL = /*@__PURE__*/ $constructor("ZodURL", (inst, def) => {
	$ZodURL.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodEmoji = /*@__PURE__*/ $constructor("ZodEmoji", (inst, def) => {
	$ZodEmoji.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodNanoID = /*@__PURE__*/ $constructor("ZodNanoID", (inst, def) => {
	$ZodNanoID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link ZodCUID2} instead.
* See https://github.com/paralleldrive/cuid.
*/
const ZodCUID = /*@__PURE__*/ $constructor("ZodCUID", (inst, def) => {
	$ZodCUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCUID2 = /*@__PURE__*/ $constructor("ZodCUID2", (inst, def) => {
	$ZodCUID2.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodULID = /*@__PURE__*/ $constructor("ZodULID", (inst, def) => {
	$ZodULID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodXID = /*@__PURE__*/ $constructor("ZodXID", (inst, def) => {
	$ZodXID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodKSUID = /*@__PURE__*/ $constructor("ZodKSUID", (inst, def) => {
	$ZodKSUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodIPv4 = /*@__PURE__*/ $constructor("ZodIPv4", (inst, def) => {
	$ZodIPv4.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodIPv6 = /*@__PURE__*/ $constructor("ZodIPv6", (inst, def) => {
	$ZodIPv6.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCIDRv4 = /*@__PURE__*/ $constructor("ZodCIDRv4", (inst, def) => {
	$ZodCIDRv4.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCIDRv6 = /*@__PURE__*/ $constructor("ZodCIDRv6", (inst, def) => {
	$ZodCIDRv6.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodBase64 = /*@__PURE__*/ $constructor("ZodBase64", (inst, def) => {
	$ZodBase64.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodBase64URL = /*@__PURE__*/ $constructor("ZodBase64URL", (inst, def) => {
	$ZodBase64URL.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodE164 = /*@__PURE__*/ $constructor("ZodE164", (inst, def) => {
	$ZodE164.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodJWT = /*@__PURE__*/ $constructor("ZodJWT", (inst, def) => {
	$ZodJWT.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodNumber = /*@__PURE__*/ $constructor("ZodNumber", (inst, def) => {
	$ZodNumber.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => numberProcessor(inst, ctx, json, params);
	inst.isFinite = true;
}, /*@__PURE__*/ derived({
	minValue: (inst) => {
		const { minimum, exclusiveMinimum } = aggregateChecks(inst);
		return Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
	},
	maxValue: (inst) => {
		const { maximum, exclusiveMaximum } = aggregateChecks(inst);
		return Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
	},
	isInt: (inst) => {
		const { isInt, multipleOf } = aggregateChecks(inst);
		return !!isInt || !!multipleOf?.some(Number.isSafeInteger);
	},
	format: (inst) => aggregateChecks(inst).format ?? null
}, {
	gt(value, params) {
		return this.check(/* @__PURE__ */ _gt(value, params));
	},
	gte(value, params) {
		return this.check(/* @__PURE__ */ _gte(value, params));
	},
	min(value, params) {
		return this.check(/* @__PURE__ */ _gte(value, params));
	},
	lt(value, params) {
		return this.check(/* @__PURE__ */ _lt(value, params));
	},
	lte(value, params) {
		return this.check(/* @__PURE__ */ _lte(value, params));
	},
	max(value, params) {
		return this.check(/* @__PURE__ */ _lte(value, params));
	},
	int(params) {
		return this.check(int(params));
	},
	safe(params) {
		return this.check(int(params));
	},
	positive(params) {
		return this.check(/* @__PURE__ */ _gt(0, params));
	},
	nonnegative(params) {
		return this.check(/* @__PURE__ */ _gte(0, params));
	},
	negative(params) {
		return this.check(/* @__PURE__ */ _lt(0, params));
	},
	nonpositive(params) {
		return this.check(/* @__PURE__ */ _lte(0, params));
	},
	multipleOf(value, params) {
		return this.check(/* @__PURE__ */ _multipleOf(value, params));
	},
	step(value, params) {
		return this.check(/* @__PURE__ */ _multipleOf(value, params));
	},
	finite() {
		return this;
	}
}));
function number(params) {
	return /* @__PURE__ */ _number(ZodNumber, params);
}
const ZodNumberFormat = /*@__PURE__*/ $constructor("ZodNumberFormat", (inst, def) => {
	$ZodNumberFormat.init(inst, def);
	ZodNumber.init(inst, def);
});
function int(params) {
	return /* @__PURE__ */ _int(ZodNumberFormat, params);
}
const ZodBoolean = /*@__PURE__*/ $constructor("ZodBoolean", (inst, def) => {
	$ZodBoolean.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => booleanProcessor(inst, ctx, json, params);
});
function boolean(params) {
	return /* @__PURE__ */ _boolean(ZodBoolean, params);
}
const ZodUnknown = /*@__PURE__*/ $constructor("ZodUnknown", (inst, def) => {
	$ZodUnknown.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => void 0;
});
function unknown() {
	return /* @__PURE__ */ _unknown(ZodUnknown);
}
const ZodNever = /*@__PURE__*/ $constructor("ZodNever", (inst, def) => {
	$ZodNever.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => neverProcessor(inst, ctx, json, params);
});
function never(params) {
	return /* @__PURE__ */ _never(ZodNever, params);
}
const ZodDate = /*@__PURE__*/ $constructor("ZodDate", (inst, def) => {
	$ZodDate.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => dateProcessor(inst, ctx, json, params);
	inst.min = (value, params) => inst.check(/* @__PURE__ */ _gte(value, params));
	inst.max = (value, params) => inst.check(/* @__PURE__ */ _lte(value, params));
}, /*@__PURE__*/ derived({
	minDate: (inst) => {
		const { minimum } = aggregateChecks(inst);
		return minimum ? new Date(minimum) : null;
	},
	maxDate: (inst) => {
		const { maximum } = aggregateChecks(inst);
		return maximum ? new Date(maximum) : null;
	}
}, {}));
function date(params) {
	return /* @__PURE__ */ _date(ZodDate, params);
}
const ZodArray = /*@__PURE__*/ $constructor("ZodArray", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodArray.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => arrayProcessor(inst, ctx, json, params);
	inst.element = def.element;
}, {
	min(n, params) {
		return this.check(/* @__PURE__ */ _minLength(n, params));
	},
	nonempty(params) {
		return this.check(/* @__PURE__ */ _minLength(1, params));
	},
	max(n, params) {
		return this.check(/* @__PURE__ */ _maxLength(n, params));
	},
	length(n, params) {
		return this.check(/* @__PURE__ */ _length(n, params));
	},
	unwrap() {
		return this.element;
	}
});
function array(element, params) {
	return /* @__PURE__ */ _array(ZodArray, element, params);
}
const ZodObject = /*@__PURE__*/ $constructor("ZodObject", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodObjectJIT.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => objectProcessor(inst, ctx, json, params);
	installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
}, {
	keyof() {
		return _enum(Object.keys(this._zod.def.shape));
	},
	catchall(catchall) {
		return this.clone(mergeDefs(this._zod.def, { catchall }));
	},
	passthrough() {
		return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
	},
	loose() {
		return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
	},
	strict() {
		return this.clone(mergeDefs(this._zod.def, { catchall: never() }));
	},
	strip() {
		return this.clone(mergeDefs(this._zod.def, { catchall: void 0 }));
	},
	extend(incoming) {
		return extend(this, incoming);
	},
	safeExtend(incoming) {
		return safeExtend(this, incoming);
	},
	merge(other) {
		return merge(this, other);
	},
	pick(mask) {
		return pick(this, mask);
	},
	omit(mask) {
		return omit(this, mask);
	},
	partial(...args) {
		return partial(ZodOptional, this, args[0]);
	},
	exactPartial(...args) {
		return partial(ZodExactOptional, this, args[0], "exactPartial");
	},
	required(...args) {
		return required(ZodNonOptional, this, args[0]);
	}
});
function object(shape, params) {
	const def = {
		type: "object",
		shape: shape ?? {},
		...normalizeParams(params)
	};
	return new ZodObject(def);
}
function strictObject(shape, params) {
	return new ZodObject({
		type: "object",
		shape,
		catchall: never(),
		...normalizeParams(params)
	});
}
function looseObject(shape, params) {
	return new ZodObject({
		type: "object",
		shape,
		catchall: unknown(),
		...normalizeParams(params)
	});
}
const ZodUnion = /*@__PURE__*/ $constructor("ZodUnion", (inst, def) => {
	$ZodUnion.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => unionProcessor(inst, ctx, json, params);
	inst.options = def.options;
});
function union(options, params) {
	return new ZodUnion({
		type: "union",
		options,
		...normalizeParams(params)
	});
}
const ZodDiscriminatedUnion = /*@__PURE__*/ $constructor("ZodDiscriminatedUnion", (inst, def) => {
	ZodUnion.init(inst, def);
	$ZodDiscriminatedUnion.init(inst, def);
});
function discriminatedUnion(discriminator, options, params) {
	return new ZodDiscriminatedUnion({
		type: "union",
		options,
		discriminator,
		...normalizeParams(params)
	});
}
const ZodIntersection = /*@__PURE__*/ $constructor("ZodIntersection", (inst, def) => {
	$ZodIntersection.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => intersectionProcessor(inst, ctx, json, params);
});
function intersection(left, right) {
	return new ZodIntersection({
		type: "intersection",
		left,
		right
	});
}
const ZodTuple = /*@__PURE__*/ $constructor("ZodTuple", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodTuple.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => tupleProcessor(inst, ctx, json, params);
}, {
	rest(rest) {
		return this.clone({
			...this._zod.def,
			rest
		});
	},
	partial() {
		const def = this._zod.def;
		if (def.checks?.length) throw new Error(".partial() cannot be used on tuple schemas containing refinements");
		return this.clone({
			...def,
			items: def.items.map((item) => new ZodOptional({
				type: "optional",
				innerType: item
			}))
		});
	}
});
function tuple(items, _paramsOrRest, _params) {
	const hasRest = _paramsOrRest instanceof $ZodType;
	return new ZodTuple({
		type: "tuple",
		items,
		rest: hasRest ? _paramsOrRest : null,
		...normalizeParams(hasRest ? _params : _paramsOrRest)
	});
}
const ZodRecord = /*@__PURE__*/ $constructor("ZodRecord", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodRecord.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => recordProcessor(inst, ctx, json, params);
	inst.keyType = def.keyType;
	inst.valueType = def.valueType;
});
function record(keyType, valueType, params) {
	if (!valueType || !valueType._zod) return new ZodRecord({
		type: "record",
		keyType: string(),
		valueType: keyType,
		...normalizeParams(valueType)
	});
	return new ZodRecord({
		type: "record",
		keyType,
		valueType,
		...normalizeParams(params)
	});
}
const ZodEnum = /*@__PURE__*/ $constructor("ZodEnum", (inst, def) => {
	$ZodEnum.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => enumProcessor(inst, ctx, json, params);
	inst.enum = def.entries;
	inst.options = [...inst._zod.values];
	const keys = new Set(Object.keys(def.entries));
	inst.extract = (values, params) => {
		const newEntries = {};
		for (const value of values) if (keys.has(value)) newEntries[value] = def.entries[value];
		else throw new Error(`Key ${value} not found in enum`);
		return new ZodEnum({
			...def,
			checks: [],
			...normalizeParams(params),
			entries: newEntries
		});
	};
	inst.exclude = (values, params) => {
		const newEntries = { ...def.entries };
		for (const value of values) if (keys.has(value)) delete newEntries[value];
		else throw new Error(`Key ${value} not found in enum`);
		return new ZodEnum({
			...def,
			checks: [],
			...normalizeParams(params),
			entries: newEntries
		});
	};
});
function _enum(values, params) {
	const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
	return new ZodEnum({
		type: "enum",
		entries,
		...normalizeParams(params)
	});
}
const ZodLiteral = /*@__PURE__*/ $constructor("ZodLiteral", (inst, def) => {
	$ZodLiteral.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => literalProcessor(inst, ctx, json, params);
	inst.values = new Set(def.values);
	Object.defineProperty(inst, "value", { get() {
		if (def.values.length > 1) throw new Error("This schema contains multiple valid literal values. Use `.values` instead.");
		return def.values[0];
	} });
});
function literal(value, params) {
	return new ZodLiteral({
		type: "literal",
		values: Array.isArray(value) ? value : [value],
		...normalizeParams(params)
	});
}
const ZodTransform = /*@__PURE__*/ $constructor("ZodTransform", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodTransform.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => transformProcessor(inst, ctx, json, params);
	inst._zod.parse = (payload, _ctx) => {
		if (_ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		payload.addIssue = (issue$1) => {
			if (typeof issue$1 === "string") payload.issues.push(issue(issue$1, payload.value, def));
			else {
				const _issue = issue$1;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = inst);
				payload.issues.push(issue(_issue));
			}
		};
		const output = def.transform(payload.value, payload);
		if (output instanceof Promise) return output.then((output) => {
			payload.value = output;
			return payload;
		});
		payload.value = output;
		return payload;
	};
});
function transform(fn) {
	return new ZodTransform({
		type: "transform",
		transform: fn
	});
}
const ZodOptional = /*@__PURE__*/ $constructor("ZodOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function optional(innerType) {
	return new ZodOptional({
		type: "optional",
		innerType
	});
}
const ZodExactOptional = /*@__PURE__*/ $constructor("ZodExactOptional", (inst, def) => {
	$ZodExactOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function exactOptional(innerType) {
	return new ZodExactOptional({
		type: "optional",
		innerType
	});
}
const ZodNullable = /*@__PURE__*/ $constructor("ZodNullable", (inst, def) => {
	$ZodNullable.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => nullableProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function nullable(innerType) {
	return new ZodNullable({
		type: "nullable",
		innerType
	});
}
const ZodDefault = /*@__PURE__*/ $constructor("ZodDefault", (inst, def) => {
	$ZodDefault.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => defaultProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
	inst.removeDefault = inst.unwrap;
});
function _default(innerType, defaultValue) {
	return new ZodDefault({
		type: "default",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodPrefault = /*@__PURE__*/ $constructor("ZodPrefault", (inst, def) => {
	$ZodPrefault.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => prefaultProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function prefault(innerType, defaultValue) {
	return new ZodPrefault({
		type: "prefault",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodNonOptional = /*@__PURE__*/ $constructor("ZodNonOptional", (inst, def) => {
	$ZodNonOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => nonoptionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function nonoptional(innerType, params) {
	return new ZodNonOptional({
		type: "nonoptional",
		innerType,
		...normalizeParams(params)
	});
}
const ZodCatch = /*@__PURE__*/ $constructor("ZodCatch", (inst, def) => {
	$ZodCatch.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => catchProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
	inst.removeCatch = inst.unwrap;
});
function _catch(innerType, catchValue) {
	return new ZodCatch({
		type: "catch",
		innerType,
		catchValue: typeof catchValue === "function" ? catchValue : constantCatch(catchValue)
	});
}
const ZodPipe = /*@__PURE__*/ $constructor("ZodPipe", (inst, def) => {
	$ZodPipe.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => pipeProcessor(inst, ctx, json, params);
	inst.in = def.in;
	inst.out = def.out;
});
function pipe(in_, out) {
	return new ZodPipe({
		type: "pipe",
		in: in_,
		out
	});
}
const ZodPreprocess = /*@__PURE__*/ $constructor("ZodPreprocess", (inst, def) => {
	ZodPipe.init(inst, def);
	$ZodPreprocess.init(inst, def);
});
const ZodReadonly = /*@__PURE__*/ $constructor("ZodReadonly", (inst, def) => {
	$ZodReadonly.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => readonlyProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function readonly(innerType) {
	return new ZodReadonly({
		type: "readonly",
		innerType
	});
}
const ZodLazy = /*@__PURE__*/ $constructor("ZodLazy", (inst, def) => {
	$ZodLazy.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => lazyProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.getter();
});
function lazy(getter) {
	return new ZodLazy({
		type: "lazy",
		getter
	});
}
const ZodCustom = /*@__PURE__*/ $constructor("ZodCustom", (inst, def) => {
	$ZodCustom.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => customProcessor(inst, ctx, json, params);
});
function refine(fn, _params = {}) {
	return /* @__PURE__ */ _refine(ZodCustom, fn, _params);
}
function superRefine(fn, params) {
	return /* @__PURE__ */ _superRefine(fn, params);
}
function preprocess(fn, schema) {
	return new ZodPreprocess({
		type: "pipe",
		in: transform(fn),
		out: schema
	});
}
// node_modules/zod/v4/classic/iso.js
function datetime(params) {
	return /* @__PURE__ */ _isoDateTime(ZodISODateTime, params);
}
// src/argument-list.ts
/**
* A program and its arguments, from a JSON array or from one argument a line. A text says what is wrong: nothing here
* goes through a shell, so a line such as `bin/rails db:migrate` would be the name of one program.
*/
function parseArgumentList(text) {
	const list = text.trimStart().startsWith("[") ? fromJson(text) : fromLines(text);
	if (typeof list === "string") return list;
	if (!list[0]) return "must name a program";
	if (list.some((argument) => argument.includes("\0"))) return "must hold no NUL character";
	return list;
}
/** A command as people read it; what is no plain word is quoted as in JSON. */
function showArguments(list) {
	return list.map((argument) => /^[\w./:=@%+,-]+$/.test(argument) ? argument : JSON.stringify(argument)).join(" ");
}
const longestName = 80;
/** The command in a sentence; the whole of it stands elsewhere. */
function nameCommand(list) {
	const whole = showArguments(list);
	return whole.length <= longestName ? whole : `${whole.slice(0, 78)} …`;
}
const forms = "must be a JSON array such as [\"bin/rails\", \"db:migrate\"], or hold one argument a line";
function fromJson(text) {
	try {
		const value = JSON.parse(text);
		return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : forms;
	} catch {
		return forms;
	}
}
function fromLines(text) {
	const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
	return /\s/.test(lines[0] ?? "") ? `${forms}; there is no shell that would split it at blanks` : lines;
}
// src/migration/migration.ts
/** Whether a text of some checksum is the file, by its own or by what the version table keeps. */
function isFileOf({ checksum, kept }, ran) {
	return checksum === ran || kept === ran;
}
/**
* What stands for the number of a migration that has none and runs again whenever it was changed: an edit makes another
* version of it, which the ledger does not hold. The description is one word.
*/
function repeatableVersion(description, checksum) {
	return `R:${description}:${checksum}`;
}
function isRepeatable({ version }) {
	return version.startsWith("R:");
}
/** What stays the same however often a migration is edited: its number, or the name of a repeatable one. */
function lineageOf(version) {
	return isRepeatable({ version }) ? version.slice(0, version.lastIndexOf(":")) : version;
}
/** A version, or its lineage, as people know it: a number, or `R__totals` for what has none. */
function shownVersion(version) {
	return version.replace(/^R:(.*?)(?::-?\d*)?$/s, "R__$1");
}
/** Orders by number, never by text: 2 comes before 10, and 1.9 before 1.10; what is repeatable comes last, by its name. */
function byVersion(a, b) {
	if (isRepeatable(a) || isRepeatable(b)) return byName(a, b);
	const [ours, theirs] = [a.version.split("."), b.version.split(".")];
	for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
		const difference = BigInt(ours[index] ?? 0) - BigInt(theirs[index] ?? 0);
		if (difference !== 0n) return difference < 0n ? -1 : 1;
	}
	return 0;
}
function byName(a, b) {
	if (!isRepeatable(a) || !isRepeatable(b)) return isRepeatable(a) ? 1 : -1;
	const [ours = "", theirs = ""] = [a, b].map(({ version }) => lineageOf(version).replaceAll("_", " "));
	return ours === theirs ? 0 : ours < theirs ? -1 : 1;
}
/** `path:line:column` of an offset in one of the migration's texts. */
function placeIn(migration, text, offset) {
	const position = text.filePosition(migration.file, offset);
	return position === void 0 ? migration.path : `${migration.path}:${position.line}:${position.column}`;
}
// src/adapters/clock.ts
/** The machine's own clock. */
const systemClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonic: () => performance.now(),
	sleep: (ms, signal) => new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const timer = setTimeout(done, ms);
		signal?.addEventListener("abort", done, { once: true });
		function done() {
			clearTimeout(timer);
			signal?.removeEventListener("abort", done);
			resolve();
		}
	})
};
// src/adapters/process.ts
/** After a polite signal, the child gets this long before it is killed; a runner grants 7.5 s in all. */
const graceMs = 2e3;
/** Starts a program with an argument list, never through a shell, in a process group of its own. */
function startChild(program, args, options) {
	const child = spawn(program, args, {
		env: options.env,
		stdio: [
			options.input === void 0 ? "ignore" : "pipe",
			"pipe",
			"pipe"
		],
		detached: true,
		...options.cwd === void 0 ? {} : { cwd: options.cwd },
		...options.user
	});
	let errors = "";
	child.stderr?.setEncoding("utf8").on("data", (text) => {
		errors = (errors + text).slice(-65536);
	});
	if (options.input !== void 0 && child.stdin !== null) {
		const { stdin } = child;
		options.input.on("error", () => child.kill("SIGTERM"));
		stdin.on("error", () => {});
		options.input.pipe(stdin);
	}
	let isClosed = false;
	const kill = (signal) => {
		if (!isClosed) killGroup(child, signal);
	};
	let forced;
	const abort = () => {
		kill("SIGTERM");
		forced = setTimeout(() => kill("SIGKILL"), graceMs);
	};
	const when = (event) => new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on(event, (code, signal) => resolve({
			exitCode: code ?? void 0,
			signal: signal ?? void 0
		}));
	});
	child.on("close", () => {
		isClosed = true;
		clearTimeout(forced);
		options.signal?.removeEventListener("abort", abort);
	});
	const [exited, ended] = [when("exit"), when("close")];
	for (const promise of [exited, ended]) promise.catch(() => {});
	if (options.signal?.aborted) abort();
	options.signal?.addEventListener("abort", abort, { once: true });
	return {
		pid: child.pid,
		stdout: child.stdout,
		errors: child.stderr,
		stderr: () => errors,
		exited,
		ended,
		kill
	};
}
/** Runs a short program to its end and keeps what it said, the last 64 KiB of each stream. */
async function runChild(program, args, options) {
	const child = startChild(program, args, options);
	let stdout = "";
	child.stdout.setEncoding("utf8").on("data", (text) => {
		stdout = (stdout + text).slice(-65536);
	});
	const { exitCode, signal } = await child.ended;
	return {
		exitCode,
		signal,
		stdout,
		stderr: child.stderr()
	};
}
/** Also when the child itself has ended: what it started may be at work, and hold its streams. */
function killGroup(child, signal) {
	if (child.pid === void 0) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		child.kill(signal);
	}
}
// src/adapters/git.ts
/** What a repository says, or nothing where there is none: git is a source of hints, never a requirement. */
async function git(args, cwd, variables) {
	return (await gitText(args, cwd, variables))?.trim();
}
/** What git prints, to the last line end. */
async function gitText(args, cwd, variables, input) {
	let stdout = "";
	const read = (text) => {
		stdout += text;
	};
	return await streamGit(args, cwd, variables, read, input) === 0 ? stdout : void 0;
}
/** Hands over what git prints as it comes: a list of paths may be long. */
async function streamGit(args, cwd, variables, read, input) {
	const env = environment(variables);
	try {
		const child = startChild("git", args, {
			env,
			cwd,
			...input === void 0 ? {} : { input: Readable.from([input]) }
		});
		child.stdout.setEncoding("utf8").on("data", read);
		return (await child.ended).exitCode;
	} catch {
		return;
	}
}
function environment(variables) {
	return Object.fromEntries([
		"PATH",
		"HOME",
		"LANG"
	].flatMap((name) => variables[name] === void 0 ? [] : [[name, variables[name]]]));
}
/** Regular files of a commit below a folder, at any depth or directly in it; `undefined` when git does not hold the commit. */
async function filesOfCommit(commit, folder, cwd, variables, depth) {
	return (await gitText([
		"ls-tree",
		"-z",
		...folder === void 0 ? ["-r", commit] : [
			...depth === "nested" ? ["-r"] : [],
			commit,
			"--",
			`${folder}/`
		]
	], cwd, variables))?.split("\0").flatMap((line) => {
		const [, mode, kind, object, path] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
		return kind !== "blob" || mode === "120000" || object === void 0 || path === void 0 ? [] : [{
			path,
			object
		}];
	});
}
/** What a file of a commit holds, byte by byte. */
async function bytesOfObject(object, cwd, variables) {
	const env = environment(variables);
	const chunks = [];
	try {
		const child = startChild("git", [
			"cat-file",
			"blob",
			object
		], {
			env,
			cwd
		});
		child.stdout.on("data", (chunk) => chunks.push(chunk));
		return (await child.ended).exitCode === 0 ? Buffer.concat(chunks) : void 0;
	} catch {
		return;
	}
}
/** Commits of any ref that added or changed a file, the newest first. */
async function commitsWith(path, cwd, variables) {
	const listed = await git([
		"log",
		"--all",
		"--full-history",
		"-m",
		"--pretty=format:%H",
		"--diff-filter=AMR",
		"--",
		path
	], cwd, variables);
	return [...new Set((listed ?? "").split("\n").filter(Boolean))];
}
async function currentCommit(cwd, variables) {
	return await git([
		"rev-parse",
		"--verify",
		"HEAD"
	], cwd, variables) || void 0;
}
async function currentTag(cwd, variables) {
	return await git([
		"describe",
		"--tags",
		"--exact-match"
	], cwd, variables) || void 0;
}
/** The last part of the name of the repository that this one was cloned from. */
async function repositoryName(cwd, variables) {
	const url = await git([
		"remote",
		"get-url",
		"origin"
	], cwd, variables);
	return url === void 0 ? void 0 : /([^/:\\]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
/** Owner and name, as the remote's address ends with them. */
async function originRepository(cwd, variables) {
	const url = await git([
		"remote",
		"get-url",
		"origin"
	], cwd, variables);
	return url === void 0 ? void 0 : /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
/** Every path below a folder that any ref has ever added, also one that only a merge added. */
async function pathsInHistory(folder, cwd, variables) {
	const format = [
		"-z",
		"--pretty=format:",
		"--name-only",
		"--no-renames",
		"--diff-filter=A"
	];
	const paths = /* @__PURE__ */ new Set();
	let rest = "";
	const read = (text) => {
		const parts = (rest + text).split("\0");
		rest = parts.pop();
		for (const part of parts) if (part.trim() !== "") paths.add(part.trim());
	};
	await streamGit([
		"log",
		"--all",
		"--full-history",
		"-m",
		...format,
		"--",
		folder
	], cwd, variables, read);
	read("\0");
	return [...paths];
}
/** Files below a folder that are in the index. */
async function trackedPaths(folder, variables) {
	return (await gitText(["ls-files", "-z"], folder, variables) ?? "").split("\0").filter(Boolean);
}
async function repositoryDepth(cwd, variables) {
	const shallow = await git(["rev-parse", "--is-shallow-repository"], cwd, variables);
	return shallow === void 0 ? "none" : shallow === "true" ? "shallow" : "whole";
}
/** A path between two commits that is found is there; one that is not found may have been cut off from a shallow clone. */
async function compareCommits(current, other, cwd, variables) {
	if (current === other) return "same";
	if (current === void 0 || !isCommit(current) || !isCommit(other)) return "unknown";
	const [older, newer] = [await isAncestor(current, other, cwd, variables), await isAncestor(other, current, cwd, variables)];
	if (older) return "older";
	if (newer) return "newer";
	if (older === void 0 || newer === void 0) return "unknown";
	return await repositoryDepth(cwd, variables) === "whole" ? "diverged" : "unknown";
}
/** `undefined` when git does not know one of them. */
async function isAncestor(one, other, cwd, variables) {
	const exitCode = await streamGit([
		"merge-base",
		"--is-ancestor",
		one,
		other
	], cwd, variables, () => {});
	return exitCode === 0 ? true : exitCode === 1 ? false : void 0;
}
/** A name from a history row must not be read as an option, nor as a branch that moves. */
function isCommit(text) {
	return /^[0-9a-f]{40,64}$/.test(text);
}
// src/adapters/git-changes.ts
/** The commit of the first name that git knows. A name is never read as an option. */
async function firstKnown(names, folder, variables) {
	const asked = names.flatMap((name) => name === void 0 || name.includes("\n") ? [] : `${name}^{commit}\n`);
	if (asked.length === 0) return void 0;
	const answers = await gitText(["cat-file", "--batch-check"], folder, variables, asked.join(""));
	return /^([0-9a-f]{40,64}) commit /m.exec(answers ?? "")?.[1];
}
/** Where the one went off from the other; `undefined` when git does not hold as much. */
async function commonCommit(one, other, folder, variables) {
	return await git([
		"merge-base",
		"--end-of-options",
		one,
		other
	], folder, variables) || void 0;
}
/** Parents as the commit names them; a clone that was cut off does not hold them, and names them all the same. */
async function parentsOf(name, folder, variables) {
	const commit = await firstKnown([name], folder, variables);
	const text = commit === void 0 ? void 0 : await git([
		"cat-file",
		"commit",
		commit
	], folder, variables);
	if (commit === void 0 || text === void 0) return void 0;
	return {
		commit,
		parents: [...text.split("\n\n")[0].matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1])
	};
}
/** The newest commit of the branch that changes go to, as far as the remote is known. */
async function defaultBranchOf(named, folder, variables) {
	return firstKnown(named === void 0 ? [
		"origin/HEAD",
		"origin/main",
		"origin/master"
	] : [`origin/${named}`], folder, variables);
}
/** A file that is less alike than this has taken the place of another, whatever its name was. */
const alike = "--find-renames=90%";
/** Changes below the folder, with paths from there; without a newer commit those of the working tree, new files included. */
async function changesInGit(base, head, folder, variables) {
	const ends = head === void 0 ? [base] : [base, head];
	const [listed, untracked] = await Promise.all([git([
		"diff",
		"--name-status",
		"-z",
		"--no-ext-diff",
		alike,
		"-l0",
		"--relative",
		...ends,
		"--",
		"."
	], folder, variables), head === void 0 ? git([
		"ls-files",
		"--others",
		"--exclude-standard",
		"-z",
		"--",
		"."
	], folder, variables) : void 0]);
	const changes = readChanges(listed ?? "");
	if (head !== void 0) return changes;
	return [...changes, ...(untracked ?? "").split("\0").filter(Boolean).map((path) => ({
		kind: "added",
		path
	}))];
}
/** What `git diff --name-status -z` prints: a letter, and one path or two. */
function readChanges(listed) {
	const words = listed.split("\0").filter(Boolean);
	const changes = [];
	for (let at = 0; at < words.length;) {
		const letter = words[at++][0];
		const path = words[at++];
		if (letter === "R") changes.push({
			kind: "renamed",
			from: path,
			path: words[at++]
		});
		else if (letter === "C") changes.push({
			kind: "added",
			path: words[at++]
		});
		else changes.push({
			kind: letter === "A" ? "added" : letter === "D" ? "removed" : "modified",
			path
		});
	}
	return changes;
}
// src/migration/layout.ts
/** A file's text. Throws `unreadable-file` when it is not UTF-8; a byte order mark is dropped. */
function textOf(file) {
	if (file.bytes.includes(0)) throw new ReleaseError("unreadable-file", `${file.path} holds a NUL character.`, { hint: "Save the file as plain UTF-8 text." });
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `${file.path} is not UTF-8 text.`, {
			hint: "Save the file as UTF-8.",
			cause
		});
	}
}
function checksumOf(file) {
	return createHash("sha256").update(file.bytes).digest("hex");
}
/** Version and id of `0007_name.sql`, or `undefined` when the name has no leading number. */
function numberedName(fileName) {
	const match = /^(\d{1,19})(?:[_-].*)?\.sql$/i.exec(fileName);
	if (match === null) return void 0;
	return {
		version: String(BigInt(match[1])),
		id: fileName.replace(/\.sql$/i, "")
	};
}
/** What a file of the layout is refused with; the problem follows its path. */
function invalidMigration(path, problem, hint) {
	return new ReleaseError("invalid-migration", `${path} ${problem}.`, {
		at: path,
		hint
	});
}
/** "12 of 12 files carry -- +goose Up"; `undefined` when none does. */
function countedEvidence(found, all, what) {
	return found === 0 ? void 0 : `${found} of ${all} files ${what}`;
}
/** Throws where the tool takes a byte order mark for a part of the first line. */
function refuseByteOrderMark(file, tool) {
	if (!Buffer.from(file.bytes.subarray(0, 3)).equals(Buffer.from("﻿"))) return;
	const at = `${file.path}:1:1`;
	throw new ReleaseError("invalid-migration", `${at} begins with a byte order mark, which ${tool} takes for a part of the first line.`, {
		at,
		hint: "Save the file as UTF-8 without a byte order mark."
	});
}
/** The next number in the folder's own width, or a time stamp when the folder uses time stamps; of a version with points the next last part. */
function nextVersion(existing, now, byTime = false) {
	const numbered = existing.filter((one) => !isRepeatable(one));
	const parts = numbered.toSorted(byVersion).at(-1)?.version.split(".") ?? [];
	const last = parts.pop();
	if (last !== void 0 && parts.length > 0) return [...parts, BigInt(last) + 1n].join(".");
	const width = numbered.reduce((widest, { id }) => Math.max(widest, /^V?(\d+)/.exec(id)?.[1]?.length ?? 0), 0);
	if (last === void 0 ? byTime : last.length >= 12 || width === 14) {
		const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
		return BigInt(stamp) > BigInt(last ?? 0) ? stamp : String(BigInt(last ?? 0) + 1n);
	}
	return String(BigInt(last ?? "0") + 1n).padStart(width || 4, "0");
}
// src/migration/layouts/flyway/file-name.ts
const named$1 = /^(?:([VU])(\d+(?:[._]\d+)*)(?:__([^/]*))?|R__([^/]*))\.sql$/i;
/** Reads `V1.2__add_email.sql`, `U1.2__add_email.sql` and `R__totals.sql`; the ending alone may be in capitals. */
function flywayName(fileName) {
	const [, prefix, number, described, repeated] = named$1.exec(fileName) ?? [];
	const first = fileName[0];
	const id = fileName.slice(0, -4);
	if (repeated !== void 0) return first === "R" ? {
		kind: "repeatable",
		version: void 0,
		written: "",
		description: oneWord(repeated),
		id
	} : void 0;
	if (number === void 0 || first !== "V" && first !== "U") return void 0;
	const written = number.replaceAll("_", ".");
	return {
		kind: prefix === "V" ? "numbered" : "undo",
		version: comparedVersion(written),
		written,
		description: oneWord(described ?? ""),
		id
	};
}
/** Without leading zeros and without parts that are zero at the end: to Flyway 1, 01 and 1.0 are one version. */
function comparedVersion(written) {
	const parts = written.split(".").map((part) => BigInt(part).toString());
	while (parts.length > 1 && parts.at(-1) === "0") parts.pop();
	return parts.join(".");
}
function oneWord(description) {
	return description.replaceAll(" ", "_");
}
// src/migration/migration-path.ts
/** What the folder of one migration holds, in layouts where each has its own; in other letters or deeper too, where the tools stop at it. */
const inner = /^[^/.][^/]*\/(?:[^/]+\/)*(?:up\.sql|down\.sql|metadata\.toml|migration\.sql)$/i;
/** Whether a path, counted from the folder of migrations, may be a file of a migration that has a folder of its own. */
function isNested(path) {
	return inner.test(path);
}
/** A file in a folder below that of the migrations that Flyway or Rails, which read those too, would take. */
const below = /^(?:[^/.][^/]*\/)+(?:(?:[VUB]\d[^/]*|R__[^/]*|(?:before|after|create)[A-Z][^/]*)\.(?:sql|java|kt|class|py|sh|bash|ps1|bat|cmd)|\d[^/]*_[^/]*\.rb)$/i;
/** Whether a path below the folder of migrations may be of some tool. */
function isReadBelow(path) {
	return isNested(path) || below.test(path);
}
/** The folder of migrations that a path lies in, and the migration's name there: that of a file, or of its own folder. */
function partsOfPath(path) {
	const parts = path.split("/");
	const depth = isNested(parts.slice(-2).join("/")) && /^\d/.test(parts.at(-2) ?? "") ? 2 : 1;
	return {
		folder: parts.slice(0, -depth).join("/") || ".",
		name: parts.at(-depth)
	};
}
/** The version that a path stands for, as `lineageOf` has it; `undefined` when its name has none. */
function versionOfPath(path) {
	const { name } = partsOfPath(path);
	return name === path.split("/").at(-1) ? named(asSql(name))?.version : folderVersion(name);
}
/** `20260102030405` of `2026-01-02-030405_add_email`: what stands before the first underscore, without its dashes. */
function folderVersion(name) {
	const digits = name.split("_")[0].replaceAll("-", "");
	return /^\d{1,19}$/.test(digits) ? BigInt(digits).toString() : void 0;
}
/** The version in a migration's id, as somebody types it. */
function versionOfId(id) {
	return /^\d{4}-\d\d-\d\d-\d{6}_/.test(id) ? folderVersion(id) : named(`${id}.sql`)?.version;
}
function named(fileName) {
	const flyway = flywayName(fileName);
	if (flyway === void 0) return numberedName(fileName);
	const { kind, id, description, version = lineageOf(repeatableVersion(description, "")) } = flyway;
	return kind === "undo" ? void 0 : {
		version,
		id
	};
}
/** A migration as somebody typed it, by its id or its version, as `lineageOf` has it; the file's ending does no harm. */
function readTyped(typed) {
	const word = typed.replace(/(?:(?:\.up)?\.sql|\.rb)$/i, "");
	const isVersion = /^\d{1,19}(?:\.\d{1,19})*$/.test(word);
	const version = isVersion ? comparedVersion(word) : versionOfId(word);
	return {
		word,
		version,
		isVersion: isVersion || version !== void 0 && isRepeatable({ version })
	};
}
/** Version, as `lineageOf` has it, and name of each path of a repository that a tool would take for a migration; a number stands there once a name. */
function numberedPaths(paths) {
	return paths.flatMap((path) => {
		const { name } = partsOfPath(path);
		if (path.endsWith(`/${name}`) || path === name) return named(asSql(name)) ?? [];
		const version = folderVersion(name);
		return version === void 0 ? [] : [{
			version,
			id: name
		}];
	});
}
/** Names count alike whatever language a migration is written in. */
function asSql(name) {
	return name.replace(/\.(?:go|rb)$/i, ".sql");
}
// src/adapters/git-files.ts
/** Files directly in a folder of a commit. Paths count from `cwd`, as in the checkout. */
async function folderAt(commit, folder, cwd, variables, depth) {
	const home = folder === "" ? "." : folder;
	const entries = await filesOfCommit(commit, home, cwd, variables, depth);
	const nameOf = (path) => home === "." ? path : path.slice(home.length + 1);
	const own = entries?.filter(({ path }) => dirname$1(path) === home || depth === "nested" && isReadBelow(nameOf(path)));
	if (own === void 0 || own.length === 0) return void 0;
	return (await readAll(own, cwd, variables)).map((file) => ({
		...file,
		name: nameOf(file.path)
	}));
}
/** Files of a commit that are wanted, at any depth. */
async function filesAt(commit, isWanted, cwd, variables) {
	return readAll((await filesOfCommit(commit, void 0, cwd, variables) ?? []).filter(({ path }) => isWanted(path)), cwd, variables);
}
/** Some at a time: each is a program of its own. */
async function readAll(entries, cwd, variables) {
	const files = [];
	for (let at = 0; at < entries.length; at += 8) {
		const read = entries.slice(at, at + 8).map(async ({ path, object }) => {
			const bytes = await bytesOfObject(object, cwd, variables);
			if (bytes === void 0) throw missing(path);
			return {
				path,
				name: basename$1(path),
				bytes
			};
		});
		files.push(...await Promise.all(read));
	}
	return files;
}
function missing(path) {
	return new ReleaseError("unreadable-file", `git names ${path} in that commit and does not hold what is in it.`, { hint: "The clone leaves contents out: fetch it whole (fetch-depth: 0, without a filter)." });
}
// src/adapters/project-files.ts
/** Larger files are no migrations and no queries. */
const largestFileBytes = 67108864;
async function readFolder(path, baseDir, depth) {
	try {
		const entries = await readdir(path, { withFileTypes: true });
		const flat = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
		const folders = depth === "nested" ? entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")) : [];
		const inner = await Promise.all(folders.map(async ({ name }) => (await readdir(join(path, name), { recursive: true })).map((file) => `${name}/${file}`)));
		return [...flat, ...inner.flat().filter(isReadBelow)].sort().map((name) => ({
			...readSourceFile(join(path, name), baseDir),
			name
		}));
	} catch (cause) {
		if (cause instanceof ReleaseError) throw cause;
		if (systemCode(cause) === "ENOENT") return void 0;
		throw new ReleaseError("unreadable-file", `${relative(baseDir, path)} cannot be read (${systemCode(cause)}).`, {
			hint: "It must be a folder that this user may read.",
			cause
		});
	}
}
/** Thousands of small files are read sooner one by one than by asking for each of them to be read. */
function readSourceFile(path, baseDir) {
	const shown = relative(baseDir, path);
	const facts = statSync(path, { throwIfNoEntry: false });
	if (facts === void 0) throw new ReleaseError("unreadable-file", `${shown} is a link that leads nowhere.`, { hint: "Move it out of the folder." });
	if (facts.isDirectory()) {
		const name = basename(path);
		if (!/^\d/.test(name)) return {
			name,
			path: shown,
			bytes: /* @__PURE__ */ new Uint8Array()
		};
		throw new ReleaseError("unreadable-file", `${shown} is a link to a folder; a tool would take it for a migration, and Shiplock follows none.`, { hint: "Put the folder itself in its place." });
	}
	if (!facts.isFile() || facts.size > largestFileBytes) throw new ReleaseError("unreadable-file", `${shown} is ${facts.isFile() ? "larger than 64 MiB" : "no regular file"}.`, { hint: "Move it out of the folder." });
	return {
		name: basename(path),
		path: shown,
		bytes: readFileSync(path)
	};
}
async function writeNewFile(path, text, baseDir) {
	await mkdir(dirname(path), { recursive: true });
	try {
		await writeFile(path, text, { flag: "wx" });
	} catch (cause) {
		if (systemCode(cause) !== "EEXIST") throw cause;
		throw new ReleaseError("file-exists", `${relative(baseDir, path)} exists already.`, {
			hint: "Choose another name, or remove the file first: nothing is ever overwritten.",
			cause
		});
	}
}
/** The program may have been started through a link, as npm makes them. */
async function readShipped(path, program) {
	const file = join(dirname(await realpath(program)), "..", path);
	try {
		return await readFile(file, "utf8");
	} catch (cause) {
		if (systemCode(cause) !== "ENOENT") throw cause;
		throw new ReleaseError("unreadable-file", `${path} is not there: this installation of Shiplock is not whole.`, {
			hint: "Install the whole package again; the program alone does not hold the workflows.",
			cause
		});
	}
}
async function replaceFile(path, text, baseDir) {
	const fresh = `${path}.${randomBytes(6).toString("hex")}`;
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(fresh, text, { flag: "wx" });
		await rename(fresh, path);
	} catch (cause) {
		await rm(fresh, { force: true });
		if (systemCode(cause) === void 0) throw cause;
		throw new ReleaseError("unreadable-file", `${relative(baseDir, path)} cannot be written (${systemCode(cause)}).`, {
			hint: "Name a file in a folder that this user may write.",
			cause
		});
	}
}
async function readText(path, baseDir) {
	try {
		return await readFile(path, "utf8");
	} catch (cause) {
		if (systemCode(cause) === "ENOENT") return void 0;
		throw new ReleaseError("unreadable-file", `${relative(baseDir, path)} cannot be read (${systemCode(cause)}).`, {
			hint: "Check the path and the rights of this user.",
			cause
		});
	}
}
async function readAuthority(path) {
	if (path === void 0) return void 0;
	try {
		const pem = await readFile(path, "utf8");
		if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `The authority ${path} cannot be read (${systemCode(cause)}).`, {
			hint: "database-ca (or sslrootcert) must name a PEM file.",
			cause
		});
	}
	throw new ReleaseError("unreadable-file", `${path} holds no certificate.`, { hint: "database-ca (or sslrootcert) must name a PEM file." });
}
// src/adapters/context.ts
/** Who runs this, as GitHub or the machine tells it. */
async function describeRun(variables, cwd) {
	const onGitHub = Boolean(variables.GITHUB_RUN_ID);
	const tag = variables.GITHUB_REF_TYPE === "tag" ? variables.GITHUB_REF_NAME : void 0;
	const [head, repository, named] = await Promise.all([
		currentCommit(cwd, variables),
		variables.GITHUB_REPOSITORY?.split("/").at(-1) ?? repositoryName(cwd, variables),
		tag ?? (onGitHub ? void 0 : currentTag(cwd, variables))
	]);
	return {
		id: variables.GITHUB_RUN_ID || String(pid),
		attempt: variables.GITHUB_RUN_ATTEMPT || "1",
		host: variables.RUNNER_NAME || hostname(),
		commit: head ?? (variables.GITHUB_SHA || void 0),
		by: onGitHub ? startedBy(variables) : void 0,
		repository,
		tag: named
	};
}
function startedBy(variables) {
	const { GITHUB_ACTOR: actor, GITHUB_ACTOR_ID: id, GITHUB_TRIGGERING_ACTOR: triggering, GITHUB_EVENT_NAME: event } = variables;
	if (!actor) return void 0;
	return {
		actor,
		actorId: id || void 0,
		triggeringActor: triggering || void 0,
		event: event || void 0
	};
}
/** The only place that knows which adapter serves what. Each is loaded when it is first needed. */
async function createContext(surroundings) {
	const { variables, baseDir, log, run, signal, storeAccess } = surroundings;
	const roots = [variables.RUNNER_TEMP, tmpdir()].filter((root) => Boolean(root));
	const say = (text) => log.info(text);
	const sweep = async () => {
		const { sweepWorkspaces } = await import("./workspace2.js");
		for (const path of await sweepWorkspaces(roots)) say(`removed ${path}, left behind by an earlier run`);
	};
	const makeFolder = async () => {
		const { makeWorkspace } = await import("./workspace2.js");
		await sweep();
		return makeWorkspace({ roots });
	};
	const tools = (given) => ({
		...given,
		env: variables,
		say
	});
	const openGitHub = async (token, limit = signal) => {
		const { GitHubClient } = await import("./client.js");
		return new GitHubClient({
			apiUrl: variables.GITHUB_API_URL || "https://api.github.com",
			token,
			signal: limit
		});
	};
	return {
		...surroundings,
		ask: surroundings.ask ?? (async () => void 0),
		readShipped: (path) => readShipped(path, surroundings.program),
		storeEndpoint: surroundings.storeAccess.endpoint,
		clock: systemClock,
		readFolder: (path, depth) => readFolder(path, baseDir, depth),
		writeNewFile: (path, text) => writeNewFile(path, text, baseDir),
		replaceFile: (path, text) => replaceFile(path, text, baseDir),
		readText: (path) => readText(path, baseDir),
		trackedPaths: () => trackedPaths(baseDir, variables),
		gitPaths: (folder) => pathsInHistory(folder, baseDir, variables),
		gitCommit: (name) => firstKnown([name], baseDir, variables),
		gitFolder: (commit, folder, depth) => folderAt(commit, relative(baseDir, folder), baseDir, variables, depth),
		gitFiles: (commit, isWanted) => filesAt(commit, isWanted, baseDir, variables),
		gitCommitsWith: (path) => commitsWith(path, baseDir, variables),
		gitDepth: () => repositoryDepth(baseDir, variables),
		compareCommit: (other, current = run.commit) => compareCommits(current, other, baseDir, variables),
		async openReview(options) {
			const { openReview } = await import("./review.js");
			const { base, token } = options;
			return openReview({ base }, {
				folder: baseDir,
				variables,
				github: token === void 0 ? void 0 : () => openGitHub(token)
			});
		},
		async openConversation(pullRequest, token) {
			const { openConversation } = await import("./conversation2.js");
			return openConversation(await openGitHub(token), pullRequest);
		},
		async openProtection(token) {
			const { openProtection } = await import("./environment.js");
			return openProtection(await openGitHub(token), variables.GITHUB_REPOSITORY || await originRepository(baseDir, variables));
		},
		async readCommitChecks(commit, { repository, token, signal: limit }) {
			const { readCommitChecks } = await import("./commit-checks.js");
			return readCommitChecks(await openGitHub(token, limit), repository, commit);
		},
		async openIssues({ repository, token, signal: limit }) {
			const { openIssues } = await import("./issues.js");
			return openIssues(await openGitHub(token, limit), repository);
		},
		async openProbes(wanted) {
			const { openProbes } = await import("./probes.js");
			const { applicationName } = await import("./session.js");
			return openProbes(wanted, {
				...systemClock,
				applicationName: applicationName(run)
			});
		},
		readAuthority,
		makeFolder,
		async makeTunnel(options) {
			const { makeTunnel } = await import("./tunnel.js");
			return makeTunnel({
				...options,
				env: variables,
				ownConfig: !surroundings.inAction,
				makeFolder,
				signal,
				say
			});
		},
		async openMigrationDatabase(database, options) {
			const { openMigrationDatabase } = await import("./migration-database.js");
			const { project, environment, release, storeUrl } = surroundings;
			const storedState = storeUrl === void 0 ? void 0 : openStoredState(storeUrl, storeAccess);
			return openMigrationDatabase({
				database,
				...options,
				run,
				project,
				environment,
				release,
				storedState,
				say,
				warn: (text) => log.warn(text),
				sayForeign: (text) => log.foreign(text)
			});
		},
		async runTeamProgram(command, options) {
			const { runTeamProgram } = await import("./team-command.js");
			return runTeamProgram(command, {
				...options,
				cwd: baseDir,
				onLine: (line) => log.foreign(line)
			});
		},
		async streamFile(path, take) {
			const { streamFile } = await import("./stream-names.js");
			return streamFile(path, relative(baseDir, path), take);
		},
		async streamProgram(command, options, take) {
			const { streamProgram } = await import("./stream-names.js");
			return streamProgram(command, {
				...options,
				cwd: baseDir
			}, take);
		},
		async namesOnGitHub(token) {
			const { namesOnGitHub } = await import("./config-names.js");
			return namesOnGitHub(await openGitHub(token), variables.GITHUB_REPOSITORY, surroundings.environment);
		},
		folderInRepository: async () => await git(["rev-parse", "--show-prefix"], baseDir, variables) ?? "",
		async prepareQueries(database, queries) {
			const { prepareQueries } = await import("./prepare-queries.js");
			const { applicationName } = await import("./session.js");
			return prepareQueries(queries, database, applicationName(run));
		},
		async openSource(database, options) {
			const { openSource } = await import("./source2.js");
			const { applicationName } = await import("./session.js");
			const { knownTables } = await import("./source-facts.js");
			await sweep();
			return openSource({
				database,
				tools: options,
				stateSchema: options.stateSchema,
				known: knownTables(surroundings.project, options.versionTable),
				env: variables,
				applicationName: applicationName(run),
				roots,
				say,
				now: () => systemClock.now(),
				lockWaitTimeoutMs: options.lockWaitTimeoutMs
			});
		},
		async openRescue(database, options) {
			const { openRescue } = await import("./source.js");
			const { applicationName } = await import("./session.js");
			await sweep();
			return openRescue({
				...options,
				database,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say,
				signal
			});
		},
		openStore: (url) => openStore(url, storeAccess),
		async readStoredRun(url) {
			const { readStoredRun } = await import("./stored-run.js");
			return readStoredRun(await openStore(url, storeAccess), { ...surroundings }, () => systemClock.now());
		},
		async decodeArchive(archive, options) {
			const { findTools } = await import("./tools2.js");
			const { decodeArchive } = await import("./archive.js");
			return decodeArchive(archive, await findTools({
				...tools(options),
				major: options.major,
				set: "client"
			}), variables, signal);
		},
		async makeScratchCluster(options) {
			const { makeScratchCluster } = await import("./scratch2.js");
			return makeScratchCluster({
				...options,
				roots,
				env: variables,
				say,
				signal
			});
		},
		async openTarget(target, options) {
			const { openTarget } = await import("./target-database.js");
			const { applicationName } = await import("./session.js");
			await sweep();
			return openTarget({
				...options,
				target,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say
			});
		},
		async readSchema(database, options) {
			const { readSchema } = await import("./read-schema.js");
			const { applicationName } = await import("./session.js");
			await sweep();
			return readSchema({
				...options,
				database,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say,
				signal
			});
		},
		async makeRehearsal(database, options) {
			const { makeRehearsal } = await import("./rehearsal.js");
			const { applicationName } = await import("./session.js");
			return makeRehearsal({
				...options,
				database,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say,
				signal
			});
		},
		async makeStage(options) {
			const { makeStage } = await import("./stage.js");
			return makeStage({
				tools: options,
				program: surroundings.program,
				env: variables,
				roots,
				signal,
				say
			});
		}
	};
}
async function openStore(url, access) {
	const now = () => systemClock.now();
	if (url.startsWith("s3:")) {
		const { s3Store } = await import("./store.js");
		return s3Store(url, access, now);
	}
	const { folderOfUrl, folderStore } = await import("./folder.js");
	return folderStore(folderOfUrl(url), now);
}
/** `plan` opens the store only when the history may be there. */
function openStoredState(url, access) {
	return async (scope, identity) => {
		const { StoredState } = await import("./stored-state2.js");
		return new StoredState(await openStore(url, access), scope, identity, () => systemClock.now());
	};
}
// src/explain-error.ts
/** An error as the result holds it. */
function describeError(error) {
	return {
		code: error.code,
		message: error.message,
		...error.hint === void 0 ? {} : { hint: error.hint },
		...error.at === void 0 ? {} : { at: error.at }
	};
}
/** Errors that Node and PostgreSQL throw for a user's mistake get a code and a next step; the rest is a bug. */
function asReleaseError(error) {
	if (error instanceof ReleaseError) return error;
	const code = systemCode(error) ?? "";
	const message = messageOf(error);
	if (code === "42501") return new ReleaseError("insufficient-rights", `${message}.`, {
		hint: "Grant the right to the role of the connection, or name another with the input role.",
		cause: error
	});
	if (/^(?:57P0|08)/.test(code) || [
		"ECONNRESET",
		"EPIPE",
		"ETIMEDOUT"
	].includes(code) || /^Connection terminated|^Query read timeout|not queryable|connection error/.test(message)) return new ReleaseError("connection-lost", `The connection to the server broke (${code || message}).`, {
		hint: "Run the same command again: the ledger says what was applied.",
		cause: error
	});
	if (code === "ENOSPC" || code === "EDQUOT") return new ReleaseError("disk-full", `There is no room left: ${message}.`, {
		hint: "Make room where this step writes: the store, or the folder for temporary files (TMPDIR, RUNNER_TEMP).",
		cause: error
	});
	if ([
		"EACCES",
		"EPERM",
		"ENOENT",
		"EISDIR",
		"ENOTDIR",
		"EROFS"
	].includes(code)) return new ReleaseError("unreadable-file", message, {
		hint: "Check the path, its rights and the space on the disk.",
		cause: error
	});
	if (/^[0-9A-Z]{5}$/.test(code) && typeof error === "object" && error !== null && "severity" in error) {
		const readOnly = code === "25006" ? "The database is read-only: a replica, a full disk of a managed service, or default_transaction_read_only." : "";
		return new ReleaseError("server-refused", `The server refused a statement of Shiplock: ${message} (SQLSTATE ${code}).`, {
			hint: readOnly || "Check state-schema, migrations-table and the rights of the role; the SQLSTATE says what the server objects to.",
			cause: error
		});
	}
	return new ReleaseError("internal-error", `Shiplock failed: ${message}`, {
		hint: "This is a bug of Shiplock. Please report it with the text above, without secrets.",
		cause: error
	});
}
/** What a start ends with when a signal stopped it. */
function interrupted(cause) {
	return new ReleaseError("interrupted", "The run was stopped by a signal.", {
		hint: "Run the same command again; a second run is safe.",
		cause
	});
}
// src/home-folders.ts
/** Rails, whose application is there before its first migration. */
const railsHome = {
	layout: "rails",
	shownBy: ["config/application.rb", "Rails::Application"],
	pre: "db/migrate",
	post: "db/post_migrate"
};
/** Where tools keep their migrations that have a place of their own in a project. */
const homes = [railsHome, {
	layout: "prisma",
	shownBy: ["prisma/migrations/migration_lock.toml", "provider"],
	pre: "prisma/migrations",
	post: "prisma/post_migrations"
}];
/** Post folders that nobody has to have named: before the first post migration they are not there. */
const usualPostFolders = ["db/post_migrations", ...homes.map(({ post }) => post)];
/** The folders of a tool that is at home here, where the usual one is not there and nobody names another tool; those of Rails always where it is named. */
async function homeFolders(valueGiven, baseDir) {
	const named = valueGiven("layout") ?? (valueGiven("migrate-command") === void 0 ? void 0 : "command");
	for (const home of homes) {
		if (named !== void 0 && named !== home.layout) continue;
		if (named !== "rails" && !await isHome(home, baseDir)) continue;
		return [["migrations", home.pre], ["migrations-post", home.post]];
	}
	return [];
}
/** The layout of the tool that is at home here, and keeps its pre migrations in a folder that may still be empty. */
async function layoutAtHome(folder, baseDir) {
	for (const home of homes) if (resolve(baseDir, home.pre) === folder && await isHome(home, baseDir)) return home.layout;
}
async function isHome({ shownBy: [path, text] }, baseDir) {
	if (!(await readFile(resolve(baseDir, path), "utf8").catch(() => "")).includes(text)) return false;
	return access(resolve(baseDir, "db/migrations")).then(() => false, () => true);
}
// src/canary/templates.ts
/** The names of a metric, a label and a matcher, as a team's own metrics have them. */
const metric = string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "must be the name of a metric");
const label = string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "must be the name of a label");
const matchers = string().regex(/^[^{}]+$/, "must hold matchers without braces, such as job=\"shop\"");
const range = string().regex(/^\d+[smhdw]$/, "must be a length of time, such as 1d");
const latency = strictObject({
	histogram: metric.describe("Histogram of the duration of requests, without _bucket."),
	"route-label": label.default("route"),
	matchers: matchers.optional(),
	quantile: number().gt(0).lt(1).default(.95),
	top: number().int().min(1).max(20).default(5),
	over: range.default("1d").describe("How far before the deploy the traffic is looked at."),
	routes: array(string().min(1)).min(1).max(50).optional().describe("The routes themselves, in place of the busiest.")
});
const calls = strictObject({
	calls: metric,
	requests: metric,
	matchers: matchers.optional()
});
const depth = strictObject({
	metric,
	matchers: matchers.optional()
});
const lines = strictObject({
	selector: string().regex(/^\{.+\}$/s, "must be a stream selector with its braces"),
	pattern: string().min(1).default("panic|FATAL|ERROR")
});
/** The four signals that a release changes first, as checks with the names of a team's own metrics. */
const templates = {
	"p95-top-routes": template(latency, topRoutes),
	"db-calls-per-request": template(calls, callsPerRequest),
	"queue-depth": template(depth, queueDepth),
	"error-logs": template(lines, errorLogs)
};
const templateNames = Object.keys(templates);
function template(schema, make) {
	return (given) => {
		const parsed = schema.safeParse(given ?? {});
		return parsed.success ? make(parsed.data) : parsed.error.issues.map(({ path, message }) => `with.${path.join(".")}: ${message}`);
	};
}
/** What a check with `template` stands for: what it says itself counts more. The problems, when there are any. */
function expandTemplate(given) {
	const { template: name, with: parameters, ...own } = given;
	const expand = templates[name];
	if (typeof name !== "string" || !Object.hasOwn(templates, name)) return [`template must be one of ${templateNames.join(", ")}`];
	const fields = expand(parameters);
	return Array.isArray(fields) ? fields : {
		...fields,
		...own
	};
}
/**
* The worst quantile of the busiest routes. Which those are is read once, at the time of the deploy: a release that makes
* a route slow, and its users leave, must not replace it by another. The least busy of them needs enough requests, and one
* that is gone counts as one without any.
*/
function topRoutes({ histogram, "route-label": route, matchers: given, quantile, top, over, routes }) {
	const own = braces(given, routes === void 0 ? void 0 : `${route}=~${JSON.stringify(routes.map(escapePattern).join("|"))}`);
	const busiest = `topk(${top}, sum by (${route}) (increase(${histogram}_count${own}[${over}] @ $deployed)))`;
	const [among, number] = routes === void 0 ? [` and on (${route}) ${busiest}`, `count(${busiest})`] : ["", `${new Set(routes).size}`];
	const each = `sum by (${route}) (increase(${histogram}_count${own}[$window]))${among}`;
	return {
		kind: "latency",
		series: "worst",
		prometheus: `histogram_quantile(${quantile}, sum by (le, ${route}) (rate(${histogram}_bucket${own}[$window]))${among})`,
		requests: `min(${each}) * (count(${each}) == bool ${number})`
	};
}
function callsPerRequest({ calls: count, requests, matchers: given }) {
	const increase = (one) => `sum(increase(${one}${braces(given)}[$window]))`;
	return {
		kind: "per-request",
		prometheus: `${increase(count)} / ${increase(requests)}`,
		requests: increase(requests)
	};
}
/** The mean over the window: a single moment may be a lucky one. */
function queueDepth({ metric: name, matchers: given }) {
	return {
		kind: "gauge",
		prometheus: `sum(avg_over_time(${name}${braces(given)}[$window]))`
	};
}
function errorLogs({ selector, pattern }) {
	return {
		kind: "logs",
		loki: `${selector} |~ ${JSON.stringify(pattern)}`
	};
}
function braces(...all) {
	const given = all.filter((one) => one !== void 0);
	return given.length === 0 ? "" : `{${given.join(", ")}}`;
}
function escapePattern(text) {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
/** A check's queries with the time of the deploy, in seconds, in the place of `$deployed`. */
function atDeploy(check, deployedMs) {
	const seconds = String(Math.floor(deployedMs / 1e3));
	const filled = [
		"prometheus",
		"requests",
		"control"
	].flatMap((part) => {
		const query = check[part];
		return query === void 0 ? [] : [[part, query.replaceAll("$deployed", seconds)]];
	});
	return {
		...check,
		...Object.fromEntries(filled)
	};
}
// src/canary/check.ts
/**
* What a check measures, and with it which rule judges it: `latency` (a quantile, in need of enough requests), `ratio`
* (a share of requests, such as errors), `rate` (events a second), `per-request` (work a request, such as database calls),
* `gauge` (a level, such as a queue's depth) and `logs` (lines that should not be there).
*/
const checkKinds = [
	"latency",
	"ratio",
	"rate",
	"per-request",
	"gauge",
	"logs"
];
/**
* A check as `shiplock.yml` writes it: its fields, or a template with parameters and whatever is to be otherwise. Made when
* somebody has checks to read: most commands have none.
*/
const checkSchema$1 = lazy(() => preprocess((given, context) => {
	if (typeof given !== "object" || given === null || !("template" in given)) return given;
	const expanded = expandTemplate(given);
	if (!isProblems(expanded)) return expanded;
	for (const message of expanded) context.addIssue({
		code: "custom",
		message
	});
	return NEVER;
}, complete()));
/** What somebody writes down. */
function written() {
	const factor = number().gt(1);
	return strictObject({
		id: string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a short name of letters, digits, dot, dash and underscore"),
		kind: _enum(checkKinds),
		prometheus: string().min(1).optional().describe("Query whose value is judged. $window stands for the length of a window, $environment for the environment."),
		loki: string().min(1).optional().describe("Stream selector and filters of the lines that are counted."),
		sql: string().min(1).optional().describe("Query of one row with one number, asked at the end of each window."),
		requests: string().min(1).optional().describe("PromQL: how many requests a window had. What a check judges needs enough of them."),
		control: string().min(1).optional().describe("PromQL: the same for the old version, which runs beside the new one. It takes the place of earlier days."),
		live: string().min(1).optional().describe("LogQL stream selector that always has lines, when it is another than that of loki."),
		exclude: string().min(1).optional().describe("Regular expression of lines that do not count."),
		window: windowLength().optional().describe("Length of one window."),
		direction: _enum(["up", "down"]).default("up").describe("Which way is worse."),
		series: _enum([
			"one",
			"worst",
			"sum"
		]).default("one").describe("What to make of a query that returns several series."),
		empty: _enum(["no-data", "zero"]).default("no-data").describe("What an empty answer means."),
		"hold-ratio": factor.optional().describe("Times the baseline at which a window is suspicious."),
		"abort-ratio": factor.optional().describe("Times the baseline at which a window is bad."),
		floor: number().optional().describe("Values up to here are never suspicious, whatever the baseline."),
		max: number().optional().describe("Values above are bad, whatever the baseline."),
		"min-requests": number().int().min(1).optional().describe("Requests that a window needs to count."),
		baseline: _enum(["required", "none"]).default("required").describe("none: judged by max alone."),
		"dry-run": boolean().default(false).describe("Shown, and left out of the verdict.")
	});
}
function windowLength() {
	return string().transform((text, context) => {
		const ms = parseDuration(text);
		if (ms !== void 0 && ms >= 1e3 && ms % 1e3 === 0) return ms;
		context.addIssue({
			code: "custom",
			message: "must be a duration of whole seconds, at least 1s, such as 5m"
		});
		return NEVER;
	});
}
/** The same, where its parts go together. */
function complete() {
	return written().superRefine((check, context) => {
		const sources = [
			"prometheus",
			"loki",
			"sql"
		].filter((one) => check[one] !== void 0);
		const problem = (message) => context.addIssue({
			code: "custom",
			message
		});
		if (sources.length !== 1) problem("needs exactly one of prometheus, loki and sql");
		if (check.kind === "logs" && check.loki === void 0) problem("kind: logs needs loki");
		if (check.loki !== void 0 && check.kind !== "logs") problem("loki needs kind: logs");
		if ((check.kind === "latency" || check.kind === "per-request") && check.prometheus !== void 0 && check.requests === void 0) problem(`kind: ${check.kind} needs requests`);
		const abortRatio = check["abort-ratio"];
		const holdRatio = check["hold-ratio"] ?? usualHoldRatio(check.kind);
		if (abortRatio !== void 0 && abortRatio < holdRatio) problem(`abort-ratio (${abortRatio}) must not be below hold-ratio (${holdRatio})`);
		if (check.baseline === "none" && check.max === void 0) problem("baseline: none needs max");
		if (check.direction === "down" && check.max !== void 0) problem("max needs direction: up");
	});
}
function isProblems(expanded) {
	return Array.isArray(expanded);
}
function usualHoldRatio(kind) {
	return kind === "per-request" ? 3 : 1.3;
}
/** What a kind takes when the check does not say. Sources of the numbers: docs/canary.md. */
function withDefaults(check) {
	const { kind } = check;
	return {
		windowMs: check.window ?? (kind === "per-request" ? 6e4 : 3e5),
		holdRatio: check["hold-ratio"] ?? usualHoldRatio(kind),
		abortRatio: check["abort-ratio"] ?? (kind === "per-request" ? 10 : 2),
		floor: check.floor ?? (kind === "ratio" ? .01 : 0),
		minRequests: check["min-requests"] ?? (kind === "latency" || kind === "ratio" || kind === "per-request" ? 100 : 0)
	};
}
// src/gate/protection/levels.ts
/** What is asked of an environment's protection, and of the run that passes through it. */
const protectionRules = [
	"reviewers",
	"self-review",
	"admins",
	"branches",
	"secrets",
	"approval",
	"re-run"
];
/** `require` fails the gate, `warn` shows, `off` does not look. */
const protectionLevels = [
	"require",
	"warn",
	"off"
];
const defaults = {
	reviewers: "require",
	"self-review": "require",
	admins: "warn",
	branches: "require",
	secrets: "require",
	approval: "warn",
	"re-run": "warn"
};
/** A second person takes the place of the reviewers that a plan of GitHub does not have. */
const besideSecondPerson = {
	reviewers: "off",
	"self-review": "off",
	approval: "off"
};
/** The level of each rule; `all` stands for those that are not named. Beside a second person branches and re-runs always count. */
function levelsOf(given, secondPerson) {
	const other = given.get("all");
	const chosen = protectionRules.map((rule) => {
		const usual = (secondPerson ? besideSecondPerson[rule] : void 0) ?? defaults[rule];
		return [rule, given.get(rule) ?? other ?? usual];
	});
	const always = secondPerson ? {
		branches: "require",
		"re-run": "require"
	} : {};
	return {
		...Object.fromEntries(chosen),
		...always
	};
}
function asksNothing(levels) {
	return Object.values(levels).every((level) => level === "off");
}
// src/gate/quiet-hours.ts
const dayNames = [
	"sun",
	"mon",
	"tue",
	"wed",
	"thu",
	"fri",
	"sat"
];
const everyDay = [
	0,
	1,
	2,
	3,
	4,
	5,
	6
];
const minutesOfDay = 1440;
const minuteMs = 6e4;
/** Reads `22:00-06:00 Europe/Berlin, sat, sun`. A text that comes back says what is wrong. */
function parseQuietHours(text) {
	const windows = [];
	const zones = /* @__PURE__ */ new Set();
	for (const part of text.split(",").map((one) => one.trim())) {
		const [, days, times, zone] = /^([a-z]{3}(?:-[a-z]{3})?)?\s*(\d\d:\d\d-\d\d:\d\d)?(?:(?:^|\s+)([A-Za-z][\w+-]*(?:\/[\w+-]+)*))?$/i.exec(part) ?? [];
		const listed = days === void 0 ? everyDay : daysOf(days.toLowerCase());
		const hours = times === void 0 ? {
			from: 0,
			to: minutesOfDay
		} : hoursOf(times);
		if (listed === void 0 || hours === void 0 || days === void 0 && times === void 0) return wrong;
		if (zone !== void 0) zones.add(zone);
		windows.push({
			days: listed,
			...hours
		});
	}
	const [zone = "UTC", ...others] = zones;
	if (others.length > 0) return "must have one time zone for all of its hours";
	return isZone(zone) ? {
		windows,
		zone,
		text
	} : `must name a time zone as the IANA list has it, such as Europe/Berlin`;
}
const wrong = "must be hours, days or both, such as 22:00-06:00 Europe/Berlin, or mon-fri 20:00-06:00, sat, sun";
function daysOf(text) {
	const [first = -1, last = first] = text.split("-").map((name) => dayNames.indexOf(name));
	if (first < 0 || last < 0) return void 0;
	const length = (last - first + 7) % 7 + 1;
	return Array.from({ length }, (_, index) => (first + index) % 7);
}
function hoursOf(text) {
	const [from, to] = text.split("-").map((time) => {
		const [hour = 0, minute = 0] = time.split(":").map(Number);
		return minute < 60 && hour * 60 + minute <= minutesOfDay ? hour * 60 + minute : void 0;
	});
	return from === void 0 || to === void 0 || from === to || from === minutesOfDay ? void 0 : {
		from,
		to
	};
}
function isZone(zone) {
	try {
		new Intl.DateTimeFormat("en-US", { timeZone: zone });
		return true;
	} catch {
		return false;
	}
}
/** By the clock on the wall: an hour that a change to winter time brings twice is quiet twice. */
function isQuiet(hours, at) {
	return quietAt(hours, wallClock(hours.zone))(at);
}
/** The first minute from `at` on that is quiet; there is one within a week, or within two where the clock leaves an hour out. */
function nextQuiet(hours, at) {
	const quiet = quietAt(hours, wallClock(hours.zone));
	if (quiet(at)) return at;
	const start = Math.ceil(at.getTime() / minuteMs);
	for (let minute = start; minute < start + 15 * minutesOfDay; minute++) {
		const moment = /* @__PURE__ */ new Date(minute * minuteMs);
		if (quiet(moment)) return moment;
	}
}
/** `Fri 22:00 Europe/Berlin`, for people. */
function wallTime({ zone }, at) {
	const { day, minute } = wallClock(zone)(at);
	const name = dayNames[day];
	const [hour, rest] = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0"));
	return `${name[0]?.toUpperCase()}${name.slice(1)} ${hour}:${rest} ${zone}`;
}
function quietAt({ windows }, clock) {
	return (at) => {
		const { day, minute } = clock(at);
		const yesterday = (day + 6) % 7;
		return windows.some(({ days, from, to }) => from < to ? days.includes(day) && minute >= from && minute < to : days.includes(day) && minute >= from || days.includes(yesterday) && minute < to);
	};
}
function wallClock(zone) {
	const format = new Intl.DateTimeFormat("en-US", {
		timeZone: zone,
		weekday: "short",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23"
	});
	return (at) => {
		const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
		return {
			day: dayNames.indexOf((parts.weekday ?? "").toLowerCase()),
			minute: Number(parts.hour) * 60 + Number(parts.minute)
		};
	};
}
// src/ssh-host.ts
/**
* Reads `direct` as `undefined`, and `ssh://user@host[:port]`.
* Throws `invalid-input`; the error never holds any part of the text, since it may be a password.
*/
function parseSshHost(text) {
	if (text === "direct") return void 0;
	const [, login = "", host = "", port] = /^ssh:\/\/([^@/]*)@(\[[^\]]*\]|[^:/@]*)(?::([^/]*))?\/?$/.exec(text) ?? [];
	if (login.includes(":")) throw invalid("it holds a password; ssh logs in with a key (ssh-key, or an agent) and nothing else");
	if (!/^\w[\w.+-]*$/.test(login)) throw invalid("it is neither direct nor ssh://user@host");
	const name = host.startsWith("[") ? host.slice(1, -1) : host;
	if (!/^\w[\w.-]*$/.test(name) && !/^[\da-fA-F:.]*:[\da-fA-F:.]*$/.test(name)) throw invalid("its host is no name and no address");
	return {
		user: login,
		host: name,
		port: port === void 0 ? void 0 : portOf(port)
	};
}
/** The only form in which it is printed. */
function describeSshHost({ user, host, port }) {
	return `ssh://${user}@${host.includes(":") ? `[${host}]` : host}${port === void 0 ? "" : `:${port}`}`;
}
function portOf(text) {
	const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (number < 1 || number > 65535) throw invalid("its port is not a number from 1 to 65535");
	return number;
}
function invalid(problem) {
	return new ReleaseError("invalid-input", `The way to the database cannot be used: ${problem}.`, { hint: "The form is ssh://user@host or ssh://user@host:port; direct means without a tunnel." });
}
// src/input-types.ts
const duration = string().transform((text, context) => {
	const ms = parseDuration(text);
	if (ms === void 0) context.addIssue({
		code: "custom",
		message: "must be a duration with a unit, such as 500ms, 5s, 20m, 30h or 14d"
	});
	return ms ?? 0;
});
const size = string().transform((text, context) => {
	const bytes = parseSize(text);
	if (bytes === void 0) context.addIssue({
		code: "custom",
		message: "must be a size with a unit, such as 500KiB, 20MiB or 3GiB"
	});
	return bytes ?? 0;
});
/** As a share of 1. */
const percent = string().regex(/^(?:100|\d{1,2})%$/, "must be a percentage from 0% to 100%").transform((text) => Number.parseInt(text, 10) / 100);
const wholeNumber = string().regex(/^\d{1,6}$/, "must be a whole number").transform(Number);
const storeUrl = string().regex(/^(?:file:\/\/\/|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9._/-]*)?$)/, "must be file:/// and a folder, such as file:///srv/backups, or s3://bucket/prefix");
const flag = string().toLowerCase().refine((text) => [
	"true",
	"false",
	"yes",
	"no",
	"1",
	"0"
].includes(text), "must be true or false").transform((text) => [
	"true",
	"yes",
	"1"
].includes(text));
const connection = string().transform((text, context) => {
	try {
		return parseConnection(text);
	} catch (error) {
		context.addIssue({
			code: "custom",
			message: messageOf(error)
		});
		return NEVER;
	}
});
const way = string().transform((text, context) => {
	try {
		return parseSshHost(text);
	} catch (error) {
		context.addIssue({
			code: "custom",
			message: messageOf(error)
		});
		return NEVER;
	}
});
const word = string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a short name of letters, digits, dot, dash and underscore");
const identifier = string().regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/, "must be a plain SQL name");
const tableName = string().regex(/^[A-Za-z_][\w$]{0,62}(?:\.[A-Za-z_][\w$]{0,62})?$/, "must be a table name, with or without a schema");
const text = string().min(1);
const argumentList = string().transform((given, context) => {
	const list = parseArgumentList(given);
	if (typeof list !== "string") return list;
	context.addIssue({
		code: "custom",
		message: list
	});
	return NEVER;
});
/** One `name=value` a line; the names are checked where they are known. */
const severities = string().transform((given, context) => {
	const pairs = given.split("\n").flatMap((line) => line.trim() === "" ? [] : [line.split(/[=:]/).map((part) => part.trim())]);
	const isSeverity = (word) => [
		"error",
		"warning",
		"advice",
		"off"
	].includes(word ?? "");
	for (const [name = "", severity, ...rest] of pairs) {
		if (name !== "" && isSeverity(severity) && rest.length === 0) continue;
		const which = /^[\w-]{1,80}$/.test(name) ? `${name}: ` : "";
		context.addIssue({
			code: "custom",
			message: `${which}a rule counts for error, warning, advice or off, one rule a line`
		});
	}
	return new Map(pairs);
});
/** What JSON makes of them. */
const nothing = "must have a value; .inf and .nan are none";
function valueAt(value, path) {
	return path.reduce((one, key) => typeof one === "object" && one !== null ? one[key] : void 0, value);
}
const checks = string().transform((given, context) => {
	let value;
	try {
		value = JSON.parse(given);
	} catch {
		context.addIssue({
			code: "custom",
			message: "must be a JSON array of checks"
		});
		return NEVER;
	}
	if (!Array.isArray(value)) {
		context.addIssue({
			code: "custom",
			message: "must be a list of checks"
		});
		return NEVER;
	}
	const parsed = array(checkSchema$1).min(1, "must hold at least one check").max(200, "must hold at most 200 checks").safeParse(value);
	if (parsed.success) return parsed.data;
	for (const { path, message } of parsed.error.issues) {
		const id = value[Number(path[0])]?.id;
		const name = path.length === 0 ? "" : typeof id === "string" ? id : `check ${Number(path[0]) + 1}`;
		const said = path.length > 1 && valueAt(value, path) === null ? nothing : message;
		context.addIssue({
			code: "custom",
			message: [
				name,
				path.slice(1).join("."),
				said
			].filter(Boolean).join(": ")
		});
	}
	return NEVER;
});
/** One `Name: value` a line. */
const headers = string().transform((given, context) => {
	const pairs = given.split("\n").filter((line) => line.trim() !== "").map((line) => /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(line));
	if (pairs.some((pair) => pair === null)) context.addIssue({
		code: "custom",
		message: "must hold one header a line, as Name: value"
	});
	return Object.fromEntries(pairs.flatMap((pair) => pair === null ? [] : [[pair[1], pair[2]]]));
});
const httpUrl = string().regex(/^https?:\/\/[^\s@]+$/, "must be a URL without a user, such as https://prometheus.example.com");
/** A moment, or how long ago: `2026-11-21T14:00:00Z`, `45m`. */
const moment = string().transform((given, context) => {
	const ago = parseDuration(given);
	if (ago !== void 0) return { agoMs: ago };
	const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : NaN;
	if (Number.isNaN(at)) context.addIssue({
		code: "custom",
		message: "must be a time with its zone, such as 2026-11-21T14:00:00Z, or a duration, such as 45m"
	});
	return { at };
});
/** Paths, one a line. */
const paths = string().transform((given, context) => {
	if (given.trimStart().startsWith("[\"")) {
		const list = parseArgumentList(given);
		if (typeof list !== "string") return list;
		context.addIssue({
			code: "custom",
			message: list
		});
	}
	return given.split("\n").map((line) => line.trim()).filter(Boolean);
});
/** Names, separated by commas or blanks. */
const names = string().transform((given) => {
	const list = given.trimStart().startsWith("[") ? parseArgumentList(given) : given.split(/[\s,]+/).filter(Boolean);
	return typeof list === "string" ? [given] : list;
});
const actionRef = string().regex(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v?\d[\w.-]*$/, "must be owner/repository@commit # version, with the 40 digits of the commit");
const metricName = string().regex(/^[A-Za-z_:][\w:]*$/, "must be the name of a metric, such as http_request_duration_seconds");
/** One `name=level` a line. */
const protection = string().transform((given, context) => {
	const known = ["all", ...protectionRules];
	const pairs = given.split("\n").flatMap((line) => line.trim() === "" ? [] : [line.split(/[=:]/).map((part) => part.trim())]);
	for (const [name = "", level = "", ...rest] of pairs) {
		if (known.includes(name) && protectionLevels.some((one) => one === level) && rest.length === 0) continue;
		const message = `each line is a name and ${protectionLevels.join(", ")}, such as admins=require; the names are ${known.join(", ")}`;
		context.addIssue({
			code: "custom",
			message
		});
		break;
	}
	return new Map(pairs);
});
/** Commands whose records say that a commit went well somewhere. */
const recordedCommands = [
	"lint",
	"plan",
	"backup",
	"verify-backup",
	"migrate",
	"restore-drill",
	"canary",
	"config-check",
	"gate"
];
const promoteRecords = argumentList.superRefine((names, context) => {
	if (names.every((name) => recordedCommands.includes(name))) return;
	context.addIssue({
		code: "custom",
		message: `must name commands that keep records: ${recordedCommands.join(", ")}`
	});
});
/** One `OTHER_NAME=NAME` a line: a further name of a key, and the key. */
const keyAliases = string().transform((given, context) => {
	const pairs = linesOf(given).map((line) => /^([A-Za-z_]\w*)\s*[=:]\s*([A-Za-z_]\w*)$/.exec(line));
	if (pairs.some((pair) => pair === null)) context.addIssue({
		code: "custom",
		message: "must hold one OTHER_NAME=NAME a line"
	});
	return new Map(pairs.flatMap((pair) => pair === null ? [] : [[pair[1], pair[2]]]));
});
/** One `condition=true` or `=false` a line; a condition may hold `==` itself. */
const conditionAnswers = string().transform((given, context) => {
	const pairs = linesOf(given).map((line) => /^(.*\S)\s*[=:]\s*(true|false)$/i.exec(line));
	if (pairs.some((pair) => pair === null)) context.addIssue({
		code: "custom",
		message: "must hold one condition=true or condition=false a line, with nothing else for a value"
	});
	return new Map(pairs.flatMap((pair) => pair === null ? [] : [[pair[1], /^true$/i.test(pair[2])]]));
});
function linesOf(text) {
	return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
const quietHours = string().transform((given, context) => {
	const parsed = parseQuietHours(given.trim());
	if (typeof parsed !== "string") return parsed;
	context.addIssue({
		code: "custom",
		message: parsed
	});
	return NEVER;
});
// src/inputs.ts
/** The traits of each input, by the schema that reads it. */
const traits = registry();
function input(schema, description, given) {
	const described = schema.describe(description);
	traits.add(described, given);
	return described;
}
function toggle(description, given) {
	return input(flag.prefault("false"), description, {
		...given,
		switch: true
	});
}
/** The only list of inputs. Values are strings until they pass through here, once. */
const inputs = object({
	project: input(word, "Short name that is part of store keys, locks and history. Several services may share a database or a bucket.", {
		group: "common",
		otherwise: "the name of the repository or folder"
	}),
	environment: input(word.prefault("default"), "Environment that the database belongs to, such as staging or production. The first run stamps the database with it.", { group: "common" }),
	release: input(text.max(200), "Name of the release.", {
		group: "common",
		otherwise: "the tag, else the commit"
	}),
	"dry-run": toggle("Report what would run; change nothing.", {
		group: "common",
		config: null
	}),
	"show-data": toggle("Print values from the database in error details. They may be personal data.", { group: "common" }),
	"database-url": input(connection, "Connection string of the database; DATABASE_URL or the PG* variables work too.", {
		group: "database",
		secret: true,
		config: null,
		otherwise: "DATABASE_URL, else PGHOST, PGUSER …"
	}),
	"database-ca": input(text.optional(), "PEM file with the certificate authority of the server.", {
		group: "database",
		path: true
	}),
	"allow-insecure-tls": toggle("Accept a connection to a remote server that is not encrypted.", { group: "database" }),
	connect: input(way.optional(), "How to reach the database: direct, or through the ssh host ssh://user@host[:port].", {
		group: "database",
		otherwise: "direct"
	}),
	"ssh-key": input(text.optional(), "Private key for connect: its text, without a passphrase.", {
		group: "database",
		secret: true,
		config: null,
		otherwise: "SSH_KEY, else the agent and this user's keys"
	}),
	"ssh-known-hosts": input(text.optional(), "Host key of the ssh host, as lines of a known_hosts file. Required in GitHub Actions.", {
		group: "database",
		otherwise: "in the terminal this user's known_hosts"
	}),
	"expect-database": input(text.optional(), "Name that the database must have; anything else is refused before the first statement.", { group: "database" }),
	role: input(identifier.optional(), "Role to assume before any DDL (SET ROLE).", { group: "database" }),
	"state-schema": input(identifier.prefault("shiplock"), "Schema for the history of runs and the stamp of the database.", { group: "database" }),
	history: input(_enum(["database", "store"]).prefault("database"), "Where the history of runs and the stamp are kept: in the database, or in the store, so that a publication of all tables does not send them.", { group: "database" }),
	"publish-state": toggle("Write Shiplock's own tables although a publication covers them: every subscriber has them.", { group: "database" }),
	"on-locked": input(_enum([
		"wait",
		"fail",
		"take-over"
	]).prefault("wait"), "What to do while another run holds the lock: wait, fail, or end it (take-over).", { group: "database" }),
	"lock-wait": input(duration.prefault("10m"), "Longest time to wait for another run.", { group: "database" }),
	"pg-bin-dir": input(text.optional(), "Folder with PostgreSQL's programs (pg_dump, pg_restore, initdb …).", {
		group: "database",
		path: true,
		otherwise: "searched"
	}),
	"install-tools": input(flag, "Install PostgreSQL's programs with apt-get when a suitable version is missing.", {
		switch: true,
		group: "database",
		otherwise: "true in GitHub Actions, false in the terminal"
	}),
	store: input(storeUrl, "Where backups and records are kept: s3://bucket/prefix, or a folder such as file:///srv/backups.", {
		group: "store",
		otherwise: "in the terminal the folder .shiplock/"
	}),
	"s3-endpoint": input(text.regex(/^https?:\/\/[^/?#@]+\/?$/, "must be a URL without a path, such as https://nyc3.digitaloceanspaces.com").optional(), "Where the S3 store is: the URL of its region, without the bucket, such as https://nyc3.digitaloceanspaces.com.", {
		group: "store",
		otherwise: "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else Amazon S3"
	}),
	"s3-region": input(text.optional(), "Region that requests are signed for.", {
		group: "store",
		otherwise: "AWS_REGION, AWS_DEFAULT_REGION, else the first name of a DigitalOcean endpoint, else us-east-1"
	}),
	"s3-access-key-id": input(text.optional(), "Access key of the S3 store.", {
		group: "store",
		secret: true,
		config: null,
		otherwise: "AWS_ACCESS_KEY_ID"
	}),
	"s3-secret-access-key": input(text.optional(), "Secret key of the S3 store.", {
		group: "store",
		secret: true,
		config: null,
		otherwise: "AWS_SECRET_ACCESS_KEY"
	}),
	"s3-session-token": input(text.optional(), "Session token, with keys that last for some time only.", {
		group: "store",
		secret: true,
		config: null,
		otherwise: "AWS_SESSION_TOKEN, with AWS_ACCESS_KEY_ID"
	}),
	"s3-ca": input(text.optional(), "PEM file with the certificate authority of the S3 store.", {
		group: "store",
		path: true,
		otherwise: "AWS_CA_BUNDLE, else the public ones"
	}),
	"s3-force-path-style": toggle("Name the bucket in the path, https://host/bucket/key, and not in the host name.", { group: "store" }),
	"stall-timeout": input(duration.prefault("2m").refine((ms) => ms >= 1e3, "must be at least 1s"), "Longest silence of an S3 store in the middle of a transfer.", { group: "store" }),
	layout: input(_enum([
		"plain",
		"goose",
		"golang-migrate",
		"dbmate",
		"sqlx",
		"diesel",
		"prisma",
		"flyway",
		"rails",
		"command"
	]).optional(), "How the migration files are written; command when only the team's own program can run them.", {
		group: "migrations",
		config: "migrations.layout",
		otherwise: "detected from the files"
	}),
	"migrate-command": input(argumentList.optional(), "Command that runs the pre migrations, with SKIP_POST_DEPLOYMENT_MIGRATIONS set: a JSON array, or one argument a line. No shell.", {
		group: "migrations",
		config: "migrations.command",
		list: true
	}),
	"migrate-command-post": input(argumentList.optional(), "Command that runs the post migrations.", {
		group: "migrations",
		config: "migrations.command-post",
		list: true,
		otherwise: "migrate-command, without the variable"
	}),
	"migrate-command-down": input(argumentList.optional(), "Command that takes one migration back, with the layout rails; VERSION=… is added as the last argument.", {
		group: "migrations",
		config: "migrations.command-down",
		list: true,
		otherwise: "migrate-command with db:migrate:down"
	}),
	migrations: input(text.prefault("db/migrations"), "Folder of the pre migrations, which run before the new code; db/migrate with the layout rails.", {
		group: "migrations",
		path: true,
		config: "migrations.pre"
	}),
	"migrations-post": input(text.prefault("db/post_migrations"), "Folder of the post migrations, which run when no old code is left; db/post_migrate with the layout rails.", {
		group: "migrations",
		path: true,
		config: "migrations.post"
	}),
	"migrations-table": input(tableName.optional(), "Version table of the team's tool.", {
		group: "migrations",
		config: "migrations.table",
		otherwise: "the layout's own"
	}),
	"out-of-order": input(_enum(["refuse", "allow"]).prefault("refuse"), "Whether a migration older than one that has run may still run.", {
		group: "migrations",
		config: "migrations.out-of-order"
	}),
	phase: input(_enum([
		"pre",
		"post",
		"all"
	]), "Before the deploy, after it, or both at once on a fresh database; there is no default.", {
		group: "migrations",
		config: null
	}),
	"allow-unphased": toggle("Let phase all run on a database that has a history.", { group: "migrations" }),
	"max-post-debt": input(duration.prefault("14d"), "Longest time that a post migration of a deployed release may stay held back.", { group: "migrations" }),
	"max-post-debt-count": input(string().regex(/^\d{1,4}$/, "must be a number from 0 to 9999").transform(Number).prefault("10"), "How many post migrations of deployed releases may be held back before the next pre phase stops.", { group: "migrations" }),
	"allow-older": input(text.max(500).optional(), "Reason why a checkout that is older than the commit that ran here last may run; it is kept in the history.", {
		group: "migrations",
		config: null,
		kept: true
	}),
	"lock-budget": input(duration.prefault("10m"), "Longest time to wait for the locks of one migration, all attempts together.", { group: "migrations" }),
	"long-migration": input(duration.prefault("30s"), "A pending migration that took longer than this elsewhere is marked as long.", { group: "migrations" }),
	"stall-budget": input(duration.prefault("1s").refine((ms) => ms >= 100, "must be at least 100ms"), "Longest time that the application may wait behind one attempt at a lock.", { group: "migrations" }),
	"rehearse-locks": input(_enum(["auto", "never"]).prefault("auto"), "Whether migrations whose text does not tell what they lock (a DO block, a function) are tried on an empty copy of the schema first.", { group: "migrations" }),
	paths: input(paths.optional(), "Migrations to check as new ones, in place of those that git shows.", {
		group: "lint",
		config: null,
		list: true,
		otherwise: "the files that the branch or the pull request adds"
	}),
	base: input(text.max(200).optional(), "Commit or branch that the new migrations are new to.", {
		group: "lint",
		config: null,
		otherwise: "the base of the pull request, else the remote's default branch"
	}),
	all: toggle("Check every migration behind start-after, and not only the new ones.", {
		group: "lint",
		config: null
	}),
	"fail-on": input(_enum([
		"error",
		"warning",
		"advice",
		"never"
	]).prefault("error"), "Least severity of a finding that fails the check.", {
		group: "lint",
		config: "lint.fail-on"
	}),
	postgres: input(_enum([
		"13",
		"14",
		"15",
		"16",
		"17",
		"18"
	]).transform(Number).optional(), "Oldest major version of the servers that run the migrations.", {
		group: "lint",
		config: "lint.postgres",
		otherwise: "13, and no statement is called a syntax error"
	}),
	"start-after": input(string().regex(/^\d{1,19}(?:\.\d{1,19})*$/, "must be the version of a migration").optional(), "Version of a migration: it and all before it are never checked, only replayed.", {
		group: "lint",
		config: "lint.start-after"
	}),
	"lint-rules": input(severities.optional(), "What findings of a rule count for: error, warning, advice or off, by the name of the rule.", {
		group: "lint",
		config: "lint.rules",
		map: true
	}),
	"squawk-config": input(text.optional(), "Settings of squawk to go on with: its rules and paths that were excluded.", {
		group: "lint",
		path: true,
		config: "lint.squawk-config",
		otherwise: ".squawk.toml, if it is there"
	}),
	"schema-from": input(_enum(["files", "database"]).prefault("files"), "What is there before the new migrations: what the files of earlier releases made, or what the database holds.", {
		group: "lint",
		config: "lint.schema-from"
	}),
	sarif: input(text.optional(), "File to write the findings to, for code scanning.", {
		group: "lint",
		path: true,
		config: "lint.sarif"
	}),
	comment: input(_enum([
		"on-findings",
		"always",
		"never"
	]).prefault("on-findings"), "When a comment stands under the pull request. It is one comment, kept up to date.", {
		group: "lint",
		config: "lint.comment"
	}),
	"github-token": input(text.optional(), "Token for GitHub's API: to read the changes of a shallow checkout, the protection of an environment and names of variables and secrets, to ask for the checks of a commit, to comment, and to open an issue.", {
		group: "lint",
		secret: true,
		config: null,
		otherwise: "GITHUB_TOKEN"
	}),
	class: input(word.prefault("releases"), "Class of the backup, a part of its key: releases, daily or another word.", {
		group: "backup",
		config: "backup.class"
	}),
	level: input(_enum(["landed", "read-back"]).prefault("read-back"), "How much to prove about the stored bytes.", {
		group: "backup",
		config: "backup.level"
	}),
	"lock-wait-timeout": input(duration.prefault("30s"), "Longest time that pg_dump waits for a table that somebody has locked.", {
		group: "backup",
		config: "backup.lock-wait-timeout"
	}),
	"backup-when": input(_enum(["major", "always"]).prefault("major"), "When a backup of the class releases is made: always, or (major) only before destructive or marked migrations, as long as a fresh backup of another class is there.", {
		group: "backup",
		config: "backup.when"
	}),
	fingerprint: input(_enum([
		"auto",
		"counts",
		"sample",
		"full"
	]).prefault("auto"), "What is read beside the dump to compare a restored copy with: row counts; hashes of a sample of the rows; hashes of all rows; or (auto) all that fits into fingerprint-time.", {
		group: "backup",
		config: "backup.fingerprint"
	}),
	"fingerprint-time": input(duration.prefault("5s"), "How long fingerprint: auto may read on the server.", {
		group: "backup",
		config: "backup.fingerprint-time"
	}),
	"include-roles": input(flag.prefault("true"), "Keep the names and attributes of the roles beside the dump, never their passwords.", {
		group: "backup",
		config: "backup.include-roles",
		switch: true
	}),
	"min-tables": input(wholeNumber.prefault("1"), "Fewest tables that a backup must hold.", {
		group: "backup",
		config: "backup.min-tables"
	}),
	"min-size": input(size.optional(), "Smallest dump that is plausible.", {
		group: "backup",
		config: "backup.min-size"
	}),
	"max-shrink": input(percent.prefault("50%"), "How much smaller than the previous backup of its environment one may be, in rows and in bytes.", {
		group: "backup",
		config: "backup.max-shrink"
	}),
	"max-duration": input(duration.optional(), "Longest time for a backup; one that would surely take longer is not started.", {
		group: "backup",
		config: "backup.max-duration"
	}),
	"max-standby-lag": input(duration.optional(), "Greatest lag of a standby that is dumped in place of the primary.", {
		group: "backup",
		config: "backup.max-standby-lag"
	}),
	"keep-last": input(wholeNumber.optional(), "How many backups of the class retention keeps at least.", {
		group: "backup",
		config: "backup.keep-last"
	}),
	"keep-days": input(wholeNumber.optional(), "For how many days retention keeps every backup of the class.", {
		group: "backup",
		config: "backup.keep-days"
	}),
	retention: input(_enum(["dry-run", "apply"]).prefault("dry-run"), "Whether older backups are deleted or only listed.", {
		group: "backup",
		config: "backup.retention"
	}),
	"require-backup": input(_enum(["landed", "read-back"]).optional(), "Refuse to migrate without a backup of this very database, as it stands now, of which at least this much is proved.", { group: "backup" }),
	"require-backup-age": input(duration.prefault("24h"), "Greatest age of the backup that require-backup accepts.", { group: "backup" }),
	"attest-command": input(argumentList.optional(), "Command that ends with 0 and prints its evidence when another kind of backup is there, such as a managed service's point-in-time recovery: a JSON array, or one argument a line. No shell.", {
		group: "backup",
		config: "backup.attest-command",
		list: true
	}),
	key: input(text.optional(), "Key or id of a backup in the store.", {
		group: "backup",
		config: null,
		otherwise: "the newest of the environment"
	}),
	"max-backup-age": input(duration.optional(), "Greatest age of a backup that still counts as fresh.", {
		group: "backup",
		config: "drill.max-backup-age"
	}),
	smoke: input(text.optional(), "Folder of smoke queries, *.sql, that must run without an error on the restored copy.", {
		group: "drill",
		path: true,
		config: "drill.smoke"
	}),
	"smoke-timeout": input(duration.prefault("30s"), "Longest time for one smoke query.", {
		group: "drill",
		config: "drill.smoke-timeout"
	}),
	"max-restore-time": input(duration.optional(), "Longest recovery time that is acceptable.", {
		group: "drill",
		config: "drill.max-restore-time"
	}),
	source: input(_enum(["stored", "fresh"]).prefault("stored"), "What is drilled: a backup of the store, or (fresh) the database as it is now, dumped for the drill alone.", {
		group: "drill",
		config: null
	}),
	file: input(text.optional(), "A dump in a file, in the custom format of pg_dump, in place of one in the store.", {
		group: "drill",
		path: true,
		config: null
	}),
	"target-url": input(connection.optional(), "Connection string of an empty database named drill_… to restore into, on a server of your own.", {
		group: "drill",
		secret: true,
		config: null,
		otherwise: "DRILL_DATABASE_URL, else a cluster that the drill makes"
	}),
	"max-data-loss": input(duration.optional(), "Greatest age of the data that may be lost: from the snapshot of the backup to now.", {
		group: "drill",
		config: "drill.max-data-loss"
	}),
	amcheck: input(_enum(["auto", "never"]).prefault("auto"), "Whether pg_amcheck looks at every table and index of the copy, where it is installed.", {
		group: "drill",
		config: "drill.amcheck"
	}),
	"drill-packages": input(argumentList.optional(), "Debian packages with the extensions that the copy needs, installed when install-tools allows it: a JSON array, or one a line.", {
		group: "drill",
		config: "drill.packages",
		list: true
	}),
	"drill-preload": input(argumentList.optional(), "Libraries for shared_preload_libraries of the scratch cluster: a JSON array, or one a line.", {
		group: "drill",
		config: "drill.preload",
		list: true
	}),
	"drill-before": input(text.optional(), "SQL file that is run as superuser of the scratch cluster before the dump is loaded, for extensions that need it.", {
		group: "drill",
		path: true,
		config: "drill.before"
	}),
	"drill-after": input(text.optional(), "SQL file that is run as superuser of the scratch cluster after the dump was loaded.", {
		group: "drill",
		path: true,
		config: "drill.after"
	}),
	"allow-unsafe-client": toggle("Let PostgreSQL programs with a known hole open an archive that has no manifest of Shiplock's.", {
		group: "drill",
		config: null
	}),
	"require-drill": input(_enum([
		"restored",
		"equal",
		"usable"
	]).optional(), "Refuse to migrate unless a drill of this environment has shown at least this much.", { group: "drill" }),
	"require-drill-age": input(duration.prefault("30d"), "Greatest age of the drill that require-drill accepts.", { group: "drill" }),
	waive: input(_enum(["drill"]).optional(), "Go on without a fitting drill this once; needs a reason, which is kept in the history.", {
		group: "drill",
		config: null
	}),
	keep: toggle("Keep the scratch cluster running and say where it is.", {
		group: "drill",
		config: null
	}),
	"canary-checks": input(checks, "What is watched: a list of checks, as docs/canary.md describes them.", {
		group: "canary",
		config: "canary.checks",
		json: true
	}),
	duration: input(duration.prefault("30m"), "How long the release is watched, after the warm-up.", {
		group: "canary",
		config: "canary.duration"
	}),
	warmup: input(duration.prefault("5m"), "Time after the deploy that is not judged.", {
		group: "canary",
		config: "canary.warmup"
	}),
	settle: input(duration.prefault("1m"), "How long to wait after a window for its data to arrive.", {
		group: "canary",
		config: "canary.settle"
	}),
	baseline: input(_enum([
		"days-and-before",
		"days",
		"before"
	]).prefault("days-and-before"), "What the watch is compared with: the same time of day on earlier days, the time just before the deploy, or both.", {
		group: "canary",
		config: "canary.baseline"
	}),
	"baseline-days": input(string().regex(/^(?:[1-9]|[12]\d|30)$/, "must be a number from 1 to 30").transform(Number).prefault("7"), "How many earlier days the baseline has.", {
		group: "canary",
		config: "canary.baseline-days"
	}),
	"deployed-at": input(moment.optional(), "When the new version went live: a time, or how long ago.", {
		group: "canary",
		config: null,
		otherwise: "now"
	}),
	since: input(moment.optional(), "Judge a watch that has passed already, from this time on: a time, or how long ago.", {
		group: "canary",
		config: null
	}),
	"check-only": toggle("Look whether every check can be judged, before anything is deployed.", {
		group: "canary",
		config: null
	}),
	backtest: toggle("Judge earlier times of day as if a release had been watched then, and count the false alarms.", {
		group: "canary",
		config: null
	}),
	traffic: input(argumentList.optional(), "Command that makes traffic during the watch: a JSON array, or one argument a line. No shell.", {
		group: "canary",
		config: "canary.traffic",
		list: true
	}),
	"on-hold": input(_enum(["fail", "warn"]).prefault("fail"), "Whether a hold fails the step; with warn it is only shown.", {
		group: "canary",
		config: "canary.on-hold"
	}),
	"allow-warnings": toggle("Judge answers that the source itself calls partial.", {
		group: "canary",
		config: "canary.allow-warnings"
	}),
	"prometheus-url": input(httpUrl.optional(), "Base URL of Prometheus, with its path where it has one.", {
		group: "canary",
		otherwise: "PROMETHEUS_URL",
		config: "canary.prometheus-url"
	}),
	"prometheus-token": input(text.optional(), "Bearer token for Prometheus.", {
		group: "canary",
		otherwise: "PROMETHEUS_TOKEN",
		secret: true,
		config: null
	}),
	"prometheus-user": input(text.optional(), "User for Prometheus; at Grafana Cloud the number of the instance.", {
		group: "canary",
		otherwise: "PROMETHEUS_USER",
		config: "canary.prometheus-user"
	}),
	"prometheus-password": input(text.optional(), "Password of prometheus-user.", {
		group: "canary",
		otherwise: "PROMETHEUS_PASSWORD",
		secret: true,
		config: null
	}),
	"prometheus-headers": input(headers.optional(), "More headers for Prometheus, one Name: value a line.", {
		group: "canary",
		otherwise: "PROMETHEUS_HEADERS",
		secret: true,
		config: null
	}),
	"prometheus-tenant": input(text.optional(), "Tenant at Prometheus, sent as X-Scope-OrgID.", {
		group: "canary",
		otherwise: "PROMETHEUS_TENANT",
		config: "canary.prometheus-tenant"
	}),
	"prometheus-ca": input(text.optional(), "PEM file with the certificate authority of Prometheus.", {
		group: "canary",
		path: true,
		config: "canary.prometheus-ca"
	}),
	"loki-url": input(httpUrl.optional(), "Base URL of Loki, with its path where it has one.", {
		group: "canary",
		otherwise: "LOKI_URL",
		config: "canary.loki-url"
	}),
	"loki-token": input(text.optional(), "Bearer token for Loki.", {
		group: "canary",
		otherwise: "LOKI_TOKEN",
		secret: true,
		config: null
	}),
	"loki-user": input(text.optional(), "User for Loki; at Grafana Cloud the number of the instance.", {
		group: "canary",
		otherwise: "LOKI_USER",
		config: "canary.loki-user"
	}),
	"loki-password": input(text.optional(), "Password of loki-user.", {
		group: "canary",
		otherwise: "LOKI_PASSWORD",
		secret: true,
		config: null
	}),
	"loki-headers": input(headers.optional(), "More headers for Loki, one Name: value a line.", {
		group: "canary",
		otherwise: "LOKI_HEADERS",
		secret: true,
		config: null
	}),
	"loki-tenant": input(text.optional(), "Tenant at Loki, sent as X-Scope-OrgID.", {
		group: "canary",
		otherwise: "LOKI_TENANT",
		config: "canary.loki-tenant"
	}),
	"loki-ca": input(text.optional(), "PEM file with the certificate authority of Loki.", {
		group: "canary",
		path: true,
		config: "canary.loki-ca"
	}),
	to: input(text.max(200).refine((name) => !name.startsWith("-"), "must be a tag or a commit"), "The release to go back to: its tag or its commit, as git knows it here.", {
		group: "rollback",
		config: null
	}),
	shape: input(_enum([
		"auto",
		"code-only",
		"hotfix",
		"down-one"
	]).prefault("auto"), "The way back that is asked for: auto and code-only fail where the older code would break (auto says what is open), hotfix prepares the way forward, down-one takes the newest migration back.", {
		group: "rollback",
		config: null
	}),
	migration: input(text.max(200).optional(), "The one migration that down-one takes back, the newest that has run, or that ledger marks, by its id or its version; there is no default.", {
		group: "rollback",
		config: null
	}),
	confirm: input(text.max(500).optional(), "The phrase that down-one prints, typed by whoever has read what would be lost. Without it nothing is changed.", {
		group: "rollback",
		config: null
	}),
	rescue: input(_enum(["copy", "backup"]).prefault("copy"), "What gives the data back that down-one loses: copy saves exactly that in the store first, backup relies on a fresh backup that was read back.", {
		group: "rollback",
		config: null
	}),
	queries: input(paths.optional(), "Files with the queries of the code, as globs one a line: plain SQL or sqlc's. They are read as the target release has them.", {
		group: "rollback",
		config: "rollback.queries",
		list: true
	}),
	"from-record": toggle("Decide from the last records in the store, without the database: for a server that is down. Nothing is written.", {
		group: "rollback",
		config: null
	}),
	"open-issue": input(_enum(["auto", "never"]).prefault("auto"), "Whether a rollback that was recorded, or a hotfix that was asked for, opens an issue on GitHub; auto does where github-token may.", {
		group: "rollback",
		config: "rollback.open-issue"
	}),
	workflows: input(names.optional(), "Workflows to write; those that most teams want when none is named.", {
		group: "terminal",
		terminal: true,
		config: null,
		list: true
	}),
	"deploy-command": input(text.max(500).optional(), "Deploy command for the workflows; {environment} stands for staging and production.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	"deploy-check-command": input(text.max(500).optional(), "Command that only checks the deploy, for the workflows.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	"deploy-tier-command": input(text.max(500).optional(), "Command that deploys to a part of production first, for the workflows.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	"action-ref": input(actionRef.optional(), "The action as workflows use it: owner/repository@commit, with # and the version behind it.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	histogram: input(metricName.optional(), "Histogram of the requests' time in Prometheus, for the first check of the canary.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	check: toggle("Only say which workflows are out of date.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	protection: input(protection.optional(), "What is asked of the protection of the environment on GitHub: require, warn or off, for each of reviewers, self-review, admins, branches, secrets, approval, re-run; all stands for the others.", {
		group: "gate",
		config: "gate.protection",
		map: true,
		otherwise: "docs/gates.md has the level of each"
	}),
	"github-environment": input(text.max(255).optional(), "Name of the environment on GitHub, where it is another.", {
		group: "gate",
		config: "gate.github-environment",
		otherwise: "environment"
	}),
	"second-person": input(_enum(["require", "off"]).prefault("off"), "Whether another person than the one whose run made the plan has to start this run: for repositories whose plan has no reviewers. Needs approved-digest, or planned-by-run.", {
		group: "gate",
		config: "gate.second-person"
	}),
	"planned-by-run": input(string().regex(/^\d{1,19}$/, "must be the number of a run").optional(), "Number of the run of GitHub Actions that made the plan.", {
		group: "gate",
		config: null,
		otherwise: "the plan's record in the store"
	}),
	"promote-from": input(word.optional(), "Environment that this very commit must have passed before, such as staging.", {
		group: "gate",
		config: "gate.promote-from"
	}),
	"promote-store": input(storeUrl.optional(), "Store that holds the records of promote-from, where each environment has a bucket of its own.", {
		group: "gate",
		config: "gate.promote-store",
		otherwise: "store"
	}),
	"promote-records": input(promoteRecords.prefault("[\"migrate\",\"canary\",\"restore-drill\"]"), "Commands whose newest record of the commit in promote-from must be a success: a JSON array, or one a line.", {
		group: "gate",
		config: "gate.promote-records",
		list: true
	}),
	"promote-age": input(duration.prefault("7d"), "Greatest age of the records that promote-from asks for.", {
		group: "gate",
		config: "gate.promote-age"
	}),
	"config-template": input(paths.optional(), "Templates of env files that say which keys the release needs, as paths or globs, one a line: .env.example, web.env.j2.", {
		group: "config",
		config: "config-contract.template",
		list: true
	}),
	"config-command": input(argumentList.optional(), "Command that prints the names of the keys that the release needs, one a line: a JSON array, or one argument a line. No shell.", {
		group: "config",
		config: "config-contract.command",
		list: true
	}),
	"config-base": input(text.max(200).optional(), "The release that is live, as a tag or a commit: a key that it needed too is not newly required, and only warns.", {
		group: "config",
		config: "config-contract.base"
	}),
	"config-have": input(paths.optional(), "Files with what the host has, one a line: env files, or lists of names. Values are never kept.", {
		group: "config",
		config: "config-contract.have",
		list: true
	}),
	"config-have-command": input(argumentList.optional(), "Command that prints the names that the host has, over ssh for example: a JSON array, or one argument a line. No shell.", {
		group: "config",
		config: "config-contract.have-command",
		list: true
	}),
	"config-have-github": toggle("Count the names of the variables and secrets of the environment on GitHub. Needs github-token.", {
		group: "config",
		config: "config-contract.have-github"
	}),
	"config-aliases": input(keyAliases.optional(), "Names that serve as well as another, one OTHER_NAME=NAME a line.", {
		group: "config",
		config: "config-contract.aliases",
		map: true
	}),
	"config-vars": input(conditionAnswers.optional(), "Whether conditions of the templates hold on the host, one condition=true or =false a line.", {
		group: "config",
		config: "config-contract.vars",
		map: true
	}),
	"config-ignore": input(paths.optional(), "Names on the host that are none of the release, as globs, one a line.", {
		group: "config",
		config: "config-contract.ignore",
		list: true
	}),
	format: input(_enum(["report", "release-notes"]).prefault("report"), "What plan writes: a report, or the paragraph for release notes that calls out long and destructive migrations.", {
		group: "gate",
		config: null
	}),
	"approved-digest": input(string().regex(/^(?:[0-9a-f]{64}|none)$/, "must be a digest that plan printed: 64 characters from 0-9 and a-f").optional(), "Digest of the plan that people approved: the gate is shut when the plan is another one now. Needs phase. none says that nobody approves plans here.", {
		group: "gate",
		config: null,
		otherwise: "required in the action where phase is given"
	}),
	"approved-plan": input(text.optional(), "JSON result of the plan that people approved, such as a downloaded artifact, to name what has changed since.", {
		group: "gate",
		path: true,
		config: null,
		otherwise: "the records of the commit in the store"
	}),
	"quiet-hours": input(quietHours.optional(), "When a long migration may begin: hours, days or both, and a time zone, such as 22:00-06:00 Europe/Berlin, or mon-fri 20:00-06:00, sat, sun.", {
		group: "gate",
		otherwise: "at any time"
	}),
	"allow-busy-hours": input(text.max(500).optional(), "Reason why a long migration may begin outside the quiet hours; it is kept in the record of the run.", {
		group: "gate",
		config: null,
		kept: true
	}),
	name: input(string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, "must be a name such as add_users_email"), "Name of the new migration, such as add_users_email.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	post: toggle("Make it a post migration.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	hotfix: toggle("Make it a hotfix: with a number that no branch has taken, and a mark that lets older files run after it.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	action: input(_enum([
		"show",
		"adopt",
		"mark-applied",
		"mark-reverted",
		"clear-dirty"
	]), "What to do with the ledger: show which release is live; adopt, when the database was copied or has moved; mark-applied or mark-reverted, when a person ran a migration or took it back; clear-dirty, when the tool began one and a person has settled it.", {
		group: "common",
		config: null
	}),
	"settle-as": input(_enum(["applied", "reverted"]).optional(), "What clear-dirty writes of the migration that began and did not end: applied, when all of it is there; reverted, when nothing is.", {
		group: "common",
		config: null
	}),
	reason: input(text.max(500).optional(), "Why this is done; it is kept in the history.", {
		group: "common",
		config: null,
		kept: true
	}),
	fact: input(_enum(["deployed", "promoted"]), "The fact to record: deployed, when the deploy command has ended with 0; promoted, when a person lets a release stay after a hold or an abort.", {
		group: "common",
		config: null
	}),
	break: input(_enum(["drop-early"]).optional(), "Show what happens when a rule is broken: drop-early drops the old column in the pre phase.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	rows: input(string().regex(/^[1-9]\d{2,6}$/, "must be a number from 100 to 9999999").transform(Number).prefault("100000"), "Rows in the demonstration table.", {
		group: "terminal",
		terminal: true,
		config: null
	})
});
const inputNames = Object.keys(inputs.shape);
/** What is known of an input beyond its type. */
function traitsOf(name) {
	return traits.get(inputs.shape[name]) ?? { group: "common" };
}
/** Where an input stands in `shiplock.yml`, as dotted path; `undefined` when it may not stand there. */
function configPathOf(name) {
	const { config } = traitsOf(name);
	return config === null ? void 0 : config ?? name;
}
function isInputName(name) {
	return Object.hasOwn(inputs.shape, name);
}
// src/sql/position.ts
function positionFromUtf16(text, offset) {
	const before = text.slice(0, offset);
	const lineStart = before.lastIndexOf("\n") + 1;
	return {
		offset,
		line: before.split("\n").length,
		column: [...before.slice(lineStart)].length + 1
	};
}
function utf16FromCodePoints(text, codePoints) {
	let offset = 0;
	for (let seen = 0; seen < codePoints && offset < text.length; seen++) offset += text.codePointAt(offset) > 65535 ? 2 : 1;
	return offset;
}
// src/sql/parse.ts
let loaded;
/**
* Splits a text into statements with PostgreSQL's own parser (the newest dialect).
* Returns the problem instead when the parser does not accept the text.
*/
async function parseStatements(text) {
	if (/^\s*$/.test(text)) return { statements: [] };
	const parser = await loadParser();
	try {
		const { stmts = [] } = parser.parseSync(text);
		return { statements: locate(stmts, text) };
	} catch (error) {
		if (error instanceof RangeError) return { problem: {
			message: "it is nested too deeply",
			offset: 0
		} };
		const details = error.sqlDetails;
		if (details === void 0) throw error;
		const offset = utf16FromCodePoints(text, Math.max(0, details.cursorPosition));
		return { problem: {
			message: details.message,
			offset
		} };
	}
}
/** The first word of each statement, in lower case, found without a grammar; empty when even that fails. */
async function statementHeads(text) {
	const parser = await loadParser();
	try {
		const tokens = parser.scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName));
		return tokens.filter((_, index) => index === 0 || tokens[index - 1]?.text === ";").map((token) => token.text.toLowerCase());
	} catch {
		return [];
	}
}
/** The words of a text that the parser accepts, without its comments. */
async function scanTokens(text) {
	return (await loadParser()).scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName));
}
/** The comments of a text, by their bytes; none where the scanner stops at an error. */
async function scanComments(text) {
	const parser = await loadParser();
	try {
		return parser.scanSync(text).tokens.filter((token) => /COMMENT/.test(token.tokenName));
	} catch {
		return [];
	}
}
/** What PL/pgSQL's own parser makes of a DO block or of CREATE FUNCTION; `undefined` when it does not read it. */
async function parsePlpgsql(sql) {
	const parser = await loadParser();
	try {
		return parser.parsePlPgSQLSync(sql);
	} catch {
		return;
	}
}
/** As `scanTokens`, at once: only for text beside a statement that was parsed, since that loads the parser. */
function tokensOf(text) {
	const known = scanned.get(text);
	if (known !== void 0) return known;
	const tokens = scanTokensNow(text);
	if (ready === void 0 || text.length > longestKept) return tokens;
	if (scanned.size >= mostScanned) scanned.clear();
	scanned.set(text, tokens);
	return tokens;
}
/** Several rules look at the words of one statement, and most names come again. */
const scanned = /* @__PURE__ */ new Map();
const mostScanned = 1e3;
const longestKept = 2e3;
function scanTokensNow(text) {
	return (ready?.scanSync(text).tokens ?? []).filter(({ tokenName }) => !/COMMENT/.test(tokenName)).map(({ text, start, end, keywordKind, tokenName }) => ({
		text,
		start,
		end,
		keywordKind,
		isIdentifier: tokenName === "IDENT"
	}));
}
let ready;
/** Begins to load the parser; whoever needs it soon does so early, since it is compiled beside other work. */
function warmParser() {
	loadParser().catch(() => {});
}
function loadParser() {
	loaded ??= import("./wasm.js").then(async (parser) => {
		compileOnce();
		await parser.loadModule();
		ready = parser;
		return parser;
	});
	return loaded;
}
/**
* V8 would compile the two largest functions of the parser again after a few statements, with its optimizing compiler:
* that takes longer than parsing thousands of files does without, and the program cannot end before it has ended.
*/
function compileOnce() {
	for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
}
/** Turns the parser's byte offsets into UTF-16 units, walking the text once. */
function locate(raws, text) {
	const bytes = Buffer.from(text, "utf8");
	let byteAt = 0;
	let at = 0;
	const advance = (to) => {
		at += bytes.toString("utf8", byteAt, to).length;
		byteAt = to;
		return at;
	};
	return raws.map((raw) => {
		const from = raw.stmt_location ?? 0;
		const begin = advance(from);
		const piece = text.slice(begin, advance(raw.stmt_len ? from + raw.stmt_len : bytes.length));
		return {
			start: begin + leadingBlank(piece),
			end: begin + piece.trimEnd().length,
			node: raw.stmt
		};
	});
}
/** A statement without the white space, comments and semicolons behind it, so that something can be written there. */
function withoutEnd(sql) {
	const trimmed = sql.trimEnd();
	if (!/--|(?:\*\/|;)$/.test(trimmed)) return trimmed;
	const last = tokensOf(trimmed).findLast(({ text }) => text !== ";");
	return last === void 0 ? trimmed : Buffer.from(trimmed).toString("utf8", 0, last.end);
}
/** Length of the white space and comments before a statement; block comments nest in PostgreSQL. */
function leadingBlank(text) {
	let index = 0;
	while (index < text.length) if (/\s/.test(text[index])) index++;
	else if (text.startsWith("--", index)) index = endOfLine(text, index);
	else if (text.startsWith("/*", index)) index = endOfBlock(text, index);
	else break;
	return index;
}
/** Whether a text holds no statement: white space, comments and semicolons alone. */
function isBlank(text) {
	let rest = text.slice(leadingBlank(text));
	while (rest.startsWith(";")) rest = rest.slice(1 + leadingBlank(rest.slice(1)));
	return rest === "";
}
function endOfLine(text, from) {
	const end = text.indexOf("\n", from);
	return end < 0 ? text.length : end + 1;
}
function endOfBlock(text, from) {
	let depth = 0;
	for (let index = from; index < text.length; index++) if (text.startsWith("/*", index)) {
		depth++;
		index++;
	} else if (text.startsWith("*/", index)) {
		depth--;
		index++;
		if (depth === 0) return index + 1;
	}
	return text.length;
}
// src/commands/index.ts
/** Every command, loaded only when it is named. */
const commands = {
	lint: () => {
		warmParser();
		return import("./lint.js");
	},
	plan: () => import("./plan.js"),
	backup: () => import("./backup.js"),
	"verify-backup": () => import("./verify-backup.js"),
	migrate: () => import("./migrate.js"),
	canary: () => import("./canary.js"),
	rollback: () => import("./rollback.js"),
	"config-check": () => import("./config-check.js"),
	"restore-drill": () => import("./restore-drill.js"),
	gate: () => import("./gate.js"),
	record: () => import("./record3.js"),
	ledger: () => import("./ledger.js"),
	init: () => import("./init.js"),
	new: () => import("./new.js"),
	demo: () => import("./demo.js")
};
// src/nearest.ts
/** The candidate that a mistyped word most likely meant, or `undefined` when none is close. */
function nearest(word, candidates) {
	let best;
	for (const candidate of candidates) {
		const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
		if (best === void 0 || distance < best.distance) best = {
			candidate,
			distance
		};
	}
	return best !== void 0 && best.distance <= Math.max(2, word.length / 3) ? best.candidate : void 0;
}
/** A sentence to append to an error about an unknown word; empty when nothing is close. */
function didYouMean(word, candidates) {
	const candidate = nearest(word, candidates);
	return candidate === void 0 ? "" : ` Did you mean ${candidate}?`;
}
/** The candidates nearest to a word, the nearest first: close ones, and such that hold the word or are held by it. */
function nearestWords(word, candidates, most) {
	const wanted = word.toLowerCase();
	const limit = Math.max(2, word.length / 3);
	const close = [];
	for (const candidate of candidates) {
		const other = candidate.toLowerCase();
		const holds = other.includes(wanted) || wanted.includes(other);
		if (!holds && Math.abs(other.length - wanted.length) > limit) continue;
		const distance = editDistance(wanted, other);
		if (holds || distance <= limit) close.push({
			candidate,
			distance
		});
	}
	return close.sort((one, other) => one.distance - other.distance).slice(0, most).map(({ candidate }) => candidate);
}
/** Levenshtein's distance, one row at a time. */
function editDistance(a, b) {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
		}
		row = next;
	}
	return row[b.length];
}
// src/store-access.ts
/** The inputs that say how to reach a store, whatever the command. */
const storeAccessNames = [
	"s3-endpoint",
	"s3-region",
	"s3-access-key-id",
	"s3-secret-access-key",
	"s3-session-token",
	"s3-ca",
	"s3-force-path-style",
	"stall-timeout"
];
/** A session token of the surroundings belongs to their key, and says nothing with another one. */
function storeAccess(inputs, given) {
	const ownKey = Boolean(given.get("s3-access-key-id"));
	return {
		endpoint: inputs["s3-endpoint"],
		region: inputs["s3-region"],
		accessKeyId: inputs["s3-access-key-id"],
		secretAccessKey: inputs["s3-secret-access-key"],
		sessionToken: ownKey && !given.get("s3-session-token") ? void 0 : inputs["s3-session-token"],
		ca: inputs["s3-ca"],
		forcePathStyle: inputs["s3-force-path-style"],
		stallTimeoutMs: inputs["stall-timeout"]
	};
}
// src/name-commands.ts
/** Throws `unknown-command`, `unknown-input` or `invalid-input`: nothing has been read or run yet. */
async function nameCommands(start) {
	if (start.usageProblem !== void 0) throw new ReleaseError("invalid-input", start.usageProblem, { hint: "shiplock --help shows how it is called." });
	if (start.commands.length === 0) throw new ReleaseError("unknown-command", "No command was named.", { hint: `Name one or more of ${Object.keys(commands).join(", ")}.` });
	const named = [];
	for (const line of start.commands) {
		const [name = "", ...words] = line.trim().split(/\s+/);
		const load = Object.hasOwn(commands, name) ? commands[name] : void 0;
		if (load === void 0) throw new ReleaseError("unknown-command", `There is no command ${JSON.stringify(name.slice(0, 40))}.${didYouMean(name, Object.keys(commands))}`, { hint: `Commands are ${Object.keys(commands).join(", ")}.` });
		const command = (await load()).default;
		if (command.terminalOnly && start.edge === "action") throw new ReleaseError("unknown-command", `${name} is a command of the terminal; the action does not have it.`, { hint: `Run it as: npx shiplock ${name}` });
		named.push({
			name,
			command,
			given: withPositional(name, command, words, start.given)
		});
	}
	refuseUnused(named, start.given);
	return named;
}
function withPositional(name, command, words, given) {
	if (words.length === 0) return given;
	const several = command.positional !== void 0 && traitsOf(command.positional).list === true;
	if (command.positional !== void 0 && words.length > 1 && !several) throw new ReleaseError("invalid-input", `${name} takes one word, and here are ${words.length}.`, { hint: `Join them, as in ${name} ${words.join("_").slice(0, 60)}; the rest are flags: shiplock ${name} --help shows them.` });
	if (command.positional === void 0) throw new ReleaseError("invalid-input", `${name} does not take the word ${JSON.stringify(String(words.at(-1)).slice(0, 40))}.`, { hint: `shiplock ${name} --help shows what it takes.` });
	return new Map(given).set(command.positional, words.join("\n"));
}
/** What every start may be given. */
const commonInputs = [
	"project",
	"environment",
	"release",
	"store",
	...storeAccessNames
];
/** An input that no named command uses would be a wish that nobody hears. */
function refuseUnused(named, given) {
	const used = /* @__PURE__ */ new Set([...commonInputs, ...named.flatMap(({ command }) => command.inputs)]);
	const problems = [...given].flatMap(([name, value]) => {
		if (value === "" || used.has(name)) return [];
		return [inputNames.some((one) => one === name) ? `${name} is not used by ${named.map((one) => one.name).join(", ")}.` : `there is no input ${JSON.stringify(name.slice(0, 60))}.${didYouMean(name, used)}`];
	});
	if (problems.length === 0) return;
	throw new ReleaseError("unknown-input", `${problems.length === 1 ? "One input" : `${problems.length} inputs`} cannot be used:\n  ${problems.join("\n  ")}`, { hint: `These commands take: ${[...used].sort().join(", ")}.` });
}
// src/resolve-inputs.ts
/**
* Merges the sources and parses the named inputs once; optional ones may be missing whatever their schema says.
* Throws `invalid-input` with every problem, by name and never with the value, which may be a password.
*/
function resolveInputs(names, sources, optional = []) {
	const raw = {};
	for (const name of names) {
		const value = sources.given.get(name) || sources.config.get(name)?.value || sources.surroundings.get(name);
		if (value) raw[name] = value;
	}
	const parsed = inputs.pick(maskOf(names)).partial(maskOf(optional)).safeParse(raw);
	if (!parsed.success) throw invalidInputs(parsed.error.issues, raw, sources);
	return absolutePaths(parsed.data, sources.baseDir);
}
function maskOf(names) {
	return Object.fromEntries(names.map((name) => [name, true]));
}
function invalidInputs(issues, raw, sources) {
	const problems = issues.map((issue) => {
		const name = String(issue.path[0]);
		if (raw[name] === void 0) return `${name} is required${requiredHint(name)}`;
		const origin = sources.given.get(name) ? void 0 : sources.config.get(name)?.at;
		const problem = issue.code === "invalid_value" ? `must be one of ${issue.values?.join(", ")}` : issue.message;
		return `${name}${origin === void 0 ? "" : ` (${origin})`}: ${problem}`;
	});
	return new ReleaseError("invalid-input", `${problems.length === 1 ? "One input" : `${problems.length} inputs`} cannot be used:\n  ${problems.join("\n  ")}`, { hint: "The help of the command (--help) and docs/reference.md describe each input." });
}
function requiredHint(name) {
	const { secret, otherwise } = traitsOf(name);
	if (secret) return `; set the environment variable ${name.toUpperCase().replaceAll("-", "_")}`;
	const schema = inputs.shape[name];
	if (schema instanceof ZodEnum) return `: ${schema.options.join(" or ")}`;
	return otherwise === void 0 ? "" : ` (otherwise: ${otherwise})`;
}
function absolutePaths(values, baseDir) {
	const entries = Object.entries(values).map(([name, value]) => {
		return [name, traitsOf(name).path && typeof value === "string" && !isAbsolute(value) ? resolve(baseDir, value) : value];
	});
	return Object.fromEntries(entries);
}
// src/result.ts
/** What a command concluded; a canary's words are `promote`, `abort` and `hold`. */
const verdicts = [
	"pass",
	"fail",
	"inconclusive",
	"promote",
	"abort",
	"hold"
];
/** One check in a result, and in the manifest that it went into. */
const checkSchema = object({
	id: string(),
	/** `not-checked` is what a check is that nobody configured: never a tick. */
	status: _enum([
		"pass",
		"fail",
		"not-checked"
	]),
	value: union([string(), number()]).optional(),
	limit: union([string(), number()]).optional(),
	message: string().optional()
});
/** The outcome of one command in the JSON result. Each command adds its own details. */
const commandResult = looseObject({
	tool: string(),
	command: string(),
	verdict: _enum([...verdicts, "not-run"]),
	reason: string(),
	release: string().optional(),
	environment: string().optional(),
	startedAt: datetime().optional(),
	finishedAt: datetime().optional(),
	checks: array(checkSchema),
	error: object({
		code: string(),
		message: string(),
		hint: string().optional(),
		at: string().optional()
	}).optional()
});
/** The one JSON object that every step writes, also when it fails. */
const resultSchema = object({
	schema: literal("shiplock/result@1"),
	verdict: _enum(verdicts),
	exitCode: int(),
	commands: array(commandResult)
});
/** 0 pass or promote; 1 evidence of a fault, or abort; 3 not enough evidence, or hold. Wrong usage (2) comes from the error's code. */
function exitCodeOf(verdict) {
	return {
		pass: 0,
		fail: 1,
		inconclusive: 3,
		promote: 0,
		abort: 1,
		hold: 3
	}[verdict];
}
/** `fail` when a check failed, otherwise `pass`: what was not checked proves nothing either way. */
function verdictOf(checks) {
	return checks.some((one) => one.status === "fail") ? "fail" : "pass";
}
// src/result-so-far.ts
const safe = "a second run is safe: it looks at what is done, and does the rest.";
/** The result that counts when nothing more is heard of the start: what had ended, what was under way, and what had not begun. */
function resultSoFar({ ended, underWay, waiting }, said = []) {
	const next = ended.length === 0 ? "nothing has been done yet." : safe;
	return {
		schema: "shiplock/result@1",
		verdict: "inconclusive",
		exitCode: 3,
		commands: [
			...ended,
			...underWay === void 0 ? [] : [entryUnderWay(underWay, said)],
			...waiting.map((line, index) => entryNotBegun(line, underWay === void 0 && index === 0 ? next : void 0))
		]
	};
}
/** A word that is no command of ours may be anything, a secret too, and is not repeated. */
function resultHead(line) {
	const name = line.trim().split(/\s+/)[0] ?? "";
	return {
		tool: `shiplock/${version$1}`,
		command: Object.hasOwn(commands, name) ? name : "shiplock"
	};
}
function entryUnderWay({ name, ...known }, said) {
	const reason = `It began at ${formatMoment(known.startedAt)}, and the step was stopped before it ended.`;
	return {
		...resultHead(name),
		verdict: "inconclusive",
		reason,
		...known,
		checks: [],
		said,
		error: stopped(reason, safe)
	};
}
function entryNotBegun(line, next) {
	const reason = "The step was stopped before this began.";
	return {
		...resultHead(line),
		verdict: "not-run",
		reason,
		checks: [],
		...next === void 0 ? {} : { error: stopped(reason, next) }
	};
}
function stopped(message, next) {
	return describeError(new ReleaseError("interrupted", message, { hint: `Run the same step again; ${next}` }));
}
// src/signals.ts
const exitCodes = {
	SIGHUP: 129,
	SIGINT: 130,
	SIGTERM: 143
};
/** A crash is no evidence of anything. */
const crashExitCode = 3;
/** The exit status of a start that a signal ended. */
function signalExitCode(signal) {
	return exitCodes[signal.reason] ?? 130;
}
/** A runner grants 7.5 s after SIGINT; what has not ended by then is given up, so that we end by ourselves. */
const longestMs = 7e3;
/**
* An abort signal that fires at SIGINT, SIGTERM or SIGHUP (a terminal that was closed), with the signal's name as reason. A second signal, or too long an
* end, stops the process at once.
*/
function watchSignals(process, told) {
	const controller = new AbortController();
	let last;
	const onSignal = (name) => {
		const code = exitCodes[name];
		if (controller.signal.aborted) process.exit(code);
		told();
		last = setTimeout(() => process.exit(code), longestMs);
		last.unref();
		controller.abort(name);
	};
	let crash;
	const onCrash = (error) => {
		crash ??= error;
		last ??= setTimeout(() => process.exit(crashExitCode), longestMs).unref();
		controller.abort("crash");
	};
	process.on("uncaughtException", onCrash);
	const watched = Object.keys(exitCodes).filter((name) => name !== "SIGHUP" || !ignoresHangUp());
	for (const name of watched) process.on(name, onSignal);
	return {
		signal: controller.signal,
		crash: () => crash,
		stop() {
			process.off("uncaughtException", onCrash);
			clearTimeout(last);
			for (const name of watched) process.off(name, onSignal);
		}
	};
}
/** Under `nohup` the signal is ignored, and must stay so. */
function ignoresHangUp() {
	try {
		const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
		return mask !== void 0 && (BigInt(`0x${mask}`) & 1n) === 1n;
	} catch {
		return false;
	}
}
// src/metrics-access.ts
const sources = ["prometheus", "loki"];
const parts = [
	"url",
	"token",
	"user",
	"password",
	"headers",
	"tenant"
];
/** How to reach the sources of a watch, as the environment may say it: `PROMETHEUS_TOKEN`, `LOKI_URL` and their like. */
const metricsVariables = sources.flatMap((source) => parts.map((part) => [`${source}-${part}`, `${source}_${part}`.toUpperCase()]));
/** The texts that a value of such an input must not leave in a log: of headers, each value by itself. */
function metricsSecrets(input, value) {
	if (!/-(?:token|password|headers)$/.test(input)) return [];
	if (!input.endsWith("-headers")) return [value];
	return value.split("\n").flatMap((line) => {
		const header = line.slice(line.indexOf(":") + 1).trim();
		return [header, header.replace(/^(?:Basic|Bearer)\s+/i, "")];
	});
}
// src/release-name.ts
/** What a release is called where there is neither a tag nor a commit. Two of that name need not be the same. */
const unversioned = "unversioned";
function isSameRelease(one, other) {
	if (one.commit !== void 0 && one.commit === other.commit) return true;
	return one.release === other.release && one.release !== "unversioned";
}
// src/surroundings.ts
/** The folder that paths are relative to: that of the configuration, whether or not the file is there. */
function configFolder({ cwd, configPath }) {
	return dirname(resolve(cwd, configPath ?? "shiplock.yml"));
}
/** The values of `shiplock.yml` and its folder; without the file, the working directory. */
async function readConfig(start) {
	const path = resolve(start.cwd, start.configPath ?? "shiplock.yml");
	try {
		const text = await readFile(path, "utf8");
		const { loadConfig } = await import("./load2.js");
		return {
			config: loadConfig(text, basename(path)),
			baseDir: configFolder(start),
			file: basename(path)
		};
	} catch (error) {
		if (error instanceof ReleaseError) throw error;
		if (systemCode(error) === "ENOENT" && start.configPath === void 0) return {
			config: /* @__PURE__ */ new Map(),
			baseDir: start.cwd,
			file: void 0
		};
		throw new ReleaseError("config-not-found", `The configuration ${start.configPath ?? "shiplock.yml"} cannot be read (${systemCode(error)}).`, {
			hint: "Check the input config; relative paths start in the working directory.",
			cause: error
		});
	}
}
/** Defaults that depend on the machine, the repository and the variables. */
function surroundingDefaults(start, baseDir, identity) {
	const { variables: env, edge } = start;
	const defaults = [
		["project", (identity.repository ?? basename(baseDir)).replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 63) || "project"],
		["release", identity.tag ?? identity.commit?.slice(0, 12) ?? "unversioned"],
		["database-url", env.DATABASE_URL || connectionFromVariables(env)],
		["target-url", env.DRILL_DATABASE_URL],
		["ssh-key", env.SSH_KEY],
		["github-token", env.GITHUB_TOKEN],
		...metricsVariables.map(([input, variable]) => [input, env[variable]]),
		["s3-endpoint", env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL],
		["s3-region", env.AWS_REGION || env.AWS_DEFAULT_REGION],
		["s3-access-key-id", env.AWS_ACCESS_KEY_ID],
		["s3-secret-access-key", env.AWS_SECRET_ACCESS_KEY],
		["s3-session-token", env.AWS_SESSION_TOKEN],
		["s3-ca", env.AWS_CA_BUNDLE],
		["install-tools", edge === "action" ? "true" : "false"],
		["store", edge === "terminal" ? `file://${resolve(baseDir, ".shiplock")}` : void 0]
	];
	return new Map(defaults.filter((pair) => Boolean(pair[1])));
}
// src/run.ts
/** Runs the named commands in order, stops at the first that does not pass, and always returns a result. */
async function run(start) {
	const entries = [];
	const outputs = /* @__PURE__ */ new Map();
	const annotations = [];
	let exitCode = 0;
	let bug;
	let names = start.commands;
	try {
		const described = describeRun(start.variables, configFolder(start));
		const named = await nameCommands(start);
		names = named.map(({ name }) => name);
		const prepared = await prepare(named, start, described);
		const { release, environment, clock } = prepared.context;
		for (const [index, { name, command }] of named.entries()) {
			if (exitCode !== 0) break;
			if (start.signal.aborted) throw interrupted(void 0);
			const underWay = {
				name,
				startedAt: clock.now().toISOString(),
				release,
				environment
			};
			await start.told?.({
				ended: [...entries],
				underWay,
				waiting: names.slice(index + 1)
			});
			const finished = await runOne(name, command, prepared, start, underWay.startedAt);
			bug ??= finished.bug;
			entries.push(finished.entry);
			exitCode = finished.exitCode;
			annotations.push(...finished.annotations);
			await start.told?.({
				ended: [...entries],
				waiting: names.slice(index + 1)
			});
			for (const [key, value] of Object.entries(finished.outputs)) outputs.set(`${name}-${key}`, String(value));
		}
	} catch (error) {
		const known = asReleaseError(error);
		if (known.code === "internal-error") bug = error;
		exitCode = known.exitCode;
		entries.push({
			...resultHead(names[entries.length] ?? "shiplock"),
			verdict: known.verdict,
			reason: known.message,
			checks: [],
			error: describeError(known)
		});
	}
	for (const name of names.slice(entries.length)) entries.push({
		...resultHead(name),
		verdict: "not-run",
		reason: "An earlier command did not pass.",
		checks: []
	});
	if (start.crash() === void 0 && start.signal.aborted && exitCode !== 0) exitCode = signalExitCode(start.signal);
	return {
		...redacted({
			result: {
				schema: "shiplock/result@1",
				verdict: overall(entries),
				exitCode,
				commands: entries
			},
			annotations
		}, start.redactor),
		outputs,
		bug
	};
}
/** The values, with no secret of this run in a text that is kept. */
function withoutSecrets(values, redactor) {
	const clean = (name, value) => typeof value === "string" && traitsOf(name).kept === true ? redactor.redact(value) : value;
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, clean(name, value)]));
}
/** Reads the configuration and parses every command's inputs before the first command runs. */
async function prepare(named, start, described) {
	const { config, baseDir, file: configFile } = await readConfig(start);
	const identity = await described;
	const surroundings = surroundingDefaults(start, baseDir, identity);
	const parsed = /* @__PURE__ */ new Map();
	const allSources = /* @__PURE__ */ new Map();
	let common = {};
	for (const { name, command, given } of named) {
		const valueGiven = (one) => given.get(one) || config.get(one)?.value || void 0;
		const sources = {
			given,
			config,
			surroundings: new Map([...surroundings, ...await homeFolders(valueGiven, baseDir)]),
			baseDir,
			configFile
		};
		allSources.set(name, sources);
		const clean = withoutSecrets(resolveInputs([.../* @__PURE__ */ new Set([...commonInputs.filter((one) => one !== "store"), ...command.inputs])], sources, command.optional), start.redactor);
		parsed.set(name, clean);
		common = {
			...common,
			...clean
		};
	}
	const recordStore = start.given.get("store") || config.get("store")?.value;
	return {
		inputs: parsed,
		sources: allSources,
		context: await createContext({
			...start,
			inAction: start.edge === "action",
			baseDir,
			run: identity,
			project: common.project,
			projectGiven: Boolean(start.given.get("project") || config.get("project")),
			environment: common.environment,
			release: common.release,
			storeUrl: recordStore,
			storeAccess: storeAccess(common, start.given)
		}),
		recordStore
	};
}
async function runOne(name, command, { inputs, sources, context, recordStore }, start, startedAt) {
	let outcome;
	let exitCode;
	let bug;
	try {
		const whole = {
			...context,
			sources: sources.get(name),
			redact: (value) => redacted(value, start.redactor)
		};
		outcome = await Promise.race([command.run(inputs.get(name), whole), lateAfter(start.signal)]);
		exitCode = outcome.error?.exitCode ?? outcome.exitCode ?? exitCodeOf(outcome.verdict);
	} catch (error) {
		const known = start.signal.aborted && !(error instanceof ReleaseError) ? interrupted(error) : asReleaseError(error);
		if (known.code === "internal-error") bug = error;
		outcome = {
			verdict: known.verdict,
			reason: firstLine(known.message),
			error: known
		};
		exitCode = known.exitCode;
	}
	if (start.crash() !== void 0) {
		bug = start.crash();
		const known = asReleaseError(bug);
		outcome = {
			...outcome,
			verdict: known.verdict,
			reason: firstLine(known.message),
			error: known
		};
		exitCode = known.exitCode;
	}
	const entry = {
		...resultHead(name),
		verdict: outcome.verdict,
		reason: outcome.reason,
		release: context.release,
		environment: context.environment,
		startedAt,
		finishedAt: context.clock.now().toISOString(),
		checks: [...outcome.checks ?? []],
		...outcome.details,
		...outcome.error === void 0 ? {} : { error: describeError(outcome.error) }
	};
	const { "dry-run": dryRun = false, "from-record": fromRecord = false } = inputs.get(name) ?? {};
	if (recordStore !== void 0 && !command.terminalOnly && !dryRun && !fromRecord) await keepRecord(entry, name, context, recordStore, start);
	return {
		entry,
		exitCode,
		bug,
		annotations: outcome.annotations ?? [],
		outputs: {
			verdict: outcome.verdict,
			...outcome.outputs
		}
	};
}
/** The result is kept beside the backups too; a store that fails here is told, and changes no verdict. */
async function keepRecord(entry, name, context, url, start) {
	const { keepResult } = await import("./record.js");
	try {
		await keepResult(redacted(entry, start.redactor), {
			name,
			...context,
			store: await context.openStore(url),
			at: context.clock.now()
		});
	} catch (error) {
		context.log.warn(`the record of this ${name} was not kept: ${start.redactor.redact(messageOf(error))}`);
	}
}
function overall(entries) {
	const decisive = entries.find((entry) => !["pass", "promote"].includes(entry.verdict));
	if (decisive === void 0) return entries.length === 1 && entries[0]?.verdict === "promote" ? "promote" : "pass";
	return verdicts.find((verdict) => verdict === decisive.verdict) ?? "inconclusive";
}
/** A runner kills us 7.5 s after its signal; the result is written before that, also when something does not end. */
const longestEndMs = 6e3;
function lateAfter(signal) {
	return new Promise((_, reject) => {
		const start = () => setTimeout(() => reject(interrupted(void 0)), longestEndMs).unref();
		if (signal.aborted) start();
		else signal.addEventListener("abort", start, { once: true });
	});
}
function firstLine(text) {
	return text.split("\n")[0];
}
// src/command-line.ts
const switches = ["json", "help"];
/** `shiplock backup,migrate --phase pre`: words before the flags name commands, flags are inputs. */
function readCommandLine(args) {
	const words = [];
	const flags = /* @__PURE__ */ new Map();
	let problem;
	for (let index = 0; index < args.length; index++) {
		const arg = args[index];
		if (arg !== "-h" && !arg.startsWith("--")) {
			words.push(arg);
			continue;
		}
		const [name = "", inline] = arg === "-h" ? ["help"] : splitFlag(arg.slice(2));
		const value = inline ?? (isSwitch(name) ? "true" : args[++index]);
		if (flags.has(name)) problem ??= `--${name.slice(0, 60)} stands twice.`;
		else if (!value || inline === void 0 && /^--\w/.test(value)) problem ??= `--${name.slice(0, 60)} needs a value.`;
		else flags.set(name, value);
	}
	const { command, config, json, help, ...given } = Object.fromEntries(flags);
	return {
		commands: split(command ?? words.join(" ")),
		given: new Map(Object.entries(given)),
		configPath: config,
		json: json !== void 0 && json !== "false",
		help: help !== void 0,
		problem
	};
}
/** `backup,migrate` names two commands; a word after the last one belongs to it, as in `record deployed`. */
function split(commands) {
	return commands.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);
}
function splitFlag(flag) {
	const equals = flag.indexOf("=");
	return equals < 0 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)];
}
/** Inputs that are true or false may stand without a value. */
function isSwitch(name) {
	return switches.includes(name) || isInputName(name) && traitsOf(name).switch === true;
}
// src/terminal.ts
/** Runs one start from a command line; resolves with the exit status. */
async function terminal(shell) {
	for (const stream of [shell.stdout, shell.stderr]) stream.on("error", () => {});
	const line = readCommandLine(shell.argv.slice(2));
	if (line.help || shell.argv.length === 2) {
		const { helpFor } = await import("./help.js");
		shell.stdout.write(helpFor(line.commands[0]));
		return line.help ? 0 : 2;
	}
	const { run } = await import("./run.js");
	const { secretsOf } = await import("./secrets.js");
	const redactor = new Redactor();
	for (const secret of secretsOf(line.given, shell.env)) redactor.add(secret);
	const passwords = shell.argv.slice(2).filter((word) => /:\/\/[^/\s]*:[^@\s]+@|password=/i.test(word)).flatMap((word) => secretForms(word.replace(/^--[\w-]+=/, "")));
	for (const secret of passwords) redactor.add(secret);
	const onlyNotes = line.given.get("format") === "release-notes" && !line.json;
	const prose = line.json || onlyNotes ? shell.stderr : shell.stdout;
	const live = new LiveLine({
		write: (text) => prose.write(text),
		columns: () => prose.isTTY === true && shell.env.TERM !== "dumb" ? prose.columns ?? 80 : void 0,
		now: () => performance.now()
	});
	const log = lineLog(redactor, live, (line) => prose.write(`${line}\n`));
	if (passwords.length > 0) log.warn("a password on the command line can be read by every user of this machine; use DATABASE_URL (or DRILL_DATABASE_URL) instead");
	if (line.given.has("ssh-key")) log.warn("a private key on the command line can be read by every user of this machine; use SSH_KEY or the agent instead");
	const { signal, crash, stop } = watchSignals(shell, () => shell.stderr.write("stopping; a second Ctrl-C ends at once\n"));
	const { result, bug } = await run({
		edge: "terminal",
		commands: line.commands,
		given: line.given,
		configPath: line.configPath,
		variables: shell.env,
		cwd: shell.cwd(),
		program: shell.argv[1] ?? "",
		signal,
		crash,
		log,
		redactor,
		usageProblem: line.problem,
		...shell.stdin.isTTY === true && shell.stderr.isTTY === true ? { ask: (question) => answerOf(question, shell, signal) } : {}
	});
	live.clear();
	if (!signal.aborted) stop();
	const { releaseNotesIn, renderTerminal } = await import("./terminal2.js");
	if (line.json) shell.stdout.write(`${JSON.stringify(result, void 0, 2)}\n`);
	if (onlyNotes) shell.stdout.write(releaseNotesIn(result));
	const color = !line.json && !onlyNotes && shell.stdout.isTTY === true && !shell.env.NO_COLOR && shell.env.TERM !== "dumb";
	prose.write(renderTerminal(result, { color }));
	if (bug !== void 0) shell.stderr.write(`${foreign(redactor.redact(String(bug.stack ?? bug)))}\n`);
	return result.exitCode;
}
/** The line that somebody types; an empty one is no answer, and Ctrl-D none either. */
async function answerOf(question, shell, signal) {
	const { createInterface } = await import("node:readline/promises");
	const lines = createInterface({
		input: shell.stdin,
		output: shell.stderr
	});
	lines.on("SIGINT", () => shell.kill(shell.pid, "SIGINT"));
	const closed = new Promise((done) => lines.on("close", () => done("")));
	try {
		return (await Promise.race([lines.question(`${question}: `, { signal }), closed])).trim() || void 0;
	} finally {
		lines.close();
	}
}
function lineLog(redactor, live, write) {
	const keep = (line) => {
		live.clear();
		write(line);
	};
	return {
		info: (text) => keep(harmless(redactor.redact(text))),
		warn: (text) => keep(harmless(redactor.redact(`! ${text}`))),
		foreign: (text) => keep(foreign(redactor.redact(text))),
		live: (line) => live.show({
			...line,
			text: harmless(redactor.redact(line.text))
		})
	};
}
export { invalidMigration as $, visible as $t, traitsOf as A, literal as At, railsHome as B, prettifyError as Bt, tokensOf as C, datetime as Ct, configPathOf as D, date as Dt, utf16FromCodePoints as E, boolean as Et, asksNothing as F, string as Ft, isNested as G, formatMoment as Gt, asReleaseError as H, compactStamp as Ht, levelsOf as I, tuple as It, readTyped as J, plural as Jt, numberedPaths as K, formatSize as Kt, withDefaults as L, union as Lt, isQuiet as M, number as Mt, nextQuiet as N, object as Nt, inputNames as O, discriminatedUnion as Ot, wallTime as P, record as Pt, countedEvidence as Q, oneLine as Qt, atDeploy as R, unknown as Rt, statementHeads as S, showArguments as St, positionFromUtf16 as T, array as Tt, interrupted as U, formatCount as Ut, usualPostFolders as V, NEVER as Vt, folderVersion as W, formatDuration as Wt, flywayName as X, foreign as Xt, versionOfPath as Y, wholeSeconds as Yt, checksumOf as Z, harmless as Zt, leadingBlank as _, lineageOf as _t, metricsSecrets as a, describeConnection as an, commonCommit as at, scanComments as b, shownVersion as bt, resultSoFar as c, settingOption as cn, parentsOf as ct, verdictOf as d, errorCodes as dn, runChild as dt, Redactor as en, nextVersion as et, verdicts as f, messageOf as fn, startChild as ft, isBlank as g, isRepeatable as gt, nearestWords as h, isFileOf as ht, unversioned as i, decideTls as in, changesInGit as it, describeSshHost as j, looseObject as jt, isInputName as k, int as kt, checkSchema as l, LiveLine as ln, git as lt, didYouMean as m, byVersion as mt, run as n, secretForms as nn, refuseByteOrderMark as nt, metricsVariables as o, isLocal as on, defaultBranchOf as ot, resolveInputs as p, systemCode as pn, systemClock as pt, partsOfPath as q, parseDuration as qt, isSameRelease as r, connectionFromVariables as rn, textOf as rt, watchSignals as s, parseConnection as sn, firstKnown as st, terminal as t, redacted as tn, numberedName as tt, resultSchema as u, ReleaseError as un, gitText as ut, parsePlpgsql as v, placeIn as vt, withoutEnd as w, _enum as wt, scanTokens as x, nameCommand as xt, parseStatements as y, repeatableVersion as yt, layoutAtHome as z, ZodError as zt };
