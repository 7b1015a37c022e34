import { $t as visible, Jt as plural, Qt as oneLine } from "./start.js";
// src/markdown.ts
/** GitHub takes 1 MiB a step and drops the whole summary when it is one byte longer. */
const summaryBudget = 921600;
/** Text between two places where GitHub would join them to a mention, a link or an emoji; it has no width. */
const gap = "&#8203;";
const entities = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"|": "&#124;",
	$: "&#36;"
};
/** Everything that Markdown, GitHub's additions or its filters (mentions, references, links, emoji, formulas) react to. */
const special = /[&<>|$]|[\\`*[\]~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|@|#(?=\d)|:(?=\/\/|[a-z+_-][\w+-]*:)|(?<=www)(?=\.)|(?<=\bGH)(?=-\d)/gi;
/** Text as inline Markdown, on one line, safe in a table cell: it shows what it says and does nothing else. */
function md(text) {
	return oneLine(text).replace(special, (found) => entities[found] ?? (/^[\\`*[\]~_]$/.test(found) ? `\\${found}` : found + gap)).replace(/^[-+=#]/, "\\$&").replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2");
}
/** A name or a value as inline code, safe in a table cell. A pipe has no form that is right both in and outside a table: then it is text. */
function code(text) {
	const line = oneLine(text);
	if (line === "" || line.includes("|")) return md(line);
	const fence = "`".repeat(longestRun(line) + 1);
	const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
	return fence + pad + line + pad + fence;
}
/** Several lines as a block of code. */
function codeBlock(text, language = "") {
	const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
	const lines = text.split(/\r?\n/).map((line) => visible(line.replaceAll("	", "    ")));
	return [
		fence + (/^[a-z]+$/.test(language) ? language : ""),
		...lines,
		fence
	].join("\n");
}
/** A quoted label for a Mermaid chart: few signs of ASCII, 40 at most, and never empty, which Mermaid rejects. */
function label(text) {
	const plain = oneLine(text).replace(/[^A-Za-z0-9 ._/+-]/gu, "_");
	return `"${plain.length > 40 ? `${plain.slice(0, 37)}...` : plain || "-"}"`;
}
/** A table of cells that are escaped already; each row has as many cells as there are headers. */
function table(headers, rows) {
	const line = (cells) => `| ${headers.map((_, column) => cells[column] ?? "").join(" | ")} |`;
	return [
		line(headers),
		`|${headers.map(() => " --- |").join("")}`,
		...rows.map(line)
	].join("\n");
}
/** A folded part; the title is text, the body Markdown. */
function folded(title, body) {
	const html = oneLine(title).replace(/[&<>]/g, (sign) => entities[sign]);
	return {
		...body,
		before: `<details><summary>${html}</summary>\n\n${body.before}`,
		after: [body.after, "</details>"].filter((part) => part !== void 0).join("\n\n")
	};
}
/** The page in at most so many bytes of UTF-8. What is left out is counted in the place where it would stand. */
function withinBudget(sections, bytes = summaryBudget) {
	const notice = size(leftOut(sections.length, "section")) + 2;
	let left = sections.reduce((sum, section) => sum + fixedSize(section), 0) <= bytes ? bytes : bytes - notice;
	const kept = [];
	for (const section of sections) {
		if (fixedSize(section) > left) break;
		left -= fixedSize(section);
		kept.push(section);
	}
	const parts = kept.map((section) => {
		const rows = rowsWithin(section.rows ?? [], left);
		left -= rows.reduce((sum, row) => sum + size(row) + 1, 0);
		return print(section, rows);
	});
	if (kept.length < sections.length) parts.push(leftOut(sections.length - kept.length, "section"));
	return parts.join("\n\n");
}
function print({ before, rows = [], after }, kept) {
	const cut = rows.length === kept.length ? void 0 : leftOut(rows.length - kept.length, "row");
	return [
		[before, ...kept].join("\n"),
		cut,
		after
	].filter((part) => part !== void 0).join("\n\n");
}
/** What a section takes when all of its rows are left out. */
function fixedSize(section) {
	return size(print(section, [])) + 2;
}
function rowsWithin(rows, bytes) {
	let used = 0;
	for (const [index, row] of rows.entries()) {
		used += size(row) + 1;
		if (used > bytes) return rows.slice(0, index);
	}
	return rows;
}
function leftOut(count, thing) {
	return `**${plural(count, `more ${thing}`)}** left out here; the JSON result holds all of them.`;
}
function longestRun(text) {
	let longest = 0;
	for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
	return longest;
}
function size(text) {
	return Buffer.byteLength(text);
}
export { md as a, label as i, codeBlock as n, table as o, folded as r, withinBudget as s, code as t };
