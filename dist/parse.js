import { n as utf16FromCodePoints } from "./position.js";
import { setFlagsFromString } from "node:v8";
// src/sql/parse.ts
let loaded;
/**
* Splits a text into statements with PostgreSQL's own parser (the newest dialect).
* Returns the problem instead when the parser does not accept the text.
*/
async function parseStatements(text) {
	if (/^\s*$/.test(text)) return { statements: [] };
	const parser = await loadParser();
	try {
		const { stmts = [] } = parser.parseSync(text);
		return { statements: locate(stmts, text) };
	} catch (error) {
		if (error instanceof RangeError) return { problem: {
			message: "it is nested too deeply",
			offset: 0
		} };
		const details = error.sqlDetails;
		if (details === void 0) throw error;
		const offset = utf16FromCodePoints(text, Math.max(0, details.cursorPosition));
		return { problem: {
			message: details.message,
			offset
		} };
	}
}
/** The first word of each statement, in lower case, found without a grammar; empty when even that fails. */
async function statementHeads(text) {
	const parser = await loadParser();
	try {
		const tokens = parser.scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName));
		return tokens.filter((_, index) => index === 0 || tokens[index - 1]?.text === ";").map((token) => token.text.toLowerCase());
	} catch {
		return [];
	}
}
/** The words of a text that the parser accepts, without its comments. */
async function scanTokens(text) {
	return (await loadParser()).scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName));
}
/** The comments of a text, by their bytes; none where the scanner stops at an error. */
async function scanComments(text) {
	const parser = await loadParser();
	try {
		return parser.scanSync(text).tokens.filter((token) => /COMMENT/.test(token.tokenName));
	} catch {
		return [];
	}
}
/** What PL/pgSQL's own parser makes of a DO block or of CREATE FUNCTION; `undefined` when it does not read it. */
async function parsePlpgsql(sql) {
	const parser = await loadParser();
	try {
		return parser.parsePlPgSQLSync(sql);
	} catch {
		return;
	}
}
/** As `scanTokens`, at once: only for text beside a statement that was parsed, since that loads the parser. */
function tokensOf(text) {
	const known = scanned.get(text);
	if (known !== void 0) return known;
	const tokens = scanTokensNow(text);
	if (ready === void 0 || text.length > longestKept) return tokens;
	if (scanned.size >= mostScanned) scanned.clear();
	scanned.set(text, tokens);
	return tokens;
}
/** Several rules look at the words of one statement, and most names come again. */
const scanned = /* @__PURE__ */ new Map();
const mostScanned = 1e3;
const longestKept = 2e3;
function scanTokensNow(text) {
	return (ready?.scanSync(text).tokens ?? []).filter(({ tokenName }) => !/COMMENT/.test(tokenName)).map(({ text, start, end, keywordKind, tokenName }) => ({
		text,
		start,
		end,
		keywordKind,
		isIdentifier: tokenName === "IDENT"
	}));
}
let ready;
/** Begins to load the parser; whoever needs it soon does so early, since it is compiled beside other work. */
function warmParser() {
	loadParser().catch(() => {});
}
function loadParser() {
	loaded ??= import("./wasm.js").then(async (parser) => {
		compileOnce();
		await parser.loadModule();
		ready = parser;
		return parser;
	});
	return loaded;
}
/**
* V8 would compile the two largest functions of the parser again after a few statements, with its optimizing compiler:
* that takes longer than parsing thousands of files does without, and the program cannot end before it has ended.
*/
function compileOnce() {
	for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
}
/** Turns the parser's byte offsets into UTF-16 units, walking the text once. */
function locate(raws, text) {
	const bytes = Buffer.from(text, "utf8");
	let byteAt = 0;
	let at = 0;
	const advance = (to) => {
		at += bytes.toString("utf8", byteAt, to).length;
		byteAt = to;
		return at;
	};
	return raws.map((raw) => {
		const from = raw.stmt_location ?? 0;
		const begin = advance(from);
		const piece = text.slice(begin, advance(raw.stmt_len ? from + raw.stmt_len : bytes.length));
		return {
			start: begin + leadingBlank(piece),
			end: begin + piece.trimEnd().length,
			node: raw.stmt
		};
	});
}
/** A statement without the white space, comments and semicolons behind it, so that something can be written there. */
function withoutEnd(sql) {
	const trimmed = sql.trimEnd();
	if (!/--|(?:\*\/|;)$/.test(trimmed)) return trimmed;
	const last = tokensOf(trimmed).findLast(({ text }) => text !== ";");
	return last === void 0 ? trimmed : Buffer.from(trimmed).toString("utf8", 0, last.end);
}
/** Length of the white space and comments before a statement; block comments nest in PostgreSQL. */
function leadingBlank(text) {
	let index = 0;
	while (index < text.length) if (/\s/.test(text[index])) index++;
	else if (text.startsWith("--", index)) index = endOfLine(text, index);
	else if (text.startsWith("/*", index)) index = endOfBlock(text, index);
	else break;
	return index;
}
function endOfLine(text, from) {
	const end = text.indexOf("\n", from);
	return end < 0 ? text.length : end + 1;
}
function endOfBlock(text, from) {
	let depth = 0;
	for (let index = from; index < text.length; index++) if (text.startsWith("/*", index)) {
		depth++;
		index++;
	} else if (text.startsWith("*/", index)) {
		depth--;
		index++;
		if (depth === 0) return index + 1;
	}
	return text.length;
}
export { scanTokens as a, warmParser as c, scanComments as i, withoutEnd as l, parsePlpgsql as n, statementHeads as o, parseStatements as r, tokensOf as s, leadingBlank as t };
