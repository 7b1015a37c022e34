import { i as numberedName } from "./layout.js";
// src/migration/migration-path.ts
/** What the folder of one migration holds, in layouts where each has its own. */
const inner = /^([^/.][^/]*)\/(?:up\.sql|down\.sql|metadata\.toml|migration\.sql)$/;
/** Whether a path, counted from the folder of migrations, is a file of a migration that has a folder of its own. */
function isNested(path) {
	return inner.test(path);
}
/** The folder of migrations that a path lies in, and the migration's name there: that of a file, or of its own folder. */
function partsOfPath(path) {
	const parts = path.split("/");
	const depth = isNested(parts.slice(-2).join("/")) && /^\d/.test(parts.at(-2) ?? "") ? 2 : 1;
	return {
		folder: parts.slice(0, -depth).join("/") || ".",
		name: parts.at(-depth)
	};
}
/** The version that a path stands for; `undefined` when its name has none. */
function versionOfPath(path) {
	const { name } = partsOfPath(path);
	return name === path.split("/").at(-1) ? numberedName(name)?.version : folderVersion(name);
}
/** `20260102030405` of `2026-01-02-030405_add_email`: what stands before the first underscore, without its dashes. */
function folderVersion(name) {
	const digits = name.split("_")[0].replaceAll("-", "");
	return /^\d{1,19}$/.test(digits) ? BigInt(digits).toString() : void 0;
}
/** The version in a migration's id, as somebody types it. */
function versionOfId(id) {
	return /^\d{4}-\d\d-\d\d-\d{6}_/.test(id) ? folderVersion(id) : numberedName(`${id}.sql`)?.version;
}
/** Number and name of each path of a repository that a tool would take for a migration; a number stands there once a name. */
function numberedPaths(paths) {
	return paths.flatMap((path) => {
		const { name } = partsOfPath(path);
		if (path.endsWith(`/${name}`) || path === name) return numberedName(name.replace(/\.go$/i, ".sql")) ?? [];
		const version = folderVersion(name);
		return version === void 0 ? [] : [{
			version,
			id: name
		}];
	});
}
export { versionOfId as a, partsOfPath as i, isNested as n, versionOfPath as o, numberedPaths as r, folderVersion as t };
