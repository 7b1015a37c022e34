import { t as version } from "./version.js";
import { At as schemaName, Bt as dumpKey, Et as isUsable, Ft as writeRoles, Gt as manifestKeyOf, Ht as isDumpKey, It as countKinds, Jt as stampIn, Kt as mayBeOfDatabase, Lt as backupId, Ot as previousBackups, Pt as writeContents, Rt as backupsPrefix, St as missingDump, Ut as isManifestKey, Vt as dumpKeyOf, Wt as keyLabel, Yt as stemIn, _ as recordKeyIn, _t as databaseInputs, bt as otherDatabase, c as readState, g as readRecord, i as migrationInputNames, jt as writeManifest, kt as backupsNewestFirst, s as readMigrations, t as checkIdentity, vt as lockInputNames, y as recordsNewestFirst, yt as lockPolicy } from "./migrations.js";
import { t as majorReason } from "./destructive2.js";
import { Gt as formatMoment, Ht as compactStamp, Jt as plural, Kt as formatSize, Ut as formatCount, Wt as formatDuration, d as verdictOf, fn as messageOf, pn as systemCode, un as ReleaseError } from "./start.js";
import { t as inspect } from "./read-back.js";
import { t as defineCommand } from "./command.js";
import { a as lookAhead, i as keyOf$1, n as dumpInto, r as fingerprintPolicy, t as dumpInputNames } from "./dump-into.js";
import { n as withHeartbeat, t as storePlace } from "./store-place.js";
import { t as openDatabase } from "./open-database.js";
import { r as restoreByHand, t as withinDuration } from "./within-duration.js";
import { t as _usingCtx } from "./usingCtx.js";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
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
		extensionTables: [...dump.extensionTables],
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
// src/backup/need.ts
/** A daily backup, with some hours for a run that is late. */
const defaultMaxAgeMs = 936e5;
/** Whether a release must make its backup. Whatever is not known makes it needed. */
function backupNeed(question) {
	const { when, class: name, pending } = question;
	if (when === "always") return {
		needed: true,
		reason: "backup-when is always"
	};
	if (name !== "releases") return {
		needed: true,
		reason: `backup-when is about the class releases, and this one is of ${name}`
	};
	if (pending === void 0) return {
		needed: true,
		reason: "the pending migrations could not be read"
	};
	const major = pending.filter((one) => one.major !== void 0);
	if (major.length > 0) return {
		needed: true,
		reason: major.map(({ id, major: why }) => `${id} (${why})`).join(", ")
	};
	const problem = problemOf(question);
	if (problem !== void 0) return {
		needed: true,
		reason: problem
	};
	const { id, class: other, dump } = question.other;
	return {
		needed: false,
		reason: `${whatPends(pending)}, and the backup ${id} of the class ${other} is ${formatDuration(ageOf(dump.snapshotAt, question))} old`
	};
}
/** Whether a backup, and so every older one, is beyond the greatest age. */
function isTooOld({ dump }, question) {
	return ageOf(dump.snapshotAt, question) > (question.maxAgeMs ?? defaultMaxAgeMs);
}
/** Why the other backup does not make up for one. */
function problemOf(question) {
	const { class: name, other, stamp, level, maxAgeMs = defaultMaxAgeMs } = question;
	if (other === void 0) return "there is no usable backup of another class";
	if (other.class === name) return `the backup ${other.id} is of the class ${name} itself`;
	if (stamp === void 0) return "this database carries no stamp yet, so that no backup can be told to be of it";
	if (other.source.stamp !== stamp) return `the backup ${other.id} is of another database: its stamp differs`;
	if (level === "read-back" && other.level !== "read-back") return `the backup ${other.id} was not read back`;
	const ageMs = ageOf(other.dump.snapshotAt, question);
	if (ageMs < -3e5) return `the snapshot of the backup ${other.id} lies in the future: the clocks disagree`;
	if (!isTooOld(other, question)) return void 0;
	return `the backup ${other.id} of the class ${other.class} is ${formatDuration(ageMs)} old, more than ${formatDuration(maxAgeMs)}`;
}
function ageOf(snapshotAt, { now }) {
	return now.getTime() - Date.parse(snapshotAt);
}
function whatPends(pending) {
	return pending.length === 0 ? "no migration is pending" : "no pending migration can lose data";
}
// src/backup/judge-need.ts
/**
* Whether a release must make its backup. The store is asked only when the migrations leave it open, and no manifest
* is read that is too old to matter.
*/
async function judgeNeed({ store, scope, migrations, live, ...asked }) {
	const pending = migrations === void 0 ? void 0 : await Promise.all(migrations.map(describe$2));
	const without = backupNeed({
		...asked,
		pending,
		other: void 0
	});
	if ((asked.when === "major" && asked.class === "releases" && pending?.every(({ major }) => major === void 0)) !== true) return without;
	let nearest;
	for await (const one of backupsNewestFirst(store, scope)) {
		if (!("manifest" in one)) continue;
		const { manifest } = one;
		if (manifest.class !== asked.class && isUsable(manifest)) {
			const need = backupNeed({
				...asked,
				pending,
				other: manifest
			});
			const problem = need.needed ? void 0 : otherDatabase(manifest, {
				...live,
				stampId: asked.stamp
			}) ?? await missingDump(manifest, store);
			if (!need.needed && problem === void 0) return need;
			nearest ??= problem === void 0 ? need : {
				needed: true,
				reason: `the backup ${manifest.id} does not count: ${problem}`
			};
		}
		if (isTooOld(manifest, asked)) break;
	}
	return nearest ?? without;
}
async function describe$2(migration) {
	return {
		id: migration.id,
		major: await majorReason(migration)
	};
}
// src/backup/keep-beside.ts
/** Writes the list of what the dump holds, and the roles where there are any to write. A dump without roles is a backup all the same. */
async function keepBeside({ store, key, serverMajor, catalog, roles, signal }) {
	const memberships = "sql" in roles && roles.memberships !== void 0 ? { memberships: [...roles.memberships] } : {};
	const contents = await writeContents(store, key, {
		serverMajor,
		...memberships,
		objects: [...catalog]
	}, signal);
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
// src/backup/plausible.ts
/** Whether a dump holds what one would expect of it: a database that was emptied by mistake dumps without any error. */
function checkPlausible(dump, earlier, limits) {
	return [
		checkTables(dump, limits),
		checkSize(dump, limits),
		checkShrink(dump, earlier, limits.maxShrink)
	];
}
function earlierOf({ id, tables, object, dump }) {
	return {
		id,
		tables,
		sizeBytes: object.sizeBytes,
		arguments: dump.arguments,
		snapshotAt: dump.snapshotAt
	};
}
function checkTables({ tables }, { minTables, isNew }) {
	const check = {
		id: "min-tables",
		value: tables.length,
		limit: minTables
	};
	if (tables.length >= minTables) return {
		...check,
		status: "pass"
	};
	if (isNew && minTables === 1) return {
		...check,
		status: "not-checked",
		message: "a new database, without a release or a backup before this one"
	};
	const message = `the dump holds ${plural(tables.length, "table")}, where min-tables asks for ${formatCount(minTables)}: is this the right database, and may the role see its tables?`;
	return {
		...check,
		status: "fail",
		message
	};
}
function checkSize({ sizeBytes }, { minSizeBytes }) {
	const check = {
		id: "min-size",
		value: formatSize(sizeBytes)
	};
	if (minSizeBytes === void 0) return {
		...check,
		status: "not-checked",
		message: "min-size is not set"
	};
	const limit = formatSize(minSizeBytes);
	if (sizeBytes >= minSizeBytes) return {
		...check,
		status: "pass",
		limit
	};
	return {
		...check,
		status: "fail",
		limit,
		message: `the dump has ${formatSize(sizeBytes)}, where min-size asks for ${limit}`
	};
}
function checkShrink(dump, earlier, maxShrink) {
	const common = {
		id: "shrink",
		limit: formatShare(maxShrink)
	};
	if (earlier === void 0) return {
		...common,
		status: "not-checked",
		message: "no earlier backup"
	};
	const measures = comparable(dump, earlier);
	if (measures.length === 0) return {
		...common,
		status: "not-checked",
		message: `the earlier backup ${earlier.id} has nothing to compare with`
	};
	const value = formatShare(Math.max(...measures.map(shrinkOf)));
	const shrunk = measures.filter((one) => shrinkOf(one) > maxShrink);
	if (shrunk.length === 0) return {
		...common,
		status: "pass",
		value,
		message: measures.map(describe$1).join(", ")
	};
	const losses = largestLosses(dump, earlier);
	const tables = losses.length === 0 ? "" : `; most rows were lost by ${losses.join(", ")}`;
	const message = `less than in the earlier backup ${earlier.id} of ${formatMoment(earlier.snapshotAt)}: ${shrunk.map(describe$1).join(", ")}${tables}. When that is meant, set max-shrink higher for one backup: the next one is compared with it`;
	return {
		...common,
		status: "fail",
		value: value === common.limit ? `more than ${value}` : value,
		message
	};
}
/** What both dumps tell, and there was something of before. */
function comparable(dump, earlier) {
	const rows = rowsOfBoth(dump, earlier);
	return [
		{
			what: "rows",
			before: rows.before,
			now: rows.now,
			format: formatCount
		},
		{
			what: "tables",
			before: earlier.tables.length,
			now: dump.tables.length,
			format: formatCount
		},
		...isComparableSize(dump, earlier) ? [{
			what: "dump",
			before: earlier.sizeBytes,
			now: dump.sizeBytes,
			format: formatSize
		}] : []
	].filter(({ before }) => before > 0);
}
/** A table that is gone has lost its rows; one whose rows were not counted, now or then, says nothing. */
function rowsOfBoth(dump, earlier) {
	const before = rowsByName(earlier);
	const now = rowsByName(dump);
	const known = [.../* @__PURE__ */ new Set([...before.keys(), ...now.keys()])].filter((name) => isKnown(before, name) && isKnown(now, name));
	const sum = (rows) => known.reduce((total, name) => total + (rows.get(name) ?? 0), 0);
	return {
		before: sum(before),
		now: sum(now)
	};
}
function rowsByName({ tables }) {
	return new Map(tables.map(({ name, rows }) => [name, rows]));
}
/** A table that is not there has no rows, and that is known. */
function isKnown(rows, name) {
	return !rows.has(name) || rows.get(name) !== void 0;
}
/** Another compression makes another size of the same rows, and so does leaving something out. */
function isComparableSize(dump, earlier) {
	return waysOf(dump) === waysOf(earlier);
}
/** Clients before 16 write `gzip:1` as `1`. */
function waysOf({ arguments: given }) {
	return given.filter((argument) => /^--(?:format|compress|exclude-)/.test(argument)).map((argument) => argument.replace(/^--compress=(\d)$/, "--compress=gzip:$1")).join(" ");
}
/** The three tables that lost most rows: `public.orders 1,204,000 → 3`. */
function largestLosses(dump, earlier) {
	const now = rowsByName(dump);
	return earlier.tables.flatMap(({ name, rows: before }) => {
		const rows = now.has(name) ? now.get(name) : 0;
		return before === void 0 || rows === void 0 || rows >= before ? [] : [{
			name,
			before,
			rows,
			gone: !now.has(name)
		}];
	}).sort((a, b) => b.before - b.rows - (a.before - a.rows)).slice(0, 3).map(({ name, before, rows, gone }) => `${name} ${formatCount(before)} → ${gone ? "gone" : formatCount(rows)}`);
}
function shrinkOf({ before, now }) {
	return Math.max(0, 1 - now / before);
}
function describe$1({ what, before, now, format }) {
	return `${what} ${format(before)} → ${format(now)}`;
}
/** Rounded down, so that 100% means that nothing is left. */
function formatShare(share) {
	return `${Math.floor(Number((share * 1e3).toFixed(6))) / 10} %`;
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
// src/backup/drill-history.ts
/** The drill that restored it last, if any did. */
function lastRestore({ drills }) {
	return drills.find(({ restored }) => restored);
}
/** The first so many of these backups that were restored, and the records on the way that cannot be read. */
async function firstRestored(store, dumpKeys, objects, atMost) {
	const restored = [];
	const unreadable = [];
	for (const dumpKey of dumpKeys) {
		if (restored.length >= atMost) break;
		const history = await readHistory(store, dumpKey, objects);
		unreadable.push(...history.unreadable);
		if (lastRestore(history) !== void 0) restored.push(dumpKey);
	}
	return {
		restored,
		unreadable
	};
}
/** The key of the dump whose drill failed last, where that cancels an older drill that passed. */
async function cancellingFailure(store, objects) {
	let failed;
	for (const one of recordsNewestFirst(objects)) {
		const read = await readRecord(store, one);
		if (read === void 0) continue;
		const verdict = "problem" in read ? "fail" : read.verdict;
		if (verdict === "pass") return failed;
		if (verdict === "fail") failed ??= read.dumpKey;
	}
}
const provingLevels = [
	"restored",
	"equal",
	"usable"
];
async function readHistory(store, dumpKey, objects) {
	const drills = [];
	const unreadable = [];
	for (const one of recordsNewestFirst(objects.filter(({ key }) => recordKeyIn(key)?.dumpKey === dumpKey))) {
		const read = await readRecord(store, one);
		if (read === void 0) continue;
		const { recordKey } = read;
		if ("problem" in read) {
			unreadable.push({
				recordKey,
				problem: read.problem
			});
			continue;
		}
		const { at, verdict, level } = read;
		drills.push({
			recordKey,
			at,
			verdict,
			level,
			restored: verdict === "pass" && level !== void 0 && provingLevels.includes(level)
		});
	}
	return {
		drills: drills.sort((a, b) => b.at.getTime() - a.at.getTime()),
		unreadable
	};
}
// src/backup/retention.ts
const dayMs = 864e5;
/**
* Which backups may go. One goes only when every limit that is set lets it go and nothing speaks for it. `now` is the
* clock of the runner; one that runs ahead of the database's, by which the newest snapshot was taken, deletes nothing.
*/
function planRetention({ policy, backups, made, proved, restored, cancelling, now }) {
	const newestFirst = [...backups].sort((a, b) => b.snapshotAt.getTime() - a.snapshotAt.getTime());
	const newestUsable = newestFirst.find(({ usable }) => usable)?.key;
	const madeAt = backups.find(({ key }) => key === made)?.snapshotAt;
	const today = Math.min(now.getTime(), madeAt?.getTime() ?? 0);
	const withheld = whyWithheld(policy) ?? (proved && madeAt !== void 0 ? void 0 : "the backup that was just made is not one to rely on");
	const remove = [];
	const keep = [];
	let newerUsable = 0;
	for (const backup of newestFirst) {
		const ageMs = today - backup.snapshotAt.getTime();
		const reason = withheld ?? protectedAs(backup) ?? keptBy(policy, newerUsable, ageMs);
		if (reason === void 0) remove.push({
			backup,
			why: whyGone(policy, newerUsable, ageMs)
		});
		else keep.push({
			backup,
			why: reason
		});
		if (backup.usable) newerUsable++;
	}
	return {
		remove,
		keep
	};
	function protectedAs({ key }) {
		if (key === made) return "just made";
		if (key === newestUsable) return "the newest usable one";
		if (key === cancelling) return "the newest that a drill failed for, which cancels an older one that passed";
		return restored.has(key) ? "among the newest that were restored" : void 0;
	}
}
/** Why nothing is decided at all. */
function whyWithheld({ keepLast, keepDays }) {
	return keepLast === void 0 && keepDays === void 0 ? "neither keep-last nor keep-days is set" : void 0;
}
function keptBy({ keepLast, keepDays }, newerUsable, ageMs) {
	if (keepLast !== void 0 && newerUsable < keepLast) return `among the newest ${keepLast} (keep-last)`;
	return keepDays !== void 0 && ageMs <= keepDays * dayMs ? `not older than ${plural(keepDays, "day")} (keep-days)` : void 0;
}
function whyGone({ keepLast, keepDays }, newerUsable, ageMs) {
	return [...keepDays === void 0 ? [] : [`${formatDuration(ageMs)} old, more than ${plural(keepDays, "day")}`], ...keepLast === void 0 ? [] : [`${plural(newerUsable, "newer one")} can be counted on, and keep-last asks for ${keepLast}`]].join("; ");
}
// src/backup/stems.ts
/** Files beside a dump whose dump is gone are known by their endings; what else lies there is not ours. */
const beside = /^(.*?)\.(?:dump\.drill-[^/]*\.json|roles\.sql|contents\.json)$/;
/** The objects of one class by the backup that they belong to. Keys that no backup can have are left out. */
function groupByStem(objects, scope) {
	const ours = objects.filter(({ key }) => stemIn(key, scope) !== void 0);
	const stems = new Set(ours.flatMap(({ key }) => ownStem(key) ?? []));
	const groups = /* @__PURE__ */ new Map();
	for (const object of ours) {
		const stem = ownStem(object.key) ?? longestStem(object.key, stems) ?? beside.exec(object.key)?.[1];
		if (stem !== void 0) groups.set(stem, [...groups.get(stem) ?? [], object]);
	}
	return [...groups].map(([stem, members]) => groupOf(stem, members, scope));
}
function groupOf(stem, members, scope) {
	const dumpKey = `${stem}.dump`;
	const manifestKey = manifestKeyOf(dumpKey);
	const first = (wanted) => members.filter(({ key }) => key === wanted);
	const rest = members.filter(({ key }) => key !== dumpKey && key !== manifestKey);
	const manifest = first(manifestKey);
	return {
		...stemIn(dumpKey, scope),
		dumpKey,
		objects: [
			...manifest,
			...first(dumpKey),
			...rest
		],
		hasManifest: manifest.length > 0
	};
}
/** A dump and a manifest have a stem of their own, and a drill's record has that of its dump. */
function ownStem(key) {
	if (isManifestKey(key)) return key.slice(0, -14);
	if (isDumpKey(key)) return key.slice(0, -5);
}
/** Releases may be called v1 and v1.9: the longer name is the one that is meant. */
function longestStem(key, stems) {
	for (let at = key.lastIndexOf("."); at > 0; at = key.lastIndexOf(".", at - 1)) if (stems.has(key.slice(0, at))) return key.slice(0, at);
}
// src/backup/apply-retention.ts
/** So many of the newest backups that a drill restored are never deleted. */
const restoredKept = 2;
/** A dump without a manifest may be one that a run is still reading back. */
const leftoverAfterMs = 6048e5;
/**
* Deletes, or lists, the backups that need not be kept any more. A backup that was made is one whatever becomes of
* this: a store that refuses is told in the report, not thrown.
*/
async function applyRetention(work) {
	const { manifest } = work.made;
	const nothing = {
		mode: work.mode,
		class: manifest.class,
		database: manifest.source.database,
		notChecked: whyWithheld(work.policy),
		removed: [],
		kept: 0,
		keptBecause: [],
		leftovers: [],
		warnings: [],
		remaining: []
	};
	if (nothing.notChecked !== void 0) return nothing;
	try {
		return {
			...nothing,
			...await decideAndDelete(work)
		};
	} catch (error) {
		if (!isRefusal(error)) throw error;
		return {
			...nothing,
			notChecked: `the store could not be read: ${messageOf(error)}`
		};
	}
}
async function decideAndDelete(work) {
	const { store, made, mode, policy, proved } = work;
	const { manifest } = made;
	const scope = {
		project: manifest.project,
		environment: manifest.environment,
		class: manifest.class
	};
	const objects = await store.list(backupsPrefix(scope));
	const groups = groupByStem(objects, scope).filter(({ database }) => database === keyLabel(manifest.source.database));
	const found = await readBackups(store, scope, objects, manifest);
	const { restored, unreadable } = await firstRestored(store, dumpKeysNewestFirst(objects, manifest), objects, restoredKept);
	const kept = {
		restored: new Set(restored),
		cancelling: await failedLast(store, objects, manifest)
	};
	const plan = planRetention({
		...work,
		...kept,
		policy,
		backups: found.backups,
		made: manifest.object.key,
		proved
	});
	const deleter = new Deleter(work);
	const removed = [];
	for (const { backup, why } of plan.remove) {
		const group = groups.find((one) => one.dumpKey === backup.key);
		if (group === void 0 || !await deleter.remove(group)) continue;
		removed.push({
			key: backup.key,
			snapshotAt: backup.snapshotAt.toISOString(),
			sizeBytes: sizeOf(group),
			why
		});
	}
	const leftovers = [];
	for (const group of leftoversIn(groups, work)) {
		const gone = proved && mode === "apply" && await deleter.remove(group);
		leftovers.push({
			key: group.dumpKey,
			sizeBytes: sizeOf(group),
			removed: gone
		});
	}
	const reasons = [...plan.keep.map(({ why }) => why), ...found.unclear.map(({ why }) => why)];
	return {
		removed,
		leftovers,
		kept: reasons.length,
		keptBecause: [...new Set(reasons)].map((why) => ({
			why,
			count: reasons.filter((one) => one === why).length
		})),
		warnings: [
			...found.unclear.map(({ key, problem }) => `${key} is kept: ${problem}`),
			...unreadable.map(({ recordKey, problem }) => `${recordKey} does not count as a restore: ${problem}`),
			...deleter.warnings
		],
		remaining: deleter.remaining
	};
}
async function readBackups(store, scope, objects, { source }) {
	const sizes = new Map(objects.map(({ key, sizeBytes }) => [key, sizeBytes]));
	const backups = [];
	const unclear = [];
	for await (const one of backupsNewestFirst(store, scope, {
		class: scope.class,
		database: source.database,
		ahead: 8,
		objects
	})) if (!("manifest" in one)) unclear.push({
		key: one.manifestKey,
		why: "its manifest cannot be used",
		problem: one.problem
	});
	else if (one.manifest.source.database === source.database) {
		const { object } = one.manifest;
		if (object.key === keyOf(one.manifest)) backups.push(keptBackup(one.manifest, sizes.get(object.key)));
		else unclear.push({
			key: object.key,
			why: "its key is not one that backup makes",
			problem: "its key is not one that backup makes"
		});
	}
	return {
		backups,
		unclear
	};
}
/** A manifest whose dump is gone, or of another size, protects nothing. */
function keptBackup(manifest, storedBytes) {
	const { object, dump } = manifest;
	const usable = isUsable(manifest) && storedBytes === object.sizeBytes;
	return {
		key: object.key,
		snapshotAt: new Date(dump.snapshotAt),
		sizeBytes: object.sizeBytes,
		usable
	};
}
function keyOf(manifest) {
	return dumpKey({
		...manifest,
		database: manifest.source.database,
		at: new Date(manifest.dump.snapshotAt)
	});
}
function dumpKeysNewestFirst(objects, { source }) {
	const keys = objects.map(({ key }) => key).filter((key) => isManifestKey(key) && mayBeOfDatabase(key, source.database));
	const moment = (key) => stampIn(key) ?? "";
	return keys.sort((a, b) => moment(a) < moment(b) ? 1 : -1).map(dumpKeyOf);
}
/** A failure that went with its backup would bring an older success back to life. */
async function failedLast(store, objects, { source }) {
	return cancellingFailure(store, objects.filter(({ key }) => mayBeOfDatabase(recordKeyIn(key)?.dumpKey ?? key, source.database)));
}
/** What a killed run left, or a delete that was broken off: never a backup, since its manifest comes last and goes first. */
function leftoversIn(groups, { made, now }) {
	const today = Math.min(now.getTime(), Date.parse(made.manifest.dump.snapshotAt));
	const before = compactStamp(/* @__PURE__ */ new Date(today - leftoverAfterMs));
	return groups.filter(({ hasManifest, stamp }) => !hasManifest && stamp < before);
}
/** Deletes until the store refuses for the first time; from then on it only counts what remains. */
var Deleter = class {
	warnings = [];
	remaining = [];
	#work;
	constructor(work) {
		this.#work = work;
	}
	/** Whether all of it is gone, or would go. */
	async remove({ objects }) {
		const { mode, store, signal } = this.#work;
		if (mode === "dry-run") return true;
		const keys = objects.map(({ key }) => key);
		while (keys[0] !== void 0 && this.warnings.length === 0) try {
			signal.throwIfAborted();
			await store.delete(keys[0]);
			keys.shift();
		} catch (error) {
			if (!signal.aborted && !isRefusal(error)) throw error;
			const problem = signal.aborted ? "the run was stopped" : messageOf(error);
			this.warnings.push(`retention stopped at ${keys[0]}, and nothing more was deleted: ${problem}`);
		}
		this.remaining.push(...keys);
		return keys.length === 0;
	}
};
function sizeOf({ objects }) {
	return objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
/** A store or a network may keep us from it; anything else that is thrown is a bug. */
function isRefusal(error) {
	return error instanceof ReleaseError || systemCode(error) !== void 0;
}
// src/backup/retention-report.ts
/** Retention is told as a check, and it never makes a backup fail. */
function retentionCheck({ mode, notChecked, removed, kept }) {
	if (notChecked !== void 0) return {
		id: "retention",
		status: "not-checked",
		message: notChecked
	};
	const what = mode === "apply" ? "deleted" : "would be deleted (dry run)";
	return {
		id: "retention",
		status: "pass",
		value: `${plural(removed.length, "backup")} ${what}, ${kept} kept`
	};
}
/** The list that people read, a line each. */
function describeRetention(report) {
	const { mode, notChecked, removed, kept, keptBecause, leftovers } = report;
	const of = `retention of ${report.class}, database ${report.database}`;
	if (notChecked !== void 0) return [`${of}: nothing was deleted, ${notChecked}`];
	const verb = mode === "apply" ? "deleted" : "would delete";
	return [
		`${of}${mode === "apply" ? "" : " (dry run)"}: ${verb} ${plural(removed.length, "backup")}, ${kept} kept`,
		...removed.map(({ key, sizeBytes, snapshotAt, why }) => `  ${verb} ${key} (${formatSize(sizeBytes)}, snapshot ${formatMoment(snapshotAt)}): ${why}`),
		...keptBecause.map(({ why, count }) => `  kept ${count}: ${why}`),
		...leftovers.map((one) => `  ${one.removed ? "deleted" : "left over"}: ${one.key} (${formatSize(one.sizeBytes)}), of a run that did not reach its end`)
	];
}
// src/commands/record-backup.ts
const recordInputNames = [
	"store",
	"keep-last",
	"keep-days",
	"retention"
];
/** Writes the manifest, the last of all that makes a dump a backup. Retention comes after it. */
async function recordBackup({ manifest, shown, store, previous }, inputs, context) {
	const { object, checks } = manifest;
	const stored = await writeManifest(store, manifest, context.signal);
	const verdict = verdictOf(checks) === "fail" ? "fail" : shown.hindrance === void 0 ? "pass" : "inconclusive";
	const retention = await retain(stored, verdict === "pass", store, inputs, context);
	return {
		verdict,
		reason: describe(manifest, shown) + storePlace(inputs.store, context),
		checks: [...checks, retentionCheck(retention)],
		outputs: {
			made: "true",
			id: manifest.id,
			level: manifest.level,
			sha256: object.sha256,
			"size-bytes": object.sizeBytes,
			"manifest-sha256": stored.manifestSha256
		},
		details: {
			durationMs: Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt),
			store: store.description,
			manifest,
			retention,
			restoreByHand: restoreByHand(manifest, {
				url: inputs.store,
				endpoint: context.storeEndpoint
			}),
			...previous === void 0 ? {} : { previous: sizesOf(previous) }
		},
		...verdict === "fail" ? { error: implausible(checks, object.key, store) } : {}
	};
}
async function retain(made, proved, store, inputs, context) {
	const policy = {
		keepLast: inputs["keep-last"],
		keepDays: inputs["keep-days"]
	};
	const { clock, signal, log } = context;
	const report = await applyRetention({
		store,
		made,
		proved,
		policy,
		mode: inputs.retention,
		now: clock.now(),
		signal
	});
	if (policy.keepLast !== void 0 || policy.keepDays !== void 0) for (const line of describeRetention(report)) log.info(line);
	for (const warning of report.warnings) log.warn(warning);
	return report;
}
function sizesOf({ id, dump, object, source, tables }) {
	return {
		id,
		snapshotAt: dump.snapshotAt,
		sizeBytes: object.sizeBytes,
		databaseBytes: source.sizeBytes,
		tables: tables.length,
		rows: rowsOf(tables)
	};
}
function rowsOf(tables) {
	return tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
}
function describe({ object, tables, checks, startedAt, finishedAt }, { level, hindrance }) {
	const rows = `${tables.some(({ rows, notDumped }) => rows === void 0 && notDumped === void 0) ? "at least " : ""}${plural(rowsOf(tables), "row")}`;
	const facts = `${formatSize(object.sizeBytes)}, ${plural(tables.length, "table")}, ${rows}`;
	const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
	if (verdictOf(checks) === "fail") return `The dump is not what one would expect (${facts}); it is kept, and nothing relies on it.`;
	if (hindrance !== void 0) return `The dump landed (${facts}), but could not be read back: ${hindrance}`;
	if (level === "landed") return `The dump landed: ${facts}, in ${took}. Its bytes were not read back.`;
	return `Backup read back: ${facts}, in ${took}.`;
}
function implausible(checks, key, store) {
	const problems = checks.filter(({ status }) => status === "fail").map(({ id, message }) => `${id}: ${message}`);
	return new ReleaseError("backup-failed", `${key} in ${store.description} is not what one would expect:\n${problems.join("\n")}`, { hint: "Look whether this is the right database and whether rows were lost. The dump is kept with its manifest, and counts as no backup." });
}
// src/commands/backup.ts
const inputNames = [
	...migrationInputNames,
	...lockInputNames,
	"pg-bin-dir",
	"install-tools",
	...dumpInputNames,
	...recordInputNames,
	"backup-when",
	"max-backup-age",
	"level",
	"min-tables",
	"min-size",
	"max-shrink",
	"dry-run"
];
/** As many as an estimate goes by. */
const earlierLooked = 5;
var backup_default = defineCommand({
	summary: "Dump the database into the store, read the stored bytes back, and write the manifest last.",
	inputs: inputNames,
	outputs: {
		made: "Whether a backup was made: true or false.",
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
				stateSchema: inputs["state-schema"],
				versionTable: inputs["migrations-table"]
			};
			const lock = _usingCtx$1.a(await openDatabase(database, inputs, context, { acceptStandby: true }));
			const stamp = await checkIdentity(lock, context);
			const need = await judgeNeed({
				store,
				scope: context,
				when: inputs["backup-when"],
				class: inputs.class,
				level: inputs.level,
				live: lock,
				stamp: stamp?.id,
				maxAgeMs: inputs["max-backup-age"],
				now: context.clock.now(),
				migrations: await pendingMigrations(inputs, lock, context)
			});
			if (!need.needed) return notNeeded(need.reason);
			if (inputs["backup-when"] === "major" && inputs.class === "releases") context.log.info(`a backup is needed: ${need.reason}`);
			const earlier = (await previousBackups(store, context, lock.database, earlierLooked)).map(({ manifest }) => manifest);
			if (inputs["dry-run"]) try {
				var _usingCtx3 = _usingCtx();
				const source = _usingCtx3.a(await context.openSource(database, options));
				lookAhead(source, {
					store,
					earlier
				}, inputs, context);
				return describeDryRun(source, keyOf$1(source, inputs.class, context), store);
			} catch (_) {
				_usingCtx3.e = _;
			} finally {
				await _usingCtx3.d();
			}
			await probeStore(store, context.project, context.signal);
			await lock.lock(context.project, lockPolicy(inputs, context));
			return await withinDuration(inputs["max-duration"], context, tooLate(inputs["max-duration"]), async (signal) => {
				const limited = {
					...context,
					signal
				};
				const sourceOptions = {
					...options,
					lockWaitTimeoutMs: inputs["lock-wait-timeout"]
				};
				const dumped = await dumpInto({
					store,
					earlier
				}, () => context.openSource(database, sourceOptions), inputs, limited);
				const checks = [{
					id: "dump-exit",
					status: "pass",
					value: 0
				}, ...dumped.checks];
				try {
					const shown = await lookBack(dumped, store, inputs, limited);
					checks.push(...shown.checks);
					if (verdictOf(checks) === "fail") return describeFault(checks, dumped.key, store);
					const { key, roles } = dumped;
					const dump = {
						...dumped.dump,
						tables: shown.tables
					};
					const beside = await keepBeside({
						store,
						key,
						serverMajor: dumped.facts.serverMajor,
						catalog: dump.catalog,
						roles,
						signal
					});
					checks.push(...beside.checks, ...plausible(dump, earlier[0], stamp === void 0 && earlier.length === 0, inputs));
					const fingerprint = fingerprintPolicy(inputs);
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
					return await recordBackup({
						manifest: composeManifest(made, {
							...dumped,
							facts
						}, dump, beside, {
							level: shown.level,
							checks
						}),
						shown,
						store,
						previous: earlier[0]
					}, inputs, limited);
				} catch (error) {
					if (!(error instanceof ReleaseError) || signal.aborted) throw error;
					return describeUnrecorded(error, checks, dumped);
				}
			});
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** Of both phases; `undefined` when files and ledger do not tell. Only a backup before a release asks for them. */
async function pendingMigrations(inputs, lock, context) {
	if (inputs["backup-when"] === "always" || inputs.class !== "releases") return void 0;
	try {
		const { plans } = await readState(inputs, await readMigrations(inputs, context), lock, context);
		return [...plans.pre, ...plans.post];
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return;
	}
}
async function lookBack({ dump, key }, store, inputs, context) {
	const tools = {
		binDir: inputs["pg-bin-dir"],
		install: inputs["install-tools"],
		major: Number.parseInt(dump.clientVersion, 10)
	};
	const decode = (archive) => context.decodeArchive(archive, tools);
	try {
		return await withHeartbeat(context, () => `reading ${formatSize(dump.sizeBytes)} back`, () => inspect(store, {
			...dump,
			...dump.stored,
			key
		}, inputs.level, decode, context.signal));
	} catch (error) {
		throw context.signal.aborted ? stoppedReading(key, store, error) : error;
	}
}
function plausible(dump, previous, isNew, inputs) {
	const limits = {
		minTables: inputs["min-tables"],
		minSizeBytes: inputs["min-size"],
		maxShrink: inputs["max-shrink"],
		isNew
	};
	return checkPlausible(dump, previous === void 0 ? void 0 : earlierOf(previous), limits);
}
function notNeeded(reason) {
	return {
		verdict: "pass",
		reason: `No backup was made: ${reason}.`,
		outputs: { made: "false" },
		details: { made: false }
	};
}
function tooLate(limitMs) {
	return (cause) => new ReleaseError("backup-failed", `The backup was stopped: it took longer than max-duration, ${formatDuration(limitMs ?? 0)}.`, {
		hint: "There is no new backup. Dump a standby, leave it to a daily job (class: daily), or raise max-duration.",
		cause
	});
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
/** The manifest comes last: whatever went wrong before it, or with it, leaves a dump that nobody may take for a backup. */
function describeUnrecorded(error, checks, { key, dump }) {
	const reason = `${`The dump of ${plural(dump.tables.length, "table")} was written to ${key}`}, but its manifest was not written and read back, so it is not to be counted on.`;
	return {
		verdict: error.verdict,
		reason,
		checks,
		error,
		details: { key }
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
