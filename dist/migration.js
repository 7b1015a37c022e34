// src/migration/migration.ts
/** Whether a text of some checksum is the file, by its own or by what the version table keeps. */
function isFileOf({ checksum, kept }, ran) {
	return checksum === ran || kept === ran;
}
/**
* What stands for the number of a migration that has none and runs again whenever it was changed: an edit makes another
* version of it, which the ledger does not hold. The description is one word.
*/
function repeatableVersion(description, checksum) {
	return `R:${description}:${checksum}`;
}
function isRepeatable({ version }) {
	return version.startsWith("R:");
}
/** What stays the same however often a migration is edited: its number, or the name of a repeatable one. */
function lineageOf(version) {
	return isRepeatable({ version }) ? version.slice(0, version.lastIndexOf(":")) : version;
}
/** A version, or its lineage, as people know it: a number, or `R__totals` for what has none. */
function shownVersion(version) {
	return version.replace(/^R:(.*?)(?::-?\d*)?$/s, "R__$1");
}
/** Orders by number, never by text: 2 comes before 10, and 1.9 before 1.10; what is repeatable comes last, by its name. */
function byVersion(a, b) {
	if (isRepeatable(a) || isRepeatable(b)) return byName(a, b);
	const [ours, theirs] = [a.version.split("."), b.version.split(".")];
	for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
		const difference = BigInt(ours[index] ?? 0) - BigInt(theirs[index] ?? 0);
		if (difference !== 0n) return difference < 0n ? -1 : 1;
	}
	return 0;
}
function byName(a, b) {
	if (!isRepeatable(a) || !isRepeatable(b)) return isRepeatable(a) ? 1 : -1;
	const [ours = "", theirs = ""] = [a, b].map(({ version }) => lineageOf(version).replaceAll("_", " "));
	return ours === theirs ? 0 : ours < theirs ? -1 : 1;
}
/** `path:line:column` of an offset in one of the migration's texts. */
function placeIn(migration, text, offset) {
	const position = text.filePosition(migration.file, offset);
	return position === void 0 ? migration.path : `${migration.path}:${position.line}:${position.column}`;
}
export { placeIn as a, lineageOf as i, isFileOf as n, repeatableVersion as o, isRepeatable as r, shownVersion as s, byVersion as t };
