import { Jt as plural, Kt as formatSize, Ut as formatCount, d as verdictOf, fn as messageOf, pn as systemCode, un as ReleaseError } from "./start.js";
import { t as tableKey } from "./table-key.js";
import { t as fingerprintStream } from "./fingerprint-stream.js";
import { pipeline } from "node:stream/promises";
// src/backup/archive-rows.ts
const namedTables = 3;
/** Whether the archive holds the rows that the server counted, table by table. */
function compareRows(tables, found) {
	const counted = tables.filter(({ rows }) => rows !== void 0);
	const wrong = counted.filter(({ name, rows }) => rowsIn(found, name) !== rows);
	const sum = (rows) => rows.reduce((total, one) => total + (one ?? 0), 0);
	const value = sum(tables.map(({ name }) => rowsIn(found, name)));
	if (wrong.length === 0) return {
		id: "archive-rows",
		status: "pass",
		value
	};
	const named = wrong.slice(0, namedTables).map(({ name, rows }) => `${name} has ${formatCount(rowsIn(found, name))} of ${plural(rows ?? 0, "row")}`);
	const more = wrong.length > namedTables ? `, and ${plural(wrong.length - namedTables, "other table")} differ` : "";
	return {
		id: "archive-rows",
		status: "fail",
		value,
		limit: sum(counted.map(({ rows }) => rows)),
		message: `the archive does not hold the rows that were counted: ${named.join(", ")}${more}`
	};
}
/** The same tables; those that the server did not count have the rows that the archive holds. */
function fillRows(tables, found) {
	return tables.map((table) => {
		if (table.rows !== void 0 || table.notDumped !== void 0) return table;
		return {
			...table,
			rows: rowsIn(found, table.name),
			counted: "archive"
		};
	});
}
function rowsIn(found, name) {
	return found.get(tableKey(name)) ?? 0;
}
// src/backup/read-back.ts
/** Shows as much of a stored dump as the level asks for. A check that was not made says so. */
async function inspect(store, expected, level, decode, signal) {
	const { tables } = expected;
	const landed = await checkLanded(store, expected);
	const unread = (why) => ({
		level: "landed",
		checks: [landed, ...notReadBack(why)],
		tables,
		hindrance: void 0
	});
	if (level === "landed") return unread("level is landed");
	if (landed.status === "fail") return unread("it did not land");
	try {
		const found = await readBack(store, expected, decode, signal);
		const checks = [landed, ...found.checks];
		return {
			level: verdictOf(checks) === "pass" ? "read-back" : "landed",
			checks,
			tables: found.tables,
			hindrance: void 0
		};
	} catch (error) {
		if (signal.aborted || !isHindrance(error)) throw error;
		return {
			...unread(messageOf(error)),
			hindrance: messageOf(error)
		};
	}
}
/** Whether the store holds the object in its full size, and says that it is still the one that was put: all that a look from outside can tell. */
async function checkLanded(store, { key, sizeBytes, etag, parts }) {
	const found = await store.head(key);
	if (found === void 0) return {
		id: "landed",
		status: "fail",
		message: "the object is not in the store"
	};
	const common = {
		id: "landed",
		value: formatSize(found.sizeBytes)
	};
	if (found.sizeBytes !== sizeBytes) return {
		...common,
		status: "fail",
		message: `${found.sizeBytes} bytes are stored, where ${sizeBytes} were written`
	};
	if (etag !== void 0 && found.etag !== void 0 && found.etag !== etag) return {
		...common,
		status: "fail",
		message: `another object lies there: its ETag is ${found.etag}, where ${etag} was written`
	};
	return parts === void 0 ? {
		...common,
		status: "pass"
	} : {
		...common,
		status: "pass",
		message: `${plural(parts.count, "part")}, each with its checksum`
	};
}
/**
* Reads a stored dump once from its first byte to its last, hashing and decoding in one pass: a decoder alone does
* not see a changed byte in data that is not compressed, or compressed with zstd or lz4.
*/
async function readBack(store, expected, decode, signal) {
	const failed = new AbortController();
	const { stream, result } = fingerprintStream();
	const flow = pipeline(await store.get(expected.key), stream, { signal: AbortSignal.any([signal, failed.signal]) });
	try {
		const [{ problem, rows }] = await Promise.all([decode(stream), flow]);
		const whole = problem === "" ? rows : void 0;
		return {
			checks: [
				compare(result(), expected),
				decoded(problem),
				whole === void 0 ? notCounted(problem) : compareRows([...expected.tables, ...expected.extensionTables ?? []], whole)
			],
			tables: whole === void 0 ? expected.tables : fillRows(expected.tables, whole)
		};
	} finally {
		failed.abort();
	}
}
function notReadBack(message) {
	return [
		{
			id: "sha256",
			status: "not-checked",
			message
		},
		{
			id: "decoded",
			status: "not-checked",
			message
		},
		{
			id: "archive-rows",
			status: "not-checked",
			message
		}
	];
}
function compare(found, expected) {
	if (found.sha256 === expected.sha256) return {
		id: "sha256",
		status: "pass",
		value: found.sha256
	};
	const size = found.sizeBytes === expected.sizeBytes ? "" : `; ${found.sizeBytes} bytes were read, where ${expected.sizeBytes} were written`;
	return {
		id: "sha256",
		status: "fail",
		value: found.sha256,
		limit: expected.sha256,
		message: `the stored bytes are not those that were written${size}`
	};
}
function decoded(problem) {
	return problem === "" ? {
		id: "decoded",
		status: "pass"
	} : {
		id: "decoded",
		status: "fail",
		message: problem
	};
}
function notCounted(problem) {
	return {
		id: "archive-rows",
		status: "not-checked",
		message: problem === "" ? "its rows could not be told apart by table" : "it could not be decoded to its end"
	};
}
/** A store, a network or a missing program may keep us from reading; anything else that is thrown is a bug. */
function isHindrance(error) {
	return error instanceof ReleaseError || systemCode(error) !== void 0;
}
export { inspect as t };
