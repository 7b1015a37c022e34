import { a as plural } from "./units.js";
import { t as describeCommand } from "./describe-command.js";
import { n as harmless, r as oneLine } from "./foreign.js";
// src/report/terminal.ts
/** More rows than this scroll the verdict away; the JSON result holds all. */
const mostRows = 200;
const mostFoldedRows = 10;
const codes = {
	green: 32,
	red: 31,
	yellow: 33,
	grey: 90,
	bold: 1
};
const signColors = {
	"✔": "green",
	"✖": "red",
	"?": "yellow",
	"–": "grey"
};
/** What a person reads in the terminal or the job's log when the commands have ended. */
function renderTerminal(result, { color }) {
	return `${result.commands.map((command) => linesOf(describeCommand(command))).map((lines) => lines.map((line) => paint(line, color)).join("\n")).join("\n\n")}\n`;
}
function linesOf(report) {
	const { sign, word, what, reason, facts, tables, folded, notes, footer } = report;
	return [
		{
			text: `${sign} ${word}  ${oneLine(what)}`,
			color: signColors[sign]
		},
		...reason === void 0 ? [] : [{
			text: reason,
			color: "bold"
		}],
		...tables.flatMap((table) => tableLines(table, mostRows)),
		...facts.length === 0 ? [] : [{ text: "" }, ...columns(facts.map(([name, value]) => [name, plain(value)])).map((text) => ({ text }))],
		...notes.length === 0 ? [] : [{ text: "" }, ...notes.map((text) => ({ text }))],
		...folded.flatMap((table) => tableLines(table, mostFoldedRows)),
		...errorLines(report),
		{ text: "" },
		{
			text: footer.map(oneLine).join(" · "),
			color: "grey"
		}
	];
}
function tableLines({ title, headers, rows }, most) {
	const shown = rows.slice(0, most);
	const [head, ...body] = columns([headers, ...shown.map((row) => row.map(plain))]);
	const rest = rows.length - shown.length;
	return [
		{ text: "" },
		{
			text: title,
			color: "bold"
		},
		{
			text: head,
			color: "grey"
		},
		...body.map((text) => ({ text })),
		...rest === 0 ? [] : [{ text: `  … ${plural(rest, "more row")} in the JSON result` }]
	];
}
function errorLines({ error, sign }) {
	if (error === void 0) return [];
	return [
		{ text: "" },
		{
			text: `${sign} ${error.code}  ${indented(error.message)}`,
			color: signColors[sign]
		},
		...error.at === void 0 ? [] : [{ text: `  at    ${oneLine(error.at)}` }],
		...error.hint === void 0 ? [] : [{ text: `  Next  ${indented(error.hint)}` }],
		{ text: `  see docs/errors.md#${error.code}` }
	];
}
/** Further lines of a text stand below its first. */
function indented(text) {
	return text.trim().split(/\r?\n/).join("\n    ");
}
/** Rows with each column as wide as its widest cell; the last column ends where its text ends. */
function columns(rows) {
	const widths = (rows[0] ?? []).map((_, column) => rows.reduce((widest, row) => Math.max(widest, width(row[column] ?? "")), 0));
	return rows.map((row) => `  ${widths.map((size, column) => (row[column] ?? "") + " ".repeat(size - width(row[column] ?? ""))).join("  ")}`.trimEnd());
}
function plain(cell) {
	return oneLine(typeof cell === "string" ? cell : cell.code);
}
function width(text) {
	return [...text].length;
}
function paint({ text, color }, colored) {
	const safe = harmless(text);
	if (!colored || color === void 0 || safe === "") return safe;
	return safe.replace(/^.+$/gm, (line) => `\u001b[${codes[color]}m${line}\u001b[0m`);
}
export { renderTerminal };
