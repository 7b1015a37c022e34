import { n as makeWorkspace, r as sweepWorkspaces, t as isInOwnWorkspace } from "./workspace.js";
import { t as startCluster } from "./cluster.js";
import { n as messageOf, r as systemCode, t as ReleaseError } from "./errors.js";
import { a as pinSettings, c as readLedgerHeads, n as listTables, o as readTables, t as TimeLimit } from "./time-limit.js";
import { a as esm_default } from "./client.js";
import { t as isAllowedExtension } from "./extensions.js";
import { n as startChild, t as runChild } from "./process.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as serverAccount } from "./server-account.js";
import { n as toolEnvironment, t as findTools } from "./tools2.js";
import { randomBytes } from "node:crypto";
import { access, chmod, chown, constants, copyFile, link, mkdir, statfs, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
// src/adapters/postgres/restore-messages.ts
const keptLines = 6;
/** What `pg_restore` said, without the statements and rows that it quotes. */
function restoreMessages(stderr) {
	const lines = [];
	let quoting = false;
	for (const line of stderr.split("\n")) {
		const own = /^pg_restore: /.test(line);
		if (own) quoting = false;
		if (/^(?:DETAIL|CONTEXT|HINT|LINE \d+|QUERY|Command was):/.test(line)) quoting = true;
		if (own && !quoting && !/^pg_restore: (?:warning: errors ignored|while |error: a worker process died)/.test(line)) lines.push(withoutValue(line));
	}
	return lines.slice(0, keptLines).join("\n");
}
/** Errors about a value quote it last; names stay. */
function withoutValue(line) {
	return /invalid|out of range|malformed|cannot cast|syntax/.test(line) ? line.replace(/: "[^"]*"?$/, ": (value not shown)") : line;
}
// src/drill/safe-client.ts
/**
* The first minor version of each major in which a crafted archive does not run code as the user of `pg_restore`
* (CVE-2026-116314). https://www.postgresql.org/support/security/
*/
const safeMinors = {
	14: 25,
	15: 20,
	16: 16,
	17: 12,
	18: 7
};
/** What to say of a client that a crafted archive can take over; `undefined` for a safe one. */
function unsafeClient(version) {
	const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
	const safe = safeMinors[major];
	if (safe === void 0 ? major > 18 : minor >= safe) return void 0;
	return `pg_restore ${version} is open to crafted archives (CVE-2026-116314); ${safe === void 0 ? "this major version gets no fixes" : `update to ${major}.${safe} or newer`}`;
}
// src/adapters/postgres/count-rows.ts
/**
* Exact row counts by `schema.table`, quoted only where needed, of everything that this session may see. Sets
* `search_path`, `row_security` and what else the reading of content pins in the session.
*/
async function countRows(client) {
	await pinSettings(client);
	const tables = await readTables(client, await listTables(client), "counts", new TimeLimit(void 0));
	return new Map(tables.map(({ name, rows = 0 }) => [name, rows]));
}
// src/adapters/postgres/drill-database.ts
/** Makes two plain roles and an empty database of the first, with the source's encoding and locale. Throws `scratch-failed`. */
async function createDrillDatabase(client, database, { encoding, collate, ctype }, { restorer, reader }) {
	for (const { user, password } of [restorer, reader]) await client.query(`create role ${esm_default.escapeIdentifier(user)} login nosuperuser nocreatedb nocreaterole noreplication bypassrls password ${esm_default.escapeLiteral(password)}`);
	const locale = `encoding ${esm_default.escapeLiteral(encoding)} lc_collate ${esm_default.escapeLiteral(collate)} lc_ctype ${esm_default.escapeLiteral(ctype)}`;
	try {
		await client.query(`create database ${database} owner ${restorer.user} template template0 ${locale}`);
	} catch (cause) {
		throw new ReleaseError("scratch-failed", `No database with the encoding and locale of the source (${encoding}, ${collate}) can be made here: ${messageOf(cause)}.`, {
			hint: `Install the locale on this machine, for instance: sudo locale-gen ${collate}`,
			cause
		});
	}
	await client.query(`revoke all on database ${database} from public; grant connect on database ${database} to ${reader.user}`);
}
/** Before PostgreSQL 15 everybody could write to the schema public, and the restorer could not comment on it. */
async function openPublicSchema(client, restorer) {
	await client.query(`alter schema public owner to ${restorer}; revoke create on schema public from public`);
}
/**
* Makes the allowed extensions as superuser, each in its schema, what one requires first. Returns those that are not
* allowed or not installed on this machine. Only for an empty database: nobody may have laid traps in it.
*/
async function createExtensions(client, wanted, restorer) {
	const { rows: known } = await client.query(`select a.name, coalesce(v.requires::text[], '{}') as requires, a.installed_version is not null as present
     from pg_catalog.pg_available_extensions a
     left join pg_catalog.pg_available_extension_versions v on v.name = a.name and v.version = a.default_version`);
	const present = new Set(known.filter((one) => one.present).map(({ name }) => name));
	const requires = new Map(known.map((one) => [one.name, one.requires]));
	let waiting = wanted.filter(({ name }) => !present.has(name));
	for (;;) {
		const next = waiting.filter(({ name }) => isAllowedExtension(name) && requires.get(name)?.every((one) => present.has(one)));
		if (next.length === 0) return waiting.map(({ name }) => name);
		for (const { name, schema } of next) {
			await client.query(`create schema if not exists ${esm_default.escapeIdentifier(schema)} authorization ${restorer}`);
			await client.query(`create extension ${esm_default.escapeIdentifier(name)} with schema ${esm_default.escapeIdentifier(schema)}`);
			present.add(name);
		}
		waiting = waiting.filter(({ name }) => !present.has(name));
	}
}
/**
* Makes roles that can neither log in nor do anything, and the restorer a member of each. Schemas and tables are open to
* all of them: an owner needs CREATE on the schema when it is made the owner, and grants are not restored.
*/
async function createRoleStubs(client, names, restorer) {
	const { rows: present } = await client.query("select rolname::text as name from pg_catalog.pg_roles");
	const taken = new Set(present.map(({ name }) => name));
	const missing = names.filter((name) => !taken.has(name)).map((name) => esm_default.escapeIdentifier(name));
	await client.query([
		...missing.map((name) => `create role ${name} nologin`),
		...missing.length === 0 ? [] : [`grant ${missing.join(", ")} to ${restorer}`],
		"grant all on schema public to public",
		...[
			"schemas",
			"tables",
			"sequences"
		].map((kind) => `alter default privileges for role current_user, ${restorer} grant all on ${kind} to public`)
	].join(";\n"));
}
/** What stands in the database before anything is restored. */
async function existingObjects(client) {
	const { rows: schemas } = await client.query("select nspname::text as name from pg_catalog.pg_namespace");
	const { rows: extensions } = await client.query("select extname::text as name from pg_catalog.pg_extension");
	return {
		schemas: new Set(schemas.map(({ name }) => name)),
		extensions: new Set(extensions.map(({ name }) => name))
	};
}
/** Run by the restorer, who owns all of it: a second role may read everything and change nothing. */
async function grantReading(client, reader) {
	const { rows } = await client.query(`select pg_catalog.format('grant usage on schema %I to ', n.nspname) as sql
     from pg_catalog.pg_namespace n where pg_catalog.pg_get_userbyid(n.nspowner) = current_user
     union all
     select pg_catalog.format('grant select on %I.%I to ', n.nspname, c.relname)
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where pg_catalog.pg_get_userbyid(c.relowner) = current_user and c.relkind in ('r', 'p', 'v', 'm', 'S')`);
	for (const { sql } of rows) await client.query(`${sql}${reader}`);
}
// src/drill/contents.ts
const superuserEntry = new RegExp(`^(?:${[
	"ACCESS METHOD",
	"EVENT TRIGGER",
	"EXTENSION",
	"FOREIGN DATA WRAPPER",
	"FOREIGN TABLE",
	"OPERATOR CLASS",
	"OPERATOR FAMILY",
	"PROCEDURAL LANGUAGE",
	"PUBLICATION",
	"PUBLICATION TABLE",
	"PUBLICATION TABLES IN SCHEMA",
	"SECURITY LABEL",
	"SERVER",
	"SUBSCRIPTION",
	"SUBSCRIPTION TABLE",
	"TEXT SEARCH PARSER",
	"TEXT SEARCH TEMPLATE",
	"USER MAPPING"
].join("|")}) `);
/** Extensions stand in the cluster already, and belong to its superuser. Other comments go with their object. */
const extensionComment = /^COMMENT EXTENSION /;
const privileges = /^(?:DEFAULT )?ACL /;
/** Reads what `pg_restore --list --verbose` says, and leaves out what a plain role cannot restore and what needs that. */
function editContents(listing, existing) {
	const entries = parseContents(listing);
	const provided = new Set(entries.filter((entry) => isProvided(entry, existing)).map(({ id }) => id));
	const out = new Set(entries.filter((entry) => !provided.has(entry.id) && needsSuperuser(entry)).map(({ id }) => id));
	for (let before = -1; before !== out.size;) {
		before = out.size;
		for (const { id, dependsOn } of entries) if (dependsOn.some((needed) => out.has(needed))) out.add(id);
	}
	const kept = entries.filter(({ id }) => !provided.has(id) && !out.has(id));
	const leftOut = entries.filter(({ id, object }) => out.has(id) && !privileges.test(object)).map(({ object }) => object);
	return {
		list: kept.map(({ line }) => `${line}\n`).join(""),
		leftOut: [...new Set(leftOut)]
	};
}
function parseContents(listing) {
	const entries = [];
	for (const line of listing.split("\n")) {
		const entry = /^(\d+); \d+ \d+ (.*)$/.exec(line);
		if (entry !== null) entries.push({
			id: entry[1],
			line,
			object: withoutOwner(entry[2]),
			dependsOn: []
		});
		const needed = /^;\s+depends on: ([\d ]+)$/.exec(line);
		if (needed !== null) entries.at(-1)?.dependsOn.push(...needed[1].trim().split(/ +/));
	}
	return entries;
}
/** `TABLE public users postgres` and `EXTENSION - hstore ` end with the owner, which may be empty. */
function withoutOwner(text) {
	return text.replace(/ [^ ]*$/, "").replace(/^([A-Z ]+) - /, "$1 ");
}
function isProvided({ object }, existing) {
	const [, type, name = ""] = /^(SCHEMA|EXTENSION) (.*)$/.exec(object) ?? [];
	return type === "SCHEMA" && existing.schemas.has(name) || type === "EXTENSION" && existing.extensions.has(name);
}
function needsSuperuser({ object }) {
	return superuserEntry.test(object) || extensionComment.test(object);
}
// src/adapters/postgres/restore.ts
/** Lets the account read the archive, and edits its table of contents. Throws `restore-failed`. */
async function prepareArchive(archive, existing, options) {
	const { tools, account, folder, env } = options;
	const program = join(tools.binDir, "pg_restore");
	const file = account === void 0 ? archive : await admit(archive, folder, account);
	const listing = startChild(program, [
		"--list",
		"--verbose",
		file
	], {
		env,
		user: account,
		cwd: folder
	});
	const [lines, { exitCode }] = await Promise.all([text(listing.stdout), listing.ended]);
	if (exitCode !== 0) throw failed("its table of contents cannot be read", listing.stderr());
	const contents = editContents(lines, existing);
	const list = join(folder, "contents.list");
	await writeFile(list, contents.list, { mode: 384 });
	if (account !== void 0) await chown(list, account.uid, account.gid);
	return {
		contents,
		async restore(section, signal) {
			const args = [
				`--dbname=${options.database}`,
				`--section=${section}`,
				`--use-list=${list}`,
				`--jobs=${options.jobs}`,
				...plainly(options),
				file
			];
			const run = await runChild(program, args, {
				env,
				user: account,
				cwd: folder,
				signal
			});
			signal.throwIfAborted();
			if (run.exitCode !== 0) throw failed(`${section} did not load`, run.stderr);
		}
	};
}
/** What a plain role without the source's rights, disks and publications can restore; nothing is passed over silently. */
function plainly({ tools, withOwners }) {
	const options = [
		"--exit-on-error",
		...withOwners ? [] : ["--no-owner"],
		"--no-privileges",
		"--no-publications",
		"--no-subscriptions",
		"--no-security-labels",
		"--no-tablespaces"
	];
	return tools.major >= 18 ? [...options, "--no-statistics"] : options;
}
/**
* Root's archive as a file of the account, in the account's folder. What we downloaded ourselves is handed over by a
* second name; any other file stays as it is, and is copied.
*/
async function admit(archive, folder, { uid, gid }) {
	const file = join(folder, "archive");
	if (!(await isInOwnWorkspace(archive) && await link(archive, file).then(() => true, () => false))) await copyFile(archive, file, constants.COPYFILE_FICLONE);
	await chown(file, uid, gid);
	await chmod(file, 256);
	return file;
}
/** What a machine lacks, or a plain role may not do, says nothing of the backup. */
function failed(what, stderr) {
	const said = restoreMessages(stderr);
	if (/server closed the connection|connection to server|terminating connection|could not (?:connect|extend|write)|No space left|out of memory/i.test(stderr)) return new ReleaseError("scratch-failed", `The scratch cluster did not last: ${what}.\n${said}`, { hint: "Look at memory and at the room for temporary files (TMPDIR, RUNNER_TEMP) of this machine, and run the drill again." });
	if (/superuser|permission denied/i.test(stderr)) return new ReleaseError("restore-refused", `The plain role of the drill may not make what the backup holds: ${what}.\n${said}`, { hint: "C and LEAKPROOF functions, base types and some settings need a superuser, and a drill never restores as one. Nothing is said about the backup." });
	return new ReleaseError("restore-failed", `The backup could not be restored: ${what}.${said === "" ? "" : `\n${said}`}`, { hint: "The copy was restored by a plain role; what needs a superuser is left out beforehand. Look at the object that is named above." });
}
// src/adapters/postgres/smoke-session.ts
/** More rows are counted, not kept. */
const keptRows = 100;
/** Runs one statement in a read-only transaction with a time limit. Rejects with the server's own error. */
async function runReadOnly(client, sql, timeoutMs) {
	await client.query(`begin transaction read only; set local statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`);
	try {
		await client.query("select");
		return await stream(client, sql);
	} finally {
		await client.query("rollback").catch(() => {});
	}
}
function stream(client, sql) {
	const rows = [];
	let rowCount = 0;
	const query = new esm_default.Query({
		text: sql,
		rowMode: "array",
		queryMode: "extended",
		types: { getTypeParser: () => String }
	});
	return new Promise((resolve, reject) => {
		query.on("row", (row) => {
			rowCount++;
			if (rows.length < keptRows) rows.push(row);
		});
		query.on("error", (cause) => reject(systemCode(cause) === void 0 ? ended(cause) : cause));
		query.on("end", () => resolve({
			rows,
			rowCount
		}));
		client.query(query);
	});
}
function ended(cause) {
	return new ReleaseError("restore-failed", "The scratch server ended while a smoke query ran.", {
		hint: "Is there enough memory on this machine? The query under way may be too heavy for it.",
		cause
	});
}
// src/adapters/postgres/drill-cluster.ts
const database = "drill";
/** The cluster of one drill: a superuser prepares it, a plain role restores, and another one reads. */
var DrillCluster = class {
	directory;
	version;
	isolation;
	#parts;
	#restorer = newLogin("drill_restorer");
	#reader = newLogin("drill_reader");
	#stopNow = () => void this.#parts.cluster.stop("immediate");
	#archive;
	#mayRead = false;
	#hasRoles = false;
	#kept = false;
	constructor(parts) {
		this.#parts = parts;
		this.directory = parts.workspaces[0].path;
		this.version = parts.tools.version;
		this.isolation = parts.isolation;
		parts.signal.addEventListener("abort", this.#stopNow, { once: true });
	}
	async provision(options) {
		try {
			var _usingCtx$1 = _usingCtx();
			const { cluster, superuser } = this.#parts;
			await createDrillDatabase(_usingCtx$1.a(await cluster.connect({
				database: "postgres",
				...superuser
			})).client, database, options, {
				restorer: this.#restorer,
				reader: this.#reader
			});
			await openPublicSchema(_usingCtx$1.a(await cluster.connect({
				database,
				...superuser
			})).client, this.#restorer.user);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
	async prepareExtensions(extensions) {
		try {
			var _usingCtx3 = _usingCtx();
			const { cluster, superuser } = this.#parts;
			const drill = _usingCtx3.a(await cluster.connect({
				database,
				...superuser
			}));
			return await explained("scratch-failed", "An extension could not be made", () => createExtensions(drill.client, extensions, this.#restorer.user));
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
	}
	/** Makes the source's roles by name alone; what is restored from now on belongs to the roles that it belonged to there. */
	async stubRoles(names) {
		try {
			var _usingCtx4 = _usingCtx();
			const { cluster, superuser } = this.#parts;
			const drill = _usingCtx4.a(await cluster.connect({
				database,
				...superuser
			}));
			await explained("scratch-failed", "The roles of the source could not be made", () => createRoleStubs(drill.client, names, this.#restorer.user));
			this.#hasRoles = true;
		} catch (_) {
			_usingCtx4.e = _;
		} finally {
			await _usingCtx4.d();
		}
	}
	/** A session of the plain role that restores. */
	connect() {
		return this.#connect(this.#restorer);
	}
	async notRestored(archive) {
		return (await this.#prepared(archive)).contents.leftOut;
	}
	async restore(archive, section, signal) {
		await (await this.#prepared(archive)).restore(section, signal);
	}
	async analyze() {
		try {
			var _usingCtx5 = _usingCtx();
			const drill = _usingCtx5.a(await this.#connect(this.#restorer));
			await explained("restore-failed", "The restored copy could not be analyzed", () => drill.client.query("analyze"));
		} catch (_) {
			_usingCtx5.e = _;
		} finally {
			await _usingCtx5.d();
		}
	}
	async countRows() {
		try {
			var _usingCtx6 = _usingCtx();
			const drill = _usingCtx6.a(await this.#connect(this.#restorer));
			return await explained("restore-failed", "The rows of the restored copy could not be counted", () => countRows(drill.client));
		} catch (_) {
			_usingCtx6.e = _;
		} finally {
			await _usingCtx6.d();
		}
	}
	async ledgerHeads(stateSchema) {
		try {
			var _usingCtx7 = _usingCtx();
			const drill = _usingCtx7.a(await this.#connect(this.#restorer));
			return await explained("restore-failed", "The restored version tables could not be read", () => readLedgerHeads(drill.client, stateSchema));
		} catch (_) {
			_usingCtx7.e = _;
		} finally {
			await _usingCtx7.d();
		}
	}
	async query(sql, timeoutMs) {
		try {
			var _usingCtx8 = _usingCtx();
			if (!this.#mayRead) try {
				var _usingCtx9 = _usingCtx();
				const owner = _usingCtx9.a(await this.#connect(this.#restorer));
				await explained("restore-failed", "The restored copy could not be opened for reading", () => grantReading(owner.client, this.#reader.user));
				this.#mayRead = true;
			} catch (_) {
				_usingCtx9.e = _;
			} finally {
				await _usingCtx9.d();
			}
			return await runReadOnly(_usingCtx8.a(await this.#connect(this.#reader)).client, sql, timeoutMs);
		} catch (_) {
			_usingCtx8.e = _;
		} finally {
			await _usingCtx8.d();
		}
	}
	keep() {
		this.#kept = true;
	}
	async [Symbol.asyncDispose]() {
		const { cluster, workspaces, signal } = this.#parts;
		signal.removeEventListener("abort", this.#stopNow);
		if (this.#kept && !signal.aborted) return this.#leaveRunning();
		await cluster.stop();
		for (const workspace of workspaces) await workspace[Symbol.asyncDispose]();
	}
	async #prepared(path) {
		if (this.#archive?.path !== path) try {
			var _usingCtx10 = _usingCtx();
			const { tools, account, jobs, env, host } = this.#parts;
			const { user, password } = this.#restorer;
			const prepared = await prepareArchive(path, await existingObjects(_usingCtx10.a(await this.#connect(this.#restorer)).client), {
				tools,
				account,
				jobs,
				database,
				withOwners: this.#hasRoles,
				folder: this.directory,
				env: {
					...env,
					PGHOST: host,
					PGPORT: String(this.#parts.port),
					PGUSER: user,
					PGPASSWORD: password,
					PGCONNECT_TIMEOUT: "30"
				}
			});
			this.#archive = {
				path,
				prepared
			};
		} catch (_) {
			_usingCtx10.e = _;
		} finally {
			await _usingCtx10.d();
		}
		return this.#archive.prepared;
	}
	#connect(login) {
		return this.#parts.cluster.connect({
			database,
			...login
		});
	}
	async #leaveRunning() {
		const { workspaces, host, account, say } = this.#parts;
		const { user, password } = this.#restorer;
		const passwordFile = join(this.directory, "pgpass");
		await writeFile(passwordFile, `*:*:*:${user}:${password}\n`, { mode: 384 });
		if (account !== void 0) await chown(passwordFile, account.uid, account.gid);
		for (const workspace of workspaces) await workspace.keep();
		say(`the scratch cluster is kept: PGPASSFILE=${passwordFile} psql --host=${host} --username=${user} ${database}`);
		say(`to remove it: kill -INT $(head -1 ${this.directory}/data/postmaster.pid) && rm -r ${workspaces.map(({ path }) => path).join(" ")}`);
	}
};
/** A role with a password that nobody else knows. */
function newLogin(user) {
	return {
		user,
		password: randomBytes(24).toString("base64url")
	};
}
/** What the server refuses, or its end, is an error with a code; its values may be personal data. */
async function explained(code, what, work) {
	try {
		return await work();
	} catch (cause) {
		const sqlstate = systemCode(cause);
		const message = messageOf(cause);
		if (sqlstate === void 0 && !/^Connection terminated/.test(message)) throw cause;
		throw new ReleaseError(code, `${what}: ${withoutValue(message)} (${sqlstate ?? "connection lost"}).`, { cause });
	}
}
// src/adapters/postgres/isolation.ts
/** A network namespace of its own, without any device; a socket in the file system still reaches it. */
const ownNamespace = [
	"unshare",
	"--user",
	"--map-current-user",
	"--net",
	"--"
];
/** Not every machine lets an ordinary user make a namespace: trying tells. https://man7.org/linux/man-pages/man7/user_namespaces.7.html */
async function findIsolation(account, env) {
	const [program = "", ...args] = ownNamespace;
	return (await runChild(program, [...args, "true"], {
		env,
		user: account,
		cwd: "/"
	}).catch(() => void 0))?.exitCode === 0 ? {
		wrapper: ownNamespace,
		description: "no network"
	} : {
		wrapper: [],
		description: "sockets only"
	};
}
// src/adapters/postgres/locales.ts
/**
* Compiles the locales that this machine lacks into a folder, from the sources that the system has; needs no rights.
* Returns the variables with which a server finds them. What cannot be compiled is left to the server to refuse.
*/
async function provideLocales(names, folder, env) {
	const known = await installedLocales(env);
	const missing = [...new Set(names)].filter((name) => !known.has(normalized(name)));
	const target = join(folder, "locales");
	let compiled = false;
	for (const name of missing) compiled = await compile(name, target, env) || compiled;
	return compiled ? { LOCPATH: target } : {};
}
async function installedLocales(env) {
	const listed = await runChild("locale", ["-a"], { env }).catch(() => void 0);
	return new Set([
		"C",
		"POSIX",
		...listed?.stdout.split("\n") ?? []
	].map(normalized));
}
async function compile(name, target, env) {
	const [, language, charset = "ISO-8859-1", variant = ""] = /^([a-z]{2,3}_[A-Z]{2})(?:\.([\w-]+))?(@\w+)?$/.exec(name) ?? [];
	if (language === void 0) return false;
	await mkdir(target, {
		recursive: true,
		mode: 493
	});
	const path = join(target, name);
	await runChild("localedef", [
		"--no-archive",
		"-c",
		"-i",
		`${language}${variant}`,
		"-f",
		charset.replace(/^utf-?8$/i, "UTF-8"),
		path
	], { env }).catch(() => void 0);
	return access(join(path, "LC_COLLATE")).then(() => true, () => false);
}
/** `en_US.UTF-8` and `en_US.utf8` are one locale. */
function normalized(name) {
	return name.toLowerCase().replace(/(?<=\.)[\w-]+/, (charset) => charset.replaceAll("-", ""));
}
// src/adapters/postgres/scratch-settings.ts
const mebibyte = 1024 ** 2;
/** Settings for loading once and throwing away: nothing survives a crash, and nothing needs to. */
async function scratchSettings(folder, socketDir, jobs) {
	const memory = Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY) / mebibyte;
	const { bavail, bsize } = await statfs(folder);
	return {
		listen_addresses: "",
		unix_socket_directories: JSON.stringify(socketDir),
		unix_socket_permissions: "0700",
		fsync: "off",
		synchronous_commit: "off",
		full_page_writes: "off",
		wal_level: "minimal",
		max_wal_senders: "0",
		max_wal_size: `${between(512, bavail * bsize / mebibyte / 10, 8192)}MB`,
		checkpoint_timeout: "1h",
		autovacuum: "off",
		shared_buffers: `${between(64, memory / 8, 1024)}MB`,
		maintenance_work_mem: `${between(32, memory / 8 / jobs, 1024)}MB`,
		dynamic_shared_memory_type: "mmap",
		jit: "off",
		lo_compat_privileges: "on",
		timezone: "UTC",
		log_min_messages: "error",
		log_min_error_statement: "panic",
		log_error_verbosity: "terse"
	};
}
function between(least, wanted, most) {
	return Math.round(Math.min(most, Math.max(least, wanted)));
}
// src/adapters/postgres/scratch.ts
const port = 5432;
/** A socket's path may have 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 100;
/** Makes a cluster for one drill: no listener, no superuser for the restore, tuned for throw-away loading. Throws `scratch-failed`. */
async function makeScratchCluster(options) {
	const { roots, env, say, signal } = options;
	for (const path of await sweepWorkspaces(roots)) say(`removed ${path}, left behind by an earlier run`);
	const tools = await findTools({
		...options,
		set: "server"
	});
	const warning = unsafeClient(tools.version);
	if (warning !== void 0) say(`warning: ${warning}`);
	const account = serverAccount();
	const workspaces = [await makeWorkspace({
		roots,
		owner: account
	})];
	try {
		const folder = workspaces[0].path;
		if (Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) > longestSocketPath) workspaces.push(await makeWorkspace({
			roots: ["/tmp"],
			owner: account
		}));
		const host = workspaces.at(-1).path;
		const programEnv = toolEnvironment(env);
		const isolation = await findIsolation(account, programEnv);
		const jobs = availableParallelism();
		const superuser = newLogin(`drill_${randomBytes(6).toString("hex")}`);
		const cluster = await startCluster({
			tools,
			folder,
			account,
			superuser: superuser.user,
			password: superuser.password,
			host,
			port,
			settings: await scratchSettings(folder, host, jobs),
			env: {
				...programEnv,
				...tracking(env),
				...await provideLocales([options.collate, options.ctype], folder, programEnv)
			},
			wrapper: isolation.wrapper,
			signal
		});
		const scratch = new DrillCluster({
			tools,
			account,
			workspaces,
			host,
			port,
			cluster,
			superuser,
			jobs,
			env: programEnv,
			isolation: isolation.description,
			say,
			signal
		});
		try {
			await scratch.provision(options);
			return scratch;
		} catch (error) {
			await scratch[Symbol.asyncDispose]();
			throw error;
		}
	} catch (error) {
		for (const workspace of workspaces) await workspace[Symbol.asyncDispose]();
		throw error;
	}
}
/** With this variable the runner of GitHub finds what a job left running, and ends it. */
function tracking(env) {
	const id = env.RUNNER_TRACKING_ID;
	return id === void 0 ? {} : { RUNNER_TRACKING_ID: id };
}
export { withoutValue as n, makeScratchCluster as t };
