import { t as ReleaseError } from "./errors.js";
import { r as parseStatements } from "./parse.js";
import { t as isSameRelease } from "./release-name.js";
import { H as placeIn, I as appliedAttempts, L as lastDeployed, M as migrationsFor, R as newest } from "./migration-state.js";
import { n as touchedObjects, t as touchSame } from "./touched-objects.js";
// src/commands/waiver.ts
const waiverNames = ["waive", "reason"];
/** What a person waives for this run. Throws `invalid-input` when it lacks its reason, or the reason what it is for. */
function waiverOf(phase, { waive, reason }, { variables, run }) {
	if (waive === void 0 && reason === void 0) return void 0;
	if (waive === void 0 || reason === void 0) {
		const problem = waive === void 0 ? "A reason was given, and nothing that it is the reason for." : `waive: ${waive} needs a reason, which is kept in the history.`;
		throw new ReleaseError("invalid-input", problem, { hint: "Give both: --waive drill --reason \"why this run cannot wait for a drill\"." });
	}
	return {
		what: waive,
		phase,
		reason,
		by: variables.GITHUB_ACTOR || variables.USER || run.host
	};
}
/** A line for each waiver of this release so far. */
function waiversOf(history, { release, run }) {
	const name = {
		release,
		commit: run.commit
	};
	return history.flatMap((row) => row.event === "waived" && isSameRelease(row, name) ? [`${row.what} waived by ${row.by} on ${row.at.toISOString()} for phase ${row.phase}: ${row.reason}`] : []);
}
// src/migration/commit-order.ts
/**
* What a phase is measured against: the post phase belongs to the release that is live, the others come after whatever
* has run. `undefined` when no row names a commit.
*/
function commitSeen(history, phase) {
	const deployed = lastDeployed(history);
	const all = [...deployed === void 0 ? [] : [deployed], ...phase === "post" ? [] : appliedAttempts(history)];
	const last = newest(all.filter(({ commit }) => commit !== void 0));
	return last?.commit === void 0 ? void 0 : {
		commit: last.commit,
		release: last.release,
		at: last.at
	};
}
/**
* Throws `older-commit` when this checkout lies behind what has already run here, unless a reason allows it: an approval
* that waited too long, or a run started again. Returns what is worth a note.
*/
function refuseOlder({ relation, seen, current }, allowed) {
	const last = `${seen.commit.slice(0, 12)} (${seen.release}, ${seen.at.toISOString().slice(0, 19).replace("T", " ")} UTC)`;
	if (relation === "same" || relation === "newer") return void 0;
	if (relation === "unknown") return `Whether this checkout is older than ${last}, the commit that ran here last, cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`;
	if (relation === "diverged") return `This checkout is neither before nor after ${last}, the commit that ran here last: a hotfix branch or a rebase. Merge it into the main line before the next release.`;
	if (allowed !== void 0) return `This checkout is older than ${last}, the commit that ran here last; allowed: ${allowed}`;
	throw new ReleaseError("older-commit", `This checkout (${current?.slice(0, 12)}) is older than ${last}, the commit that ran here last.`, { hint: "Run the newer commit, or one after it. For a hotfix of an older release commit the fix on a branch from its tag: a branch with a commit of its own may run. When an older commit is really meant: allow-older with the reason." });
}
// src/migration/post-conflict.ts
/**
* Throws `post-debt` when a pending pre migration touches what a held-back post migration of a deployed release touches:
* they were written to run the other way round.
*/
async function refusePostConflicts(pre, debts) {
	if (pre.length === 0 || debts.length === 0) return;
	const pending = (await Promise.all(pre.map(touchesOf))).flat();
	for (const debt of debts) for (const late of await touchesOf(debt.migration)) {
		const early = pending.find((touch) => touchSame(touch.object, late.object));
		if (early === void 0) continue;
		throw new ReleaseError("post-debt", `${early.place} touches ${nameOf(early.object, late.object)}, and so does ${late.place}, which has been held back since ${debt.release} was deployed.`, {
			at: early.place,
			hint: `Run --phase post from the checkout of ${debt.release} first: the two were written to run in that order.`
		});
	}
}
/** A text that cannot be read here touches nothing that could be named; it is refused where it is to run. */
async function touchesOf(migration) {
	try {
		const parsed = await parseStatements(migration.up.text);
		if ("problem" in parsed) return [];
		return parsed.statements.flatMap((statement) => touchedObjects(statement).map((object) => ({
			object,
			place: placeIn(migration, migration.up, statement.start)
		})));
	} catch (error) {
		if (error instanceof ReleaseError) return [];
		throw error;
	}
}
/** The column is named when both are about it. */
function nameOf(one, other) {
	const column = one.removes || other.removes ? void 0 : [...one.columns ?? []].find((name) => other.columns?.has(name));
	return [
		one.schema ?? other.schema,
		one.relation ?? other.relation,
		column
	].filter((part) => part !== void 0).join(".");
}
// src/commands/run-decision.ts
/** Throws what keeps the phase from running: the rules of phases, a conflict with a held-back migration, an older commit. */
async function decideRun(phase, { plans, evidence, policy }, { "allow-older": reason }, context) {
	const { run, heldBack } = migrationsFor(phase, plans, evidence, policy);
	if (phase === "pre") await refusePostConflicts(run, plans.debts);
	const standing = run.length === 0 ? void 0 : await commitStanding(phase, evidence, context);
	const note = standing === void 0 ? void 0 : refuseOlder(standing, reason);
	return {
		run,
		heldBack,
		notes: note === void 0 ? [] : [note],
		older: standing?.relation === "older" && reason !== void 0 ? {
			reason,
			than: standing.seen.commit
		} : void 0
	};
}
async function commitStanding(phase, { history }, context) {
	const seen = commitSeen(history.rows, phase);
	return seen === void 0 ? void 0 : {
		seen,
		relation: await context.compareCommit(seen.commit),
		current: context.run.commit
	};
}
export { waiversOf as i, waiverNames as n, waiverOf as r, decideRun as t };
