import { fn as closedState, mn as stampChanged } from "./migrations.js";
import { At as literal, Bt as prettifyError, Ct as datetime, Et as boolean, Ft as string, Lt as union, Mt as number, Nt as object, Ot as discriminatedUnion, Tt as array, _t as lineageOf, fn as messageOf, un as ReleaseError, wt as _enum } from "./start.js";
import { n as schemaNoteShape } from "./schema-note.js";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
// src/adapters/storage/history-entry.ts
/** One more than what an older Shiplock reads; events that are new do not count, they are passed over. */
const schemaVersion = 1;
const phase = _enum(["pre", "post"]);
const moment = datetime().transform((text) => new Date(text));
const identity = {
	environment: string(),
	systemIdentifier: string().optional(),
	databaseOid: string(),
	address: string()
};
const takenBack = object({
	migration: string(),
	lost: array(object({
		what: string(),
		count: string().optional(),
		unit: _enum(["rows", "values"])
	})).readonly(),
	savedIn: object({
		kind: _enum(["copy", "backup"]),
		key: string(),
		command: string()
	}).optional()
});
const rollback = object({
	from: string().optional().catch(void 0),
	to: string().catch(""),
	toCommit: string().catch(""),
	shape: _enum(["code-only", "down-one"]).catch("code-only"),
	by: _enum(["rules", "queries"]).catch("rules"),
	reason: string().catch(""),
	who: string().catch(""),
	takenBack: takenBack.optional().catch(void 0)
});
const byHand = object({
	action: _enum([
		"mark-applied",
		"mark-reverted",
		"clear-dirty"
	]),
	reason: string(),
	who: string(),
	wasApplied: boolean()
});
const attempted = {
	phase,
	version: string(),
	name: string(),
	checksum: string(),
	byHand: byHand.optional()
};
const event = discriminatedUnion("event", [
	object({
		event: literal("migration"),
		...attempted
	}),
	object({
		event: literal("command"),
		phase: phase.or(literal("all")),
		program: string(),
		application: string()
	}),
	object({
		event: literal("ended"),
		attempt: string(),
		state: _enum([
			"running",
			"applied",
			"failed",
			"applied-unreported",
			"not-applied",
			"unknown"
		]),
		durationMs: number().optional(),
		error: string().optional()
	}),
	object({
		event: literal("reversal"),
		...attempted,
		rollback: rollback.optional()
	}),
	object({
		event: literal("reversal-ended"),
		attempt: string(),
		state: _enum([
			"running",
			"reverted",
			"failed",
			"not-reverted"
		]),
		durationMs: number().optional(),
		error: string().optional()
	}),
	object({
		event: literal("step"),
		version: string(),
		index: number().int(),
		hash: string(),
		state: _enum([
			"started",
			"failed",
			"finished"
		])
	}),
	object({
		event: literal("deployed"),
		migrations: array(object({
			version: string(),
			phase,
			checksum: string(),
			name: string().optional()
		}))
	}),
	object({
		event: literal("older-allowed"),
		reason: string(),
		than: string()
	}),
	object({
		event: literal("adopted"),
		reason: string(),
		kind: _enum(["moved", "copy"]),
		from: object({
			id: string(),
			...identity
		}),
		to: object(identity)
	}),
	object({
		event: literal("backup"),
		phase: phase.or(literal("all")),
		id: string().exactOptional(),
		level: _enum([
			"landed",
			"read-back",
			"attested"
		]),
		snapshotAt: string().exactOptional(),
		evidence: string().exactOptional(),
		heads: array(object({
			table: string(),
			head: string(),
			empty: boolean()
		}))
	}),
	object({
		event: literal("waived"),
		what: literal("drill"),
		phase: phase.or(literal("all")),
		reason: string(),
		by: string()
	}),
	rollback.extend({ event: literal("rollback") }),
	object({
		event: literal("canary"),
		verdict: _enum([
			"promote",
			"abort",
			"hold"
		]).catch("hold"),
		reason: string().catch(""),
		accepted: boolean().catch(false)
	})
]);
const known = event.options.map((option) => option.shape.event.value);
const unknownEvent = object({ event: string().refine((name) => !known.includes(name)) }).transform(() => void 0);
const entry = object({
	schema: string(),
	stamp: string(),
	release: string(),
	commit: string().optional(),
	run: object({
		id: string(),
		attempt: string(),
		host: string()
	}),
	at: moment,
	events: array(union([event, unknownEvent])).transform((events) => events.map((one, index) => ({
		one,
		index
	})).filter((pair) => pair.one !== void 0))
});
const stamp = object({
	schema: string(),
	id: string(),
	...identity,
	stampedAt: moment
});
function writeEntry(given) {
	return print("history", given);
}
/** Throws `history-damaged`, or `state-newer`. */
function readEntry(text, key) {
	return read(text, key, "history", entry);
}
function writeStamp(given) {
	return print("stamp", given);
}
function readStamp(text, key) {
	return read(text, key, "stamp", stamp);
}
function print(kind, given) {
	return `${JSON.stringify({
		schema: `shiplock/${kind}@${schemaVersion}`,
		...given
	}, void 0, 2)}\n`;
}
function read(text, key, kind, shape) {
	let parsed;
	try {
		parsed = JSON.parse(text);
	} catch (cause) {
		throw damaged(`${key} is not JSON: ${messageOf(cause)}`, cause);
	}
	const schema = object({ schema: string() }).safeParse(parsed).data?.schema;
	const version = new RegExp(`^shiplock/${kind}@(\\d+)$`).exec(schema ?? "")?.[1];
	if (version === void 0) throw damaged(`${key} is no object of Shiplock's`);
	if (Number(version) > schemaVersion) throw new ReleaseError("state-newer", `${key} was written by a newer Shiplock.`, { hint: "Use the version of Shiplock that the other stages use, or a newer one." });
	const result = shape.safeParse(parsed);
	if (!result.success) throw damaged(`${key} does not hold what it should: ${prettifyError(result.error)}`, result.error);
	return result.data;
}
/** What cannot be read cannot be gone by: nothing is decided from half a history. */
function damaged(problem, cause) {
	return new ReleaseError("history-damaged", `The stored history is not whole: ${problem}.`, {
		hint: "Put the object back as it was, from a version or a copy of the store. No rule of the store may expire or change what lies below history/.",
		cause
	});
}
// src/adapters/storage/history-log.ts
/** How many entries are read at once. */
const batchSize = 8;
/** Entries of one environment in the store: numbered from 1 without a gap, added and never changed. */
var HistoryLog = class {
	#store;
	#folder;
	#entries = [];
	#isRead = false;
	constructor(store, folder) {
		this.#store = store;
		this.#folder = folder;
	}
	/** Reads what has been added since the last time. Throws `history-damaged`. */
	async read() {
		const settled = /* @__PURE__ */ new Map();
		const numbers = [];
		for (const { key } of await this.#store.list(this.#folder)) {
			const [, digits, ending] = /^(\d{12})\.(json|finished|failed)$/.exec(key.slice(this.#folder.length)) ?? [];
			if (ending === "json") numbers.push(Number(digits));
			else if (ending !== void 0) settled.set(Number(digits), ending);
		}
		const gap = numbers.findIndex((number, index) => number !== index + 1);
		if (gap >= 0 || numbers.length < this.#entries.length) throw damaged(`${this.#keyOf(gap < 0 ? numbers.length + 1 : gap + 1)} is missing`);
		const entries = [...this.#entries];
		while (entries.length < numbers.length) {
			const next = numbers.slice(entries.length, entries.length + batchSize);
			entries.push(...await Promise.all(next.map((number) => this.#readOne(number))));
		}
		this.#entries = entries;
		this.#isRead = true;
		return entries.map((entry, index) => ({
			...entry,
			number: index + 1,
			settled: settled.get(index + 1)
		}));
	}
	/** Adds an entry after those that were read; its number. Throws `run-in-progress` when somebody else has added one. */
	async append(given) {
		if (!this.#isRead) await this.read();
		const number = this.#entries.length + 1;
		const at = new Date(Math.max(given.at.getTime(), this.#entries.at(-1)?.at.getTime() ?? 0));
		const written = writeEntry({
			...given,
			at
		});
		const key = this.#keyOf(number);
		try {
			await this.#store.put(key, Readable.from([written]), AbortSignal.any([]));
		} catch (cause) {
			if (!(cause instanceof ReleaseError) || cause.code !== "backup-exists") throw cause;
			throw new ReleaseError("run-in-progress", `Another run has added to the stored history: ${key} exists already.`, {
				hint: "Run the same command again: the version table says what was applied. If no other run works on this database, two databases share one place in the store.",
				cause
			});
		}
		this.#entries = [...this.#entries, readEntry(written, key)];
		return number;
	}
	/** The object with which a person settles the step that an entry began. */
	settlementKey(number, settlement) {
		return this.#keyOf(number).replace(/json$/, settlement);
	}
	async #readOne(number) {
		const key = this.#keyOf(number);
		return readEntry(await text(await this.#store.get(key)), key);
	}
	#keyOf(number) {
		return `${this.#folder}${String(number).padStart(12, "0")}.json`;
	}
};
// src/adapters/storage/replay.ts
function replay(entries) {
	const ends = new Map(entries.flatMap(({ events }) => events.flatMap(({ one }) => isEnd(one) ? [[one.attempt, one]] : [])));
	const rows = [];
	const timed = [];
	const begun = /* @__PURE__ */ new Map();
	const steps = /* @__PURE__ */ new Map();
	const adoptedFrom = [];
	for (const entry of entries) for (const { one, index } of entry.events) {
		const id = attemptId(entry.number, index);
		const row = rowOf(one, entry, ends.get(id));
		if (row !== void 0) rows.push({
			stamp: entry.stamp,
			row
		});
		if (one.event === "migration" || one.event === "reversal" || one.event === "command") begun.set(id, {
			one,
			entry
		});
		if (one.event === "adopted") adoptedFrom.push(one.from.environment);
		if (one.event === "step") {
			const ofVersion = steps.get(one.version) ?? /* @__PURE__ */ new Map();
			steps.set(one.version, ofVersion.set(one.index, stepOf(one, entry)));
		}
		const attempt = isEnd(one) ? begun.get(one.attempt) : void 0;
		if (!isEnd(one) || attempt === void 0 || attempt.one.event === "command") continue;
		if (isDone(one)) forget(steps, attempt.one.version);
		if (attempt.one.event !== "migration") continue;
		const { durationMs } = one;
		if (one.state === "applied" && durationMs !== void 0) timed.push({
			checksum: attempt.one.checksum,
			durationMs,
			release: attempt.entry.release,
			at: entry.at
		});
	}
	const open = [...begun].filter(([id]) => (ends.get(id)?.state ?? "running") === "running");
	return {
		rows,
		timed,
		open: new Map(open.flatMap(([id, { one }]) => one.event === "command" ? [] : [[id, {
			version: one.version,
			isReversal: one.event === "reversal"
		}]])),
		openCommands: open.flatMap(([id, { one, entry }]) => one.event === "command" ? [openCommand(id, one, entry)] : []),
		steps,
		adoptedFrom
	};
}
/** A repeatable may have been begun with another text. */
function forget(steps, done) {
	for (const version of [...steps.keys()]) if (lineageOf(version) === lineageOf(done)) steps.delete(version);
}
/** An attempt is known by where it was written. */
function attemptId(entry, index) {
	return `${entry}.${index}`;
}
function rowOf(one, { release, commit, at }, end) {
	const common = {
		release,
		commit,
		at
	};
	const state = end?.event === "ended" ? end.state : "running";
	switch (one.event) {
		case "migration": return {
			event: "migration",
			...common,
			...attemptOf(one),
			state
		};
		case "reversal": return {
			event: "reversal",
			...common,
			...attemptOf(one),
			state: reversalState(end)
		};
		case "command": return {
			event: "command",
			...common,
			phase: one.phase,
			state
		};
		case "deployed": return {
			event: "deployed",
			...common,
			migrations: one.migrations
		};
		case "canary": return {
			event: "canary",
			...common,
			verdict: one.verdict,
			reason: one.reason,
			accepted: one.accepted
		};
		case "backup": return {
			event: "backup",
			...common,
			phase: one.phase,
			heads: one.heads
		};
		case "waived": return {
			event: "waived",
			...common,
			what: one.what,
			phase: one.phase,
			reason: one.reason,
			by: one.by
		};
		case "rollback": return {
			event: "rollback",
			...common
		};
		default: return;
	}
}
function attemptOf({ phase, version, name, checksum, byHand }) {
	return {
		phase,
		version,
		name,
		checksum,
		...byHand === void 0 ? {} : { byHand }
	};
}
function openCommand(id, { phase, application }, { release, at }) {
	return {
		id,
		phase,
		release,
		startedAt: at,
		applicationName: application
	};
}
function stepOf({ index, hash, state }, { number, settled }) {
	return {
		index,
		hash,
		state: state === "started" ? settled ?? state : state,
		entry: number
	};
}
function isEnd(one) {
	return one.event === "ended" || one.event === "reversal-ended";
}
function reversalState(end) {
	const state = end?.state ?? "running";
	return state === "running" || state === "reverted" || state === "failed" ? state : "not-reverted";
}
/** Whether the migration is recorded as applied, or taken back: what was noted of its statements is over. */
function isDone({ state }) {
	return state === "applied" || state === "applied-unreported" || state === "reverted";
}
// src/adapters/storage/stored-books.ts
/** The books as entries of the stored history. No step can share a transaction with its record. */
var StoredBooks = class {
	#history;
	#ends = [];
	#steps = /* @__PURE__ */ new Map();
	constructor(history) {
		this.#history = history;
	}
	async begin(migrations) {
		const ended = this.#ends.length;
		const begun = migrations.map(({ phase, version, id, checksum }) => ({
			event: "migration",
			phase,
			version,
			name: id,
			checksum
		}));
		const number = await this.#write(begun);
		return migrations.map((_, index) => attemptId(number, ended + index));
	}
	async beginReversal({ phase, version, id, checksum }, rollback) {
		const ended = this.#ends.length;
		return attemptId(await this.#write([{
			event: "reversal",
			phase,
			version,
			name: id,
			checksum,
			rollback
		}]), ended);
	}
	async beginMark({ phase, version, id, checksum }, as, byHand) {
		const ended = this.#ends.length;
		const event = as === "applied" ? "migration" : "reversal";
		return attemptId(await this.#write([{
			event,
			phase,
			version,
			name: id,
			checksum,
			byHand
		}]), ended);
	}
	end(end) {
		this.#ends.push(end);
	}
	async flush() {
		if (this.#ends.length > 0) await this.#write([]);
	}
	async steps() {
		this.#steps = (await this.#history.replayed()).steps;
		return new Map([...this.#steps].map(([version, steps]) => [version, inOrder(steps)]));
	}
	recordStep() {}
	forgetSteps() {}
	async saveStep({ version }, step) {
		await this.#write([{
			event: "step",
			version,
			...step
		}]);
	}
	settling({ version }, index) {
		const entry = this.#steps.get(version)?.get(index)?.entry ?? 0;
		return {
			tookEffect: `put an empty object ${this.#history.settlementOf(entry, "finished")}.`,
			didNot: `put an empty object ${this.#history.settlementOf(entry, "failed")}.`
		};
	}
	/** What `end` noted goes into the same entry. */
	async #write(events) {
		const ends = this.#ends;
		const number = await this.#history.append([...ends.map(endedEvent), ...events]);
		this.#ends = this.#ends.slice(ends.length);
		return number;
	}
};
/** An older Shiplock knows no end of a reversal, and passes over an event that it does not know. */
function endedEvent({ id, state, durationMs, error }) {
	const facts = {
		attempt: id,
		...durationMs === void 0 ? {} : { durationMs: Math.round(durationMs) },
		...error === void 0 ? {} : { error }
	};
	if (state === "reverted" || state === "not-reverted") return {
		event: "reversal-ended",
		...facts,
		state
	};
	return {
		event: "ended",
		...facts,
		state
	};
}
function inOrder(steps) {
	return [...steps.values()].map(({ index, hash, state }) => ({
		index,
		hash,
		state
	})).sort((a, b) => a.index - b.index);
}
// src/adapters/storage/stored-command-books.ts
/** Runs of the team's command as entries of the stored history. */
var StoredCommandBooks = class {
	#history;
	constructor(history) {
		this.#history = history;
	}
	async open() {
		return (await this.#history.replayed()).openCommands;
	}
	async begin(phase, program, application) {
		return attemptId(await this.#history.append([{
			event: "command",
			phase,
			program,
			application
		}]), 0);
	}
	async end(id, state, { durationMs, error }) {
		await this.#history.append([{
			event: "ended",
			attempt: id,
			state,
			...durationMs === void 0 ? {} : { durationMs: Math.round(durationMs) },
			...error === void 0 ? {} : { error }
		}]);
	}
};
// src/adapters/storage/stored-schemas.ts
const stored = object({
	stamp: string(),
	project: string(),
	release: string(),
	at: datetime(),
	note: schemaNoteShape
});
/** Notes of the schema, numbered from 1: beside the entries of the history, which are read again by every run. */
var StoredSchemas = class {
	#store;
	#folder;
	constructor(store, folder) {
		this.#store = store;
		this.#folder = folder;
	}
	async put(one) {
		const number = Number(/(\d{12})\.json$/.exec(await this.#last() ?? "")?.[1] ?? 0) + 1;
		const key = `${this.#folder}${String(number).padStart(12, "0")}.json`;
		await this.#store.put(key, Readable.from([`${JSON.stringify(one)}\n`]), AbortSignal.any([]));
	}
	/** The last, if it is of the database with this stamp; one that cannot be read says nothing. */
	async newest(stamp) {
		const key = await this.#last();
		if (key === void 0) return void 0;
		const one = stored.safeParse(parse(await text(await this.#store.get(key)))).data;
		if (one?.stamp !== stamp) return void 0;
		return {
			note: one.note,
			project: one.project,
			release: one.release,
			at: new Date(one.at)
		};
	}
	async #last() {
		return (await this.#store.list(this.#folder)).map(({ key }) => key).filter((key) => /\/\d{12}\.json$/.test(key)).sort().at(-1);
	}
};
function parse(given) {
	try {
		return JSON.parse(given);
	} catch {
		return;
	}
}
// src/adapters/storage/stored-stamps.ts
/** Stamps in a store: numbered for each environment of a project, and of each the newest counts. */
var StoredStamps = class {
	#store;
	#read = /* @__PURE__ */ new Map();
	constructor(store) {
		this.#store = store;
	}
	/** The one that counts in each environment of one project, or of all. */
	async newest(project) {
		const newest = /* @__PURE__ */ new Map();
		for (const { key } of await this.#store.list(project === void 0 ? "" : `${project}/history/`)) {
			const [, owner, environment, digits] = /^([^/]+)\/history\/([^/]+)\/stamp-(\d{6})\.json$/.exec(key) ?? [];
			if (owner === void 0 || environment === void 0) continue;
			newest.set(`${owner}/${environment}`, {
				key,
				project: owner,
				environment,
				number: Number(digits)
			});
		}
		return Promise.all([...newest.values()].map(async ({ key, ...place }) => ({
			...place,
			...await this.#readOne(key)
		})));
	}
	/** False when somebody else has put one there. */
	async put({ project, environment, number, stamp, stampedAt }) {
		const key = `${project}/history/${environment}/stamp-${String(number).padStart(6, "0")}.json`;
		try {
			await this.#store.put(key, Readable.from([writeStamp({
				...stamp,
				stampedAt
			})]), AbortSignal.any([]));
			return true;
		} catch (error) {
			if (error instanceof ReleaseError && error.code === "backup-exists") return false;
			throw error;
		}
	}
	async #readOne(key) {
		const known = this.#read.get(key);
		if (known !== void 0) return known;
		const { stampedAt, id, environment, systemIdentifier, databaseOid, address } = readStamp(await text(await this.#store.get(key)), key);
		const one = {
			stampedAt,
			stamp: {
				id,
				environment,
				systemIdentifier,
				databaseOid,
				address
			}
		};
		this.#read.set(key, one);
		return one;
	}
};
function isStampOf({ systemIdentifier, databaseOid, address }, here) {
	return (systemIdentifier === void 0 || here.systemIdentifier === void 0 || systemIdentifier === here.systemIdentifier) && databaseOid === here.databaseOid && address === here.address;
}
// src/adapters/storage/stored-state.ts
/**
* The state as objects of the store, below `<project>/history/<environment>/`: the entries of a log, and stamps. Objects
* are added and never changed; the database's lock keeps two runs apart.
*/
var StoredState = class {
	home = "store";
	place;
	#store;
	#scope;
	#identity;
	#now;
	#log;
	#stamps;
	#schemas;
	#stampId;
	constructor(store, scope, identity, now) {
		this.#store = store;
		this.#scope = scope;
		this.#identity = identity;
		this.#now = now;
		this.#log = this.#logOf(scope.environment);
		this.#stamps = new StoredStamps(store);
		this.#schemas = new StoredSchemas(store, `${scope.project}/history/${scope.environment}/schema/`);
		this.place = `the store ${store.description}, below ${scope.project}/history/${scope.environment}/`;
	}
	/** The last that was made for this very database, whatever its environment; else that of the environment. */
	async stamp() {
		const stamps = await this.#stamps.newest(this.#scope.project);
		return (stamps.filter(({ stamp }) => isStampOf(stamp, this.#identity)).sort(byAge).at(-1) ?? this.#own(stamps))?.stamp;
	}
	async projects() {
		const stamps = await this.#stamps.newest();
		return [...new Set(stamps.filter(({ stamp }) => isStampOf(stamp, this.#identity)).map(({ project }) => project))].sort();
	}
	async history() {
		const current = await this.stamp();
		const { rows, adoptedFrom } = await this.replayed();
		const counts = ({ stamp }) => stamp === current?.id && current.environment === this.#scope.environment;
		const others = [...new Set(adoptedFrom)].filter((environment) => environment !== this.#scope.environment);
		const former = [];
		for (const environment of others) former.push(...replay(await this.#logOf(environment).read()).rows.map(({ row }) => row));
		former.push(...rows.filter((one) => !counts(one)).map(({ row }) => row));
		return {
			rows: rows.filter(counts).map(({ row }) => row),
			former
		};
	}
	async finishedSteps() {
		const { steps } = await this.replayed();
		const counts = [...steps].map(([version, all]) => [version, [...all.values()].filter(({ state }) => state === "finished").length]);
		return new Map(counts.filter(([, done]) => done > 0));
	}
	async durations(checksums) {
		const { environment } = this.#scope;
		const { timed } = await this.replayed();
		return timed.filter(({ checksum }) => checksums.includes(checksum)).map((one) => ({
			...one,
			environment
		}));
	}
	/** A folder of a store is made by its first object. */
	async create() {}
	async makeStamp() {
		const existing = await this.stamp();
		if (existing !== void 0) return existing;
		const { project, environment } = this.#scope;
		const stamp = {
			id: randomUUID(),
			environment,
			...this.#identity
		};
		await this.#stamps.put({
			project,
			environment,
			number: 1,
			stamp,
			stampedAt: this.#now()
		});
		return await this.stamp();
	}
	async adopt({ kind, from, to }, reason) {
		const { project, environment } = this.#scope;
		const stamps = await this.#stamps.newest(project);
		if ((await this.stamp())?.id !== from.id) throw stampChanged();
		const stamp = {
			id: kind === "copy" ? randomUUID() : from.id,
			...to
		};
		const newest = Math.max(this.#now().getTime(), ...stamps.map(({ stampedAt }) => stampedAt.getTime() + 1));
		this.#stampId = stamp.id;
		await this.append([{
			event: "adopted",
			reason,
			kind,
			from,
			to
		}]);
		const number = (this.#own(stamps)?.number ?? 0) + 1;
		if (!await this.#stamps.put({
			project,
			environment,
			number,
			stamp,
			stampedAt: new Date(newest)
		})) throw stampChanged();
	}
	async closeOpenAttempts(applied) {
		const { open } = await this.replayed();
		if (open.size === 0) return [];
		const versions = await applied();
		const closed = [...open].map(([attempt, { version, isReversal }]) => {
			return {
				attempt,
				version,
				state: closedState(isReversal, versions.has(version))
			};
		});
		await this.append(closed.map(({ attempt, state }) => endedEvent({
			id: attempt,
			state
		})));
		return closed.map(({ version, state }) => ({
			version,
			state
		}));
	}
	async recordDeployed(migrations) {
		await this.append([{
			event: "deployed",
			migrations: [...migrations]
		}]);
	}
	async recordCanary(canary) {
		await this.append([{
			event: "canary",
			...canary
		}]);
	}
	async recordRollback(rollback) {
		await this.append([{
			event: "rollback",
			...rollback
		}]);
	}
	async recordOlderAllowed(older) {
		await this.append([{
			event: "older-allowed",
			...older
		}]);
	}
	async recordBackup(relied) {
		await this.append([{
			event: "backup",
			...relied,
			heads: [...relied.heads]
		}]);
	}
	async recordWaiver(waiver) {
		await this.append([{
			event: "waived",
			...waiver
		}]);
	}
	async recordSchema(note) {
		const { project, release } = this.#scope;
		await this.#schemas.put({
			stamp: (await this.stamp())?.id ?? "",
			project,
			release,
			at: this.#now().toISOString(),
			note
		});
	}
	async lastSchema() {
		const stamp = await this.stamp();
		return stamp === void 0 ? void 0 : this.#schemas.newest(stamp.id);
	}
	books() {
		return new StoredBooks(this);
	}
	commandBooks() {
		return new StoredCommandBooks(this);
	}
	async replayed() {
		return replay(await this.#log.read());
	}
	async append(events) {
		const { release, run } = this.#scope;
		this.#stampId ??= (await this.stamp())?.id;
		if (this.#stampId === void 0) throw new Error("an entry of a history without a stamp");
		return this.#log.append({
			stamp: this.#stampId,
			release,
			...run.commit === void 0 ? {} : { commit: run.commit },
			run: {
				id: run.id,
				attempt: run.attempt,
				host: run.host
			},
			at: this.#now(),
			events
		});
	}
	settlementOf(entry, settlement) {
		return `${this.#log.settlementKey(entry, settlement)} into the store ${this.#store.description}`;
	}
	#logOf(environment) {
		return new HistoryLog(this.#store, `${this.#scope.project}/history/${environment}/`);
	}
	#own(stamps) {
		return stamps.find(({ environment }) => environment === this.#scope.environment);
	}
};
function byAge(a, b) {
	return a.stampedAt.getTime() - b.stampedAt.getTime();
}
export { StoredState as t };
