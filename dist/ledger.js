// src/migration/ledger.ts
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
export { quoteText as a, quoteTable as i, quoteName as n, quoteRelation as r, butNot as t };
