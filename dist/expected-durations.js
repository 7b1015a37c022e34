import { At as literal, Ct as datetime, Et as boolean, Ft as string, Jt as plural, Lt as union, Mt as number, Nt as object, Pt as record$1, Rt as unknown, Tt as array, fn as messageOf, gt as isRepeatable, kt as int, un as ReleaseError, wt as _enum } from "./start.js";
import { ht as planDigest } from "./migrations.js";
import { text } from "node:stream/consumers";
// src/gate/kept-contract.ts
const keptSchema = object({
	schema: int(),
	environment: string(),
	phase: string(),
	layout: string(),
	folders: array(string()),
	tables: array(object({
		table: string(),
		head: string()
	})),
	stamp: string().nullable(),
	migrations: array(object({
		id: string(),
		version: string(),
		phase: _enum(["pre", "post"]),
		checksum: string(),
		transactional: boolean()
	})),
	command: array(string()).optional(),
	policy: record$1(string(), union([
		string(),
		number(),
		boolean()
	]))
});
/** What goes into the result, so that a difference can be named later. */
function keepContract({ migrations, folders, tables, command, ...rest }) {
	return {
		schema: 1,
		...rest,
		folders: [...folders],
		tables: tables.map(({ table, head }) => ({
			table,
			head
		})),
		migrations: migrations.map(({ id, version, phase, checksum, transactional }) => ({
			id,
			version,
			phase,
			checksum,
			transactional
		})),
		...command === void 0 ? {} : { command: [...command] }
	};
}
const plan = object({
	command: literal("plan"),
	contracts: record$1(string(), unknown())
});
const result = object({ commands: array(unknown()) });
/**
* The contract with this digest in a plan's result, or in a record of one. A text that was changed on its way has another
* digest, and does not count.
*/
function contractIn(text, digest) {
	const parsed = parse(text);
	const entries = result.safeParse(parsed).data?.commands ?? [parsed];
	for (const entry of entries) for (const contract of Object.values(plan.safeParse(entry).data?.contracts ?? {})) {
		const kept = keptSchema.safeParse(contract).data;
		if (kept?.schema === 1 && planDigest(kept) === digest) return kept;
	}
}
function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// src/gate/uncovered.ts
/**
* What an approval does not cover although it decides what runs: values that files take from the environment. They may be
* passwords, whose digest would tell too much. What makes a repeatable one run is its text with them, which the digest covers.
*/
function uncoveredNotes(pending) {
	const taking = pending.filter((one) => one.takesVariables && !isRepeatable(one)).map(({ id }) => id);
	if (taking.length === 0) return [];
	return [`${taking.join(", ")} ${taking.length === 1 ? "takes" : "take"} values from the environment; the digest does not cover them.`];
}
/** Nobody here knows what they lock, and no rule has seen them. */
function notReadNotes(pending) {
	const unread = pending.filter(({ notSql }) => notSql !== void 0);
	if (unread.length === 0) return [];
	return [`${unread.length === 1 ? `${unread[0]?.id} is written` : `${unread.length} migrations are written`} in ${unread[0]?.notSql}: what is locked, what is lost and what lint would say is not known. The digest covers the files and the command.`];
}
// src/backup/recorded-durations.ts
/** Older records say little of the data of today, and a store may hold the results of years. */
const mostRecords = 200;
/** How many are read at once. */
const batchSize = 8;
const largestBytes = 4194304;
const record = object({
	command: literal("migrate"),
	environment: string(),
	release: string().optional(),
	finishedAt: datetime(),
	/** Absent when the run was refused before it applied anything. */
	applied: array(object({
		checksum: string().optional(),
		durationMs: number().nonnegative()
	})).default([])
});
/**
* Looks for these checksums in the results that `migrate` kept in the store, of all environments, the newest first,
* until each was found or the signal fires. Throws what the store throws when it cannot be listed.
*/
async function recordedDurations(store, project, checksums, signal) {
	const observed = [];
	const missing = new Set(checksums);
	let unreadable = 0;
	try {
		const records = newestRecords(await orAborted(store.list(`${project}/records/`), signal));
		for (let start = 0; start < records.length && missing.size > 0; start += batchSize) {
			const batch = await orAborted(Promise.all(records.slice(start, start + batchSize).map((one) => readRecord(store, one))), signal);
			for (const found of batch) {
				if (found === void 0) unreadable++;
				for (const one of found ?? []) if (checksums.has(one.checksum)) observed.push(one);
			}
			for (const { checksum } of observed) missing.delete(checksum);
		}
	} catch (error) {
		if (!signal.aborted) throw error;
		return {
			observed,
			problem: `${store.description} did not answer in time`
		};
	}
	return {
		observed,
		problem: unreadable === 0 ? void 0 : `${store.description} holds ${plural(unreadable, "record")} that cannot be read`
	};
}
/** Keys begin with the commit, so that only their stamps tell their age. */
function newestRecords(objects) {
	return objects.flatMap((object) => {
		const stamp = /\/(\d{8}T\d{6}Z)-migrate-[^/]*\.json$/.exec(object.key)?.[1];
		return stamp === void 0 ? [] : [{
			object,
			stamp
		}];
	}).sort((a, b) => a.stamp < b.stamp ? 1 : a.stamp > b.stamp ? -1 : 0).slice(0, mostRecords).map(({ object }) => object);
}
/** `undefined` for one that cannot be read; empty for one that was deleted since it was listed. */
async function readRecord(store, { key, sizeBytes }) {
	if (sizeBytes > largestBytes) return void 0;
	try {
		const { environment, release, finishedAt, applied } = record.parse(JSON.parse(await text(await store.get(key))));
		const at = new Date(finishedAt);
		return applied.flatMap(({ checksum, durationMs }) => checksum === void 0 ? [] : [{
			checksum,
			durationMs,
			environment,
			release,
			at
		}]);
	} catch (error) {
		return error instanceof ReleaseError && error.code === "backup-not-found" ? [] : void 0;
	}
}
/** A store has no way to be told to stop; what it still answers afterwards is not awaited. */
async function orAborted(work, signal) {
	const stop = new AbortController();
	const aborted = new Promise((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		signal.addEventListener("abort", () => reject(signal.reason), {
			once: true,
			signal: stop.signal
		});
	});
	work.catch(() => {});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		stop.abort();
	}
}
// src/migration/durations.ts
/** The newest of each checksum, whatever the environment: it ran on the data that is most like today's. */
function newestDurations(observed) {
	const newest = /* @__PURE__ */ new Map();
	for (const one of observed) {
		const known = newest.get(one.checksum);
		if (known === void 0 || one.at > known.at) newest.set(one.checksum, one);
	}
	return newest;
}
// src/commands/expected-durations.ts
/** A plan is wanted now; what a slow store knows is not worth more. */
const longestMs = 2e4;
/** Looks into the history of the database and the records of the store. Whatever is wrong with the store is a warning. */
async function expectedDurations(pending, database, storeUrl, context) {
	if (pending.length === 0) return {
		byChecksum: /* @__PURE__ */ new Map(),
		problem: void 0
	};
	const checksums = new Set(pending.map(({ checksum }) => checksum));
	const here = await database.state.durations([...checksums]);
	const { observed, problem } = storeUrl === void 0 ? nothing : await fromStore(storeUrl, checksums, context);
	if (problem !== void 0) context.log.warn(`how long migrations took elsewhere is not fully known: ${problem}`);
	return {
		byChecksum: newestDurations([...here, ...observed]),
		problem
	};
}
const nothing = {
	observed: [],
	problem: void 0
};
async function fromStore(url, checksums, { clock, signal, project, openStore }) {
	const late = new AbortController();
	const ended = new AbortController();
	clock.sleep(longestMs, ended.signal).then(() => late.abort());
	try {
		return await recordedDurations(await openStore(url), project, checksums, AbortSignal.any([signal, late.signal]));
	} catch (error) {
		return {
			observed: [],
			problem: messageOf(error).replace(/\.$/, "")
		};
	} finally {
		ended.abort();
	}
}
export { keepContract as a, contractIn as i, notReadNotes as n, uncoveredNotes as r, expectedDurations as t };
