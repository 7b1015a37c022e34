import { Gt as formatMoment, Jt as plural, Wt as formatDuration, un as ReleaseError } from "./start.js";
// src/backup/preflight.ts
const shown = 5;
/** Throws `insufficient-rights` for what pg_dump would refuse after minutes, or what rows would be missing for. */
function refuseObstacles(obstacles, description) {
	const { role, unreadable, largeObjects, filtered } = obstacles;
	if (filtered.length > 0) {
		const tables = filtered.map(({ table, owner, forced }) => `${table} (of ${owner}${forced ? ", forced" : ""})`);
		throw new ReleaseError("insufficient-rights", `${description}: row-level security would hide rows of ${plural(filtered.length, "table")} from ${role}: ${some(tables)}.`, { hint: `A superuser runs: alter role ${role} bypassrls. Back up as a role with BYPASSRLS${filtered.some(({ forced }) => forced) ? "" : ", or as the owner"}: otherwise rows would be missing.` });
	}
	if (unreadable.length > 0) throw new ReleaseError("insufficient-rights", `${description}: permission denied; ${role} may not read ${plural(unreadable.length, "object")}: ${some(unreadable)}.`, { hint: `A DBA runs: grant pg_read_all_data to ${role} (PostgreSQL 14 and newer), or the backup is made as the owner.` });
	if (largeObjects.length > 0) throw new ReleaseError("insufficient-rights", `${description}: permission denied; ${role} may not read ${plural(largeObjects.length, "large object")}: ${some(largeObjects)}.`, { hint: `Not even pg_read_all_data covers them. Their owner runs for each: grant select on large object … to ${role}.` });
}
/** What does not keep a dump from being made. */
function preflightWarnings({ otherDumps, unlogged }, facts) {
	const warnings = [];
	if (facts.encoding === "SQL_ASCII") warnings.push("the encoding of the database is SQL_ASCII: nothing says what its bytes mean, and a copy in another encoding may restore without an error and be unreadable");
	if (facts.inRecovery) warnings.push("the server is a standby: the lock that keeps backup and migrate apart is not shared with its primary");
	if (unlogged.length > 0) warnings.push(`a standby cannot read what is unlogged; the dump holds no rows of ${some(unlogged)}`);
	if (otherDumps.length > 0) {
		const others = otherDumps.map(({ pid, user, since }) => `process ${pid}${user === null ? "" : ` of ${user}`}${since === null ? "" : ` since ${formatMoment(since)}`}`);
		warnings.push(`another pg_dump reads this database: ${some(others)}`);
	}
	return warnings;
}
/** Throws `backup-failed` for a standby that is too far behind. A primary has no lag, and no check. */
function standbyChecks({ inRecovery, lagMs }, maxLagMs) {
	if (!inRecovery) return [];
	const value = lagMs === void 0 ? "unknown" : formatDuration(lagMs);
	if (maxLagMs === void 0) return [{
		id: "standby-lag",
		status: "not-checked",
		value,
		message: "max-standby-lag was not given"
	}];
	const limit = formatDuration(maxLagMs);
	if (lagMs !== void 0 && lagMs <= maxLagMs) return [{
		id: "standby-lag",
		status: "pass",
		value,
		limit
	}];
	throw new ReleaseError("backup-failed", lagMs === void 0 ? "The standby cannot tell how far it is behind its primary; nothing was dumped." : `The standby is ${value} behind its primary, where ${limit} are allowed; nothing was dumped.`, { hint: "Wait until it has caught up, dump the primary, or allow more with max-standby-lag. Only a member of pg_read_all_stats can tell a standby that lags from one whose primary is idle." });
}
function some(names) {
	const rest = names.length - shown;
	return names.slice(0, shown).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
export { refuseObstacles as n, standbyChecks as r, preflightWarnings as t };
