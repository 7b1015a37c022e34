import { Ht as compactStamp } from "./start.js";
import { Wt as keyLabel } from "./migrations.js";
import { Readable } from "node:stream";
// src/backup/record.ts
/** Keeps a command's result in the store, under the commit that it ran for. Records are never overwritten. */
async function keepResult(entry, place) {
	const { project, environment, run, name } = place;
	const file = `${compactStamp(place.at)}-${name}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`;
	const key = recordsPrefix(project, run.commit ?? "no-commit", environment) + file;
	const record = {
		...entry,
		run: {
			id: run.id,
			attempt: run.attempt,
			...run.by
		}
	};
	await place.store.put(key, Readable.from([`${JSON.stringify(record, void 0, 2)}\n`]), AbortSignal.any([]));
}
/** What the keys of all results start with that ran for a commit in an environment. */
function recordsPrefix(project, commit, environment) {
	return `${[
		project,
		"records",
		commit,
		environment
	].join("/")}/`;
}
export { recordsPrefix as n, keepResult as t };
