import { t as version } from "./version.js";
import { a as schemaName, c as writeRoles, l as countKinds, n as withHeartbeat, o as writeManifest, r as fingerprintStream, s as writeContents, t as storePlace } from "./store-place.js";
import { a as dumpKey, d as manifestKeyOf, i as contentsKeyOf, m as rolesKeyOf, t as backupId, u as keyLabel } from "./key.js";
import { r as standbyChecks } from "./preflight.js";
import { n as messageOf, t as ReleaseError } from "./errors.js";
import { t as inspect } from "./read-back.js";
import { i as verdictOf } from "./result.js";
import { i as formatSize, r as formatDuration, s as plural } from "./units.js";
import { t as defineCommand } from "./command.js";
import { C as databaseInputs, S as databaseInputNames, T as lockPolicy, t as checkIdentity, w as lockInputNames } from "./migration-state.js";
import { t as openDatabase } from "./open-database.js";
import { t as _usingCtx } from "./usingCtx.js";
import { randomBytes } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
// src/backup/compose-manifest.ts
function composeManifest(made, { facts, snapshot, runnerAt }, dump, beside, proof) {
	const { project, environment, release, run } = made;
	const key = dumpKey({
		...made,
		database: facts.database,
		at: snapshot.at
	});
	return {
		schema: schemaName,
		tool: `shiplock/${version}`,
		id: backupId(key, snapshot.at),
		level: proof.level,
		project,
		environment,
		release,
		commit: run.commit,
		class: made.class,
		run: {
			id: run.id,
			attempt: run.attempt,
			host: run.host
		},
		startedAt: made.startedAt.toISOString(),
		finishedAt: made.finishedAt.toISOString(),
		clock: clockOf(made, snapshot.at, runnerAt),
		source: {
			...facts,
			extensions: [...facts.extensions]
		},
		dump: {
			clientVersion: dump.clientVersion,
			format: "custom",
			archiveVersion: dump.archiveVersion,
			compression: dump.compression,
			arguments: [...dump.arguments],
			exitCode: 0,
			warnings: [...dump.warnings],
			snapshot: snapshot.id,
			snapshotAt: snapshot.at.toISOString()
		},
		object: {
			key,
			sizeBytes: dump.sizeBytes,
			sha256: dump.sha256,
			...dump.stored,
			encryption: "none"
		},
		contents: beside.contents,
		roles: beside.roles,
		catalog: countKinds(dump.catalog),
		fingerprint: {
			mode: made.fingerprint.mode,
			...made.fingerprint.mode === "auto" ? { limitMs: made.fingerprint.limitMs } : {},
			settings: { ...dump.settings }
		},
		tables: [...dump.tables],
		sequences: [...dump.sequences],
		largeObjects: dump.largeObjects,
		ledgerHeads: [...dump.ledgerHeads],
		checks: [...proof.checks]
	};
}
/** Clocks that differ: retention and the age of a backup are judged by the database's. */
function clockOf({ storeClock }, database, runner) {
	const storeSkewMs = storeClock === void 0 ? 0 : storeClock.store.getTime() - storeClock.runner.getTime();
	const skews = [
		database.getTime() - runner.getTime(),
		storeSkewMs,
		database.getTime() - runner.getTime() - storeSkewMs
	];
	return {
		database: database.toISOString(),
		runner: runner.toISOString(),
		...storeClock === void 0 ? {} : { store: new Date(runner.getTime() + storeSkewMs).toISOString() },
		skewMs: Math.max(...skews.map(Math.abs))
	};
}
// src/backup/keep-beside.ts
/** Writes the list of what the dump holds, and the roles where there are any to write. A dump without roles is a backup all the same. */
async function keepBeside({ store, key, serverMajor, catalog, roles, signal }) {
	const contents = await writeContents(store, key, serverMajor, catalog, signal);
	if ("notKept" in roles) return {
		contents,
		roles,
		checks: [{
			id: "roles",
			status: "not-checked",
			message: `not kept: ${roles.notKept}`
		}]
	};
	const count = roles.sql.match(/^CREATE ROLE /gm)?.length ?? 0;
	return {
		contents,
		roles: {
			...await writeRoles(store, key, roles.sql, signal),
			count
		},
		checks: [{
			id: "roles",
			status: "pass",
			value: count
		}]
	};
}
// src/backup/probe-store.ts
/**
* Writes, reads, lists and deletes a small object: a store that cannot be used is found before the dump, not after
* it. Nothing is left of the object, unless it could not be deleted.
*/
async function probeStore(store, project, signal) {
	const written = randomBytes(16).toString("hex");
	const key = `${keyLabel(project)}/.probe/${written}`;
	const source = Readable.from([Buffer.from(written)]);
	await step("could not be written", store.put(key, source, signal));
	try {
		await Promise.all([step("was written, but could not be read back", readBack(store, key, written)), step("was written, but the store could not be listed", findListed(store, key))]);
	} catch (error) {
		await store.delete(key).catch(() => {});
		throw error;
	}
	await step(`was written and read, but could not be deleted, and stays as ${key}`, store.delete(key));
}
async function readBack(store, key, written) {
	if (await text(await store.get(key)) === written) return;
	throw new ReleaseError("invalid-store", `${store.description} does not give back what was written to it.`, { hint: "Name another store." });
}
async function findListed(store, key) {
	if ((await store.list(key)).some((object) => object.key === key)) return;
	throw new ReleaseError("invalid-store", `${store.description} does not list what was written to it.`, { hint: "Name a store that lists its objects at once; one that gives copies, such as a CDN, is not fit." });
}
async function step(outcome, work) {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const { hint } = error;
		throw new ReleaseError(error.code, `A probe object ${outcome}: ${messageOf(error)}\nNothing was dumped.`, {
			...hint === void 0 ? {} : { hint },
			cause: error
		});
	}
}
// src/backup/archive-header.ts
/** `PGDMP`, and three bytes of version. */
const headerBytes = 8;
/** Lets an archive pass, and keeps the version of its format, such as `1.14.0`; `undefined` when it does not begin as one. */
function headerStream() {
	let header = Buffer.alloc(0);
	const stream = new Transform({ transform(chunk, _encoding, done) {
		if (header.length < headerBytes) header = Buffer.concat([header, chunk.subarray(0, headerBytes - header.length)]);
		done(null, chunk);
	} });
	const version = () => header.length < headerBytes || header.toString("latin1", 0, 5) !== "PGDMP" ? void 0 : [...header.subarray(5)].join(".");
	return {
		stream,
		version
	};
}
// src/backup/gate.ts
/**
* Passes bytes on at once, but their end only after `finished` has resolved; when it rejects, the stream breaks.
*
* A stream that ends looks the same whether its program finished or was killed, and an upload that sees its source
* end completes the object. This gate is what keeps half a dump from becoming one.
*/
function gate(finished) {
	const stream = new Transform({
		transform: (chunk, _encoding, done) => done(null, chunk),
		flush: (done) => void finished.then(() => done(), done)
	});
	finished.catch((error) => stream.destroy(error));
	stream.on("error", () => {});
	return stream;
}
// src/backup/write-dump.ts
/**
* Streams a dump into the store, and reads beside it under the same snapshot what it holds. The object appears only
* when `pg_dump` has ended with 0 and all was read; whatever fails stops the rest.
*/
async function writeDump(work) {
	const failed = new AbortController();
	const signal = AbortSignal.any([work.signal, failed.signal]);
	const { archive, finished, ...dump } = await work.source.dump({
		lockWaitTimeoutMs: work.lockWaitTimeoutMs,
		signal
	});
	const { stream, result } = fingerprintStream(work.onBytes);
	const header = headerStream();
	const reading = work.source.readContent(work.fingerprint);
	const gated = gate(Promise.all([finished, reading]));
	pipeline(archive, header.stream, stream, gated).catch(() => {});
	const stored = work.store.put(work.key, gated, signal);
	try {
		const [content, { etag, versionId, parts }, warnings] = await Promise.all([
			reading,
			stored,
			finished
		]);
		const told = {
			...etag && { etag },
			...versionId && { versionId },
			...parts && { parts }
		};
		return {
			...dump,
			...result(),
			...content,
			archiveVersion: header.version(),
			warnings,
			stored: told
		};
	} catch (error) {
		failed.abort();
		await stored.catch(() => {});
		throw work.signal.aborted ? stopped(error) : error;
	}
}
function stopped(cause) {
	return new ReleaseError("interrupted", "The run was stopped in the middle of the dump; nothing of it was stored.", {
		hint: "Run it again.",
		cause
	});
}
// src/commands/backup.ts
var backup_default = defineCommand({
	summary: "Dump the database into the store, read the stored bytes back, and write the manifest last.",
	inputs: [
		...databaseInputNames,
		...lockInputNames,
		"pg-bin-dir",
		"install-tools",
		"store",
		"class",
		"level",
		"lock-wait-timeout",
		"fingerprint",
		"fingerprint-time",
		"include-roles",
		"max-standby-lag",
		"dry-run"
	],
	outputs: {
		id: "Id of the backup, for the input key.",
		level: "What was shown of the stored bytes: landed or read-back.",
		sha256: "SHA-256 of the dump.",
		"size-bytes": "Size of the dump in bytes.",
		"manifest-sha256": "SHA-256 of the manifest."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const startedAt = context.clock.now();
			const store = await context.openStore(inputs.store);
			const database = _usingCtx$1.a(await databaseInputs(inputs, context));
			const options = {
				binDir: inputs["pg-bin-dir"],
				install: inputs["install-tools"],
				stateSchema: inputs["state-schema"]
			};
			const lock = _usingCtx$1.a(await openDatabase(database, inputs, context, { acceptStandby: true }));
			const stamp = await checkIdentity(lock, context);
			if (inputs["dry-run"]) try {
				var _usingCtx3 = _usingCtx();
				const source = _usingCtx3.a(await context.openSource(database, options));
				for (const warning of source.warnings) context.log.warn(warning);
				standbyChecks(source.facts, inputs["max-standby-lag"]);
				return describeDryRun(source, keyOf(source, inputs.class, context), store);
			} catch (_) {
				_usingCtx3.e = _;
			} finally {
				await _usingCtx3.d();
			}
			await probeStore(store, context.project, context.signal);
			await lock.lock(context.project, lockPolicy(inputs, context));
			const dumped = await dumpInto(store, () => context.openSource(database, {
				...options,
				lockWaitTimeoutMs: inputs["lock-wait-timeout"]
			}), inputs, context);
			const { dump, key } = dumped;
			const decode = (archive) => context.decodeArchive(archive, {
				...options,
				major: Number.parseInt(dump.clientVersion, 10)
			});
			const shown = await withHeartbeat(context, () => `reading ${formatSize(dump.sizeBytes)} back`, () => inspect(store, {
				...dump,
				key
			}, inputs.level, decode, context.signal)).catch((error) => {
				throw context.signal.aborted ? stoppedReading(key, store, error) : error;
			});
			const proved = [
				{
					id: "dump-exit",
					status: "pass",
					value: 0
				},
				...dumped.checks,
				...shown.checks
			];
			if (verdictOf(proved) === "fail") return describeFault(proved, key, store);
			const { roles, signal } = {
				...dumped,
				...context
			};
			const beside = await keepBeside({
				store,
				key,
				serverMajor: dumped.facts.serverMajor,
				catalog: dump.catalog,
				roles,
				signal
			});
			const checks = [...proved, ...beside.checks];
			const fingerprint = policyOf(inputs);
			const made = {
				...context,
				class: inputs.class,
				fingerprint,
				startedAt,
				finishedAt: context.clock.now()
			};
			const facts = inputs.history === "store" ? {
				...dumped.facts,
				stamp: stamp?.id
			} : dumped.facts;
			return await record(composeManifest(made, {
				...dumped,
				facts
			}, dump, beside, {
				level: shown.level,
				checks
			}), shown, store, inputs.store, context);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** The snapshot, which keeps the server from cleaning up, is held for the dump alone, not for reading it back. */
async function dumpInto(store, openSource, inputs, context) {
	try {
		var _usingCtx4 = _usingCtx();
		const source = _usingCtx4.a(await openSource());
		const { facts, snapshot, runnerAt } = source;
		for (const warning of source.warnings) context.log.warn(warning);
		const checks = standbyChecks(facts, inputs["max-standby-lag"]);
		const key = keyOf(source, inputs.class, context);
		await refuseTaken(store, key);
		context.log.info(`dumping ${facts.database} (${formatSize(facts.sizeBytes)} on the server), snapshot ${snapshot.at.toISOString()}`);
		let sizeBytes = 0;
		const onBytes = (count) => {
			sizeBytes = count;
		};
		const dump = await withHeartbeat(context, () => `dumping: ${formatSize(sizeBytes)} so far`, () => writeDump({
			source,
			store,
			key,
			lockWaitTimeoutMs: inputs["lock-wait-timeout"],
			fingerprint: policyOf(inputs),
			signal: context.signal,
			onBytes
		}));
		context.log.info(`dumped ${formatSize(dump.sizeBytes)} to ${key}`);
		sayWarnings(dump.warnings, context);
		return {
			facts,
			snapshot,
			runnerAt,
			key,
			dump,
			roles: inputs["include-roles"] ? await source.readRoles(context.signal) : { notKept: "include-roles is false" },
			checks
		};
	} catch (_) {
		_usingCtx4.e = _;
	} finally {
		await _usingCtx4.d();
	}
}
function policyOf(inputs) {
	return {
		mode: inputs.fingerprint,
		limitMs: inputs["fingerprint-time"]
	};
}
function sayWarnings(lines, { log }) {
	if (lines.length === 0) return;
	log.warn("pg_dump ended with 0, and said:");
	for (const line of lines) log.foreign(line);
}
function keyOf({ facts, snapshot }, className, { project, environment, release }) {
	return dumpKey({
		project,
		environment,
		release,
		class: className,
		database: facts.database,
		at: snapshot.at
	});
}
/** A key holds the second of the snapshot: only a clock that was turned back, or a twin of this run, could have taken it. */
async function refuseTaken(store, key) {
	for (const taken of [
		key,
		manifestKeyOf(key),
		contentsKeyOf(key),
		rolesKeyOf(key)
	]) {
		if (await store.head(taken) === void 0) continue;
		throw new ReleaseError("backup-exists", `${store.description} holds ${taken} already, and nothing in it is ever overwritten.`, { hint: "Was the same backup started twice? Run it again: a new one gets a key of its own." });
	}
}
/** The manifest comes last: whatever goes wrong before it leaves a dump that nobody takes for a backup. */
async function record(manifest, shown, store, storeUrl, context) {
	const { object, tables, checks } = manifest;
	try {
		const { manifestSha256 } = await writeManifest(store, manifest, context.signal);
		return {
			verdict: shown.hindrance === void 0 ? "pass" : "inconclusive",
			reason: describe(manifest, shown) + storePlace(storeUrl, context),
			checks,
			outputs: {
				id: manifest.id,
				level: manifest.level,
				sha256: object.sha256,
				"size-bytes": object.sizeBytes,
				"manifest-sha256": manifestSha256
			},
			details: {
				durationMs: Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt),
				store: store.description,
				manifest
			}
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			verdict: error.verdict,
			reason: `The dump of ${plural(tables.length, "table")} landed as ${object.key}, but its manifest could not be written, so it is no backup.`,
			checks,
			error
		};
	}
}
function describe({ object, tables, dump, startedAt, finishedAt }, { level, hindrance }) {
	const rows = tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
	const facts = `${formatSize(object.sizeBytes)}, ${plural(tables.length, "table")}, ${plural(rows, "row")}, snapshot ${dump.snapshotAt}`;
	const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
	if (hindrance !== void 0) return `The dump landed (${facts}), but could not be read back: ${hindrance}`;
	if (level === "landed") return `The dump landed: ${facts}, in ${took}. Its bytes were not read back.`;
	return `Backup read back: ${facts}, in ${took}.`;
}
function stoppedReading(key, { description }, cause) {
	return new ReleaseError("interrupted", `The run was stopped while the dump was read back; ${key} in ${description} has no manifest, so it is no backup.`, {
		hint: "Run it again: a new backup gets a key of its own.",
		cause
	});
}
function describeFault(checks, key, store) {
	const failed = checks.filter(({ status }) => status === "fail");
	const problems = failed.map(({ id, message }) => `${id}: ${message}`).join("\n");
	const isIncomplete = failed.every(({ id }) => id === "archive-rows");
	const reason = `${isIncomplete ? "The dump does not hold the rows of its snapshot" : "The stored bytes are not those that were dumped"}; no manifest was written, so this is no backup.`;
	const code = isIncomplete || failed.some(({ id }) => id === "landed") ? "backup-failed" : "backup-damaged";
	const look = isIncomplete ? "Is pg_dump really PostgreSQL's own? Check pg-bin-dir and PATH." : "Check the store and the disks below it.";
	return {
		verdict: "fail",
		reason,
		checks,
		error: new ReleaseError(code, `${key} in ${store.description}: ${reason}\n${problems}`, { hint: `${look} The object was left as it is for a look at it.` }),
		details: {
			store: store.description,
			key
		}
	};
}
function describeDryRun({ facts, snapshot }, key, store) {
	return {
		verdict: "pass",
		reason: `${facts.database} (${formatSize(facts.sizeBytes)} on the server) would be dumped to ${key}; nothing was written.`,
		details: {
			dryRun: true,
			store: store.description,
			key,
			sizeBytes: facts.sizeBytes,
			serverVersion: facts.serverVersion,
			at: snapshot.at.toISOString()
		}
	};
}
export { backup_default as default };
