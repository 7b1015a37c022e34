import { n as messageOf, t as ReleaseError } from "./errors.js";
import { c as int, f as object, i as array, l as literal, m as string, r as _enum, u as looseObject, y as prettifyError } from "./schemas.js";
import { t as datetime } from "./iso.js";
import { t as checkSchema } from "./result.js";
import { a as idHash, i as dumpKeyOf, l as manifestKeyOf } from "./key.js";
import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
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
	source: object({
		serverVersion: string(),
		serverMajor: int().positive(),
		database: string(),
		systemIdentifier: string().optional(),
		encoding: string(),
		collate: string(),
		ctype: string(),
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
		arguments: array(string()),
		exitCode: literal(0),
		snapshot: string(),
		/** By the database's clock. */
		snapshotAt: moment
	}),
	object: object({
		key: string(),
		sizeBytes: count,
		sha256
	}),
	/** Exact rows of every table under the snapshot. */
	tables: array(object({
		name: string(),
		rows: count
	})),
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
export { schemaName as a, readManifest as i, withHeartbeat as n, writeManifest as o, fingerprintStream as r, storePlace as t };
