// src/migration/ledger.ts
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
export { quoteText as i, quoteRelation as n, quoteTable as r, quoteName as t };
