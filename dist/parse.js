import { r as __toESM } from "./rolldown-runtime.js";
import { t as ReleaseError } from "./errors.js";
import { n as utf16FromCodePoints } from "./position.js";
import { createHash } from "node:crypto";
// src/migration/layout.ts
/** A file's text. Throws `unreadable-file` when it is not UTF-8; a byte order mark is dropped. */
function textOf(file) {
	if (file.bytes.includes(0)) throw new ReleaseError("unreadable-file", `${file.path} holds a NUL character.`, { hint: "Save the file as plain UTF-8 text." });
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `${file.path} is not UTF-8 text.`, {
			hint: "Save the file as UTF-8.",
			cause
		});
	}
}
function checksumOf(file) {
	return createHash("sha256").update(file.bytes).digest("hex");
}
/** Version and id of `0007_name.sql`, or `undefined` when the name has no leading number. */
function numberedName(fileName) {
	const match = /^(\d{1,19})(?:[_-].*)?\.sql$/i.exec(fileName);
	if (match === null) return void 0;
	return {
		version: String(BigInt(match[1])),
		id: fileName.replace(/\.sql$/i, "")
	};
}
/** The next number in the folder's own width, or a time stamp when the folder uses time stamps. */
function nextVersion(existing, now) {
	const last = existing.reduce((newest, { version }) => newest === void 0 || BigInt(version) > BigInt(newest) ? version : newest, void 0);
	if (last !== void 0 && last.length >= 12) {
		const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
		return BigInt(stamp) > BigInt(last) ? stamp : String(BigInt(last) + 1n);
	}
	const width = existing.reduce((widest, { id }) => Math.max(widest, /^\d+/.exec(id)?.[0].length ?? 0), 0);
	return String(BigInt(last ?? "0") + 1n).padStart(width || 4, "0");
}
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
function loadParser() {
	loaded ??= import("./wasm.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1)).then(async (parser) => {
		await parser.loadModule();
		return parser;
	});
	return loaded;
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
export { nextVersion as a, checksumOf as i, parseStatements as n, numberedName as o, statementHeads as r, textOf as s, leadingBlank as t };
