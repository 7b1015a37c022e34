import { t as compactStamp } from "./units.js";
import { createHash } from "node:crypto";
// src/backup/key.ts
const dumpEnd = ".dump";
const manifestEnd = ".manifest.json";
const contentsEnd = ".contents.json";
const rolesEnd = ".roles.sql";
/** With both labels, the stamp and an ending a file name stays below the 255 bytes that file systems allow. */
const longestLabel = 80;
/** `<project>/backups/<environment>/<class>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<release>.dump` */
function dumpKey(name) {
	const stamp = compactStamp(name.at);
	const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
	const stem = `${keyLabel(name.database)}-${stamp}-${keyLabel(name.release)}`;
	return `${classPrefix(name)}${day}/${stem}${dumpEnd}`;
}
/** Every backup of an environment, whatever its class, has a key that starts with this. */
function backupsPrefix({ project, environment }) {
	return `${keyLabel(project)}/backups/${keyLabel(environment)}/`;
}
/** A text as a part of a key: when anything had to be replaced, a hash keeps two different texts apart. */
function keyLabel(text) {
	const label = text.replace(/[^A-Za-z0-9._-]/gu, "-").slice(0, longestLabel);
	return label === text && !(label === "" || label === "." || label === "..") ? label : `${label}-${sha256(text).slice(0, 6)}`;
}
/** Short and opaque, fit for outputs: `20261121T140410Z-1f0c2b7a`. */
function backupId(key, at) {
	return `${compactStamp(at)}-${idHash(key)}`;
}
/** The part of an id that depends on the key alone. */
function idHash(key) {
	return sha256(key).slice(0, 8);
}
function isDumpKey(key) {
	return key.endsWith(dumpEnd);
}
function isManifestKey(key) {
	return key.endsWith(manifestEnd);
}
function manifestKeyOf(key) {
	return `${key.slice(0, -5)}${manifestEnd}`;
}
/** The list of what the dump holds, beside it. */
function contentsKeyOf(key) {
	return `${key.slice(0, -5)}${contentsEnd}`;
}
/** The roles of the dump's server, beside it. */
function rolesKeyOf(key) {
	return `${key.slice(0, -5)}${rolesEnd}`;
}
function dumpKeyOf(manifestKey) {
	return `${manifestKey.slice(0, -14)}${dumpEnd}`;
}
/**
* The stamp in a key's file name, comparable with `compactStamp`. A database or a release may be called like a stamp:
* the days in the folders tell which one is meant.
*/
function stampIn(key) {
	const stamps = [...fileName(key).matchAll(/-(\d{8}T\d{6}Z)(?=-)/g)].map(([, stamp]) => stamp);
	const day = /\/(\d{4})\/(\d{2})\/(\d{2})\/[^/]*$/.exec(key)?.slice(1).join("");
	return stamps.find((stamp) => stamp.startsWith(`${day}T`)) ?? stamps[0];
}
/** Whether a key may be that of a snapshot of this moment: it says so, or says nothing. */
function mayBeOf(key, at) {
	return stampIn(key) === void 0 || fileName(key).includes(`-${compactStamp(at)}-`);
}
/** What the key of a dump, or of something beside it, says; `undefined` when `dumpKey` cannot have made it. */
function stemIn(key, scope) {
	const folder = classPrefix(scope);
	const stamp = stampIn(key);
	if (!key.startsWith(folder) || stamp === void 0) return void 0;
	const [, day, file = ""] = /^(\d{4}\/\d{2}\/\d{2})\/([A-Za-z0-9._-]+)$/.exec(key.slice(folder.length)) ?? [];
	const at = file.indexOf(`-${stamp}-`);
	const release = file.slice(at + stamp.length + 2);
	if (day?.replaceAll("/", "") !== stamp.slice(0, 8) || at < 1 || release.startsWith(dumpEnd)) return void 0;
	return {
		database: file.slice(0, at),
		stamp
	};
}
/** Every backup of one class has a key that starts with this. */
function classPrefix(scope) {
	return `${backupsPrefix(scope)}${keyLabel(scope.class)}/`;
}
/** Whether a key may be that of a backup of this database; one without a stamp may be of any. */
function mayBeOfDatabase(key, database) {
	const stamp = stampIn(key);
	return stamp === void 0 || fileName(key).startsWith(`${keyLabel(database)}-${stamp}-`);
}
function fileName(key) {
	return key.slice(key.lastIndexOf("/") + 1);
}
function sha256(text) {
	return createHash("sha256").update(text).digest("hex");
}
export { dumpKey as a, isDumpKey as c, manifestKeyOf as d, mayBeOf as f, stemIn as g, stampIn as h, contentsKeyOf as i, isManifestKey as l, rolesKeyOf as m, backupsPrefix as n, dumpKeyOf as o, mayBeOfDatabase as p, classPrefix as r, idHash as s, backupId as t, keyLabel as u };
