import { t as version } from "./version.js";
import { c as keyLabel, l as manifestKeyOf, r as dumpKey, t as backupId } from "./key.js";
import { a as schemaName, n as withHeartbeat, o as writeManifest, r as fingerprintStream, t as storePlace } from "./store-place.js";
import { t as ReleaseError } from "./errors.js";
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
function composeManifest(made, { facts, snapshot }, dump, proof) {
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
		source: {
			...facts,
			extensions: [...facts.extensions]
		},
		dump: {
			clientVersion: dump.clientVersion,
			format: "custom",
			arguments: [...dump.arguments],
			exitCode: 0,
			snapshot: snapshot.id,
			snapshotAt: snapshot.at.toISOString()
		},
		object: {
			key,
			sizeBytes: dump.sizeBytes,
			sha256: dump.sha256
		},
		tables: [...dump.tables],
		ledgerHeads: [...dump.ledgerHeads],
		checks: [...proof.checks]
	};
}
// src/backup/probe-store.ts
/** Writes, reads and deletes a small object: a store that cannot be used is found before the dump, not after it. */
async function probeStore(store, project, signal) {
	const written = randomBytes(16).toString("hex");
	const key = `${keyLabel(project)}/.probe/${written}`;
	await store.put(key, Readable.from([Buffer.from(written)]), signal);
	const found = await text(await store.get(key));
	await store.delete(key);
	if (found === written) return;
	throw new ReleaseError("invalid-store", `${store.description} does not give back what was written to it.`, { hint: "Nothing was dumped. Name another store." });
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
* Streams a dump into the store, and counts beside it under the same snapshot. The object appears only when
* `pg_dump` has ended with 0 and the counts are there; whatever fails stops the rest.
*/
async function writeDump(work) {
	const failed = new AbortController();
	const signal = AbortSignal.any([work.signal, failed.signal]);
	const { archive, finished, ...dump } = await work.source.dump({
		lockWaitTimeoutMs: work.lockWaitTimeoutMs,
		signal
	});
	const { stream, result } = fingerprintStream(work.onBytes);
	const counts = count(work.source);
	const gated = gate(Promise.all([finished, counts]));
	pipeline(archive, stream, gated).catch(() => {});
	const stored = work.store.put(work.key, gated, signal);
	try {
		const [{ tables, ledgerHeads }] = await Promise.all([counts, stored]);
		return {
			...dump,
			...result(),
			tables,
			ledgerHeads
		};
	} catch (error) {
		failed.abort();
		await stored.catch(() => {});
		throw work.signal.aborted ? stopped(error) : error;
	}
}
async function count(source) {
	return {
		tables: [...await source.countRows()].map(([name, rows]) => ({
			name,
			rows
		})),
		ledgerHeads: await source.ledgerHeads()
	};
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
			const lock = _usingCtx$1.a(await openDatabase(database, inputs, context));
			const stamp = await checkIdentity(lock, context);
			if (inputs["dry-run"]) try {
				var _usingCtx3 = _usingCtx();
				const source = _usingCtx3.a(await context.openSource(database, options));
				return describeDryRun(source, keyOf(source, inputs.class, context), store);
			} catch (_) {
				_usingCtx3.e = _;
			} finally {
				await _usingCtx3.d();
			}
			await probeStore(store, context.project, context.signal);
			await lock.lock(context.project, lockPolicy(inputs, context));
			const dumped = await dumpInto(store, () => context.openSource(database, options), inputs, context);
			const { dump, key } = dumped;
			const decode = (archive) => context.decodeArchive(archive, {
				...options,
				major: Number.parseInt(dump.clientVersion, 10)
			});
			const shown = await withHeartbeat(context, () => `reading ${formatSize(dump.sizeBytes)} back`, () => inspect(store, {
				...dump,
				key
			}, inputs.level, decode, context.signal));
			const checks = [{
				id: "dump-exit",
				status: "pass",
				value: 0
			}, ...shown.checks];
			if (verdictOf(checks) === "fail") return describeFault(checks, key, store);
			const made = {
				...context,
				class: inputs.class,
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
			}, dump, {
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
		const { facts, snapshot } = source;
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
			signal: context.signal,
			onBytes
		}));
		context.log.info(`dumped ${formatSize(dump.sizeBytes)} to ${key}`);
		return {
			facts,
			snapshot,
			key,
			dump
		};
	} catch (_) {
		_usingCtx4.e = _;
	} finally {
		await _usingCtx4.d();
	}
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
	for (const taken of [key, manifestKeyOf(key)]) {
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
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	const facts = `${formatSize(object.sizeBytes)}, ${plural(tables.length, "table")}, ${plural(rows, "row")}, snapshot ${dump.snapshotAt}`;
	const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
	if (hindrance !== void 0) return `The dump landed (${facts}), but could not be read back: ${hindrance}`;
	if (level === "landed") return `The dump landed: ${facts}, in ${took}. Its bytes were not read back.`;
	return `Backup read back: ${facts}, in ${took}.`;
}
function describeFault(checks, key, store) {
	const failed = checks.filter(({ status }) => status === "fail");
	const problems = failed.map(({ id, message }) => `${id}: ${message}`).join("\n");
	const reason = "The stored bytes are not those that were dumped; no manifest was written, so this is no backup.";
	const code = failed.some(({ id }) => id === "landed") ? "backup-failed" : "backup-damaged";
	return {
		verdict: "fail",
		reason,
		checks,
		error: new ReleaseError(code, `${key} in ${store.description}: ${reason}\n${problems}`, { hint: "Check the store and the disks below it. The object was left as it is for a look at it." }),
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
