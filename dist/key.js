import { t as compactStamp } from "./units.js";
import { createHash } from "node:crypto";
// src/backup/key.ts
const dumpEnd = ".dump";
const manifestEnd = ".manifest.json";
/** With both labels, the stamp and an ending a file name stays below the 255 bytes that file systems allow. */
const longestLabel = 80;
/** `<project>/backups/<environment>/<class>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<release>.dump` */
function dumpKey(name) {
	const stamp = compactStamp(name.at);
	const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
	const stem = `${keyLabel(name.database)}-${stamp}-${keyLabel(name.release)}`;
	return `${backupsPrefix(name)}${keyLabel(name.class)}/${day}/${stem}${dumpEnd}`;
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
function dumpKeyOf(manifestKey) {
	return `${manifestKey.slice(0, -14)}${dumpEnd}`;
}
/** The stamp in a key's file name, comparable with `compactStamp`. */
function stampIn(key) {
	return /-(\d{8}T\d{6}Z)-[^/]*$/.exec(key)?.[1];
}
function sha256(text) {
	return createHash("sha256").update(text).digest("hex");
}
export { idHash as a, keyLabel as c, dumpKeyOf as i, manifestKeyOf as l, backupsPrefix as n, isDumpKey as o, dumpKey as r, isManifestKey as s, backupId as t, stampIn as u };
