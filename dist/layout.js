import { t as ReleaseError } from "./errors.js";
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
/** Number and name of each path of a repository that a tool would take for a migration; a number stands there once a name. */
function numberedPaths(paths) {
	return paths.flatMap((path) => numberedName(path.split("/").at(-1).replace(/\.go$/i, ".sql")) ?? []);
}
/** The next number in the folder's own width, or a time stamp when the folder uses time stamps. */
function nextVersion(existing, now) {
	const last = existing.reduce((newest, { version }) => newest === void 0 || BigInt(version) > BigInt(newest) ? version : newest, void 0);
	if (last !== void 0 && last.length >= 12) {
		const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
		return BigInt(stamp) > BigInt(last) ? stamp : String(BigInt(last) + 1n);
	}
	const width = existing.reduce((widest, { id }) => Math.max(widest, /^\d+/.exec(id)?.[0].length ?? 0), 0);
	return String(BigInt(last ?? "0") + 1n).padStart(width || 4, "0");
}
export { textOf as a, numberedPaths as i, nextVersion as n, numberedName as r, checksumOf as t };
