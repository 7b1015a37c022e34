import { n as messageOf, t as ReleaseError } from "./errors.js";
import { a as boolean, c as int, d as number, f as object, h as union, i as array, l as literal, m as string, p as record, r as _enum, u as looseObject, y as prettifyError } from "./schemas.js";
import { t as datetime } from "./iso.js";
import { t as checkSchema } from "./result.js";
import { d as manifestKeyOf, f as mayBeOf, i as contentsKeyOf, m as rolesKeyOf, o as dumpKeyOf, s as idHash } from "./key.js";
import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
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
	notDumped: literal("unlogged on a standby").optional()
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
const schemaName$1 = "shiplock/backup-contents@1";
object({
	schema: literal(schemaName$1),
	/** Whose words the definitions are in: another major version may say the same in others. */
	serverMajor: int().positive(),
	objects: array(catalogObjectSchema)
});
/** An object that lies beside a dump, as its manifest names it. */
const besideSchema = object({
	key: string(),
	sizeBytes: int().nonnegative(),
	sha256: string().regex(/^[0-9a-f]{64}$/)
});
/** Keeps the list of what a dump holds beside it: in the manifest it would have to be read whenever a backup is looked for. */
function writeContents(store, dumpKey, serverMajor, catalog, signal) {
	const contents = {
		schema: schemaName$1,
		serverMajor,
		objects: [...catalog]
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
// src/backup/manifest.ts
const schemaName = "shiplock/backup-manifest@1";
const count = int().nonnegative();
const moment = datetime();
const sha256 = string().regex(/^[0-9a-f]{64}$/);
/** The JSON that is written last: without it, a dump is not a backup. `find-backup.ts` finds one. */
const manifestSchema = object({
	schema: literal(schemaName),
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
	/** Outside of the snapshot: a sequence never goes back. */
	sequences: array(sequenceSchema),
	largeObjects: largeObjectsSchema,
	ledgerHeads: array(object({
		table: string(),
		head: string()
	})),
	checks: array(checkSchema)
});
/** Many tables make a long manifest; this is a hundred times more than most, and bounds what a hostile one costs. */
const largestBytes = 67108864;
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
	const bytes = await readAll(store, manifestKey);
	const manifest = parse(bytes, manifestKey);
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
async function readAll(store, key) {
	const chunks = [];
	let sizeBytes = 0;
	for await (const chunk of await store.get(key)) {
		sizeBytes += chunk.length;
		if (sizeBytes > largestBytes) throw damaged(key, `it is larger than ${largestBytes / 1024 ** 2} MiB`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function parse(bytes, key) {
	let content;
	try {
		content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (error) {
		throw damaged(key, `it is not JSON (${messageOf(error)})`, error);
	}
	const header = looseObject({ schema: string().max(100) }).safeParse(content);
	if (!header.success) throw damaged(key, "it names no schema");
	if (header.data.schema !== "shiplock/backup-manifest@1") throw damaged(key, `its schema is ${header.data.schema}, where ${schemaName} is expected`);
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
// src/backup/fingerprint-stream.ts
/** Counts and hashes what passes through. `result` holds only once the stream has ended. */
function fingerprintStream(onBytes = () => {}) {
	const hash = createHash("sha256");
	let sizeBytes = 0;
	return {
		stream: new Transform({ transform(chunk, _encoding, done) {
			hash.update(chunk);
			sizeBytes += chunk.length;
			onBytes(sizeBytes);
			done(null, chunk);
		} }),
		result: () => ({
			sizeBytes,
			sha256: hash.copy().digest("hex")
		})
	};
}
// src/commands/heartbeat.ts
/** Lines closer together would drown the log of a long dump; further apart, it would look as if nothing happened. */
const intervalMs = 1e4;
/** Says every ten seconds how far the work is, until it has ended. */
async function withHeartbeat({ clock, log }, line, work) {
	const ended = new AbortController();
	const beats = beat();
	try {
		return await work();
	} finally {
		ended.abort();
		await beats;
	}
	async function beat() {
		while (!ended.signal.aborted) {
			await clock.sleep(intervalMs, ended.signal);
			if (!ended.signal.aborted) log.info(line());
		}
	}
}
// src/commands/store-place.ts
/** What has to be said of a store in a folder of a runner, which is gone when the job is. Empty otherwise. */
function storePlace(url, { inAction }) {
	return inAction && url.startsWith("file:") ? " It lies on this runner only." : "";
}
export { schemaName as a, writeRoles as c, readManifest as i, countKinds as l, withHeartbeat as n, writeManifest as o, fingerprintStream as r, writeContents as s, storePlace as t };
