import { an as describeConnection, pn as systemCode, un as ReleaseError } from "./start.js";
import { d as countRows, f as clientProblem, i as explained, n as prepareArchive, p as refuseUnsafeClient, r as openArchive, s as existingObjects, t as runReadOnly } from "./smoke-session.js";
import { r as makeWorkspace } from "./workspace.js";
import { a as esm_default, t as openClient } from "./client3.js";
import { n as readContentLike } from "./read-content.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { t as serverAccount } from "./server-account.js";
import { t as isAllowedExtension } from "./extensions.js";
import { r as toolEnvironment, t as findTools } from "./tools.js";
import { t as _usingCtx } from "./usingCtx.js";
import { chown, readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
// src/drill/target.ts
/** Throws `unsafe-target`, with one sentence for each reason, unless a drill can do no harm there. */
function refuseTarget(target, sources) {
	const { described, database, objects } = target;
	if (!database.startsWith("drill_")) throw refused(`${described} is not a database for drills: its name does not begin with drill_.`, "Make one: create database drill_restore.");
	if (target.isSuperuser) throw refused(`${described} would be restored by a superuser, or a role as mighty, and a dump can hold code that then runs as the server.`, "Name a plain role in target-url, and make it the owner of the database.");
	if (!target.isOwner) throw refused(`The role of target-url does not own ${described}.`, `Make it the owner: alter database ${database} owner to the role. Only an owner can empty the database again.`);
	const answers = sources.map((source) => isSameServer(target, source));
	if (answers.includes(true)) throw refused(`${described} is on the server that the backup is from.`, "Restore into a server of its own, or leave target-url out.");
	if (!answers.includes(false)) throw refused(`Nothing tells whether ${described} is on the server that the backup is from.`, "Give database-url too, so that both servers can be asked, or leave target-url out.");
	if (objects.length > 0) throw refused(`${described} is not empty: it holds ${objects.slice(0, 3).join(", ")}${objects.length > 3 ? " and more" : ""}.`, "Nothing was changed. Name an empty database; after a drill that was killed, drop this one and make it anew.");
}
/** `undefined` when nothing that both sides tell can answer it. */
function isSameServer(one, other) {
	if (one.startedAt !== void 0 && one.startedAt === other.startedAt) return true;
	if (one.systemIdentifier !== void 0 && other.systemIdentifier !== void 0) return one.systemIdentifier === other.systemIdentifier;
	return one.startedAt === void 0 || other.startedAt === void 0 ? void 0 : false;
}
function refused(message, hint) {
	return new ReleaseError("unsafe-target", message, { hint });
}
// src/adapters/postgres/forced-security.ts
/**
* Frees the owner of this copy from the policies of its own tables: they would hide rows from whoever restored them, and
* from what reads them. Returns the tables as the catalog calls them.
*/
async function liftForcedSecurity(client) {
	const { rows } = await client.query(`select pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.relname)) as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.relforcerowsecurity and pg_catalog.pg_has_role(c.relowner, 'usage') order by 1`);
	const tables = rows.map(({ name }) => name);
	await setForced(client, tables, "no force");
	return tables;
}
/** Puts back what was lifted, in a copy that somebody keeps. */
async function forceSecurity(client, tables) {
	await setForced(client, tables, "force");
}
async function setForced(client, tables, verb) {
	if (tables.length > 0) await client.query(tables.map((table) => `alter table ${table} ${verb} row level security`).join(";\n"));
}
/** The catalog as it was restored. */
function withForcedSecurity(catalog, tables) {
	const lifted = new Set(tables);
	return catalog.map((object) => ["table", "partitioned table"].includes(object.kind) && lifted.has(object.name) ? {
		...object,
		facts: {
			...object.facts,
			forcedRowSecurity: true
		}
	} : object);
}
// src/adapters/postgres/user-objects.ts
const userSchemas = `
  select n.oid, n.nspname::text as name from pg_catalog.pg_namespace n
  where not pg_catalog.starts_with(n.nspname::text, 'pg_') and n.nspname operator(pg_catalog.<>) 'information_schema'
    and not exists (select from pg_catalog.pg_depend d
      where d.classid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objid operator(pg_catalog.=) n.oid and d.deptype operator(pg_catalog.=) 'e')`;
/** Everything that lies in a schema of the users', without what belongs to an extension or is part of something else; tables first. */
async function userObjects(client, limit = 1e6) {
	const { rows } = await client.query(`with found as (
       select distinct d.classid, d.objid from pg_catalog.pg_depend d join (${userSchemas}) s on s.oid operator(pg_catalog.=) d.refobjid
       where d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.deptype operator(pg_catalog.=) 'n'
         and d.classid operator(pg_catalog.<>) 'pg_catalog.pg_extension'::pg_catalog.regclass
         and not exists (select from pg_catalog.pg_depend p
           where p.classid operator(pg_catalog.=) d.classid and p.objid operator(pg_catalog.=) d.objid and p.deptype in ('e', 'i')))
     select case o.type when 'composite type' then 'type' when 'statistics object' then 'statistics' else o.type end as kind, o.identity
     from found, lateral pg_catalog.pg_identify_object(found.classid, found.objid, 0) o
     where o.identity is not null
     order by o.type not in ('table', 'foreign table', 'view', 'materialized view'), found.objid
     limit $1`, [limit]);
	const { rows: large } = await client.query(`select 'large object' as kind, oid::text as identity from pg_catalog.pg_largeobject_metadata order by oid limit $1`, [limit]);
	return [...rows, ...large];
}
async function schemaNames(client) {
	return (await client.query(`select name from (${userSchemas}) s`)).rows.map(({ name }) => name);
}
/** In one transaction each: a lock is held for every object until it ends. */
const batchSize = 100;
async function dropObjects(client, objects) {
	for (let done = 0; done < objects.length; done += batchSize) await client.query(objects.slice(done, done + batchSize).map(dropping).join(";\n"));
}
function dropping({ kind, identity }) {
	return kind === "large object" ? `select pg_catalog.lo_unlink(${identity})` : `drop ${kind} if exists ${identity} cascade`;
}
// src/adapters/postgres/target-contents.ts
async function targetState(client) {
	return {
		schemas: await schemaNames(client),
		extensions: (await existingObjects(client)).extensions,
		publicComment: await publicComment(client)
	};
}
async function publicComment(client) {
	const { rows } = await client.query(`select pg_catalog.obj_description(oid, 'pg_namespace') as comment from pg_catalog.pg_namespace where nspname operator(pg_catalog.=) 'public'`);
	return rows[0]?.comment ?? null;
}
/** Makes the allowed extensions that a plain owner may make. Returns those that are missing then. */
async function createAsOwner(client, extensions) {
	const { extensions: present } = await existingObjects(client);
	const missing = [];
	for (const { name, schema } of extensions.filter((one) => !present.has(one.name))) if (!(isAllowedExtension(name) && await createOne(client, name, schema))) missing.push(name);
	const { extensions: now } = await existingObjects(client);
	return missing.filter((name) => !now.has(name));
}
async function createOne(client, name, schema) {
	try {
		await client.query(`create schema if not exists ${esm_default.escapeIdentifier(schema)};
       create extension if not exists ${esm_default.escapeIdentifier(name)} with schema ${esm_default.escapeIdentifier(schema)} cascade`);
		return true;
	} catch (error) {
		if ([
			"42501",
			"0A000",
			"58P01"
		].includes(systemCode(error) ?? "")) return false;
		throw error;
	}
}
/** Drops everything that was not there before. */
async function emptyDatabase(client, before) {
	for (let left = Number.POSITIVE_INFINITY;;) {
		const objects = await userObjects(client);
		if (objects.length === 0) break;
		if (objects.length >= left) {
			const example = `${objects[0]?.kind} ${objects[0]?.identity}`;
			throw new ReleaseError("scratch-failed", `The target could not be emptied: ${objects.length} objects stay, such as ${example}.`, { hint: "Name an empty database with target-url, or drop what stays by hand." });
		}
		left = objects.length;
		await dropObjects(client, objects);
	}
	const { extensions } = await existingObjects(client);
	for (const name of [...extensions].filter((one) => !before.extensions.has(one))) await client.query(`drop extension if exists ${esm_default.escapeIdentifier(name)} cascade`);
	for (const name of (await schemaNames(client)).filter((one) => !before.schemas.includes(one))) await client.query(`drop schema ${esm_default.escapeIdentifier(name)} cascade`);
	if (await publicComment(client) !== before.publicComment) {
		const comment = before.publicComment === null ? "null" : esm_default.escapeLiteral(before.publicComment);
		await client.query(`comment on schema public is ${comment}`);
	}
}
// src/adapters/postgres/target-facts.ts
/** What this server tells of itself to any role. */
async function readServerFacts(client) {
	const system = await client.query("select system_identifier::text as id from pg_catalog.pg_control_system()").catch(() => void 0);
	const { rows } = await client.query(`select pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time())::text as at`);
	return {
		systemIdentifier: system?.rows[0]?.id,
		startedAt: rows[0]?.at
	};
}
async function readTargetFacts(client, { connection }) {
	const { rows } = await client.query(`select d.datname::text as database,
       exists (select from pg_catalog.pg_roles mighty
         where (mighty.rolsuper or mighty.rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'))
           and pg_catalog.pg_has_role(session_user, mighty.oid, 'member')) as "isSuperuser",
       d.datdba operator(pg_catalog.=) r.oid as "isOwner"
     from pg_catalog.pg_database d, pg_catalog.pg_roles r
     where d.datname operator(pg_catalog.=) pg_catalog.current_database() and r.rolname operator(pg_catalog.=) session_user`);
	const { database = "", isSuperuser = true, isOwner = false } = rows[0] ?? {};
	const objects = (await userObjects(client, 4)).map(({ kind, identity }) => `${kind} ${identity}`);
	return {
		...await readServerFacts(client),
		described: describeConnection(connection),
		database,
		isSuperuser,
		isOwner,
		objects
	};
}
// src/adapters/postgres/target-database.ts
/** Opens an empty database for one drill. Throws `unsafe-target` with the reason, before anything is written there. */
async function openTarget(options) {
	const { roots, say } = options;
	const sources = [...await askSource(options), {
		systemIdentifier: options.source.systemIdentifier,
		startedAt: void 0
	}];
	const { encrypted, before, serverMajor } = await inspect(options, sources);
	const tools = await findTools({
		...options,
		major: Math.max(options.major, serverMajor),
		set: "client"
	});
	refuseUnsafeClient(tools.version, {
		ours: options.ours,
		allowed: options.allowUnsafeClient ?? false
	});
	const warning = clientProblem(tools.version);
	if (warning !== void 0) say(`warning: ${warning}`);
	const workspace = await makeWorkspace({
		roots,
		owner: serverAccount()
	});
	try {
		return new TargetDatabase({
			...options,
			sources,
			encrypted,
			before,
			serverMajor,
			tools,
			workspace,
			libpq: await libpqOf(options, encrypted, workspace)
		});
	} catch (error) {
		await workspace[Symbol.asyncDispose]();
		throw error;
	}
}
/** A database on a server of somebody's own: its owner restores, no role is made, and it is emptied at the end. */
var TargetDatabase = class {
	directory;
	version;
	isolation = "none";
	hasOwners = false;
	#parts;
	#prepared;
	/** Tables whose policies bind their owner, but not while the drill is at work. */
	#forced = [];
	#touched = false;
	#kept = false;
	constructor(parts) {
		this.#parts = parts;
		this.directory = describeConnection(parts.target.connection);
		this.version = String(parts.serverMajor);
	}
	async prepareExtensions(extensions) {
		try {
			var _usingCtx$1 = _usingCtx();
			await this.#claim();
			const session = _usingCtx$1.a(await this.#connect());
			return await explained("scratch-failed", "An extension could not be made", () => createAsOwner(session.client, extensions));
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
	async restore(archive, section, signal) {
		const prepared = await this.#prepare(archive);
		if (section === "pre-data") {
			await this.#claim();
			await prepared.restore("schemas", signal);
		}
		await prepared.restore(section, signal);
		if (section !== "post-data") return;
		await this.#liftForcedSecurity();
		await prepared.restore("refreshes", signal);
	}
	async notRestored(archive) {
		return (await this.#prepare(archive)).contents.leftOut;
	}
	async analyze() {
		try {
			var _usingCtx3 = _usingCtx();
			const session = _usingCtx3.a(await this.#connect());
			await explained("restore-failed", "The restored copy could not be analyzed", () => session.client.query("analyze"));
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
	}
	async countRows() {
		try {
			var _usingCtx4 = _usingCtx();
			const session = _usingCtx4.a(await this.#connect());
			return await explained("restore-failed", "The rows of the restored copy could not be counted", () => countRows(session.client));
		} catch (_) {
			_usingCtx4.e = _;
		} finally {
			await _usingCtx4.d();
		}
	}
	async readContent(stateSchema, expected) {
		try {
			var _usingCtx5 = _usingCtx();
			const { client, serverMajor } = _usingCtx5.a(await this.#connect());
			const known = { also: expected.ledgerHeads.map(({ table }) => table) };
			const content = await explained("restore-failed", "The restored copy could not be read", () => readContentLike(client, {
				stateSchema,
				known,
				serverMajor,
				inRecovery: false
			}, expected));
			return {
				...content,
				catalog: withForcedSecurity(content.catalog, this.#forced)
			};
		} catch (_) {
			_usingCtx5.e = _;
		} finally {
			await _usingCtx5.d();
		}
	}
	async readMemberships() {
		return [];
	}
	/** Nobody here may look as superuser. */
	async amcheck() {
		return { missing: "it needs a superuser, and target-url never is one" };
	}
	async query(sql, timeoutMs) {
		try {
			var _usingCtx6 = _usingCtx();
			const session = _usingCtx6.a(await this.#connect());
			return await runReadOnly(session.client, sql, timeoutMs);
		} catch (_) {
			_usingCtx6.e = _;
		} finally {
			await _usingCtx6.d();
		}
	}
	keep() {
		this.#kept = true;
	}
	async [Symbol.asyncDispose]() {
		const { workspace, say, before } = this.#parts;
		try {
			try {
				var _usingCtx7 = _usingCtx();
				if (!this.#touched) return;
				const session = _usingCtx7.a(await this.#connect());
				if (this.#kept) {
					await forceSecurity(session.client, this.#forced);
					return say(`the restored copy is kept in ${this.directory}`);
				}
				await explained("scratch-failed", `${this.directory} could not be emptied`, () => emptyDatabase(session.client, before));
			} catch (_) {
				_usingCtx7.e = _;
			} finally {
				await _usingCtx7.d();
			}
		} finally {
			await workspace[Symbol.asyncDispose]();
		}
	}
	/** Right before the first write, everything is asked again: the name may lead elsewhere by now. */
	async #claim() {
		if (this.#touched) return;
		const asked = await askSource(this.#parts);
		await inspect(this.#parts, [...asked, ...this.#parts.sources]);
		this.#touched = true;
	}
	async #liftForcedSecurity() {
		try {
			var _usingCtx8 = _usingCtx();
			const session = _usingCtx8.a(await this.#connect());
			this.#forced = await explained("scratch-failed", "Forced row security could not be lifted", () => liftForcedSecurity(session.client));
		} catch (_) {
			_usingCtx8.e = _;
		} finally {
			await _usingCtx8.d();
		}
	}
	async #prepare(path) {
		if (this.#prepared?.path !== path) try {
			var _usingCtx9 = _usingCtx();
			const { tools, env, workspace, target, libpq } = this.#parts;
			const reading = {
				tools,
				account: serverAccount(),
				env: toolEnvironment(env),
				folder: workspace.path
			};
			const session = _usingCtx9.a(await this.#connect());
			const existing = {
				...await existingObjects(session.client),
				roles: await roleNames(session)
			};
			const archive = await prepareArchive(await openArchive(path, reading), existing, {
				...reading,
				jobs: availableParallelism(),
				database: target.connection.database,
				withOwners: false,
				target: () => libpq
			});
			this.#prepared = {
				path,
				archive
			};
		} catch (_) {
			_usingCtx9.e = _;
		} finally {
			await _usingCtx9.d();
		}
		return this.#prepared.archive;
	}
	#connect() {
		const { target, applicationName } = this.#parts;
		return openClient({
			...target,
			applicationName
		});
	}
};
/** What the server of the source says now, where it can be asked. */
async function askSource({ source, applicationName }) {
	try {
		var _usingCtx10 = _usingCtx();
		if (source.database === void 0) return [];
		return [await readServerFacts(_usingCtx10.a(await openClient({
			...source.database,
			applicationName
		})).client)];
	} catch (_) {
		_usingCtx10.e = _;
	} finally {
		await _usingCtx10.d();
	}
}
async function inspect({ target, applicationName }, sources) {
	try {
		var _usingCtx11 = _usingCtx();
		const session = _usingCtx11.a(await openClient({
			...target,
			applicationName
		}));
		refuseTarget(await readTargetFacts(session.client, target), sources);
		return {
			encrypted: session.encrypted,
			serverMajor: session.serverMajor,
			before: await targetState(session.client)
		};
	} catch (_) {
		_usingCtx11.e = _;
	} finally {
		await _usingCtx11.d();
	}
}
/** For the account that opens the archive. */
async function libpqOf({ target, applicationName, env }, encrypted, { path }) {
	const libpq = await libpqEnvironment({
		database: target,
		encrypted,
		applicationName,
		env,
		folder: path
	});
	const account = serverAccount();
	if (account !== void 0) {
		for (const name of [
			"pgpass",
			"authorities.pem",
			"client.key"
		]) if ((await readdir(path)).includes(name)) await chown(join(path, name), account.uid, account.gid);
	}
	return libpq;
}
async function roleNames({ client }) {
	const { rows } = await client.query("select rolname::text as name from pg_catalog.pg_roles");
	return new Set(rows.map(({ name }) => name));
}
export { openTarget };
