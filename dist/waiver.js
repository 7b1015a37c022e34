import { t as ReleaseError } from "./errors.js";
import { t as isSameRelease } from "./release-name.js";
// src/commands/waiver.ts
const waiverNames = ["waive", "reason"];
/** What a person waives for this run. Throws `invalid-input` when it lacks its reason, or the reason what it is for. */
function waiverOf(phase, { waive, reason }, context) {
	if (waive === void 0 && reason === void 0) return void 0;
	if (waive === void 0 || reason === void 0) {
		const problem = waive === void 0 ? "A reason was given, and nothing that it is the reason for." : `waive: ${waive} needs a reason, which is kept in the history.`;
		throw new ReleaseError("invalid-input", problem, { hint: "Give both: --waive drill --reason \"why this run cannot wait for a drill\"." });
	}
	return {
		what: waive,
		phase,
		reason,
		by: startedBy(context)
	};
}
/** Who is known to have started the run: an account, else a machine. */
function startedBy({ variables, run }) {
	return variables.GITHUB_ACTOR || variables.USER || run.host;
}
/** A line for each waiver of this release so far. */
function waiversOf(history, { release, run }) {
	const name = {
		release,
		commit: run.commit
	};
	return history.flatMap((row) => row.event === "waived" && isSameRelease(row, name) ? [`${row.what} waived by ${row.by} on ${row.at.toISOString()} for phase ${row.phase}: ${row.reason}`] : []);
}
export { waiversOf as i, waiverNames as n, waiverOf as r, startedBy as t };
