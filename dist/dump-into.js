import { Gt as formatMoment, Jt as plural, Kt as formatSize, Wt as formatDuration, un as ReleaseError } from "./start.js";
import { Bt as dumpKey, Gt as manifestKeyOf, qt as rolesKeyOf, zt as contentsKeyOf } from "./migrations.js";
import { r as standbyChecks } from "./preflight.js";
import { t as fingerprintStream } from "./fingerprint-stream.js";
import { n as withHeartbeat } from "./store-place.js";
import { t as _usingCtx } from "./usingCtx.js";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
// src/backup/estimate.ts
const mostEarlier = 5;
/** Milliseconds that nobody plans by. */
const aMoment = 1e4;
/** A busy server or network may make one backup slower than the last; a quiet one faster. */
const spread = {
	low: .7,
	high: 1.5
};
/** Bytes of the database in a second, from a slow disk and network to fast ones. */
const guessedSpeed = {
	low: 2e7,
	high: 15e7
};
/** A dump has no indexes and is compressed, but what is compressed already stays as large as it is. */
const guessedSize = {
	low: .05,
	high: 1
};
/**
* How long a backup will take and how large it will be, from the size of the database and the earlier backups of it,
* the newest first.
*/
function estimateBackup(databaseBytes, earlier) {
	const known = earlier.filter(({ source }) => source.sizeBytes > 0).slice(0, mostEarlier);
	const dumpBytes = known.length === 0 ? times(databaseBytes, guessedSize) : scaled(databaseBytes, known.map(sizeShare));
	return {
		databaseBytes,
		durationMs: known.length === 0 ? {
			low: databaseBytes / guessedSpeed.high * 1e3,
			high: databaseBytes / guessedSpeed.low * 1e3
		} : scaled(databaseBytes, known.map(msPerByte)),
		dumpBytes,
		earlier: known.length
	};
}
/** What the log says before the dump. */
function describeEstimate({ databaseBytes, durationMs, dumpBytes, earlier }) {
	const takes = durationMs.high < aMoment ? "a few seconds" : formatRange(durationMs, formatDuration);
	const basis = earlier > 0 ? `going by ${plural(earlier, "earlier backup")}` : "a guess at 20 to 150 MB/s: there is no earlier backup";
	return `${formatSize(databaseBytes)} on the server; expected: ${takes}, a dump of ${formatRange(dumpBytes, formatSize)} (${basis})`;
}
/** Throws `backup-too-large` when even the best that is likely is beyond a limit: better now than after hours. */
function refuseTooLarge(estimate, maxDurationMs, largestBytes) {
	const { databaseBytes, durationMs, dumpBytes } = estimate;
	if (maxDurationMs !== void 0 && durationMs.low > maxDurationMs) throw new ReleaseError("backup-too-large", `A backup of this database (${formatSize(databaseBytes)}) would take at least ${formatDuration(durationMs.low)}, and max-duration is ${formatDuration(maxDurationMs)}. ${describeEstimate(estimate)}.`, { hint: `Nothing was dumped. Dump a standby, or leave it to a daily job (class: daily) and set backup-when: major; or raise max-duration.` });
	if (largestBytes === void 0 || dumpBytes.low <= largestBytes) return;
	throw new ReleaseError("backup-too-large", `The dump of this database (${formatSize(databaseBytes)}) would have at least ${formatSize(dumpBytes.low)}, and the store takes no object above ${formatSize(largestBytes)}.`, { hint: "Nothing was dumped. One object cannot hold it: use physical backups (pgBackRest, WAL-G, Barman) for this database." });
}
function sizeShare({ source, object }) {
	return object.sizeBytes / source.sizeBytes;
}
function msPerByte({ source, startedAt, finishedAt }) {
	return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / source.sizeBytes;
}
function scaled(databaseBytes, shares) {
	return times(databaseBytes, {
		low: Math.min(...shares) * spread.low,
		high: Math.max(...shares) * spread.high
	});
}
function times(databaseBytes, { low, high }) {
	return {
		low: databaseBytes * low,
		high: databaseBytes * high
	};
}
function formatRange({ low, high }, format) {
	const [from, to] = [format(Math.round(low)), format(Math.round(high))];
	return from === to ? from : `${from} to ${to}`;
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
	const stored = work.store.put(work.key, gated, signal, { expectedBytes: work.expectedBytes });
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
// src/commands/dump-into.ts
const dumpInputNames = [
	"class",
	"lock-wait-timeout",
	"fingerprint",
	"fingerprint-time",
	"include-roles",
	"max-standby-lag",
	"max-duration"
];
/** The snapshot, which keeps the server from cleaning up, is held for the dump alone, not for reading it back. */
async function dumpInto({ store, earlier }, openSource, inputs, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const source = _usingCtx$1.a(await openSource());
		const { facts, snapshot, runnerAt } = source;
		const { checks, expectedBytes } = lookAhead(source, {
			store,
			earlier
		}, inputs, context);
		const key = keyOf(source, inputs.class, context);
		await refuseTaken(store, key);
		context.log.info(`dumping ${facts.database}, snapshot ${formatMoment(snapshot.at)}`);
		let sizeBytes = 0;
		const onBytes = (count) => {
			sizeBytes = count;
		};
		const { signal } = context;
		const fingerprint = fingerprintPolicy(inputs);
		const dump = await withHeartbeat(context, () => `dumping: ${formatSize(sizeBytes)} so far`, () => writeDump({
			source,
			store,
			key,
			lockWaitTimeoutMs: inputs["lock-wait-timeout"],
			fingerprint,
			expectedBytes,
			signal,
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
			roles: inputs["include-roles"] ? await source.readRoles(signal) : { notKept: "include-roles is false" },
			checks
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Says what is to be expected, and refuses what cannot come to a good end, before the dump starts. */
function lookAhead({ facts, warnings }, { store, earlier }, inputs, { log }) {
	for (const warning of warnings) log.warn(warning);
	const checks = standbyChecks(facts, inputs["max-standby-lag"]);
	const estimate = estimateBackup(facts.sizeBytes, earlier);
	log.info(describeEstimate(estimate));
	refuseTooLarge(estimate, inputs["max-duration"], store.largestBytes);
	return {
		checks,
		expectedBytes: Math.min(estimate.dumpBytes.high, store.largestBytes ?? Number.MAX_SAFE_INTEGER)
	};
}
function fingerprintPolicy(inputs) {
	return {
		mode: inputs.fingerprint,
		limitMs: inputs["fingerprint-time"]
	};
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
function sayWarnings(lines, { log }) {
	if (lines.length === 0) return;
	log.warn("pg_dump ended with 0, and said:");
	for (const line of lines) log.foreign(line);
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
export { lookAhead as a, keyOf as i, dumpInto as n, writeDump as o, fingerprintPolicy as r, dumpInputNames as t };
