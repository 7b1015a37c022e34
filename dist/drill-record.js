import { n as errorCodes, r as messageOf, t as ReleaseError } from "./errors.js";
import { n as decideTls, r as describeConnection } from "./connection.js";
import { r as formatDuration, t as compactStamp } from "./units.js";
import { C as prettifyError, a as boolean, c as int, d as number, f as object, g as string, i as array, l as literal, m as record, r as _enum, u as looseObject, v as union } from "./schemas.js";
import { t as datetime } from "./iso.js";
import { a as verdicts, i as verdictOf$1, t as checkSchema } from "./result.js";
import { n as readPrivateKey } from "./ssh-key.js";
import { n as membershipSchema } from "./membership.js";
import { c as isDumpKey, d as manifestKeyOf, f as mayBeOf, h as stampIn, i as contentsKeyOf, l as isManifestKey, m as rolesKeyOf, n as backupsPrefix, o as dumpKeyOf, p as mayBeOfDatabase, r as classPrefix, s as idHash } from "./key.js";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
// src/backup/content.ts
const count$1 = int().nonnegative();
const tableSchema = object({
	name: string(),
	/** Exact rows under the snapshot; missing where nobody counted them. */
	rows: count$1.optional(),
	/** Who counted: the server under the snapshot, or whoever read the archive back. */
	counted: _enum(["snapshot", "archive"]).optional(),
	method: _enum(["row-text-1", "key-sample-64-1"]).optional(),
	fingerprint: string().optional(),
	/** Why the dump holds none of its rows. */
	notDumped: literal("unlogged on a standby").optional(),
	/** Of the table of an extension: only rows that the extension leaves to its users are in a dump, and counted here. */
	extension: string().optional()
});
const sequenceSchema = object({
	name: string(),
	/** A whole number as text: it may be greater than JSON's numbers hold. Sequences are outside of every snapshot. */
	lastValue: string().optional(),
	isCalled: boolean().optional(),
	/** Greatest value in the column that owns it, under the snapshot; missing where no index makes it cheap. */
	ownerMax: string().optional(),
	notDumped: literal("unlogged on a standby").optional()
});
const largeObjectsSchema = object({
	count: count$1,
	/** Missing where the time did not suffice. */
	bytes: count$1.optional(),
	method: _enum(["piece-sha256-1", "piece-sha256-sample-64-1"]).optional(),
	fingerprint: string().optional()
});
const ledgerHeadSchema = object({
	table: string(),
	head: string(),
	/** Of the project's own rows, where several projects share a version table. */
	ofProject: string().optional()
});
/** One thing of the catalog, by what people call it; facts that say nothing (no default, no option) are left out. */
const catalogObjectSchema = object({
	kind: string(),
	name: string(),
	facts: record(string(), union([
		string(),
		boolean(),
		number(),
		array(string())
	]))
});
/** How many objects of each kind there are. */
function countKinds(catalog) {
	const counts = {};
	for (const { kind } of catalog) counts[kind] = (counts[kind] ?? 0) + 1;
	return counts;
}
// src/backup/contents.ts
const schemaName$2 = "shiplock/backup-contents@1";
const contentsSchema = object({
	schema: literal(schemaName$2),
	/** Whose words the definitions are in: another major version may say the same in others. */
	serverMajor: int().positive(),
	/** Of all roles of the server, as they were beside the roles; missing where none are kept, and in older backups. */
	memberships: array(membershipSchema).optional(),
	objects: array(catalogObjectSchema)
});
/** An object that lies beside a dump, as its manifest names it. */
const besideSchema = object({
	key: string(),
	sizeBytes: int().nonnegative(),
	sha256: string().regex(/^[0-9a-f]{64}$/)
});
/** Keeps the list of what a dump holds beside it: in the manifest it would have to be read whenever a backup is looked for. */
function writeContents(store, dumpKey, given, signal) {
	const contents = {
		schema: schemaName$2,
		...given
	};
	const lines = contents.objects.map((object) => JSON.stringify(object)).join(",\n");
	const head = JSON.stringify({
		...contents,
		objects: void 0
	}).slice(0, -1);
	return write(store, contentsKeyOf(dumpKey), `${head},"objects":[\n${lines}\n]}\n`, signal);
}
function writeRoles(store, dumpKey, sql, signal) {
	return write(store, rolesKeyOf(dumpKey), sql, signal);
}
/** Throws `backup-damaged` when what lies there is not what the manifest names. */
async function readContents(store, beside) {
	const bytes = await readBeside(store, beside);
	try {
		return contentsSchema.parse(JSON.parse(bytes.toString()));
	} catch (error) {
		throw damaged$1(beside.key, messageOf(error), error);
	}
}
/** The bytes of an object that lies beside a dump. Throws `backup-damaged` when they are not what the manifest names. */
async function readBeside(store, { key, sizeBytes, sha256 }) {
	const found = await store.head(key);
	if (found?.sizeBytes !== sizeBytes) throw damaged$1(key, found === void 0 ? "it is missing" : "it has another size");
	const bytes = await buffer(await store.get(key));
	if (hashOf$1(bytes) !== sha256) throw damaged$1(key, "its SHA-256 is another one");
	return bytes;
}
async function write(store, key, content, signal) {
	const bytes = Buffer.from(content);
	await store.put(key, Readable.from([bytes]), signal, { expectedBytes: bytes.length });
	return {
		key,
		sizeBytes: bytes.length,
		sha256: hashOf$1(bytes)
	};
}
function hashOf$1(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
function damaged$1(key, problem, cause) {
	return new ReleaseError("backup-damaged", `${key} is not what was written beside the dump: ${problem}.`, {
		hint: "Name another backup with key, or make a new one with backup.",
		cause
	});
}
// src/backup/manifest.ts
const schemaName$1 = "shiplock/backup-manifest@1";
const count = int().nonnegative();
const moment = datetime();
const sha256 = string().regex(/^[0-9a-f]{64}$/);
/** The JSON that is written last: without it, a dump is not a backup. `find-backup.ts` finds one. */
const manifestSchema = object({
	schema: literal(schemaName$1),
	tool: string(),
	id: string().regex(/^[A-Za-z0-9.:-]+$/),
	/** How much was proved when it was written. */
	level: _enum(["landed", "read-back"]),
	project: string(),
	environment: string(),
	release: string(),
	commit: string().optional(),
	class: string(),
	run: object({
		id: string(),
		attempt: string(),
		host: string()
	}),
	startedAt: moment,
	finishedAt: moment,
	/** The same moment on several clocks. */
	clock: object({
		database: moment,
		runner: moment,
		store: moment.optional(),
		skewMs: count
	}),
	source: object({
		serverVersion: string(),
		serverMajor: int().positive(),
		database: string(),
		systemIdentifier: string().optional(),
		databaseOid: string().optional(),
		/** SHA-256 over host, port and name. */
		address: string().optional(),
		encoding: string(),
		collate: string(),
		ctype: string(),
		localeProvider: string(),
		collationVersion: string().optional(),
		inRecovery: boolean(),
		/** How far a standby was behind its primary; missing on a primary, and where nothing tells. */
		lagMs: count.optional(),
		sizeBytes: count,
		extensions: array(object({
			name: string(),
			version: string(),
			schema: string()
		})),
		stamp: string().optional()
	}),
	dump: object({
		clientVersion: string().regex(/^\d/),
		format: literal("custom"),
		/** What `pg_restore` must be able to read. */
		archiveVersion: string().optional(),
		compression: string(),
		arguments: array(string()),
		exitCode: literal(0),
		/** What `pg_dump` said, although it ended with 0. */
		warnings: array(string()),
		snapshot: string(),
		/** By the database's clock. */
		snapshotAt: moment
	}),
	object: object({
		key: string(),
		sizeBytes: count,
		sha256,
		etag: string().optional(),
		versionId: string().optional(),
		parts: object({
			count,
			sizeBytes: count
		}).optional(),
		encryption: literal("none")
	}),
	/** The list of everything that the dump holds besides data. */
	contents: besideSchema,
	roles: union([besideSchema.extend({ count }), object({ notKept: string() })]),
	/** How many objects of each kind the list holds. */
	catalog: record(string(), count),
	/** How the rows were hashed, and the session settings that a hash depends on. */
	fingerprint: object({
		mode: _enum([
			"auto",
			"counts",
			"sample",
			"full"
		]),
		limitMs: count.optional(),
		settings: record(string(), string())
	}),
	/** Every table under the snapshot, with what is known of its rows. */
	tables: array(tableSchema),
	/** Missing in older manifests, which do not tell what stands in tables of extensions. */
	extensionTables: array(tableSchema).optional(),
	/** Outside of the snapshot: a sequence never goes back. */
	sequences: array(sequenceSchema),
	largeObjects: largeObjectsSchema,
	ledgerHeads: array(ledgerHeadSchema),
	checks: array(checkSchema)
});
/** Many tables make a long manifest; this is a hundred times more than most, and bounds what a hostile one costs. */
const largestBytes$1 = 67108864;
/** Writes a manifest and reads it back. Throws `backup-damaged` when the store gives back something else. */
async function writeManifest(store, manifest, signal) {
	const bytes = Buffer.from(`${JSON.stringify(manifest, void 0, 2)}\n`);
	const manifestKey = manifestKeyOf(manifest.object.key);
	await store.put(manifestKey, Readable.from([bytes]), signal);
	const stored = await readManifest(store, manifestKey);
	if (stored.manifestSha256 !== hashOf(bytes)) throw damaged(manifestKey, "the store gives back something else than was written");
	return stored;
}
/**
* Reads one manifest. Throws `backup-not-found` when the key does not exist, `backup-damaged` when what lies there
* is not a manifest, or is the manifest of something else.
*/
async function readManifest(store, manifestKey) {
	const bytes = await readAll$1(store, manifestKey);
	const manifest = parse$1(bytes, manifestKey);
	const key = dumpKeyOf(manifestKey);
	if (manifest.object.key !== key) throw damaged(manifestKey, `it describes another object, ${manifest.object.key}`);
	if (!manifest.id.endsWith(`-${idHash(key)}`)) throw damaged(manifestKey, `its id ${manifest.id} belongs to another object`);
	const { snapshotAt } = manifest.dump;
	if (!mayBeOf(key, new Date(snapshotAt))) throw damaged(manifestKey, `its snapshot is of ${snapshotAt}, and its key says another moment`);
	return {
		manifest,
		manifestKey,
		manifestSha256: hashOf(bytes)
	};
}
function hashOf(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
async function readAll$1(store, key) {
	const chunks = [];
	let sizeBytes = 0;
	for await (const chunk of await store.get(key)) {
		sizeBytes += chunk.length;
		if (sizeBytes > largestBytes$1) throw damaged(key, `it is larger than ${largestBytes$1 / 1024 ** 2} MiB`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function parse$1(bytes, key) {
	let content;
	try {
		content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (error) {
		throw damaged(key, `it is not JSON (${messageOf(error)})`, error);
	}
	const header = looseObject({ schema: string().max(100) }).safeParse(content);
	if (!header.success) throw damaged(key, "it names no schema");
	if (header.data.schema !== "shiplock/backup-manifest@1") throw damaged(key, `its schema is ${header.data.schema}, where ${schemaName$1} is expected`);
	const manifest = manifestSchema.safeParse(content);
	if (!manifest.success) throw damaged(key, prettifyError(manifest.error).replaceAll(/\s*\n\s*/g, " "), manifest.error);
	return manifest.data;
}
function damaged(key, problem, cause) {
	return new ReleaseError("backup-damaged", `${key} cannot be used as a manifest: ${problem}.`, {
		hint: "Was it made by this version of Shiplock, or copied by hand? Name another backup with key, or make a new one with backup.",
		cause
	});
}
// src/backup/list-backups.ts
/**
* The backups of an environment, the newest snapshot first, and between them the manifests that cannot be used. A
* manifest is read when its turn has come, together with those of the same second. The stamp in a key gives the order;
* a key without one, whose age only its manifest tells, is read at the start.
*/
async function* backupsNewestFirst(store, scope, wanted = {}) {
	const keys = await manifestKeys(store, scope, wanted);
	const ahead = wanted.ahead ?? 1;
	let early = await readAll(store, scope, keys.filter((key) => stampIn(key) === void 0), Math.max(ahead, mostAtOnce));
	for (const turn of turns(keys, ahead)) {
		const oldest = startOf(stampIn(turn.at(-1)));
		const due = early.filter((one) => momentOf(one) >= oldest);
		early = early.filter((one) => !due.includes(one));
		yield* [...due, ...await readAll(store, scope, turn, Math.max(ahead, mostAtOnce))].sort(newestFirst);
	}
	yield* early.sort(newestFirst);
}
/** How many manifests of the same second, or without a stamp, are read at once. */
const mostAtOnce = 8;
async function manifestKeys(store, scope, wanted) {
	const { class: name, database } = wanted;
	const prefix = name === void 0 ? backupsPrefix(scope) : classPrefix({
		...scope,
		class: name
	});
	const keys = (wanted.objects ?? await store.list(prefix)).map(({ key }) => key).filter((key) => key.startsWith(prefix) && isManifestKey(key));
	return database === void 0 ? keys : keys.filter((key) => mayBeOfDatabase(key, database));
}
/** Keys that are read together: all of one second, and of further seconds until there are enough. */
function* turns(keys, ahead) {
	const dated = keys.flatMap((key) => {
		const stamp = stampIn(key);
		return stamp === void 0 ? [] : [{
			key,
			stamp
		}];
	});
	dated.sort((a, b) => compare(b.stamp, a.stamp));
	let turn = [];
	for (const [index, { key, stamp }] of dated.entries()) {
		turn.push(key);
		if (turn.length < ahead || dated[index + 1]?.stamp === stamp) continue;
		yield turn;
		turn = [];
	}
	if (turn.length > 0) yield turn;
}
async function readAll(store, scope, keys, atOnce) {
	const found = [];
	for (let start = 0; start < keys.length; start += atOnce) found.push(...await Promise.all(keys.slice(start, start + atOnce).map((key) => readOne(store, scope, key))));
	return found.filter((one) => one !== void 0);
}
async function readOne(store, scope, manifestKey) {
	try {
		const backup = await readManifest(store, manifestKey);
		const { project, environment } = backup.manifest;
		if (project === scope.project && environment === scope.environment) return backup;
		return {
			manifestKey,
			problem: `It says that it is of ${project}, environment ${environment}.`
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		if (error.code === "backup-not-found") return void 0;
		if (error.code !== "backup-damaged") throw error;
		return {
			manifestKey,
			problem: error.message
		};
	}
}
/** What cannot be used comes before what can: it may be the newer one. */
function newestFirst(a, b) {
	return compare(momentOf(b), momentOf(a)) || compare(finishedAt(b), finishedAt(a)) || compare(a.manifestKey, b.manifestKey);
}
/** As text that compares; a manifest that cannot be read may be the newest of its second, and without a stamp of all. */
function momentOf(one) {
	if ("manifest" in one) return new Date(one.manifest.dump.snapshotAt).toISOString().replaceAll(/[-:]/g, "");
	const stamp = stampIn(one.manifestKey);
	return stamp === void 0 ? "~" : endOf(stamp);
}
function startOf(stamp) {
	return stamp.replace("Z", ".000Z");
}
function endOf(stamp) {
	return stamp.replace("Z", ".999Z");
}
function finishedAt(one) {
	return "manifest" in one ? one.manifest.finishedAt : "~";
}
function compare(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// src/backup/find-backup.ts
/**
* The newest backup of an environment, over all classes, by the moment of its snapshot and not by the time of its
* file. A dump without a manifest is not a backup. Throws `backup-not-found`.
*/
async function newestBackup(store, scope) {
	return await search(store, scope, {}, () => void 0);
}
/** The usable backups of a database that are there already, the newest first. */
async function previousBackups(store, scope, database, most) {
	const found = [];
	for await (const one of backupsNewestFirst(store, scope, { database })) {
		if ("manifest" in one && isUsable(one.manifest) && one.manifest.source.database === database) found.push(one);
		if (found.length === most) break;
	}
	return found;
}
/** A dump that was kept although a check of it failed is evidence for people, not a backup to count on. */
function isUsable({ checks }) {
	return verdictOf$1(checks) === "pass";
}
/** What a look at a backup says of the checks that failed when it was made. */
function checkMade(manifest) {
	const message = failureWhenMade(manifest);
	return message === void 0 ? [] : [{
		id: "made",
		status: "fail",
		message
	}];
}
/**
* One backup by the key of its dump, the key of its manifest, or its id. A key may name a backup of another
* environment: the caller compares. Throws `backup-not-found`, or `backup-damaged` when the manifest is unusable.
*/
async function findBackup(store, scope, keyOrId) {
	const manifestKey = isManifestKey(keyOrId) ? keyOrId : isDumpKey(keyOrId) ? manifestKeyOf(keyOrId) : await manifestKeyById(store, scope, keyOrId);
	if (manifestKey === void 0 || await store.head(manifestKey) === void 0) throw await notFound(store, scope, keyOrId);
	const backup = await readManifest(store, manifestKey);
	const { id, object } = backup.manifest;
	if (![manifestKey, object.key].includes(keyOrId) && id.toLowerCase() !== keyOrId.toLowerCase()) throw await notFound(store, scope, keyOrId);
	return {
		...backup,
		ignored: []
	};
}
async function search(store, scope, { database }, refuse) {
	const ignored = [];
	for await (const one of backupsNewestFirst(store, scope, database === void 0 ? {} : { database })) {
		if (!("manifest" in one)) {
			ignored.push(one);
			continue;
		}
		if (database !== void 0 && one.manifest.source.database !== database) continue;
		const problem = refuse(one.manifest);
		if (problem === void 0) return {
			...one,
			ignored
		};
		ignored.push({
			manifestKey: one.manifestKey,
			problem
		});
	}
	throw noneFound(store, scope, ignored);
}
/** Why nothing may rely on a backup that is kept for a look at it, `undefined` when every check of its own run passed. */
function failureWhenMade({ checks }) {
	const failed = checks.filter(({ status }) => status === "fail");
	if (failed.length === 0) return void 0;
	return `when it was made, ${failed.map(({ id, message }) => message === void 0 ? `${id} failed` : `${id} failed: ${message}`).join("; ")}`;
}
async function manifestKeyById(store, scope, id) {
	return (await store.list(backupsPrefix(scope))).map(({ key }) => key).find((key) => isManifestKey(key) && id.toLowerCase().endsWith(`-${idHash(dumpKeyOf(key))}`));
}
function noneFound(store, scope, ignored) {
	const unusable = ignored.map(({ manifestKey, problem }) => `\n  ${manifestKey}: ${problem}`).join("");
	const also = ignored.length === 0 ? "" : ` ${ignored.length} cannot be used:${unusable}`;
	return new ReleaseError("backup-not-found", `${store.description} holds no backup of ${scope.project} for the environment ${scope.environment}.${also}`, { hint: "Make one with the command backup, or check store, project and environment." });
}
async function notFound(store, scope, keyOrId) {
	if (isDumpKey(keyOrId) && await store.head(keyOrId) !== void 0) return new ReleaseError("backup-not-found", `${keyOrId} has no manifest in ${store.description}: the run that wrote it did not reach its end, so it is not a backup.`, { hint: "Make a new one with the command backup." });
	return new ReleaseError("backup-not-found", `${store.description} holds no backup ${keyOrId}.`, { hint: `Name the key of a dump (${backupsPrefix(scope)}….dump), the key of its manifest, or its id; leave key out for the newest.` });
}
// src/backup/age.ts
/** Two machines' clocks differ a little; a snapshot from further ahead than this is not to be trusted. */
const clockSkewMs = 3e5;
/** What is wrong with the age of a backup. */
function ageProblem(ageMs, limitMs) {
	if (ageMs < -3e5) return "its snapshot lies in the future";
	if (limitMs === void 0 || ageMs <= limitMs) return void 0;
	return `it is too old: ${formatDuration(ageMs)}, where ${formatDuration(limitMs)} is the limit`;
}
// src/known-hosts.ts
/**
* Lines of a known_hosts file, as ssh reads them. Throws `invalid-input` when there is none, or for the first that is
* no such line: ssh would pass over it in silence.
*/
function readKnownHosts(text) {
	const all = text.split(/\r?\n/).map((line) => line.trim());
	const lines = all.filter((line) => line !== "" && !line.startsWith("#"));
	const wrong = lines.find((line) => !knownHost.test(line));
	if (lines.length === 0 || wrong !== void 0) {
		const problem = wrong === void 0 ? "holds no line" : `holds a line, number ${all.indexOf(wrong) + 1}, that is none`;
		throw new ReleaseError("invalid-input", `ssh-known-hosts ${problem} of a known_hosts file.`, { hint: "A line is \"host type key\", such as \"bastion.example.net ssh-ed25519 AAAA…\", as ssh-keyscan prints it; a fingerprint is not enough." });
	}
	return `${lines.join("\n")}\n`;
}
/** https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT */
const knownHost = /^(?:@(?:cert-authority|revoked)\s+)?\S+\s+(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w.@-]+\s+AAAA[\w+/]+={0,2}(?:\s.*)?$/;
// src/commands/database-inputs.ts
/** The inputs that every command with a database has. */
const databaseInputNames = [
	"database-url",
	"database-ca",
	"allow-insecure-tls",
	"connect",
	"ssh-key",
	"ssh-known-hosts",
	"expect-database",
	"role",
	"state-schema",
	"history"
];
/** What the commands that take the lock let people say about it. */
const lockInputNames = ["on-locked", "lock-wait"];
function lockPolicy(inputs, { signal }) {
	return {
		onLocked: inputs["on-locked"],
		waitMs: inputs["lock-wait"],
		signal
	};
}
/**
* Where the database is, how it is reached and how the connection is protected. Disposal closes the tunnel, if there is one.
* Throws `wrong-database` when another name was expected, `insecure-tls` when nothing would protect it.
*/
async function databaseInputs(inputs, context) {
	const connection = inputs["database-url"];
	const expected = inputs["expect-database"];
	if (expected !== void 0 && expected !== connection.database) throw new ReleaseError("wrong-database", `expect-database names ${expected}, but the connection goes to ${describeConnection(connection)}.`, { hint: "Check which environment this URL belongs to. Nothing was sent to the server." });
	const named = inputs["database-ca"] ?? (connection.sslrootcert === "system" ? void 0 : connection.sslrootcert);
	const ca = await context.readAuthority(named);
	const tls = decideTls(connection, {
		ca,
		allowInsecure: inputs["allow-insecure-tls"]
	});
	if (tls.mode === "require") context.log.warn(`${describeConnection(connection)}: encrypted, but the server is not authenticated (sslmode=require)`);
	if (tls.mode === "prefer" || tls.mode === "off" && inputs["allow-insecure-tls"]) context.log.warn(`${describeConnection(connection)}: the connection may not be encrypted (allow-insecure-tls)`);
	const tunnel = await tunnelTo(connection, inputs, context);
	return {
		connection,
		tls,
		role: inputs.role,
		tunnel,
		[Symbol.asyncDispose]: async () => tunnel?.[Symbol.asyncDispose]()
	};
}
async function tunnelTo(connection, inputs, context) {
	const { connect: through, "ssh-key": key, "ssh-known-hosts": knownHosts } = inputs;
	if (through === void 0) return void 0;
	if (knownHosts === void 0 && context.inAction) throw new ReleaseError("invalid-input", "connect names an ssh host, and ssh-known-hosts does not say which host key it has.", { hint: `Print it with "ssh-keyscan ${through.host}", compare the fingerprint with the provider's, and give the line as ssh-known-hosts. It is no secret.` });
	return context.makeTunnel({
		through,
		connection,
		key: key === void 0 ? void 0 : readPrivateKey(key),
		knownHosts: knownHosts === void 0 ? void 0 : readKnownHosts(knownHosts)
	});
}
// src/backup/drill-record.ts
const schemaName = "shiplock/drill@1";
const keyPattern = /^(.+\.dump)\.drill-((\d{8}T\d{6}Z)-[^/]*)\.json$/;
const largestBytes = 16777216;
/** Where the records of one backup's drills begin. */
function recordPrefix(dumpKey) {
	return `${dumpKey}.drill-`;
}
/** `undefined` for the key of anything else. */
function recordKeyIn(key) {
	const [, dumpKey, id] = keyPattern.exec(key) ?? [];
	return dumpKey === void 0 || id === void 0 ? void 0 : {
		recordKey: key,
		dumpKey,
		id
	};
}
/** The records among these objects, the newest end first. */
function recordsNewestFirst(objects) {
	const idOf = ({ key }) => recordKeyIn(key)?.id;
	return objects.filter((one) => idOf(one) !== void 0).sort((a, b) => (idOf(a) ?? "") < (idOf(b) ?? "") ? 1 : -1);
}
/** No more than is needed: a record holds much that only people read. */
const recordSchema = object({
	schema: literal(schemaName),
	verdict: _enum(verdicts),
	reason: string().catch(""),
	level: string().optional(),
	levels: array(string()).optional(),
	finishedAt: datetime(),
	project: string().optional(),
	environment: string().optional(),
	error: string().optional(),
	checks: array(checkSchema.pick({ status: true })).catch([]),
	backup: object({
		key: string(),
		id: string().optional()
	})
});
/** `undefined` when it was deleted since it was listed. */
async function readRecord(store, { key, sizeBytes }) {
	const place = recordKeyIn(key);
	if (place === void 0) throw new Error(`${key} is not the key of a drill's record`);
	if (sizeBytes > largestBytes) return {
		...place,
		problem: `it is larger than ${largestBytes / 1024 ** 2} MiB`
	};
	const content = await readText(store, key);
	if (content === void 0) return void 0;
	const json = parse(content);
	if (json === void 0) return {
		...place,
		problem: "it is not JSON"
	};
	const read = recordSchema.safeParse(json);
	if (!read.success) return {
		...place,
		problem: `it is not a record of a drill: ${prettifyError(read.error).replaceAll(/\s*\n\s*/g, " ")}`
	};
	const { backup, finishedAt, reason, level, levels, project, environment } = read.data;
	const at = new Date(finishedAt);
	if (backup.key !== place.dumpKey) return {
		...place,
		problem: `it is of another backup, ${backup.key}`
	};
	if (!place.id.startsWith(compactStamp(at))) return {
		...place,
		problem: `it says that it ended at ${finishedAt}, and its key another moment`
	};
	return {
		...place,
		at,
		verdict: verdictOf(read.data),
		reason,
		level,
		levels: levels ?? (level === void 0 ? [] : [.../* @__PURE__ */ new Set(["restored", level])]),
		project,
		environment,
		backupId: backup.id
	};
}
/** A missing program or a wrong input fails the step, and shows nothing of the backup unless a check had failed before. */
function verdictOf({ verdict, error, checks }) {
	if (verdict !== "fail" || error === void 0 || checks.some(({ status }) => status === "fail")) return verdict;
	return (Object.hasOwn(errorCodes, error) ? errorCodes[error].exit : "fault") === "fault" ? "fail" : "inconclusive";
}
async function readText(store, key) {
	try {
		return await text(await store.get(key));
	} catch (error) {
		if (error instanceof ReleaseError && error.code === "backup-not-found") return void 0;
		throw error;
	}
}
function parse(content) {
	try {
		return JSON.parse(content);
	} catch {
		return;
	}
}
export { readContents as C, countKinds as E, readBeside as S, writeRoles as T, previousBackups as _, schemaName as a, schemaName$1 as b, lockInputNames as c, clockSkewMs as d, checkMade as f, newestBackup as g, isUsable as h, recordsNewestFirst as i, lockPolicy as l, findBackup as m, recordKeyIn as n, databaseInputNames as o, failureWhenMade as p, recordPrefix as r, databaseInputs as s, readRecord as t, ageProblem as u, backupsNewestFirst as v, writeContents as w, writeManifest as x, readManifest as y };
