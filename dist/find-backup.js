import { t as ReleaseError } from "./errors.js";
import { a as idHash, i as dumpKeyOf, l as manifestKeyOf, n as backupsPrefix, o as isDumpKey, s as isManifestKey } from "./key.js";
import { i as readManifest } from "./store-place.js";
// src/backup/find-backup.ts
/** How many manifests are read at once. */
const batchSize = 8;
/**
* The newest backup of an environment, over all classes, by the moment of its snapshot: neither by its key nor by
* the time of its file. A dump without a manifest is not a backup. Throws `backup-not-found`.
*/
async function newestBackup(store, scope) {
	const { backups, ignored } = await readBackups(store, scope);
	const newest = backups.sort(byAge).at(-1);
	if (newest === void 0) throw noneFound(store, scope, ignored);
	return {
		...newest,
		ignored
	};
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
async function readBackups(store, scope) {
	const backups = [];
	const ignored = [];
	const keys = await manifestKeys(store, scope);
	for (let start = 0; start < keys.length; start += batchSize) await Promise.all(keys.slice(start, start + batchSize).map(read));
	return {
		backups,
		ignored: ignored.sort((a, b) => a.manifestKey < b.manifestKey ? -1 : 1)
	};
	async function read(manifestKey) {
		try {
			const backup = await readManifest(store, manifestKey);
			const { project, environment } = backup.manifest;
			if (project === scope.project && environment === scope.environment) backups.push(backup);
			else ignored.push({
				manifestKey,
				problem: `It says that it is of ${project}, environment ${environment}.`
			});
		} catch (error) {
			if (!(error instanceof ReleaseError)) throw error;
			if (error.code === "backup-not-found") return;
			if (error.code !== "backup-damaged") throw error;
			ignored.push({
				manifestKey,
				problem: error.message
			});
		}
	}
}
async function manifestKeys(store, scope) {
	return (await store.list(backupsPrefix(scope))).map(({ key }) => key).filter(isManifestKey);
}
async function manifestKeyById(store, scope, id) {
	return (await manifestKeys(store, scope)).find((key) => id.toLowerCase().endsWith(`-${idHash(dumpKeyOf(key))}`));
}
function byAge(a, b) {
	const age = ({ manifest }) => [Date.parse(manifest.dump.snapshotAt), Date.parse(manifest.finishedAt)];
	const [snapshotA, finishedA] = age(a);
	const [snapshotB, finishedB] = age(b);
	return snapshotA - snapshotB || finishedA - finishedB;
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
export { newestBackup as n, findBackup as t };
