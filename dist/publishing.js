import { Jt as plural, un as ReleaseError } from "./start.js";
// src/migration/publishing.ts
/** Throws `publication-covers-state`. */
function refusePublished(publishing, allowed) {
	const refusal = publishedRefusal(publishing, allowed);
	if (refusal !== void 0) throw refusal;
}
/**
* `publication-covers-state` where the first row that Shiplock writes would stop a subscriber: logical
* replication ends at a table that the subscriber does not have, and begins again only when it is made there.
* https://www.postgresql.org/docs/current/logical-replication-conflicts.html
*/
function publishedRefusal(publishing, allowed) {
	const { publications, state, versions, subscriberSql } = publishing;
	if (allowed || publications.length === 0) return void 0;
	const tables = [...state, ...versions].map(({ schema, table }) => `${schema}.${table}`);
	const covers = `The ${publications.length === 1 ? "publication" : "publications"} ${publications.join(", ")} ${publications.length === 1 ? "covers" : "cover"}`;
	return new ReleaseError("publication-covers-state", `${covers} ${plural(tables.length, "table")} that Shiplock makes and writes (${tables.join(", ")}): the first row would stop every subscriber that does not have them.`, { hint: [
		"Nothing was created or written. Run this in every database that subscribes:",
		...subscriberSql.map((statement) => `  ${statement};`),
		"Then set publish-state: true.",
		...state.length === 0 ? [] : [outside(versions)]
	].join("\n") });
}
function outside(versions) {
	const rest = versions.map(({ schema, table }) => `${schema}.${table}`).join(", ");
	return `Or set history: store, which keeps the history in the store, outside the database${rest === "" ? "" : `; ${rest} stays in the database and needs the same SQL and publish-state: true all the same`}.`;
}
/** What has to be made on subscribers before a release, in a sentence; the tables and columns are the release's own. */
function newOnSubscribers({ takingNew, slots }, additions) {
	if (takingNew.length === 0 || slots.length === 0 || additions.length === 0) return void 0;
	return `${takingNew.join(", ")} publishes new tables too, and somebody subscribes (${slots.join(", ")}): make these on every subscriber before the release, else replication stops there at their first row: ${additions.join(", ")}`;
}
export { publishedRefusal as n, refusePublished as r, newOnSubscribers as t };
