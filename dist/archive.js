import { ft as startChild } from "./start.js";
import { t as tableKey } from "./table-key.js";
import { En as quoteTable } from "./migrations.js";
import { t as serverAccount } from "./server-account.js";
import { r as toolEnvironment } from "./tools.js";
import { join } from "node:path";
import { TextDecoder } from "node:util";
import { finished } from "node:stream/promises";
// src/adapters/postgres/encodings.ts
/**
* Reads text in an encoding that a server can have, by its name in PostgreSQL; `undefined` where this runtime has no words for it.
* SQL_ASCII is no encoding: such text is read like everything else that comes from such a server.
*/
function textDecoderOf(encoding) {
	const label = labels[encoding.toUpperCase()];
	return label === void 0 ? void 0 : new TextDecoder(label);
}
/** https://www.postgresql.org/docs/current/multibyte.html and https://encoding.spec.whatwg.org/#names-and-labels */
const labels = {
	UTF8: "utf-8",
	SQL_ASCII: "utf-8",
	EUC_CN: "gbk",
	EUC_JP: "euc-jp",
	EUC_KR: "euc-kr",
	ISO_8859_5: "iso-8859-5",
	ISO_8859_6: "iso-8859-6",
	ISO_8859_7: "iso-8859-7",
	ISO_8859_8: "iso-8859-8",
	KOI8R: "koi8-r",
	KOI8U: "koi8-u",
	LATIN1: "iso-8859-1",
	LATIN2: "iso-8859-2",
	LATIN3: "iso-8859-3",
	LATIN4: "iso-8859-4",
	LATIN5: "iso-8859-9",
	LATIN6: "iso-8859-10",
	LATIN7: "iso-8859-13",
	LATIN8: "iso-8859-14",
	LATIN9: "iso-8859-15",
	WIN866: "ibm866",
	WIN874: "windows-874",
	WIN1250: "windows-1250",
	WIN1251: "windows-1251",
	WIN1252: "windows-1252",
	WIN1253: "windows-1253",
	WIN1254: "windows-1254",
	WIN1255: "windows-1255",
	WIN1256: "windows-1256",
	WIN1257: "windows-1257",
	WIN1258: "windows-1258"
};
// src/adapters/postgres/archive-rows.ts
const [newline, semicolon, quote, doubleQuote, dash, dot, backslash] = [...Buffer.from("\n;'\"-.\\")];
/** What stands between the rows is short; a large object comes in statements of some tens of kilobytes. */
const longestStatement = 1048576;
/**
* Counts the rows of every table in what `pg_restore --section=data` prints. The rows themselves are never turned into
* text: each is one line, whatever it holds, and the line `\.` ends them.
*/
var ArchiveRowCounter = class {
	#rows = /* @__PURE__ */ new Map();
	#readable = true;
	#decoder = textDecoderOf("UTF8");
	/** The beginning of something whose end has not come yet. */
	#rest = Buffer.alloc(0);
	/** Whose rows are coming; none between two tables. */
	#table;
	#count = 0;
	#inRow = false;
	/** The table as the comment above it names it, and whether its rows are printed under its parent's name. */
	#announced = "";
	#viaRoot = false;
	write(chunk) {
		if (!this.#readable) return;
		const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		let at = 0;
		for (let before = -1; at !== before && at < bytes.length;) {
			before = at;
			at = this.#table === void 0 ? this.#readStatement(bytes, at) : this.#readRows(bytes, at);
		}
		this.#rest = bytes.subarray(at);
		if (this.#rest.length > longestStatement) this.#readable = false;
	}
	/** `undefined` when names were in an encoding that cannot be read here, or the text was not what is expected. */
	result() {
		return this.#readable ? this.#rows : void 0;
	}
	#readRows(bytes, from) {
		for (let at = from; at < bytes.length;) {
			if (!this.#inRow && bytes[at] === backslash) {
				if (at + 1 === bytes.length) return at;
				if (bytes[at + 1] === dot) return this.#endRows(at + 2);
			}
			const end = bytes.indexOf(newline, at);
			this.#inRow = end < 0;
			if (end < 0) return bytes.length;
			this.#count++;
			at = end + 1;
		}
		return bytes.length;
	}
	#endRows(at) {
		const table = this.#table;
		this.#rows.set(table, (this.#rows.get(table) ?? 0) + this.#count);
		this.#table = void 0;
		return at;
	}
	#readStatement(bytes, from) {
		const start = skipSpace(bytes, from);
		const end = bytes[start] === dash || bytes[start] === backslash ? bytes.indexOf(newline, start) : endOfStatement(bytes, start);
		if (end < 0 || start === bytes.length) return start;
		this.#take(bytes.subarray(start, end));
		return end + 1;
	}
	#take(statement) {
		const opening = statement.toString("latin1", 0, 30);
		if (opening.startsWith("-- Data for Name: ")) {
			this.#announced = this.#read(statement);
			this.#viaRoot = false;
		} else if (opening.startsWith("-- load via partition root ")) this.#viaRoot = true;
		else if (opening.startsWith("SET client_encoding = ")) this.#decoder = textDecoderOf(statement.toString("latin1").split("'")[1] ?? "");
		else if (opening.startsWith("COPY ")) this.#beginRows(this.#read(statement));
	}
	#beginRows(statement) {
		const copied = /^COPY ((?:"(?:[^"]|"")*"|[^" (])+) /.exec(statement)?.[1];
		const announced = /^-- Data for Name: (.*); Type: TABLE DATA; Schema: (.*); Owner: /.exec(this.#announced);
		this.#table = tableKey(this.#viaRoot && announced !== null ? quoteTable({
			table: announced[1],
			schema: announced[2]
		}) : copied ?? "");
		this.#count = -1;
		this.#inRow = true;
	}
	/** ASCII reads the same in every encoding of a server. */
	#read(text) {
		if (this.#decoder !== void 0) return this.#decoder.decode(text);
		if (text.some((byte) => byte > 127)) this.#readable = false;
		return text.toString("latin1");
	}
};
function skipSpace(bytes, from) {
	let at = from;
	while (at < bytes.length && bytes[at] <= 32) at++;
	return at;
}
/** The semicolon that ends a statement, outside quotes; -1 when it has not come yet. A doubled quote ends one text and begins another. */
function endOfStatement(bytes, from) {
	for (let at = from; at < bytes.length; at++) {
		const byte = bytes[at];
		if (byte === semicolon) return at;
		if (byte !== quote && byte !== doubleQuote) continue;
		at = bytes.indexOf(byte, at + 1);
		if (at < 0) return -1;
	}
	return -1;
}
// src/adapters/postgres/archive.ts
const keptLines = 5;
/**
* Lets `pg_restore` read an archive to its end and decode every byte, and counts the rows of what it prints. The problem
* is empty when nothing was wrong, else the first lines of what it said. The stream is always consumed, also when `pg_restore` dies early,
* so that whoever hashes it beside us gets all of it. Rejects when the stream fails or the signal fires.
*/
async function decodeArchive(archive, tools, env, signal) {
	const consumed = finished(archive, { writable: false });
	consumed.catch(() => {});
	const child = startChild(join(tools.binDir, "pg_restore"), ["--section=data", "--file=-"], {
		env: toolEnvironment(env),
		user: serverAccount(),
		cwd: "/",
		input: archive,
		signal
	});
	const counter = new ArchiveRowCounter();
	child.stdout.on("data", (chunk) => counter.write(chunk));
	const { exitCode, signal: killedBy } = await child.ended;
	if (signal.aborted) {
		archive.destroy();
		throw signal.reason;
	}
	archive.unpipe();
	archive.resume();
	await consumed;
	return {
		problem: exitCode === 0 ? "" : firstLines(child.stderr()) || `pg_restore ended with ${killedBy ?? `exit status ${exitCode}`}`,
		rows: counter.result()
	};
}
function firstLines(text) {
	return text.trim().split("\n").slice(0, keptLines).join("\n");
}
export { decodeArchive };
