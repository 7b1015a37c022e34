import { t as compactStamp } from "./units.js";
import { u as keyLabel } from "./key.js";
import { Readable } from "node:stream";
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
