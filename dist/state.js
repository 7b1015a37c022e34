import { t as ReleaseError } from "./errors.js";
// src/migration/state.ts
/** What the version table says of an attempt that was left open. */
function closedState(isReversal, isInTable) {
	if (isReversal) return isInTable ? "not-reverted" : "reverted";
	return isInTable ? "applied-unreported" : "not-applied";
}
/** Two histories of one environment would each know half of what ran. Throws `history-elsewhere`. */
function refuseElsewhere(elsewhere, { home, place }) {
	if (elsewhere === void 0) return;
	const kept = home === "store" ? "database" : "store";
	throw new ReleaseError("history-elsewhere", `The history of this environment is kept in ${elsewhere}; this run would begin one in ${place}.`, { hint: `Set history: ${kept}, as the earlier runs had it. Where the history lives is decided by the first run, and it is not moved.` });
}
function stampChanged() {
	return new ReleaseError("wrong-database", "The stamp was changed by another run while this one looked at it; nothing was changed here.", { hint: "Run the same command again: it shows what the stamp says now." });
}
export { refuseElsewhere as n, stampChanged as r, closedState as t };
