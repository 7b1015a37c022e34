import { t as compactStamp } from "./units.js";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
// src/backup/key.ts
/** With both labels, the stamp and an ending a file name stays below the 255 bytes that file systems allow. */
const longestLabel = 80;
/** A text as a part of a key: when anything had to be replaced, a hash keeps two different texts apart. */
function keyLabel(text) {
	const label = text.replace(/[^A-Za-z0-9._-]/gu, "-").slice(0, longestLabel);
	return label === text && !(label === "" || label === "." || label === "..") ? label : `${label}-${sha256(text).slice(0, 6)}`;
}
function sha256(text) {
	return createHash("sha256").update(text).digest("hex");
}
// src/backup/record.ts
/** Keeps a command's result in the store, under the commit that it ran for. Records are never overwritten. */
async function keepResult(entry, place) {
	const { project, environment, run, name } = place;
	const key = [
		project,
		"records",
		run.commit ?? "no-commit",
		environment,
		`${compactStamp(place.at)}-${name}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`
	].join("/");
	await place.store.put(key, Readable.from([`${JSON.stringify(entry, void 0, 2)}\n`]), AbortSignal.any([]));
}
export { keepResult };
