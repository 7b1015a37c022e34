import { dt as runChild, fn as messageOf, ft as startChild, pn as systemCode, un as ReleaseError } from "./start.js";
import { n as isReachable, t as isInOwnWorkspace } from "./workspace.js";
import { a as esm_default } from "./client3.js";
import { d as listTables, t as pinSettings } from "./settings.js";
import { t as isAllowedExtension } from "./extensions.js";
import { i as readTables, r as TimeLimit } from "./read-content.js";
import { chmod, chown, constants, copyFile, link, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isUtf8 } from "node:buffer";
import { buffer } from "node:stream/consumers";
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
function clientProblem(version) {
	const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
	const safe = safeMinors[major];
	if (safe === void 0 ? major > 18 : minor >= safe) return void 0;
	return `pg_restore ${version} is open to crafted archives (CVE-2026-116314); ${safe === void 0 ? "this major version gets no fixes" : `update to ${major}.${safe} or newer`}`;
}
/** An archive that nothing of ours describes may be anybody's. Throws `unsafe-client`. */
function refuseUnsafeClient(version, { ours, allowed }) {
	const problem = clientProblem(version);
	if (problem === void 0 || ours || allowed) return;
	throw new ReleaseError("unsafe-client", `The archive has no manifest of Shiplock's, and ${problem}.`, { hint: "Update the PostgreSQL programs, or set allow-unsafe-client: true when you know who made the archive." });
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
	await client.query(`grant ${restorer.user} to ${reader.user}`);
	if (await exists(client, "pg_read_all_data")) await client.query(`grant pg_read_all_data to ${reader.user}`);
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
async function exists(client, role) {
	const { rows } = await client.query("select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) $1", [role]);
	return rows.length > 0;
}
/** Before PostgreSQL 15 the schema public belonged to the superuser, whose place the owner of the database takes since. */
async function openPublicSchema(client, serverMajor, restorer) {
	if (serverMajor < 15) await client.query(`alter schema public owner to ${restorer}`);
}
/**
* Makes the allowed extensions as superuser, each in its schema, what one requires first; those that are not allowed
* or not installed on this machine stay away. Only for an empty database: nobody may have laid traps in it.
*/
async function createExtensions(client, wanted, { restorer, named }) {
	const { rows: known } = await client.query(`select a.name, coalesce(v.requires::text[], '{}') as requires, a.installed_version is not null as present
     from pg_catalog.pg_available_extensions a
     left join pg_catalog.pg_available_extension_versions v on v.name = a.name and v.version = a.default_version`);
	const present = new Set(known.filter((one) => one.present).map(({ name }) => name));
	const requires = new Map(known.map((one) => [one.name, one.requires]));
	let waiting = wanted.filter(({ name }) => !present.has(name));
	for (;;) {
		const next = waiting.filter(({ name }) => isAllowedExtension(name, named) && requires.get(name)?.every((one) => present.has(one)));
		if (next.length === 0) return;
		for (const { name, schema } of next) {
			await client.query(`create schema if not exists ${esm_default.escapeIdentifier(schema)} authorization ${restorer}`);
			await client.query(`create extension ${esm_default.escapeIdentifier(name)} with schema ${esm_default.escapeIdentifier(schema)}`);
			present.add(name);
		}
		waiting = waiting.filter(({ name }) => !present.has(name));
	}
}
/** Rows that users gave to tables of extensions, such as reference systems of PostGIS, are in a dump: whoever restores adds them. */
async function openExtensionTables(client, restorer) {
	const { rows } = await client.query(`select pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
       case c.relkind when 'S' then 'usage, update on sequence' else 'select, insert on table' end as rights
     from pg_catalog.pg_extension e
       join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) any (e.extconfig)
       join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace`);
	for (const { name, rights } of rows) await client.query(`grant ${rights} ${name} to ${restorer}`);
}
/** Grants are not restored into an open copy: everybody may use its schemas and tables, and make things there. */
async function openToEverybody(client, restorer) {
	await client.query(["grant all on schema public to public", ...[
		"schemas",
		"tables",
		"sequences"
	].map((kind) => `alter default privileges for role current_user, ${restorer} grant all on ${kind} to public`)].join(";\n"));
}
/** What stands in the database before anything is restored, and what this session's role may set. */
async function existingObjects(client) {
	const names = async (sql) => new Set((await client.query(sql)).rows.map(({ name }) => name));
	return {
		schemas: await names("select nspname::text as name from pg_catalog.pg_namespace"),
		extensions: await names("select extname::text as name from pg_catalog.pg_extension"),
		settings: await names(`select pg_catalog.lower(name) as name from pg_catalog.pg_settings where context operator(pg_catalog.=) 'user'`)
	};
}
// src/adapters/postgres/explained.ts
const hints = {
	"scratch-failed": "Run the drill again; when it fails in the same way, look at the log of the server that it restored into.",
	"restore-failed": "Look at what the server objects to; then make a new backup, and drill that one.",
	"restore-refused": "Let the drill make its own cluster, without target-url, or give the role of the target that right."
};
/** What the server refuses, or its end, is an error with a code; its values may be personal data. */
async function explained(code, what, work) {
	try {
		return await work();
	} catch (cause) {
		const sqlstate = systemCode(cause);
		const message = messageOf(cause);
		if (sqlstate === void 0 && !/^Connection terminated/.test(message)) throw cause;
		const actual = code === "restore-failed" && sqlstate === "42501" ? "restore-refused" : code;
		throw new ReleaseError(actual, `${what}: ${withoutValue(message)} (${sqlstate ?? "connection lost"}).`, {
			hint: hints[actual],
			cause
		});
	}
}
// src/drill/archive-script.ts
const header = /^--\n-- TOC entry (\d+) \(class \d+ OID \d+\)\n((?:-- .*\n)*?)--\n/gm;
/** Reads what `pg_restore --verbose --file=-` writes: definitions by the number of their entry. */
function parseScript(script) {
	const definitions = /* @__PURE__ */ new Map();
	const headers = [...script.matchAll(header)];
	for (const [index, { 0: whole, 1: id = "", 2: facts = "", index: start }] of headers.entries()) {
		const owner = /^-- Name: .*; Owner: (.*?)(?:; Tablespace: .*)?$/m.exec(facts)?.[1];
		const sql = script.slice(start + whole.length, headers[index + 1]?.index).replace(/\n-- Completed on [\s\S]*$/, "\n").replace(/^\\(?:un)?restrict .*$/gm, "");
		definitions.set(id, {
			owner: owner === "-" || owner === "" ? void 0 : owner,
			sql
		});
	}
	return definitions;
}
const identifier = "(?:\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_]*)";
const named = new RegExp(`\\b(?:TO|FROM|FOR ROLE|SESSION AUTHORIZATION) (?=(${identifier}(?:, ${identifier})*))`, "g");
/** Roles that a grant or a policy names. May name more than there are, where a quoted name looks like SQL. */
function namedRoles(sql) {
	return [...sql.matchAll(named)].flatMap(([, list = ""]) => (list.match(new RegExp(identifier, "g")) ?? []).map(unquote));
}
function unquote(name) {
	return name.startsWith("\"") ? name.slice(1, -1).replaceAll("\"\"", "\"") : name;
}
// src/adapters/may-read.ts
/** Whether an account can open a file where it lies, by the rights that stand on it and on its folders. */
async function mayRead(path, account) {
	const file = await realpath(path);
	const { mode, uid, gid } = await stat(file);
	return (mode >> (uid === account.uid ? 6 : gid === account.gid ? 3 : 0) & 4) !== 0 && await isReachable(dirname(file), account);
}
// src/adapters/postgres/restore-failure.ts
/** What a machine lacks, or a plain role may not do, says nothing of the backup. */
function restoreFailure(what, stderr) {
	const said = restoreMessages(stderr);
	if (/server closed the connection|connection to server|terminating connection|could not (?:connect|extend|write)|No space left|out of memory/i.test(stderr)) return new ReleaseError("scratch-failed", `The scratch cluster did not last: ${what}.\n${said}`, { hint: "Look at memory and at the room for temporary files (TMPDIR, RUNNER_TEMP) of this machine, and run the drill again." });
	if (/superuser|permission denied|must be (?:owner|member|able to)/i.test(stderr)) return new ReleaseError("restore-refused", `The plain role of the drill may not make what the backup holds: ${what}.\n${said}`, { hint: "What is known to need a superuser is left out beforehand; this was not, and a drill never restores as one. Nothing is said about the backup." });
	return new ReleaseError("restore-failed", `The backup could not be restored: ${what}.${said === "" ? "" : `\n${said}`}`, { hint: "The copy was restored by a plain role; what needs a superuser is left out beforehand. Look at the object that is named above." });
}
// src/adapters/postgres/open-archive.ts
/** Lets the account read the archive, and reads its table of contents with the definitions. Throws `restore-failed`. */
async function openArchive(archive, options) {
	const { account, folder } = options;
	const file = account === void 0 ? archive : await admit(archive, folder, account);
	const listing = await output([
		"--list",
		"--verbose",
		file
	], "its table of contents cannot be read", options);
	return {
		file,
		listing,
		definitions: parseScript(await output([
			"--verbose",
			"--file=-",
			`--use-list=${await writeList("described.list", `${listing.split("\n").filter((line) => /^\d+; /.test(line) && !/^\d+; \d+ \d+ (?:BLOB|TABLE DATA|SEQUENCE SET)/.test(line)).join("\n")}\n`, options)}`,
			file
		], "its definitions cannot be read", options))
	};
}
/** The archive's own encoding is not known before it is read; names that are not UTF-8 come out as something, and ids as they are. */
async function output(args, problem, { tools, account, folder, env }) {
	const child = startChild(join(tools.binDir, "pg_restore"), args, {
		env,
		user: account,
		cwd: folder
	});
	const [bytes, { exitCode }] = await Promise.all([buffer(child.stdout), child.ended]);
	if (exitCode !== 0) throw restoreFailure(problem, child.stderr());
	return isUtf8(bytes) ? bytes.toString("utf8") : bytes.toString("latin1");
}
/** A file that the account can read. */
async function writeList(name, list, { folder, account }) {
	const path = join(folder, name);
	await writeFile(path, list, { mode: 384 });
	if (account !== void 0) await chown(path, account.uid, account.gid);
	return path;
}
/**
* Root's archive as a file of the account, in the account's folder. What we downloaded ourselves is handed over by a
* second name; any other file stays as it is, and is copied where the account cannot open it.
*/
async function admit(archive, folder, account) {
	const file = join(folder, "archive");
	const isOurs = await isInOwnWorkspace(archive);
	if (!isOurs && await mayRead(archive, account)) return archive;
	const { uid, gid } = account;
	if (!(isOurs && await link(archive, file).then(() => true, () => false))) await copyFile(archive, file, constants.COPYFILE_FICLONE);
	await chown(file, uid, gid);
	await chmod(file, 256);
	return file;
}
// src/drill/superuser-entries.ts
const byType = new RegExp(`^(?:${[
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
	"SHELL TYPE",
	"SUBSCRIPTION",
	"SUBSCRIPTION TABLE",
	"TEXT SEARCH PARSER",
	"TEXT SEARCH TEMPLATE",
	"TRANSFORM",
	"USER MAPPING"
].join("|")}) `);
/** Extensions stand in the cluster already, and belong to its superuser. Other comments go with their object. */
const extensionComment = /^COMMENT EXTENSION /;
/** Whether a plain role cannot make an entry: by its type, or by what its definition says. */
function needsSuperuser(object, definition, settings) {
	if (byType.test(object) || extensionComment.test(object)) return true;
	if (/^(?:FUNCTION|PROCEDURE) /.test(object)) return isSuperuserFunction(definition, settings);
	if (object.startsWith("TYPE ")) return /^ {4}INPUT = /m.test(definition);
	if (object.startsWith("AGGREGATE ")) return /^ {4}M?STYPE = internal\b/m.test(definition);
	if (object.startsWith("OPERATOR ")) return /^ {4}(?:RESTRICT|JOIN) = (?!pg_catalog\.)\S+\.\S/m.test(definition);
	if (object.startsWith("CAST ")) return isSuperuserCast(definition);
	return false;
}
/** What stands between the language and the body, as `pg_dump` lays it out. */
const attributes = /^ {4}LANGUAGE (\S+)([\s\S]*?)^ {4}(?:AS|BEGIN ATOMIC|RETURN)\b/m;
function isSuperuserFunction(definition, settings) {
	const [, language = "", rest = ""] = attributes.exec(definition) ?? [];
	if (language === "c" || language === "internal" || / (?:LEAKPROOF|SUPPORT)\b/.test(rest)) return true;
	const set = [...rest.matchAll(/^ {4}SET "?([^" ]+)"? TO /gm)].map(([, name = ""]) => name.toLowerCase());
	return settings !== void 0 && set.some((name) => !settings.has(name));
}
/** One that converts nothing trusts its author, and one between two types of PostgreSQL itself belongs to nobody else. */
function isSuperuserCast(definition) {
	const [, from = "", to = ""] = /^CREATE CAST \((.*) AS (.*)\) WITH/m.exec(definition) ?? [];
	return / WITHOUT FUNCTION\b/.test(definition) || from !== "" && !from.includes(".") && !to.includes(".");
}
// src/drill/contents.ts
const privileges = /^(?:DEFAULT )?ACL /;
/**
* Reads what `pg_restore --list --verbose` says, and leaves out what a plain role cannot restore and what needs that.
* `definitions` may lack entries, which are then judged by their type alone.
*/
function editContents(listing, definitions, existing) {
	const entries = parseContents(listing, definitions);
	const known = new Set(entries.map(({ id }) => id));
	const provided = new Set(entries.filter((entry) => isProvided(entry, existing)).map(({ id }) => id));
	const isUnowned = (entry) => isGrantOnForeign(entry, known);
	const outright = entries.filter((entry) => !provided.has(entry.id) && (isImpossible(entry, existing) || isUnowned(entry)));
	const out = withDependants(new Set(outright.map(({ id }) => id)), entries);
	const kept = entries.filter(({ id }) => !provided.has(id) && !out.has(id));
	const leftOut = entries.filter((entry) => out.has(entry.id) && (!privileges.test(entry.object) || isUnowned(entry)));
	const grants = kept.filter(({ object }) => privileges.test(object));
	const foreign = withDependants(new Set(grants.filter(({ sql }) => /^SET SESSION AUTHORIZATION /m.test(sql)).map(({ id }) => id)), grants);
	const policyRoles = kept.filter(({ object }) => object.startsWith("POLICY ")).flatMap(rolesIn);
	const isSchema = ({ object }) => object.startsWith("SCHEMA ");
	const isRefresh = ({ object }) => object.startsWith("MATERIALIZED VIEW DATA ");
	return {
		schemas: lines(kept.filter(isSchema)),
		objects: lines(kept.filter((entry) => !isSchema(entry) && !isRefresh(entry) && !privileges.test(entry.object))),
		grants: lines(grants.filter(({ id }) => !foreign.has(id))),
		foreignGrants: grants.filter(({ id }) => foreign.has(id)).map(({ sql }) => bySwitchingRoles(sql)),
		refreshes: lines(kept.filter(isRefresh)),
		leftOut: [...new Set(leftOut.map(({ object }) => object))],
		roles: unique([
			...entries.flatMap(({ owner }) => owner ?? []),
			...grants.flatMap(rolesIn),
			...policyRoles
		]),
		policyRoles: unique(policyRoles),
		schemaOwners: new Map(entries.flatMap((entry) => providedOwner(entry, provided)))
	};
}
function parseContents(listing, definitions) {
	const entries = [];
	for (const line of listing.split("\n")) {
		const [, id, text] = /^(\d+); \d+ \d+ (.*)$/.exec(line) ?? [];
		if (id !== void 0 && text !== void 0) {
			const { owner, sql = "" } = definitions.get(id) ?? {};
			entries.push({
				id,
				line,
				...withoutOwner(text, owner),
				sql,
				dependsOn: []
			});
		}
		const needed = /^;\s+depends on: ([\d ]+)$/.exec(line);
		if (needed !== null) entries.at(-1)?.dependsOn.push(...needed[1].trim().split(/ +/));
	}
	return entries;
}
/** `TABLE public users postgres` and `EXTENSION - hstore ` end with the owner, which may be empty, and may hold blanks. */
function withoutOwner(text, exact) {
	const end = exact !== void 0 && text.endsWith(` ${exact}`) ? text.length - exact.length - 1 : text.lastIndexOf(" ");
	return {
		object: text.slice(0, end).replace(/^([A-Z ]+) - /, "$1 "),
		owner: exact ?? (text.slice(end + 1) || void 0)
	};
}
function isProvided({ object }, existing) {
	const [, type, name = ""] = /^(SCHEMA|EXTENSION) (.*)$/.exec(object) ?? [];
	return type === "SCHEMA" && existing.schemas.has(name) || type === "EXTENSION" && existing.extensions.has(name);
}
function isImpossible(entry, { settings, roles }) {
	if (needsSuperuser(entry.object, entry.sql, settings)) return true;
	return roles !== void 0 && entry.object.startsWith("POLICY ") && rolesIn(entry).some((role) => !roles.has(role));
}
/** Whether a grant is about what the archive does not make: part of an extension, or of PostgreSQL itself. */
function isGrantOnForeign({ object, dependsOn }, known) {
	if (!object.startsWith("ACL ") || object === "ACL SCHEMA public") return false;
	return dependsOn.length > 0 && !dependsOn.some((id) => known.has(id));
}
function withDependants(ids, entries) {
	for (let before = -1; before !== ids.size;) {
		before = ids.size;
		for (const { id, dependsOn } of entries) if (dependsOn.some((needed) => ids.has(needed))) ids.add(id);
	}
	return ids;
}
/** Who may act for a role needs no superuser to do so. */
function bySwitchingRoles(sql) {
	return sql.replaceAll(/^SET SESSION AUTHORIZATION /gm, "SET ROLE ").replaceAll(/^RESET SESSION AUTHORIZATION;/gm, "RESET ROLE;");
}
function providedOwner({ id, object, owner }, provided) {
	const schema = /^SCHEMA (.*)$/.exec(object)?.[1];
	return schema !== void 0 && owner !== void 0 && provided.has(id) ? [[schema, owner]] : [];
}
function rolesIn({ object, sql }) {
	return namedRoles(object.startsWith("POLICY ") ? /^[\s\S]*?(?= USING \(| WITH CHECK \(|;)/.exec(sql)?.[0] ?? "" : sql);
}
function lines(entries) {
	return entries.map(({ line }) => `${line}\n`).join("");
}
function unique(names) {
	return [...new Set(names)].sort();
}
// src/adapters/postgres/restore.ts
/** Edits the table of contents of an opened archive. */
async function prepareArchive({ file, listing, definitions }, existing, options) {
	const contents = editContents(listing, definitions, existing);
	const { schemas, objects, grants, refreshes } = contents;
	const parts = {
		schemas: { list: schemas },
		"pre-data": {
			list: objects,
			section: "pre-data"
		},
		data: {
			list: objects,
			section: "data"
		},
		"post-data": {
			list: objects,
			section: "post-data"
		},
		grants: { list: grants },
		refreshes: { list: refreshes }
	};
	return {
		contents,
		async restore(part, signal) {
			const { list, section } = parts[part];
			if (list === "") return;
			const args = [
				`--dbname=${options.database}`,
				...section === void 0 ? [] : [`--section=${section}`],
				`--use-list=${await writeList("contents.list", list, options)}`,
				`--jobs=${options.jobs}`,
				...plainly(options),
				file
			];
			const { tools, account, folder } = options;
			const env = {
				...options.env,
				...options.target()
			};
			const run = await runChild(join(tools.binDir, "pg_restore"), args, {
				env,
				user: account,
				cwd: folder,
				signal
			});
			signal.throwIfAborted();
			if (run.exitCode !== 0) throw restoreFailure(`${part} did not load`, run.stderr);
		}
	};
}
/** What a plain role without the source's rights, disks and publications can restore; nothing is passed over silently. */
function plainly({ tools, withOwners }) {
	const options = [
		"--exit-on-error",
		...withOwners ? [] : ["--no-owner"],
		"--no-publications",
		"--no-subscriptions",
		"--no-security-labels",
		"--no-tablespaces"
	];
	return tools.major >= 18 ? [...options, "--no-statistics"] : options;
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
	return new ReleaseError("scratch-failed", "The scratch server ended while a smoke query ran.", {
		hint: "Is there enough memory on this machine? The query under way may be too heavy for it.",
		cause
	});
}
export { createDrillDatabase as a, openExtensionTables as c, countRows as d, clientProblem as f, explained as i, openPublicSchema as l, withoutValue as m, prepareArchive as n, createExtensions as o, refuseUnsafeClient as p, openArchive as r, existingObjects as s, runReadOnly as t, openToEverybody as u };
