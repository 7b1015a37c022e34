// src/migration/ledger.ts
function quoteName(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
function quoteTable({ schema, table }) {
	return `${quoteName(schema)}.${quoteName(table)}`;
}
/** A string constant that reads the same whatever `standard_conforming_strings` says. */
function quoteText(text) {
	const quoted = text.replaceAll("'", "''");
	return quoted.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}
export { quoteTable as n, quoteText as r, quoteName as t };
