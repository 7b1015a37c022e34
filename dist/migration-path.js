import { a as numberedName } from "./layout.js";
import { i as lineageOf, o as repeatableVersion, r as isRepeatable } from "./migration.js";
// src/migration/layouts/flyway/file-name.ts
const named$1 = /^(?:([VU])(\d+(?:[._]\d+)*)(?:__(.*))?|R__(.*))\.sql$/is;
/** Reads `V1.2__add_email.sql`, `U1.2__add_email.sql` and `R__totals.sql`; the ending alone may be in capitals. */
function flywayName(fileName) {
	const [, prefix, number, described, repeated] = named$1.exec(fileName) ?? [];
	const first = fileName[0];
	const id = fileName.slice(0, -4);
	if (repeated !== void 0) return first === "R" ? {
		kind: "repeatable",
		version: void 0,
		written: "",
		description: oneWord(repeated),
		id
	} : void 0;
	if (number === void 0 || first !== "V" && first !== "U") return void 0;
	const written = number.replaceAll("_", ".");
	return {
		kind: prefix === "V" ? "numbered" : "undo",
		version: comparedVersion(written),
		written,
		description: oneWord(described ?? ""),
		id
	};
}
/** Without leading zeros and without parts that are zero at the end: to Flyway 1, 01 and 1.0 are one version. */
function comparedVersion(written) {
	const parts = written.split(".").map((part) => BigInt(part).toString());
	while (parts.length > 1 && parts.at(-1) === "0") parts.pop();
	return parts.join(".");
}
function oneWord(description) {
	return description.replaceAll(" ", "_");
}
// src/migration/migration-path.ts
/** What the folder of one migration holds, in layouts where each has its own. */
const inner = /^([^/.][^/]*)\/(?:up\.sql|down\.sql|metadata\.toml|migration\.sql)$/;
/** Whether a path, counted from the folder of migrations, is a file of a migration that has a folder of its own. */
function isNested(path) {
	return inner.test(path);
}
/** A file in a folder below that of the migrations that Flyway or Rails, which read those too, would take. */
const below = /^(?:[^/.][^/]*\/)+(?:(?:[VUB]\d[^/]*|R__[^/]*|(?:before|after|create)[A-Z][^/]*)\.(?:sql|java|kt|class|py|sh|bash|ps1|bat|cmd)|\d[^/]*_[^/]*\.rb)$/i;
/** Whether a path below the folder of migrations may be of some tool. */
function isReadBelow(path) {
	return isNested(path) || below.test(path);
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
/** The version that a path stands for, as `lineageOf` has it; `undefined` when its name has none. */
function versionOfPath(path) {
	const { name } = partsOfPath(path);
	return name === path.split("/").at(-1) ? named(asSql(name))?.version : folderVersion(name);
}
/** `20260102030405` of `2026-01-02-030405_add_email`: what stands before the first underscore, without its dashes. */
function folderVersion(name) {
	const digits = name.split("_")[0].replaceAll("-", "");
	return /^\d{1,19}$/.test(digits) ? BigInt(digits).toString() : void 0;
}
/** The version in a migration's id, as somebody types it. */
function versionOfId(id) {
	return /^\d{4}-\d\d-\d\d-\d{6}_/.test(id) ? folderVersion(id) : named(`${id}.sql`)?.version;
}
function named(fileName) {
	const flyway = flywayName(fileName);
	if (flyway === void 0) return numberedName(fileName);
	const { kind, id, description, version = lineageOf(repeatableVersion(description, "")) } = flyway;
	return kind === "undo" ? void 0 : {
		version,
		id
	};
}
/** A migration as somebody typed it, by its id or its version, as `lineageOf` has it; the file's ending does no harm. */
function readTyped(typed) {
	const word = typed.replace(/(?:(?:\.up)?\.sql|\.rb)$/i, "");
	const isVersion = /^\d{1,19}(?:\.\d{1,19})*$/.test(word);
	const version = isVersion ? comparedVersion(word) : versionOfId(word);
	return {
		word,
		version,
		isVersion: isVersion || version !== void 0 && isRepeatable({ version })
	};
}
/** Version, as `lineageOf` has it, and name of each path of a repository that a tool would take for a migration; a number stands there once a name. */
function numberedPaths(paths) {
	return paths.flatMap((path) => {
		const { name } = partsOfPath(path);
		if (path.endsWith(`/${name}`) || path === name) return named(asSql(name)) ?? [];
		const version = folderVersion(name);
		return version === void 0 ? [] : [{
			version,
			id: name
		}];
	});
}
/** Names count alike whatever language a migration is written in. */
function asSql(name) {
	return name.replace(/\.(?:go|rb)$/i, ".sql");
}
export { partsOfPath as a, flywayName as c, numberedPaths as i, isNested as n, readTyped as o, isReadBelow as r, versionOfPath as s, folderVersion as t };
