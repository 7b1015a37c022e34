import { bt as shownVersion, fn as messageOf, un as ReleaseError } from "./start.js";
import { $ as lastDeployed, Q as isRollback, et as newest } from "./migrations.js";
import { t as schemaChanges } from "./schema-note.js";
// src/commands/note-schema.ts
/** More than this is no list that somebody reads. */
const mostShown = 50;
/**
* Notes what the schema is made of when a run has ended, so that the next plan can tell what was changed by other hands.
* The migrations are applied by now: a note that cannot be taken fails nothing.
*/
async function noteSchema(database, table, hasRun, context) {
	if (context.signal.aborted) return;
	try {
		if (!hasRun && await database.state.lastSchema() !== void 0) return;
		await database.state.recordSchema(await database.schema(table));
	} catch (error) {
		context.log.warn(`what the schema is made of now was not noted, so the next plan cannot tell what changes outside Shiplock: ${messageOf(error)}`);
	}
}
/** Compares the schema with the newest note. Throws nothing that a plan would have to fail for. */
async function outsideChanges(database, table, lastRunAt) {
	try {
		const last = await database.state.lastSchema();
		if (last === void 0) return { problem: "no run has noted yet what the schema is made of" };
		if (lastRunAt !== void 0 && last.at < lastRunAt) return { problem: "the last run did not note what the schema was made of at its end" };
		const changes = schemaChanges(last.note, await database.schema(table));
		return { outside: {
			since: {
				release: last.release,
				at: last.at.toISOString()
			},
			count: changes.length,
			changes: changes.slice(0, mostShown)
		} };
	} catch (error) {
		return { problem: messageOf(error).replace(/\.$/, "") };
	}
}
// src/rollback/present.ts
/** The release that is live, as far as the history tells; after a rollback it does not. */
function liveRelease(history) {
	const deployed = lastDeployed(history);
	if (deployed === void 0) return void 0;
	return newest([deployed, ...history.filter((row) => isRollback(row, deployed))]) === deployed ? {
		release: deployed.release,
		commit: deployed.commit
	} : void 0;
}
/** What the order of the commits says. Throws `target-is-live` or `target-newer`. Returns what is worth a note. */
function refuseForward({ name, commit }, live, relation) {
	if (live === void 0) return "No release is recorded as live here, so that nothing says whether the target is older: \"shiplock record deployed\" notes it after each deploy.";
	if (relation === "same" || live.commit === void 0 && live.release === name) throw new ReleaseError("target-is-live", `${name} (${commit.slice(0, 12)}) is the release that is live.`, { hint: "Name the release to go back to with --to, such as the tag before it." });
	if (relation === "newer") throw new ReleaseError("target-newer", `${name} (${commit.slice(0, 12)}) is newer than ${live.release}, the release that is live.`, { hint: "A rollback goes to an older release. To go forward, deploy it as usual." });
	if (relation === "diverged") return `${name} and ${live.release} lie on different lines of commits, as a hotfix of either does.`;
	if (relation === "unknown") return `Whether ${name} is older than ${live.release} cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`;
}
/**
* Throws `half-applied` for files of which some statements have run, and no more: to apply them, or to take back what is
* still in the version table. Only a run that goes on with the way back of a version may find it so.
*/
function refuseHalfApplied(steps, applied, goesOnWith) {
	for (const [version, count] of steps) {
		if (version === goesOnWith && applied.has(version)) continue;
		if (applied.has(version)) throw halfTakenBack(version, count);
		throw new ReleaseError("half-applied", `Version ${shownVersion(version)} has run in part: ${count} of its statements ${count === 1 ? "has" : "have"} finished, and it is in no version table.`, { hint: "Finish it first: \"shiplock migrate\" from the checkout that holds it goes on after the last statement that finished." });
	}
}
function halfTakenBack(version, count) {
	return new ReleaseError("half-applied", `Version ${version} has been taken back in part: ${count} of the statements of its way back ${count === 1 ? "has" : "have"} finished, and it is still in the version table.`, { hint: `Finish it first: "shiplock rollback --shape down-one --migration ${version}", with the same target, goes on after the last statement that finished. If it was an attempt to run it that stopped, and somebody else finished that: shiplock ledger mark-applied --migration ${version} --reason "…"` });
}
export { outsideChanges as a, noteSchema as i, refuseForward as n, refuseHalfApplied as r, liveRelease as t };
