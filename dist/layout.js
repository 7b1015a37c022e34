import { t as ReleaseError } from "./errors.js";
import { r as isRepeatable, t as byVersion } from "./migration.js";
import { createHash } from "node:crypto";
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
/** What a file of the layout is refused with; the problem follows its path. */
function invalidMigration(path, problem, hint) {
	return new ReleaseError("invalid-migration", `${path} ${problem}.`, {
		at: path,
		hint
	});
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
export { numberedName as a, nextVersion as i, countedEvidence as n, refuseByteOrderMark as o, invalidMigration as r, textOf as s, checksumOf as t };
