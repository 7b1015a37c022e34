import { t as ReleaseError } from "./errors.js";
import "./result.js";
import { c as isDumpKey, d as manifestKeyOf, h as stampIn, l as isManifestKey, n as backupsPrefix, o as dumpKeyOf, p as mayBeOfDatabase, r as classPrefix, s as idHash } from "./key.js";
import { i as readManifest } from "./store-place.js";
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
export { findBackup as n, newestBackup as r, checkMade as t };
