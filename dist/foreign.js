import { n as visible } from "./visible-text.js";
// src/report/foreign.ts
/** Every way in which a line can end for a runner, a terminal or a browser. */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/**
* Text from a database, a log, a migration or a child process, as it may stand in a job's log: each of its lines
* has a bar in front, and none of it is a workflow command, whatever it holds.
*/
function foreign(text) {
	const lines = text.split(lineEnds);
	if (lines.length > 1 && lines.at(-1) === "") lines.pop();
	return lines.map((line) => `│ ${printable(line)}`.trimEnd()).join("\n");
}
/** A line of our own that may embed foreign text; `\n` stays a line end, and no line is a workflow command. */
function harmless(text) {
	return text.split(/\r?\n/).map((line) => printable(line).replace(/^(\s*)::/, "$1: :")).join("\n");
}
/** The runner looks for `##[` anywhere in a line. */
function printable(line) {
	return visible(line.replaceAll("	", "    ")).replaceAll("##[", "## [");
}
export { harmless as n, foreign as t };
