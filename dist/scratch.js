import { a as createDrillDatabase, c as openExtensionTables, d as countRows, f as clientProblem, i as explained, l as openPublicSchema, m as withoutValue, n as prepareArchive, o as createExtensions, p as refuseUnsafeClient, r as openArchive, s as existingObjects, t as runReadOnly, u as openToEverybody } from "./smoke-session.js";
import { dt as runChild, pn as systemCode, un as ReleaseError } from "./start.js";
import { i as sweepWorkspaces, r as makeWorkspace } from "./workspace.js";
import { t as startCluster } from "./cluster.js";
import { i as stubNames, n as isReplayed, t as isPredefined } from "./roles.js";
import { i as findApt, n as isExecutable, r as toolEnvironment, t as findTools } from "./tools.js";
import { t as _usingCtx } from "./usingCtx.js";
import { n as readContentLike } from "./read-content.js";
import { t as readMemberships } from "./memberships.js";
import { a as esm_default } from "./client3.js";
import { t as serverAccount } from "./server-account.js";
import { randomBytes } from "node:crypto";
import { access, chown, mkdir, readFile, readdir, realpath, statfs, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
// src/adapters/postgres/amcheck.ts
const keptLines = 6;
/** With this exit status `pg_amcheck` has found something; any other but 0 means that it could not look. */
const foundProblems = 2;
/** Lets `pg_amcheck` look at every table and index; makes its extension when the server has it. */
async function runAmcheck(options) {
	const { tools, env, account, folder, database, jobs, signal } = options;
	const program = join(tools.binDir, "pg_amcheck");
	if (!isExecutable(program)) return { missing: `pg_amcheck ${tools.major} is not installed` };
	if (!await hasExtension(options)) return { missing: "its extension is missing (postgresql-contrib)" };
	const args = [
		`--database=${database}`,
		"--install-missing",
		"--heapallindexed",
		"--parent-check",
		"--no-strict-names",
		`--jobs=${jobs}`
	];
	const run = await runChild(program, args, {
		env,
		user: account,
		cwd: folder,
		signal
	});
	signal.throwIfAborted();
	if (run.exitCode === 0) return { passed: true };
	if (run.exitCode === foundProblems) return { problem: firstLines(run.stdout) || firstLines(run.stderr) };
	return { missing: `pg_amcheck could not look at all of it: ${firstLines(run.stderr) || `exit status ${run.exitCode ?? run.signal}`}` };
}
async function hasExtension({ connect }) {
	try {
		var _usingCtx$3 = _usingCtx();
		const { rowCount } = await _usingCtx$3.a(await connect()).client.query(`select from pg_catalog.pg_available_extensions where name operator(pg_catalog.=) 'amcheck'`);
		return rowCount === 1;
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
/** Which object has which problem, without what stands in its rows. */
function firstLines(text) {
	return text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(?:DETAIL|CONTEXT|HINT|QUERY|LINE \d+):/.test(line)).slice(0, keptLines).map(withoutValue).join("\n");
}
// src/adapters/postgres/own-roles.ts
/** Roles of the source keep their names: one of ours that stands in the way gets another one. */
async function makeWay(cluster, own, names) {
	try {
		var _usingCtx$2 = _usingCtx();
		const away = (login) => names.includes(login.user) ? {
			...login,
			user: newName("drill", names)
		} : login;
		const renamed = {
			superuser: away(own.superuser),
			restorer: away(own.restorer),
			reader: away(own.reader)
		};
		const changes = [
			"restorer",
			"reader",
			"superuser"
		].filter((one) => own[one].user !== renamed[one].user);
		if (changes.length === 0) return own;
		const helper = newLogin(newName("drill", names));
		const superuser = _usingCtx$2.a(await cluster.connect({
			database: "postgres",
			...own.superuser
		}));
		await superuser.client.query(`create role ${esm_default.escapeIdentifier(helper.user)} superuser login password ${esm_default.escapeLiteral(helper.password)}`);
		try {
			var _usingCtx3 = _usingCtx();
			const other = _usingCtx3.a(await cluster.connect({
				database: "postgres",
				...helper
			}));
			for (const one of changes) await other.client.query(`alter role ${esm_default.escapeIdentifier(own[one].user)} rename to ${esm_default.escapeIdentifier(renamed[one].user)}`);
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
		await superuser.client.query(`drop role ${esm_default.escapeIdentifier(helper.user)}`);
		return renamed;
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
/** A role with a password that nobody else knows. */
function newLogin(user) {
	return {
		user,
		password: randomBytes(24).toString("base64url")
	};
}
/** A name that cannot be guessed, and that is none of these. */
function newName(stem, taken = []) {
	const name = `${stem}_${randomBytes(6).toString("hex")}`;
	return taken.includes(name) ? newName(stem, taken) : name;
}
// src/adapters/postgres/stub-roles.ts
/** Roles of the source as a scratch cluster needs them: names that own and get things, and can do nothing. */
async function createRoleStubs(client, names, facts, { restorer, serverMajor }) {
	const { rows: present } = await client.query("select rolname::text as name from pg_catalog.pg_roles");
	const taken = new Set(present.map(({ name }) => name));
	const stubs = stubNames(names, facts).filter((name) => !taken.has(name));
	if (stubs.length === 0) return;
	const option = serverMajor >= 16 ? " with inherit true, set true" : "";
	const list = (roles) => roles.map(esm_default.escapeIdentifier).join(", ");
	const others = stubs.filter((name) => !facts.superusers.includes(name));
	await client.query([
		...stubs.map((name) => `create role ${esm_default.escapeIdentifier(name)} nologin`),
		`grant ${list(stubs)} to ${esm_default.escapeIdentifier(restorer)}${option}`,
		...facts.memberships.filter((one) => isReplayed(one, facts)).map((one) => `grant ${list([one.role])} to ${list([one.member])}${optionsOf(one, serverMajor)}`),
		...facts.superusers.filter((name) => stubs.includes(name) && others.length > 0).map((name) => `grant ${list(others)} to ${list([name])}`)
	].join(";\n"));
}
function optionsOf({ options }, serverMajor) {
	const has = (option) => options.includes(option);
	if (serverMajor < 16) return has("admin") ? " with admin option" : "";
	return ` with admin ${has("admin")}, inherit ${!has("no inherit")}, set ${!has("no set")}`;
}
/** Whether a membership of the copy is one that the source did not have: what it takes to restore and to read, and what a superuser may without one. */
function isOurs({ role, member }, { superuser, restorer, reader }, { superusers }) {
	return [
		superuser,
		restorer,
		reader
	].some(({ user }) => user === member) || superusers.includes(member) && !isPredefined(role);
}
/** Owners of what was made beforehand. */
async function giveSchemas(client, owners) {
	for (const [schema, owner] of owners) await client.query(`alter schema ${esm_default.escapeIdentifier(schema)} owner to ${esm_default.escapeIdentifier(owner)}`);
}
/** An owner needs CREATE on the schema at the moment when it is made the owner. Returns the SQL that takes that back. */
async function openSchemas(client, roles) {
	const { rows } = await client.query(`select nspname::text as name, pg_catalog.pg_get_userbyid(nspowner)::text as owner from pg_catalog.pg_namespace
     where not pg_catalog.starts_with(nspname::text, 'pg_') and nspname operator(pg_catalog.<>) 'information_schema'`);
	const { rows: present } = await client.query("select rolname::text as name from pg_catalog.pg_roles");
	const known = new Set(present.map(({ name }) => name));
	const wanted = roles.filter((role) => known.has(role) && !isPredefined(role));
	const all = (verb) => rows.flatMap(({ name, owner }) => {
		const others = wanted.filter((role) => role !== owner).map(esm_default.escapeIdentifier);
		const to = verb === "grant" ? "to" : "from";
		return others.length === 0 ? [] : [`${verb} create on schema ${esm_default.escapeIdentifier(name)} ${to} ${others.join(", ")}`];
	});
	await client.query(all("grant").join(";\n"));
	return all("revoke").join(";\n");
}
/**
* Materialized views are filled by their owner, and a stub may not read what a superuser of the source could: the role
* that restores owns them meanwhile. Returns what gives them back.
*/
async function holdMaterializedViews(client, holder) {
	const { rows } = await client.query(`select pg_catalog.format('%I.%I', n.nspname, c.relname) as view, pg_catalog.pg_get_userbyid(c.relowner)::text as owner
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.relkind operator(pg_catalog.=) 'm'`);
	const give = (to) => rows.map((row) => `alter materialized view ${row.view} owner to ${esm_default.escapeIdentifier(to(row))}`).join(";\n");
	if (rows.length > 0) await client.query(give(() => holder));
	return async () => {
		if (rows.length > 0) await client.query(give(({ owner }) => owner));
	};
}
// src/adapters/postgres/drill-cluster.ts
const database = "drill";
/** The cluster of one drill: a superuser prepares it, a plain role restores, and another one reads. */
var DrillCluster = class {
	directory;
	version;
	isolation;
	#parts;
	#stopNow = () => void this.#parts.cluster.stop("immediate");
	#own;
	#ownership;
	#archive;
	/** SQL that takes back what owners have only while their objects are made. */
	#closing = "";
	#kept = false;
	constructor(parts) {
		this.#parts = parts;
		this.directory = parts.workspaces[0].path;
		this.version = parts.tools.version;
		this.isolation = parts.isolation;
		this.#own = {
			superuser: parts.superuser,
			restorer: newLogin("drill_restorer"),
			reader: newLogin("drill_reader")
		};
		this.#ownership = parts.ours ? "owners-and-grants" : "nobody";
		parts.signal.addEventListener("abort", this.#stopNow, { once: true });
	}
	get hasOwners() {
		return this.#ownership === "owners-and-grants";
	}
	async provision(options) {
		try {
			var _usingCtx$1 = _usingCtx();
			const { cluster, superuser } = this.#parts;
			const maintenance = _usingCtx$1.a(await cluster.connect({
				database: "postgres",
				...superuser
			}));
			await createDrillDatabase(maintenance.client, database, options, this.#own);
			const drill = _usingCtx$1.a(await this.#asSuperuser());
			await openPublicSchema(drill.client, drill.serverMajor, this.#own.restorer.user);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
	async prepareExtensions(extensions) {
		try {
			var _usingCtx3 = _usingCtx();
			const { named, before } = this.#parts;
			const drill = _usingCtx3.a(await this.#asSuperuser());
			await explained("scratch-failed", "An extension could not be made", () => createExtensions(drill.client, extensions, {
				restorer: this.#own.restorer.user,
				named
			}));
			await this.#runTeamSql("before", before);
			await openExtensionTables(drill.client, this.#own.restorer.user);
			const { extensions: present } = await existingObjects(drill.client);
			return extensions.map(({ name }) => name).filter((name) => !present.has(name));
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
	}
	/**
	* Makes these roles by name alone, in a copy that is open to all of them: what is restored from now on belongs to the
	* roles that it belonged to there, and grants are not restored.
	*/
	async stubRoles(names) {
		try {
			var _usingCtx4 = _usingCtx();
			this.#ownership = "owners";
			await this.#makeRoles(names);
			const drill = _usingCtx4.a(await this.#asSuperuser());
			await explained("scratch-failed", "The copy could not be opened", () => openToEverybody(drill.client, this.#own.restorer.user));
		} catch (_) {
			_usingCtx4.e = _;
		} finally {
			await _usingCtx4.d();
		}
	}
	/** A session of the plain role that restores. */
	connect() {
		return this.#connect(this.#own.restorer);
	}
	async notRestored(archive) {
		return (await this.#prepared(archive)).contents.leftOut;
	}
	async restore(archive, section, signal) {
		const prepared = await this.#prepared(archive);
		if (section === "pre-data") await this.#makeReady(prepared, signal);
		await prepared.restore(section, signal);
		if (section === "post-data") await this.#finish(prepared, signal);
	}
	async analyze() {
		try {
			var _usingCtx5 = _usingCtx();
			const drill = _usingCtx5.a(await this.#connect(this.#own.restorer));
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
			const drill = _usingCtx6.a(await this.#connect(this.#own.reader));
			return await explained("restore-failed", "The rows of the restored copy could not be counted", () => countRows(drill.client));
		} catch (_) {
			_usingCtx6.e = _;
		} finally {
			await _usingCtx6.d();
		}
	}
	async readContent(stateSchema, expected) {
		try {
			var _usingCtx7 = _usingCtx();
			const { client, serverMajor } = _usingCtx7.a(await this.#connect(this.#own.reader));
			const known = { also: expected.ledgerHeads.map(({ table }) => table) };
			return await explained("restore-failed", "The restored copy could not be read", () => readContentLike(client, {
				stateSchema,
				known,
				serverMajor,
				inRecovery: false
			}, expected));
		} catch (_) {
			_usingCtx7.e = _;
		} finally {
			await _usingCtx7.d();
		}
	}
	async readMemberships() {
		try {
			var _usingCtx8 = _usingCtx();
			const drill = _usingCtx8.a(await this.#asSuperuser());
			return (await explained("scratch-failed", "The memberships of the roles could not be read", () => readMemberships(drill.client))).filter((one) => !isOurs(one, this.#own, this.#parts.roles));
		} catch (_) {
			_usingCtx8.e = _;
		} finally {
			await _usingCtx8.d();
		}
	}
	async query(sql, timeoutMs) {
		try {
			var _usingCtx9 = _usingCtx();
			const drill = _usingCtx9.a(await this.#connect(this.#own.reader));
			return await runReadOnly(drill.client, sql, timeoutMs);
		} catch (_) {
			_usingCtx9.e = _;
		} finally {
			await _usingCtx9.d();
		}
	}
	async amcheck() {
		const { tools, account, jobs, signal } = this.#parts;
		return runAmcheck({
			tools,
			account,
			jobs,
			signal,
			database,
			folder: this.directory,
			env: this.#clientEnvironment(this.#own.superuser),
			connect: () => this.#asSuperuser()
		});
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
	/** Everything that must be there before a plain role can make objects for others. */
	async #makeReady({ contents, restore }, signal) {
		try {
			var _usingCtx10 = _usingCtx();
			const isOwned = this.#ownership !== "nobody";
			await this.#makeRoles(isOwned ? contents.roles : contents.policyRoles);
			const drill = _usingCtx10.a(await this.#asSuperuser());
			if (isOwned) await explained("scratch-failed", "The schemas could not be given to their owners", () => giveSchemas(drill.client, contents.schemaOwners));
			await restore("schemas", signal);
			if (this.#ownership === "owners-and-grants") this.#closing = await openSchemas(drill.client, contents.roles);
		} catch (_) {
			_usingCtx10.e = _;
		} finally {
			await _usingCtx10.d();
		}
	}
	async #makeRoles(names) {
		try {
			var _usingCtx11 = _usingCtx();
			this.#own = await makeWay(this.#parts.cluster, this.#own, stubNames(names, this.#parts.roles));
			const drill = _usingCtx11.a(await this.#asSuperuser());
			const { serverMajor } = drill;
			await explained("scratch-failed", "The roles of the source could not be made", () => createRoleStubs(drill.client, names, this.#parts.roles, {
				restorer: this.#own.restorer.user,
				serverMajor
			}));
		} catch (_) {
			_usingCtx11.e = _;
		} finally {
			await _usingCtx11.d();
		}
	}
	/** Grants come when no owner needs more than it had, and what reads other tables last. */
	async #finish({ contents, restore }, signal) {
		try {
			var _usingCtx12 = _usingCtx();
			const drill = _usingCtx12.a(await this.#asSuperuser());
			await drill.client.query(this.#closing);
			if (this.#ownership === "owners-and-grants") try {
				var _usingCtx13 = _usingCtx();
				await restore("grants", signal);
				const grantor = _usingCtx13.a(await this.#connect(this.#own.restorer));
				for (const sql of contents.foreignGrants) await explained("restore-failed", "A grant that was not made by the owner could not be restored", () => grantor.client.query(sql));
			} catch (_) {
				_usingCtx13.e = _;
			} finally {
				await _usingCtx13.d();
			}
			const giveBack = await holdMaterializedViews(drill.client, this.#own.restorer.user);
			await restore("refreshes", signal);
			await giveBack();
			await this.#runTeamSql("after", this.#parts.after);
		} catch (_) {
			_usingCtx12.e = _;
		} finally {
			await _usingCtx12.d();
		}
	}
	/** Reviewed SQL of the team, which expects a session as psql would give it. */
	async #runTeamSql(when, sql) {
		try {
			var _usingCtx14 = _usingCtx();
			if (sql === void 0) return;
			const session = _usingCtx14.a(await this.#connect(this.#own.superuser));
			await explained("scratch-failed", `The SQL of drill-${when} failed`, () => session.client.query(sql));
		} catch (_) {
			_usingCtx14.e = _;
		} finally {
			await _usingCtx14.d();
		}
	}
	async #prepared(path) {
		if (this.#archive?.path !== path) try {
			var _usingCtx15 = _usingCtx();
			const { tools, account, jobs, env } = this.#parts;
			const reading = {
				tools,
				account,
				env,
				folder: this.directory
			};
			const drill = _usingCtx15.a(await this.#connect(this.#own.restorer));
			const prepared = await prepareArchive(await openArchive(path, reading), await existingObjects(drill.client), {
				...reading,
				jobs,
				database,
				withOwners: this.#ownership !== "nobody",
				target: () => this.#clientEnvironment(this.#own.restorer)
			});
			this.#archive = {
				path,
				prepared
			};
		} catch (_) {
			_usingCtx15.e = _;
		} finally {
			await _usingCtx15.d();
		}
		return this.#archive.prepared;
	}
	#clientEnvironment({ user, password }) {
		const { env, host, port } = this.#parts;
		return {
			...env,
			PGHOST: host,
			PGPORT: String(port),
			PGUSER: user,
			PGPASSWORD: password,
			PGCONNECT_TIMEOUT: "30"
		};
	}
	/** In a restored copy, nothing that a dump brought may take the place of what we name. */
	async #asSuperuser() {
		const session = await this.#connect(this.#own.superuser);
		await session.client.query("set search_path = pg_catalog");
		return session;
	}
	#connect(login) {
		return this.#parts.cluster.connect({
			database,
			...login
		});
	}
	async #leaveRunning() {
		const { workspaces, host, account, say } = this.#parts;
		const { user, password } = this.#own.restorer;
		const passwordFile = join(this.directory, "pgpass");
		await writeFile(passwordFile, `*:*:*:${user}:${password}\n`, { mode: 384 });
		if (account !== void 0) await chown(passwordFile, account.uid, account.gid);
		for (const workspace of workspaces) await workspace.keep();
		say(`the scratch cluster is kept: PGPASSFILE=${passwordFile} psql --host=${host} --username=${user} ${database}`);
		say(`to remove it: kill -INT $(head -1 ${this.directory}/data/postmaster.pid) && rm -r ${workspaces.map(({ path }) => path).join(" ")}`);
	}
};
// src/adapters/postgres/extension-packages.ts
/** A name that apt-get takes neither for an option nor for a file. https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
const packageName = /^[a-z0-9][a-z0-9+.-]+$/;
/** It brings what reaches other servers and files: naming it allows none of that. */
const ownPackage = /^postgresql(?:-contrib)?(?:-\d+)?$/;
/**
* Sees to the packages that the team named, and returns the extensions in them: naming a package allows its
* extensions. Throws `scratch-failed` for one that is not there and may not or cannot be installed.
*/
async function provideExtensionPackages(options) {
	const extensions = [];
	for (const name of options.packages) {
		if (!packageName.test(name)) throw new ReleaseError("invalid-input", "drill-packages holds something that is no name of a Debian package.", { hint: `Name packages as apt-cache search shows them, such as postgresql-${options.major}-postgis-3.` });
		const files = await filesOf(name, options) ?? await installed(name, options);
		if (ownPackage.test(name)) continue;
		const controls = [...files, ...await filesOfParts(name, options)].filter((file) => file.endsWith(".control") && file.includes(`/${options.major}/extension/`));
		extensions.push(...controls.map(extensionOf), ...await otherNames(controls));
	}
	return extensions;
}
function extensionOf(control) {
	return basename(control, ".control");
}
/** Debian keeps some extensions under a name with their version, and makes links to the one that is chosen. https://manpages.debian.org/update-alternatives */
async function otherNames(controls) {
	const names = [];
	for (const folder of new Set(controls.map((file) => dirname(file)))) {
		const links = (await readdir(folder, { withFileTypes: true }).catch(() => [])).filter((entry) => entry.isSymbolicLink());
		for (const { name } of links.filter((entry) => entry.name.endsWith(".control"))) {
			const target = await realpath(join(folder, name)).catch(() => "");
			if (controls.includes(target)) names.push(extensionOf(name));
		}
	}
	return names;
}
async function installed(name, options) {
	const apt = options.install ? findApt(toolEnvironment(options.env)) : void 0;
	if (apt !== void 0) {
		options.say(`installing ${name} with apt-get, for an extension of the backup`);
		if (await apt.install(name) || await apt.update() && await apt.install(name)) {
			const files = await filesOf(name, options);
			if (files !== void 0) return files;
		}
	}
	const reason = options.install ? "and it could not be installed" : "and install-tools is off";
	throw new ReleaseError("scratch-failed", `The drill needs the package ${name}: it is not installed, ${reason}.`, { hint: `Install it (apt-get install ${name}), or correct drill-packages.` });
}
/** A package can be in parts, such as `postgresql-15-postgis-3-scripts`: what it needs and bears its name belongs to it. */
async function filesOfParts(name, options) {
	const parts = (await query([
		"--show",
		"--showformat=${Depends}",
		name
	], options) ?? "").split(/[,|]/).map((one) => one.trim().replace(/[ :(].*/, ""));
	return (await Promise.all(parts.filter((part) => part.startsWith(`${name}-`)).map((part) => filesOf(part, options)))).flatMap((one) => one ?? []);
}
/** `undefined` when it is not installed. */
async function filesOf(name, options) {
	return (await query(["--listfiles", name], options))?.split("\n");
}
async function query(args, { env }) {
	const answer = await runChild("dpkg-query", args, { env: toolEnvironment(env) }).catch(() => void 0);
	return answer?.exitCode === 0 ? answer.stdout : void 0;
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
async function scratchSettings({ folder, socketDir, jobs, preload }) {
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
		...preload.length === 0 ? {} : { shared_preload_libraries: preload.join(",") },
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
	refuseUnsafeClient(tools.version, {
		ours: options.ours,
		allowed: options.allowUnsafeClient ?? false
	});
	const warning = clientProblem(tools.version);
	if (warning !== void 0) say(`warning: ${warning}`);
	const named = await provideExtensionPackages({
		...options,
		packages: options.packages ?? [],
		major: tools.major
	});
	const [before, after] = await Promise.all([readSql(options.before), readSql(options.after)]);
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
		const superuser = newLogin(newName("drill"));
		const cluster = await startCluster({
			tools,
			folder,
			account,
			superuser: superuser.user,
			password: superuser.password,
			host,
			port,
			settings: await scratchSettings({
				folder,
				socketDir: host,
				jobs,
				preload: options.preload ?? []
			}),
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
			named,
			before,
			after,
			ours: options.ours,
			roles: options.roles ?? {
				superusers: [],
				replicators: [],
				memberships: []
			},
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
async function readSql(path) {
	if (path === void 0) return void 0;
	try {
		return await readFile(path, "utf8");
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `The SQL file ${path} cannot be read (${systemCode(cause)}).`, {
			hint: "Check the inputs drill-before and drill-after.",
			cause
		});
	}
}
export { makeScratchCluster as t };
