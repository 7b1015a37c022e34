// src/migration/ledger.ts
/** The scope of one of a run's tables. */
function scopeOf({ project, versions = [] }, phase) {
	return {
		project,
		versions: versions.filter((one) => phase === void 0 || one.phase === phase).map(({ version }) => version)
	};
}
/** The head of a table whose rows are versions, with or without a mark that one did not end; a look from outside makes the same text. */
function headOfVersions(from) {
	return `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(pg_catalog.concat(t.version, case pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'dirty' when 'true' then ' dirty' end), ',' order by t.version::pg_catalog.text collate pg_catalog."C"), 'UTF8')), 'hex')) from ${from}`;
}
/** How somebody says that a migration which began is all there, or that nothing of it is. */
function clearDirtyCommand(version) {
	return `shiplock ledger clear-dirty --migration ${version} --settle-as applied --reason "…", or --settle-as reverted`;
}
/** A condition that leaves versions out. */
function butNot(column, versions) {
	return versions.length === 0 ? "true" : `${column} not in (${versions.map(quoteText).join(", ")})`;
}
function quoteName(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
/** A name as a statement writes it: without a schema the session's search path finds it. */
function quoteRelation({ schema, name }) {
	return schema === void 0 ? quoteName(name) : quoteTable({
		schema,
		table: name
	});
}
function quoteTable({ schema, table }) {
	return `${quoteName(schema)}.${quoteName(table)}`;
}
/** A string constant that reads the same whatever `standard_conforming_strings` says. */
function quoteText(text) {
	const quoted = text.replaceAll("'", "''");
	return quoted.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}
export { quoteRelation as a, scopeOf as c, quoteName as i, clearDirtyCommand as n, quoteTable as o, headOfVersions as r, quoteText as s, butNot as t };
