import { t as ReleaseError } from "./errors.js";
import { createHash } from "node:crypto";
// src/migration/migration.ts
/** Whether a text of some checksum is the file, by its own or by what the version table keeps. */
function isFileOf({ checksum, kept }, ran) {
	return checksum === ran || kept === ran;
}
/**
* What stands for the number of a migration that has none and runs again whenever it was changed: an edit makes another
* version of it, which the ledger does not hold. The description is one word.
*/
function repeatableVersion(description, checksum) {
	return `R:${description}:${checksum}`;
}
function isRepeatable({ version }) {
	return version.startsWith("R:");
}
/** What stays the same however often a migration is edited: its number, or the name of a repeatable one. */
function lineageOf(version) {
	return isRepeatable({ version }) ? version.slice(0, version.lastIndexOf(":")) : version;
}
/** A version, or its lineage, as people know it: a number, or `R__totals` for what has none. */
function shownVersion(version) {
	return version.replace(/^R:(.*?)(?::-?\d*)?$/s, "R__$1");
}
/** Orders by number, never by text: 2 comes before 10, and 1.9 before 1.10; what is repeatable comes last, by its name. */
function byVersion(a, b) {
	if (isRepeatable(a) || isRepeatable(b)) return byName(a, b);
	const [ours, theirs] = [a.version.split("."), b.version.split(".")];
	for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
		const difference = BigInt(ours[index] ?? 0) - BigInt(theirs[index] ?? 0);
		if (difference !== 0n) return difference < 0n ? -1 : 1;
	}
	return 0;
}
function byName(a, b) {
	if (!isRepeatable(a) || !isRepeatable(b)) return isRepeatable(a) ? 1 : -1;
	const [ours = "", theirs = ""] = [a, b].map(({ version }) => lineageOf(version).replaceAll("_", " "));
	return ours === theirs ? 0 : ours < theirs ? -1 : 1;
}
/** `path:line:column` of an offset in one of the migration's texts. */
function placeIn(migration, text, offset) {
	const position = text.filePosition(migration.file, offset);
	return position === void 0 ? migration.path : `${migration.path}:${position.line}:${position.column}`;
}
// src/migration/layout.ts
/** A file's text. Throws `unreadable-file` when it is not UTF-8; a byte order mark is dropped. */
function textOf(file) {
	if (file.bytes.includes(0)) throw new ReleaseError("unreadable-file", `${file.path} holds a NUL character.`, { hint: "Save the file as plain UTF-8 text." });
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `${file.path} is not UTF-8 text.`, {
			hint: "Save the file as UTF-8.",
			cause
		});
	}
}
function checksumOf(file) {
	return createHash("sha256").update(file.bytes).digest("hex");
}
/** Version and id of `0007_name.sql`, or `undefined` when the name has no leading number. */
function numberedName(fileName) {
	const match = /^(\d{1,19})(?:[_-].*)?\.sql$/i.exec(fileName);
	if (match === null) return void 0;
	return {
		version: String(BigInt(match[1])),
		id: fileName.replace(/\.sql$/i, "")
	};
}
/** "12 of 12 files carry -- +goose Up"; `undefined` when none does. */
function countedEvidence(found, all, what) {
	return found === 0 ? void 0 : `${found} of ${all} files ${what}`;
}
/** Throws where the tool takes a byte order mark for a part of the first line. */
function refuseByteOrderMark(file, tool) {
	if (!Buffer.from(file.bytes.subarray(0, 3)).equals(Buffer.from("﻿"))) return;
	const at = `${file.path}:1:1`;
	throw new ReleaseError("invalid-migration", `${at} begins with a byte order mark, which ${tool} takes for a part of the first line.`, {
		at,
		hint: "Save the file as UTF-8 without a byte order mark."
	});
}
/** The next number in the folder's own width, or a time stamp when the folder uses time stamps; of a version with points the next last part. */
function nextVersion(existing, now, byTime = false) {
	const numbered = existing.filter((one) => !isRepeatable(one));
	const parts = numbered.toSorted(byVersion).at(-1)?.version.split(".") ?? [];
	const last = parts.pop();
	if (last !== void 0 && parts.length > 0) return [...parts, BigInt(last) + 1n].join(".");
	const width = numbered.reduce((widest, { id }) => Math.max(widest, /^V?(\d+)/.exec(id)?.[1]?.length ?? 0), 0);
	if (last === void 0 ? byTime : last.length >= 12 || width === 14) {
		const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
		return BigInt(stamp) > BigInt(last ?? 0) ? stamp : String(BigInt(last ?? 0) + 1n);
	}
	return String(BigInt(last ?? "0") + 1n).padStart(width || 4, "0");
}
export { refuseByteOrderMark as a, isFileOf as c, placeIn as d, repeatableVersion as f, numberedName as i, isRepeatable as l, countedEvidence as n, textOf as o, shownVersion as p, nextVersion as r, byVersion as s, checksumOf as t, lineageOf as u };
